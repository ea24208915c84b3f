"""A server on this machine that does with each request what a test says, byte by byte."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

_NO_LINGER = struct.pack("ii", 1, 0)


class Request:
    """A request that was read whole, and the connection to do something with.

    ``number`` counts those of the connection from 1.
    """

    def __init__(self, head: bytes, body: bytes, writer: asyncio.StreamWriter, number: int) -> None:
        self.head = head
        self.body = body
        self.number = number
        self._writer = writer

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def answer(self, body: bytes, status: str = "200 OK", *headers: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
        await self.write("\r\n".join(lines).encode() + body)

    def close(self) -> None:
        """End the connection in good order."""
        self._writer.close()

    def reset(self) -> None:
        """Break the connection, as a failing network does."""
        raw: socket.socket = self._writer.get_extra_info("socket")
        # A socket that does not linger sends RST when it is closed.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._writer.transport.abort()


Act = Callable[[Request], Awaitable[None]]


class RawServer:
    """``async with RawServer(act) as server``: ``act`` is given every request.

    With ``unread`` it is given each connection as it comes, before anything is read.
    """

    def __init__(self, act: Act, *, unread: bool = False) -> None:
        self._act = act
        self._unread = unread
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.requests: list[Request] = []
        self.reached = asyncio.Event()
        self.connections = 0
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        await asyncio.wait({task})

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if self._unread:
                await self._act(Request(b"", b"", writer, 1))
                return
            number = 0
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                number += 1
                length = 0
                for line in head.lower().split(b"\r\n"):
                    if line.startswith(b"content-length:"):
                        length = int(line.partition(b":")[2])
                request = Request(head, await reader.readexactly(length), writer, number)
                self.requests.append(request)
                self.reached.set()
                await self._act(request)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
