"""The command ``faro``, run as people run it: as a program of its own.

Each command is; what else there is to see of it is seen by calling it here, for a second less.
"""

from __future__ import annotations

import asyncio
import base64
import csv
import json
import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from unittest.mock import patch

import pytest

from bot.__main__ import main
from bot.stats import closes_on, table
from sandbox import Sandbox
from store import Keys, counters, open_database

TOKEN = "1000:TEST"


def faro(
    *arguments: str, cwd: Path, env: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def called(
    *arguments: str, cwd: Path, env: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    """Call the command in this process, with its own surroundings."""
    out, errors = StringIO(), StringIO()
    around = {"PATH": os.environ["PATH"], **env}
    with (
        patch.dict(os.environ, around, clear=True),
        chdir(cwd),
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        code = main(arguments)
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), errors.getvalue())


def settings(tmp_path: Path, box: Sandbox | None = None) -> dict[str, str]:
    return {
        "FARO_BOT_TOKEN": TOKEN,
        "FARO_API_URL": box.url if box else "http://127.0.0.1:9",
        "FARO_DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/data/faro.db",
        "FARO_KEY_FILE": str(tmp_path / "keys" / "faro.key"),
    }


# Help


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--help", "--version"):
        with pytest.raises(SystemExit) as ended:
            main([option])
        assert ended.value.code == 0
    told = capsys.readouterr().out
    assert all(name in told for name in ("run", "keygen", "doctor", "stats"))
    assert re.search(r"^faro \d+\.\d+\.\d+$", told, re.MULTILINE)


def test_faro_alone_prints_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "keygen" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["run"], ["keygen"], ["doctor"], ["stats"]])
def test_without_the_extra_it_says_what_to_type(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bot.__main__.find_spec", lambda name: None)
    assert main(arguments) == 1
    assert "pip install 'faro-helpdesk[bot]'" in capsys.readouterr().err


def test_nothing_heavy_is_imported_for_help(tmp_path: Path) -> None:
    program = (
        "import sys, bot.__main__;"
        "heavy = {'telegram', 'pydantic', 'sqlalchemy', 'aiosqlite', 'httpx', 'babel', 'asyncio'};"
        "sys.exit(', '.join(heavy & sys.modules.keys()) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# keygen


def test_keygen_writes_one_line_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "faro.key"
    done = faro("keygen", cwd=tmp_path, env={"FARO_KEY_FILE": str(path)})
    assert (done.returncode, done.stdout.strip()) == (0, str(path)), done.stderr
    line = path.read_text(encoding="ascii")
    prefix, _, key = line.removesuffix("\n").partition(":")
    assert prefix == "faro1"
    assert len(base64.urlsafe_b64decode(key)) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key not in done.stdout + done.stderr


def test_keygen_leaves_a_file_that_exists(tmp_path: Path) -> None:
    path = tmp_path / "faro.key"
    path.write_text("mine", encoding="ascii")
    done = called("keygen", cwd=tmp_path, env={"FARO_KEY_FILE": str(path)})
    assert done.returncode == 1
    assert path.read_text(encoding="ascii") == "mine"
    assert str(path) in done.stderr


def test_keygen_asks_for_its_one_setting(tmp_path: Path) -> None:
    done = called("keygen", cwd=tmp_path)
    assert done.returncode == 2
    assert "FARO_KEY_FILE is not set" in done.stderr
    assert "FARO_BOT_TOKEN" not in done.stderr


def test_keygen_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    env = {"FARO_KEY_FILE": str(tmp_path / "file" / "faro.key")}
    done = called("keygen", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


# run


@pytest.mark.parametrize("command", ["run", "doctor", "stats"])
def test_bad_settings_are_told_kindly(tmp_path: Path, command: str) -> None:
    env = {"FARO_BOT_TOKEN": "hunter2"}
    done = (faro if command == "run" else called)(command, cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert "FARO_KEY_FILE is not set" in done.stderr
    assert "FARO_BOT_TOKEN: is not a token" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_run_without_a_key_says_to_make_one(tmp_path: Path) -> None:
    done = faro("run", cwd=tmp_path, env=settings(tmp_path))
    assert done.returncode == 1
    assert "faro keygen" in done.stderr
    assert "Traceback" not in done.stderr


async def test_run_is_ready_answers_and_stops(tmp_path: Path) -> None:
    async with Sandbox(TOKEN) as box:
        env = settings(tmp_path, box)
        Path(env["FARO_KEY_FILE"]).parent.mkdir()
        Keys.generate(env["FARO_KEY_FILE"])
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run",
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        try:
            assert process.stdout is not None
            line = await asyncio.wait_for(process.stdout.readline(), 20)
            assert line == b"ready\n", (await process.communicate())[1]
            maria = box.person("María")
            await maria.send("/start")
            message = await maria.next_message()
            assert message.buttons
            process.send_signal(signal.SIGTERM)
            _, told = await asyncio.wait_for(process.communicate(), 20)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        assert process.returncode == 0, told
        assert not box.queue.pending
        events = [json.loads(line).get("event") for line in told.splitlines()]
        assert events[0] == "starting"
        assert "ready" in events
        assert events[-2:] == ["stopping", "stopped"]
        menu = [command["command"] for command in box.commands()]
        assert menu[:2] == ["start", "ayuda"]
        english = {command["command"]: command["description"] for command in box.commands("en")}
        assert [*english] == menu
        assert english["ayuda"] != box.commands()[1]["description"]
        assert (
            not (tmp_path / "data" / "faro.db-wal").exists()
            or not (tmp_path / "data" / "faro.db-wal").stat().st_size
        )


async def test_run_with_a_token_that_nobody_knows(tmp_path: Path) -> None:
    async with Sandbox("2000:OTHER") as box:
        env = settings(tmp_path, box)
        Path(env["FARO_KEY_FILE"]).parent.mkdir()
        Keys.generate(env["FARO_KEY_FILE"])
        done = await asyncio.to_thread(faro, "run", cwd=tmp_path, env=env)
    assert done.returncode == 1
    assert "does not know FARO_BOT_TOKEN" in done.stderr
    assert TOKEN not in done.stderr
    assert "Traceback" not in done.stderr


# doctor


async def test_the_doctor_is_red_while_the_law_is_a_draft(tmp_path: Path) -> None:
    async with Sandbox(TOKEN) as box:
        env = settings(tmp_path, box)
        Path(env["FARO_KEY_FILE"]).parent.mkdir()
        Keys.generate(env["FARO_KEY_FILE"])
        done = await asyncio.to_thread(faro, "doctor", cwd=tmp_path, env=env)
    assert done.returncode == 1, done.stderr
    lines = dict(re.findall(r"^(\w+)\s+(\w+): ", done.stdout, re.MULTILINE)[::-1])
    assert set(lines) <= {"green", "red"}
    found = {name: colour for colour, name in re.findall(r"^(\w+)\s+(\w+): ", done.stdout, re.M)}
    assert found == {
        "key": "green", "keyring": "green", "database": "green", "token": "green",
        "words": "green", "law": "red", "rate": "green", "organisers": "green",
    }  # fmt: skip
    assert "draft" in done.stdout


def test_the_doctor_names_everything_that_is_wrong(tmp_path: Path) -> None:
    env = settings(tmp_path)
    key = Path(env["FARO_KEY_FILE"])
    key.parent.mkdir()
    Keys.generate(key)
    key.chmod(0o644)
    done = faro("doctor", cwd=tmp_path, env=env | {"FARO_DESK_CHAT_ID": "-1001234"})
    assert done.returncode == 1
    assert re.search(r"^red +key: .*chmod 600", done.stdout, re.MULTILINE)
    assert re.search(r"^red +desk: .*did not say", done.stdout, re.MULTILINE)
    assert re.search(r"^red +token: .*did not answer", done.stdout, re.MULTILINE)
    assert TOKEN not in done.stdout + done.stderr


# stats


def test_stats_without_a_database(tmp_path: Path) -> None:
    done = faro("stats", cwd=tmp_path, env=settings(tmp_path))
    assert done.returncode == 0
    assert done.stdout.startswith("Empty, because there is no database")


async def test_stats_prints_closed_weeks_only(tmp_path: Path) -> None:
    env = settings(tmp_path)
    Path(env["FARO_KEY_FILE"]).parent.mkdir()
    keys = Keys.generate(env["FARO_KEY_FILE"])
    now = datetime.now(UTC)
    week = counters.week_of(now)
    cells = {
        "event=presidencial_2024|outcome=likely_covered": 27,
        "event=presidencial_2024|outcome=needs_facts": 9,
        "event=protestas_2017|outcome=needs_facts": 30,
        "intent=money": 12,
        "first_answer=longer|urgency=now": 11,
        "first_answer=under_4_hours|urgency=now": 20,
        "reply_held=phone|then=confirmed": 10,
        "lease=expired": 14,
    }
    async with await open_database(env["FARO_DATABASE_URL"], keys) as db:
        nothing = await asyncio.to_thread(called, "stats", cwd=tmp_path, env=env)
        await db.transaction(counters.add, week, cells)
        open_week = await asyncio.to_thread(called, "stats", cwd=tmp_path, env=env)
        await db.transaction(counters.close_week, week)
        closed = await asyncio.to_thread(faro, "stats", cwd=tmp_path, env=env)
        as_csv = await asyncio.to_thread(called, "stats", "--csv", cwd=tmp_path, env=env)
    assert "nothing has been counted yet" in nothing.stdout
    assert f"The week {week} can be shown from {closes_on(week)} on" in open_week.stdout
    assert "27" not in open_week.stdout.replace(str(closes_on(week)), "")
    table_rows = [line.split() for line in closed.stdout.splitlines()]
    assert ["presidencial_2024", "20", "–"] in table_rows
    assert ["protestas_2017", "–", "30"] in table_rows
    assert ["money", "10"] in table_rows
    assert re.search(
        r"wait until the first answer by urgency +now\n +under_4_hours +20", closed.stdout
    )
    assert re.search(r"replies held by the filter by what became of them +confirmed", closed.stdout)
    assert re.search(r"cases given back before their end +at least\n +expired +10", closed.stdout)
    rows = list(csv.reader(as_csv.stdout.splitlines()))
    assert rows[0] == ["week", "dimension", "value", "by_dimension", "by_value", "at_least"]
    assert [week, "event", "presidencial_2024", "outcome", "likely_covered", "20"] in rows
    assert len(rows) == 8  # the cell of nine is in no row


def test_a_week_closes_a_day_after_its_sunday() -> None:
    assert closes_on("2026-W47") == date(2026, 11, 24)


def test_a_week_in_which_nothing_reached_ten() -> None:
    assert table({"2026-W46": {}})[-1].strip().startswith("–")
