"""The desk's updates: in order in each topic, none displaced, none in a family's way or she in
theirs; who wrote is asked of Telegram; other groups are left. Over HTTP and a file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

import locales
from bot import membership
from bot.desk import MENU
from bot.lines import NOTES
from bot.wire import Spot
from handlers.desk import Moved
from handlers.render import Rendered
from helpdesk.desk import casebook, group_commands, topic_commands
from helpdesk.desk.case import Case, Category, Urgency
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.messages import Actor, DeskMedia, DeskSlash, DeskTyped, Where
from helpdesk.desk.outbox import every
from sandbox import Group, Person, Press, Sandbox
from store import Database, PostState, Tx, inbox
from tests.bot.conftest import Bot, now
from tests.bot.test_intake import heard

pytestmark = pytest.mark.usefixtures("quick")


@pytest.fixture
def group(box: Sandbox) -> Group:
    return box.group("Mesa", forum=True)


@pytest.fixture
def ana(box: Sandbox, group: Group) -> Person:
    person = box.person("Ana")
    group.add(person)
    return person


@pytest.fixture
def context(group: Group) -> DeskContext:
    return DeskContext(group.chat_id, {one: locales.load(one) for one in locales.LANGUAGES})


@pytest.fixture
async def bot(
    box: Sandbox, db: Database, catalogue: locales.Catalogue, context: DeskContext, ana: Person
) -> AsyncIterator[Bot]:
    """A bot with a desk, in which Ana is."""
    bot = Bot(box, db, catalogue, context)
    box.queue.clear()
    async with bot.wire:
        yield bot
        await bot.stop()


def said(bot: Bot, topic: int | None = None) -> list[str]:
    return [
        one.body.text
        for one in bot.parrot.at_desk
        if one.topic == topic and isinstance(one.body, DeskTyped)
    ]


def posts(tx: Tx) -> list[tuple[str, int | None]]:
    """Give what waits to be said: its words' key, and what it answers."""
    found = []
    for kept in every(tx, PostState.WAITING):
        assert kept.post.shows is not None
        found.append((kept.post.shows.parts[0].key, kept.post.answers))
    return found


def with_topic(tx: Tx, group: int, topic: int, at: datetime) -> None:
    case = Case(
        code="K7M4P2", category=Category.COURT, urgency=Urgency.DAYS, opened_at=int(at.timestamp())
    )
    entry = casebook.begin(tx, 5_000_000_001, case, at)
    casebook.save(tx, entry, case.but(topic=topic), at, group=group)


# Order, and nobody in anybody's way


