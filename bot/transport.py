"""Carries requests of python-telegram-bot over aiohttp; what an error means is in ``bot.fates``.

A request goes out once: nothing is repeated, redirected, or sent through a proxy of the
environment, and no cookie is kept. Every error is the library's ``NetworkError`` or ``TimedOut``,
raised from aiohttp's own, by which ``bot.fates`` tells what never left this machine. The address of
every request has the token in it, and some errors of aiohttp quote it: those are made anew, so that
no error, its cause or its context has the address in it.

A connection that is left idle may be closed by the server in the very moment it is used again:
that is *disconnected* after something was written, and nobody knows what became of it. So an idle
one is closed here first, after ``IDLE`` seconds: nginx, which answers for Telegram, keeps one for
75 unless told otherwise, and address translators on the way forget one after a minute.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

IDLE = 20.0
UPLOAD = 20.0
"""Seconds that an upload of files may take to be written."""
ADDRESSES_KEPT = 60
"""Seconds that the server's addresses are remembered."""
_HEADERS = {"User-Agent": BaseRequest.USER_AGENT}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


Limit = Any
"""Seconds, None for no limit, or ``BaseRequest.DEFAULT_NONE``, whose type the library keeps."""


class Transport(BaseRequest):
    """At most ``connections`` to the server; ``patience`` seconds to wait for anything.

    A call waits six times as long for a free connection, for that harms nobody. Answers are held
    in memory whole. It belongs to the event loop it was opened in.
    """

    __slots__ = ("_connections", "_patience", "_session")

    def __init__(self, connections: int, patience: float) -> None:
        self._connections = connections
        self._patience = patience
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer."""
        return self._patience

    async def initialize(self) -> None:
        """Open; the first request connects."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections, keepalive_timeout=IDLE, ttl_dns_cache=ADDRESSES_KEPT
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
                trust_env=False,
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Limit = BaseRequest.DEFAULT_NONE,
        write_timeout: Limit = BaseRequest.DEFAULT_NONE,
        connect_timeout: Limit = BaseRequest.DEFAULT_NONE,
        pool_timeout: Limit = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a request; its status and body. Raises NetworkError or TimedOut."""
        if self._session is None:
            raise RuntimeError("this transport is not open")
        uploads = request_data is not None and request_data.contains_files
        patience = self._patience
        timeout = _timeout(
            _or(read_timeout, patience),
            _or(write_timeout, max(UPLOAD, patience) if uploads else patience),
            _or(connect_timeout, patience),
            _or(pool_timeout, 6 * patience),
        )
        body: aiohttp.FormData | bytes | None = None
        headers = None
        if uploads:
            assert request_data is not None  # it has files
            body = _parts(request_data)
        elif request_data is not None:
            body, headers = urlencode(request_data.json_parameters).encode("ascii"), _FORM
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except Exception as error:
            cause = _without_address(error)
        # Out of the handler: what is raised in one keeps what was caught as its context.
        raise _as_the_library_says(cause) from cause

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Read an answer of the Bot API; raises TelegramError for what is none.

        The library's own logs the body, and lets through JSON that is no answer.
        """
        try:
            answer = json.loads(payload)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or not ("result" in answer or "error_code" in answer):
            raise TelegramError("not an answer of the Bot API")
        return answer


def _or(given: Limit, default: float) -> float | None:
    return default if given is BaseRequest.DEFAULT_NONE else given


def _timeout(
    read: float | None, write: float | None, connect: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    """Put the library's four timeouts into aiohttp's.

    aiohttp has none for writing: what is not over in the sum of all is given up. By then something
    was written, for the wait for a connection ends before.
    """
    found = None if pool is None or connect is None else pool + connect
    total = None if found is None or write is None or read is None else found + write + read
    return aiohttp.ClientTimeout(total=total, connect=found, sock_connect=connect, sock_read=read)


def _parts(request_data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in request_data.multipart_data.items():
        # As a file: aiohttp writes it in pieces, so that the loop goes on meanwhile.
        file = BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=kind)
    return form


def _without_address(error: Exception) -> Exception:
    """Give an error that means the same and has no address in its words."""
    match error:
        case aiohttp.ConnectionTimeoutError():
            return aiohttp.ConnectionTimeoutError("no connection in time")
        case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
            return aiohttp.InvalidURL("of the request")
        case aiohttp.ClientConnectionError() | aiohttp.ClientPayloadError() | TimeoutError():
            return error  # those say the host at most
    return aiohttp.ClientError(type(error).__name__)


def _as_the_library_says(cause: Exception) -> NetworkError:
    name = type(cause).__name__
    return TimedOut(name) if isinstance(cause, TimeoutError) else NetworkError(name)
