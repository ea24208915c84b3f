"""What families are told of alerts is true: who gets one, what is kept, how long, and how it ends.

Over a real file and the rules by which broadcasts go out. What stands on a phone, and what a press
there does, is in ``test_alerts_on_a_phone``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from helpdesk import alert_screens, subscriptions, turn
from helpdesk.audience import Segment, Topic
from helpdesk.broadcasts import approval, reconsent, shelf
from helpdesk.broadcasts.broadcast import Broadcast, Kind, Stage, sealed_by
from helpdesk.broadcasts.ends import End, Ready, Result
from helpdesk.context import BUTTONS, Context
from helpdesk.desk.staff import Role
from helpdesk.messages import Command, Press, Slash
from store import Database, Keys, Tx, erasures, open_database, retention, subscribers
from tests.helpdesk.broadcasts.mailroom import ANA, BEA, FAMILY, LETTER, Mailroom
from tests.helpdesk.phone import Phone
from tests.helpdesk.talk import NOW
from tests.helpdesk.test_turn import MAIN, walk
from tests.promises import screens
from tests.store.disk import every_byte, found, rows


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "faro.db"


@pytest.fixture
async def db(file: Path) -> AsyncIterator[Database]:
    async with await open_database(f"sqlite:///{file}", Keys.ephemeral()) as db:
        yield db


@pytest.fixture
async def mail(db: Database) -> Mailroom:
    """Two organisers, and three families who asked for everything important."""
    mail = Mailroom(db, NOW)
    await mail.open(3)
    return mail


@pytest.fixture
def phone(db: Database) -> Phone:
    shared = screens.context()
    return Phone(db, Context(shared.laws, shared.catalogue, db.keys.subkey(BUTTONS)))


def asked_now(tx: Tx, now: datetime) -> list[int]:
    """Ask whoever has to be asked."""
    return [chat for chat in reconsent.due(tx, now) if reconsent.claim(tx, chat, now)]


async def list_of(db: Database) -> list[int]:
    return await db.transaction(lambda tx: sorted(one.chat for one in subscribers.every(tx)))


# Who gets one.


async def test_nothing_is_kept_of_who_did_not_ask(mail: Mailroom, phone: Phone, file: Path) -> None:
    """She goes the whole way, opens the page and reads it: that is no yes."""
    await walk(phone, MAIN)
    await phone.press("Recibir avisos")
    await phone.press("Por estado…")
    await phone.slash("privacidad")
    await phone.press("Si pide avisos")
    assert phone.chat not in await list_of(mail.db)
    assert len(rows(file, "SELECT * FROM subscribers")) == 3
    await mail.approved()
    await mail.drain()
    assert phone.chat not in mail.phones


async def test_only_who_asked_for_it_gets_it(mail: Mailroom, phone: Phone) -> None:
    await phone.slash("avisos")
    await phone.press("Personas en el exterior")
    await mail.approved()
    await mail.drain()
    assert sorted(mail.phones) == [FAMILY, FAMILY + 1, FAMILY + 2]
    await mail.approved(segment=Segment(topics=frozenset({Topic.ABROAD})))
    await mail.drain()
    assert len(mail.phones[phone.chat]) == 1


async def test_what_is_of_one_state_goes_to_who_chose_it(mail: Mailroom, phone: Phone) -> None:
    await phone.slash("avisos")
    await phone.press("Por estado…")
    await phone.press("Apure")
    await mail.approved(segment=Segment(regions=frozenset({"apure"})))
    await mail.drain()
    assert sorted(mail.phones) == [phone.chat]


async def test_faro_works_without_them(phone: Phone) -> None:
    await walk(phone, MAIN)
    assert "Parece entrar" in phone.text
    assert await list_of(phone.db) == []


async def test_whoever_wrote_it_cannot_let_it_out(mail: Mailroom) -> None:
    """Nor anybody who is no organiser; what another one lets out is what she was shown."""
    author, other = await mail.member(ANA), await mail.member(BEA)
    segment = Segment(topics=frozenset({Topic.ALL}))
    seal = sealed_by(LETTER, segment, Kind.SEND, "", False)
    given: dict[str, Any] = {
        "stage": Stage.ASKED,
        "letter": LETTER,
        "segment": segment,
        "seal": seal,
    }
    given |= {"stage": Stage.ASKED, "asked_at": int(NOW.timestamp())}
    asked = Broadcast(number=0, author=author.name, **given)
    entry = await mail.do(shelf.add, asked, NOW)
    stranger = replace(other, roles=frozenset({Role.VOLUNTEER}))
    for member, shown in ((author, seal), (stranger, seal), (other, "0" * 64)):
        outcome = await mail.do(
            approval.approve, member, entry.id, shown[: approval.SHOWN], NOW, mail.studio
        )
        assert outcome.refused is not None
        assert await mail.stage(entry) is Stage.ASKED
    await mail.drain()
    assert mail.phones == {}


# What is kept, and in which form.


async def test_chat_choice_and_hour_are_all_that_is_kept(phone: Phone, file: Path) -> None:
    await walk(phone, MAIN)
    await phone.slash("avisos")
    await phone.press("Familias de militares")
    kept = await phone.db.transaction(subscribers.get, phone.chat)
    assert kept is not None
    assert kept.chat == phone.chat
    hours = int(phone.now.timestamp() // 3600)
    assert kept.body == {"topics": ["military"], "regions": [], "since": hours}
    columns = {one[1] for one in rows(file, "PRAGMA table_info(subscribers)")}
    assert columns == {"lookup", "id", "wrapped_key", "body", "epoch"}


async def test_it_lies_sealed_on_the_disk(phone: Phone, file: Path) -> None:
    await phone.slash("avisos")
    await phone.press("Familias de militares")
    stored = every_byte(file.parent)
    numbers = [phone.chat.to_bytes(8, order) for order in ("big", "little")]
    for secret in (b"military", str(phone.chat).encode(), *numbers):
        assert secret not in stored
    [(body,)] = rows(file, "SELECT body FROM subscribers")
    assert bytes(body) in stored  # the search finds what is there


@pytest.mark.parametrize("how", ["the button", "ALTO", "one by one", "all at once", "/borrar"])
async def test_when_she_leaves_no_byte_is_left(phone: Phone, file: Path, how: str) -> None:
    await phone.slash("avisos")
    await phone.press("Todo lo importante")
    [secret] = rows(file, "SELECT lookup, id, wrapped_key, body FROM subscribers")
    ways = {
        "the button": lambda: phone.do(Press(_leave(), 1)),
        "ALTO": lambda: phone.type("alto"),
        "one by one": lambda: phone.press("✓ Todo lo importante"),
        "all at once": lambda: phone.press("Quitar todos los avisos"),
        "/borrar": lambda: phone.slash("borrar"),
    }
    await ways[how]()
    assert rows(file, "SELECT * FROM subscribers") == []
    assert await phone.db.checkpoint()
    assert found([bytes(value) for value in secret], file.parent) == 0


def _leave() -> str:
    return next(one.token for row in alert_screens.ask_again().rows[1:] for one in row)


async def test_it_is_kept_while_she_does_not_use_faro(mail: Mailroom) -> None:
    for days in (8, 60, 179):
        await mail.do(retention.sweep, NOW + timedelta(days=days))
    assert len(await list_of(mail.db)) == 3
    mail.wait(days=179)
    await mail.approved()
    await mail.drain()
    assert len(mail.phones) == 3


async def test_who_blocks_the_chat_is_forgotten(mail: Mailroom, file: Path) -> None:
    await mail.approved()
    blocked: list[int] = []

    def ends(ready: Ready) -> End:
        blocked.append(ready.chat)
        return End.GONE if len(blocked) == 1 else End.SENT

    await mail.drain(ends)
    assert await list_of(mail.db) == sorted(blocked[1:])


async def test_numbers_of_messages_lie_sealed_for_48_hours(mail: Mailroom, file: Path) -> None:
    await mail.approved()
    await mail.drain()
    await mail.settle()
    [*secrets] = rows(file, "SELECT lookup, body FROM ledger")
    assert len(secrets) == 3
    for chat in range(FAMILY, FAMILY + 3):
        assert chat.to_bytes(8, "big") not in every_byte(file.parent)
        assert str(chat).encode() not in every_byte(file.parent)
    await mail.do(retention.sweep, mail.now + timedelta(hours=47))
    assert len(rows(file, "SELECT * FROM ledger")) == 3
    await mail.do(retention.sweep, mail.now + timedelta(hours=49))
    assert rows(file, "SELECT * FROM ledger") == []
    assert rows(file, "SELECT * FROM broadcasts") == []
    assert await mail.db.checkpoint()
    assert found([bytes(value) for row in secrets for value in row], file.parent) == 0


# Leaving, and being asked again.


async def test_after_leaving_nothing_goes_out(mail: Mailroom) -> None:
    """Also of what was let out before: her turn had not come."""
    entry = await mail.approved()
    await mail.do(subscriptions.stop, FAMILY + 1)
    await mail.drain()
    assert sorted(mail.phones) == [FAMILY, FAMILY + 2]
    assert await mail.tally(entry) == {"SENT": 2, "LEFT": 1}


async def test_one_that_was_on_its_way_may_still_arrive(mail: Mailroom) -> None:
    await mail.approved()
    ready = await mail.ready()
    await mail.do(subscriptions.stop, ready.chat)
    await mail.end(ready)
    assert len(mail.phones[ready.chat]) == 1
    await mail.approved()
    await mail.drain()
    assert len(mail.phones[ready.chat]) == 1


async def test_after_180_days_she_is_asked_and_gets_none_before_she_says_yes(
    mail: Mailroom,
) -> None:
    mail.wait(days=180)
    asked = await mail.do(asked_now, mail.now)
    assert sorted(asked) == [FAMILY, FAMILY + 1, FAMILY + 2]
    assert await mail.do(asked_now, mail.now) == []
    yes = alert_screens.ask_again().rows[0][0].token
    shared = screens.context()
    context = Context(shared.laws, shared.catalogue, mail.db.keys.subkey(BUTTONS))
    await mail.do(turn.answer, Command(FAMILY, mail.now, Press(yes, 1)), context)
    mail.wait(hours=1)
    await mail.approved()
    await mail.drain()
    assert sorted(mail.phones) == [FAMILY]


async def test_who_does_not_answer_within_30_days_is_forgotten(mail: Mailroom, file: Path) -> None:
    mail.wait(days=180)
    await mail.do(asked_now, mail.now)
    await mail.do(subscriptions.go_on, FAMILY, mail.now)
    secrets = rows(file, "SELECT lookup, id, wrapped_key, body FROM subscribers")
    mail.wait(days=30, hours=-1)
    await mail.do(asked_now, mail.now)
    assert len(await list_of(mail.db)) == 3
    mail.wait(hours=1)
    await mail.do(asked_now, mail.now)
    assert await list_of(mail.db) == [FAMILY]
    stays = rows(file, "SELECT lookup, id, wrapped_key, body FROM subscribers")
    gone = [bytes(value) for row in secrets if row not in stays for value in row]
    assert len(gone) == 8
    assert await mail.db.checkpoint()
    assert found(gone, file.parent) == 0


async def test_the_question_is_not_among_what_erasing_deletes(mail: Mailroom) -> None:
    """Its number is kept nowhere; the page says that she has to delete it herself."""
    mail.wait(days=180)
    for chat in await mail.do(asked_now, mail.now):
        await mail.do(reconsent.ended, chat, Result(End.SENT, 4_711))
    shared = screens.context()
    context = Context(shared.laws, shared.catalogue, mail.db.keys.subkey(BUTTONS))
    await mail.do(turn.answer, Command(FAMILY, mail.now, Slash("borrar"), 4_712), context)
    (job,) = await mail.do(erasures.pending)
    assert job.message_ids == (4_712,)
    assert FAMILY not in await list_of(mail.db)


async def test_coming_back_is_one_press(phone: Phone) -> None:
    await phone.do(Press(_leave(), 1))
    await phone.slash("avisos")
    await phone.press("Todo lo importante")
    assert await list_of(phone.db) == [phone.chat]
    assert "Recibe avisos" in phone.text


async def test_cancelling_leaves_them_as_they_are(phone: Phone) -> None:
    await phone.slash("avisos")
    await phone.press("Todo lo importante")
    await phone.slash("cancelar")
    assert await list_of(phone.db) == [phone.chat]
    await phone.type("ALTO")
    assert await list_of(phone.db) == []


# Counters.


async def test_what_is_counted_is_how_many_came_and_went(phone: Phone) -> None:
    counts: dict[str, int] = {}
    await phone.slash("avisos")
    for words in (
        "Familias de militares",
        "Por estado…",
        "Apure",
        "Listo",
        "Quitar todos los avisos",
    ):
        counts |= (await phone.press(words)).counts
    assert counts == {"alerts=joined": 1, "alerts=left": 1}
