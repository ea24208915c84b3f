"""Which next steps, in which order, for whom: one table, read from top to bottom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

RED = frozenset({"not_covered", "likely_excluded"})
OPEN = frozenset({"needs_judge", "readings_differ"})
ON_THE_MOVE = frozenset({"abroad", "wanted"})


@dataclass(frozen=True, slots=True)
class Position:
    """Where a family stands. None is an answer that was not given.

    ``outcome`` is None where no determination was asked for. ``military`` says that the person
    was a soldier, or that a military court holds the case; ``adolescent`` that the person was
    under 18, or that a court for adolescents holds it; ``civilian_tried_as_soldier`` that a
    civilian has a military charge or a military court.
    """

    outcome: str | None = None
    petition: str | None = None
    situation: str | None = None
    phase: str | None = None
    military: bool = False
    adolescent: bool = False
    civilian_tried_as_soldier: bool = False

    @property
    def red(self) -> bool:
        """Whether the outcome is one of the two that must never be a bare no."""
        return self.outcome in RED

    @property
    def closed(self) -> bool:
        """Whether the paper that closes the case is in hand."""
        return self.petition == "granted_with_paper"

    @property
    def open(self) -> bool:
        """Whether that paper is not in hand."""
        return not self.closed

    @property
    def denied(self) -> bool:
        """Whether the petition was refused, on paper or by word of mouth."""
        return self.petition == "denied"

    @property
    def must_file(self) -> bool:
        """Whether, as far as is known, nobody has filed."""
        return self.petition in (None, "not_filed", "release_order_only")

    @property
    def missing(self) -> bool:
        """Whether nobody knows where the person is."""
        return self.situation == "whereabouts_unknown"

    @property
    def only_searching(self) -> bool:
        """Whether finding the person is all that was asked about: no petition can wait for it."""
        return self.missing and self.outcome is None

    @property
    def away(self) -> bool:
        """Whether moving is itself a danger: abroad, or wanted."""
        return self.situation in ON_THE_MOVE

    @property
    def near(self) -> bool:
        """Whether a doctor could be asked of the court for the person."""
        return not self.away and self.situation != "fully_free"

    @property
    def files(self) -> bool:
        """Whether getting the petition filed, or finding out about it, is a thing to do."""
        return self.open and not self.denied and not self.red and not self.only_searching

    @property
    def waits(self) -> bool:
        """Whether a petition is, or will be, before a court that has to answer."""
        if self.red and self.must_file:
            return False
        return self.open and not self.denied and not self.only_searching

    @property
    def counter(self) -> bool:
        """Whether the family may find itself before the counter of a court with a paper."""
        return self.must_file and self.files and not self.away


Condition = Callable[[Position], bool]

# Read from top to bottom; a step that stands twice counts where it first holds.
_TABLE: tuple[tuple[str, Condition], ...] = (
    ("amparo_whereabouts", lambda at: at.missing),
    ("keep_asking", lambda at: at.missing),
    ("ngo_lawyer", lambda at: at.missing),
    ("lawyer_before_moving", lambda at: at.away),
    ("power_of_attorney", lambda at: at.away and at.open and not at.red),
    ("personal_appearance", lambda at: at.away and at.open and not at.red),
    ("certified_copy", lambda at: at.closed),
    ("tell_registries", lambda at: at.closed),
    ("appeal_now", lambda at: at.denied),
    ("written_refusal", lambda at: at.denied),
    ("release_order_is_not_closure", lambda at: at.petition == "release_order_only"),
    ("release_order_is_not_closure", lambda at: at.situation == "fully_free" and at.open),
    # Red: not one paper more to file at once, but what else can be asked for.
    ("defender_looks", lambda at: at.red and at.open),
    ("commission", lambda at: at.red and at.open),
    ("health_route", lambda at: at.red and at.open and at.near),
    ("which_papers", lambda at: at.outcome == "needs_facts" and at.open),
    ("ngo_lawyer", lambda at: at.outcome in OPEN and at.open),
    ("military_route", lambda at: at.military and at.open and at.outcome != "likely_covered"),
    ("civilian_court", lambda at: at.civilian_tried_as_soldier and at.open),
    ("adolescent_route", lambda at: at.adolescent and at.open),
    ("no_court_route", lambda at: at.phase == "no_court" and at.open),
    ("sentenced_route", lambda at: at.phase == "sentence" and at.open),
    ("defender_filed", lambda at: at.petition == "filed_no_answer" and at.files),
    ("defender_files", lambda at: at.petition != "filed_no_answer" and at.files and not at.away),
    ("proof_of_filing", lambda at: at.waits),
    ("fifteen_days", lambda at: at.waits),
    ("keep_presentations", lambda at: at.situation == "released_with_measures" and at.open),
    ("military_route", lambda at: at.military and at.open),
    ("which_court", lambda at: at.counter),
    ("refused_reception", lambda at: at.counter),
    ("which_papers", lambda at: at.counter),
    ("who_may_file", lambda at: at.counter),
    ("travel_cost", lambda at: at.situation == "released_with_measures" and at.open),
    ("health_route", lambda at: at.situation == "detained" and at.open),
    ("silence_after_15", lambda at: at.petition == "filed_no_answer" and at.waits),
    ("if_you_disagree", lambda at: at.red or at.outcome in OPEN),
    ("ngo_lawyer", lambda at: True),
    ("still_in_force", lambda at: at.must_file and not at.only_searching),
    ("free_of_charge", lambda at: True),
)

# The pages of other routes, behind a button of their own.
_OTHER_ROUTES: tuple[tuple[str, Condition], ...] = (
    ("commission", lambda at: True),
    ("health_route", lambda at: at.near),
    ("appeal_now", lambda at: at.petition == "denied"),
    ("military_route", lambda at: at.military),
    ("adolescent_route", lambda at: at.adolescent),
    ("common_crime_route", lambda at: at.outcome == "not_covered"),
    ("defender_looks", lambda at: True),
    ("foreigner_note", lambda at: True),
    ("ngo_lawyer", lambda at: True),
)


def steps(at: Position) -> tuple[str, ...]:
    """Return the ids of the next steps, the first thing to do first."""
    return _read(_TABLE, at)


def other_routes(at: Position) -> tuple[str, ...]:
    """Return the ids of the routes that do not depend on this law, or not on this answer."""
    return _read(_OTHER_ROUTES, at)


def _read(table: tuple[tuple[str, Condition], ...], at: Position) -> tuple[str, ...]:
    return tuple(dict.fromkeys(step for step, holds in table if holds(at)))
