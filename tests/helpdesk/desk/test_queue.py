"""One message lists who waits: the most urgent and the oldest first, rarely edited, and last."""

from __future__ import annotations

import pytest

from helpdesk.desk import budget, casebook, family, queue
from helpdesk.desk.case import Case, Category, Urgency
from helpdesk.desk.posture import GroupFacts
from helpdesk.messages import Unreadable
from store import Tx
from store.hours import seconds
from tests.helpdesk.desk.hall import AUNT, MOTHER, Hall

OWNER, OTHER = 11, 12


def fill(tx: Tx, count: int, hall: Hall) -> list[str]:
    """Open many cases; the first has waited longest."""
    codes = []
    for number in range(count):
        at = seconds(hall.now) - 60 * (count - number)
        case = Case(
            code=casebook.new_code(tx),
            category=Category.COURT,
            urgency=Urgency.CAN_WAIT,
            opened_at=at,
            waiting_since=at,
        )
        codes.append(casebook.begin(tx, 10_000 + number, case, hall.now).case.code)
    return codes


def shown_codes(hall: Hall) -> list[str]:
    """The codes of the claim buttons, in order."""
    message = hall.found("En espera")
    tokens = [button.token for row in message.rows for button in row]
    return [one.removeprefix("claim:") for one in tokens if one.startswith("claim:")]


async def test_the_most_urgent_and_oldest_first(hall: Hall) -> None:
    opened = {}
    for chat, urgency in enumerate([Urgency.CAN_WAIT, Urgency.DAYS, Urgency.NOW, Urgency.NOW]):
        opened[chat] = (await hall.family(chat + 1, urgency=urgency)).code
        hall.wait(minutes=7)
    await hall.show_queue()
    assert shown_codes(hall) == [opened[one] for one in (2, 3, 1, 0)]
    lines = hall.found("En espera: 4").text.splitlines()
    assert lines[2].endswith("· URGENTE · 10 min · papeles")
    assert lines[-1].endswith("· puede esperar · 20 min · papeles")


async def test_a_language_is_named_where_it_is_another(hall: Hall) -> None:
    await hall.family(1)
    hall.wait(minutes=1)
    await hall.family(2, language="en")
    await hall.show_queue()
    lines = hall.found("En espera: 2").text.splitlines()
    assert [line.endswith("· inglés") for line in lines[2:]] == [False, True]


async def test_twenty_five_a_page_and_all_within_one_message(hall: Hall) -> None:
    codes = await hall.do(fill, 200, hall)
    await hall.member(OWNER)
    await hall.show_queue()
    assert shown_codes(hall) == codes[:25]
    message = hall.found("Página 1 de 8")
    assert all(len(row) <= 2 for row in message.rows)
    assert len(message.text.encode("utf-16-le")) // 2 < 4096
    assert not (await hall.press(OWNER, hall.button(message, "Siguientes »"), message)).loud
    hall.wait(seconds=20)
    await hall.show_queue()
    assert shown_codes(hall) == codes[25:50]
    message = hall.found("Página 2 de 8")
    assert hall.button(message, "« Anteriores") == "page:0"
    await hall.press(OWNER, "page:999", message)
    hall.wait(seconds=20)
    await hall.show_queue()
    assert shown_codes(hall) == codes[175:]


async def test_who_is_there_and_who_has_what(hall: Hall) -> None:
    await hall.member(OWNER)
    await hall.member(OTHER)
    await hall.write(OWNER, "/turno si")
    for chat, user in [(1, OWNER), (2, OWNER), (3, OTHER)]:
        await hall.claimed(user, chat)
    hall.wait(minutes=2)
    await hall.show_queue()
    text = hall.found("En espera: 0").text
    assert "De turno: 1" in text
    assert "Nadie espera." in text
    assert "V-01 (2) y V-02 (1)" in text


async def test_edited_at_most_every_twenty_seconds_and_only_when_it_changed(hall: Hall) -> None:
    await hall.family()
    assert await hall.show_queue() is not None
    await hall.family(AUNT)
    hall.wait(seconds=19)
    assert await hall.show_queue() is None
    hall.wait(seconds=1)
    assert await hall.show_queue() is not None
    assert len([text for text in hall.group.texts if "En espera" in text]) == 1
    hall.wait(seconds=60)
    assert await hall.show_queue() is None
    hall.wait(minutes=4)
    assert await hall.show_queue() is not None  # they have waited longer
    hall.wait(hours=-2)
    await hall.safe()
    assert await hall.show_queue() is not None  # a clock set back does not stop it


async def test_it_never_takes_the_last_calls_of_the_minute(hall: Hall) -> None:
    await hall.family()
    for _ in range(budget.PER_MINUTE - queue.SPARE + 1):
        assert await hall.do(budget.spend, hall.now) == 0
    assert await hall.show_queue() is None
    hall.wait(seconds=62)
    assert await hall.show_queue() is not None


async def test_it_waits_for_posts_but_not_for_ever(hall: Hall) -> None:
    await hall.member(OWNER)
    await hall.family(AUNT)
    await hall.claimed(OWNER)
    hall.wait(minutes=2)
    await hall.show_queue()
    hall.wait(seconds=30)
    await hall.say(Unreadable.PHOTO)
    await hall.family(3)
    assert await hall.show_queue() is None
    hall.wait(seconds=queue.PATIENCE)
    await hall.safe()
    assert await hall.show_queue() is not None


async def test_nothing_is_shown_to_an_unsafe_group(hall: Hall) -> None:
    await hall.family()
    await hall.safe(GroupFacts())
    assert await hall.show_queue() is None


async def test_a_lost_message_comes_again(hall: Hall) -> None:
    await hall.family()
    await hall.show_queue()
    await hall.do(queue.lost)
    hall.wait(seconds=20)
    edit = await hall.do(queue.due, hall.now, hall.context)
    assert edit is not None
    assert edit.message_id is None


async def test_asked_for_it_comes_to_the_end_and_the_old_one_goes(hall: Hall) -> None:
    await hall.member(OWNER)
    await hall.family()
    await hall.show_queue()
    old = hall.found("En espera").id
    await hall.write(OWNER, "/cola")
    await hall.drain()
    await hall.show_queue()
    assert old not in hall.group.messages
    assert hall.found("En espera").id > old


@pytest.mark.parametrize("reported", [True, False])
async def test_a_claimed_case_leaves_it_and_comes_back(hall: Hall, reported: bool) -> None:
    await hall.member(OWNER)
    case, topic = await hall.claimed(OWNER)
    hall.wait(minutes=2)
    await hall.show_queue()
    assert shown_codes(hall) == []
    if reported:
        await hall.do(family.report, MOTHER, family.Complaint.RUDE, hall.now, hall.context)
    else:
        await hall.write(OWNER, "/soltar", topic)
    await hall.drain()
    hall.wait(minutes=2)
    await hall.safe()
    await hall.show_queue()
    assert shown_codes(hall) == [case.code]
