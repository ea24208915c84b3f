"""Measurements that a person runs; nothing of the bot lives here, and no test waits for them."""
