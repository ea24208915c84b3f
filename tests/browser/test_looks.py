"""The page is good to look at and to listen to: light, dark, narrow and wide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox import Person, Sandbox
from tests.browser.browsing import (
    NARROW,
    WIDE,
    Scheme,
    open_page,
    open_phone,
    phone,
    violations,
    write,
)

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_TOO_SMALL = """() => [...document.querySelectorAll("button, summary, select, input, textarea, a")]
  .filter((one) => one.checkVisibility() && !one.matches(".text *, .skip"))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width && (box.height < 44 || box.width < 44))
  .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_nothing_shuts_anyone_out(
    browser: Browser, box: Sandbox, maria: Person, scheme: Scheme, size: tuple[int, int]
) -> None:
    page = await open_page(browser, box.url, size=size, scheme=scheme)
    assert await violations(page) == []
    await write(page, "/start")
    await phone(page).locator(".theirs .row button").first.wait_for()
    for thing in ("una nota de voz", "una foto", "un sticker"):
        await phone(page).get_by_role("button", name=f"Enviar {thing}").click()
    await box.all_confirmed()
    box.faults.retry_after("sendMessage", 3)
    await phone(page).locator(".lock").evaluate("one => one.open = true")
    await phone(page).locator(".own .more summary").last.click()
    assert await violations(page) == []
    assert await page.evaluate(_TOO_WIDE) <= 0
    assert await page.evaluate(_TOO_SMALL) == []
    if size == NARROW:
        await page.get_by_role("button", name="Controles de la prueba").click()
        assert await violations(page) == []
        assert await page.evaluate(_TOO_WIDE) <= 0
        assert await page.evaluate(_TOO_SMALL) == []
    await page.get_by_role("button", name="Añadir persona").click()
    assert await violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_switch_changes_the_look_and_is_kept(
    browser: Browser, box: Sandbox, scheme: Scheme
) -> None:
    page = await open_page(browser, box.url, scheme=scheme)
    colour = "getComputedStyle(document.body).backgroundColor"
    before = await page.evaluate(colour)
    switch = page.get_by_role("button", name="Modo oscuro")
    was = await switch.get_attribute("aria-pressed")
    assert was == str(scheme == "dark").lower()
    await switch.click()
    assert await page.evaluate(colour) != before
    await page.reload()
    await page.wait_for_selector("body[data-ready]")
    assert await page.evaluate(colour) != before
    assert await switch.get_attribute("aria-pressed") != was


async def test_people_who_want_no_motion_see_none(browser: Browser, box: Sandbox) -> None:
    page = await open_page(browser, box.url)
    await page.emulate_media(reduced_motion="reduce")
    await write(page, "/start")
    button = phone(page).locator(".theirs .row button").first
    await button.evaluate("one => one.setAttribute('aria-busy', 'true')")
    assert await button.evaluate("one => getComputedStyle(one).animationName") == "none"


async def test_one_phone_alone_for_a_picture(browser: Browser, box: Sandbox, maria: Person) -> None:
    ana = box.person("Ana")
    await ana.send("/start")
    await ana.next_message()
    page = await open_phone(browser, box.url, ana.chat_id)
    assert await phone(page, "Ana").is_visible()
    assert not await phone(page, "María").is_visible()
    assert not await page.get_by_role("banner").is_visible()
    assert await page.evaluate(_TOO_WIDE) <= 0
    assert not await phone(page, "Ana").locator(".lock").is_visible()
    with_lock = await open_phone(browser, box.url, ana.chat_id, lock=True)
    words = phone(with_lock, "Ana").locator(".lock .words")
    assert await words.text_content() == ana.last().lock_screen()
    assert await words.is_visible()
