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
    under 18, or that a court for adolescents holds it.
    """

    outcome: str | None = None
    petition: str | None = None
    situation: str | None = None
    phase: str | None = None
    military: bool = False
    adolescent: bool = False

    @property
    def red(self) -> bool:
        """Whether the outcome is one of the two that must never be a bare no."""
        return self.outcome in RED

    @property
    def closed(self) -> bool:
        """Whether the paper that closes the case is in hand."""
        return self.petition == "granted_with_paper"

    @property
    def must_file(self) -> bool:
        """Whether, as far as is known, nobody has filed."""
        return self.petition in (None, "not_filed", "release_order_only")


Condition = Callable[[Position], bool]

# Read from top to bottom; a step that stands twice counts where it first holds.
_TABLE: tuple[tuple[str, Condition], ...] = (
    ("amparo_whereabouts", lambda at: at.situation == "whereabouts_unknown"),
    ("lawyer_before_moving", lambda at: at.situation in ON_THE_MOVE),
    ("power_of_attorney", lambda at: at.situation in ON_THE_MOVE and not at.closed),
    ("personal_appearance", lambda at: at.situation in ON_THE_MOVE and not at.closed),
    ("certified_copy", lambda at: at.closed),
    ("tell_registries", lambda at: at.closed),
    ("appeal_now", lambda at: at.petition == "denied"),
    ("written_refusal", lambda at: at.petition == "denied"),
    ("release_order_is_not_closure", lambda at: at.petition == "release_order_only"),
    ("release_order_is_not_closure", lambda at: at.situation == "fully_free" and not at.closed),
    ("defender_files", lambda at: at.red and not at.closed and at.petition != "denied"),
    ("commission", lambda at: at.red and not at.closed),
    ("health_route", lambda at: at.red and not at.closed),
    ("which_papers", lambda at: at.outcome == "needs_facts" and not at.closed),
    ("ngo_lawyer", lambda at: at.outcome in OPEN and not at.closed),
    ("military_route", lambda at: at.military and not at.closed and at.outcome != "likely_covered"),
    ("adolescent_route", lambda at: at.adolescent and not at.closed),
    ("no_court_route", lambda at: at.phase == "no_court" and not at.closed),
    ("sentenced_route", lambda at: at.phase == "sentence" and not at.closed),
    ("defender_files", lambda at: not at.closed),
    ("proof_of_filing", lambda at: not at.closed and at.petition != "denied"),
    ("fifteen_days", lambda at: not at.closed and at.petition != "denied"),
    ("keep_presentations", lambda at: at.situation == "released_with_measures" and not at.closed),
    ("silence_after_15", lambda at: at.petition == "filed_no_answer"),
    ("military_route", lambda at: at.military and not at.closed),
    ("which_court", lambda at: at.must_file),
    ("refused_reception", lambda at: at.must_file),
    ("which_papers", lambda at: at.must_file),
    ("who_may_file", lambda at: at.must_file),
    ("travel_cost", lambda at: at.situation == "released_with_measures" and not at.closed),
    ("common_crime_route", lambda at: at.outcome == "not_covered" and not at.closed),
    ("health_route", lambda at: at.situation == "detained" and not at.closed),
    ("if_you_disagree", lambda at: at.red or at.outcome in OPEN),
    ("ngo_lawyer", lambda at: True),
    ("still_in_force", lambda at: at.must_file),
    ("free_of_charge", lambda at: True),
)

# The pages of other routes, behind a button of their own.
_OTHER_ROUTES: tuple[tuple[str, Condition], ...] = (
    ("commission", lambda at: True),
    ("health_route", lambda at: True),
    ("appeal_now", lambda at: at.petition == "denied"),
    ("military_route", lambda at: at.military),
    ("adolescent_route", lambda at: at.adolescent),
    ("common_crime_route", lambda at: at.outcome == "not_covered"),
    ("defender_files", lambda at: True),
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
