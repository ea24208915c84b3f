"""What an organiser would mean with an update of a private chat, formatting and all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity, Update

from handlers import family, organisers
from handlers.organisers import formatted
from helpdesk.broadcasts.formatting import clean, plain
from helpdesk.broadcasts.messages import (
    OrganiserCommand,
    OrganiserFile,
    OrganiserOther,
    OrganiserPress,
    OrganiserSlash,
    OrganiserText,
)
from sandbox.entities import read_text

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
CHAT: dict[str, Any] = {"id": 5_123_456_789, "type": "private", "first_name": "Elena"}
USER = {"id": 5_123_456_789, "is_bot": False, "first_name": "Elena", "username": "elena_secreta"}
GROUP = {"id": -1_001_234, "type": "supergroup", "title": "Mesa"}
DOCUMENT = {"file_id": "BQAC", "file_unique_id": "BQ", "file_size": 900, "file_name": "x.yaml"}


def message(chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    return {"message_id": 77, "date": 1_795_000_000, "chat": chat, "from": USER, **content}


def read(**update: Any) -> OrganiserCommand | None:
    return organisers.read(Update.de_json({"update_id": 9, **update}, None), NOW)


def press(data: str, chat: dict[str, Any] = CHAT) -> OrganiserCommand | None:
    query = {"id": "1", "from": USER, "chat_instance": "1", "data": data}
    return read(callback_query={**query, "message": message(chat, text="¿Así?")})


def entity(kind: str, offset: int, length: int, **more: Any) -> MessageEntity:
    return MessageEntity(kind, offset, length, **more)


# What it is


def test_a_text_a_command_and_the_rest() -> None:
    assert read(message=message(text="Abren el lunes")) == OrganiserCommand(
        NOW, CHAT["id"], OrganiserText("Abren el lunes", "Abren el lunes"), 77
    )
    found = read(message=message(text="/Retirar@faro_bot  regla 8.10\nya"))
    assert found is not None
    assert found.body == OrganiserSlash("retirar", "regla 8.10\nya")
    photo = [{"file_id": "A", "file_unique_id": "A", "file_size": 1, "width": 9, "height": 9}]
    found = read(message=message(photo=photo, caption="esto"))
    assert found is not None
    assert found.body == OrganiserOther()


def test_a_document_has_its_file_and_its_size_and_no_content() -> None:
    found = read(message=message(document=DOCUMENT))
    assert found is not None
    assert found.body == OrganiserFile("BQAC", 900, None)
    unstated = {name: value for name, value in DOCUMENT.items() if name != "file_size"}
    found = read(message=message(document=unstated))
    assert found is not None
    assert found.body == OrganiserFile("BQAC", 0, None)
    animation = {**DOCUMENT, "width": 9, "height": 9, "duration": 3}
    found = read(message=message(document=DOCUMENT, animation=animation))
    assert found is not None
    assert found.body == OrganiserOther(), "a moving picture is told as a document too"


def test_what_was_written_again_is_marked() -> None:
    found = read(edited_message=message(text="El martes", edit_date=1_795_000_100))
    assert found is not None
    assert (found.edited, found.message_id) == (True, 77)


@pytest.mark.parametrize("data", ["bc.ok:ABCDEFG", "ed.restore:rule"])
def test_a_press_on_a_button_of_organisers(data: str) -> None:
    assert press(data) == OrganiserCommand(NOW, CHAT["id"], OrganiserPress(data, 77), 77)


@pytest.mark.parametrize("data", ["claim:K7M4P2", "leave", "alerts_yes", "v1:abc", "bcok:1", "bc"])
def test_a_press_on_any_other_button_is_none(data: str) -> None:
    assert press(data) is None


def test_what_is_not_private_and_what_says_nothing_is_none() -> None:
    assert read(message=message(GROUP, text="/difusion")) is None
    assert press("bc.ok:x", GROUP) is None
    pinned = {"message_id": 3, "date": 0, "chat": CHAT}
    assert read(message=message(pinned_message=pinned)) is None
    assert (
        read(callback_query={"id": "1", "from": USER, "chat_instance": "1", "data": "bc.x:"})
        is None
    )


def test_nothing_of_who_she_is_beside_the_id_is_read() -> None:
    assert "elena" not in str(read(message=message(text="hola"))).lower()


def test_it_is_the_same_person_as_the_familys_chat() -> None:
    update = Update.de_json({"update_id": 9, "message": message(text="hola")}, None)
    ours, hers = organisers.read(update, NOW), family.read(update, NOW)
    assert ours is not None
    assert hers is not None
    assert ours.user == hers.chat


# Formatting


def test_each_kind_of_formatting_has_its_tag() -> None:
    kinds = {
        "bold": "<b>x</b>",
        "italic": "<i>x</i>",
        "underline": "<u>x</u>",
        "strikethrough": "<s>x</s>",
        "spoiler": "<tg-spoiler>x</tg-spoiler>",
        "code": "<code>x</code>",
        "pre": "<pre>x</pre>",
        "blockquote": "<blockquote>x</blockquote>",
        "expandable_blockquote": "<blockquote expandable>x</blockquote>",
    }
    for kind, html in kinds.items():
        assert formatted("x", [entity(kind, 0, 1)]) == OrganiserText(html, "x")


def test_places_are_counted_as_telegram_counts_them() -> None:
    text = "👩‍⚖️ hoy: 1 < 2 & «sí»"
    shown = formatted(text, [entity("bold", 6, 3)])
    assert shown.html == "👩‍⚖️ <b>hoy</b>: 1 &lt; 2 &amp; «sí»"
    assert shown.plain == text


def test_what_lies_within_or_across_another_is_balanced() -> None:
    assert formatted("uno dos", [entity("bold", 0, 7), entity("italic", 4, 3)]).html == (
        "<b>uno <i>dos</i></b>"
    )
    across = formatted("uno dos tres", [entity("bold", 0, 7), entity("italic", 4, 8)])
    assert across.html == "<b>uno <i>dos</i></b><i> tres</i>"


def test_a_link_keeps_its_address_whatever_is_in_it() -> None:
    url = 'https://foropenal.com/?a=1&b="><b>x'
    shown = formatted("aquí", [entity("text_link", 0, 4, url=url)])
    assert shown.links == (url,)
    text, (link,) = read_text(shown.html, "HTML")
    assert (text, link.type, link.url) == ("aquí", "text_link", url)


def test_what_needs_an_account_or_a_right_is_left_out_and_named() -> None:
    found = formatted(
        "Ana 🙏 mañana",
        [
            entity("text_mention", 0, 3, user=None),
            entity("custom_emoji", 4, 2, custom_emoji_id="5"),
            entity("date_time", 7, 6),
            entity("of_next_year", 0, 1),
        ],
    )
    assert found.html == "Ana 🙏 mañana"
    assert found.lost == {"text_mention", "custom_emoji", "date_time", "of_next_year"}


def test_what_telegram_marks_by_itself_is_not_lost() -> None:
    kinds = ("mention", "hashtag", "cashtag", "bot_command", "email", "phone_number", "url")
    assert not formatted("x" * 9, [entity(kind, 0, 9) for kind in kinds]).lost


def test_formatting_that_telegram_would_refuse_is_left_out_and_named() -> None:
    nested = [entity("blockquote", 0, 9), entity("expandable_blockquote", 2, 3)]
    assert formatted("x" * 9, nested).lost == {"expandable_blockquote"}
    within = [entity("code", 0, 9), entity("bold", 2, 3)]
    assert formatted("x" * 9, within) == OrganiserText(
        f"<code>{'x' * 9}</code>", "x" * 9, (), frozenset({"bold"})
    )
    quoted = [entity("code", 0, 9), entity("blockquote", 0, 9)]
    assert formatted("x" * 9, quoted).html == (f"<blockquote><code>{'x' * 9}</code></blockquote>")


def test_half_a_character_does_not_make_the_update_fail() -> None:
    shown = formatted("hoy \ud83d", [entity("bold", 0, 5)])
    assert shown.html == "<b>hoy ?</b>"


# Addresses


def test_addresses_shown_and_hidden_are_told_in_their_order_each_once() -> None:
    text = "foropenal.com, aquí y foropenal.com"
    hidden = "https://otro.example/"
    marks = [entity("url", 22, 13), entity("text_link", 15, 4, url=hidden), entity("url", 0, 13)]
    assert formatted(text, marks).links == ("foropenal.com", hidden)


def test_an_address_that_hides_another_is_told_as_the_one_it_leads_to() -> None:
    shown = formatted("foropenal.com", [entity("text_link", 0, 13, url="https://otro.example/x")])
    assert shown.links == ("https://otro.example/x",)


# Whatever comes

_KINDS = ("bold", "italic", "underline", "strikethrough", "blockquote", "text_link", "spoiler")
_ENTITIES = st.lists(
    st.tuples(st.sampled_from(_KINDS), st.integers(0, 24), st.integers(0, 24)), max_size=6
)


@given(st.text("aé <&>\"'😀\n", min_size=1, max_size=20), _ENTITIES)
def test_any_entities_give_html_that_telegram_reads_as_the_same_words(
    text: str, marks: list[tuple[str, int, int]]
) -> None:
    found = formatted(
        text,
        [
            entity(kind, offset, length, url="https://foropenal.com" if "link" in kind else None)
            for kind, offset, length in marks
        ],
    )
    assert found.plain == text
    assert plain(found.html) == text
    assert read_text(f"|{found.html}|", "HTML")[0] == f"|{text}|"
    assert plain(clean(found).html).split() == text.split()
