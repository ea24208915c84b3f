"""Ten invented families whose cases the demo opens before anybody looks; nobody's story is one.

The cases are written by the helpdesk's own functions, as if their families had asked for a person
some time ago. What each wrote for that person she sends herself, to the bot, when it runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.invented import AFTER_THE_ELECTION, NO_EVENT
from helpdesk import conversation, desk_sharing
from helpdesk.context import Context
from helpdesk.desk import family, figures
from helpdesk.desk.case import Case, Category, Urgency
from helpdesk.state import Answers
from store import Session, Tx, counters, sessions

_DENIED: Answers = {**AFTER_THE_ELECTION, "petition": "denied"}
_ABROAD: Answers = {**AFTER_THE_ELECTION, "petition": "not_filed", "situation": "abroad"}
_RED: Answers = {**NO_EVENT, "military_status": "civilian"}
_PARAMACAY: Answers = {
    "petition": "not_filed",
    "situation": "detained",
    "fact_date": "2017-08-06",
    "event": "protestas_2017",
    "military_status": "active",
    "jurisdiction": "military",
    "charges": ["rebelion_militar"],
}


@dataclass(frozen=True, slots=True)
class Invented:
    """A family: how long ago she asked, about what, what she lets be seen, what she wrote.

    ``answers`` are None where she shows none of them.
    """

    name: str
    ago: timedelta
    category: Category
    urgency: Urgency
    words: str
    answers: Answers | None = None
    language: str = "es"


FAMILIES: tuple[Invented, ...] = (
    Invented(
        "Nelly",
        timedelta(days=2, hours=1),
        Category.PAPERS,
        Urgency.CAN_WAIT,
        "Metimos la solicitud en marzo con la defensora y no han respondido. ¿Hay que meterla otra "
        "vez, o eso la atrasa?",
        AFTER_THE_ELECTION,
    ),
    Invented(
        "Omaira",
        timedelta(hours=26),
        Category.COURT,
        Urgency.DAYS,
        "El juez dijo que no. La defensora está de viaje y no sé si alguien apeló.",
        _DENIED,
    ),
    Invented(
        "Thomas",
        timedelta(hours=21),
        Category.RESULT,
        Urgency.DAYS,
        "Good afternoon. I write for my wife's brother, who left. Which paper should his mother "
        "ask the court for first?",
        _ABROAD,
        "en",
    ),
    Invented(
        "Gladys",
        timedelta(hours=9),
        Category.MEASURES,
        Urgency.DAYS,
        "Mi hijo tiene que ir a firmar cada ocho días a otra ciudad, y ya no tenemos para el "
        "pasaje. ¿Qué puede hacer?",
        AFTER_THE_ELECTION,
    ),
    Invented(
        "Aura",
        timedelta(hours=6),
        Category.MONEY,
        Urgency.DAYS,
        "Un señor en el tribunal dice que tiene una lista y que por una colaboración lo mete. "
        "¿Eso es así?",
    ),
    Invented(
        "Beatriz",
        timedelta(hours=4),
        Category.RESULT,
        Urgency.CAN_WAIT,
        "Me salió que el texto y la práctica no coinciden. No entiendo qué tengo que pedirle al "
        "abogado.",
        _PARAMACAY,
    ),
    Invented(
        "Yajaira",
        timedelta(minutes=100),
        Category.WHEREABOUTS,
        Urgency.NOW,
        "Desde el martes no nos dicen en qué sitio está. Fuimos a tres y en ninguno aparece.",
    ),
    Invented(
        "Ramón",
        timedelta(minutes=50),
        Category.RESULT,
        Urgency.DAYS,
        "La respuesta que me dio fue que parece quedar fuera. ¿Entonces ya no hay nada que hacer?",
        _RED,
    ),
    Invented(
        "Milagros",
        timedelta(minutes=18),
        Category.DISTRESS,
        Urgency.NOW,
        "Llevo días sin dormir. Necesito hablar con alguien que sepa de esto.",
    ),
    Invented(
        "Josefina",
        timedelta(minutes=4),
        Category.OTHER,
        Urgency.CAN_WAIT,
        "¿Ustedes saben si los cursos que hizo adentro sirven para algo en esto?",
    ),
)


def open_all(tx: Tx, chats: Mapping[str, int], now: datetime, context: Context) -> dict[str, Case]:
    """Open every case as it will look at ``now``; by name, as ``chats`` of the families."""
    assert context.desk is not None  # or there would be nobody to ask for
    opened = {}
    for one in FAMILIES:
        chat, look = chats[one.name], context.told(context.look(now), one.language)
        state = conversation.begin(look.law).but(answers=one.answers or {}, language=one.language)
        sessions.put(tx, chat, Session(state.write()), now)
        opened[one.name] = family.open_case(
            tx,
            chat,
            one.category,
            one.urgency,
            one.language,
            desk_sharing.shared(look, state) if one.answers else None,
            now - one.ago,
            context.desk,
        )
        counters.add(tx, counters.week_of(now), figures.opened(one.category, one.urgency))
    return opened
