"""Five things a family may write at any moment, known by their words; nothing is answered here."""

from __future__ import annotations

import re
from enum import StrEnum

from helpdesk.folding import fold


class Route(StrEnum):
    """A matter that cannot wait for the current question, in order of precedence."""

    MONEY = "money"
    WHEREABOUTS = "whereabouts"
    ERASE = "erase"
    DISTRESS = "distress"
    PERSON = "person"


_ASKED = r"(?:pid\w*|exig\w*|quier\w*|cobr\w*|solicit\w*|saca\w*|quit\w*)"
_COIN = (
    r"(?:plata|dinero|reales|real|dolar\w*|\$|usd|bolos|bolivares|efectivo|cobres|resmas?|"
    r"boligrafos?|colaboraci\w*|vacuna|pago|pagos|billete\w*|comision(?! de la asamblea))"
)
_SOMEBODY = r"(?:persona|humano|alguien|voluntari[oa]s?|operador\w*|asesor\w*|abogad[oa])"

_LIFE = (
    r"\b(?:me )?(?:quiero|quisiera|prefiero) (?:morir\w*|matar\w*|desaparecer)\b",
    r"\bme (?:voy a|quiero) matar\b|\bno quiero (?:vivir|seguir viviendo)\b",
    r"\bquitar(?:me|se) la vida\b|\bsuicid\w*|\bacabar con (?:todo|mi vida)\b",
    r"\b(?:ganas de|provoca|mejor(?: es)?|quisiera|preferi\w+|prefiero) "
    r"(?:morir\w*|me muero|estar muert[oa])\b",
    r"\bno (?:vale la pena|tiene sentido) (?:seguir |mi )?(?:vivi\w*|vida)\b",
    r"\b(?:hacerme daño|dejar de vivir|no despertar(?:me)? mas)\b",
)
"""Words of somebody who may harm herself: they come before money, and before everything."""

_PHRASES: dict[Route, tuple[str, ...]] = {
    Route.MONEY: (
        rf"\b{_ASKED} (?:\S+ ){{0,4}}{_COIN}",
        rf"\b(?:mand\w*|env\w*|transf\w*|deposit\w*|d(?:ar|en|e|i|imos)) (?:\S+ ){{0,2}}{_COIN}",
        r"\bcobra(?:n|r|ron|rle|rme|nos)?\b",
        r"\bme cobr\w+",
        r"\b(?:pagar|pague|paguen|pagarle|pagarles|pagando)\b"
        r"(?! (?:la |su |una )?(?:condena|pena|carcel|cana|culpa))",
        r"\b(?:se|hay que|tengo que|debo|toca) paga\w*",
        r"\bcuanto (?:cuesta|vale|sale|cobran|hay que)",
        r"\bmatraca\w*|\bsoborn\w*|\bestafa\w*|\bgestor(?:es|a)?\b|\bpago movil\b|\bzelle\b",
        r"\bextorsion(?:an|ando|aron|o)\b|\bme (?:estan )?extorsion\w*",
        r"\d+ ?(?:\$|dolares|usd)|\$ ?\d+",
        r"\b(?:esta|estan|sale|aparece|puesto|cupo|meten?|poner\w*|anot\w*|entrar) (?:\S+ ){0,3}"
        r"listas?\b",
        r"\b(?:una|la|esa|otra|hay|de|las) listas?\b(?! para)",
        r"\b(?:2|dos|tres|varias|unas) resmas\b",
    ),
    Route.WHEREABOUTS: (
        r"\bno (?:se|sabemos|nos dicen|me dicen|dicen|sabe|saben) (?:\S+ ){0,3}"
        r"(?:donde|adonde|paradero) (?:\S+ ){0,3}?"
        r"(?:tienen|esta|estan|llevaron|metieron|tendran|para|quedo|anda)\b",
        r"\bnadie (?:sabe|dice|me dice|nos dice|da razon)\b(?:.*\bdonde\b)?",
        r"\bno (?:se|sabemos|he sabido|hemos sabido) (?:mas )?nada de "
        r"(?:el|ella|mi (?:hij|espos|herman|niet|sobrin|pap|mam|marid|famil)\w*)\b"
        r"(?! (?:caso|expediente|tribunal|defensor|abogado|juicio|proceso|asunto))",
        r"\bdesaparecid[oa]s?\b|\bdesaparicion\b|\bparadero\b",
        r"\bno (?:lo|la|los|las) (?:encuentro|encontramos|consigo|conseguimos|hallo)\b",
        r"\bdonde (?:lo|la|los|las) tienen\b",
        r"\bno (?:aparece|da señales)\b(?!.*\b(?:papel\w*|lista|sistema|nada|acta)\b)",
        r"\btraslad\w+\b.*\bno (?:se|sabemos) (?:\S+ )?donde\b",
    ),
    Route.ERASE: (
        r"\b(?:borr|elimin|limpi)\w*\b (?:\S+ ){0,2}?"
        r"(?:todo|toda|chat|conversacion|mensajes|lo que|esto|"
        r"mis datos|mis respuestas|mi informacion)",
        r"^\s*/?(?:borr(?:ar|a|e|alo|ame|eme|enlo)|elimin(?:ar|a|e|alo))\s*[.!]*$",
    ),
    Route.DISTRESS: (
        r"\b(?:no|ya no) (?:\S+ )?(?:puedo|aguanto|soporto|doy|resisto) (?:\S+ )?mas\b",
        *_LIFE,
        r"\bdesesperad[oa]\b|\bme (?:estoy|voy a) (?:volviendo|volver) loc[oa]\b",
        r"\bperdi (?:la|toda) (?:\S+ )?esperanza|\bsin esperanzas?\b|\bsin fuerzas?\b",
        r"\bdurmiendo en la (?:calle|acera|plaza)\b|\bestoy destrozad[oa]\b|\bme siento morir\b",
        r"\bya no (?:se|tengo) (?:que hacer|fuerzas?)(?: mas)?\b",
    ),
    Route.PERSON: (
        rf"\b(?:hablar|hable|comunicar\w*|contactar|conversar|chatear|atienda|atiende|escribirle) "
        rf"(?:\S+ ){{0,3}}{_SOMEBODY}",
        rf"\b(?:necesito|quiero|quisiera|busco|consigo|pasame|paseme) (?:\S+ ){{0,3}}{_SOMEBODY}",
        r"\b(?:eres|es usted|sos|usted es|son) (?:\S+ )?(?:un )?(?:robot|bot|maquina)\b",
        r"\bhay alguien\b|\balguien (?:ahi|me (?:puede )?(?:ayud|atiend|respond)\w*)",
        r"\bpersona (?:real|de verdad|de carne)\b|\babogad[oa]s? gratis\b",
        r"\ba (?:donde|quien) llamo\b",
    ),
}
_COMPILED = {
    route: re.compile("|".join(f"(?:{phrase})" for phrase in phrases))
    for route, phrases in _PHRASES.items()
}
_A_LIFE = re.compile("|".join(f"(?:{phrase})" for phrase in _LIFE))


def route_of(text: str) -> Route | None:
    """Return the first route, in order of precedence, whose words are in the text.

    Only words about one's own life go before that order.
    """
    plain = re.sub(r"[^a-z0-9ñ$ /]+", " ", fold(text))
    plain = re.sub(r"\s+", " ", plain).strip()
    plain = re.sub(r"\bk\b", "que", re.sub(r"\bno c\b", "no se", plain))
    if _A_LIFE.search(plain):
        return Route.DISTRESS
    return next((route for route, pattern in _COMPILED.items() if pattern.search(plain)), None)
