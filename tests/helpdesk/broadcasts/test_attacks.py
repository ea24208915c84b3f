"""A family who leaves and erases in any moment of a call is nowhere after it; scams do not pass.

Each of these once worked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

import pytest

from helpdesk import subscriptions
from helpdesk.audience import Segment, Topic, Wishes
from helpdesk.broadcasts import checks, composing, formatting
from helpdesk.broadcasts.messages import OrganiserText
from helpdesk.broadcasts.presses import data
from store import Database, Tx, erase_jobs, ledger, subscribers
from tests.helpdesk.broadcasts.mailroom import Mailroom
from tests.helpdesk.broadcasts.test_checks import NOW, STUDIO, draft, keys
from tests.helpdesk.broadcasts.writing_room import ANA, FIRST_FAMILY, SOURCE, Room


@pytest.mark.parametrize("again", [False, True], ids=["left", "left and came back"])
async def test_who_leaves_and_then_erases_during_her_call_keeps_no_message_and_no_row(
    db: Database, now: datetime, again: bool
) -> None:
    room = Mailroom(db, now)
    await room.open(12)
    sent = await room.approved()
    ready = await room.ready()

    def leaves_and_erases(tx: Tx) -> None:
        subscriptions.stop(tx, ready.chat)
        if again:
            subscriptions.toggle_topic(tx, ready.chat, Topic.ALL, now)
        ledger.forget(tx, ready.chat)
        subscriptions.stop(tx, ready.chat)

    await room.do(leaves_and_erases)
    await room.end(ready)
    (job,) = await room.do(erase_jobs.pending)
    assert (job.chat, job.message_ids) == (ready.chat, (room.last,))
    assert room.erased == [ready.chat]
    assert await room.do(ledger.message_ids, ready.chat, now) == ()
    assert await room.tally(sent) == {"SENT": 1, "PENDING": 11}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # In code Telegram marks no link, and the code is left out of the letter: then it makes one.
        ("Vea cita-tsj.ru para su turno.", "filter.link"),
        ("Vea citas.gg para su turno.", "filter.link"),
        ("Vea https://foropenal.com/0414-5551234 y llame.", "link.odd"),
        ("Busque en Telegram a FaroAyudaBot.", "filter.handle"),
        ("Pᴀɢᴜᴇ ᴇɴ ᴢᴇʟʟᴇ.", "filter.disguise"),
        ("No olvide pagar la tasa del sello en el mostrador.", "filter.money"),
        ("Sin falta pague la gestión.", "filter.money"),
        ("Envíe saldo al abogado.", "filter.money"),
        ("Mándenos la foto de la cédula por aquí.", "word"),
        ("Escriba aquí el nombre completo de su familiar.", "word"),
        ("Los de Táchira serán excarcelados.", "word"),
        ("Todos los de 2014 salen libres.", "word"),
        ("Mañana liberan a todos los del penal.", "word"),
        ("Los casos de 2017 ya forman parte de la ley.", "word"),
        ("La amnistía es también para los de 2014.", "word"),
        ("Ya es seguro volver.", "word"),
        ("Soldiers are now covered by the amnesty and will soon be released.", "word"),
    ],
)
def test_no_scam_and_no_outcome_passes(text: str, found: str) -> None:
    assert found in keys(draft(f"Hay un mostrador nuevo en San Cristóbal. {text}"))


@pytest.mark.parametrize("source", ["Tribunal, citas.gg", "Foro Penal (foro-penal.ru)"])
def test_a_source_is_no_way_to_have_a_link(source: str) -> None:
    assert "filter.link" in keys(draft(source=source))
    assert keys(draft(source=f"{SOURCE} (EE.UU.)")) == []


@pytest.mark.parametrize("gap", ["\n \n" * 150, "\n\u2800" * 300, "\u3164" * 300, "\xa0" * 300])
def test_nothing_is_pushed_out_of_sight_of_whoever_approves(gap: str) -> None:
    text = f"Hay un mostrador.{gap}Lleve dos copias."
    made = formatting.clean(OrganiserText(escape(text, quote=False), text))
    assert len(made.plain) <= len("Hay un mostrador. Lleve dos copias.") + 2
    assert made.plain.split() == text.replace("\u2800", " ").replace("\u3164", " ").split()


def test_a_text_far_too_long_is_not_read_at_all() -> None:
    """The filter takes seconds for four thousand digits, and families would wait for it."""
    found = checks.of_text(draft("0414" * 1000), STUDIO, NOW)
    assert [part.key for part in found] == ["broadcast.fault.long"]


async def test_nobody_begins_drafts_without_end(db: Database, now: datetime) -> None:
    room = Room(db, now)
    await room.organisers(ANA)
    for _ in range(composing.MOST_OPEN):
        await room.send(ANA, data("another"))
        await room.type(ANA, "Un mostrador.")
    assert "sin terminar" in room.alert(await room.send(ANA, data("another")))
    assert len(await room.all()) == composing.MOST_OPEN


async def test_families_are_opened_once_however_often_a_size_is_looked_at(
    db: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Opening 20,000 takes half a second in which nobody else is answered."""
    room = Room(db, now)
    await room.families(12, Topic.ALL)
    await room.families(3, Topic.MEASURES, first=FIRST_FAMILY + 100)
    opened: list[int] = []
    read = subscriptions.read

    def counted(one: subscribers.Subscriber) -> Wishes:
        opened.append(1)
        return read(one)

    monkeypatch.setattr(subscriptions, "read", counted)
    every, few = Segment(topics=frozenset({Topic.ALL})), Segment(topics=frozenset(Topic))
    for _ in range(3):
        assert await room.do(subscriptions.size, every, now) == 12
        assert await room.do(subscriptions.size, few, now) == 15
        assert await room.do(subscriptions.to_ask, now, 25) == []
        assert await room.do(subscriptions.expire, now) == 0
    assert len(opened) == 15
    # What changed is seen at once, and so is time that passed.
    await room.do(subscriptions.stop, FIRST_FAMILY)
    assert await room.do(subscriptions.size, every, now) == 11
    assert await room.do(subscriptions.size, every, now + subscriptions.REASK) == 0
    late = now + subscriptions.REASK + timedelta(hours=1)
    assert len(await room.do(subscriptions.to_ask, late, 25)) == 14
