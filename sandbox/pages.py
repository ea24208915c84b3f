"""The page in the browser: its files under a strict policy, and the one stream that keeps it live.

What a person does on the page goes through the control API (control.py). The page is for trying
the bot on one's own machine: it has no password.

``GET /_people/events`` is a stream of server-sent events. The first is ``everything``; after it
comes one event for each entry of the journal (``person``, ``group``, ``message``, ``press``,
``call``, ``clock``, ``faults``, ``menu``); of a group that became another only that it is ``gone``.
Each has an id; a browser that was cut off sends the last one (``Last-Event-ID``) and gets what it
missed, or ``everything`` when that is not known any more.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from aiohttp import web

from sandbox import views
from sandbox.group_views import show_any, show_group
from sandbox.journal import Entry
from sandbox.messages import JSON
from sandbox.pictures import is_picture

if TYPE_CHECKING:
    from sandbox.server import Sandbox

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
"""The Content-Security-Policy of everything the page is made of."""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
BEAT = 15.0
"""Real seconds without news after which a line goes out all the same, to find a dead browser."""
CALLS_SHOWN = 60

_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def add_page(application: web.Application, box: Sandbox) -> None:
    """Add the page and its stream to the sandbox's web application."""
    page = _Page(box)
    application.router.add_get("/", page.front)
    application.router.add_get("/page/{name}", page.file)
    application.router.add_get("/_people/events", page.stream)
    application.router.add_get("/_pictures/{file_id}", page.picture)


class _Page:
    """The handlers."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._files = {
            file.name: file.read_bytes()
            for file in files("sandbox").joinpath("page").iterdir()
            if file.is_file()
        }

    async def front(self, request: web.Request) -> web.Response:
        return self._give("index.html")

    async def file(self, request: web.Request) -> web.Response:
        return self._give(request.match_info["name"])

    async def picture(self, request: web.Request) -> web.Response:
        file_id = request.match_info["file_id"]
        try:
            data = self._box.bytes_of(file_id)
        except KeyError:
            raise web.HTTPNotFound from None
        if not is_picture(data):
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="image/png", headers=HEADERS)

    def _give(self, name: str) -> web.Response:
        kind = _TYPES.get(name[name.rfind(".") :])
        if kind is None or name not in self._files:
            raise web.HTTPNotFound
        return web.Response(
            body=self._files[name], content_type=kind, charset="utf-8", headers=HEADERS
        )

    async def stream(self, request: web.Request) -> web.StreamResponse:
        journal = self._box.journal
        response = web.StreamResponse(headers=HEADERS)
        response.content_type = "text/event-stream"
        await response.prepare(request)
        number = journal.resume(request.headers.get("Last-Event-ID"))
        try:
            await response.write(b"retry: 1000\n")
            while not journal.closed:
                if number is None or not journal.remembers(number):
                    number = journal.number
                    await self._write(response, number, "everything", self._everything())
                try:
                    entries = await journal.after(number, BEAT)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                for entry in entries:
                    number = entry.number
                    await self._write(response, number, entry.topic, self._show(entry))
        except ConnectionResetError:
            pass  # the browser went away
        return response

    async def _write(
        self, response: web.StreamResponse, number: int, topic: str, data: JSON
    ) -> None:
        mark, line = self._box.journal.mark(number), json.dumps(data, ensure_ascii=False)
        await response.write(f"id: {mark}\nevent: {topic}\ndata: {line}\n\n".encode())

    def _everything(self) -> JSON:
        box = self._box
        calls = [call for call in box.calls[-5 * CALLS_SHOWN :] if call.method != "getUpdates"]
        return {
            "people": [
                {**views.show_person(person), **views.show_screen(person.chat)}
                for person in box.people.values()
            ],
            "groups": [
                {
                    **show_group(group.chat),
                    "messages": [show_any(one) for one in group.screen()],
                }
                for group in box.groups
            ],
            "clock": views.show_clock(box.clock),
            "calls": [views.show_call(call) for call in calls[-CALLS_SHOWN:]],
            **self._faults(),
            **self._menu(),
        }

    def _show(self, entry: Entry) -> JSON:
        shows: dict[str, Callable[[Entry], JSON]] = {
            "person": self._person,
            "group": self._group,
            "message": _message,
            "press": lambda entry: {
                "chat_id": entry.chat_id,
                "message_id": entry.subject.message.message_id,
                "by": entry.subject.by,
                "text": entry.subject.text,
                "alert": entry.subject.alert,
            },
            "call": lambda entry: views.show_call(entry.subject),
            "clock": lambda entry: views.show_clock(self._box.clock),
            "faults": lambda entry: self._faults(),
            "menu": lambda entry: self._menu(),
        }
        return shows[entry.topic](entry)

    def _person(self, entry: Entry) -> JSON:
        assert entry.chat_id is not None  # entries about people name one
        person = self._box.people[entry.chat_id]
        return {**views.show_person(person), "typing": person.chat.action is not None}

    def _group(self, entry: Entry) -> JSON:
        for group in self._box.groups:
            if group.chat_id == entry.chat_id:
                return show_group(group.chat)
        return {"chat_id": entry.chat_id, "gone": True}

    def _faults(self) -> JSON:
        now = self._box.clock.now()
        return {"faults": [views.show_fault(one, now) for one in self._box.faults.waiting()]}

    def _menu(self) -> JSON:
        return {"menu": self._box.menu, "menus": self._box.menus}


def _message(entry: Entry) -> JSON:
    message = entry.subject
    return {
        "chat_id": entry.chat_id,
        "message_id": message.message_id,
        "kind": entry.detail,
        "message": show_any(message) if message.visible else None,
    }
