"""Writes what happened as JSON lines of allow-listed fields; no id, name or text can pass here.

The formatter itself is the guard: it never formats a record's message, so what a library (or a
hurried line of our own) says at any level is dropped, whatever it holds.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, TextIO

OURS = "faro"
"""Name of our logger; every other logger is a library's."""

EVENTS = frozenset(
    (
        "starting",
        "ready",
        "connected",
        "stopping",
        "stopped",
        "poll_failed",
        "poll_conflict",
        "token_refused",
        "commands_not_set",
        "update_failed",
        "update_quarantined",
        "update_unreadable",
        "storage_failed",
        "screen_not_shown",
        "screen_refused",
        "screen_not_rendered",
        "blocked",
        "told_to_wait",
        "delete_failed",
        "erased",
        "key_destroyed",
        "unreadable",
        "job_failed",
        "member_unknown",
        "posture_unknown",
        "desk_unsafe",
        "desk_waits",
        "desk_failed",
        "post_not_sent",
        "note_not_said",
        "file_not_read",
        "broadcast_failed",
        "broadcast_paused",
        "letter_not_sent",
        "unhandled",
    )
)
"""Every event Faro may name. Another name is written as ``unlisted``."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_VERSION = re.compile(r"\d[0-9a-z.+\-]{0,20}")
_LEVELS = frozenset({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"})
_JOBS = frozenset(
    {"erase", "sweep", "checkpoint", "counters", "keyring", "tend", "posture", "menu"}
)
_ENDS = frozenset(
    (
        "unknown",
        "refused",
        "family_gone",
        "voice_forbidden",
        "source_gone",
        "uncopyable",
        "target_gone",
        "topic_gone",
        "topic_closed",
        "no_rights",
        "out",
        "moved",
        "too_long",
        "later",
        "gone",
        "content",
        "wait",
        "never_left",
        "too_late",
    )
)
"""How a call may end beside well, as the `ends` of desk and broadcasts name it."""
_LIBRARIES = frozenset(
    (
        "telegram",
        "httpx",
        "httpcore",
        "aiohttp",
        "aiosqlite",
        "sqlalchemy",
        "alembic",
        "asyncio",
        "py",
        "babel",
        "dateparser",
        "rapidfuzz",
        "h11",
        "anyio",
        "concurrent",
    )
)
_MOST = 99_999
"""Largest count written; ids of chats and updates are far above, and a count has no need."""


def _count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _MOST


def _duration(value: object) -> bool:
    return type(value) is float and 0 <= value <= _MOST


FIELDS: Mapping[str, Callable[[object], bool]] = {
    "count": _count,
    "tries": _count,
    "seconds": _duration,
    "ms": _duration,
    "error": lambda value: isinstance(value, str) and _NAME.fullmatch(value) is not None,
    "version": lambda value: isinstance(value, str) and _VERSION.fullmatch(value) is not None,
    "job": lambda value: isinstance(value, str) and value in _JOBS,
    "end": lambda value: isinstance(value, str) and value in _ENDS,
}
"""Fields an event may carry, each with the test its value must pass; the rest is dropped."""


class Allowed(logging.Formatter):
    """Formats a record as one JSON line of allow-listed fields.

    Our records keep their event and fields; a library's keep the logger's top name, the level
    and the class of its exception.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Write the line; the record's message and arguments are never read."""
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname if record.levelname in _LEVELS else "",
        }
        top = record.name.partition(".")[0]
        if top == OURS:
            event = getattr(record, "event", None)
            line["event"] = event if event in EVENTS else "unlisted"
            fields = getattr(record, "fields", None)
            if isinstance(fields, dict):
                line |= {
                    name: value
                    for name, value in fields.items()
                    if name in FIELDS and FIELDS[name](value)
                }
        else:
            line["logger"] = top if top in _LIBRARIES else "other"
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = class_name(record.exc_info[0])
        return json.dumps(line)


class _Quiet(logging.StreamHandler[TextIO]):
    """A handler whose own failures say nothing: the standard one prints the message."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Drop the record."""


def class_name(error: type[BaseException] | BaseException) -> str:
    """Name an exception's class, and nothing of its words."""
    name = (error if isinstance(error, type) else type(error)).__name__
    return name if _NAME.fullmatch(name) else "Exception"


def note(event: str, level: int = logging.INFO, **fields: object) -> None:
    """Log an event of ``EVENTS`` with fields of ``FIELDS``; anything else is dropped."""
    logging.getLogger(OURS).log(level, event, extra={"event": event, "fields": fields})


def trouble(event: str, error: BaseException, **fields: object) -> None:
    """Log an event that went wrong, with the class of the error and not its words."""
    note(event, logging.WARNING, error=class_name(error), **fields)


def install(level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send everything that is logged, warned or left uncaught through the guard, to stderr.

    Handlers that were there are taken away. Uncaught exceptions of the program, its threads and
    its destructors become one line without traceback, for a traceback quotes values.
    """
    handler = _Quiet(stream if stream is not None else sys.stderr)
    handler.setFormatter(Allowed())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    # A library's line holds next to nothing, and at INFO there is one for every call.
    root.setLevel(level if level <= logging.DEBUG else max(level, logging.WARNING))
    logging.getLogger(OURS).setLevel(level)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.lastResort = None
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _uncaught_in_destructor


def watch(loop: asyncio.AbstractEventLoop) -> None:
    """Let a task that nobody awaited end as one line of the log; asyncio would print its repr."""
    loop.set_exception_handler(_uncaught_in_loop)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    note("unhandled", logging.CRITICAL, error=class_name(kind))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    note("unhandled", logging.CRITICAL, error=class_name(args.exc_type))


def _uncaught_in_destructor(args: Any) -> None:  # the type of these args is not importable
    note("unhandled", logging.ERROR, error=class_name(args.exc_type))


def _uncaught_in_loop(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    note("unhandled", logging.ERROR, error=class_name(error) if error else "asyncio")
