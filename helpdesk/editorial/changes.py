"""What a published file would change, entry by entry, as families read it in both languages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from helpdesk.editorial.editorial import contact_part
from helpdesk.editorial.published import Contact, Published, Text, language_of
from helpdesk.messages import Part
from locales import Catalogue


def between(
    old: Published,
    new: Published,
    words: Mapping[str, Catalogue],
    today: date,
    withdrawn: Collection[str],
) -> tuple[Part, ...]:
    """Return the differences of two files, and what of the new one is hidden all the same.

    By its age, or because somebody withdrew it: a new file restores nothing.
    """
    parts = [Part("editorial.change.head")]
    parts += _contacts(old, new, words)
    parts += _texts(old.figures, new.figures)
    parts += _texts(old.notes, new.notes)
    stale = [one.name for one in new.contacts if not one.shown_on(today)]
    if stale:
        parts.append(Part("editorial.change.stale", {"names": f"text:{', '.join(stale)}"}))
    hidden = [one.name for one in new.contacts if f"contact:{one.id}" in withdrawn]
    hidden += [one.id for one in new.figures if f"figure:{one.id}" in withdrawn]
    hidden += [one.id for one in new.notes if f"answer:{one.id}" in withdrawn]
    if hidden:
        parts.append(Part("editorial.change.hidden", {"names": f"text:{', '.join(hidden)}"}))
    return tuple(parts)


def _contacts(old: Published, new: Published, words: Mapping[str, Catalogue]) -> Iterator[Part]:
    for one in new.contacts:
        before = old.contact(one.id)
        if before != one:
            sort = "added" if before is None else "changed"
            yield Part(
                "editorial.change.contact",
                {
                    "sort": f"@editorial.change.{sort}",
                    "es": f"text:{_said(one, 'es', words)}",
                    "en": f"text:{_said(one, 'en', words)}",
                    "source": f"text:{one.source}",
                },
            )
    for gone in old.contacts:
        if new.contact(gone.id) is None:
            yield Part("editorial.change.removed", {"what": f"text:{gone.name}"})


def _said(one: Contact, language: str, words: Mapping[str, Catalogue]) -> str:
    part = contact_part(one, language_of(language))
    return words[language].plain(part.key, part.params)


def _texts(old: Sequence[Text], new: Sequence[Text]) -> Iterator[Part]:
    before = {one.id: one for one in old}
    for one in new:
        if before.get(one.id) != one:
            sort = "changed" if one.id in before else "added"
            yield Part(
                "editorial.change.text",
                {
                    "sort": f"@editorial.change.{sort}",
                    "what": f"text:{one.id}",
                    "es": f"text:{one.es}",
                    "en": f"text:{one.en}",
                    "source": f"text:{one.source}",
                },
            )
    now = {one.id for one in new}
    for gone in old:
        if gone.id not in now:
            yield Part("editorial.change.back", {"what": f"text:{gone.id}"})
