"""Reads the parameters of a call from HTTP and checks them against the table; decides nothing else.

Telegram takes them from the query string, an urlencoded or multipart form, or a JSON body; nested
values in a form are JSON (python-telegram-bot always sends them so).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.errors import ApiError, bad_request
from sandbox.files import Upload
from sandbox.methods import FILE, METHODS, TYPES, Field

Parameters = dict[str, Any]
"""Parameters by name, already of their type; an absent one is not there."""

_FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}
_EMPTY = {"text": "message text is empty", "chat_id": "chat_id is empty"}
_INTEGER_LIMIT = 2**63


async def read_raw(request: web.Request) -> Parameters:
    """Collect what the request brings, untyped: strings and files from forms, JSON values."""
    raw: Parameters = dict(request.query)
    if request.method != "POST" or not request.can_read_body:
        return raw
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise bad_request("can't parse JSON body") from None
        if not isinstance(body, dict):
            raise bad_request("JSON body must be an object")
        raw.update(body)
    elif request.content_type in _FORMS:
        for name, value in (await request.post()).items():
            raw[name] = value if isinstance(value, str) else _upload(value)
    elif await request.read():
        raise bad_request(f"unsupported content type {request.content_type}")
    return raw


def _upload(field: web.FileField | bytes | bytearray) -> Upload:
    if isinstance(field, web.FileField):
        return Upload(field.file.read(), field.filename)
    return Upload(bytes(field), "")


def check(method: str, raw: Mapping[str, Any]) -> Parameters:
    """Check parameters against the table and give them typed.

    Raises ApiError 400 that names the unknown, missing or mistyped parameter.
    """
    return _object(raw, METHODS[method], "parameter", f"of {method}")


def _object(raw: Mapping[str, Any], fields: tuple[Field, ...], noun: str, of: str) -> Parameters:
    known = {field.name: field for field in fields}
    for name in raw:
        if name not in known:
            raise bad_request(f'unknown {noun} "{name}" {of} (the sandbox knows what Faro uses)')
    read: Parameters = {}
    for field in fields:
        value = raw.get(field.name)
        if value is None:
            if field.required:
                reason = _EMPTY.get(field.name) if noun == "parameter" else None
                raise bad_request(reason or f'{noun} "{field.name}" {of} is required')
            continue
        read[field.name] = _value(value, field.type, f'{noun} "{field.name}"')
    return read


def _value(value: Any, kind: str, where: str) -> Any:
    if isinstance(value, Upload):
        if kind == FILE:
            return value
        raise bad_request(f"{where} is a file, and takes none")
    if kind in ("String", FILE):
        if not isinstance(value, str):
            raise _wrong(where, kind, value)
        return _utf8(value)
    if kind == "Integer":
        return _integer(value, where)
    if kind == "Boolean":
        return _boolean(value, where)
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request(f"{where} must be {kind}: can't parse its JSON") from None
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            raise _wrong(where, kind, value)
        inner = kind.removeprefix("Array of ")
        return [_value(one, inner, f"{where}[{index}]") for index, one in enumerate(value)]
    if not isinstance(value, dict):
        raise _wrong(where, kind, value)
    return _object(value, TYPES[kind], "field", f"of {kind} in {where}")


def _integer(value: Any, where: str) -> int:
    number: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, str):
        digits = value.removeprefix("-")
        number = int(value) if digits.isascii() and digits.isdigit() else None
    if number is None or not -_INTEGER_LIMIT <= number < _INTEGER_LIMIT:
        raise _wrong(where, "Integer", value)
    return number


def _boolean(value: Any, where: str) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if value.lower() in _TRUE:
            return True
        if value.lower() in _FALSE:
            return False
    raise _wrong(where, "Boolean", value)


def _utf8(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    return text


def _wrong(where: str, kind: str, value: Any) -> ApiError:
    return bad_request(f"{where} must be {kind}, not {type(value).__name__}")
