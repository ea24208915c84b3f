"""What can be withdrawn: rules, texts, figures and contacts, each by one short name.

``rule:homicidio``, ``rule:all``, ``answer:step.appeal_now``, ``answer:canned.money``,
``figure:rejected``, ``contact:<id>``. The names stand in the store in clear, so none says anything
about a family. Whether something *is* withdrawn is not known here.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from locales import Catalogue
from rules import Law

LONGEST: Final = 54
"""Bytes of a name, so that it fits into what a button carries (64, Bot API ``callback_data``)."""

EVERY_RULE: Final = "rule:all"
"""As if each rule were withdrawn: for the day on which there is another law."""

_FORM: Final = re.compile(r"(?:rule|answer|figure|contact):[a-z0-9_.]{1,46}")

_PAGES: Final = (
    *("page.gives_not", "page.commission_warning", "page.papers", "page.who_helps"),
    *("route.money", "route.whereabouts", "route.distress", "route.distress_small"),
    *("route.person", "card.paper", "card.whereabouts"),
)
"""What is only said. The others (page.erase, page.change and so on) lead somewhere: without their
words a family could not erase, or change an answer."""

_FAMILIES: Final = ("why_ask.", "paper.", "change.", "reading.", "note.")
"""Openings of the keys of other texts that say something of the law or of the courts."""

_LIMIT: Final = re.compile(r"outcome\.\w+\.limit")


class Kind(StrEnum):
    """What somebody chooses among; words at ``editorial.kind.<value>``."""

    RULE = "rule"
    STEP = "step"
    PAGE = "page"
    CANNED = "canned"
    FIGURE = "figure"
    CONTACT = "contact"


def is_name(text: str) -> bool:
    """Say whether a text has the form of a name."""
    return _FORM.fullmatch(text) is not None and len(text) <= LONGEST


def kind_of(thing: str) -> Kind:
    """Return what a thing is."""
    sort, _, name = thing.partition(":")
    if sort == "answer":
        if name.startswith("step."):
            return Kind.STEP
        return Kind.CANNED if name.startswith("canned.") else Kind.PAGE
    return Kind(sort)


def of_key(key: str) -> str | None:
    """Return the thing that a message is, None for one that cannot be withdrawn.

    The long words of a step and its line in a result are one thing.
    """
    head, _, tail = key.partition(".")
    if head == "step":
        return f"answer:{key}"
    if key.startswith("result.first."):
        return f"answer:step.{key.removeprefix('result.first.')}"
    if head == "figure":
        return f"figure:{tail}"
    if head == "rule":
        return f"rule:{tail.partition('.')[0]}"
    if head == "canned":
        return f"answer:canned.{tail.partition('.')[0]}"
    if key in _PAGES or key.startswith(_FAMILIES) or _LIMIT.fullmatch(key):
        return f"answer:{key}"
    return None


def every(catalogue: Catalogue, law: Law) -> dict[Kind, tuple[str, ...]]:
    """Return everything that can be withdrawn, contacts apart, in the order in which it is shown.

    Rules of the law in force only: no other is said.
    """
    found: dict[Kind, dict[str, None]] = {kind: {} for kind in Kind}
    found[Kind.RULE] = dict.fromkeys((EVERY_RULE, *(f"rule:{one}" for one in law.rules)))
    for key in sorted(catalogue.keys, key=_rank):
        thing = of_key(key)
        if thing is not None and not thing.startswith("rule:"):
            found[kind_of(thing)][thing] = None
    return {kind: tuple(names) for kind, names in found.items()}


def _rank(key: str) -> tuple[int, str]:
    """Order what people look for first before what explains it."""
    place = next((n for n, opening in enumerate(_ORDER) if key.startswith(opening)), len(_ORDER))
    return place, key


_ORDER: Final = ("page.", "route.", "card.", "note.", "reading.", "outcome.", "why_ask.")


def keys(thing: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the keys under which a thing is said, the one to be shown first; none for a contact.

    Of a rule, what it says when it holds comes first, and then when it does not, and when that
    is open.
    """
    sort, _, name = thing.partition(":")
    if thing == EVERY_RULE or sort == "contact":
        return ()
    known: tuple[str, ...] = (name, f"result.first.{name.removeprefix('step.')}")
    if sort == "rule":
        known = tuple(f"rule.{name}.{truth}" for truth in ("yes", "unknown", "no"))
    elif name.startswith("canned."):
        known = (f"{name}.text",)
    elif sort == "figure":
        known = (f"figure.{name}",)
    return tuple(key for key in known if key in catalogue)
