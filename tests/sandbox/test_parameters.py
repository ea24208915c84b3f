"""Parameters are read from every form HTTP has, and a wrong one is named."""

from __future__ import annotations

import inspect
import json
import re
from typing import Any

import aiohttp
import pytest
from telegram import Bot

from sandbox import Person, Sandbox
from sandbox.api import ANSWERS
from sandbox.methods import FILE, METHODS, TYPES, Field
from tests.sandbox.calls import Call

MARKUP = {"inline_keyboard": [[{"text": "Sí", "callback_data": "s"}]]}


def _fields() -> dict[str, str]:
    return {"text": "hola", "disable_notification": "true", "reply_markup": json.dumps(MARKUP)}


@pytest.mark.parametrize("way", ["query", "post query", "form", "multipart", "json", "mixed"])
async def test_parameters_come_in_every_way(
    box: Sandbox, maria: Person, session: aiohttp.ClientSession, way: str
) -> None:
    url = f"{box.url}/bot{box.token}/sendMessage"
    fields = {"chat_id": str(maria.chat_id), **_fields()}
    sent: dict[str, Any] = {}
    if way in ("query", "post query"):
        sent = {"params": fields}
    elif way == "form":
        sent = {"data": fields}
    elif way == "multipart":
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
        sent = {"data": form}
    elif way == "json":
        values = {"chat_id": maria.chat_id, "disable_notification": True, "reply_markup": MARKUP}
        sent = {"json": {**fields, **values}}
    else:
        sent = {"params": {"chat_id": fields.pop("chat_id")}, "data": fields}
    async with session.request("GET" if way == "query" else "POST", url, **sent) as response:
        answer = await response.json()
    assert answer["ok"], answer
    assert maria.last().text == "hola"
    assert maria.last().silent
    assert maria.last().reply_markup == (("Sí",),)
    assert box.calls[-1].parameters["reply_markup"] == MARKUP


@pytest.mark.parametrize(
    ("method", "wrong", "names"),
    [
        ("sendMessage", {"txt": "a"}, '"txt"'),
        ("sendMessage", {"text": None}, "text is empty"),
        ("sendMessage", {"text": ""}, "text is empty"),
        ("sendMessage", {"text": 5}, '"text" must be String'),
        ("sendMessage", {"chat_id": None}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "@maria"}, '"chat_id" must be Integer'),
        ("sendMessage", {"chat_id": 1.5}, '"chat_id" must be Integer'),
        ("sendMessage", {"chat_id": True}, '"chat_id" must be Integer'),
        ("sendMessage", {"chat_id": 2**63}, '"chat_id" must be Integer'),
        ("sendMessage", {"disable_notification": "maybe"}, '"disable_notification" must be Bool'),
        ("sendMessage", {"disable_notification": 1}, '"disable_notification" must be Boolean'),
        ("sendMessage", {"reply_markup": "{"}, '"reply_markup" must be InlineKeyboardMarkup'),
        ("sendMessage", {"reply_markup": "[]"}, '"reply_markup" must be InlineKeyboardMarkup'),
        ("sendMessage", {"reply_markup": {"inline_keyboard": 1}}, '"inline_keyboard" must be Arr'),
        ("sendMessage", {"link_preview_options": {"off": True}}, '"off"'),
        ("sendMessage", {"text": "\ud800"}, "UTF-8"),
        ("deleteMessage", {"text": None}, '"message_id" of deleteMessage is required'),
        ("deleteMessages", {"text": None, "message_ids": 5}, '"message_ids" must be Array'),
        ("deleteMessages", {"text": None, "message_ids": ["a"]}, '"message_ids"[0] must be Int'),
        ("getUpdates", {"text": None, "chat_id": None, "limit": 0}, '"limit"'),
        ("getUpdates", {"text": None, "chat_id": None, "timeout": -1}, '"timeout"'),
    ],
)
async def test_a_fault_is_named(
    refusal: Call, maria: Person, method: str, wrong: dict[str, Any], names: str
) -> None:
    given = {"chat_id": maria.chat_id, "text": "a", **wrong}
    said = await refusal(method, **{k: v for k, v in given.items() if v is not None})
    assert said.startswith("400 Bad Request: ")
    assert names in said
    assert maria.from_bot() == ()


async def test_bodies_that_cannot_be_read(
    box: Sandbox, session: aiohttp.ClientSession, maria: Person
) -> None:
    url = f"{box.url}/bot{box.token}/sendMessage"
    form = aiohttp.FormData()
    form.add_field("chat_id", str(maria.chat_id))
    form.add_field("text", b"abc", filename="a.txt")
    json_type = {"Content-Type": "application/json"}
    for sent, reason in (
        ({"data": "{", "headers": json_type}, "can't parse JSON body"),
        ({"data": "[]", "headers": json_type}, "must be an object"),
        ({"data": b"a", "headers": {"Content-Type": "text/plain"}}, "unsupported content type"),
        ({"data": form}, 'parameter "text" is a file'),
    ):
        options: dict[str, Any] = sent
        async with session.post(url, **options) as response:
            answer = await response.json()
        assert answer["error_code"] == 400
        assert reason in answer["description"]


async def test_wrong_token_and_unknown_method(
    box: Sandbox, session: aiohttp.ClientSession, refusal: Call
) -> None:
    async with session.get(f"{box.url}/bot1:WRONG/getMe") as response:
        assert await response.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
    assert (await refusal("sendEverything")).startswith("404 Not Found")
    async with session.put(f"{box.url}/bot{box.token}/getMe") as response:
        assert response.status == 404


async def test_method_names_have_no_case(ask: Call) -> None:
    assert (await ask("GETME"))["is_bot"] is True


def test_every_method_of_the_table_has_an_answer() -> None:
    assert METHODS.keys() == ANSWERS.keys()


def test_every_type_of_the_table_is_known() -> None:
    basic = {"Integer", "Boolean", "String", FILE}
    for fields in (*METHODS.values(), *TYPES.values()):
        for field in fields:
            assert re.sub(r"^(Array of )*", "", field.type) in basic | TYPES.keys()


@pytest.mark.parametrize(
    ("method", "field"), [(name, field) for name, all_ in METHODS.items() for field in all_]
)
def test_the_table_agrees_with_the_library(method: str, field: Field) -> None:
    name = re.sub(r"[A-Z]", lambda upper: "_" + upper.group().lower(), method)
    if name in ("get_webhook_info", "get_me"):
        return
    known = inspect.signature(getattr(Bot, name)).parameters
    assert field.name in known
    if known[field.name].default is inspect.Parameter.empty:
        assert field.required
