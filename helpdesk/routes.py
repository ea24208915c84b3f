"""Five things a family may write at any moment, known by their words; nothing is answered here.

In Spanish and in English, whatever language she reads. An apostrophe is a space by then.
"""

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

_NOT = r"(?:don ?t|do not|doesn ?t|does not|didn ?t|did not|won ?t|will not|not)"
_CANNOT = r"(?:can ?t|cannot|can not|couldn ?t)"
_NO_MORE = r"(?: any ?more| any longer|$)"
_KIN = (
    r"(?:son|daughter|husband|wife|partner|boyfriend|girlfriend|brother|sister|father|mother|dad|"
    r"mom|mum|nephew|niece|cousin|uncle|aunt|grandson|granddaughter|kid|child|relative|family)"
)
_A_PERSON = (
    r"(?:person|people|someone|somebody|anyone|anybody|human|volunteer|operator|agent|lawyer)"
)
_CASH = r"(?:money(?! launder\w*)|cash|dollars?|bucks|usd|\$|bribes?)"

_ENGLISH_LIFE = (
    r"\b(?:want(?:s|ed)?|wanting|wish(?:es)?|prefer|rather|ready) (?:just )?(?:to )?(?:just )?"
    r"(?:die|be dead|disappear|end it|end everything)\b",
    r"\bwanna (?:die|disappear|end it)\b|\bwish (?:i|he|she) (?:was|were) dead\b",
    r"\b(?:kill|hurt|harm)(?:ing)? (?:myself|himself|herself|themselves)\b",
    r"\b(?:end|ending|take|taking) (?:my|his|her) (?:own )?life\b(?! sentence)",
    rf"\b{_NOT} (?:want to|wanna) (?:live|be alive|keep living|exist|wake up|"
    r"be here any ?more)\b(?! (?:in|at|near|with|there)\b)",
    r"\b(?:no|any|without a|lost the) (?:reason|point|will|desire|wish)(?: left)? "
    r"(?:to|in) (?:live|living|keep living|go on)\b",
    r"\bbetter off dead\b|\bbetter (?:if i|if he|if she|to) (?:die|died|was dead|were dead)\b",
    r"\bnot worth living\b|\bisn ?t worth living\b|\bnothing (?:left )?to live for\b",
)

_ENGLISH: dict[Route, tuple[str, ...]] = {
    Route.MONEY: (
        rf"\b(?:ask(?:s|ed|ing)?|demand(?:s|ed|ing)?|request(?:s|ed|ing)?|want(?:s|ed)?) "
        rf"(?:\S+ ){{0,4}}{_CASH}",
        rf"\b(?:send|give|gave|giving|pay|paid|paying|bring) (?:\S+ ){{0,3}}{_CASH}",
        r"\bhow much (?:\S+ ){0,4}(?:costs?|charges?|pay|paid|money)\b",
        r"\b(?:does|will|would|what) (?:\S+ ){0,3}cost\b",
        r"\b(?:do|does) (?:\S+ ){1,3}charge\b(?! (?:him|her|them|people|someone)\b)",
        r"\bcharg(?:es|ed|ing|e) (?:me|us) (?:\S+ )?(?:\d|money|fees?|for|to)",
        r"\b(?:have|need|supposed|got|must|should) (?:to )?(?:i )?pay\b",
        r"\bif (?:i|we) pay\b|\bpay(?:ing)? (?:\S+ ){0,2}(?:lawyer|clerk|judge|officer|guard)",
        r"\bbribes?\b|\bscam(?:s|med|mer|mers)?\b|\bextort(?:s|ed|ing)? (?:me|us)\b",
        r"\d+ ?(?:dollars|bucks)\b",
    ),
    Route.WHEREABOUTS: (
        rf"\b(?:{_NOT}|nobody|no one) (?:\S+ ){{0,4}}where "
        rf"(?:(?:he|she|they|my {_KIN}|our {_KIN}) (?:is|are|went|could be|might be)\b"
        r"(?! (?:from|going|supposed))|"
        r"they (?:\S+ ){0,2}(?:have|had|took|take|taken|hold|holding|held|keep|keeping|put|moved|"
        rf"sent|transferred) (?:him|her|them|my {_KIN}))",
        rf"\bwhere (?:is|are) (?:he|she|my {_KIN}|our {_KIN})\b(?! (?:from|going|supposed))",
        rf"\bwhere are they (?:keeping|holding) (?:him|her|them|my {_KIN})\b",
        rf"\b(?:he|she|{_KIN}) (?:(?:is|was|has|went|has been|is still) )?"
        r"(?:missing(?! (?:a|an|the|some|his|her|one|papers?|documents?)\b)|"
        r"(?:forcibly )?disappeared)\b",
        rf"\b{_CANNOT} find (?:him|her|my {_KIN})\b",
        r"\b(?:haven ?t|have not|not) heard (?:\S+ ){0,2}(?:from|of|about) "
        rf"(?:him|her|my {_KIN})\b",
    ),
    Route.ERASE: (
        r"\b(?:delete|erase|wipe) (?:\S+ ){0,2}?(?:everything|it all|all of (?:it|this)|"
        r"(?:this|the|my|our|whole) (?:chat|conversation)|(?:my|these|the|all) messages|"
        r"my (?:data|answers|information|info|history)|what i (?:wrote|said|told))\b",
        r"^\s*/?(?:delete|erase)(?: it| all| this| me)?\s*$",
    ),
    Route.DISTRESS: (
        rf"\b{_CANNOT} (?:take|do|bear|stand|handle|endure) (?:it|this){_NO_MORE}",
        rf"\b{_CANNOT} (?:take|bear) (?:much |any ?)?more$",
        rf"\b{_CANNOT} (?:go on|keep going|continue|cope)(?= (?:like|living|i|we|with (?:this|my "
        rf"life|it)|without (?:him|her))\b|{_NO_MORE})",
        r"\b(?:i m|im|i am|feel|feeling) (?:\S+ ){0,2}(?:desperate|hopeless|suicidal|"
        r"going crazy|losing my mind|falling apart)\b",
        r"\blost (?:all |my |all my )?hope\b|\bno (?:more )?(?:strength|hope) left\b",
        *_ENGLISH_LIFE,
    ),
    Route.PERSON: (
        rf"\b(?:talk|speak|chat|write|connect me|put me through) (?:\S+ ){{0,2}}?(?:to|with) "
        rf"(?:\S+ ){{0,3}}?{_A_PERSON}\b",
        rf"\b(?<!do i )(?:need|want|get me) (?:a |an |some |to see a |to reach a )(?:\S+ )?"
        rf"{_A_PERSON}\b",
        r"\b(?:are you|is this|you are|you re) (?:\S+ )?(?:robot|bot|machine|computer)\b",
        r"\bis (?:anyone|anybody|someone|somebody) (?:there|here)\b|\banybody there\b",
        r"\b(?:real|actual|live) (?:person|human)\b|\bhuman being\b",
    ),
}
_COMPILED = {
    route: re.compile("|".join(f"(?:{phrase})" for phrase in (*_PHRASES[route], *_ENGLISH[route])))
    for route in Route
}
_A_LIFE = re.compile("|".join(f"(?:{phrase})" for phrase in (*_LIFE, *_ENGLISH_LIFE)))


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
