"""The vocabulary as JSON Schema, for the programs of other organisations."""

from __future__ import annotations

from typing import Any

from rules.law import Fact, Law
from rules.sheet import UNKNOWN_KEY, NonAnswer

_DATE = r"^\d{4}(-\d{2}(-\d{2})?)?(/\d{4}(-\d{2}(-\d{2})?)?)?$"
Schema = dict[str, Any]


def schema_of(law: Law) -> Schema:
    """Return the JSON Schema (draft 2020-12) of the ``facts`` of a case under a law."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Facts of a case: {law.id} {law.version}",
        "type": "object",
        "additionalProperties": False,
        "properties": {fact.id: _fact(law, fact) for fact in law.facts.values()},
    }


def _fact(law: Law, fact: Fact) -> Schema:
    kinds = [NonAnswer.DOES_NOT_KNOW.value, NonAnswer.PREFERS_NOT_TO_SAY.value]
    if fact.may_not_apply:
        kinds.append(NonAnswer.DOES_NOT_APPLY.value)
    non_answer = {
        "type": "object",
        "additionalProperties": False,
        "required": [UNKNOWN_KEY],
        "properties": {UNKNOWN_KEY: {"enum": kinds}},
    }
    return {"description": fact.meaning, "anyOf": [_value(law, fact), non_answer]}


def _value(law: Law, fact: Fact) -> Schema:
    if fact.kind == "flag":
        return {"type": "boolean"}
    if fact.kind == "span":
        return {"type": "string", "pattern": _DATE}
    if fact.kind == "charges":
        return {"type": "array", "items": {"enum": list(law.charges)}, "uniqueItems": True}
    return {"enum": list(fact.values)}
