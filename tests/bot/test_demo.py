"""The demo, run as people run it: one address, and afterwards nothing."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.demo import FIRST_PORT, MORNING, demo
from bot.invented import INVENTED
from bot.invented_organisers import BLOCKED, SUBSCRIBERS
from helpdesk.desk.budget import PER_MINUTE
from sandbox import Call, Group, Person, Sandbox
from sandbox.group_chats import GENERAL
from store.hours import CARACAS

pytestmark = pytest.mark.slow


@asynccontextmanager
async def running(folder: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run the program, with settings of a real bot around that it must not take."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "demo", *arguments,
        env={
            "PATH": os.environ["PATH"],
            "TMPDIR": str(folder),
            "FARO_BOT_TOKEN": "2000:REAL",
            "FARO_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/real/faro.db",
            "FARO_KEY_FILE": str(folder / "real.key"),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def inside(folder: Path) -> list[str]:
    """Name the files in a folder, each with its path from there."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())


async def told(process: asyncio.subprocess.Process, last: str) -> str:
    assert process.stdout is not None
    text = ""
    async with asyncio.timeout(30):
        while last not in text:
            line = await process.stdout.readline()
            assert line, text
            text += line.decode()
    return text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_one_address_and_afterwards_nothing(tmp_path: Path, number: signal.Signals) -> None:
    async with running(tmp_path, "--port", "0") as process:
        words = await told(process, "Ctrl-C")
        (url,) = re.findall(r"http://\S+", words)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
        assert "ssh -N -L" in words
        assert "Carmen (V-03) coordinates" in words
        assert "Julia (V-04) and Teresa (V-05) organise: 240 invented families" in words
        assert "10:00 in Caracas" in words
        kept = inside(tmp_path)
        assert kept  # the database, and no key
        assert all(re.fullmatch(r"faro-demo-\w+/data/faro\.db(-wal|-shm)?", one) for one in kept)
        async with aiohttp.ClientSession() as session:
            async with session.get(url) as response:
                assert 'lang="es"' in await response.text()
            async with session.get(f"{url}_people") as response:
                maria, *others = await response.json()
            assert (maria["name"], maria["aside"], len(others)) == ("María", False, 16)
            path = f"{url}_people/{maria['chat_id']}"
            async with session.post(f"{path}/send", json={"text": "/start"}) as response:
                assert response.status == 200
            async with session.get(f"{path}/wait?after=1&timeout=10") as response:
                assert (await response.json())["messages"][-1]["mine"]
            process.send_signal(number)
            out, errors = await asyncio.wait_for(process.communicate(), 20)
            assert (process.returncode, errors) == (0, b"")
            assert b"nothing of it is kept" in out
            assert inside(tmp_path) == []
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.get(url)


async def test_for_other_machines_it_warns(tmp_path: Path) -> None:
    async with running(tmp_path, "--host", "0.0.0.0", "--port", "0") as process:
        words = await told(process, "Ctrl-C")
        assert "no password" in words
        assert "http://127.0.0.1:" in words


async def test_the_next_free_port_is_taken() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        async with demo(port=port, desk=False) as shown:
            assert port < int(shown.box.url.rpartition(":")[2]) <= port + 100


async def test_an_address_that_is_not_ours_is_said(tmp_path: Path) -> None:
    async with running(tmp_path, "--host", "192.0.2.1") as process:
        _, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert errors.startswith(b"The demo cannot listen on 192.0.2.1")
    assert inside(tmp_path) == []


async def test_the_first_port_is_the_one_of_the_readme() -> None:
    assert FIRST_PORT == 8777


