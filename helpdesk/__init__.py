"""What the helpdesk does, in its own words: no Telegram, no SQL and no text a family reads."""
