"""What the page can do beside chatting: people, messages, clock, faults, lost connections."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from sandbox import Person, Sandbox
from tests.browser.browsing import open_page, phone, write

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]


async def test_a_second_person_has_her_own_phone(
    browser: Browser, box: Sandbox, maria: Person
) -> None:
    page = await open_page(browser, box.url)
    await page.get_by_role("button", name="Añadir persona").click()
    await page.get_by_label("Nombre").fill("Señora <b>Carmen</b>")
    await page.get_by_role("button", name="Añadir", exact=True).click()
    name = "Señora <b>Carmen</b>"  # a name is never read as HTML
    await phone(page, name).wait_for()
    await write(page, "/start", name)
    await phone(page, name).locator(".theirs").wait_for()
    assert await phone(page).locator(".message").count() == 0
    assert await phone(page).is_visible()  # side by side
    await page.get_by_role("button", name="María").click()
    assert await page.locator(":focus").get_attribute("aria-label") == "Mensaje de María"


async def test_own_messages_can_be_changed_and_deleted(
    browser: Browser, box: Sandbox, maria: Person
) -> None:
    page = await open_page(browser, box.url)
    await write(page, "hola")
    own = phone(page).locator(".own")
    await own.get_by_label("Opciones del mensaje").click()
    await own.get_by_role("button", name="Cambiar").click()
    await write(page, "buenas")
    await own.get_by_text("editado").wait_for()
    assert maria.screen()[0].history == ["hola", "buenas"]
    await own.get_by_label("Opciones del mensaje").click()
    await own.get_by_role("button", name="Borrar para los dos").click()
    await own.wait_for(state="detached")
    assert not any(message.text == "buenas" for message in maria.screen())


async def test_blocking_and_unblocking(browser: Browser, box: Sandbox, maria: Person) -> None:
    page = await open_page(browser, box.url)
    await phone(page).get_by_label("Opciones del chat").click()
    await phone(page).get_by_role("button", name="Bloquear a Faro").click()
    await phone(page).get_by_role("button", name="Desbloquear").wait_for()
    assert maria.chat.blocked
    await phone(page).get_by_role("button", name="Desbloquear").click()
    await phone(page).get_by_role("textbox").wait_for()
    assert not maria.chat.blocked


async def test_the_menu_is_the_bots(browser: Browser, box: Sandbox, maria: Person) -> None:
    page = await open_page(browser, box.url)
    await phone(page).get_by_text("Menú").click()
    await phone(page).get_by_role("button", name="/privacidad").click()
    await maria.wait_until(lambda: bool(maria.from_bot()))
    await phone(page).locator(".theirs").first.wait_for()


async def test_the_clock_is_the_bots_too(browser: Browser, box: Sandbox, maria: Person) -> None:
    """After seven days the session is gone: the bot's own clock moved, and it tidied up."""
    page = await open_page(browser, box.url)
    await write(page, "/start")
    await maria.next_message()
    before = box.clock.now()
    for _ in range(2):
        await page.get_by_role("button", name="7 días").click()
    await page.get_by_text("El reloj avanzó 7 días").wait_for()
    assert box.clock.now() - before >= timedelta(days=14)
    question = phone(page).get_by_role("button", name="Sí, y no responden")
    shown = maria.last().date
    await question.click()
    # The old question belongs to nobody any more: she gets the first one anew.
    await maria.wait_until(lambda: maria.last().date > shown or bool(maria.last().edit_date), 10)


async def test_faults_are_ordered_and_told(browser: Browser, box: Sandbox, maria: Person) -> None:
    page = await open_page(browser, box.url)
    await page.get_by_label("Qué falla").select_option("server_error")
    await page.get_by_label("Veces").fill("2")
    await page.get_by_role("button", name="Provocar la falla").click()
    await page.get_by_text("Error 502 al enviar: 2 veces más").wait_for()
    await write(page, "/start")
    await page.get_by_text("Quiso enviar un mensaje a María: Telegram no pudo").first.wait_for()
    await page.get_by_label("Qué falla").select_option("hang")
    await page.get_by_role("button", name="Provocar la falla").click()
    await page.get_by_role("button", name="Quitar todas las fallas").click()
    await page.get_by_role("button", name="Quitar todas las fallas").wait_for(state="hidden")
    assert box.faults.waiting() == []
    await phone(page).locator(".theirs").wait_for()
    await page.get_by_text("Envió un mensaje a María").first.wait_for()


async def test_a_lost_stream_resumes(browser: Browser, box: Sandbox, maria: Person) -> None:
    """What happened while the page was cut off comes after it, once, and what was typed stays."""
    page = await open_page(browser, box.url)
    await write(page, "/start")
    await phone(page).locator(".theirs").wait_for()
    box_of_hers = phone(page).get_by_role("textbox")
    await box_of_hers.fill("a medio escribir")
    await box.stop()
    await page.get_by_text("Sin conexión").wait_for()
    await maria.send("hola")
    await box.start()
    await phone(page).locator(".own").nth(1).wait_for()
    await page.get_by_text("Sin conexión").wait_for(state="hidden")
    assert await phone(page).locator(".own").count() == 2
    assert await box_of_hers.input_value() == "a medio escribir"


async def test_the_lock_screen_tells_sound_from_silence(
    browser: Browser, box: Sandbox, maria: Person
) -> None:
    page = await open_page(browser, box.url)
    await write(page, "/start")
    message = await maria.next_message()
    lock = phone(page).locator(".lock")
    await lock.get_by_text("en silencio" if message.silent else "con sonido").wait_for()
    shown = await lock.locator(".words").text_content() or ""
    assert shown == message.lock_screen()
    assert 0 < len(shown) <= 120
