"""A keyboard that Telegram would refuse is refused, and the reason says why."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import Person
from tests.sandbox.calls import Call


def _one(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


async def test_rows_are_kept(ask: Call, maria: Person) -> None:
    await ask(
        "sendMessage",
        chat_id=maria.chat_id,
        text="¿?",
        reply_markup={
            "inline_keyboard": [
                [{"text": "Sí", "callback_data": "s"}, {"text": "No", "callback_data": "n"}],
                [],
                [{"text": "Ver", "url": "https://x.org"}],
                [{"text": "Copiar", "copy_text": {"text": "hola"}}],
            ]
        },
    )
    assert maria.last().reply_markup == (("Sí", "No"), ("Ver",), ("Copiar",))
    assert maria.last().to_json()["reply_markup"]["inline_keyboard"][2] == [
        {"text": "Copiar", "copy_text": {"text": "hola"}}
    ]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (_one(text="a"), "Text buttons are unallowed"),
        (_one(text="a", callback_data=""), "BUTTON_DATA_INVALID"),
        (_one(text="a", callback_data="á" * 33), "BUTTON_DATA_INVALID"),
        (_one(text=" ", callback_data="a"), "Button text must be non-empty"),
        (_one(text="a", callback_data="a", url="https://x.org"), "exactly one action"),
        (_one(text="a", url="x org"), "inline keyboard button URL"),
        (_one(text="a", copy_text={"text": ""}), "BUTTON_COPY_TEXT_INVALID"),
        (_one(text="a", pay=True), 'unknown field "pay"'),
        (_one(callback_data="a"), 'field "text" of InlineKeyboardButton'),
        ({"keyboard": [[{"text": "a"}]]}, 'unknown field "keyboard"'),
        ({"inline_keyboard": [{"text": "a"}]}, "inline_keyboard"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "b"}] * 101]}, "too long"),
    ],
)
async def test_a_bad_keyboard_is_refused(
    refusal: Call, maria: Person, markup: dict[str, Any], reason: str
) -> None:
    said = await refusal("sendMessage", chat_id=maria.chat_id, text="a", reply_markup=markup)
    assert said.startswith("400 Bad Request: ")
    assert reason in said
    assert maria.from_bot() == ()


@pytest.mark.parametrize("markup", [{}, {"inline_keyboard": []}, {"inline_keyboard": [[]]}])
async def test_an_empty_keyboard_is_none(ask: Call, maria: Person, markup: dict[str, Any]) -> None:
    await ask("sendMessage", chat_id=maria.chat_id, text="a", reply_markup=markup)
    assert maria.last().rows == ()
    assert "reply_markup" not in maria.last().to_json()


async def test_data_may_have_64_bytes(ask: Call, maria: Person) -> None:
    markup = _one(text="a", callback_data="á" * 32)
    await ask("sendMessage", chat_id=maria.chat_id, text="a", reply_markup=markup)
    assert maria.last().buttons[0].data == "á" * 32