async def test_moving_the_clock_moves_the_bots(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's clock is the sandbox's, and what is due after a jump is done without waiting."""
    swept: asyncio.Queue[object] = asyncio.Queue()
    monkeypatch.setattr("bot.chores.retention.sweep", lambda tx, now: swept.put_nowait(now))
    async with demo(port=0, desk=False) as shown:
        async with asyncio.timeout(10):
            await swept.get()
        shown.box.clock.forward(timedelta(days=7))
        async with asyncio.timeout(10):
            now = await swept.get()
        assert abs(shown.box.clock.now() - now) < timedelta(minutes=1)  # type: ignore[operator]  # a datetime


async def test_what_ends_the_bot_ends_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    async def falls(*_: object, **__: object) -> None:
        raise RuntimeError("over")

    monkeypatch.setattr("bot.app.serve", falls)
    with pytest.raises(ExceptionGroup) as raised:
        async with demo(port=0, desk=False):
            pass
    assert [str(error) for error in raised.value.exceptions] == ["over"]


async def test_the_query_log_of_forty_invented_interviews_is_shown() -> None:
    assert sum(families for families, _ in INVENTED) == 40
    async with demo(port=0, desk=False) as shown:
        rows = [line.split() for line in shown.log]
    assert ["terrorismo"] not in rows
    assert ["event", "by", "outcome", "likely_covered", "needs_facts", "not_covered"] in rows
    assert ["presidencial_2024", "10", "10", "–"] in rows
    assert ["unanswered", "–", "–", "10"] in rows


def desk_calls(box: Sandbox, group: Group) -> list[Call]:
    """Give the calls that count against what a group takes in a minute."""
    return [one for one in box.calls if one.parameters.get("chat_id") == group.chat_id
            and not one.method.startswith("get")]  # fmt: skip


async def asked(person: Person, words: str, marker: str) -> str:
    """Let somebody of the team write to the bot alone; gives its answer."""
    await person.send(words)
    await person.wait_until(lambda: person.from_bot() != () and marker in person.last().text, 15)
    return person.last().text


async def test_the_desk_is_at_work_when_the_page_opens() -> None:
    """Ten cases, two of them in hand, a team on duty, a group as it has to be; all by the bot."""
    async with demo(port=0) as shown:
        box, mesa = shown.box, shown.mesa
        assert mesa is not None
        (queue,) = mesa.group.screen(GENERAL)[-1:]
        assert "En espera: 8" in queue.text
        assert {"URGENTE", "puede esperar", "2 días", "menos de 5 min", "inglés"} <= {
            word.strip() for line in queue.text.splitlines() for word in line.split("·")
        }
        assert "V-01 (1) y V-02 (1)" in queue.text
        assert len(queue.buttons) == 8
        for topic in mesa.group.topics:
            words = "\n".join(one.text for one in mesa.group.screen(topic))
            assert "Lo que aceptó mostrar" in words
            assert "✓ Entregado." in words
        assert len(mesa.group.topics) == 2
        assert len(desk_calls(box, mesa.group)) < PER_MINUTE
        people = await asked(mesa.carmen, "/gente", "El equipo")
        assert re.findall(r"V-\d\d · (.+)", people) == [
            "voluntariado · de turno",
            "voluntariado · de turno",
            "coordinación · de turno",
            "organización · fuera de turno",
            "organización · fuera de turno",
        ]
        assert "El grupo está bien" in await asked(mesa.carmen, "/doctor", "El grupo")
        assert "preguntas cortas" in await asked(mesa.rosa, "/gente", "preguntas cortas")
        everything = "\n".join(one.text for one in mesa.group.screen())
        assert [name for name in mesa.families if name in everything] == []
        now = box.clock.now().astimezone(CARACAS)
        assert (now.hour, now.date()) == (MORNING, datetime.now(CARACAS).date())


async def test_two_organisers_and_whom_they_can_write_to() -> None:
    """Their menus are there; topics and states have tens of families, and one state too few."""
    async with demo(port=0) as shown:
        organisation = shown.organisation
        assert organisation is not None
        julia, crowd = organisation.julia, organisation.subscribers
        assert [one.organiser for one in organisation.both] == [True, True]
        assert (len(crowd), set(crowd.received().values())) == (SUBSCRIBERS, {0})
        assert sum(chat.blocked for chat in crowd.chats.values()) == BLOCKED
        for person in organisation.both:
            await person.wait_until(lambda person=person: offers(person, "Nueva difusión"), 15)  # type: ignore[misc]  # bound now
        steps = ("/difusion", "Abrió una oficina en San Cristóbal.", "Tribunal, comunicado", "hoy")
        for said, asks in zip(
            steps, ("El texto", "La fuente", "La fecha", "A quiénes"), strict=True
        ):
            await asked(julia, said, asks)

        def families() -> int | None:
            found = re.search(r"(\d+) familias", julia.last().text)
            return None if found is None else int(found[1])

        async def size(topic: str) -> int | None:
            """Choose, and give how many families that are; then choose it off again."""
            await julia.press(topic)
            await julia.wait_until(lambda: families() is not None, 15)
            found = families()
            await julia.press(f"✓ {topic}")
            await julia.wait_until(lambda: families() is None, 15)
            return found

        everybody = await size("Todo lo importante")
        measures = await size("Personas con medidas")
        carabobo = await size("Carabobo")
        assert everybody is not None
        assert measures is not None
        assert 100 <= everybody < measures < SUBSCRIBERS
        assert carabobo in range(10, 60)


async def test_whoever_looks_has_the_whole_minute() -> None:
    """Nothing of what was played before counts when María's case is taken."""
    async with demo(port=0) as shown:
        box, mesa = shown.box, shown.mesa
        assert mesa is not None
        maria = next(one for one in box.people.values() if one.name == "María")
        before = len(desk_calls(box, mesa.group))
        await maria.send("quiero hablar con una persona")
        for button in ("Otra cosa", "Puede esperar", "Sí"):
            await maria.wait_until(lambda text=button: offers(maria, text), 15)  # type: ignore[misc]  # bound now
            await maria.press(button)
        await maria.wait_until(lambda: "Copiar el número" in str(maria.last().buttons), 15)
        (code,) = re.findall(r"Su número es (\S+)\.", maria.last().text)
        await mesa.ana.send(f"/tomar {code}", to=mesa.group)
        await mesa.group.wait_until(lambda: len(mesa.group.topics) == 3, 15)
        assert mesa.group.topics[-1].name == f"{code} · Otra cosa"
        assert len(desk_calls(box, mesa.group)) - before < PER_MINUTE / 2


def offers(person: Person, text: str) -> bool:
    return bool(person.from_bot()) and any(one.text == text for one in person.last().buttons)


async def test_without_a_desk_maria_is_alone() -> None:
    """As without FARO_DESK_CHAT_ID and FARO_ORGANISERS: nothing of either is in it."""
    async with demo(port=0, desk=False) as shown:
        assert (shown.mesa, shown.organisation, shown.box.groups) == (None, None, [])
        assert [one.name for one in shown.box.people.values()] == ["María"]
