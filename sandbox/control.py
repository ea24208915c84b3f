"""The control API: drive people from another process, over JSON on the sandbox's own port.

Errors are ``{"error": "..."}`` with 400 (cannot be done), 403 (asked by another site's page) or
404 (no such person or message).
``ID`` is the chat id; ``MESSAGE`` is ``{"message_id", "mine", "text", "buttons": [[{"text",
"data"?, "url"?}]], "date", "edit_date"?, "silent", "history", "kind", "entities"?}`` with times in
ISO 8601 and ``kind`` ``"text"`` or the Bot API field (``"voice"``, ``"photo"``...).

::

    POST /_people                  {"name", "username"?, "last_name"?, "chat_id"?}   -> PERSON
    GET  /_people                  -> [PERSON], each {"chat_id", "name", "username", "blocked"}
    GET  /_people/ID/screen        -> {"version", "typing", "messages": [MESSAGE]}
    GET  /_people/ID/wait?after=VERSION&timeout=25
                                   the same with "events": [{"number", "kind", "message": MESSAGE}],
                                   at once when something happened after VERSION, else when it does
                                   or time is over (then "events" is empty)
    POST /_people/ID/send          {"text"}                                     -> MESSAGE
    POST /_people/ID/press         {"text" or "data", "message_id"?}    -> {"callback_query_id"}
    POST /_people/ID/edit          {"message_id", "text"}                       -> MESSAGE
    POST /_people/ID/delete        {"message_id", "for_both"?}                  -> {}
    POST /_people/ID/voice|photo|video|document|sticker|contact|location   {}   -> MESSAGE
    POST /_people/ID/block|unblock                                              -> {}
    GET  /_clock                   -> {"now", "runs"}      POST /_clock {"forward": seconds} -> same
    GET  /_calls?after=N&timeout=0 -> {"total", "calls": [{"method", "parameters", "answer", "at",
                                   "fault", "dropped"}]}: those after the first N, waiting for one
    POST /_faults                  {"kind": "retry_after|forbid|server_error|drop_before_write|
                                   drop_after_write|truncate|hang|refuse", "method" (null: any),
                                   "times"? (null: always), "chat_id"?, "seconds"?, "code"?,
                                   "description"?}                              -> {}
    GET  /_faults                  -> [{"kind", "method", "left", "struck", ...}], those to come
    DELETE /_faults                                                             -> {}
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.chats import Event
from sandbox.errors import PersonError
from sandbox.messages import JSON, Message
from sandbox.views import MEDIA, show_clock, show_fault, show_message, show_person, show_screen
from sandbox.world import Call

if TYPE_CHECKING:
    from sandbox.people import Person
    from sandbox.server import Sandbox

LONGEST_WAIT = 60.0
"""Seconds that ``wait`` may take."""

Handler = Callable[[web.Request], Awaitable[JSON | list[JSON]]]


class _NotFound(Exception):
    """Raised when there is no such person or message."""


def add_routes(application: web.Application, box: Sandbox) -> None:
    """Add the control API to the sandbox's web application."""
    control = _Control(box)
    person = "/_people/{chat_id}"
    for verb, path, handler in (
        ("POST", "/_people", control.create),
        ("GET", "/_people", control.people),
        ("GET", f"{person}/screen", control.screen),
        ("GET", f"{person}/wait", control.wait),
        ("POST", f"{person}/{{deed}}", control.do),
        ("GET", "/_clock", control.clock),
        ("POST", "/_clock", control.clock),
        ("GET", "/_calls", control.calls),
        ("GET", "/_faults", control.faults),
        ("POST", "/_faults", control.fault),
        ("DELETE", "/_faults", control.no_faults),
    ):
        application.router.add_route(verb, path, _as_json(handler))


