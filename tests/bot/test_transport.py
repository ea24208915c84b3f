"""The transport: what goes over the wire, what each way of failing means, and that no token tells.

Everything runs over sockets of this machine: against the sandbox, and against servers that break
off at a chosen byte. What an error means is proved for the library's own transport too, which the
bench uses.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import socket
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, HTTPXRequest

from bot import transport as module
from bot.fates import Fate, judge, seconds_to_wait
from bot.transport import Transport
from bot.wire import MakeTransport, Spot, Wire
from handlers.render import Rendered
from helpdesk.messages import Unreadable
from sandbox import Sandbox
from tests.bot.rawserver import Act, RawServer, Request

TOKEN = "123456:AASecretSecretSecret"
SENT = b'{"ok":true,"result":{"message_id":7,"date":0,"chat":{"id":5,"type":"private"}}}'
HELLO = Rendered("Hola", None)


def stock(connections: int, patience: float) -> HTTPXRequest:
    return HTTPXRequest(
        connections,
        read_timeout=patience,
        write_timeout=patience,
        connect_timeout=patience,
        pool_timeout=patience,
        httpx_kwargs={"trust_env": False},
    )


both = pytest.mark.parametrize("make", [Transport, stock], ids=["aiohttp", "httpx"])


async def fails(root: str, make: MakeTransport = Transport) -> TelegramError:
    """Send a message that does not arrive, or whose arrival nobody tells of; give the error."""
    async with Wire(root, TOKEN, patience=0.15, transport=make) as wire:
        with pytest.raises(TelegramError) as caught:
            await wire.send(Spot(5), HELLO)
    return caught.value


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Give an error and all that it was raised from, or while it was handled."""
    seen: set[int] = set()
    todo = [error]
    while todo:
        one = todo.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            yield one
            todo += [one.__cause__, one.__context__]


def tells(error: BaseException) -> str:
    """Give all that an error could ever have a program print."""
    said = ["".join(traceback.format_exception(error))]
    for one in chain(error):
        said += [str(one), repr(one), repr(one.args), repr(vars(one))]
    return "\n".join(said)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """Give what was logged at any level, but for what the library's bot says of its own start."""
    return "".join(one.getMessage() for one in caplog.records if "ExtBot" not in one.name)


# What goes over the wire


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    async with Sandbox(TOKEN) as box:
        yield box


@pytest.fixture
async def wire(box: Sandbox) -> AsyncIterator[Wire]:
    async with Wire(box.url, box.token, patience=5) as wire:
        yield wire


async def test_words_buttons_and_flags_arrive_as_they_were_written(
    box: Sandbox, wire: Wire
) -> None:
    maria = box.person("María")
    await maria.send("/start")
    text = "¿Qué pasó? <b>Señal</b> & más = 100 % +1\n💡 “así”"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Sí, ñandú", callback_data="a&b=c+d")]])
    text = text.replace("&", "&amp;")
    sent = await wire.send(Spot(maria.chat_id, silent=True), Rendered(text, keyboard))
    (call,) = box.calls_of("sendMessage")
    assert call.ok
    assert call.parameters["text"] == text
    assert call.parameters["disable_notification"] is True
    (button,) = call.parameters["reply_markup"]["inline_keyboard"][0]
    assert button == {"text": "Sí, ñandú", "callback_data": "a&b=c+d"}
    await wire.edit(maria.chat_id, sent, HELLO)
    assert maria.last().text == "Hola"


@pytest.mark.parametrize("size", [1, 3 * 2**20])
async def test_a_file_goes_up_and_comes_down_byte_for_byte(
    box: Sandbox, wire: Wire, size: int
) -> None:
    """Whatever is in it, line ends and boundaries included, and however large."""
    maria = box.person("María")
    await maria.send("/start")
    data = (b"\r\n--" + os.urandom(size))[:size]
    words = Rendered("Constancia de <i>Táchira</i>", None)
    await wire.send_media(Spot(maria.chat_id, silent=True), Unreadable.PHOTO, data, words)
    (call,) = box.calls_of("sendPhoto")
    assert call.parameters["caption"] == words.text
    assert call.parameters["disable_notification"] is True
    photo = maria.last().content["photo"][-1]["file_id"]
    assert box.bytes_of(photo) == data
    assert await wire.download(photo) == data


async def test_polls_do_not_wait_for_calls_and_hold_as_long_as_they_are_asked_to(
    box: Sandbox,
) -> None:
    async with Wire(box.url, box.token, patience=0.1) as wire:
        poll = asyncio.create_task(wire.updates(None, hold=20))
        await box.polled()
        await asyncio.sleep(0.25)  # longer than any other call is waited for
        assert not poll.done()
        await box.person("María").send("hola")
        (update,) = await poll
    assert isinstance(update, dict)
    assert update["message"]["text"] == "hola"


async def answer_sent(request: Request) -> None:
    await request.answer(SENT, "200 OK", "Set-Cookie: who=maria; Path=/")


