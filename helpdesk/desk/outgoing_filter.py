"""What holds a volunteer's reply until a second person reads it; the word lists are in `locales`.

A mistake costs a family money, her name or her freedom; a reply that was held for nothing costs a
colleague one look. So it would rather hold, except for what volunteers say every day: "es gratis",
"no pague a nadie". It reads texts only: photos and voice are always held (`Why.MEDIA`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import Final

import phonenumbers

from helpdesk.desk import digits
from helpdesk.desk.disguises import disguised, undone
from locales import lexicon


class Why(StrEnum):
    """What was found in a reply; the words are at ``desk.held.<why>``."""

    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    LINK = "link"
    ID_NUMBER = "id_number"
    MONEY = "money"
    PRIVATE_CONTACT = "private_contact"
    ASKS = "asks"
    SEARCH_BAIT = "search_bait"
    PROMISE = "promise"
    ADVICE = "advice"
    DISGUISE = "disguise"
    MEDIA = "media"


_MOBILE: Final = r"4(?:12|14|16|22|24|26)"
_VENEZUELAN: Final = re.compile(rf"0{_MOBILE}\d{{7}}|58{_MOBILE}\d{{7}}")
_LOCAL: Final = re.compile(rf"(?:0{{0,2}}58)?0?(?:{_MOBILE}|2\d\d)\d{{7}}")
_PREFIX: Final = re.compile(rf"(?<!\d)0{_MOBILE}(?!\d)")
_SPELLED_PREFIX: Final = re.compile(rf"0{_MOBILE}")
_NUMBER_OF: Final = re.compile(
    r"\b(?:cedula|c ?\. ?i\b|ci|pasaporte|passport|expediente|causa|case number)\b\D{0,25}"
    r"\d(?:[ .-]?\d){4,}"
)

_AT: Final = r"(?:@|\barroba\b|[(\[{] ?(?:at|arroba) ?[)\]}])"
_DOT: Final = r"(?:\.|\bpunto\b|\bdot\b|[(\[{] ?(?:dot|punto) ?[)\]}])"
_EMAIL: Final = re.compile(
    rf"{_AT} ?[\w-]+ ?{_DOT} ?\w+|\bat [\w-]+ dot \w+"
    r"|gmail|hotmail|outlook|yahoo|protonmail|\bproton\.me|icloud|tutanota"
)
_HANDLE: Final = re.compile(
    rf"{_AT}|\b\w*[a-z0-9]_[a-z0-9]\w*|\bmi (?:user|nick|alias)\b"
    r"|\b(?!robot)\w{2,}bot\b"
)

_PLAIN_ENDS: Final = (
    r"(?:com|org|net|gob|gov|edu|info|app|link|site|online|store|page|web|html|php|xyz|biz|eu|uk)"
)
_WORD_ENDS: Final = "ve|es|me|co|io|de|do|us|tv|la|ly|gl|cc|to|cl|ar|pe|mx|ec|pa|br|ca|cat|live"
"""Ends of addresses that are also words: after a full stop without a blank they are no address."""
_LINK: Final = re.compile(
    r"https?\b|\btg:|\bwww\b|://"
    rf"|\b(?:t|wa|telegram|bit|tinyurl|goo|signal) ?{_DOT} ?(?:me|ly|gl|org|group)\b"
    rf"|[\w-]\.{_PLAIN_ENDS}\b|[\w-] ?\. ?(?:com|org|net|gob|gov)\b"
    rf"|\w \(?(?:punto|dot)\)? \(?{_PLAIN_ENDS}\b"
    rf"|\.(?:{_PLAIN_ENDS}|co)\.(?:{_WORD_ENDS})\b"
    rf"|[\w-]\.(?:{_WORD_ENDS})/"
)
_SMALL_LINK: Final = re.compile(rf"[\w-]{{2,}}\.(?:{_WORD_ENDS})\b(?!\.\w)")
_AROUND: Final = "«»\"'()[]<>.,;:!?¡¿"
_PATH: Final = re.compile(r"[\w/.-]*")

_AMOUNT: Final = re.compile(
    r"(?:[$€£]|\busd|\bbs\.?) ?\d"
    r"|\d[\d.,]*(?: mil| millones| thousand)?(?: de)? ?"
    r"(?:[$€£]|(?:usdt?|bs|bolivares|bolos|dolar(?:es)?|verdes|euros?|pesos|soles|dollars?|bucks)\b)"
)
_CHANNEL: Final = re.compile(
    r"\bpagos? movil|\bpagomovil|\bzelle\b|\bpaypal\b|\bbinance\b|\busdt\b|\bbitcoin|\bbtc\b"
    r"|\bcr[iy]pto|\bwallet\b|\bwestern union\b|\bmoneygram\b|\bairtm\b|\bbanesco\b"
    r"|\btransferencias?\b|\btransfier|\btransferir|\bdeposit(?:e|ar|en|o)\w*\b|\bwire transfer"
    r"|\bcuentas? (?:bancaria|de banco|corriente|de ahorro)|\bnumero de cuenta|\bbank account"
)
_WANTS_MONEY: Final = re.compile(
    r"\b(?:pagu?e|pagar|abone|abonar|colabore|colaborar|done|donar)(?:me|nos)\b"
    r"|(?<!no )(?<!nunca )\b(?:le|les|yo|nosotros) cobr(?:o|amos|are|aremos|aria|ariamos)\b"
    r"|(?<!no )(?:\bvoy|\bvamos) a cobrar"
    r"|(?<!no )\b(?:me|nos) (?:paga|pagan|debe|abona)\b|\bmis? (?:tarifa|honorario)s?\b"
    r"|\b(?:puede|quiere|quisiera|desea|gusta) (?:colaborar|donar|aportar|contribuir)\b"
    r"|\bdonaci\w+|\bdonativo|\bdonate\b|\bdonation|\bpay me\b|\bmy fee\b"
)
_PAYING: Final = re.compile(
    r"\b(?!pagin|pages?\b)pag\w+|\bcobr\w+|\bpay(?:s|ing|ment\w*)?\b|\bpaid\b"
)
_OF_MONEY: Final = re.compile(
    r"\b(?:dinero|plata|efectivo|billetes?|dolares|honorarios|tarifas?|precios?|cuotas?|adelanto"
    r"|cuestan?|saldo|recargu?\w*|propinas?|colaboracion(?:es)?|money(?! laundering)|cash|fees?"
    r"|price|costs?)\b"
)
_EXCUSE: Final = re.compile(
    # "No olvide pagar", "sin falta pague": such a "no" excuses nothing.
    r"\b(?!no (?:se )?(?:olvid|dejen? de|pierd|demor|tard|dud|falt)|sin (?:falta|pagar))"
    r"(?:no|nunca|nadie|ni|sin|tampoco|jamas|ningun|ninguna|not|never|nobody|without|cannot|"
    r"\w+n't)\b"
    r"|\b(?:si|cuando|quien|quienes|alguien|gente|le|les|if|when|who|whoever|"
    r"anyone|someone|somebody|people)\b(?: \w+){0,8}? (?:pid[aei]\w*|exig[ei]\w*|exij\w+"
    r"|cobr[ae]\w*|ofre(?:c[ei]\w*|zcan?)|vend[ae]\w*|asks?|demands?|charges?|offers?)\b"
    r"|\b(?:desconfi\w+|estafa\w*|scam\w*|enganos?|gratis|gratuit\w+)\b"
    r"|\babogad[oa]s? privad[oa]s? pueden? cobrar\b"
)
_SENTENCE: Final = re.compile(r"[.!?;:]+(?:\s|$)|\b(?:pero|sino|excepto|salvo|but|except)\b")


def holds(text: str, allowed_hosts: Collection[str] = ()) -> tuple[Why, ...]:
    """Return why a reply has to wait for a second person; nothing when it may go out.

    ``text`` is plain, in Spanish or English. ``allowed_hosts`` are names such as ``example.org``,
    whose addresses, and those below them, may stand in a reply.
    """
    plain = _without_allowed(undone(text), allowed_hosts)
    found = {Why(reason) for reason in lexicon.desk_reasons(plain)}
    found.update(_numbers(plain), _addresses(plain, text, allowed_hosts))
    if _money(text):
        found.add(Why.MONEY)
    if disguised(text):
        found.add(Why.DISGUISE)
    return tuple(why for why in Why if why in found)


def _numbers(plain: str) -> Iterator[Why]:
    spelled = digits.in_digits(plain)
    if _PREFIX.search(spelled) or any(map(_is_phone_list, digits.loose_runs(spelled))):
        yield Why.PHONE
    if _NUMBER_OF.search(spelled):
        yield Why.ID_NUMBER
    for run in digits.tight_runs(digits.without_dates(spelled)):
        if len(run) >= 7:
            yield Why.PHONE if _is_phone(run) else Why.ID_NUMBER
    for _ in phonenumbers.PhoneNumberMatcher(spelled, "VE"):
        yield Why.PHONE


def _is_phone_list(groups: list[str]) -> bool:
    joined = "".join(groups)
    if groups[0] == "0" and _SPELLED_PREFIX.match(joined):
        return True
    if len(groups) >= 7 and all(len(group) == 1 for group in groups):
        return True
    return _VENEZUELAN.search(joined) is not None or _LOCAL.fullmatch(joined) is not None


def _is_phone(run: str) -> bool:
    if _LOCAL.fullmatch(run):
        return True
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + run.lstrip("0")))
    except phonenumbers.NumberParseException:
        return False


def _addresses(plain: str, text: str, allowed_hosts: Collection[str]) -> Iterator[Why]:
    if _EMAIL.search(plain):
        yield Why.EMAIL
    elif _HANDLE.search(plain):
        yield Why.HANDLE
    if _LINK.search(plain) or _SMALL_LINK.search(_without_allowed(text, allowed_hosts)):
        yield Why.LINK


def _without_allowed(text: str, allowed_hosts: Collection[str]) -> str:
    """Leave of an allowed address only what stands after its host: that is read like any text."""
    return (
        " ".join(_rest(token, allowed_hosts) for token in text.split()) if allowed_hosts else text
    )


def _rest(token: str, allowed_hosts: Collection[str]) -> str:
    address = token.strip(_AROUND).removeprefix("https://").removeprefix("http://")
    host, _, path = address.partition("/")
    host = host.lower().removeprefix("www.")
    known = any(host == one or host.endswith(f".{one}") for one in allowed_hosts)
    return path if known and _PATH.fullmatch(path) else token


def _money(text: str) -> bool:
    whole = undone(text)
    if _CHANNEL.search(whole) or _WANTS_MONEY.search(whole):
        return True
    if _AMOUNT.search(digits.in_digits(whole)):
        return True
    sentences = (part for line in text.splitlines() for part in _SENTENCE.split(undone(line)))
    return any(map(_speaks_of_paying, sentences))


def _speaks_of_paying(sentence: str) -> bool:
    """Say whether a sentence speaks of money without a "no" or an "if they ask you" before it.

    A verb needs its own within its commas: "no pague a nadie más, la consulta se paga aquí".
    """
    clauses = sentence.split(",")
    return any(_unexcused(_PAYING, clause) for clause in clauses) or _unexcused(_OF_MONEY, sentence)


def _unexcused(pattern: re.Pattern[str], text: str) -> bool:
    found = pattern.search(text)
    return found is not None and _EXCUSE.search(text[: found.end()]) is None
