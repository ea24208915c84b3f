"""A newcomer plays a mother in the browser; the bot behind the page is the real one."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sandbox import Person, Sandbox
from tests.browser.browsing import NARROW, open_page, phone, press, write

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STORY = (
    ("press", "Sí, y no responden"),
    ("press", "Salió, con condiciones"),
    ("write", "29 de julio de 2024"),
    ("press", "Sí, esa fecha y por eso"),
    ("press", "Civil"),
    ("write", "terrorismo e incitación al odio"),
    ("press", "Sí, está bien"),
    ("press", "Ninguna"),
)
MOST_TAPS = 9


async def tell_the_story(page: Page) -> None:
    for way, words in STORY:
        await (press if way == "press" else write)(page, words)
    await phone(page).locator(".theirs").get_by_text("Parece entrar").wait_for()


async def test_a_mother_gets_her_answer(browser: Browser, box: Sandbox, maria: Person) -> None:
    """Every request stays at the page's own origin, and nothing is refused by its policy."""
    page = await open_page(browser, box.url, size=NARROW)
    asked: list[str] = []
    said: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    await phone(page).get_by_text("Escriba /start").wait_for()
    await write(page, "/start")
    await phone(page).locator(".theirs").get_by_text("Es gratis").wait_for()
    await tell_the_story(page)
    assert len(STORY) <= MOST_TAPS
    assert len(asked) > len(STORY)
    assert {f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in asked} == {box.url}
    assert said == []
    # The answer came in silence or with neutral words: nothing of it on the lock screen.
    shown = await phone(page).locator(".lock .words").text_content()
    assert shown == maria.last().lock_screen()


async def test_borrar_empties_the_phone(browser: Browser, box: Sandbox, maria: Person) -> None:
    page = await open_page(browser, box.url, size=NARROW)
    await write(page, "/start")
    await press(page, "Sí, y no responden")
    await press(page, "Salió, con condiciones")
    await write(page, "/borrar")
    bubbles = phone(page).locator(".message")
    # It may ask first.
    await maria.wait_until(lambda: maria.from_bot() != () and "orr" in maria.last().text, 10)
    sure = phone(page).locator(".theirs .row button").get_by_text("Sí, borrar", exact=False)
    if await sure.count():
        await sure.last.click()
    await maria.wait_until(lambda: len(maria.screen()) == 1, 10)
    await phone(page).locator(".own").first.wait_for(state="detached")
    assert await bubbles.count() == 1
    assert maria.last().text.split("\n")[0] in await bubbles.inner_text()


async def test_keyboard_alone(browser: Browser, box: Sandbox, maria: Person) -> None:
    """Focus stays with the message whose buttons change in place; Enter there presses nothing."""
    page = await open_page(browser, box.url)
    await write(page, "/start")
    button = phone(page).get_by_role("button", name="Sí, y no responden")
    await button.focus()
    await page.keyboard.press("Enter")
    await phone(page).get_by_role("button", name="Salió, con condiciones").wait_for()
    focused = page.locator(":focus")
    assert await focused.evaluate("one => one.className") == "message theirs"
    revision = maria.chat.events[-1].number
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")  # the buttons come next
    assert await focused.inner_text() == "Salió, con condiciones"
    assert maria.chat.events[-1].number == revision
