"""Loading the law files: shape, references and gaps are checked, and every fault is collected."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rules import checks
from rules.conditions import All, Condition, Judgement
from rules.errors import Fault, LawFaults
from rules.language import ConditionReader, Vocabulary, event_condition, of_class
from rules.law import Charge, Event, Fact, Law, Rule
from rules.reader import Document, read
from rules.schema import (
    ChargesFile,
    EventFile,
    LawFile,
    ReadingsFile,
    ReviewsFile,
    RuleFile,
    VocabularyFile,
)

LAWS_FOLDER = Path(__file__).parent / "laws"
SHARED_FILES = ("facts.yaml", "charges.yaml", "readings.yaml", "reviews.yaml")
JUDGED_DAYS = Judgement("disputed_day", "judge")
JUDGED_ACTS = Judgement("acts_of_the_assembly", "judge")

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Laws:
    """Every law that was loaded, by name and version."""

    versions: Mapping[tuple[str, str], Law]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the laws, such as ``amnistia``."""
        return tuple(dict.fromkeys(name for name, _ in self.versions))

    def versions_of(self, name: str) -> tuple[str, ...]:
        """Return the versions of a law, oldest first."""
        return tuple(sorted(version for law, version in self.versions if law == name))

    def get(self, name: str, *, as_of: date, version: str | None = None) -> Law:
        """Return the version asked for, or the one in force on a day.

        Raises KeyError for a law or version that is not here and LookupError when the day is
        before the first version came into force; both messages name what there is.
        """
        known = self.versions_of(name)
        if not known:
            raise KeyError(f"there is no law {name!r}; there is: {', '.join(self.names)}")
        if version is not None:
            if version not in known:
                raise KeyError(f"{name} has no version {version!r}; it has: {', '.join(known)}")
            return self.versions[name, version]
        in_force = [v for v in known if self.versions[name, v].in_force <= as_of]
        if not in_force:
            first = min(self.versions[name, v].in_force for v in known)
            raise LookupError(f"{name} came into force on {first.isoformat()}")
        return self.versions[name, in_force[-1]]


@cache
def load(folder: Path = LAWS_FOLDER) -> Laws:
    """Load every law of a folder. Raises LawFaults with all faults of all files at once."""
    laws: dict[tuple[str, str], Law] = {}
    faults: list[Fault] = []
    homes = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not homes:
        faults.append(Fault(str(folder), 0, "there is no law here", "make a folder per law"))
    for home in homes:
        loaded, found = _load_home(home)
        faults += found
        laws.update({(law.id, law.version): law for law in loaded})
    if faults:
        raise LawFaults(tuple(sorted(faults, key=lambda f: (f.file, f.line, f.message))))
    return Laws(laws)


def _load_home(home: Path) -> tuple[list[Law], list[Fault]]:
    faults: list[Fault] = []
    shared = {name: read(home / name, f"{home.name}/{name}") for name in SHARED_FILES}
    vocabulary = _model(VocabularyFile, shared["facts.yaml"], faults)
    charges = _model(ChargesFile, shared["charges.yaml"], faults)
    readings = _model(ReadingsFile, shared["readings.yaml"], faults)
    reviews = _model(ReviewsFile, shared["reviews.yaml"], faults)
    files = sorted(path for path in home.glob("*.yaml") if path.name not in SHARED_FILES)
    if not files:
        faults.append(Fault(home.name, 0, "the law has no version", "add a file YYYY-MM-DD.yaml"))
    documents = [read(path, f"{home.name}/{path.name}") for path in files]
    laws: list[Law] = []
    for path, document in zip(files, documents, strict=True):
        law_file = _model(LawFile, document, faults)
        if not (law_file and vocabulary and charges and readings and reviews):
            continue
        builder = _Builder(home, path, document, shared, law_file, vocabulary, charges, readings)
        law = builder.build(reviews)
        faults += builder.faults
        laws.append(law)
    return laws, faults


def _model(kind: type[M], document: Document, faults: list[Fault]) -> M | None:
    """Validate a document; its faults, and those met while reading it, join ``faults``."""
    faults += document.faults
    if document.faults:
        return None
    try:
        return kind.model_validate(document.value)
    except ValidationError as error:
        faults += (checks.shape_fault(document, entry) for entry in error.errors())
        return None


