"""The local Telegram stand-in, over real HTTP."""
