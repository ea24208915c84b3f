"""What is wrong with a broadcast, each fault as a line that says what to write instead.

Read with the word lists of `locales.lexicon` and with the filter of volunteers' replies, which
holds what a second person may still let pass: here nobody can, for thousands read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import escape
from typing import Final

from helpdesk.broadcasts import letters, links
from helpdesk.broadcasts.broadcast import Broadcast
from helpdesk.broadcasts.context import Studio
from helpdesk.context import day_of
from helpdesk.desk.disguises import undone
from helpdesk.desk.outgoing_filter import Why, holds
from helpdesk.messages import Part
from locales import lexicon
from locales.errors import Fault
from rules import Span

LONGEST_SOURCE: Final = 120
"""Characters of a source's name."""
SHORTEST_SOURCE: Final = 3
"""Letters of it: "TSJ" is a name, "X" is where somebody read it."""
LONGEST_SPAN: Final = 31
"""Days among which a source's day may be: a month."""

Faults = tuple[Part, ...]


def of_text(broadcast: Broadcast, studio: Studio, now: datetime) -> Faults:
    """Return what is wrong with what was written, before its source and day are known."""
    if not broadcast.plain.strip():
        return (Part("broadcast.fault.empty"),)
    html, plain = broadcast.html, broadcast.plain
    length = letters.length(letters.framed(html, studio))
    found = [*_too_long(length)]
    if length > 3 * letters.LIMIT:
        # Reading it would keep families waiting, for seconds in the worst case.
        return _once(found)
    found += _words(html, plain, studio, now)
    found += _addresses(letters.addresses(broadcast), studio)
    found += _filtered(_without(plain, (*links.in_plain(plain), *broadcast.links)))
    return _once(found)


def of_source(source: str, studio: Studio, now: datetime) -> Faults:
    """Return what is wrong with the name of a source. The link belongs into the text."""
    if sum(letter.isalpha() for letter in source) < SHORTEST_SOURCE:
        return (Part("broadcast.fault.no_source"),)
    if len(source) > LONGEST_SOURCE:
        return (Part("broadcast.fault.source_long", {"most": LONGEST_SOURCE}),)
    found = []
    addresses = links.in_plain(source)
    if addresses:
        found.append(Part("broadcast.fault.source_link"))
    found += _words(escape(source, quote=False), source, studio, now)
    found += _filtered(_without(source, addresses))
    return _once(found)


def of_date(source_date: str, studio: Studio, now: datetime) -> Faults:
    """Return what is wrong with the day of a source: it has been, and the law was there.

    Older news cannot be about the law; what is older and still true is checked today, and that is
    the day to write.
    """
    if not source_date:
        return (Part("broadcast.fault.no_date"),)
    span = Span.parse(source_date)
    if (span.last - span.first).days >= LONGEST_SPAN:
        return (Part("broadcast.fault.date.several"),)
    if span.first > day_of(now):
        return (Part("broadcast.fault.date.future"),)
    began: date | None = studio.law_began(now)
    if began is not None and span.last < began:
        return (Part("broadcast.fault.date.before_law", {"law": f"date:{began.isoformat()}"}),)
    return ()


def faults(broadcast: Broadcast, studio: Studio, now: datetime) -> Faults:
    """Return everything that is wrong with a broadcast; for whom it is, is judged elsewhere."""
    found = (
        *of_text(broadcast, studio, now),
        *of_source(broadcast.source, studio, now),
        *of_date(broadcast.source_date, studio, now),
    )
    if found:
        return _once(found)
    letter = letters.letter(broadcast, studio)
    whole = [*_too_long(letters.length(letter))]
    for word in lexicon.opening_words(_on_one_line(letter.html)):
        whole.append(Part("broadcast.fault.opening", {"text": f"text:{word}"}))
    whole += _forbidden(lexicon.faults(_on_one_line(letter.html), lexicon.LETTER))
    return _once(whole)


def _too_long(length: int) -> Iterator[Part]:
    if length > letters.LIMIT:
        yield Part("broadcast.fault.long", {"over": length - letters.LIMIT})


def _words(html: str, plain: str, studio: Studio, now: datetime) -> Iterator[Part]:
    """Look for words both as written and with disguises undone: "p r o n t o" is one too."""
    readings = (_on_one_line(html), escape(undone(plain), quote=False))
    checks: list[Callable[[str, str], list[Fault]]] = [lexicon.faults, _in_english]
    if studio.law_is_draft(now):
        checks.append(lexicon.outcome_faults)
    for check in checks:
        for reading in readings:
            yield from _forbidden(check(reading, lexicon.LETTER))


def _in_english(text: str, key: str) -> list[Fault]:
    """Look for the words of the other list: nobody says in what language she writes."""
    return lexicon.faults(text, key, "en")


def _forbidden(found: list[Fault]) -> Iterator[Part]:
    for fault in found:
        yield Part("broadcast.fault.word", {"text": f"text:{fault.hint}"})


def _addresses(addresses: tuple[str, ...], studio: Studio) -> Iterator[Part]:
    if len(addresses) > 1:
        yield Part("broadcast.fault.links")
    for address in addresses:
        wrong = links.fault(address, studio.allowed_hosts)
        if wrong is not None:
            yield Part(f"broadcast.fault.link.{wrong}", {"text": f"text:{_shortened(address)}"})


def _filtered(plain: str) -> Iterator[Part]:
    found = {*holds(plain), *((Why.LINK,) if links.may_be_in(plain) else ())}
    # What a media message is held for is none of a text's.
    for why in (one for one in Why if one in found and one is not Why.MEDIA):
        yield Part(f"broadcast.fault.filter.{why}")


def _without(plain: str, addresses: tuple[str, ...]) -> str:
    """Leave out addresses, which are judged as such: a file's name may be a row of digits."""
    for address in sorted(addresses, key=len, reverse=True):
        plain = plain.replace(address, " ")
    return plain


def _on_one_line(html: str) -> str:
    return " ".join(html.split())


def _shortened(address: str) -> str:
    return address if len(address) <= 60 else f"{address[:60]}…"


def _once(found: tuple[Part, ...] | list[Part]) -> Faults:
    """Return each line once, in its order."""
    known: list[Part] = []
    for part in found:
        if part not in known:
            known.append(part)
    return tuple(known)
