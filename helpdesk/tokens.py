"""Button tokens: opaque, bound to a chat, a revision, a screen and an action; they hold nothing."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

VERSION = "1"
LIMIT = 64
"""Bytes that a button may carry (``callback_data`` of Bot API ``InlineKeyboardButton``)."""


def token(key: bytes, chat: int, revision: int, screen: str, action: str) -> str:
    """Return the token of one button of one screen, which is named by the keys of its parts.

    The action itself is not in it: a press is understood by making the tokens of the current
    screen again and finding the one that was pressed, so that a stale or forged token finds
    nothing.
    """
    message = f"{VERSION}|{chat}|{revision}|{screen}|{action}".encode()
    digest = hmac.new(key, message, sha256).digest()[:24]
    return VERSION + urlsafe_b64encode(digest).decode()


def mark(key: bytes, chat: int, message_id: int) -> str:
    """Return a keyed mark of a message, to know it again without keeping its id in the state."""
    message = f"{VERSION}|{chat}|message|{message_id}".encode()
    return urlsafe_b64encode(hmac.new(key, message, sha256).digest()[:12]).decode()


def matches(pressed: str, own: str) -> bool:
    """Compare two tokens in constant time; what was pressed may be anything at all."""
    return hmac.compare_digest(pressed.encode(errors="replace"), own.encode())
