"""The Bot API over HTTP: reads a call, lets faults and pacing strike, and hands it to api.py."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

from aiohttp import web

from sandbox.api import ANSWERS
from sandbox.errors import ApiError
from sandbox.faults import Fault
from sandbox.parameters import check, read_raw
from sandbox.world import Call, World

_METHODS = {name.lower(): name for name in ANSWERS}
_RESET = struct.pack("ii", 1, 0)
_HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center></body></html>"


def add_bot_api(application: web.Application, world: World) -> None:
    """Add the Bot API of a world, and the download of its files, to a web application."""
    answering = _Answering(world)
    application.router.add_route("*", "/bot{token}/{method}", answering.answer)
    application.router.add_get("/file/bot{token}/{path:.+}", answering.download)


class _Answering:
    """The handlers."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def answer(self, request: web.Request) -> web.Response:
        """Answer one request to ``/bot<token>/<method>``."""
        call = Call(request.match_info["method"], {}, self._world.clock.now())
        try:
            return await self._perform(request, call)
        finally:
            self._world.ended(call)

    async def download(self, request: web.Request) -> web.Response:
        """Answer one request to ``/file/bot<token>/<path>``, as ``download`` among the calls."""
        path = request.match_info["path"]
        call = Call("download", {"file_path": path}, self._world.clock.now())
        try:
            self._check_token(request)
            self._world.log(call)
            fault = self._world.faults.strike(call.method, None)
            if fault is not None and await self._strike_before(request, call, fault):
                return web.Response()
            data = self._world.files.at(path)
            if data is None:
                raise ApiError(404, "Not Found")
            call.answer, call.status = {"ok": True}, 200
        except ApiError as error:
            call.answer, call.status = error.answer(), error.code
            return _json(call)
        finally:
            self._world.ended(call)
        return web.Response(body=data, content_type="application/octet-stream")

    async def _perform(self, request: web.Request, call: Call) -> web.Response:
        world = self._world
        fault: Fault | None = None
        try:
            self._check_token(request)
            if request.method not in ("GET", "POST") or call.method.lower() not in _METHODS:
                raise ApiError(404, "Not Found: method not found")
            call.method = _METHODS[call.method.lower()]
            await self._read(request, call)
            chat_id = call.parameters.get("chat_id")
            fault = world.faults.strike(call.method, chat_id)
            await self._dawdle(call, 0)
            if fault is not None and await self._strike_before(request, call, fault):
                return web.Response()
            writes = len(call.parameters.get("message_ids", ())) or 1
            world.limits.spend(call.method, chat_id, world.clock.now(), messages=writes)
            result = await ANSWERS[call.method](world, call.parameters)
            call.answer, call.status = {"ok": True, "result": result}, 200
        except ApiError as error:
            call.answer, call.status = error.answer(), error.code
        world.called.ring()
        await self._dawdle(call, 1)
        if fault is None:
            return _json(call)
        if await self._strike_after(request, call, fault):
            return web.Response()
        if fault.kind == "gateway" and fault.error is not None:
            call.status = fault.error.code
            words = _HTML.format(f"{fault.error.code} {fault.error.description}")
            return web.Response(text=words, content_type="text/html", status=call.status)
        answer = _json(call)
        return await _cut(request, call, answer) if fault.kind == "truncate" else answer

    async def _read(self, request: web.Request, call: Call) -> None:
        """Read the parameters, then log the call: whom it is for decides whether it is kept."""
        try:
            call.parameters = await read_raw(request)
            call.parameters = check(call.method, call.parameters)
        finally:
            self._world.log(call)

    async def _dawdle(self, call: Call, when: int) -> None:
        """Take as long as a far server does, before (0) and after (1) the write."""
        if (seconds := self._world.faults.latency[when]) and call.method != "getUpdates":
            await asyncio.sleep(seconds)

    async def _strike_before(self, request: web.Request, call: Call, fault: Fault) -> bool:
        """Let a fault strike before the write; True when the connection is gone."""
        call.fault = fault.kind
        if fault.error is not None and not fault.written:
            raise fault.error
        if fault.kind in ("hold_before", "hang") and not fault.written:
            fault.reached.set()
            await fault.released.wait()
        return fault.kind in ("drop_before", "hang") and not fault.written and _reset(request, call)

    async def _strike_after(self, request: web.Request, call: Call, fault: Fault) -> bool:
        """Let a fault strike after the write; True when the connection is gone."""
        if fault.kind in ("hold_after", "hang"):
            fault.reached.set()
            await fault.released.wait()
        return fault.kind in ("drop_after", "hang") and _reset(request, call)

    def _check_token(self, request: web.Request) -> None:
        if request.match_info["token"] != self._world.token:
            raise ApiError(401, "Unauthorized")


def _json(call: Call) -> web.Response:
    """Give the answer of a call that is over."""
    return web.Response(
        body=json.dumps(call.answer).encode(), content_type="application/json", status=call.status
    )


async def _cut(request: web.Request, call: Call, whole: web.Response) -> web.Response:
    """Send half of an answer that promises to be whole, then end the connection."""
    body = whole.body
    assert isinstance(body, bytes)  # as _json made it
    half = web.StreamResponse(status=whole.status)
    half.content_type, half.content_length = "application/json", len(body)
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    _end(request, call)
    return web.Response()


def _reset(request: web.Request, call: Call) -> bool:
    """Reset the connection under a request, as a failing network does."""
    transport = request.transport
    if transport is not None:
        raw: Any = transport.get_extra_info("socket")
        # Without lingering the kernel sends RST instead of an orderly end.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        transport.abort()
    return _end(request, call)


def _end(request: web.Request, call: Call) -> bool:
    """Close the connection after what is written so far."""
    call.dropped = True
    if request.transport is not None:
        request.transport.close()
    return True