async def test_everything_in_a_topic_is_read_in_order_however_much(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    one, two = group.new_topic("uno"), group.new_topic("dos")
    asked = await ana.send("pregunta", to=group, topic=one)
    for number in range(60):
        await ana.send(f"a{number}", to=group, topic=one, reply_to=asked)
        if number % 3 == 0:
            await ana.send(f"b{number}", to=group, topic=two)
            await ana.send(f"/c {number}", to=group)
    bot.start()
    await box.all_confirmed(20)
    assert said(bot, one.thread_id) == ["pregunta", *(f"a{number}" for number in range(60))]
    assert said(bot, two.thread_id) == [f"b{number}" for number in range(0, 60, 3)]
    commands = [one.body.rest for one in bot.parrot.at_desk if isinstance(one.body, DeskSlash)]
    assert commands == [str(number) for number in range(0, 60, 3)]
    assert not bot.intake._lines


async def test_of_a_flood_of_notes_only_notes_are_passed_over(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    topic = group.new_topic("uno")
    asked = await ana.send("pregunta", to=group, topic=topic)
    expected = [f"nota {number}" for number in range(NOTES - 1)]
    for number in range(80):
        await ana.send(f"nota {number}", to=group, topic=topic)
        if number % 10 == 0:
            await ana.send(f"r{number}", to=group, topic=topic, reply_to=asked)
    replies = [f"r{number}" for number in range(0, 80, 10)]
    updates = [one["update_id"] for one in box.queue.pending if "text" in one["message"]]
    bot.start()
    await box.all_confirmed()
    read = said(bot, topic.thread_id)
    assert [text for text in read if text.startswith("r")] == replies
    notes = [text for text in read if text.startswith("nota")]
    assert set(notes) < {*expected, "nota 79"}
    assert notes[-1] == "nota 79"
    assert len(read) <= NOTES + len(replies) + 1
    for update in updates:  # what was not read does not come again either
        assert await bot.db.transaction(inbox.seen, update)


async def test_a_topic_that_is_slow_holds_up_no_other_and_no_family(
    box: Sandbox, bot: Bot, group: Group, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = group.new_topic("lento"), group.new_topic("rápido")
    maria, hold, reached = box.person("María"), asyncio.Event(), asyncio.Event()
    handle = bot.intake._handle

    async def holding(one: Any, line: Any) -> Any:
        if line.origin.topic == slow.thread_id:
            await hold.wait()
        try:
            return await handle(one, line)
        finally:
            if line.origin.topic == quick.thread_id:
                reached.set()

    monkeypatch.setattr(bot.intake, "_handle", holding)
    for number in range(15):
        await ana.send(f"a{number}", to=group, topic=slow)
    await ana.send("b", to=group, topic=quick)
    bot.start()
    await maria.send("hola")
    assert (await maria.next_message()).text == "1: hola"
    await asyncio.wait_for(reached.wait(), 5)
    assert said(bot, quick.thread_id) == ["b"]
    assert said(bot, slow.thread_id) == []
    hold.set()
    await box.all_confirmed()
    assert len(said(bot, slow.thread_id)) == 15


async def test_a_familys_flood_holds_up_no_volunteer(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    flooder = box.person("F")
    for number in range(150):
        await flooder.send(f"cosa {number}")
    await ana.send("respondo", to=group)
    bot.start()
    await box.all_confirmed(20)
    assert said(bot) == ["respondo"]
    assert len(await heard(bot, flooder.chat_id)) <= 8


async def test_a_telegram_that_will_not_say_who_is_in_holds_up_no_family(
    box: Sandbox, bot: Bot, group: Group, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More wait at the desk than a poll brings: asked once for them all, and not for long."""
    monkeypatch.setattr(membership, "PATIENCE", 0.3)
    box.faults.hang("getChatMember", times=None)
    maria = box.person("María")
    for number in range(130):
        await ana.send(f"/a {number}", to=group)
    await maria.send("hola")
    bot.start()
    assert (await maria.next_message()).text == "1: hola"
    await box.all_confirmed()
    assert len(bot.parrot.at_desk) == 130
    assert bot.parrot.at_desk[0].actor == Actor(ana.chat_id, None)
    assert len(box.calls_of("getChatMember")) == 1


# Who


async def test_who_wrote_is_in_the_group_or_not(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    await ana.send("estoy", to=group)
    bot.start()
    await box.all_confirmed()
    await ana.send("me fui", to=group)
    group.leave(ana)
    await box.all_confirmed()
    group.add(ana)
    await ana.send("volví", to=group)
    await box.all_confirmed()
    inside = [one.actor and one.actor.inside for one in bot.parrot.at_desk]
    assert inside[0] is True
    assert inside[-1] is True
    assert len(box.calls_of("getChatMember")) > 1, "it changed: what was known is not"


async def test_nobody_is_asked_about_where_nobody_stands_behind_it(
    box: Sandbox, bot: Bot, group: Group
) -> None:
    jefa = box.person("Jefa")
    group.add(jefa, admin=True, anonymous=True)
    await jefa.send("/cerrar", to=group)
    group.linked_post("Comunicado")
    group.telegram_says("Aviso")
    bot.start()
    await box.all_confirmed()
    assert [one.actor for one in bot.parrot.at_desk] == [None, None, None]
    assert not box.calls_of("getChatMember")


async def test_an_album_comes_photo_by_photo(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    topic = group.new_topic("uno")
    album = await ana.send_album(3, "la boleta", to=group, topic=topic)
    bot.start()
    await box.all_confirmed()
    assert [one.message_id for one in bot.parrot.at_desk] == [one.message_id for one in album]
    assert all(isinstance(one.body, DeskMedia) for one in bot.parrot.at_desk)


# Presses


async def press_in_group(bot: Bot, group: Group, ana: Person, data: str) -> Press:
    """Let Ana press a button in the group."""
    keyboard = InlineKeyboardMarkup.from_button(InlineKeyboardButton("Tomar", callback_data=data))
    await bot.wire.send(Spot(group.chat_id), Rendered("Cola", keyboard))
    return await ana.press(group.last(), "Tomar")


async def test_a_press_is_told_what_came_of_it_and_only_then(
    box: Sandbox, bot: Bot, group: Group, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    press = await press_in_group(bot, group, ana, "claim:K7M4P2")
    transaction, hold, held = bot.db.transaction, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any, **kwargs: Any) -> Any:
        held.set()
        await hold.wait()
        return await transaction(*args, **kwargs)

    monkeypatch.setattr(bot.db, "transaction", slow)
    bot.start()
    await asyncio.wait_for(held.wait(), 5)
    assert not press.answered
    hold.set()
    assert await press.answer() == "Hola de nuevo."
    assert press.alert
    assert len(box.calls_of("answerCallbackQuery")) == 1


async def test_a_press_that_comes_again_is_not_acted_on_again(
    box: Sandbox, bot: Bot, group: Group, ana: Person, catalogue: locales.Catalogue,
    context: DeskContext,
) -> None:  # fmt: skip
    await press_in_group(bot, group, ana, "claim:K7M4P2")
    update = next(one for one in box.queue.pending if "callback_query" in one)
    bot.start()
    await box.all_confirmed()
    await bot.stop()
    box.queue.repeat(update)
    again = Bot(box, bot.db, catalogue, context)
    async with again.wire:
        again.start()
        await box.all_confirmed()
        await again.stop()
    assert len(bot.parrot.at_desk) == 1
    assert again.parrot.at_desk == []


# Poison


async def test_poison_in_a_topic_is_put_aside_and_said_there(
    box: Sandbox, bot: Bot, group: Group, ana: Person, events: list[str]
) -> None:
    topic, other = group.new_topic("uno"), group.new_topic("ajeno")
    await bot.db.transaction(with_topic, group.chat_id, topic.thread_id, now())
    bot.parrot.poison["veneno"] = ZeroDivisionError
    poison = await ana.send("esto es veneno", to=group, topic=topic)
    update = box.queue.pending[-1]["update_id"]
    await ana.send("sigo", to=group, topic=topic)
    outside = await ana.send("veneno", to=group)
    await ana.send("veneno", to=group, topic=other)
    bot.start()
    await box.all_confirmed()
    assert said(bot, topic.thread_id) == ["sigo"]
    assert await bot.db.transaction(inbox.seen, update)
    assert sorted(await bot.db.transaction(posts)) == sorted(
        [("group.not_read", poison.message_id), ("group.not_read", outside.message_id)]
    ), "in a topic that is no case's nobody waits for an answer"
    assert events.count("update_quarantined") == 3


async def test_a_poisoned_press_is_told_that_nothing_went_out(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    bot.parrot.poison["claim"] = ZeroDivisionError
    bot.outgoing._catalogues = {"es": locales.load()}
    press = await press_in_group(bot, group, ana, "claim:K7M4P2")
    bot.start()
    assert "no salió nada" in await press.answer()


async def test_an_update_of_the_desk_that_cannot_be_parsed_is_put_aside(
    box: Sandbox, bot: Bot, group: Group, ana: Person, events: list[str]
) -> None:
    broken = {"chat": group.chat.to_json(), "message_id": "x", "date": "never", "text": 5}
    box.queue.put("message", broken)
    await ana.send("sigo", to=group)
    bot.start()
    await box.all_confirmed()
    assert said(bot) == ["sigo"]
    assert "update_quarantined" in events


# The group itself


async def test_a_group_that_becomes_a_supergroup_is_followed_and_not_left(
    box: Sandbox, db: Database, catalogue: locales.Catalogue
) -> None:
    group, ana = box.group("Mesa", basic=True), box.person("Ana")
    group.add(ana)
    box.queue.clear()
    old = group.chat_id
    context = DeskContext(old, {"es": catalogue})
    bot = Bot(box, db, catalogue, context)
    await ana.send("antes", to=group)
    new = group.migrate()
    await ana.send("después", to=group)  # its line may be worked off before that of the old id
    async with bot.wire:
        bot.start()
        await box.all_confirmed()
        await bot.stop()
    assert sorted(said(bot)) == ["antes", "después"]
    assert group.bot.inside
    assert await db.transaction(group_of, context) == new
    again = Bot(box, db, catalogue, context)
    assert again.desk is not None
    await again.desk.prepare()
    assert again.desk.groups == {old, new}


async def test_every_other_group_is_left_with_one_line(
    box: Sandbox, bot: Bot, group: Group, ana: Person
) -> None:
    other = box.group("Familias", bot=False)
    other.add(ana)
    bot.start()
    await bot.intake.connected.wait()
    other.add_bot()
    for number in range(3):
        await ana.send(f"hola {number}", to=other)
    await box.all_confirmed()
    await bot.outgoing.finish(5)
    assert not other.bot.inside
    assert [message.text for message in other.from_bot()] == ["Aquí no"]
    assert bot.parrot.at_desk == []
    assert group.bot.inside


async def test_a_change_of_the_bots_rights_asks_for_a_new_reading(
    box: Sandbox, bot: Bot, group: Group
) -> None:
    assert bot.desk is not None
    job = next(job for job in bot.desk.jobs if job.name == "posture")
    bot.start()
    await bot.intake.connected.wait()
    group.demote_bot("can_manage_topics")
    await asyncio.wait_for(job.wanted.wait(), 5)


async def test_the_menu_of_the_group_lists_every_command_that_works_there(
    box: Sandbox, bot: Bot, group: Group
) -> None:
    assert set(MENU) == topic_commands.COMMANDS.keys() | group_commands.COMMANDS.keys()
    assert bot.desk is not None
    (job,) = [job for job in bot.desk.jobs if job.name == "menu"]
    scope = {"type": "chat", "chat_id": group.chat_id}
    group.remove_bot()
    assert await job.run()
    assert box.commands(scope=scope) == [], "and it goes on: the bot may come back"
    group.add_bot()
    assert await job.run()
    for language in ("", "en"):
        menu = {one["command"]: one["description"] for one in box.commands(language, scope)}
        words = locales.load(language or "es")
        assert menu == {name: words.plain(f"desk.menu.{name}") for name in MENU}
    assert box.commands() == [], "on a phone that is searched nothing tells of a team"
    calls = len(box.calls_of("setMyCommands"))
    assert await job.run()
    assert len(box.calls_of("setMyCommands")) == calls


async def test_a_group_under_a_new_id_gets_its_menu(box: Sandbox, bot: Bot, group: Group) -> None:
    assert bot.desk is not None
    (job,) = [job for job in bot.desk.jobs if job.name == "menu"]
    assert await job.run()
    job.wanted.clear()
    new = box.group("Mesa", forum=True)
    await bot.desk.happened(Moved(group.chat_id, new.chat_id))
    assert job.wanted.is_set()
    assert await job.run()
    assert box.commands(scope={"type": "chat", "chat_id": new.chat_id})


# In private


async def test_what_is_the_teams_in_private_is_a_familys_from_anybody_else(
    box: Sandbox, bot: Bot, ana: Person
) -> None:
    maria = box.person("María")
    bot.parrot.team = {ana.chat_id}
    await ana.send("/turno si")
    await maria.send("/turno si")
    await ana.send("/start")
    bot.start()
    await box.all_confirmed()
    (command,) = bot.parrot.at_desk
    assert (command.where, command.actor) == (Where.PRIVATE, Actor(ana.chat_id, True))
    assert await heard(bot, maria.chat_id) == ["/turno"]
    assert await heard(bot, ana.chat_id) == ["/start"]


async def test_without_a_desk_there_is_no_team(
    box: Sandbox, db: Database, catalogue: locales.Catalogue, ana: Person, group: Group
) -> None:
    box.queue.clear()
    bot = Bot(box, db, catalogue)
    bot.parrot.team = {ana.chat_id}
    await ana.send("/turno si")
    await ana.send("hola", to=group)
    async with bot.wire:
        bot.start()
        await box.all_confirmed()
        await bot.stop()
    assert not group.bot.inside
    assert bot.parrot.at_desk == []
    assert await heard(bot, ana.chat_id) == ["/turno"]