async def test_a_form_and_nothing_more_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cookie that was set, and through no proxy of the environment."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    async with RawServer(answer_sent) as server, Wire(server.url, TOKEN, patience=2) as wire:
        assert await wire.send(Spot(5), HELLO) == 7
        assert await wire.send(Spot(5), HELLO) == 7
    assert server.connections == 1, "a connection serves many calls"
    for request in server.requests:
        assert b"cookie" not in request.head.lower()
        form = parse_qs(request.body.decode("ascii"), strict_parsing=True)
        assert form["text"] == ["Hola"]
        assert json.loads(form["chat_id"][0]) == 5


async def test_a_redirect_is_not_followed() -> None:
    """Whoever can redirect would be given the token and the words."""
    async with RawServer(answer_sent) as other:

        async def redirect(request: Request) -> None:
            await request.answer(b"", "307 Temporary Redirect", f"Location: {other.url}/")

        async with RawServer(redirect) as server:
            assert judge(await fails(server.url)) is Fate.TROUBLE
    assert other.connections == 0


async def test_a_connection_that_the_server_closed_is_not_tried_again_by_itself() -> None:
    """Nobody can tell whether the request was read: it is unknown, and went out once."""

    async def once(request: Request) -> None:
        if request.number == 1:
            await request.answer(SENT)
        else:
            request.close()

    async with RawServer(once) as server, Wire(server.url, TOKEN, patience=2) as wire:
        await wire.send(Spot(5), HELLO)
        with pytest.raises(NetworkError) as caught:
            await wire.send(Spot(5), HELLO)
        assert judge(caught.value) is Fate.UNKNOWN
        assert len(server.requests) == 2
        assert await wire.send(Spot(5), HELLO) == 7, "the next one connects anew"


async def test_an_idle_connection_is_closed_here_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE", 0.02)
    async with RawServer(answer_sent) as server, Wire(server.url, TOKEN, patience=2) as wire:
        await wire.send(Spot(5), HELLO)
        await asyncio.sleep(0.2)
        await wire.send(Spot(5), HELLO)
        assert [request.number for request in server.requests] == [1, 1]


async def test_it_opens_and_closes_as_often_as_it_is_asked_to() -> None:
    transport = Transport(1, 1)
    assert transport.read_timeout == 1
    with pytest.raises(NetworkError):
        await transport.post("http://127.0.0.1:9/")
    await transport.shutdown()
    async with RawServer(answer_sent) as server:
        for _ in range(2):
            await transport.initialize()
            await transport.initialize()
            assert await transport.post(server.url)
            await transport.shutdown()


# What each way of failing means


async def reset(request: Request) -> None:
    request.reset()


async def close(request: Request) -> None:
    request.close()


async def truncate(request: Request) -> None:
    await request.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + SENT[:40])
    request.close()


async def truncate_chunks(request: Request) -> None:
    await request.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nhalf")
    request.reset()


async def no_http(request: Request) -> None:
    await request.write(b"220 mail.example ready\r\n\r\n")
    request.close()


async def hang(request: Request) -> None:
    await asyncio.Event().wait()


async def stall(request: Request) -> None:
    await request.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + SENT[:40])
    await asyncio.Event().wait()


async def html(request: Request) -> None:
    await request.answer(b"<html>welcome</html>")


async def bad_gateway(request: Request) -> None:
    await request.answer(b"<html>Bad Gateway</html>", "502 Bad Gateway")


async def broken(request: Request) -> None:
    words = b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'
    await request.answer(words, "500 Internal Server Error")


