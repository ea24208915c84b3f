"""A case from its beginning to its end, played in the page: mother, two volunteers, and a lead.

The bot behind the page is the real one, in the demo as people run it.
"""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.demo import Demo
from helpdesk.desk import queue
from tests.browser.browsing import WIDE, open_page, phone, press, violations, write
from tests.browser.desk import open_topic, room, seat

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ASKED = "¿Qué papel pido primero?"
ANSWER = "Pida al defensor copia del acta de presentación: es gratis."
NOTE = "Si no la consigue, pregunto a Carmen."
HELD = "Le pueden pedir 5 dólares por la copia. No los pague."


async def ask_for_a_person(page: Page) -> str:
    """Play María until she waits; gives the code of her case."""
    await write(page, "quiero hablar con una persona")
    for button in ("Los papeles o la solicitud", "Puede esperar", "Sí"):
        await press(page, button)
    waits = phone(page).locator(".theirs").get_by_text("Su número es").last
    (code,) = re.findall(r"Su número es (\w{3}-\w{3})\.", await waits.inner_text())
    await write(page, ASKED)
    await phone(page).locator(".theirs").get_by_text("Recibido, gracias.").wait_for()
    return str(code)


async def answer(there: Locator, theirs: str, words: str) -> None:
    """Reply, in a topic, to a message of the family's."""
    await there.locator(".theirs .bubble").filter(has_text=theirs).first.click()
    await there.get_by_role("button", name="Responder").first.click()
    await say(there, words)


async def say(there: Locator, words: str) -> None:
    box = there.get_by_role("textbox")
    await box.fill(words)
    await box.press("Enter")
    await there.locator(".own").get_by_text(words).wait_for()


async def test_a_case_is_answered(browser: Browser, shown: Demo) -> None:
    mesa = shown.mesa
    assert mesa is not None
    anas = await open_page(browser, shown.box.url, size=WIDE)
    luiss = await open_page(browser, shown.box.url, size=WIDE)
    await seat(luiss, "Luis").click()
    maria = phone(anas).locator(".theirs")

    code = await ask_for_a_person(anas)
    shown.box.clock.forward(timedelta(seconds=queue.EVERY))
    both = [(anas, "Ana", "V-01"), (luiss, "Luis", "V-02")]
    buttons = [
        room(page, "General", name).get_by_role("button", name=f"Tomar {code}")
        for page, name, _ in both
    ]
    for button in buttons:
        await button.wait_for()
    await asyncio.gather(*(button.click() for button in buttons))
    dialogs = [page.get_by_role("dialog") for page, _, _ in both]
    theirs = [page.get_by_text(f"{code} es suyo.").or_(dialog)
              for (page, _, _), dialog in zip(both, dialogs, strict=True)]  # fmt: skip
    for one in theirs:
        await one.wait_for()
    lost = [await dialog.is_visible() for dialog in dialogs]
    assert sorted(lost) == [False, True]
    (page, name, who), (other, _, _) = both if lost[1] else both[::-1]
    await other.get_by_role("dialog").get_by_text(f"{code} ya lo tiene {who}.").wait_for()
    await other.get_by_role("button", name="Entendido").click()

    await open_topic(page, code)
    topic = f"{code} · Papeles"
    there = room(page, topic, name)
    await there.locator(".theirs").get_by_text(ASKED).wait_for()
    await maria.get_by_text(f"Ya hay una persona con usted: {who}").wait_for()
    assert await violations(page) == []

    await answer(there, ASKED, ANSWER)
    await maria.get_by_text(ANSWER).wait_for()
    receipt = there.locator(".theirs").filter(has_text="✓ Entregado.")
    await receipt.wait_for()
    await say(there, NOTE)
    await answer(there, ASKED, HELD)
    await there.get_by_text("Retenido: todavía no salió.").wait_for()
    # By now the note would be there too, had it gone out.
    assert await maria.get_by_text(HELD).or_(maria.get_by_text(NOTE)).count() == 0

    await there.get_by_role("button", name="Confirmar y enviar").click()
    await page.get_by_text("Lo tiene que confirmar otra persona.").wait_for()
    await page.get_by_role("button", name="Entendido").click()
    await seat(other, "Carmen").click()
    await open_topic(other, code)
    await room(other, topic, "Carmen").get_by_role("button", name="Confirmar y enviar").click()
    await maria.get_by_text(HELD).wait_for()
    await there.get_by_text("V-03 lo leyó y lo confirmó.").wait_for()

    await there.get_by_role("button", name="Retirar respuesta").first.click()
    await maria.get_by_text(ANSWER).wait_for(state="detached")
    await there.get_by_text(f"{who} la retiró.").wait_for()

    await say(there, "/cerrar")
    await there.get_by_role("button", name="Resuelto").click()
    await maria.get_by_text(f"Terminamos la consulta {code}").wait_for()
    await there.get_by_text("Este tema está cerrado.").wait_for()
    assert await maria.get_by_text(NOTE).count() == 0
    said = " ".join(one.text for one in mesa.group.screen())
    assert "María" not in said
