"""What an update asks, read from the JSON that Telegram sends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from handlers import family
from helpdesk.messages import Command, Press, Slash, Typed, Unreadable

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
CHAT = {"id": 5_123_456_789, "type": "private", "first_name": "María"}
USER = {"id": 5_123_456_789, "is_bot": False, "first_name": "María"}
FILE = {"file_id": "AwAC", "file_unique_id": "AwAC", "file_size": 1}
BOT = {"id": 1000, "is_bot": True, "first_name": "Faro", "username": "faro_bot"}


def message(chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    return {"message_id": 77, "date": 1_795_000_000, "chat": chat, "from": USER, **content}


def read(**update: Any) -> Command | None:
    return family.read(Update.de_json({"update_id": 9, **update}, None), NOW)


def body(**content: Any) -> object:
    command = read(message=message(**content))
    assert isinstance(command, Command)
    assert (command.chat, command.at, command.message_id) == (CHAT["id"], NOW, 77)
    assert not command.edited
    return command.body


def test_a_text_is_typed() -> None:
    assert body(text="lo agarraron en la marcha") == Typed("lo agarraron en la marcha")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("/start", "start"),
        ("/START", "start"),
        ("/start ref_77", "start"),
        ("/borrar@faro_bot", "borrar"),
        ("/ayuda\npor favor", "ayuda"),
    ],
)
def test_a_command_is_read(text: str, name: str) -> None:
    said = body(text=text)
    assert isinstance(said, Slash)
    assert said.name == name


def test_what_follows_a_command_is_kept_apart() -> None:
    assert body(text="/r@faro_bot  Buenos días.\nLe escribo.") == Slash(
        "r", "Buenos días.\nLe escribo."
    )


@pytest.mark.parametrize("text", ["/", "/ start", "/año", "vea /start", "/2024/07"])
def test_a_slash_alone_is_no_command(text: str) -> None:
    assert body(text=text) == Typed(text)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ({"voice": {**FILE, "duration": 3}}, Unreadable.VOICE),
        ({"audio": {**FILE, "duration": 3}}, Unreadable.VOICE),
        ({"photo": [{**FILE, "width": 9, "height": 9}], "caption": "esta es la boleta"},
         Unreadable.PHOTO),
        ({"video": {**FILE, "width": 9, "height": 9, "duration": 3}}, Unreadable.VIDEO),
        ({"video_note": {**FILE, "length": 9, "duration": 3}}, Unreadable.VIDEO),
        ({"animation": {**FILE, "width": 9, "height": 9, "duration": 3}, "document": FILE},
         Unreadable.VIDEO),
        ({"sticker": {**FILE, "type": "regular", "width": 9, "height": 9, "is_animated": False,
                      "is_video": False}}, Unreadable.STICKER),
        ({"document": FILE}, Unreadable.DOCUMENT),
        ({"contact": {"phone_number": "+58", "first_name": "A"}}, Unreadable.CONTACT),
        ({"location": {"latitude": 10.5, "longitude": -66.9}}, Unreadable.LOCATION),
        ({"venue": {"location": {"latitude": 1.0, "longitude": 1.0}, "title": "a",
                    "address": "b"}, "location": {"latitude": 1.0, "longitude": 1.0}},
         Unreadable.LOCATION),
        ({"dice": {"emoji": "🎲", "value": 3}}, Unreadable.OTHER),
        ({"a_kind_of_next_year": {"x": 1}}, Unreadable.OTHER),
        ({}, Unreadable.OTHER),
    ],
)  # fmt: skip
def test_what_faro_does_not_read_is_named_by_its_kind(
    content: dict[str, Any], kind: Unreadable
) -> None:
    assert body(**content) == kind


@pytest.mark.parametrize(
    "content",
    [
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"pinned_message": {"message_id": 3, "date": 0, "chat": CHAT}},
        {"write_access_allowed": {}},
        {"chat_background_set": {"type": {"type": "chat_theme", "theme_name": "x"}}},
    ],
)
def test_a_service_message_gets_no_answer(content: dict[str, Any]) -> None:
    assert read(message=message(**content)) is None


def test_a_text_that_was_edited_is_marked() -> None:
    command = read(edited_message=message(text="agosto de 2024", edit_date=1_795_000_100))
    assert command == Command(5_123_456_789, NOW, Typed("agosto de 2024"), 77, edited=True)


def test_an_edited_caption_is_marked() -> None:
    photo = [{**FILE, "width": 9, "height": 9}]
    command = read(edited_message=message(photo=photo, caption="otra", edit_date=1))
    assert command == Command(5_123_456_789, NOW, Unreadable.PHOTO, 77, edited=True, caption="otra")


def press(**query: Any) -> Command | None:
    return read(callback_query={"id": "1", "from": USER, "chat_instance": "1", **query})


def test_a_press_carries_its_token_and_message() -> None:
    expected = Command(5_123_456_789, NOW, Press("v1:abc", 77))
    assert press(data="v1:abc", message=message(text="¿Ya la pidieron?")) == expected


def test_a_press_on_a_message_telegram_no_longer_has() -> None:
    gone = {"message_id": 77, "date": 0, "chat": CHAT}
    assert press(data="v1:abc", message=gone) == Command(5_123_456_789, NOW, Press("v1:abc", 77))


def test_a_press_without_message_or_data_gets_no_answer() -> None:
    assert press(data="x", inline_message_id="1") is None
    assert press(game_short_name="x", message=message(text="x")) is None


GROUP = {"id": -1_001_234, "type": "supergroup", "title": "Familias"}


def test_a_group_is_not_read() -> None:
    assert read(message=message(GROUP, text="/start")) is None
    assert press(data="x", message=message(GROUP, text="x")) is None
    channel = {"id": -1_009, "type": "channel", "title": "x"}
    assert read(channel_post=message(channel, text="hola")) is None


# What a person who has her case is told beside it


def test_the_words_under_a_photo_and_the_message_replied_to_are_read() -> None:
    photo = [{**FILE, "width": 9, "height": 9}]
    answered = message(text="¿Tiene la boleta?", message_id=70)
    command = read(message=message(photo=photo, caption="esta es", reply_to_message=answered))
    assert command is not None
    assert (command.caption, command.answers) == ("esta es", 70)


@pytest.mark.parametrize("where", ["entities", "caption_entities"])
def test_words_that_link_to_an_account_are_marked(where: str) -> None:
    link = [{"type": "text_mention", "offset": 0, "length": 5, "user": USER}]
    bold = [{"type": "bold", "offset": 0, "length": 5}]
    text: dict[str, Any] = (
        {"text": "María"}
        if where == "entities"
        else {"caption": "María", "photo": [{**FILE, "width": 9, "height": 9}]}
    )
    for entities, marked in ((link, True), (bold, False)):
        command = read(message=message(**text | {where: entities}))
        assert command is not None
        assert command.names_account is marked


def test_the_photos_of_an_album_come_one_by_one() -> None:
    photo = [{**FILE, "width": 9, "height": 9}]
    for number in (77, 78):
        command = read(message={**message(photo=photo, media_group_id="5"), "message_id": number})
        assert command is not None
        assert (command.message_id, command.body) == (number, Unreadable.PHOTO)


def test_a_change_of_membership_is_not_a_familys() -> None:
    member = {"user": BOT, "status": "member"}
    for kind in ("my_chat_member", "chat_member"):
        change = {"chat": CHAT, "from": USER, "date": 0, "old_chat_member": member}
        assert read(**{kind: {**change, "new_chat_member": member}}) is None
