"""The failure table of the desk, each line end to end: a family, volunteers, Faro and Telegram.

Whatever happens to the group, a topic or a message, nothing said is lost, nothing goes where it
should not, and whoever waits is told.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from helpdesk.desk.case import Reason, Status
from sandbox import Person, Topic
from tests.bot.mesa import WORDS, Mesa, mesa, shown

pytestmark = pytest.mark.slow

RIGHTS = ("can_manage_topics", "can_delete_messages")
LONG = "La boleta dice así. " * 51


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Mesa]:
    async with mesa(tmp_path) as desk, desk.running():
        yield desk


async def claimed(desk: Mesa) -> Topic:
    """Let María open a case and Ana take it; gives its topic, with something of María's in it."""
    await desk.escalate()
    topic = await desk.claim(desk.ana)
    await desk.until(lambda: desk.words(topic))
    await from_family(desk, topic, "Mi hijo tiene fiebre")
    return topic


async def from_family(desk: Mesa, topic: Topic, text: str) -> None:
    """Let María write, and wait until it stands in the topic."""
    await desk.maria.send(text)
    await arrives(desk, topic, text)


async def arrives(desk: Mesa, topic: Topic | None, text: str) -> None:
    """Wait until words stand in a topic, or in General: what she writes is joined for seconds."""
    await desk.until(lambda: desk.box.queue.pending == ())
    desk.forward(5)
    await desk.until(lambda: any(text in one for one in texts(desk, topic)))


def texts(desk: Mesa, topic: Topic | None) -> list[str]:
    return [shown(message) for message in desk.group.screen(1 if topic is None else topic)]


def told(person: Person) -> str:
    """Give everything that the bot has on somebody's screen."""
    return "\n".join(shown(message) for message in person.from_bot())


async def answer(desk: Mesa, topic: Topic, who: Person, text: str) -> None:
    """Let somebody reply to what María wrote."""
    await who.send(text, to=desk.group, topic=topic, reply_to=desk.find("fiebre", topic))


# Topics


async def test_a_topic_that_was_deleted_is_made_again_with_its_card(desk: Mesa) -> None:
    topic = await claimed(desk)
    desk.group.delete_topic(topic)
    await desk.maria.send("¿Sigue ahí?")
    await desk.until(lambda: desk.box.queue.pending == ())
    desk.forward(5)
    await desk.until(lambda: desk.group.topics)
    (again,) = desk.group.topics
    await desk.until(lambda: any("¿Sigue ahí?" in one for one in desk.words(again)))
    assert "Cómo contestar" in desk.words(again)[0], "the card comes first"
    await desk.ana.send(
        "Aquí sigo", to=desk.group, topic=again, reply_to=desk.find("¿Sigue ahí?", again)
    )
    await desk.until(lambda: "Aquí sigo" in told(desk.maria))


async def test_a_topic_that_was_closed_is_written_in_all_the_same(desk: Mesa) -> None:
    topic = await claimed(desk)
    desk.group.close_topic(topic)
    await from_family(desk, topic, "¿Sigue ahí?")


async def test_a_topic_closed_to_the_bot_is_opened_again(desk: Mesa) -> None:
    topic = await claimed(desk)
    desk.group.close_topic(topic)
    desk.box.faults.refuse(
        "sendMessage", 400, "Bad Request: TOPIC_CLOSED", chat_id=desk.group.chat_id
    )
    await from_family(desk, topic, "¿Sigue ahí?")
    assert not topic.closed


# The group


@pytest.mark.parametrize("heard", [True, False])
async def test_a_group_that_became_a_supergroup_is_followed(tmp_path: Path, heard: bool) -> None:
    """By the message that says so, or, when that was lost, by what Telegram answers."""
    async with mesa(tmp_path, basic=True) as desk, desk.running():
        old = desk.group.chat_id
        desk.group.migrate()
        if not heard:
            desk.box.queue.clear()
        desk.as_it_should_be()
        desk.forward(301)  # the group is read every five minutes
        await desk.until(lambda: desk.words())
        assert desk.group.chat_id != old
        topic = await claimed(desk)
        await answer(desk, topic, desk.ana, "Buenas tardes")
        await desk.until(lambda: "Buenas tardes" in told(desk.maria))


async def test_without_its_rights_the_bot_is_silent_in_the_group_and_honest_with_families(
    desk: Mesa,
) -> None:
    topic = await claimed(desk)
    desk.group.demote_bot()
    await desk.is_unsafe()
    otra = desk.box.person("Otra")
    await otra.send("quiero hablar con una persona")
    await desk.until(lambda: otra.from_bot())
    assert not any(
        button.text == WORDS.plain("case.category.option.court")
        for message in otra.from_bot()
        for button in message.buttons
    ), "no new case while nobody could be told of it"
    await desk.maria.send("¿Sigue ahí?")
    await desk.box.all_confirmed()
    desk.forward(5)
    before = len(desk.group.screen())
    await desk.maria.send("¿Hola?")
    await desk.box.all_confirmed()
    assert len(desk.group.screen()) == before
    desk.group.promote_bot(RIGHTS)
    await arrives(desk, topic, "¿Sigue ahí?")


