"""A sandbox with a family and a desk of three, without Faro: the test plays the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import aiohttp

from sandbox import Clock, Group, Person, Sandbox, Topic

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

WHEN = datetime(2026, 11, 21, 18, 30, tzinfo=UTC)
CARD = {
    "inline_keyboard": [
        [{"text": "Tomar", "callback_data": "t"}],
        [{"text": "Copiar el código", "copy_text": {"text": "K7M2-4"}}],
    ]
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The people and the group; Elena is an administrator. ``topic`` has a card with buttons."""

    box: Sandbox
    session: aiohttp.ClientSession
    maria: Person
    ana: Person
    luis: Person
    elena: Person
    group: Group
    topic: Topic

    async def ask(self, method: str, **parameters: Any) -> Any:
        """Call the Bot API as the bot."""
        return await _ask(self.box, self.session, method, **parameters)

    async def post(self, text: str, **more: Any) -> Any:
        """Have the bot write in the topic."""
        return await self.ask(
            "sendMessage",
            chat_id=self.group.chat_id,
            message_thread_id=self.topic.thread_id,
            text=text,
            **more,
        )


@asynccontextmanager
async def running_desk() -> AsyncIterator[Desk]:
    """Run the sandbox with María, who has written, and Ana, Luis and Elena at the desk."""
    async with Sandbox(clock=Clock(WHEN)) as box, aiohttp.ClientSession() as session:
        maria, ana, luis, elena = (box.person(name) for name in ("María", "Ana", "Luis", "Elena"))
        group = box.group("Mesa de Faro", forum=True)
        group.add(ana)
        group.add(luis)
        group.add(elena, admin=True)
        await maria.send("/start")
        await _ask(
            box, session, "sendMessage", chat_id=maria.chat_id, text="Hola", reply_markup=CARD
        )
        await _ask(box, session, "createForumTopic", chat_id=group.chat_id, name="K7M2-4")
        desk = Desk(box, session, maria, ana, luis, elena, group, group.topics[0])
        await desk.post("Caso <b>K7M2-4</b>", parse_mode="HTML", reply_markup=CARD)
        yield desk


async def _ask(box: Sandbox, session: aiohttp.ClientSession, method: str, **parameters: Any) -> Any:
    async with session.post(f"{box.url}/bot{box.token}/{method}", json=parameters) as response:
        answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]


def pane(page: Page) -> Locator:
    """Find the column of the desk."""
    return page.get_by_role("region", name="Mesa", exact=True)


def seat(page: Page, name: str) -> Locator:
    """Find the button that makes one somebody of the desk; what is unread is in its name."""
    cast = page.get_by_role("navigation", name="Quién es usted en la mesa")
    return cast.get_by_role("button", name=name)


def room(page: Page, topic: str, name: str) -> Locator:
    """Find a topic as somebody sees it."""
    return page.get_by_role("region", name=f"{topic}, visto por {name}", exact=True)


async def open_topic(page: Page, topic: str) -> None:
    """Choose a topic of the list."""
    await pane(page).locator(".item").filter(has_text=topic).first.click()
