"""A press is answered once, in time, and only by its id."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandbox import NoSuchButton, Person, PersonError, Sandbox
from tests.sandbox.calls import Call

QUESTION = {
    "inline_keyboard": [
        [{"text": "Sí", "callback_data": "s"}, {"text": "No", "callback_data": "n"}],
        [{"text": "Ver", "url": "https://x.org"}],
    ]
}
TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


@pytest.fixture
async def question(ask: Call, maria: Person) -> dict[str, Any]:
    sent: dict[str, Any] = await ask(
        "sendMessage", chat_id=maria.chat_id, text="¿Ya?", reply_markup=QUESTION
    )
    return {"chat_id": maria.chat_id, "message_id": sent["message_id"]}


@pytest.mark.usefixtures("question")
async def test_a_press_comes_as_a_query_and_is_answered(ask: Call, maria: Person) -> None:
    press = await maria.press("No")
    (update,) = await ask("getUpdates")
    query = update["callback_query"]
    assert query["data"] == "n"
    assert query["from"]["id"] == maria.chat_id
    assert query["message"] == maria.last().to_json()
    assert query["chat_instance"]
    assert not press.answered
    assert await ask("answerCallbackQuery", callback_query_id=query["id"], text="Hecho") is True
    assert await press.answer() == "Hecho"
    assert not press.alert


@pytest.mark.usefixtures("question")
async def test_a_query_is_answered_once_and_in_time(
    box: Sandbox, ask: Call, refusal: Call, maria: Person
) -> None:
    first, second = await maria.press("No"), await maria.press(data="n")
    assert first.id != second.id
    await ask("answerCallbackQuery", callback_query_id=first.id, show_alert=True)
    assert first.alert
    assert await refusal("answerCallbackQuery", callback_query_id=first.id) == TOO_OLD
    assert await refusal("answerCallbackQuery", callback_query_id="123") == TOO_OLD
    long = await refusal("answerCallbackQuery", callback_query_id=second.id, text="a" * 201)
    assert long == "400 Bad Request: MESSAGE_TOO_LONG"
    box.clock.forward(timedelta(seconds=31))
    assert await refusal("answerCallbackQuery", callback_query_id=second.id) == TOO_OLD
    with pytest.raises(TimeoutError):
        await second.answer(timeout=0.01)


async def test_a_stale_press_carries_what_the_button_carried(
    ask: Call, maria: Person, question: dict[str, Any]
) -> None:
    message = maria.last()
    await ask("editMessageText", **question, text="Otra")
    with pytest.raises(NoSuchButton):
        await maria.press("No")
    await maria.press(message, "No")
    (update,) = await ask("getUpdates")
    assert update["callback_query"]["data"] == "n"
    assert update["callback_query"]["message"]["text"] == "Otra"


async def test_a_press_on_a_deleted_message_is_inaccessible(
    ask: Call, maria: Person, question: dict[str, Any]
) -> None:
    message = maria.last()
    await ask("deleteMessage", **question)
    await maria.press(message, data="s")
    (update,) = await ask("getUpdates")
    shown = update["callback_query"]["message"]
    assert shown["date"] == 0
    assert shown["message_id"] == message.message_id
    assert "text" not in shown


@pytest.mark.usefixtures("question")
async def test_without_a_message_the_newest_that_has_the_button(ask: Call, maria: Person) -> None:
    await ask("sendMessage", chat_id=maria.chat_id, text="nueva", reply_markup=QUESTION)
    await ask("sendMessage", chat_id=maria.chat_id, text="sin botones")
    press = await maria.press("Sí")
    assert press.message.text == "nueva"


@pytest.mark.usefixtures("question")
async def test_what_nobody_can_press(maria: Person) -> None:
    with pytest.raises(NoSuchButton, match="Ver"):
        await maria.press("Quizás")
    with pytest.raises(NoSuchButton):
        await maria.press(maria.last(), data="x")
    with pytest.raises(PersonError, match="sends nothing"):
        await maria.press("Ver")
    with pytest.raises(PersonError):
        await maria.press()
    with pytest.raises(PersonError):
        await maria.press("Sí", "No")
