"""A broadcast from its first word to its last, played in the page: a mother and two organisers.

The bot behind the page is the real one, in the demo as people run it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from bot.demo import Demo
from locales.lexicon import OPENING
from tests.browser.browsing import NARROW, WIDE, open_page, phone, press, violations, write

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

REFUSED = "El tribunal abrió un mostrador. Pronto van a salir, garantizado."
TEXT = (
    "El tribunal de San Cristóbal **abrió un mostrador** para preguntar por las solicitudes.\n"
    "> Lleve copia de su cédula."
)
SEEN = "El tribunal de San Cristóbal abrió un mostrador para preguntar por las solicitudes."
CORRECTED = "El mostrador abre __el lunes__: antes dijimos que hoy, y era un error."
SEEN_NOW = "El mostrador abre el lunes: antes dijimos que hoy, y era un error."
OPENS = "Hola. Es Faro, con un aviso de los que usted pidió."


async def sit(page: Page, name: str) -> None:
    """Be this organiser from here on."""
    cast = page.get_by_role("navigation", name="Quién es usted en la organización")
    await cast.get_by_role("button", name=name).click()
    await phone(page, name).wait_for()


async def reads(page: Page, name: str, *words: str) -> None:
    """Wait until somebody's phone shows all of this in messages of the bot."""
    for one in words:
        await phone(page, name).locator(".theirs").get_by_text(one).last.wait_for()


async def has_button(page: Page, words: str, name: str) -> bool:
    return bool(await phone(page, name).get_by_role("button", name=words, exact=True).count())


async def ask_for_alerts(page: Page) -> None:
    """Let María ask for what concerns Táchira."""
    await write(page, "/avisos")
    for button in ("Personas con medidas", "Por estado…", "Siguiente ›", "Táchira"):
        await press(page, button)
    await phone(page).get_by_role("button", name="✓ Táchira").wait_for()


async def compose(page: Page) -> None:
    """Let Julia write A-01 for Táchira; what the lexicon refuses she mends."""
    await write(page, "/difusion", "Julia")
    await reads(page, "Julia", "A-01 · El texto")
    await write(page, REFUSED, "Julia")
    await reads(page, "Julia", "Hay que arreglar esto.", "«pronto»", "«garantizado»")
    await write(page, TEXT, "Julia")
    await reads(page, "Julia", "A-01 · La fuente")
    await write(page, "Cartel en la puerta del tribunal", "Julia")
    for button in ("Hoy", "‹ Más estados", "Táchira"):
        await press(page, button, "Julia")
    await reads(page, "Julia", "Son unas")
    for button in ("Listo: son éstas", "No: que espere al día"):
        await press(page, button, "Julia")
    await reads(page, "Julia", OPENS, SEEN, "Con el teléfono bloqueado se ve:")


async def approve(page: Page, name: str, author: str, other: str) -> None:
    """Ask for approval of what is called ``name`` (A-01), which only the other can give."""
    await press(page, "Pedir aprobación", author)
    await reads(page, author, f"{name} espera aprobación.")
    await write(page, "/difusiones", author)
    await press(page, name, author)
    assert not await has_button(page, "Aprobar y enviar", author)
    await sit(page, other)
    await reads(page, other, "Antes de aprobar: ¿es verdad?")
    await press(page, "Aprobar y enviar", other)
    await reads(page, other, f"Usted aprobó {name}.")


async def on_her_phone(page: Page) -> tuple[int, Any]:
    """Return how many messages María has from the bot, and the element of the newest."""
    theirs = phone(page).locator(".theirs")
    return await theirs.count(), await theirs.last.element_handle()


async def shuts_nobody_out(page: Page) -> None:
    """Look at the column of organisers as it is now, in both sizes and both lights."""
    for size in (WIDE, NARROW):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        if size == NARROW:
            await page.get_by_role("button", name="Organización", exact=True).click()
        assert await phone(page, "Julia").is_visible()
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            assert await violations(page) == [], (size, scheme)
    await page.emulate_media(color_scheme="light")
    await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})


async def test_a_broadcast_is_mended_approved_corrected_and_taken_back(
    browser: Browser, shown: Demo
) -> None:
    page = await open_page(browser, shown.box.url, size=WIDE)
    await ask_for_alerts(page)
    await sit(page, "Julia")
    await compose(page)
    await shuts_nobody_out(page)

    await approve(page, "A-01", "Julia", "Teresa")
    await reads(page, "María", SEEN)
    on_lock = await phone(page).locator(".notice .words").inner_text()
    assert on_lock.startswith(OPENS)
    assert len(on_lock) == OPENING
    assert "tribunal" not in on_lock
    await reads(page, "Teresa", "A-01 (difusión): terminada.", "No se sabe si llegó: 0")
    count, letter = await on_her_phone(page)
    assert await letter.query_selector("blockquote") is not None

    await press(page, "Corregir", "Teresa")
    await reads(page, "Teresa", "A-02 corrige A-01.")
    await write(page, CORRECTED, "Teresa")
    await approve(page, "A-02", "Teresa", "Julia")
    await reads(page, "María", SEEN_NOW)
    assert (await on_her_phone(page))[0] == count
    assert SEEN_NOW in (changed := await letter.inner_text())
    assert SEEN not in changed
    await reads(page, "Julia", "A-02 (corrección): terminada.")

    await press(page, "Retirar", "Julia")
    await reads(page, "Julia", "¿Retirar A-01?")
    await press(page, "Sí, retirar ahora", "Julia")
    await reads(page, "María", "Retiramos lo que decía este aviso: tenía un error.")
    assert (await on_her_phone(page))[0] == count
    assert SEEN_NOW not in await letter.inner_text()
    await reads(page, "Julia", "A-03 (retirada): terminada.")

    await press(page, "Dejar de recibir")
    await reads(page, "María", "Ya no le llegarán avisos de Faro.")
