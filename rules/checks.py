"""What must hold across the law files; each check returns every fault it finds, with a hint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from rules.conditions import All, AnyOf, Condition, Except, OneOf, atoms, judgements
from rules.errors import Fault
from rules.language import windows_overlap
from rules.law import CHARGE_CLASS, CHARGE_LASTING, CHARGES, NO_EVENT, Law
from rules.reader import Document, Place
from rules.schema import ChargesFile, Evidence, LawFile, PracticeFile, ReadingsFile, VocabularyFile

ARTICLES = tuple(str(number) for number in range(1, 17))

_HINTS = {
    "extra_forbidden": "remove the key, or spell it as the schema does",
    "missing": "add the key",
    "string_pattern_mismatch": "use the form the schema asks for",
    "literal_error": "use one of the words the schema lists",
}


def shape_fault(document: Document, error: Any) -> Fault:
    """Turn one pydantic error entry into a fault with its line."""
    place: Place = tuple(error["loc"])
    where = ".".join(str(step) for step in place) or "the file"
    hint = _HINTS.get(error["type"], "see rules/schema.py for the form of this file")
    message = error["msg"].removeprefix("Value error, ")
    return document.fault(place, f"{where}: {message}", hint)


def law_file(document: Document, file: LawFile, stem: str, law: Law) -> list[Fault]:
    """Check one version of a law: its articles, events and rules, and their sources."""
    return [
        *_articles(document, file),
        *_events(document, file, law),
        *_rules(document, file, law),
        *_version(document, file, stem),
        *_evidence(document, "articles", file.articles, file.sources),
        *_evidence(document, "events", file.events, file.sources),
        *_evidence(document, "rules", file.rules, file.sources),
    ]


def _version(document: Document, file: LawFile, stem: str) -> Iterator[Fault]:
    if file.version.isoformat() != stem:
        yield document.fault(
            ("version",),
            f"the version {file.version} is not the file's name {stem}",
            "one file per version, named by its date",
        )
    if file.period.last > file.version:
        yield document.fault(
            ("period",),
            "the law's time ends after the law itself",
            "article 6 ends with the entry into force",
        )


def _articles(document: Document, file: LawFile) -> Iterator[Fault]:
    written = Counter(article.article for article in file.articles)
    for number in ARTICLES:
        if not written[number]:
            yield document.fault(
                ("articles",),
                f"article {number} is missing",
                "every article is listed, with a status",
            )
    yield from _repeated(document, "articles", [a.article for a in file.articles], "article")


def _events(document: Document, file: LawFile, law: Law) -> Iterator[Fault]:
    yield from _repeated(document, "events", [event.id for event in file.events], "event")
    yield from _repeated(document, "events", [event.numeral for event in file.events], "numeral")
    values = set(law.facts["event"].values) if "event" in law.facts else set()
    for i, event in enumerate(file.events):
        place: Place = ("events", i)
        if event.id not in values:
            yield document.fault(
                (*place, "id"),
                f"the event {event.id!r} is not a value of the fact event",
                "add it to facts.yaml, or mend the spelling",
            )
        if windows_overlap(law.events[event.id]):
            yield document.fault(
                (*place, "certain"),
                f"two windows of {event.id} share a day",
                "each day is certain or disputed, never both",
            )
        for window in (*event.certain, *event.disputed):
            if not file.period.contains(window):
                yield document.fault(
                    (*place, "certain"),
                    f"a window of {event.id} leaves the law's time",
                    "article 6 bounds every event",
                )


def _rules(document: Document, file: LawFile, law: Law) -> Iterator[Fault]:
    yield from _repeated(document, "rules", [rule.id for rule in file.rules], "rule")
    claimed: Counter[str] = Counter()
    numbers = {article.article for article in file.articles}
    for i, entry in enumerate(file.rules):
        place: Place = ("rules", i)
        rule = law.rules[entry.id]
        open_norms = list(judgements(rule.condition))
        made_by = entry.id.removeprefix("evento_")
        if entry.id != made_by and made_by in law.events:
            yield document.fault(
                (*place, "id"),
                f"the rule {entry.id!r} is the one that the event {made_by} makes",
                "give it another id",
            )
        if entry.article not in numbers:
            yield document.fault(
                (*place, "article"), f"article {entry.article} is not listed", "list it first"
            )
        if entry.when is None and not entry.takes_out:
            yield document.fault(
                place, f"the rule {entry.id} has no condition", "add `when`, or `takes_out`"
            )
        if entry.takes_out and entry.effect != "excludes":
            yield document.fault(
                (*place, "takes_out"),
                f"only an excluding rule takes charges out, {entry.id} {entry.effect}",
                "change the effect, or remove takes_out",
            )
        if entry.effect == "excludes" and not entry.takes_out:
            yield document.fault(
                place,
                f"the excluding rule {entry.id} takes no charge class out",
                "name the classes in takes_out",
            )
        if entry.effect == "doubt" and not open_norms:
            yield document.fault(
                (*place, "when"),
                f"the doubt {entry.id} says nobody who decides it",
                "add a judgement: a doubt without one would decide by itself",
            )
        if entry.effect == "excludes" and open_norms:
            yield document.fault(
                (*place, "when"),
                f"the exclusion {entry.id} rests on a judgement",
                "make it a doubt: an exclusion is certain or it is none",
            )
        for name in entry.takes_out:
            claimed[name] += 1
            if name not in law.classes:
                yield document.fault(
                    (*place, "takes_out"), f"the class {name!r} is unknown", "see charges.yaml"
                )
            elif claimed[name] > 1:
                yield document.fault(
                    (*place, "takes_out"),
                    f"two rules take the class {name} out",
                    "one exclusion per class",
                )


def _evidence(
    document: Document, section: str, entries: Iterable[Evidence], sources: Iterable[str]
) -> Iterator[Fault]:
    known = set(sources)
    for i, entry in enumerate(entries):
        for code in entry.sources:
            if code not in known:
                yield document.fault(
                    (section, i, "sources"),
                    f"the source {code!r} is not listed",
                    "add it to sources",
                )


def charges_file(document: Document, file: ChargesFile, law: Law) -> list[Fault]:
    """Check the charges: known classes, no class without a rule, no synonym twice in one charge."""
    faults = list(_repeated(document, "charges", [c.id for c in file.charges], "charge"))
    named = {name for rule in law.rules.values() for name in _classes_met(rule.condition)}
    for i, charge in enumerate(file.charges):
        place: Place = ("charges", i)
        if charge.charge_class not in file.classes:
            faults.append(
                document.fault(
                    (*place, "class"),
                    f"{charge.id} has the unknown class {charge.charge_class!r}",
                    "use a class listed at the top of the file",
                )
            )
        for synonym, times in Counter(s.casefold() for s in charge.synonyms).items():
            if times > 1:
                faults.append(
                    document.fault(
                        (*place, "synonyms"),
                        f"{charge.id} has the synonym {synonym!r} twice",
                        "keep one of them",
                    )
                )
    for name in file.classes:
        if name != "event_decides" and name not in named and name not in law.excluding:
            faults.append(
                document.fault(
                    ("classes", name),
                    f"no rule looks at the class {name}",
                    "each class drives one rule: write it, or remove the class",
                )
            )
    return faults


def _classes_met(condition: Condition) -> Iterator[str]:
    """Yield the charge classes that make a condition hold; those that undo it do not count."""
    match condition:
        case OneOf(fact, values) if fact == CHARGE_CLASS:
            yield from map(str, values)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _classes_met(part)
        case Except(base):
            yield from _classes_met(base)
        case _:
            return


def vocabulary_file(document: Document, file: VocabularyFile, law: Law) -> list[Fault]:
    """Check the facts and questions: known ids, values where needed, no circle of askings."""
    faults = list(_repeated(document, "facts", [fact.id for fact in file.facts], "fact"))
    faults += _repeated(document, "questions", [q.id for q in file.questions], "question")
    seen: set[str] = {CHARGE_CLASS, CHARGE_LASTING, CHARGES}
    for i, fact in enumerate(file.facts):
        if (fact.kind == "choice") != bool(fact.values):
            faults.append(
                document.fault(
                    ("facts", i),
                    f"the fact {fact.id} is a {fact.kind} and its values do not fit that",
                    "a choice lists its values, no other kind does",
                )
            )
        asked_when = law.facts[fact.id].asked_when
        for atom in atoms(asked_when) if asked_when else ():
            if atom.fact not in seen:
                faults.append(
                    document.fault(
                        ("facts", i, "asked_when"),
                        f"{fact.id} is asked by {atom.fact}, which comes later",
                        "order the facts so that each asks only by earlier ones",
                    )
                )
        seen.add(fact.id)
    asked = Counter(name for question in file.questions for name in question.facts)
    for i, question in enumerate(file.questions):
        for name in question.facts:
            if name not in law.facts:
                faults.append(
                    document.fault(
                        ("questions", i, "facts"), f"the fact {name!r} is unknown", "see facts"
                    )
                )
            elif asked[name] > 1:
                faults.append(
                    document.fault(
                        ("questions", i, "facts"), f"{name} is asked twice", "one question per fact"
                    )
                )
    for rule in law.rules.values():
        for name in rule.facts:
            if name in law.facts and not asked[name]:
                faults.append(
                    document.fault(
                        ("questions",),
                        f"no question asks for {name}, which {rule.id} needs",
                        "add it to a question",
                    )
                )
    values = law.facts["event"].values if "event" in law.facts else ()
    for value in values:
        if value != NO_EVENT and value not in law.events:
            faults.append(
                document.fault(
                    ("facts",),
                    f"the event {value!r} is in no version",
                    "mend facts.yaml or the law",
                )
            )
    return faults


def readings_file(document: Document, file: ReadingsFile, law: Law) -> list[Fault]:
    """Check denials and notes: known charges and events, and known sources."""
    faults: list[Fault] = []
    sections: tuple[tuple[str, tuple[PracticeFile, ...]], ...] = (
        ("denials", file.denials),
        ("notes", file.notes),
    )
    for section, entries in sections:
        faults += _repeated(document, section, [entry.id for entry in entries], "entry")
        faults += _evidence(document, section, entries, law.sources)
        for i, entry in enumerate(entries):
            for charge in entry.charges:
                if charge not in law.charges:
                    faults.append(
                        document.fault(
                            (section, i, "charges"),
                            f"the charge {charge!r} is unknown",
                            "use an id of charges.yaml",
                        )
                    )
            if entry.event not in law.events:
                faults.append(
                    document.fault(
                        (section, i, "event"),
                        f"the event {entry.event!r} is unknown",
                        "use an id of the law's events",
                    )
                )
    return faults


def _repeated(document: Document, section: str, names: list[str], what: str) -> Iterator[Fault]:
    first: set[str] = set()
    for i, name in enumerate(names):
        if name in first:
            yield document.fault((section, i), f"the {what} {name!r} is there twice", "keep one")
        first.add(name)
