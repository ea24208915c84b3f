"""The demo as people run it, and a browser; where there is no browser, the reason."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from bot.demo import demo
from sandbox import Person, Sandbox
from tests.browser import browsing

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest.fixture(scope="session")
def can_browse() -> None:
    """Skip without a browser, and say how to get one; under CI that is a failure."""
    missing = []
    if browsing.chromium() is None:
        missing.append("Chromium (run tests/browser/install, or apt-get install chromium)")
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        missing.append("playwright and axe-playwright-python (run make setup)")
    if not missing:
        return
    reason = f"no browser test ran: missing {' and '.join(missing)}"
    if os.environ.get("CI", "").lower() in ("1", "true"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture
async def browser(can_browse: None) -> AsyncIterator[Browser]:
    async with browsing.browser() as running:
        yield running


@pytest.fixture
async def box(can_browse: None) -> AsyncIterator[Sandbox]:
    """The demo: sandbox and bot, with María."""
    async with demo(port=0) as running:
        yield running.box


@pytest.fixture
def maria(box: Sandbox) -> Person:
    (person,) = box.people.values()
    return person
