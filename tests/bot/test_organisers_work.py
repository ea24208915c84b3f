"""An organiser at work with the whole program and no desk; nobody else learns that she is one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

import store.staff
from helpdesk import subscriptions
from helpdesk.alert_screens import YES
from helpdesk.audience import Topic
from helpdesk.broadcasts.broadcast import LEAVE
from helpdesk.broadcasts.presses import SAMPLE
from helpdesk.desk import staff
from helpdesk.desk.staff import Role
from sandbox import Button, Message, Person
from store import Tx
from tests.bot.mesa import mesa
from tests.bot.newsroom import PATIENCE, WORDS, Newsroom, newsroom

pytestmark = pytest.mark.slow


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as room, room.running():
        for person in (room.elena, room.bruno, room.maria):
            await person.send("/start")
            await person.next_message(PATIENCE)
        yield room


async def ask_for_alerts(room: Newsroom, families: int) -> list[Person]:
    """Let María and some more families ask for everything important."""
    others = [room.box.person(f"Familia {number}", aside=True) for number in range(1, families)]
    for one in (*others, room.maria):
        await one.send("/start")
        await room.db.transaction(
            subscriptions.toggle_topic, one.chat_id, Topic.ALL, room.box.clock.now()
        )
    await room.box.all_confirmed(PATIENCE)
    return [room.maria, *others]


async def compose(room: Newsroom) -> Message:
    """Let Elena write a broadcast; gives its preview."""
    elena = room.elena
    await room.says(elena, "/difusion")
    await room.says(elena, "El tribunal de Táchira abrió una oficina. Atiende de 8 a 12.")
    await room.says(elena, "Circular del tribunal")
    await room.press(elena, "day", ":0")
    nobody = await room.press(elena, "done")
    assert (nobody.text, nobody.alert) == (WORDS.plain("broadcast.nobody_chosen"), True)
    await room.press(elena, "add", ":all")
    await room.press(elena, "done")
    await room.press(elena, "urgent", ":yes")
    await elena.wait_until(lambda: bool(letters(elena)), PATIENCE)
    return letters(elena)[-1]


def letters(who: Person) -> list[Message]:
    leave = ([LEAVE], [SAMPLE])
    return [one for one in who.from_bot() if [button.data for button in one.buttons] in leave]


async def test_the_button_to_leave_does_nothing_in_a_preview(room: Newsroom) -> None:
    """She is on the list herself, and tries what families will see."""
    elena = room.elena
    await ask_for_alerts(room, 10)
    await room.db.transaction(
        subscriptions.toggle_topic, elena.chat_id, Topic.ALL, room.box.clock.now()
    )
    await compose(room)
    press = await room.press(elena, "sample")
    assert (press.text, press.alert) == (WORDS.plain("broadcast.sample"), True)
    assert await room.db.transaction(subscriptions.wishes, elena.chat_id) is not None


async def test_an_organiser_writes_and_another_approves_and_those_very_bytes_arrive(
    room: Newsroom,
) -> None:
    families = await ask_for_alerts(room, 10)
    preview = await compose(room)
    assert "Atiende de 8 a 12." in preview.text
    await room.press(room.elena, "ask")
    await room.bruno.wait_until(lambda: bool(letters(room.bruno)), PATIENCE)
    assert all(not letters(one) for one in families), "nothing goes out before"
    await room.press(room.bruno, "ok")
    for one in families:
        await one.wait_until(lambda one=one: bool(letters(one)), PATIENCE)  # type: ignore[misc]  # bound now
    to = {one.chat_id for one in (room.elena, room.bruno, *families)}
    calls = [
        dict(call.parameters)
        for call in room.box.calls_of("sendMessage")
        if "Atiende de 8 a 12." in call.parameters["text"]
    ]
    assert {call.pop("chat_id") for call in calls} == to
    quietly = [call.pop("disable_notification", None) for call in calls]
    assert quietly.count(None) >= len(families)
    for call in calls:  # only what the button does is another where it is but looked at
        call["reply_markup"] = str(call["reply_markup"]).replace(SAMPLE, LEAVE)
    assert all(call == calls[0] for call in calls), "previewed, approved and sent are the same"
    # What she asks about it is answered under it, not above in a message that it pushed up.
    assert await room.says(room.maria, "¿y dónde queda eso?")
    press = await room.maria.press(letters(room.maria)[-1], data=LEAVE)
    await press.answer(PATIENCE)
    await room.box.all_confirmed(PATIENCE)
    assert await room.db.transaction(subscriptions.wishes, room.maria.chat_id) is None


async def test_who_asked_for_alerts_long_ago_is_asked_again_by_the_program(room: Newsroom) -> None:
    await ask_for_alerts(room, 1)
    now = room.box.clock.now()
    by_day = (now + subscriptions.REASK + timedelta(days=1)).replace(hour=15)
    room.box.clock.forward(by_day - now)
    room.moved.set()
    await room.maria.wait_until(lambda: any(map(_asks_again, room.maria.from_bot())), PATIENCE)


def _asks_again(message: Message) -> bool:
    return {button.data for button in message.buttons} == {YES, LEAVE}


UNKNOWN = "/estonoexiste"
OF_ORGANISERS = ("/difusion", "/organizar", "/difusiones", "/retirar", "/publicar", "/estadisticas")


async def test_whoever_is_of_no_team_learns_nothing_of_it(room: Newsroom) -> None:
    maria = room.maria
    unknown = [shown.text for shown in await room.says(maria, UNKNOWN)]
    for text in OF_ORGANISERS:
        assert [shown.text for shown in await room.says(maria, text)] == unknown
    for data in ("bc.new:", "bc.ok:AAAAAAAAAAAAAAAAAAAAAA:00", "ed.list:"):
        press = maria._press(maria.last(), Button("x", data))
        assert await press.answer(PATIENCE) == ""
        assert maria.last().text == unknown[-1]


async def test_a_volunteer_is_answered_as_anybody_is(tmp_path: Path) -> None:
    async with mesa(tmp_path) as desk, desk.running():
        luis = desk.luis
        await luis.next_message(PATIENCE)
        answers = []
        for text in (UNKNOWN, *OF_ORGANISERS):
            luis.skip()
            await luis.send(text)
            answers.append((await luis.next_message(PATIENCE)).text)
        assert answers == answers[:1] * len(answers)


async def test_the_group_hears_at_once_what_was_withdrawn_and_restored(tmp_path: Path) -> None:
    """Volunteers know answers by heart, and no screen of theirs may say that one is wrong."""

    def buttons(who: Person, verb: str) -> list[str]:
        every = (button.data or "" for one in who.from_bot() for button in one.buttons)
        return [data for data in every if data.startswith(f"ed.{verb}:")]

    async with mesa(tmp_path) as desk, desk.running():
        ana = desk.ana

        async def press(verb: str) -> None:
            await ana.wait_until(lambda: bool(buttons(ana, verb)), PATIENCE)
            await ana.press(data=buttons(ana, verb)[-1])

        await ana.send("/retirar no pague")
        await press("see")
        await press("off")
        await desk.until(lambda: any("V-01 retiró" in one for one in desk.words()))
        assert "no se lo diga a ninguna familia" in desk.find("V-01 retiró").text
        await press("see")
        await press("on")
        await desk.until(lambda: any("V-01 restauró" in one for one in desk.words()))


async def test_what_an_organiser_types_while_she_writes_nothing_is_a_familys(
    room: Newsroom,
) -> None:
    first, hers = room.maria.last(), room.elena.last()
    await room.maria.send("mi hermano está preso en Táchira")
    await room.elena.send("mi hermano está preso en Táchira")
    for person, message in ((room.maria, first), (room.elena, hers)):
        await person.wait_until(lambda message=message: len(message.history) > 1, PATIENCE)  # type: ignore[misc]  # bound now
    assert first.text == hers.text
    (shown,) = await room.says(room.elena, "/difusion")
    assert shown.text != (await room.says(room.maria, "/difusion"))[-1].text


async def test_a_document_is_fetched_only_of_whoever_was_asked_for_one(room: Newsroom) -> None:
    for person in (room.maria, room.elena):
        await person.send_document("cedula.pdf")
    await room.box.all_confirmed(PATIENCE)
    assert not room.box.calls_of("getFile", "download")
    await room.says(room.elena, "/publicar")
    await room.maria.send_document("cedula.pdf")
    sent = await room.elena.send_document("avisos.yaml")
    await room.box.called("download", timeout=PATIENCE)
    await room.box.all_confirmed(PATIENCE)
    (fetched,) = room.box.calls_of("getFile")
    assert fetched.parameters["file_id"] == sent.content["document"]["file_id"]


async def test_a_familys_update_costs_one_look_up_at_most(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, maria = store.staff.get, room.maria
    looked: list[int] = []

    def get(tx: Tx, user: int) -> store.staff.StoredMember | None:
        looked.append(user)
        return found(tx, user)

    monkeypatch.setattr(store.staff, "get", get)
    button = next(one for one in maria.last().buttons if one.data)
    for do, most in (
        (maria.send("hola"), 1),
        (maria.send_document("cedula.pdf"), 1),
        (maria.send_photo(), 1),
        (maria.press(maria.last(), data=button.data), 0),
    ):
        await do
        await room.box.all_confirmed(PATIENCE)
        assert len(looked) <= most
        looked.clear()


async def test_whoever_is_named_by_the_operator_has_the_role_at_the_start_and_one_name(
    tmp_path: Path,
) -> None:
    async with newsroom(tmp_path) as room:
        for _ in range(2):
            async with room.running():
                pass
        everyone = await room.db.transaction(staff.everyone)
        assert [(one.name, one.roles) for one in everyone] == [
            ("V-01", frozenset({Role.ORGANISER})),
            ("V-02", frozenset({Role.ORGANISER})),
        ]
        assert [one.user for one in everyone] == [room.elena.chat_id, room.bruno.chat_id]
