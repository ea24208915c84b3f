"""Code and catalogue agree: every key in code has words, and no words wait for nobody."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

from locales import Catalogue
from rules.outcomes import Light

ROOT = Path(__file__).parents[2]
OF_THE_LAW = ("event", "charge", "rule", "fact", "paper", "change", "outcome", "reading", "note")
GENERATED = (*OF_THE_LAW, "canned")
"""Families whose members come from data: of the law, or ``helpdesk/desk/canned.yaml`` (tests hold
them to it)."""

LIGHTS = {f"desk.light.{light}" for light in get_args(Light)}
"""The colours of a determination, which the rules name and not the code."""

_KEY = re.compile(r"@?([a-z0-9_]+(?:\.[a-z0-9_]+)+)(?<!\.yaml)")
_STEM = re.compile(r"@?([a-z0-9_]+\.(?:[a-z0-9_]+\.)*)")


def _strings() -> tuple[set[str], set[str]]:
    """Collect every string constant of the rooms, and the openings of f-strings."""
    whole: set[str] = set()
    openings: set[str] = set()
    for room in ("helpdesk", "handlers", "bot"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                    openings.add(str(node.values[0].value))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    whole.add(node.value)
    return whole, openings


def test_every_key_in_code_has_words(catalogue: Catalogue) -> None:
    whole, _ = _strings()
    families = {key.split(".")[0] for key in catalogue.keys}
    asked = {match.group(1) for text in whole if (match := _KEY.fullmatch(text))}
    ours = {key for key in asked if key.split(".")[0] in families}
    assert sorted(ours - catalogue.keys) == []


def test_every_opening_of_a_key_in_code_has_words(catalogue: Catalogue) -> None:
    _, openings = _strings()
    families = {key.split(".")[0] for key in catalogue.keys}
    stems = {match.group(1) for text in openings if (match := _STEM.fullmatch(text))}
    ours = {stem for stem in stems if stem.split(".")[0] in families}
    lost = {stem for stem in ours if not any(key.startswith(stem) for key in catalogue.keys)}
    assert sorted(lost) == []


def test_every_message_is_used(catalogue: Catalogue) -> None:
    whole, openings = _strings()
    whole = {text.removeprefix("@") for text in whole}
    stems = {text.removeprefix("@") for text in openings} | whole

    def used(key: str) -> bool:
        if key.split(".")[0] in GENERATED or key in whole | LIGHTS:
            return True
        # A key may be put together: an opening in code, and its end a word in code.
        dots = [place + 1 for place, letter in enumerate(key) if letter == "."]
        return any(key[:dot] in stems and key[dot:] in whole for dot in dots)

    assert sorted(key for key in catalogue.keys if not used(key)) == []
