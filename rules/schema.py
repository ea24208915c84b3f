"""The shape of the law files, as frozen models; meaning across files is the loader's business."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from rules.spans import Span

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Confidence = Literal["H", "M", "L"]
Effect = Literal["covers", "excludes", "limits", "doubt"]
Article = Annotated[str, StringConstraints(pattern=r"^([1-9]|1[0-6])$")]
ArticleStatus = Literal["codified", "procedure", "no_effect", "cannot_codify"]

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def _day(value: object) -> date:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write a day as YYYY-MM-DD")
    return date.fromisoformat(value)


def _span(value: object) -> Span:
    if not isinstance(value, str):
        raise ValueError("write days as text: YYYY-MM-DD/YYYY-MM-DD")
    return Span.parse(value)


Day = Annotated[date, BeforeValidator(_day)]
Days = Annotated[Span, BeforeValidator(_span)]


class Model(BaseModel):
    """What every model of this file is: frozen, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Evidence(Model):
    """Where a statement comes from, how sure it is, and when that was last looked at."""

    confidence: Confidence
    sources: Annotated[tuple[str, ...], Field(min_length=1)]
    as_of: Day


class ArticleFile(Evidence):
    """One article of the law, paraphrased, and what becomes of it here."""

    article: Article
    title: str
    paraphrase: str
    status: ArticleStatus


class EventFile(Evidence):
    """One of the listed events of article 8, with its windows (ours, to verify)."""

    id: Id
    numeral: str
    numeral_confirmed: bool
    paraphrase: str
    certain: Annotated[tuple[Days, ...], Field(min_length=1)]
    disputed: tuple[Days, ...] = ()
    acts_of_members: bool = False


class RuleFile(Evidence):
    """One rule. ``takes_out`` names the charge classes that an excluding rule excludes."""

    id: Id
    article: Article
    numeral: str | None = None
    effect: Effect
    paraphrase: str
    takes_out: tuple[Id, ...] = ()
    when: Any = None


class LawFile(Model):
    """One law at one date."""

    law: Id
    name: str
    gazette: str
    version: Day
    in_force: Day
    period: Days
    evidence_until: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}$")]
    sources: dict[str, str]
    articles: tuple[ArticleFile, ...]
    events: tuple[EventFile, ...]
    rules: tuple[RuleFile, ...]


class ChargeFile(Model):
    """One charge: its class (which alone decides), how families say it, where it stands."""

    id: Id
    charge_class: Annotated[Id, Field(alias="class")]
    lasting: bool = False
    name: str
    legal_source: str
    synonyms: tuple[str, ...] = ()


class ChargesFile(Model):
    """The charges, and the classes they may have."""

    classes: dict[Id, str]
    charges: tuple[ChargeFile, ...]


class FactFile(Model):
    """One fact of the vocabulary. ``use`` says whether the outcome or only next steps need it."""

    id: Id
    kind: Literal["choice", "flag", "span", "charges"]
    use: Literal["outcome", "next_steps"]
    meaning: str
    values: tuple[Id, ...] = ()
    may_not_apply: bool = False
    asked_when: Any = None


class QuestionFile(Model):
    """One question: the facts it settles and how much it costs to be asked (0 is nothing)."""

    id: Id
    facts: Annotated[tuple[Id, ...], Field(min_length=1)]
    sensitivity: Annotated[int, Field(ge=0, le=9)]


class VocabularyFile(Model):
    """The facts, and the questions that ask for them, in the order of asking."""

    facts: tuple[FactFile, ...]
    questions: tuple[QuestionFile, ...]


class PracticeFile(Evidence):
    """What courts did with charges in cases of one event."""

    id: Id
    charges: Annotated[tuple[Id, ...], Field(min_length=1)]
    event: Id
    paraphrase: str


class DenialFile(PracticeFile):
    """A dated decision against the amnesty: it makes a practice reading."""

    decided_on: Day


class NoteFile(PracticeFile):
    """Mixed practice: said beside a ground, never a reading of its own."""


class ReadingsFile(Model):
    """What courts have done, apart from what the text says."""

    denials: tuple[DenialFile, ...] = ()
    notes: tuple[NoteFile, ...] = ()


class ReviewFile(Model):
    """A lawyer's signature under two hashes: the law files and the families' wording."""

    version: Day
    law_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    wording_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    signed_by: str
    signed_on: Day


class ReviewsFile(Model):
    """All reviews; none yet means that every answer is a draft."""

    reviews: tuple[ReviewFile, ...] = ()
