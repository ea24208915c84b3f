"""Debian's Chromium, driven by Playwright, and ways to look at the page; screenshots use it too."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from playwright.async_api import Browser, Locator, Page

Scheme = Literal["light", "dark"]

NARROW = (360, 740)
WIDE = (1280, 800)
_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """Find Debian's Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Run Chromium with an empty profile of its own (Playwright makes and removes it)."""
    from playwright.async_api import async_playwright  # here: it may not be installed

    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(
            executable_path=chromium(), args=list(_ARGUMENTS)
        )
        try:
            yield running
        finally:
            await running.close()


async def open_page(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = WIDE,
    scheme: Scheme = "light",
    path: str = "/",
) -> Page:
    """Open the page in a window of its own and wait until it shows everything."""
    context = await browser.new_context(
        viewport={"width": size[0], "height": size[1]}, color_scheme=scheme, locale="es-VE"
    )
    page = await context.new_page()
    await page.goto(url + path)
    await page.wait_for_selector("body[data-ready]")
    return page


async def open_phone(
    browser: Browser,
    url: str,
    chat_id: int,
    *,
    size: tuple[int, int] = NARROW,
    scheme: Scheme = "light",
    lock: bool = False,
) -> Page:
    """Open one phone alone, filling the window, for pictures; ``lock`` shows its lock screen."""
    path = f"/?person={chat_id}&solo=1{'&lock=1' if lock else ''}"
    return await open_page(browser, url, size=size, scheme=scheme, path=path)


def phone(page: Page, name: str = "María") -> Locator:
    """Find somebody's phone."""
    return page.get_by_role("region", name=f"Teléfono de {name}", exact=True)


async def write(page: Page, text: str, name: str = "María") -> None:
    """Type a message and send it, as with the keyboard of a phone."""
    box = page.get_by_role("textbox", name=f"Mensaje de {name}", exact=True)
    await box.fill(text)
    await box.press("Enter")


async def press(page: Page, button: str, name: str = "María") -> None:
    """Press a button under the bot's newest message that has it."""
    await (
        phone(page, name)
        .locator(".theirs .row button")
        .get_by_text(button, exact=True)
        .last.click()
    )


async def violations(page: Page) -> list[str]:
    """Let axe-core look at the page; gives one line for each rule broken, with where."""
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    await page.evaluate(axe)
    found: dict[str, Any] = await page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{rule['id']}: {rule['help']}: {json.dumps([node['target'] for node in rule['nodes']])}"
        for rule in found["violations"]
    ]