@both
@pytest.mark.parametrize(
    ("act", "fate"),
    [
        (reset, Fate.UNKNOWN),
        (close, Fate.UNKNOWN),
        (truncate, Fate.UNKNOWN),
        (truncate_chunks, Fate.UNKNOWN),
        (no_http, Fate.UNKNOWN),
        (hang, Fate.UNKNOWN),
        (stall, Fate.UNKNOWN),
        (html, Fate.UNKNOWN),
        (bad_gateway, Fate.TROUBLE),
        (broken, Fate.TROUBLE),
    ],
)
async def test_after_the_first_byte_nobody_can_know(
    make: MakeTransport, act: Act, fate: Fate, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        async with RawServer(act) as server:
            error = await fails(server.url, make)
    assert judge(error) is fate
    assert len(server.requests) == 1, "nothing is repeated"
    if make is Transport:
        assert "Secret" not in tells(error)
        assert "Secret" not in logged(caplog)


@both
async def test_a_connection_that_breaks_before_it_is_read_may_have_been_written_to(
    make: MakeTransport,
) -> None:
    async with RawServer(reset, unread=True) as server:
        error = await fails(server.url, make)
    assert judge(error) is Fate.UNKNOWN


@pytest.mark.parametrize("body", [b"[]", b"{}", b'"result"', b'{"ok":true}', b"\xff\xfe", b""])
async def test_json_that_is_no_answer_tells_nothing(body: bytes) -> None:
    async def act(request: Request) -> None:
        await request.answer(body)

    async with RawServer(act) as server:
        assert judge(await fails(server.url)) is Fate.UNKNOWN


@contextmanager
def full() -> Iterator[str]:
    """Give the address of a port whose queue is full: connecting to it takes for ever."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(door.getsockname())
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        for one in waiting:
            one.close()


@contextmanager
def closed() -> Iterator[str]:
    """Give the address of a port where nobody listens, and nobody will meanwhile."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{door.getsockname()[1]}"


@contextmanager
def nowhere() -> Iterator[str]:
    yield "http://faro.invalid"


@contextmanager
def no_tls() -> Iterator[str]:
    """Give an address that asks for TLS from a server that breaks off at once."""
    with closed() as url:
        yield url.replace("http:", "https:")


@both
@pytest.mark.parametrize("where", [full, closed, nowhere, no_tls])
async def test_what_never_left_is_known(
    make: MakeTransport, where: object, caplog: pytest.LogCaptureFixture
) -> None:
    assert callable(where)
    with caplog.at_level(logging.DEBUG), where() as url:
        error = await fails(url, make)
    assert judge(error) is Fate.NEVER_LEFT
    if make is Transport:
        assert "Secret" not in tells(error)
        assert "Secret" not in logged(caplog)


async def test_a_server_that_speaks_no_tls_was_told_nothing() -> None:
    async with RawServer(close, unread=True) as server:
        error = await fails(server.url.replace("http:", "https:"))
    assert judge(error) is Fate.NEVER_LEFT


@pytest.mark.parametrize("root", ["http://", "ftp://127.0.0.1", "http://[::1", "http://a b"])
async def test_an_address_that_is_none_does_not_tell_the_token(root: str) -> None:
    error = await fails(root)
    assert judge(error) is Fate.NEVER_LEFT
    assert "Secret" not in tells(error)


@both
async def test_who_waited_for_a_free_connection_in_vain_never_left(make: MakeTransport) -> None:
    async with RawServer(hang) as server, make(1, 5) as transport:
        first = asyncio.create_task(transport.post(f"{server.url}/bot{TOKEN}/first"))
        await server.reached.wait()
        with pytest.raises(TimedOut) as caught:
            await transport.post(
                f"{server.url}/bot{TOKEN}/second", pool_timeout=0.05, connect_timeout=0.05
            )
        first.cancel()
        await asyncio.wait({first})
    assert judge(caught.value) is Fate.NEVER_LEFT
    assert len(server.requests) == 1
    if make is Transport:
        assert "Secret" not in tells(caught.value)


async def test_an_upload_that_nobody_reads_ends() -> None:
    """The server takes what fits into the sockets, and no more."""
    async with RawServer(hang, unread=True) as server, Wire(server.url, TOKEN, patience=2) as wire:
        upload = wire._bot.send_photo(
            5,
            bytes(12 * 2**20),
            filename="foto.jpg",
            pool_timeout=0.05,
            connect_timeout=0.05,
            write_timeout=0.05,
            read_timeout=0.05,
        )
        with pytest.raises(TimedOut) as caught:
            await upload
    assert judge(caught.value) is Fate.UNKNOWN


async def test_a_wait_that_has_no_limit_is_not_given_one() -> None:
    async def slowly(request: Request) -> None:
        await asyncio.sleep(0.1)
        await request.answer(SENT)

    async with RawServer(slowly) as server, Transport(1, 0.01) as transport:
        url = f"{server.url}/bot{TOKEN}/x"
        with pytest.raises(TimedOut):
            await transport.post(url)
        none = dict.fromkeys(["read_timeout", "write_timeout", "connect_timeout", "pool_timeout"])
        assert await transport.post(url, **none)


async def test_whoever_stops_waiting_gets_no_error_of_the_library() -> None:
    async with RawServer(hang) as server, Transport(1, 5) as transport:
        call = asyncio.create_task(transport.post(f"{server.url}/bot{TOKEN}/x"))
        await server.reached.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call


@both
async def test_what_telegram_refuses_reads_as_ever(box: Sandbox, make: MakeTransport) -> None:
    maria = box.person("María")
    await maria.send("/start")
    async with Wire(box.url, box.token, patience=5, transport=make) as wire:
        box.faults.retry_after("sendMessage", 7)
        box.faults.forbid("sendMessage")
        box.faults.refuse("sendMessage", 400, "Bad Request: message text is empty")
        errors = []
        for _ in range(3):
            with pytest.raises(TelegramError) as caught:
                await wire.send(Spot(maria.chat_id), HELLO)
            errors.append(caught.value)
    assert [judge(error) for error in errors] == [Fate.WAIT, Fate.BLOCKED, Fate.REFUSED]
    assert isinstance(errors[0], RetryAfter)
    assert seconds_to_wait(errors[0]) == 7
    assert isinstance(errors[2], BadRequest)


def test_it_is_made_as_the_library_wants_it() -> None:
    assert isinstance(Transport(1, 1), BaseRequest)