def _as_json(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Turn what a handler gives or raises into JSON."""

    async def answer(request: web.Request) -> web.Response:
        if not _from_here(request):
            return web.json_response({"error": "another site may not do this"}, status=403)
        try:
            return web.json_response(await handler(request))
        except _NotFound as error:
            return web.json_response({"error": str(error)}, status=404)
        except KeyError as error:
            return web.json_response({"error": f"missing {error.args[0]}"}, status=400)
        except (PersonError, TypeError, ValueError) as error:
            return web.json_response({"error": str(error)}, status=400)

    return answer


def _from_here(request: web.Request) -> bool:
    """Whether no other site's page sent this: browsers say which page it was."""
    origin = request.headers.get("Origin")
    return origin is None or origin.partition("://")[2] == request.host


class _Control:
    """The handlers; each gives JSON or raises what ``_as_json`` explains."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box

    async def create(self, request: web.Request) -> JSON:
        body = await _body(request)
        return show_person(self._box.person(body.pop("name"), **body))

    async def people(self, request: web.Request) -> list[JSON]:
        return [show_person(person) for person in self._box.people.values()]

    async def screen(self, request: web.Request) -> JSON:
        return show_screen(self._person(request).chat)

    async def wait(self, request: web.Request) -> JSON:
        chat = self._person(request).chat
        after = int(request.query.get("after", 0))
        within = min(float(request.query.get("timeout", 25)), LONGEST_WAIT)
        events: list[Event] = []
        with suppress(TimeoutError):
            events = await chat.bell.until(lambda: chat.events[after:] or None, within)
        shown = [
            {"number": event.number, "kind": event.kind, "message": show_message(event.message)}
            for event in events
        ]
        return {**show_screen(chat), "events": shown}

    async def do(self, request: web.Request) -> JSON:
        person, body = self._person(request), await _body(request)
        deed = request.match_info["deed"]
        if deed == "send":
            return show_message(await person.send(body["text"]))
        if deed == "press":
            on = self._find(person, body["message_id"]) if "message_id" in body else None
            press = await person.press(on, body.get("text"), data=body.get("data"))
            return {"callback_query_id": press.id}
        if deed == "edit":
            message = self._find(person, body["message_id"])
            return show_message(await person.edit(message, body["text"]))
        if deed == "delete":
            message = self._find(person, body["message_id"])
            await person.delete(message, for_both=bool(body.get("for_both", False)))
            return {}
        if deed in ("block", "unblock"):
            await (person.block() if deed == "block" else person.unblock())
            return {}
        if deed in MEDIA:
            return show_message(await getattr(person, f"send_{deed}")(**body))
        raise _NotFound(f"nobody can {deed}")

    async def clock(self, request: web.Request) -> JSON:
        body = await _body(request)
        if "forward" in body:
            self._box.clock.forward(timedelta(seconds=body["forward"]))
        return show_clock(self._box.clock)

    async def calls(self, request: web.Request) -> JSON:
        after = int(request.query.get("after", 0))
        within = min(float(request.query.get("timeout", 0)), LONGEST_WAIT)
        calls: list[Call] = []
        with suppress(TimeoutError):
            calls = await self._box.more_calls(after, within)
        shown = [{**asdict(call), "at": call.at.isoformat()} for call in calls]
        return {"total": len(self._box.calls), "calls": shown}

    async def fault(self, request: web.Request) -> JSON:
        body = await _body(request)
        kind, method = body.pop("kind"), body.pop("method")
        faults = self._box.faults
        orders: dict[str, Callable[..., Any]] = {
            "retry_after": faults.retry_after,
            "forbid": faults.forbid,
            "server_error": faults.server_error,
            "refuse": faults.refuse,
            "drop_before_write": faults.drop_before_write,
            "drop_after_write": faults.drop_after_write,
            "truncate": faults.truncate,
            "hang": faults.hang,
        }
        if kind not in orders:
            raise ValueError(f"kind is one of {', '.join(orders)}")
        orders[kind](method, **body)
        return {}

    async def faults(self, request: web.Request) -> list[JSON]:
        now = self._box.clock.now()
        return [show_fault(fault, now) for fault in self._box.faults.waiting()]

    async def no_faults(self, request: web.Request) -> JSON:
        self._box.faults.clear()
        return {}

    def _person(self, request: web.Request) -> Person:
        try:
            return self._box.people[int(request.match_info["chat_id"])]
        except (KeyError, ValueError):
            raise _NotFound("no such person") from None

    @staticmethod
    def _find(person: Person, message_id: int) -> Message:
        message = person.chat.messages.get(message_id)
        if message is None:
            raise _NotFound("no such message")
        return message


async def _body(request: web.Request) -> JSON:
    if not request.can_read_body:
        return {}
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body
