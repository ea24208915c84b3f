"""The demo as people run it, and a browser; where there is no browser, the reason.

One browser serves all tests of a worker, each with pages of its own that share nothing. What it
tells is heard by one event loop, so every test of this room and what it uses runs on that.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from bot.demo import NAME, Demo, demo
from sandbox import Person, Sandbox
from tests.browser import browsing

if TYPE_CHECKING:
    from playwright.async_api import Browser


ROOM = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of this room on one loop."""
    for item in items:
        if ROOM in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


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


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(can_browse: None) -> AsyncIterator[Browser]:
    async with browsing.browser() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def browser(chromium: Browser) -> AsyncIterator[Browser]:
    """The browser, with no page open; whatever a test opens in it is closed, and kept nowhere."""
    yield chromium
    for context in chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def box(can_browse: None) -> AsyncIterator[Sandbox]:
    """The demo without a desk: sandbox and bot, and María alone."""
    async with demo(port=0, desk=False) as running:
        yield running.box


@pytest_asyncio.fixture(loop_scope="session")
async def shown(can_browse: None) -> AsyncIterator[Demo]:
    """The demo as people run it: María, and the desk."""
    async with demo(port=0) as running:
        yield running


@pytest.fixture
def maria(box: Sandbox) -> Person:
    return next(one for one in box.people.values() if one.name == NAME)
