"""A file goes out by the press of a second person, over the very bytes she was shown; and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.desk import staff
from helpdesk.editorial import answer, publishing
from helpdesk.editorial.publishing import Proposal
from store import Database, Tx, organiser_state, published
from tests.helpdesk.editorial.newsroom import ANA, BEA, LEAD, Newsroom
from tests.helpdesk.editorial.test_families import back, to_the_result

EXAMPLE = (Path(__file__).parents[3] / "docs" / "publicado.ejemplo.yaml").read_text("utf-8")
NOTHING_OF_OURS = "No tenemos un contacto comprobado"


async def publish(room: Newsroom, text: str = EXAMPLE) -> None:
    await room.slash(ANA, "publicar")
    await room.send(ANA, text)
    await room.press(BEA, "Publicar")
    assert (await room.db.transaction(published.get) or (0, ""))[1] == text


async def who_helps(room: Newsroom) -> str:
    """All pages of who helps, one after another."""
    await room.phone.slash("ayuda")
    await room.act("open:who_helps")
    read = [room.phone.text]
    while (further := f"page:{len(read)}") in await room.actions():
        await room.act(further)
        read.append(room.phone.text)
    assert all(len(one) <= 900 for one in read)
    return "\n\n".join(read)


async def test_from_the_command_to_the_second_press(room: Newsroom) -> None:
    assert "Todavía no se ha publicado nada" in await room.slash(ANA, "publicar")
    assert await room.db.transaction(answer.awaits_file, ANA)
    shown = await room.send(ANA, EXAMPLE)
    assert "Nuevo, contacto" in shown
    assert "Comprobado el 15 de noviembre de 2026." in shown
    assert "Checked on 15 November 2026." in shown
    assert "Se lo mostré a V-02 y V-03" in shown
    assert room.labels(ANA) == ["Descartar"]
    assert not await room.db.transaction(answer.awaits_file, ANA)
    assert "Lo mandó V-01" in room.text(BEA)
    button = room.button(LEAD, "Publicar")
    assert await room.db.transaction(published.get) is None, "one alone publishes nothing"
    assert "tiene que publicarlo otra persona" in await room.press_data(ANA, button)
    assert "Lo mandó V-01 y lo aprobó V-03" in await room.press_data(LEAD, button)
    assert "lo aprobó V-03" in room.text(ANA)
    assert await room.db.transaction(published.get) == (1, EXAMPLE)
    assert await room.db.transaction(published.who) == ("V-03", published_hour(room))
    assert "ya no vale" in await room.press_data(BEA, button), "a press counts once"
    assert "el número 1, que aprobó V-03" in await room.slash(BEA, "publicar")


def published_hour(room: Newsroom) -> int:
    return int(room.now.timestamp() // 3600)


async def test_families_read_it_at_the_next_command(room: Newsroom) -> None:
    await to_the_result(room)
    assert "rechazado unas 24" in room.phone.text
    assert NOTHING_OF_OURS in await who_helps(room)
    await publish(room)
    text = await back(room)
    assert "rechazado unas 50 (cifra inventada, octubre de 2026)" in text
    assert "24" not in text.replace("2024", "")
    shown = await who_helps(room)
    assert NOTHING_OF_OURS not in shown
    assert "Defensa Inventada: abogados gratis" in shown
    assert "+58 212-5550100" in shown
    assert shown.index("Es un órgano del Estado") < shown.index("avenida Inventada")
    assert "Cuídese" in shown
    await room.phone.slash("idioma")
    await room.act("language:en")
    shown = await who_helps(room)
    assert "Defensa Inventada: free lawyers" in shown
    assert "Checked on 15 November 2026" in shown
    assert "We do not have a checked contact" not in shown


async def test_a_note_on_practice_says_that_nobody_signed_it(room: Newsroom) -> None:
    await to_the_result(room)
    await room.act("open:reasons")
    assert "por sí solo, no está entre los que la ley deja fuera" in room.phone.text
    await publish(room)
    await back(room)
    await room.act("open:reasons")
    assert "nota inventada" in room.phone.text
    assert "Ningún abogado lo ha firmado" in room.phone.text


async def test_a_contact_hides_after_90_days_and_when_it_is_withdrawn(room: Newsroom) -> None:
    await publish(room)
    await room.withdraw("contact:ejemplo_defensa")
    shown = await who_helps(room)
    assert "Defensa Inventada" not in shown
    assert "avenida Inventada" in shown
    await room.withdraw("contact:comision")
    assert NOTHING_OF_OURS in await who_helps(room)
    for one in ("contact:comision", "contact:ejemplo_defensa"):
        await room.press_data(BEA, f"ed.on:{one}")
    assert NOTHING_OF_OURS not in await who_helps(room)
    room.phone.wait(days=90)
    assert NOTHING_OF_OURS in await who_helps(room)
    assert "rechazado unas 50" not in room.phone.text


async def test_faults_are_told_and_the_file_may_come_again(room: Newsroom) -> None:
    await room.slash(ANA, "publicar")
    told = await room.send(ANA, EXAMPLE.replace("state: false", "state: tal vez"))
    assert "una falta" in told
    assert "contacts[1].state" in told
    assert "Escriba true (sí) o false (no)." in told
    many = "contacts:\n" + "  - id: X\n" * 40
    assert "Y " in (await room.send(ANA, many)).split("\n\n")[-1]
    assert "64 KB" in await room.send(ANA, None)
    assert "como documento" in await room.type(ANA, "aquí está")
    assert BEA not in room.said
    assert "Qué cambia." in await room.send(ANA, EXAMPLE)


async def test_another_file_is_another_proposal(room: Newsroom) -> None:
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE)
    old = room.button(BEA, "Publicar")
    await room.slash(LEAD, "publicar")
    await room.send(LEAD, EXAMPLE.replace("unas 50", "unas 51"))
    assert "ya no vale" in await room.press_data(BEA, old)
    assert await room.db.transaction(published.get) is None


async def test_a_proposal_waits_a_day_and_not_for_whoever_left(room: Newsroom) -> None:
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE)
    button = room.button(BEA, "Publicar")
    room.phone.wait(seconds=publishing.VALID)
    assert "ya no vale" in await room.press_data(BEA, button)
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE)
    await room.db.transaction(staff.remove, "V-01")
    assert "ya no puede publicar" in await room.press(BEA, "Publicar")
    assert await room.db.transaction(published.get) is None


async def test_it_is_checked_again_at_the_press(room: Newsroom) -> None:
    """Whatever lies there: what could not be published is not, by no press."""
    wrong = Proposal(text="figures:\n  - id: x\n", by="V-01", at=int(room.now.timestamp()))

    def leave(tx: Tx) -> None:
        organiser_state.put(tx, {"editorial_proposal": wrong.model_dump(mode="json")})

    await room.db.transaction(leave)
    assert "faltas" in await room.press_data(BEA, f"ed.publish:{wrong.hash}")
    assert await room.db.transaction(published.get) is None


async def test_anybody_who_may_puts_it_away(room: Newsroom) -> None:
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE)
    assert "V-03 descartó el archivo que mandó V-01" in await room.press(LEAD, "Descartar")
    assert "descartó" in room.text(ANA)
    assert await room.db.transaction(publishing.proposal, room.now) is None


async def test_the_one_before_can_be_proposed_again(room: Newsroom) -> None:
    assert await room.slash(ANA, "publicar", "anterior") == "No hay otro anterior."
    await publish(room)
    newer = EXAMPLE.replace("unas 50", "unas 51")
    await publish(room, newer)
    assert "Cambia: rejected" in await room.slash(LEAD, "publicar", "Anterior")
    await room.press(ANA, "Publicar")
    assert await room.db.transaction(published.get) == (3, EXAMPLE)
    assert "dice lo mismo" in await send_again(room)


async def send_again(room: Newsroom) -> str:
    await room.slash(ANA, "publicar")
    return await room.send(ANA, EXAMPLE)


async def test_the_preview_says_what_goes_and_what_stays_hidden(room: Newsroom) -> None:
    await publish(room)
    await room.withdraw("figure:rejected")
    fewer = EXAMPLE[: EXAMPLE.index("  - id: comision")] + EXAMPLE[EXAMPLE.index("# Una cifra") :]
    fewer = fewer.replace("2026-11-15", "2026-08-01")
    fewer = fewer[: fewer.index("# Una nota")]
    await room.slash(ANA, "publicar")
    shown = await room.send(ANA, fewer)
    assert "Se quita el contacto: Comisión de la Asamblea (dato inventado)" in shown
    assert "Vuelve el texto de Faro: note.terrorism_2024" in shown
    assert "hace más de 90 días: Defensa Inventada" in shown
    assert "Sigue retirado, y no se muestra hasta que alguien lo restaure: rejected" in shown


async def test_a_preview_of_a_full_file_fits_messages(room: Newsroom) -> None:
    one = EXAMPLE[EXAMPLE.index("  - id: ejemplo_defensa") : EXAMPLE.index("  - id: comision")]
    full = "contacts:\n" + "".join(
        one.replace("ejemplo_defensa", f"ejemplo_{number}").replace(
            "Defensa Inventada", f"Defensa Inventada {number}"
        )
        for number in range(40)
    )
    await room.slash(ANA, "publicar")
    await room.send(ANA, full)
    assert len(room.said[BEA]) > 1
    await room.press(BEA, "Publicar")
    shown = await who_helps(room)
    assert all(f"Defensa Inventada {number}:" in shown for number in range(40))


async def test_one_alone_is_told_so(db: Database) -> None:
    room = Newsroom(db)
    await db.transaction(staff.ensure, ANA, staff.Role.ORGANISER)
    await room.slash(ANA, "publicar")
    shown = await room.send(ANA, EXAMPLE)
    assert "hoy nadie más puede" in shown
    assert room.labels(ANA) == ["Descartar"]


@pytest.mark.parametrize("broken", ["contacts: 3", "figures: [", ""])
async def test_a_kept_file_that_cannot_be_read_leaves_our_own_words(
    room: Newsroom, broken: str
) -> None:
    await room.db.transaction(published.put, broken, "V-01", room.now)
    await to_the_result(room)
    assert "rechazado unas 24" in room.phone.text


async def test_the_buttons_are_only_for_who_got_every_page(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_MESSAGE", 400)
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE)
    shown = {who: room.said[who] for who in (ANA, BEA, LEAD)}
    await room.slash(BEA, "publicar")
    begun, *again = room.said[BEA]
    assert not begun.needs_the_one_before
    assert again == shown[BEA], "who opens it again sees all of it anew"
    for pages in shown.values():
        assert len(pages) > 2
        assert [one.needs_the_one_before for one in pages] == [False] + [True] * (len(pages) - 1)
        assert [bool(one.screen and one.screen.rows) for one in pages] == [
            *[False] * (len(pages) - 1),
            True,
        ]


async def test_what_fits_one_message_needs_no_other(room: Newsroom) -> None:
    await room.slash(ANA, "publicar")
    await room.send(ANA, EXAMPLE[: EXAMPLE.index("  - id: comision")])
    (only,) = room.said[BEA]
    assert not only.needs_the_one_before
    assert only.screen is not None
    assert only.screen.rows
