"""One press withdraws, everybody who may is told, and anybody of them restores it after a look."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.broadcasts.messages import (
    OrganiserFile,
    OrganiserOther,
    OrganiserPress,
    OrganiserSlash,
    OrganiserText,
)
from helpdesk.desk import outbox
from helpdesk.editorial import answer, editorial, expected, things
from helpdesk.editorial.answer import COMMANDS
from helpdesk.editorial.things import Kind
from helpdesk.messages import Part
from store import Tx, organiser_state, withdrawals
from store.posts import PostState
from tests.helpdesk.editorial.newsroom import ANA, BEA, LEAD, VOLUNTEER, Newsroom

NOBODY = 700_123_456
STEP = "answer:step.appeal_now"


async def gone(room: Newsroom) -> dict[str, str]:
    found = await room.db.transaction(withdrawals.every)
    return {thing: one.by for thing, one in found.items()}


async def test_from_the_command_to_the_press(room: Newsroom) -> None:
    assert "¿Qué puede estar mal?" in await room.slash(ANA, "retirar")
    assert "Elija un paso" in await room.press(ANA, "Un paso")
    assert "Siguientes ›" in room.labels(ANA)
    await room.press(ANA, "Siguientes ›")
    await room.press(ANA, "‹ Anteriores")
    shown = await room.press(ANA, "Llame hoy al defensor y dígale que quiere apelar")
    assert "5 días hábiles" in shown
    assert "El plazo puede ser muy corto" in shown, "and what they will read instead"
    assert await gone(room) == {}, "a look withdraws nothing"
    assert "Por qué: cambió el plazo" in await room.type(ANA, "cambió  el\nplazo")
    assert "Retirado: un paso" in await room.press(ANA, "Retirar ahora")
    assert await gone(room) == {STEP: "V-01"}
    for told in (BEA, LEAD):
        assert "V-01 retiró un paso" in room.text(told)
        assert "Por qué: cambió el plazo" in room.text(told)
    assert VOLUNTEER not in room.said


async def test_a_reason_is_not_needed_and_is_kept_nowhere(room: Newsroom) -> None:
    await room.slash(ANA, "retirar", "apelar hábiles")
    await room.press(ANA, "Llame hoy al defensor y dígale que quiere apelar")
    await room.type(ANA, "porque sí")
    await room.press(ANA, "Retirar ahora")
    assert "porque sí" not in str(await room.db.transaction(organiser_state.get))
    await room.withdraw("answer:step.ngo_lawyer")
    assert "Por qué" not in room.text(BEA)


@pytest.mark.parametrize("typed", ["cancelar", "Cancelar.", "salir"])
async def test_a_word_that_stops_is_no_reason(room: Newsroom, typed: str) -> None:
    await room.press_data(ANA, f"ed.see:{STEP}")
    assert await room.type(ANA, typed) == "Está bien: no espero nada más."
    assert await room.refused(ANA, OrganiserText("y otra cosa", "y otra cosa"))


async def test_a_reason_belongs_to_what_was_on_the_screen(room: Newsroom) -> None:
    await room.press_data(ANA, f"ed.see:{STEP}")
    await room.type(ANA, "el plazo cambió")
    await room.withdraw("answer:step.ngo_lawyer")
    assert "el plazo cambió" not in room.text(BEA)


@pytest.mark.parametrize("kind", list(Kind))
async def test_every_kind_can_be_looked_through(room: Newsroom, kind: Kind) -> None:
    await room.slash(ANA, "retirar")
    await room.press_data(ANA, f"ed.kind:{kind}.0")
    assert "‹ Volver" in room.labels(ANA)
    await room.press_data(ANA, f"ed.kind:{kind}.99")
    assert "Siguientes ›" not in room.labels(ANA)


async def test_words_find_it_and_other_words_are_asked_for(room: Newsroom) -> None:
    await room.slash(LEAD, "retirar")
    assert "No encontré" in await room.type(LEAD, "xyzxyz")
    assert "Encontré esto" in await room.type(LEAD, "homicidio intencional")
    shown = await room.press(LEAD, room.labels(LEAD)[0])
    assert "Esto es una regla" in shown
    assert "Por eso ahora no le puedo decir cómo se ve el caso" in shown


async def test_whoever_may_restores_what_another_withdrew(room: Newsroom) -> None:
    await room.withdraw(STEP, "rule:homicidio", by=LEAD)
    listed = await room.slash(BEA, "restaurar")
    assert "(un paso): lo retiró V-03 el 21 de noviembre de 2026" in listed
    assert "(una regla): lo retiró V-03" in listed
    shown = await room.press(BEA, "⏸ Hay un cargo de homicidio intencional")
    assert "La ley deja fuera esos casos" in shown, "it is read before it is restored"
    assert "Restaurado: una regla" in await room.press(BEA, "Restaurar")
    assert await gone(room) == {STEP: "V-03"}
    assert "V-02 restauró una regla" in room.text(LEAD)
    assert "V-02 restauró una regla" in room.text(ANA)
    assert "Eso no está retirado" in await room.press_data(BEA, "ed.on:rule:homicidio")


async def test_what_is_withdrawn_already_says_so(room: Newsroom) -> None:
    await room.withdraw(STEP)
    assert await room.press_data(BEA, f"ed.off:{STEP}") == "Eso ya lo retiró V-01."
    assert await gone(room) == {STEP: "V-01"}
    await room.press_data(BEA, "ed.kind:step.0")
    assert any(one.startswith("⏸ Llame hoy al defensor") for one in room.labels(BEA))


async def test_nothing_is_withdrawn_twice_over_and_the_list_ends(room: Newsroom) -> None:
    assert await room.slash(ANA, "restaurar") == "No hay nada retirado."
    await room.press_data(ANA, "ed.kind:page.0")
    names = [f"answer:why_ask.{one}" for one in ("date", "event", "charges", "group", "phase")]
    names += [f"answer:change.{one}" for one in ("charges", "event", "fact_date", "phase")]
    names += [f"answer:paper.{one}" for one in ("charges", "event", "fact_date", "phase")]
    names += [f"rule:evento_{one}" for one in ("mayo_2007", "protestas_2014", "primarias_2023")]
    names += [f"answer:step.{one}" for one in ("ngo_lawyer", "appeal_now", "commission")]
    names += ["figure:channels", "figure:rejected", "answer:canned.money"]
    await room.withdraw(*names)
    assert "Y 2 más" in await room.slash(ANA, "restaurar")


@pytest.mark.parametrize(
    "forged",
    [
        *("ed.off:rule:nothing_such", "ed.off:answer:page.erase", "ed.off:x", "ed.off:"),
        *("ed.see:contact:nobody", "ed.kind:emperor.0", "ed.kind:rule.-1", "ed.kind:rule.²"),
        *("ed.nothing:-", "ed.publish:" + "0" * 32, "ed.drop:x", "ed.on:rule:homicidio"),
    ],
)
async def test_a_forged_press_does_nothing(room: Newsroom, forged: str) -> None:
    said = await room.press_data(ANA, forged)
    assert said in ("Ese botón ya no vale. Empiece de nuevo con la orden.", "Eso no está retirado.")
    assert await gone(room) == {}


async def test_to_everybody_else_it_is_not_there(room: Newsroom) -> None:
    await room.slash(ANA, "retirar")
    for user in (VOLUNTEER, NOBODY):
        for name in COMMANDS:
            assert await room.refused(user, OrganiserSlash(name))
        assert await room.refused(user, OrganiserPress(f"ed.off:{STEP}", 1))
        assert await room.refused(user, OrganiserText("homicidio", "homicidio"))
        assert await room.refused(user, OrganiserFile("f", 2, b"{}"))
        assert not await room.db.transaction(answer.awaits_file, user)
    assert await gone(room) == {}


async def test_only_what_is_waited_for_is_ours(room: Newsroom) -> None:
    typed = OrganiserText("homicidio", "homicidio")
    assert await room.refused(ANA, typed)
    assert await room.refused(ANA, OrganiserSlash("start"))
    assert await room.refused(ANA, OrganiserSlash("cancelar"))
    assert await room.refused(ANA, OrganiserPress("bc.ok:x", 1))
    await room.slash(ANA, "retirar")
    assert await room.refused(ANA, OrganiserOther())
    assert await room.refused(ANA, OrganiserFile("f", 2, b"{}"))
    assert await room.refused(BEA, typed), "what Ana does is not Bea's"
    assert "no espero nada más" in await room.slash(ANA, "cancelar")
    assert await room.refused(ANA, typed)
    await room.slash(ANA, "retirar")
    room.phone.now += timedelta(seconds=expected.VALID)
    assert await room.refused(ANA, typed), "nobody waits for half an hour"


async def test_what_was_waited_for_is_forgotten_when_she_turns_to_something_else(
    room: Newsroom,
) -> None:
    await room.slash(ANA, "publicar")
    assert await room.db.transaction(answer.awaits_file, ANA)
    await room.slash(ANA, "retirar")
    assert not await room.db.transaction(answer.awaits_file, ANA)


async def test_the_menu_offers_what_a_role_permits(room: Newsroom) -> None:
    for user, count in ((ANA, 4), (LEAD, 4), (VOLUNTEER, 0)):
        assert len(answer.buttons(await room.member(user))) == count
    for one in answer.buttons(await room.member(LEAD)):
        await room.press_data(LEAD, one.token)


async def test_acts_are_counted_and_nobody_is_in_the_counters(room: Newsroom) -> None:
    reply = await room.do(ANA, OrganiserPress("ed.off:rule:homicidio", 1))
    assert reply.counts == {"withdrawal=rule": 1}
    reply = await room.do(BEA, OrganiserPress("ed.on:rule:homicidio", 1))
    assert reply.counts == {"restored=rule": 1}


async def test_a_state_of_another_form_waits_for_nothing(room: Newsroom) -> None:
    def break_it(tx: Tx) -> None:
        organiser_state.put(tx, {"editorial_next": {"V-01": {"next": "dance", "at": 1}}})

    await room.db.transaction(break_it)
    assert await room.refused(ANA, OrganiserText("a", "a"))
    await room.slash(ANA, "retirar")


async def test_the_group_is_told_what_is_still_said_of_first_aid(room: Newsroom) -> None:
    """Or volunteers would leave unsaid what Faro goes on saying."""
    words = room.studio.words("es")
    for name in things.every(words, room.context.look(room.now).law)[Kind.STEP]:
        await room.withdraw(name)
        said = (await room.db.transaction(to_the_group))[-1]
        assert said.params["who"] == "V-01"
        own = [one for key in things.keys(name, words) if (one := editorial.first_aid(key))]
        if own:
            assert said.key == "editorial.withdrawn.group_first_aid", name
            assert words.plain(own[0]) in str(said.params["text"])
        else:
            assert said.key == "editorial.withdrawn.group", name
    await room.press_data(ANA, f"ed.on:{name}")
    assert (await room.db.transaction(to_the_group))[-1].key == "editorial.restored.group"


def to_the_group(tx: Tx) -> list[Part]:
    """Give what waits to be said in General, the oldest first."""
    posts = outbox.into_group(outbox.every(tx, PostState.WAITING))
    shown = [kept.post.shows for kept in posts]
    return [part for screen in shown if screen is not None for part in screen.parts]
