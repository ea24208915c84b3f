"""What an update of the desk's group asks, or tells, read from the JSON that Telegram sends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from handlers import desk
from handlers.desk import (
    ANONYMOUS_ADMIN,
    CHANNEL_BOT,
    TELEGRAM,
    Happening,
    MembersChanged,
    Moved,
    PostureChanged,
    Uninvited,
)
from helpdesk.desk.messages import (
    Actor,
    DeskCommand,
    DeskMedia,
    DeskPress,
    DeskSlash,
    DeskTyped,
    Where,
)
from helpdesk.messages import Unreadable

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
DESK = -1_001_234_567_890
GROUP = {"id": DESK, "type": "supergroup", "title": "Mesa", "is_forum": True}
ANA: dict[str, Any] = {
    "id": 5_123_456_789,
    "is_bot": False,
    "first_name": "Ana",
    "username": "ana_secreta",
}
BOT = {"id": 1000, "is_bot": True, "first_name": "Faro", "username": "faro_bot"}
CHAT = {"id": ANA["id"], "type": "private", "first_name": "Ana"}
PHOTO = [{"file_id": "A", "file_unique_id": "A", "file_size": 1, "width": 9, "height": 9}]
TOPIC: dict[str, Any] = {"message_thread_id": 17, "is_topic_message": True}
CREATION = {
    "message_id": 17, "date": 0, "chat": GROUP, **TOPIC,
    "forum_topic_created": {"name": "K7M-4P2 · libertad", "icon_color": 7322096},
}  # fmt: skip


def message(chat: dict[str, Any] = GROUP, **content: Any) -> dict[str, Any]:
    return {"message_id": 77, "date": 1_795_000_000, "chat": chat, "from": ANA, **content}


def read(**update: Any) -> DeskCommand | Happening | None:
    return desk.read(Update.de_json({"update_id": 9, **update}, None), NOW, {DESK})


def command(**content: Any) -> DeskCommand:
    found = read(message=message(**content))
    assert isinstance(found, DeskCommand)
    assert (found.at, found.message_id) == (NOW, 77)
    return found


# Where, and in answer to what


def test_general_is_where_no_topic_is() -> None:
    assert command(text="hola") == DeskCommand(
        NOW, Where.GENERAL, Actor(ANA["id"], None), DeskTyped("hola"), 77
    )


@pytest.mark.parametrize("thread", [{"message_thread_id": 5}, {**TOPIC, "message_thread_id": 1}])
def test_a_thread_that_is_no_topic_is_general(thread: dict[str, Any]) -> None:
    found = command(text="hola", **thread)
    assert (found.where, found.topic) == (Where.GENERAL, None)


def test_what_answers_nothing_in_a_topic_is_a_note() -> None:
    """Telegram gives every message of a topic the one that made the topic as what it answers."""
    found = command(text="ojo con la fecha", reply_to_message=CREATION, **TOPIC)
    assert (found.where, found.topic, found.answers) == (Where.TOPIC, 17, None)
    inaccessible = {"message_id": 17, "date": 0, "chat": GROUP, **TOPIC}
    found = command(text="ojo con la fecha", reply_to_message=inaccessible, **TOPIC)
    assert found.answers is None


def test_what_is_answered_is_named() -> None:
    answered = message(text="¿Y mi hijo?", message_id=70, **TOPIC)
    assert command(text="Está bien", reply_to_message=answered, **TOPIC).answers == 70
    assert (
        command(text="Está bien", reply_to_message=message(message_id=70, text="x")).answers == 70
    )


def test_a_reply_across_chats_answers_nothing_here() -> None:
    elsewhere = {"origin": {"type": "chat", "sender_chat": GROUP, "date": 0}, "message_id": 70}
    assert command(text="Está bien", external_reply=elsewhere, **TOPIC).answers is None


# What


def test_a_command_keeps_what_follows() -> None:
    assert command(text="/TOMAR@faro_bot k7m 4p2").body == DeskSlash("tomar", "k7m 4p2")
    assert command(text="/r Buenos días.\nLe escribo.", **TOPIC).body == DeskSlash(
        "r", "Buenos días.\nLe escribo."
    )


def test_a_photo_keeps_its_words() -> None:
    assert command(photo=PHOTO, caption="la boleta").body == DeskMedia(
        Unreadable.PHOTO, "la boleta", "A"
    )


def test_of_a_photo_the_largest_size_is_what_a_family_would_get() -> None:
    large = {**PHOTO[0], "file_id": "B", "width": 90, "height": 90}
    for sizes in ([*PHOTO, large], [large, *PHOTO]):
        assert command(photo=sizes).body == DeskMedia(Unreadable.PHOTO, file="B")


def test_a_voice_note_has_a_file_and_a_song_or_a_paid_photo_is_something_else() -> None:
    file = {"file_id": "V", "file_unique_id": "V", "duration": 4}
    assert command(voice=file).body == DeskMedia(Unreadable.VOICE, file="V")
    assert command(audio=file).body == DeskMedia(Unreadable.OTHER)
    paid = {"star_count": 1, "paid_media": [{"type": "preview"}]}
    assert command(paid_media=paid).body == DeskMedia(Unreadable.OTHER)


@pytest.mark.parametrize(
    "content", [{"text": "corregido"}, {"photo": PHOTO, "caption": "corregido"}]
)
def test_what_was_written_again_is_marked(content: dict[str, Any]) -> None:
    found = read(edited_message=message(edit_date=1, **content, **TOPIC))
    assert isinstance(found, DeskCommand)
    assert found.edited


@pytest.mark.parametrize(
    "content",
    [
        {"forum_topic_created": {"name": "x", "icon_color": 1}},
        {"forum_topic_closed": {}},
        {"forum_topic_reopened": {}},
        {"pinned_message": {"message_id": 3, "date": 0, "chat": GROUP}},
        {"new_chat_title": "Mesa dos"},
    ],
)
def test_a_service_message_asks_nothing(content: dict[str, Any]) -> None:
    assert read(message=message(**content, **TOPIC)) is None


def press(**query: Any) -> DeskCommand | Happening | None:
    return read(callback_query={"id": "1", "from": ANA, "chat_instance": "1", **query})


def test_a_press_says_under_which_message() -> None:
    card = message(text="Caso", message_id=50, **TOPIC) | {"from": BOT}
    assert press(data="close:resolved", message=card) == DeskCommand(
        NOW, Where.TOPIC, Actor(ANA["id"], None), DeskPress("close:resolved"), 50, 17
    )


def test_a_press_on_a_message_telegram_no_longer_has() -> None:
    found = press(data="claim:K7M4P2", message={"message_id": 50, "date": 0, "chat": GROUP})
    assert isinstance(found, DeskCommand)
    assert (found.where, found.message_id) == (Where.GENERAL, 50)


def test_a_press_without_data_or_message_asks_nothing() -> None:
    assert press(game_short_name="x", message=message(text="x")) is None
    assert press(data="x", inline_message_id="1") is None


# Who


@pytest.mark.parametrize(
    "who",
    [
        {"from": {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group"},
         "sender_chat": GROUP},
        {"from": {"id": CHANNEL_BOT, "is_bot": True, "first_name": "Channel"},
         "sender_chat": {"id": -1009, "type": "channel", "title": "C"}},
        {"from": {"id": TELEGRAM, "is_bot": False, "first_name": "Telegram"},
         "sender_chat": {"id": -1009, "type": "channel", "title": "C"},
         "is_automatic_forward": True},
        {"from": {"id": TELEGRAM, "is_bot": False, "first_name": "Telegram"}},
        {"from": BOT},
        {"sender_chat": GROUP},
        {"is_automatic_forward": True},
    ],
)  # fmt: skip
def test_nobody_stands_behind_some_messages(who: dict[str, Any]) -> None:
    assert command(text="/cerrar", **who).actor is None


def test_a_message_without_a_sender_is_nobodys() -> None:
    content = message(text="hola")
    del content["from"]
    found = read(message=content)
    assert isinstance(found, DeskCommand)
    assert found.actor is None


def test_a_press_of_an_account_of_telegrams_own_is_nobodys() -> None:
    found = press(data="claim:K7M4P2", message=message(text="x"), **{
        "from": {"id": TELEGRAM, "is_bot": False, "first_name": "Telegram"}
    })  # fmt: skip
    assert isinstance(found, DeskCommand)
    assert found.actor is None


def test_nothing_of_who_somebody_is_comes_through() -> None:
    found = command(
        text="hola",
        entities=[{"type": "text_mention", "offset": 0, "length": 4, "user": ANA}],
        forward_origin={"type": "user", "sender_user": ANA, "date": 0},
        author_signature="Ana Secreta",
    )
    assert "ana" not in repr(found).lower()


# What happens to the group


def test_a_group_that_becomes_a_supergroup_says_so_on_both_sides() -> None:
    new = -1_009_999
    assert read(message=message(migrate_to_chat_id=new)) == Moved(DESK, new)
    here = {"id": DESK, "type": "supergroup", "title": "Mesa"}
    assert read(message=message(here, migrate_from_chat_id=-55)) == Moved(-55, DESK)


def test_who_comes_and_goes_is_asked_about_again() -> None:
    luis = {"id": 6, "is_bot": False, "first_name": "Luis"}
    assert read(message=message(new_chat_members=[ANA, luis])) == MembersChanged(
        DESK, (ANA["id"], 6)
    )
    assert read(message=message(left_chat_member=luis)) == MembersChanged(DESK, (6,))


def change(kind: str, chat: dict[str, Any], status: str, user: dict[str, Any]) -> Any:
    member = {"user": user, "status": "left"}
    new = {"user": user, "status": status, "until_date": 0}
    content = {"chat": chat, "from": ANA, "date": 0}
    return read(**{kind: {**content, "old_chat_member": member, "new_chat_member": new}})


def test_a_change_of_a_member_or_of_the_bot() -> None:
    assert change("chat_member", GROUP, "kicked", ANA) == MembersChanged(DESK, (ANA["id"],))
    assert change("my_chat_member", GROUP, "member", BOT) == PostureChanged(DESK)
    assert change("my_chat_member", GROUP, "left", BOT) == PostureChanged(DESK)
    assert change("my_chat_member", CHAT, "kicked", BOT) is None


# Other groups


ELSEWHERE = {"id": -1_009, "type": "supergroup", "title": "Familias"}


def test_every_other_group_is_left() -> None:
    assert read(message=message(ELSEWHERE, text="/start")) == Uninvited(-1_009)
    assert press(data="x", message=message(ELSEWHERE, text="x")) == Uninvited(-1_009)
    channel = {"id": -1_010, "type": "channel", "title": "x"}
    assert read(channel_post=message(channel, text="hola")) == Uninvited(-1_010)
    assert change("my_chat_member", ELSEWHERE, "member", BOT) == Uninvited(-1_009)
    assert change("my_chat_member", ELSEWHERE, "left", BOT) is None
    assert change("chat_member", ELSEWHERE, "member", ANA) is None


# In private


def private(**content: Any) -> DeskCommand | None:
    update = {"update_id": 9, "message": message(CHAT, **content)}
    return desk.read_private(Update.de_json(update, None), NOW)


def test_a_command_of_the_team_in_private() -> None:
    assert private(text="/equipo K7M4P2") == DeskCommand(
        NOW, Where.PRIVATE, Actor(ANA["id"], None), DeskSlash("equipo", "K7M4P2"), 77
    )


@pytest.mark.parametrize("text", ["/start", "/borrar", "/tomar K7M4P2", "turno", "hola"])
def test_everything_else_in_private_is_a_familys(text: str) -> None:
    assert private(text=text) is None


def test_a_button_of_the_desk_in_private() -> None:
    def pressed(data: str) -> DeskCommand | None:
        query = {"id": "1", "from": ANA, "chat_instance": "1", "data": data,
                 "message": message(CHAT, text="x")}  # fmt: skip
        return desk.read_private(
            Update.de_json({"update_id": 9, "callback_query": query}, None), NOW
        )

    found = pressed("contact:K7M4P2")
    assert found is not None
    assert found.body == DeskPress("contact:K7M4P2")
    assert pressed("1AbC_d-9") is None