async def test_a_bot_that_was_thrown_out_loses_nothing(desk: Mesa) -> None:
    topic = await claimed(desk)
    desk.group.remove_bot()
    await desk.maria.send("¿Sigue ahí?")
    await desk.box.all_confirmed()
    desk.forward(5)
    desk.group.add_bot(RIGHTS)
    await arrives(desk, topic, "¿Sigue ahí?")
    await answer(desk, topic, desk.ana, "Aquí sigo")
    await desk.until(lambda: "Aquí sigo" in told(desk.maria))


async def test_every_other_group_is_left_with_one_line(desk: Mesa) -> None:
    other = desk.box.group("Familias", bot=False)
    other.add(desk.ana)
    other.add_bot()
    await desk.ana.send("/tomar K7M4P2", to=other)
    await desk.until(lambda: not other.bot.inside)
    assert [message.text for message in other.from_bot()] == [WORDS.plain("group.not_ours")]
    assert desk.group.bot.inside


# The family


async def test_a_family_that_blocked_the_bot_ends_the_case(desk: Mesa) -> None:
    topic = await claimed(desk)
    await desk.maria.block()
    await answer(desk, topic, desk.ana, "Buenas tardes")
    case = await desk.becomes(lambda case: case.status is Status.CLOSED)
    assert case.reason is Reason.UNREACHABLE
    await desk.until(lambda: topic.closed)


async def test_a_family_that_takes_no_voice_notes_gets_none_and_the_volunteer_is_told(
    desk: Mesa,
) -> None:
    topic = await claimed(desk)
    desk.maria.refuse_voice()
    question = desk.find("fiebre", topic)
    await desk.ana.send_voice(to=desk.group, topic=topic, reply_to=question)
    await confirm(desk, desk.luis)
    await desk.until(lambda: WORDS.plain("desk.failed.voice") in "\n".join(desk.words(topic)))
    assert not any("voice" in message.content for message in desk.maria.from_bot())


async def confirm(desk: Mesa, who: Person) -> None:
    """Let a second person let a held reply go."""
    label = WORDS.plain("button.desk_confirm")

    def held() -> bool:
        return any(button.text == label for one in desk.group.from_bot() for button in one.buttons)

    await desk.until(held)
    message = next(one for one in reversed(desk.group.from_bot()) if one.buttons)
    await who.press(message, label)


# What is said


async def test_poison_in_a_topic_is_said_there_and_nothing_of_it_goes_out(desk: Mesa) -> None:
    topic = await claimed(desk)
    before = told(desk.maria)
    desk.box.queue.put(
        "message",
        {
            "chat": desk.group.chat.to_json(),
            "message_thread_id": topic.thread_id,
            "is_topic_message": True,
            "message_id": "x",
            "date": "never",
            "text": 5,
        },
    )
    await arrives(desk, topic, WORDS.plain("group.not_read"))
    assert told(desk.maria) == before
    await answer(desk, topic, desk.ana, "Buenas tardes")
    await desk.until(lambda: "Buenas tardes" in told(desk.maria))


async def test_an_anonymous_administrator_is_nobody(desk: Mesa) -> None:
    jefa = desk.box.person("Jefa")
    desk.group.add(jefa, admin=True, anonymous=True)
    topic = await claimed(desk)
    before = told(desk.maria)
    await answer(desk, topic, jefa, "le escribo yo")
    await jefa.send("/cerrar resuelto", to=desk.group, topic=topic)
    await arrives(desk, topic, WORDS.plain("desk.refused.nobody"))
    assert (await desk.case()).status is Status.CLAIMED
    assert told(desk.maria) == before


@pytest.mark.parametrize("by", ["family", "volunteer"])
async def test_a_caption_too_long_with_its_frame_becomes_a_message_of_its_own(
    desk: Mesa, by: str
) -> None:
    topic = await claimed(desk)
    if by == "family":
        await desk.maria.send_photo(LONG)
        await arrives(desk, topic, LONG.strip())
        photos = [one for one in desk.group.screen(topic) if one.mine and "photo" in one.content]
    else:
        question = desk.find("fiebre", topic)
        await desk.ana.send_photo(LONG, to=desk.group, topic=topic, reply_to=question)
        await confirm(desk, desk.luis)
        await desk.until(lambda: LONG.strip() in told(desk.maria))
        await desk.until(lambda: any("photo" in one.content for one in desk.maria.from_bot()))
        photos = [one for one in desk.maria.from_bot() if "photo" in one.content]
    assert len(photos) == 1
    assert LONG.strip() not in shown(photos[0])


async def test_an_album_comes_photo_by_photo_in_order(desk: Mesa) -> None:
    topic = await claimed(desk)
    album = await desk.maria.send_album(3, "las tres hojas")
    await desk.until(lambda: desk.box.queue.pending == ())
    desk.forward(5)

    def copies() -> list[str]:
        there = [one for one in desk.group.screen(topic) if one.mine and "photo" in one.content]
        return [one.content["photo"][0]["file_id"] for one in there]

    await desk.until(lambda: len(copies()) == 3)
    assert copies() == [one.content["photo"][0]["file_id"] for one in album]
    assert all(message in desk.maria.screen() for message in album), "they stay on her phone"
