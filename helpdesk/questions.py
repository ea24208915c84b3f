"""The questions as data: which facts each one fills and what may be answered; no text, no order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpdesk.state import DOES_NOT_KNOW, PREFERS_NOT_TO_SAY

NON_ANSWERS: dict[str, Any] = {
    "does_not_know": DOES_NOT_KNOW,
    "prefers_not_to_say": PREFERS_NOT_TO_SAY,
}

OTHER_CHARGE = "otro_cargo"

DRUGS = ("trafico_de_drogas", "posesion_de_drogas")
CORRUPTION = ("peculado", "malversacion")
OPENS_CHARGES = {"drugs": DRUGS, "corruption": CORRUPTION}
"""Marks of the group screen that are charges: which of them, is asked in one short choice."""

COMMON_CHARGES = (
    "terrorismo",
    "incitacion_al_odio",
    "asociacion",
    "resistencia_a_la_autoridad",
    "obstaculizacion_de_via",
    "instigacion_a_delinquir",
    "conspiracion",
)
"""Shown as buttons at once; the others are typed, or stand behind «Ver más»."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    ``facts`` are what it fills, ``values`` its choices in the order of the screen (flags read
    ``yes`` and ``no``), and ``options`` begins the keys of their words; questions that are typed
    or marked have none.
    """

    id: str
    facts: tuple[str, ...]
    values: tuple[str, ...] = ()
    options: str = ""

    def answer(self, value: str) -> Any:
        """Return what the rules are told for one choice."""
        if value in NON_ANSWERS:
            return NON_ANSWERS[value]
        return {"yes": True, "no": False}.get(value, value)


GROUP_FACTS = (
    "death_charged",
    "gravest_injury_charged",
    "foreign_armed_action_charged",
    "alleged_to_continue",
)
GROUP_MARKS = (
    "death_charged",
    "gravest_injury_charged",
    "foreign_armed_action_charged",
    "drugs",
    "corruption",
    "alleged_to_continue",
)

QUESTIONS: dict[str, Question] = {
    question.id: question
    for question in (
        Question(
            "petition",
            ("petition",),
            ("not_filed", "filed_no_answer", "denied", "granted_with_paper", "release_order_only"),
            "ask.petition.option.",
        ),
        Question(
            "situation",
            ("situation",),
            (
                "released_with_measures",
                "detained",
                "abroad",
                "wanted",
                "whereabouts_unknown",
                "fully_free",
            ),
            "ask.situation.option.",
        ),
        Question("date", ("fact_date",)),
        Question("event", ("event",)),
        Question(
            "military",
            ("military_status",),
            ("civilian", "active", "retired", "police"),
            "ask.military.option.",
        ),
        Question("charges", ("charges",)),
        Question(
            "jurisdiction",
            ("jurisdiction",),
            ("ordinary", "terrorism", "military", "adolescent"),
            "ask.jurisdiction.option.",
        ),
        Question("assembly", ("assembly_member",), ("yes", "no"), "ask.assembly.option."),
        Question("group", GROUP_FACTS),
        Question(
            "phase", ("phase",), ("no_court", "control", "trial", "sentence"), "ask.phase.option."
        ),
        Question("minor", ("minor_at_fact",), ("yes", "no"), "ask.minor.option."),
    )
}

OF_THE_LAW = ("date", "event", "assembly", "military", "charges", "jurisdiction", "group")
"""Asked in this order, each only when it matters to the outcome or the next steps."""

REFINING = ("phase", "minor")
"""Asked after the result, when she wants finer steps."""


def is_answer(value: Any) -> bool:
    """Tell whether a stored value is a real answer, not a non-answer or nothing."""
    return value is not None and not (isinstance(value, dict) and "unknown" in value)
