"""The words by which a family leaves the alerts, alone in a message; nothing is done about it here.

In Spanish and in English, whatever language she reads. Longer words that hold one of these say
something else: a soldier is discharged too («lo dieron de baja»), and «no quiero más» is despair.
"""

from __future__ import annotations

import re
from typing import Final

from helpdesk.folding import words

COMMANDS: Final = frozenset({"alto", "baja", "parar", "stop", "unsubscribe"})
"""The same, typed as a command."""

_LONGEST: Final = 80
"""Characters in which it is said, with a greeting."""

_TO_RECEIVE: Final = r"(?:recibir|que me (?:lleguen|manden|envien)) "
_ALERTS: Final = r"(?:(?:los |mas |sus |estos |esos |tantos )*(?:avisos?|mensajes))"
_CORE: Final = "|".join(
    (
        r"alto|baja|parar|paren?|pare ya|stop(?: all)?|unsubscribe(?: me)?|opt out",
        r"(?:quiero )?(?:dar|dar(?:me|se)|den?me|dame|deseo darme|solicito la) (?:de )?baja",
        rf"(?:ya )?no (?:quiero|deseo) (?:{_TO_RECEIVE})?{_ALERTS}",
        rf"(?:ya )?no (?:quiero|deseo) {_TO_RECEIVE}(?:mas|nada mas)",
        rf"(?:por favor )?(?:ya )?no me (?:escriban?|manden?|envien?) (?:mas|nada mas|{_ALERTS})",
        rf"(?:dejen|deje|dejar) de (?:recibir(?: {_ALERTS})?|escribirme|mandarme {_ALERTS})",
        rf"no mas (?:avisos?|mensajes)|(?:quitar|quiten|quite|quiteme|quitenme) {_ALERTS}",
        r"(?:no more|stop) (?:messages|alerts|updates)|stop (?:messaging|writing to|texting) me",
        r"(?:i )?don ?t (?:want|send me) (?:any )?(?:more )?(?:messages|alerts|updates)",
    )
)
_BEFORE: Final = r"(?:(?:hola|buen[oa]s|dias|tardes|noches|por favor|please|faro) )*"
_AFTER: Final = (
    r"(?: (?:ya|any ?more|por favor|porfa|please|gracias|muchas|thanks|faro|ahora|now|mas))*"
)
_LEAVES: Final = re.compile(f"{_BEFORE}(?:{_CORE}){_AFTER}")


def leaves(text: str) -> bool:
    """Tell whether a text says that she wants no more alerts, and says nothing else."""
    if len(text) > _LONGEST:
        return False
    return _LEAVES.fullmatch(" ".join(words(text))) is not None
