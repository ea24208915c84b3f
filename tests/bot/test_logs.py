"""The formatter lets allow-listed fields pass and nothing else."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from bot import logs

SECRET = "5123456789 María 1000:TOKEN https://api.telegram.org/bot1000:TOKEN/getMe"


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the guard writes; everything it replaced is put back afterwards."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, logging.lastResort
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    stream = io.StringIO()
    logs.install(logging.DEBUG, stream)
    yield stream
    logging.captureWarnings(False)
    root.handlers[:], level, logging.lastResort = before[0], before[1], before[2]
    root.setLevel(level)
    logging.getLogger(logs.OURS).setLevel(logging.NOTSET)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    assert SECRET.split()[0] not in stream.getvalue()
    assert "María" not in stream.getvalue()
    assert "TOKEN" not in stream.getvalue()
    found = [json.loads(line) for line in stream.getvalue().splitlines()]
    for line in found:
        assert line.pop("at").endswith("Z")
    return found


def test_an_event_with_its_fields(stream: io.StringIO) -> None:
    logs.note("ready", ms=812.5, count=3, version="0.1.0")
    assert lines(stream) == [
        {"level": "INFO", "event": "ready", "ms": 812.5, "count": 3, "version": "0.1.0"}
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"chat": 5123456789},
        {"count": 5123456789},
        {"count": "5123456789"},
        {"count": True},
        {"count": -1},
        {"ms": 5},
        {"ms": float("nan")},
        {"ms": 5123456789.0},
        {"seconds": -1.0},
        {"error": "María"},
        {"error": "bad 5123456789"},
        {"error": "E" * 70},
        {"version": SECRET},
        {"job": "María"},
        {"job": ["sweep"]},
        {"text": "María"},
    ],
)
def test_any_other_field_or_value_is_dropped(
    stream: io.StringIO, fields: dict[str, object]
) -> None:
    logs.note("ready", logging.INFO, **fields)
    assert lines(stream) == [{"level": "INFO", "event": "ready"}]


def test_an_event_that_is_not_listed_loses_its_name(stream: io.StringIO) -> None:
    logs.note(SECRET)
    logging.getLogger("faro").error(SECRET)
    logging.getLogger("faro.x").error("%s", SECRET, extra={"event": 5, "fields": SECRET})
    assert [line["event"] for line in lines(stream)] == ["unlisted"] * 3


def test_an_error_is_its_class(stream: io.StringIO) -> None:
    logs.trouble("update_failed", ValueError(SECRET), tries=2)
    assert lines(stream) == [
        {"level": "WARNING", "event": "update_failed", "error": "ValueError", "tries": 2}
    ]


def test_a_class_with_a_name_of_somebody_is_just_an_exception(stream: io.StringIO) -> None:
    logs.trouble("update_failed", type("María", (Exception,), {})())
    assert lines(stream)[0]["error"] == "Exception"


@pytest.mark.parametrize("name", ["telegram.Bot", "httpx", "aiosqlite", "asyncio"])
def test_a_library_is_its_name_and_the_class_of_its_exception(
    stream: io.StringIO, name: str
) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError:
        logging.getLogger(name).exception("HTTP Request: %s", SECRET)
    logging.getLogger(name).debug(SECRET)
    top = name.partition(".")[0]
    assert lines(stream) == [
        {"level": "ERROR", "logger": top, "error": "KeyError"},
        {"level": "DEBUG", "logger": top},
    ]


def test_a_logger_named_after_somebody_is_other(stream: io.StringIO) -> None:
    logging.getLogger("chat5123456789").warning("x")
    logging.getLogger("").log(35, "x")
    logging.addLevelName(36, SECRET)
    logging.getLogger("").log(36, "x")
    assert [line["logger"] for line in lines(stream)] == ["other"] * 3


def test_a_record_that_cannot_be_written_says_nothing(
    stream: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.install(logging.DEBUG, stream)  # pytest's own handlers would read the message
    stream.close()
    logging.getLogger("telegram").error("%d %s", SECRET)
    logs.note("ready")
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""


def test_warnings_go_through_the_guard(stream: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(SECRET, UserWarning, stacklevel=1)
    assert lines(stream) == [{"level": "WARNING", "logger": "py"}]


def test_what_nobody_caught_is_one_line(stream: io.StringIO) -> None:
    try:
        raise RuntimeError(SECRET)
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
        kinds = (RuntimeError, error, error.__traceback__, None)
        threading.excepthook(threading.ExceptHookArgs(kinds))

        class Unraisable:
            exc_type, exc_value, err_msg, object = RuntimeError, error, SECRET, SECRET

        sys.unraisablehook(Unraisable())  # type: ignore[arg-type]  # its real class cannot be made
    assert [(line["event"], line["error"]) for line in lines(stream)] == [
        ("unhandled", "RuntimeError")
    ] * 3


async def test_a_task_that_nobody_awaited_is_one_line(stream: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    logs.watch(loop)
    loop.call_exception_handler({"message": SECRET, "exception": ValueError(SECRET)})
    loop.call_exception_handler({"message": SECRET})
    told = [line["error"] for line in lines(stream) if line["level"] == "ERROR"]
    assert told == ["ValueError", "asyncio"]


def test_handlers_of_libraries_are_taken_away(stream: io.StringIO) -> None:
    noisy, own = logging.getLogger("alembic"), io.StringIO()
    noisy.addHandler(logging.StreamHandler(own))
    noisy.propagate = False
    logs.install(logging.DEBUG, stream)
    noisy.error(SECRET)
    assert own.getvalue() == ""
    assert lines(stream) == [{"level": "ERROR", "logger": "alembic"}]


def test_libraries_are_quiet_unless_asked_for(stream: io.StringIO) -> None:
    logs.install(logging.INFO, stream)
    logging.getLogger("httpx").info(SECRET)
    logs.note("ready")
    assert lines(stream) == [{"level": "INFO", "event": "ready"}]