@dataclass(slots=True)
class _Builder:
    """Puts one version of a law together from its files; ``faults`` grows as it goes."""

    home: Path
    path: Path
    document: Document
    shared: Mapping[str, Document]
    file: LawFile
    vocabulary: VocabularyFile
    charges: ChargesFile
    readings: ReadingsFile
    faults: list[Fault] = field(default_factory=list)

    def build(self, reviews: ReviewsFile) -> Law:
        """Return the law; unusable when faults were found."""
        events = {event.id: _event(event) for event in self.file.events}
        charges = {
            c.id: Charge(c.id, c.charge_class, c.lasting, c.name, c.legal_source, c.synonyms)
            for c in self.charges.charges
        }
        facts = self._facts(charges, events)
        rules = self._rules(facts, charges, events)
        law_hash = self._hash()
        version = self.file.version.isoformat()
        signed = [
            review
            for review in reviews.reviews
            if review.version == self.file.version and review.law_hash == law_hash
        ]
        law = Law(
            id=self.file.law,
            name=self.file.name,
            gazette=self.file.gazette,
            version=version,
            in_force=self.file.in_force,
            period=self.file.period,
            evidence_until=self.file.evidence_until,
            status="reviewed" if signed else "draft",
            law_hash=law_hash,
            signed_wording=frozenset(review.wording_hash for review in signed),
            sources=self.file.sources,
            articles=self.file.articles,
            facts=facts,
            questions=self.vocabulary.questions,
            charges=charges,
            classes=self.charges.classes,
            events=events,
            rules=rules,
            denials=self.readings.denials,
            notes=self.readings.notes,
        )
        self.faults += checks.law_file(self.document, self.file, self.path.stem, law)
        self.faults += checks.charges_file(self.shared["charges.yaml"], self.charges, law)
        self.faults += checks.vocabulary_file(self.shared["facts.yaml"], self.vocabulary, law)
        self.faults += checks.readings_file(self.shared["readings.yaml"], self.readings, law)
        return law

    def _words(
        self,
        facts: Mapping[str, Fact],
        charges: Iterable[str],
        events: Mapping[str, Event],
        excluding: Mapping[str, Condition | None],
    ) -> Vocabulary:
        classes = frozenset(self.charges.classes)
        return Vocabulary(facts, classes, frozenset(charges), events, excluding)

    def _facts(self, charges: Mapping[str, Charge], events: Mapping[str, Event]) -> dict[str, Fact]:
        plain = {
            f.id: Fact(f.id, f.kind, f.use, f.meaning, f.values, f.may_not_apply)
            for f in self.vocabulary.facts
        }
        reader = ConditionReader(self.shared["facts.yaml"], self._words(plain, charges, events, {}))
        facts: dict[str, Fact] = {}
        for i, f in enumerate(self.vocabulary.facts):
            asked_when = None
            if f.asked_when is not None:
                asked_when = reader.read(f.asked_when, ("facts", i, "asked_when"))
            facts[f.id] = Fact(
                f.id, f.kind, f.use, f.meaning, f.values, f.may_not_apply, asked_when
            )
        self.faults += reader.faults
        return facts

    def _rules(
        self, facts: Mapping[str, Fact], charges: Mapping[str, Charge], events: Mapping[str, Event]
    ) -> dict[str, Rule]:
        rules = {f"evento_{e.id}": self._event_rule(e, events[e.id]) for e in self.file.events}
        reader = ConditionReader(self.document, self._words(facts, charges, events, {}))
        excluding: dict[str, Condition | None] = {}
        conditions: dict[str, Condition | None] = {}
        for i, rule in enumerate(self.file.rules):
            if rule.takes_out and rule.when is not None:
                conditions[rule.id] = reader.read(rule.when, ("rules", i, "when"))
            excluding.update(dict.fromkeys(rule.takes_out, conditions.get(rule.id)))
        later = ConditionReader(self.document, self._words(facts, charges, events, excluding))
        for i, rule in enumerate(self.file.rules):
            if rule.takes_out:
                extra = conditions.get(rule.id)
                named = of_class(*rule.takes_out)
                condition = named if extra is None else All((named, extra))
            else:
                extra = None
                # A rule without a condition is a fault of its own, found by the checks.
                condition = All(())
                if rule.when is not None:
                    condition = later.read(rule.when, ("rules", i, "when"))
            rules[rule.id] = self._rule(rule, condition, extra)
        self.faults += reader.faults + later.faults
        return rules

    def _rule(self, rule: RuleFile, condition: Condition, extra: Condition | None) -> Rule:
        return Rule(
            rule.id,
            rule.article,
            rule.numeral,
            rule.effect,
            condition,
            rule.confidence,
            rule.sources,
            rule.as_of,
            rule.takes_out,
            extra,
        )

    def _event_rule(self, entry: EventFile, event: Event) -> Rule:
        return Rule(
            f"evento_{event.id}",
            "8",
            event.numeral,
            "covers",
            event_condition(event, JUDGED_DAYS, JUDGED_ACTS),
            entry.confidence,
            entry.sources,
            entry.as_of,
            event=event.id,
        )

    def _hash(self) -> str:
        """Return the SHA-256 of the law's files, each under its name, reviews left out."""
        digest = hashlib.sha256()
        names = [name for name in SHARED_FILES if name != "reviews.yaml"]
        for path in (self.path, *(self.home / name for name in names)):
            content = path.read_bytes()
            digest.update(f"{path.name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()


def _event(entry: EventFile) -> Event:
    return Event(
        entry.id,
        entry.numeral,
        entry.numeral_confirmed,
        entry.certain,
        entry.disputed,
        entry.acts_of_members,
    )
