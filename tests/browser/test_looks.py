"""The page is good to look at and to listen to: light, dark, narrow, wide, with a desk or not."""

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
from tests.browser.desk import open_topic, pane, room, running_desk, seat

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MIDDLE = (930, 700)
"""The narrowest that shows family and desk side by side, and the list beside the topic."""

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


@pytest.mark.parametrize("size", [NARROW, MIDDLE, WIDE], ids=["narrow", "middle", "wide"])
async def test_the_desk_shuts_nobody_out(
    browser: Browser, can_browse: None, size: tuple[int, int]
) -> None:
    async with running_desk() as desk:
        page = await open_page(browser, desk.box.url, size=size, scheme="dark")
        if size == NARROW:
            await page.get_by_role("button", name="Mesa", exact=True).click()
        desk.group.new_topic("H3WD-8 " + "muy largo " * 11)
        await desk.ana.send("¿Quién sigue?", to=desk.group, topic=desk.topic)
        await open_topic(page, "K7M2-4")
        hers = room(page, "K7M2-4", "Ana")
        await hers.get_by_role("button", name="Enviar una foto").click()
        await hers.locator(".own .photo").wait_for()
        last = desk.group.screen(desk.topic)[-1]
        await desk.post("a" * 300, reply_parameters={"message_id": last.message_id})
        await hers.locator(".theirs .quote").wait_for()
        await hers.locator(".theirs .bubble").last.click()
        await hers.get_by_role("button", name="Responder").click()
        await hers.locator(".own .more summary").last.click()
        await _check(page, axe=size != MIDDLE)
        # Another volunteer, alone with the bot; the list with what is closed and unread.
        desk.group.close_topic(desk.topic)
        if size == NARROW:
            await page.get_by_role("button", name="Volver a las conversaciones").click()
        await seat(page, "Luis").click()
        await _check(page, axe=size == NARROW)
        await pane(page).locator(".item").filter(has_text="a solas").click()
        await phone(page, "Luis").wait_for()
        await page.evaluate("document.getElementById('alert').showModal()")
        await page.emulate_media(color_scheme="light")
        await _check(page, axe=size != MIDDLE)


async def _check(page: Page, *, axe: bool) -> None:
    """Assert that nothing is cut off or too small for a finger, and that axe finds nothing."""
    assert await page.evaluate(_TOO_WIDE) <= 0
    assert await page.evaluate(_TOO_SMALL) == []
    if axe:
        assert await violations(page) == []


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
async def test_one_conversation_of_the_desk_for_a_picture(
    browser: Browser, can_browse: None, size: tuple[int, int]
) -> None:
    async with running_desk() as desk:
        at = f"/?solo=1&person={desk.luis.chat_id}"
        page = await open_page(browser, desk.box.url, size=size,
                               path=f"{at}&topic={desk.topic.thread_id}")  # fmt: skip
        assert await room(page, "K7M2-4", "Luis").is_visible()
        for other in (phone(page), page.get_by_role("banner")):
            assert not await other.is_visible()
        alone = await open_page(browser, desk.box.url, size=size, path=f"{at}&alone=1")
        assert await phone(alone, "Luis").is_visible()
        assert await alone.evaluate(_TOO_WIDE) <= 0


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
