"""What Telegram's every refusal means for a post of the desk; over HTTP, refused by the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

import locales
from bot import logs
from bot.calls import Caller
from bot.ends import MOST_DOWNLOADS, result_of
from bot.wire import Wire
from helpdesk.desk.context import DeskContext
from helpdesk.desk.ends import End, Ready, Result
from helpdesk.desk.posts import Call, Place, Post, Priority, Purpose
from helpdesk.desk.queue import QueueEdit
from helpdesk.messages import Button, Part, Screen, Unreadable
from sandbox import Group, Message, Person, Sandbox, Topic

HEARD = Screen((Part("t.heard", {"number": 1, "words": "text:Buenos días"}),))


@pytest.fixture
async def caller(box: Sandbox, catalogue: locales.Catalogue) -> AsyncIterator[Caller]:
    async with Wire(box.url, box.token, patience=2) as wire:
        yield Caller(wire, DeskContext(-1, {"es": catalogue}))


@pytest.fixture
def group(box: Sandbox) -> Group:
    group = box.group("Mesa", forum=True)
    group.add(box.person("Luis"))  # writes message 1, which would be a topic's id: General's
    return group


@pytest.fixture
def topic(group: Group) -> Topic:
    return group.new_topic("K7M-4P2")


@pytest.fixture
async def maria(box: Sandbox) -> Person:
    person = box.person("María")
    await person.send("/start")
    return person


def post(place: Place, call: Call = Call.SAY, screen: Screen | None = HEARD, **more: Any) -> Post:
    made = Post(
        place=place, call=call, purpose=Purpose.NOTICE, priority=Priority.ANSWER, at=0, **more
    )
    return made if screen is None else made.with_screen(screen)


def into(group: Group, topic: Topic | None = None, **more: Any) -> Ready:
    place = Place.GENERAL if topic is None else Place.TOPIC
    return Ready(1, post(place, **more), group.chat_id, topic.thread_id if topic else None)


def to(person: Person, **more: Any) -> Ready:
    return Ready(1, post(Place.FAMILY, **more), person.chat_id)


def copying(ready: Ready, source: Message, screen: Screen | None = None, **more: Any) -> Ready:
    copied = post(ready.post.place, Call.COPY, screen, source=source.message_id, **more)
    return replace(ready, post=copied, source_chat=source.chat_id)


def media(person: Person, source: Message, screen: Screen | None = None) -> Ready:
    """Give the post that brings somebody a voice note."""
    file = source.content["voice"]["file_id"]
    made = post(Place.FAMILY, Call.MEDIA, screen, kind=Unreadable.VOICE, file=file)
    return Ready(1, made, person.chat_id)


# What arrives


async def test_into_a_topic_everything_goes_protected_and_answers_what_it_names(
    caller: Caller, group: Group, topic: Topic, box: Sandbox
) -> None:
    ana = box.person("Ana")
    group.add(ana)
    hers = await ana.send("hola", to=group, topic=topic)
    result = await caller.make(into(group, topic, answers=hers.message_id, silent=True))
    sent = group.last()
    assert result == Result(End.SENT, sent.message_id)
    assert (sent.text, sent.thread_id, sent.reply_to) == (
        "1: Buenos días", topic.thread_id, hers.message_id
    )  # fmt: skip
    assert sent.protected
    assert sent.silent
    await ana.delete(hers, for_both=True)
    result = await caller.make(into(group, topic, answers=hers.message_id))
    assert result.end is End.SENT, "what it answers is gone, and it is said all the same"


async def test_a_family_may_keep_what_is_said_to_her(caller: Caller, maria: Person) -> None:
    assert (await caller.make(to(maria))).message_id == maria.last().message_id
    assert not maria.last().protected


async def test_a_copy_has_the_caption_that_is_said_or_none(
    caller: Caller, group: Group, topic: Topic, maria: Person
) -> None:
    photo = await maria.send_photo("mi hijo se llama Pedro")
    place = into(group, topic)
    for ready, caption in (
        (copying(place, photo), None),
        (copying(place, photo, HEARD), "1: Buenos días"),
        (copying(place, photo, own_caption=True), "mi hijo se llama Pedro"),
    ):
        assert (await caller.make(ready)).message_id == group.last().message_id
        assert group.last().content.get("caption") == caption
        assert group.last().protected
        assert str(maria.chat_id) not in str(group.last().to_json())


async def test_a_topic_is_made_closed_opened_and_deleted(caller: Caller, group: Group) -> None:
    place = into(group)
    made = await caller.make(
        replace(place, post=post(Place.GENERAL, Call.OPEN_TOPIC, None, title="K7M-4P2 · libertad"))
    )
    (topic,) = group.topics
    assert made == Result(End.SENT, topic=topic.thread_id)
    assert topic.name == "K7M-4P2 · libertad"
    for call, closed in (
        (Call.CLOSE_TOPIC, True), (Call.CLOSE_TOPIC, True),
        (Call.REOPEN_TOPIC, False), (Call.REOPEN_TOPIC, False),
    ):  # fmt: skip
        done = await caller.make(into(group, topic, call=call, screen=None))
        assert (done.end, topic.closed) == (End.SENT, closed), "twice is as well as once"
    gone = into(group, call=Call.DELETE_TOPIC, screen=None, target=topic.thread_id)
    assert (await caller.make(gone)).end is End.SENT
    assert group.topics == ()
    assert (await caller.make(gone)).end is End.TOPIC_GONE


async def test_an_edit_and_a_deletion(caller: Caller, maria: Person) -> None:
    sent = (await caller.make(to(maria))).message_id
    same = await caller.make(to(maria, call=Call.EDIT, target=sent))
    assert same == Result(End.SENT), "it reads so already"
    other = Screen((Part("t.farewell"),))
    edited = await caller.make(to(maria, call=Call.EDIT, screen=other, target=sent))
    assert (edited, maria.last().text) == (Result(End.SENT, sent), "Adiós")
    gone = to(maria, call=Call.DELETE, screen=None, target=sent)
    assert (await caller.make(gone)).end is End.SENT
    assert maria.from_bot() == ()
    assert (await caller.make(gone)).end is End.TARGET_GONE
    edit = to(maria, call=Call.EDIT, target=sent)
    assert (await caller.make(edit)).end is End.TARGET_GONE


async def test_the_queue_is_sent_then_edited(caller: Caller, group: Group) -> None:
    edit = QueueEdit(group.chat_id, HEARD, None, "d")
    first = await caller.show_queue(edit)
    assert first == Result(End.SENT, group.last().message_id)
    assert group.last().silent
    again = replace(edit, message_id=first.message_id)
    assert await caller.show_queue(again) == first, "nothing changed"
    changed = replace(again, screen=Screen((Part("t.farewell"),)))
    assert await caller.show_queue(changed) == first
    assert group.last().text == "Adiós"
    gone = replace(again, message_id=999_999)
    assert (await caller.show_queue(gone)).end is End.TARGET_GONE
    group.remove_bot()
    assert (await caller.show_queue(edit)).end is End.OUT
    unsaid = replace(edit, screen=Screen((Part("t.no_such_key"),)))
    assert (await caller.show_queue(unsaid)).end is End.REFUSED


# What does not


async def test_a_topic_that_is_closed_or_gone(caller: Caller, group: Group, topic: Topic) -> None:
    group.close_topic(topic)
    assert (await caller.make(into(group, topic))).end is End.SENT, "it manages topics"
    group.demote_bot("can_manage_topics")
    assert (await caller.make(into(group, topic))).end is End.TOPIC_CLOSED
    group.promote_bot()
    group.delete_topic(topic)
    assert (await caller.make(into(group, topic))).end is End.TOPIC_GONE
    closing = into(group, topic, call=Call.CLOSE_TOPIC, screen=None)
    assert (await caller.make(closing)).end is End.TOPIC_GONE


async def test_a_group_that_moved_says_where(caller: Caller, box: Sandbox) -> None:
    basic = box.group("Mesa", basic=True)
    ready = into(basic)
    new = basic.migrate()
    assert await caller.make(ready) == Result(End.MOVED, moved_to=new)


async def test_a_bot_without_rights_and_one_that_is_out(
    caller: Caller, group: Group, topic: Topic
) -> None:
    group.demote_bot("can_manage_topics")
    place = into(group)
    opening = replace(place, post=post(Place.GENERAL, Call.OPEN_TOPIC, None, title="x"))
    assert (await caller.make(opening)).end is End.NO_RIGHTS
    closing = into(group, topic, call=Call.CLOSE_TOPIC, screen=None)
    assert (await caller.make(closing)).end is End.NO_RIGHTS
    group.remove_bot()
    assert (await caller.make(place)).end is End.OUT
    assert (await caller.make(opening)).end is End.OUT


async def test_a_group_that_there_is_not_and_one_without_topics(
    caller: Caller, group: Group, box: Sandbox
) -> None:
    nowhere = replace(into(group), chat=-1_009)
    assert (await caller.make(nowhere)).end is End.OUT
    group.make_forum(False)
    opening = replace(into(group), post=post(Place.GENERAL, Call.OPEN_TOPIC, None, title="x"))
    assert (await caller.make(opening)).end is End.NO_RIGHTS


async def test_a_family_that_blocked_the_bot_or_is_no_more(
    caller: Caller, maria: Person, box: Sandbox
) -> None:
    unknown = replace(to(maria), chat=box.person("Otra").chat_id)
    assert (await caller.make(unknown)).end is End.FAMILY_GONE
    await maria.block()
    assert (await caller.make(to(maria))).end is End.FAMILY_GONE


async def test_a_family_that_takes_no_voice_notes(
    caller: Caller, group: Group, topic: Topic, maria: Person, box: Sandbox
) -> None:
    ana = box.person("Ana")
    group.add(ana)
    voice = await ana.send_voice(to=group, topic=topic)
    maria.refuse_voice()
    assert (await caller.make(media(maria, voice))).end is End.VOICE_FORBIDDEN


async def test_what_is_to_be_copied_is_gone_or_no_copy_can_be_made(
    caller: Caller, group: Group, topic: Topic, maria: Person
) -> None:
    photo = await maria.send_photo()
    await maria.delete(photo, for_both=True)
    assert (await caller.make(copying(into(group, topic), photo))).end is End.SOURCE_GONE
    paid = await maria.send_other(invoice={"title": "x"})
    assert (await caller.make(copying(into(group, topic), paid))).end is End.UNCOPYABLE


async def test_a_voice_goes_with_the_words_that_are_said_or_none(
    caller: Caller, group: Group, topic: Topic, maria: Person, box: Sandbox
) -> None:
    ana = box.person("Ana")
    group.add(ana)
    group.set(has_protected_content=True)
    voice = await ana.send_voice(caption="nota", to=group, topic=topic)
    for screen, caption in ((None, None), (HEARD, "1: Buenos días")):
        sent = await caller.make(media(maria, voice, screen))
        assert sent == Result(End.SENT, maria.last().message_id)
        assert maria.last().content.get("caption") == caption
        assert not maria.last().protected
    assert (await caller.make(copying(to(maria), voice))).end is End.UNCOPYABLE


async def test_only_an_upload_can_be_unknown_and_not_the_download_before_it(
    caller: Caller, group: Group, topic: Topic, maria: Person, box: Sandbox
) -> None:
    ana = box.person("Ana")
    group.add(ana)
    group.set(has_protected_content=True)
    voice = await ana.send_voice(to=group, topic=topic)
    box.faults.keep_files()
    box.faults.drop_after_write("getFile")
    later = await caller.make(media(maria, voice))
    assert (later.end, maria.from_bot()) == (End.LATER, ()), "nothing was sent for certain"
    ready = media(maria, voice)
    weary = replace(ready, post=ready.post.but(tries=MOST_DOWNLOADS))
    box.faults.drop_after_write("getFile")
    assert (await caller.make(weary)).end is End.UNCOPYABLE, "what she is told next waits for it"
    box.faults.retry_after("getFile", 9)
    assert await caller.make(weary) == Result(End.LATER, seconds=9.0)
    box.faults.refuse("download", 404, "Not Found")
    assert (await caller.make(ready)).end is End.SOURCE_GONE
    box.faults.refuse("sendVoice", 400, "Bad Request: MEDIA_EMPTY")
    box.faults.drop_after_write("sendVoice")
    assert (await caller.make(ready)).end is End.UNKNOWN
    assert len(maria.from_bot()) == 1


async def test_words_over_the_limit(
    caller: Caller, group: Group, topic: Topic, maria: Person
) -> None:
    photo = await maria.send_photo()
    for length, end in ((1000, End.SENT), (1024, End.TOO_LONG), (5000, End.TOO_LONG)):
        long = Screen((Part("t.heard", {"number": 1, "words": "a" * length}),))
        assert (await caller.make(copying(into(group, topic), photo, long))).end is end
    long = Screen((Part("t.heard", {"number": 1, "words": "a" * 5000}),))
    assert (await caller.make(to(maria, screen=long))).end is End.TOO_LONG


async def test_words_that_there_are_not(caller: Caller, maria: Person) -> None:
    unsaid = Screen((Part("t.no_such_key"),), ((Button("t.next", "a:b"),),))
    assert (await caller.make(to(maria, screen=unsaid))).end is End.REFUSED
    assert maria.from_bot() == ()


# What comes later, and what nobody knows


async def test_a_flood_wait_says_how_long(caller: Caller, group: Group, box: Sandbox) -> None:
    box.faults.retry_after("sendMessage", 17, chat_id=group.chat_id)
    assert await caller.make(into(group)) == Result(End.LATER, seconds=17.0)


async def test_a_server_in_trouble_is_tried_later(
    caller: Caller, maria: Person, box: Sandbox
) -> None:
    box.faults.server_error("sendMessage")
    later = await caller.make(to(maria))
    assert later.end is End.LATER
    assert later.seconds > 0
    box.faults.server_error("sendMessage")
    much_later = await caller.make(to(maria, tries=8))
    assert much_later.seconds >= 15


async def test_what_was_sent_and_never_answered_for_is_unknown(
    caller: Caller, maria: Person, box: Sandbox
) -> None:
    box.faults.drop_after_write("sendMessage")
    assert (await caller.make(to(maria))).end is End.UNKNOWN
    assert len(maria.from_bot()) == 1
    box.faults.truncate("sendMessage")
    assert (await caller.make(to(maria))).end is End.UNKNOWN
    sent = maria.last().message_id
    box.faults.drop_after_write("editMessageText")
    other = Screen((Part("t.farewell"),))
    edit = await caller.make(to(maria, call=Call.EDIT, screen=other, target=sent))
    assert edit.end is End.LATER, "an edit may be made twice"


async def test_a_server_that_is_not_there_has_done_nothing(catalogue: locales.Catalogue) -> None:
    async with Wire("http://127.0.0.1:9", "1000:TEST", patience=2) as wire:
        caller = Caller(wire, DeskContext(-1, {"es": catalogue}))
        result = await caller.make(Ready(1, post(Place.FAMILY), 5))
    assert result.end is End.LATER


@pytest.mark.parametrize(
    ("error", "group", "end"),
    [
        (Forbidden("Forbidden: CHAT_WRITE_FORBIDDEN"), True, End.NO_RIGHTS),
        (Forbidden("Forbidden: user is deactivated"), False, End.FAMILY_GONE),
        (BadRequest("Need administrator rights in the channel chat"), True, End.NO_RIGHTS),
        (BadRequest("Message_too_long"), False, End.TOO_LONG),
        (BadRequest("Message is too long"), False, End.TOO_LONG),
        (BadRequest("Chat_forwards_restricted"), True, End.UNCOPYABLE),
        (BadRequest("Topic_deleted"), True, End.TOPIC_GONE),
        (BadRequest("Message to be replied not found"), True, End.TARGET_GONE),
        (BadRequest("Peer_id_invalid"), False, End.FAMILY_GONE),
        (BadRequest("Something of next year"), True, End.REFUSED),
        (InvalidToken(), True, End.LATER),
        (TelegramError("half an answer"), False, End.UNKNOWN),
    ],
)
def test_refusals_that_the_sandbox_does_not_know(
    error: TelegramError, group: bool, end: End
) -> None:
    assert result_of(error, Call.SAY, group=group).end is end


@pytest.mark.parametrize("end", [end for end in End if end is not End.SENT])
def test_the_log_can_tell_every_end(end: End) -> None:
    assert logs.FIELDS["end"](end.name.lower())


async def test_a_message_too_old_to_be_taken_back(
    caller: Caller, maria: Person, box: Sandbox
) -> None:
    sent = (await caller.make(to(maria))).message_id
    box.clock.forward(timedelta(hours=49))
    taking_back = to(maria, call=Call.DELETE, screen=None, target=sent)
    assert (await caller.make(taking_back)).end is End.TARGET_GONE
