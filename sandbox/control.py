"""The control API: drive people and groups from another process, over JSON on the sandbox's port.

Errors are ``{"error": "..."}`` with 400 (cannot be done), 403 (asked by another site's page) or
404 (no such person, group or message).
``ID`` is the chat id; ``MESSAGE`` is ``{"message_id", "mine", "text", "buttons": [[{"text",
"data"?, "url"?, "copy_text"?}]], "date", "edit_date"?, "silent", "history", "kind", "entities"?,
"reply_to"?: {"message_id", "name", "text", "kind"}, "reaction"?}`` with times in ISO 8601 and
``kind`` ``"text"`` or the Bot API field (``"voice"``, ``"photo"``, ``"forum_topic_closed"``...).
One of a group has also ``"author"`` (who really wrote it), ``"name"`` (under which name),
``"topic"`` (1: General), ``"service"`` and ``"detail"``? (whom or what that is about).
``WHERE`` is ``"group"?`` (without it, the chat with the bot), ``"topic"?`` and ``"reply_to"?``.
``entities`` are what she formatted, as the Bot API writes it (`sandbox.composing`).

::

    POST /_people                  {"name", "username"?, "last_name"?, "chat_id"?,
                                   "aside"? (the page shows her on demand), "organiser"?}
                                                                                -> PERSON
    GET  /_people                  -> [PERSON], each {"chat_id", "name", "username", "blocked",
                                   "aside", "organiser"}
    GET  /_people/ID/screen        -> {"version", "typing", "messages": [MESSAGE]}
    GET  /_people/ID/wait?after=VERSION&timeout=25
                                   the same with "events": [{"number", "kind", "message": MESSAGE}],
                                   at once when something happened after VERSION, else when it does
                                   or time is over (then "events" is empty)
    POST /_people/ID/send          {"text", "entities"?, WHERE}                 -> MESSAGE
    POST /_people/ID/press         {"text" or "data", "message_id"?, "group"?}
                                                                        -> {"callback_query_id"}
    POST /_people/ID/edit          {"message_id", "text", "entities"?, "group"?}  -> MESSAGE
    POST /_people/ID/delete        {"message_id", "for_both"?, "group"?}        -> {}
    POST /_people/ID/voice|photo|video|animation|document|audio|video_note|sticker|contact|
                     location|poll|dice   {"caption"?..., WHERE}                -> MESSAGE
                                   (a document: "name"?, "text"? for what is in it)
    POST /_people/ID/album         {"photos"?, "caption"?, WHERE}               -> [MESSAGE]
    POST /_people/ID/read          {"group", "topic"?}: she has seen all in it  -> {}
    POST /_people/ID/close|reopen  {"group", "topic"?}                          -> {}
    POST /_people/ID/leave         {"group"}                                    -> {}
    POST /_people/ID/block|unblock                                              -> {}
    POST /_groups                  {"title", "forum"?, "basic"?}                -> GROUP
    GET  /_groups                  -> [GROUP], each {"chat_id", "title", "type", "forum", "typing",
                                   "protected", "members": [{"chat_id", "name", "status",
                                   "anonymous"}], "topics": [TOPIC], "pinned": [id], "seen"}
    POST /_groups/ID/add           {"person", "admin"? (true or rights), "anonymous"?}  -> GROUP
    POST /_groups/ID/remove        {"person"}                                   -> GROUP
    GET  /_groups/ID/screen?as=PERSON&topic=TOPIC
                                   what a member sees, of one topic or (without it) of all:
                                   {"version", "typing", "topics": [TOPIC and "unread"],
                                   "messages": [MESSAGE]}
    GET  /_groups/ID/wait?as=PERSON&after=VERSION&timeout=25   the same with "events", as above
                                   TOPIC is {"thread_id", "name", "color", "closed", "hidden"}
    POST /_crowd                   {"people"}: so many at once, without phones  -> {"people": [ID]}
    GET  /_crowd                   -> {"received": {ID: how many messages of the bot, ever}}
    POST /_crowd/block|deactivate  {"people": [ID]}                             -> {}
    GET  /_arrivals?window=1&method=sendMessage   (methods: by default those that Telegram paces)
                                   -> {"calls", "most" (in any so many real seconds), "seconds"
                                   (from the first to the last), "codes": {code: how many}}
    DELETE /_arrivals              forget them                                  -> {}
    GET  /_clock                   -> {"now", "runs"}      POST /_clock {"forward": seconds} -> same
    GET  /_calls?after=N&timeout=0 -> {"total", "calls": [{"method", "parameters", "answer", "at",
                                   "fault", "dropped"}]}: those after the first N, waiting for one
    POST /_faults                  {"kind": "retry_after|forbid|server_error|gateway_error|
                                   drop_before_write|drop_after_write|truncate|hang|refuse",
                                   "method" (null: any), "times"? (null: always), "chat_id"?,
                                   "share"? (of all chats), "seconds"?, "code"?, "description"?,
                                   "written"?}                                  -> {}
    POST /_faults/slow             {"before"?, "after"?}: real seconds for every call  -> {}
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

from sandbox.chats import Conversation, Event
from sandbox.deeds import NotFound, do, find_group, find_person
from sandbox.errors import PersonError
from sandbox.files import Upload
from sandbox.group_views import show_any, show_group, show_group_screen
from sandbox.messages import JSON
from sandbox.views import show_clock, show_fault, show_person, show_screen
from sandbox.world import Call

if TYPE_CHECKING:
    from sandbox.groups import Group
    from sandbox.people import Person
    from sandbox.server import Sandbox

LONGEST_WAIT = 60.0
"""Seconds that ``wait`` may take."""

Handler = Callable[[web.Request], Awaitable[JSON | list[JSON]]]


def add_routes(application: web.Application, box: Sandbox) -> None:
    """Add the control API to the sandbox's web application."""
    control = _Control(box)
    person, group = "/_people/{chat_id}", "/_groups/{chat_id}"
    for verb, path, handler in (
        ("POST", "/_people", control.create),
        ("GET", "/_people", control.people),
        ("GET", f"{person}/screen", control.screen),
        ("GET", f"{person}/wait", control.wait),
        ("POST", f"{person}/{{deed}}", control.do),
        ("POST", "/_groups", control.make_group),
        ("GET", "/_groups", control.groups),
        ("POST", f"{group}/add", control.add),
        ("POST", f"{group}/remove", control.remove),
        ("GET", f"{group}/screen", control.group_screen),
        ("GET", f"{group}/wait", control.group_wait),
        ("POST", "/_crowd", control.make_crowd),
        ("GET", "/_crowd", control.crowd),
        ("POST", "/_crowd/{deed:block|deactivate}", control.crowd_leaves),
        ("GET", "/_arrivals", control.arrivals),
        ("DELETE", "/_arrivals", control.no_arrivals),
        ("GET", "/_clock", control.clock),
        ("POST", "/_clock", control.clock),
        ("GET", "/_calls", control.calls),
        ("GET", "/_faults", control.faults),
        ("POST", "/_faults", control.fault),
        ("POST", "/_faults/slow", control.slow),
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
        except NotFound as error:
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
        events = await _events(chat, request)
        return {**show_screen(chat), "events": events}

    async def do(self, request: web.Request) -> JSON | list[JSON]:
        person, body = self._person(request), await _body(request)
        return await do(self._box, person, request.match_info["deed"], body)

    async def make_group(self, request: web.Request) -> JSON:
        body = await _body(request)
        return show_group(self._box.group(body.pop("title"), **body).chat)

    async def groups(self, request: web.Request) -> list[JSON]:
        return [show_group(group.chat) for group in self._box.groups]

    async def add(self, request: web.Request) -> JSON:
        group, body = self._group(request), await _body(request)
        group.add(find_person(self._box, body.pop("person")), **body)
        return show_group(group.chat)

    async def remove(self, request: web.Request) -> JSON:
        group, body = self._group(request), await _body(request)
        group.remove(find_person(self._box, body["person"]))
        return show_group(group.chat)

    async def group_screen(self, request: web.Request) -> JSON:
        return self._seen(self._group(request), request)

    async def group_wait(self, request: web.Request) -> JSON:
        group = self._group(request)
        self._seen(group, request)
        events = await _events(group.chat, request)
        return {**self._seen(group, request), "events": events}

    async def make_crowd(self, request: web.Request) -> JSON:
        body = await _body(request)
        return {"people": self._box.crowd(body["people"]).ids}

    async def crowd(self, request: web.Request) -> JSON:
        each = [crowd.received() for crowd in self._box.crowds]
        return {"received": {chat: number for one in each for chat, number in one.items()}}

    async def crowd_leaves(self, request: web.Request) -> JSON:
        people = set((await _body(request))["people"])
        for crowd in self._box.crowds:
            here = people & crowd.chats.keys()
            (crowd.block if request.match_info["deed"] == "block" else crowd.deactivate)(here)
        return {}

    async def arrivals(self, request: web.Request) -> JSON:
        arrivals, methods = self._box.arrivals, request.query.getall("method", [])
        times = arrivals.times(*methods)
        return {
            "calls": len(times),
            "most": arrivals.most_in(float(request.query.get("window", 1)), *methods),
            "seconds": times[-1] - times[0] if times else 0.0,
            "codes": arrivals.codes(*methods),
        }

    async def no_arrivals(self, request: web.Request) -> JSON:
        self._box.arrivals.clear()
        return {}

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
        shown = [_show_call(call) for call in calls]
        return {"total": len(self._box.calls), "calls": shown}

    async def fault(self, request: web.Request) -> JSON:
        body = await _body(request)
        kind, method = body.pop("kind"), body.pop("method")
        faults = self._box.faults
        orders: dict[str, Callable[..., Any]] = {
            "retry_after": faults.retry_after,
            "forbid": faults.forbid,
            "server_error": faults.server_error,
            "gateway_error": faults.gateway_error,
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

    async def slow(self, request: web.Request) -> JSON:
        self._box.faults.slow(**await _body(request))
        return {}

    async def no_faults(self, request: web.Request) -> JSON:
        self._box.faults.clear()
        return {}

    def _person(self, request: web.Request) -> Person:
        return find_person(self._box, request.match_info["chat_id"])

    def _group(self, request: web.Request) -> Group:
        return find_group(self._box, request.match_info["chat_id"])

    def _seen(self, group: Group, request: web.Request) -> JSON:
        """Show a group as somebody in it sees it."""
        person = find_person(self._box, request.query["as"])
        if not group.chat.member(person.chat.user).inside:
            raise PersonError("she is not in the group")
        topic = request.query.get("topic")
        return show_group_screen(group.chat, person.chat_id, None if topic is None else int(topic))


def _show_call(call: Call) -> JSON:
    given = {
        name: str(value) if isinstance(value, Upload) else value
        for name, value in call.parameters.items()
    }
    return {**asdict(call), "parameters": given, "at": call.at.isoformat()}


async def _events(chat: Conversation, request: web.Request) -> list[JSON]:
    """Wait for what happens in a chat after a version; nothing when the time is over."""
    after = int(request.query.get("after", 0))
    within = min(float(request.query.get("timeout", 25)), LONGEST_WAIT)
    events: list[Event] = []
    with suppress(TimeoutError):
        events = await chat.bell.until(lambda: chat.events[after:] or None, within)
    return [
        {"number": event.number, "kind": event.kind, "message": show_any(event.message)}
        for event in events
    ]


async def _body(request: web.Request) -> JSON:
    if not request.can_read_body:
        return {}
    body = await request.json()
    if not isinstance(body, dict):
        raise ValueError("the body must be a JSON object")
    return body
