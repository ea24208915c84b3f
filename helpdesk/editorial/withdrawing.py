"""The stop switch: to take something from what families read, and to put it back.

One press withdraws, and it holds from the next transaction on. Anybody who may withdraw may
restore, after a look at what families will read again: whoever withdrew may be asleep when it
is mended. Everybody who may do either is told of both.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from helpdesk.broadcasts.visit import Visit
from helpdesk.context import day_of
from helpdesk.desk import staff
from helpdesk.desk.staff import Deed
from helpdesk.editorial import editorial, expected, finding, naming, things
from helpdesk.editorial.expected import Next
from helpdesk.editorial.things import Kind
from helpdesk.messages import Button, Param, Part, Screen
from locales import SOURCE
from rules import Law
from store import withdrawals
from store.hours import moment
from store.withdrawals import Withdrawal

PREFIX: Final = "ed."
_A_PAGE: Final = 8
_LONGEST_REASON: Final = 300
_MOST_LISTED: Final = 20
_HOUR: Final = 3600

Rows = tuple[tuple[Button, ...], ...]


def button(key: str, verb: str, argument: str = "-", **params: Param) -> Button:
    """Return a button whose press says ``ed.<verb>:<argument>``."""
    return Button(key, f"{PREFIX}{verb}:{argument}", params)


def begin(visit: Visit, typed: str = "", *, in_place: bool = False) -> None:
    """Ask what is to be withdrawn: by its kind, or by words that stand in it."""
    if typed.strip():
        search(visit, typed)
        return
    expected.put(visit.tx, visit.member, visit.now, Next.SEARCH)
    rows = [(button(f"button.ed_kind.{kind}", "kind", f"{kind}.0"),) for kind in Kind]
    if withdrawals.every(visit.tx):
        rows.append((button("button.ed_list", "list"),))
    visit.say(Screen((Part("editorial.withdraw.begin"),), tuple(rows)), in_place=in_place)


def again(visit: Visit, _: str) -> None:
    """Ask again, in the same message."""
    begin(visit, in_place=True)


def search(visit: Visit, typed: str) -> None:
    """Offer what holds such words, in either language."""
    expected.put(visit.tx, visit.member, visit.now, Next.SEARCH)
    context = visit.studio.context
    every = _every(visit)
    catalogues = dict.fromkeys(visit.studio.words(one) for one in ("es", "en"))
    contacts = {one.id: one for one in editorial.current(visit.tx).contacts}
    found = finding.find(
        typed, (one for names in every.values() for one in names), catalogues, contacts
    )
    law = context.look(visit.now).law
    if not found:
        rows: Rows = ((button("button.ed_back", "kinds"),),)
        visit.say(Screen((Part("editorial.withdraw.not_found"),), rows))
        return
    rows = (*_offered(visit, found, law), (button("button.ed_back", "kinds"),))
    visit.say(Screen((Part("editorial.withdraw.found"),), rows))


def kind(visit: Visit, argument: str) -> None:
    """Show the things of one kind, a page of them."""
    name, _, number = argument.partition(".")
    chosen = next((one for one in Kind if one == name), None)
    if chosen is None or not (number.isascii() and number.isdecimal() and len(number) < 4):
        visit.tell(Part("editorial.old_press"))
        return
    expected.put(visit.tx, visit.member, visit.now, Next.SEARCH)
    names = _every(visit)[chosen]
    pages = max(1, -(-len(names) // _A_PAGE))
    page = min(int(number), pages - 1)
    shown = names[page * _A_PAGE : (page + 1) * _A_PAGE]
    turn = []
    if page:
        turn.append(button("button.ed_earlier", "kind", f"{chosen}.{page - 1}"))
    if page < pages - 1:
        turn.append(button("button.ed_later", "kind", f"{chosen}.{page + 1}"))
    rows = _offered(visit, shown, visit.studio.context.look(visit.now).law)
    back = (button("button.ed_back", "kinds"),)
    head = Part("editorial.withdraw.choose", {"kind": f"@editorial.kind.{chosen}"})
    parts = (head,) if names else (Part("editorial.withdraw.none"),)
    visit.say(Screen(parts, (*rows, tuple(turn), back)), in_place=True)


def see(visit: Visit, thing: str) -> None:
    """Show what families read, what they will read instead, and the button that withdraws it."""
    if not _is_known(visit, thing):
        visit.tell(Part("editorial.old_press"))
        return
    gone = withdrawals.every(visit.tx).get(thing)
    if gone is None:
        expected.put(visit.tx, visit.member, visit.now, Next.REASON, thing=thing)
        visit.say(_question(visit, thing, ""), in_place=True)
    else:
        expected.let_go(visit.tx, visit.member, visit.now)
        parts = (_one(visit, thing, gone), *_read(visit, thing))
        rows = ((button("button.ed_restore", "on", thing),), (button("button.ed_back", "list"),))
        visit.say(Screen(parts, rows), in_place=True)


def reason(visit: Visit, thing: str, typed: str) -> None:
    """Take down why, and ask for the press again."""
    why = " ".join(typed.split())[:_LONGEST_REASON]
    expected.put(visit.tx, visit.member, visit.now, Next.REASON, thing=thing, reason=why)
    visit.say(_question(visit, thing, why))


def withdraw(visit: Visit, thing: str) -> None:
    """Withdraw it, and tell everybody who may."""
    if not _is_known(visit, thing):
        visit.tell(Part("editorial.old_press"))
        return
    gone = withdrawals.every(visit.tx).get(thing)
    if gone is not None:
        visit.tell(Part("editorial.withdraw.already", {"who": gone.by}))
        return
    waited = expected.of(visit.tx, visit.member, visit.now)
    why = waited.reason if waited is not None and waited.thing == thing else ""
    withdrawals.put(visit.tx, thing, visit.member.name, visit.now)
    expected.let_go(visit.tx, visit.member, visit.now)
    rows = (
        (button("button.ed_restore", "see", thing),),
        (button("button.ed_another", "kinds"),),
    )
    visit.say(Screen((_said(visit, "editorial.withdrawn", thing),), rows), in_place=True)
    told = [_said(visit, "editorial.withdrawn.told", thing, who=visit.member.name)]
    if why:
        told.append(Part("editorial.withdrawn.why", {"why": f"text:{why}"}))
    _tell_others(visit, tuple(told), ((button("button.ed_look", "see", thing),),))
    _tell_group(visit, thing)
    visit.counts[f"withdrawal={things.kind_of(thing)}"] = 1


def listing(visit: Visit, _: str = "", *, in_place: bool = False) -> None:
    """Say what is withdrawn, by whom and since when; each can be looked at and restored."""
    expected.let_go(visit.tx, visit.member, visit.now)
    gone = withdrawals.every(visit.tx)
    if not gone:
        visit.say(Screen((Part("editorial.restore.none"),)), in_place=in_place)
        return
    law = visit.studio.context.look(visit.now).law
    most = list(gone.items())[:_MOST_LISTED]
    parts = [Part("editorial.restore.begin"), *(_one(visit, *item) for item in most)]
    if len(gone) > _MOST_LISTED:
        parts.append(Part("editorial.restore.more", {"count": len(gone) - _MOST_LISTED}))
    rows = _offered(visit, [thing for thing, _ in most], law)
    visit.say(Screen(tuple(parts), rows), in_place=in_place)


def list_again(visit: Visit, _: str) -> None:
    """Say it in the same message."""
    listing(visit, in_place=True)


def restore(visit: Visit, thing: str) -> None:
    """Put it back, and tell everybody who may."""
    if not things.is_name(thing) or not withdrawals.delete(visit.tx, thing):
        visit.tell(Part("editorial.restore.already"))
        return
    expected.let_go(visit.tx, visit.member, visit.now)
    visit.say(Screen((_said(visit, "editorial.restored", thing),)), in_place=True)
    told = _said(visit, "editorial.restored.told", thing, who=visit.member.name)
    _tell_others(visit, (told,), ())
    visit.tell_group(_for_group(visit, "editorial.restored.group", thing))
    visit.counts[f"restored={things.kind_of(thing)}"] = 1


def _every(visit: Visit) -> dict[Kind, tuple[str, ...]]:
    """Return everything that can be withdrawn now, contacts among it."""
    law = visit.studio.context.look(visit.now).law
    found = things.every(visit.studio.letters, law)
    contacts = editorial.current(visit.tx).contacts
    return found | {Kind.CONTACT: tuple(f"contact:{one.id}" for one in contacts)}


def _is_known(visit: Visit, thing: str) -> bool:
    """Say whether a name that a button carried is of something: anybody may forge one."""
    if not things.is_name(thing):
        return False
    return any(thing in names for names in _every(visit).values()) or (
        thing in withdrawals.every(visit.tx)
    )


def _offered(visit: Visit, names: Iterable[str], law: Law) -> Rows:
    """Return a button for each thing, marked when it is withdrawn."""
    gone, file = withdrawals.every(visit.tx), editorial.current(visit.tx)
    words = visit.studio.words(visit.member.language)
    rows = []
    for one, name in naming.titles(names, words, law, file).items():
        key = "button.ed_withdrawn" if one in gone else "button.ed_thing"
        rows.append((button(key, "see", one, what=f"text:{name}"),))
    return tuple(rows)


def _question(visit: Visit, thing: str, why: str) -> Screen:
    words = visit.studio.words(visit.member.language)
    kind_words = f"@editorial.kind.{things.kind_of(thing)}"
    parts = [
        Part("editorial.see", {"kind": kind_words}),
        *_read(visit, thing),
        *naming.instead(thing, words),
    ]
    if why:
        parts.append(Part("editorial.see.why", {"why": f"text:{why}"}))
    else:
        parts.append(Part("editorial.see.no_why"))
    rows = (
        (button("button.ed_withdraw", "off", thing),),
        (button("button.ed_back", "kind", f"{things.kind_of(thing)}.0"),),
    )
    return Screen(tuple(parts), rows)


def _read(visit: Visit, thing: str) -> tuple[Part, ...]:
    words = visit.studio.words(visit.member.language)
    return naming.read(thing, words, editorial.current(visit.tx))


def _one(visit: Visit, thing: str, gone: Withdrawal) -> Part:
    since = moment(gone.hour * _HOUR)
    return _said(
        visit,
        "editorial.restore.one",
        thing,
        who=gone.by,
        day=f"date:{day_of(since).isoformat()}",
    )


def _said(visit: Visit, key: str, thing: str, **params: Param) -> Part:
    """Return a line about a thing, which names it; in the language of whoever did it."""
    words = visit.studio.words(visit.member.language)
    law = visit.studio.context.look(visit.now).law
    name = naming.title(thing, words, law, editorial.current(visit.tx))
    kind_words = f"@editorial.kind.{things.kind_of(thing)}"
    return Part(key, {"what": f"text:{name}", "kind": kind_words, **params})


def _tell_others(visit: Visit, parts: tuple[Part, ...], rows: Rows) -> None:
    for one in staff.permitted(visit.tx, Deed.WITHDRAW):
        if one.name != visit.member.name:
            visit.say(Screen(parts, rows), to=one)


def _tell_group(visit: Visit, thing: str) -> None:
    """Tell who answers families: they would go on saying what they know by heart.

    Of what is first aid they are told what is still said, and to say that.
    """
    words = visit.studio.words(SOURCE)
    said = (editorial.first_aid(key) for key in things.keys(thing, words))
    own = next((key for key in said if key is not None), None)
    if own is None:
        visit.tell_group(_for_group(visit, "editorial.withdrawn.group", thing))
        return
    text = {"text": f"text:{words.plain(own)}"}
    visit.tell_group(_for_group(visit, "editorial.withdrawn.group_first_aid", thing, **text))


def _for_group(visit: Visit, key: str, thing: str, **more: Param) -> Part:
    """Return a line about a thing in the language of the group, and by whom."""
    words, law = visit.studio.words(SOURCE), visit.studio.context.look(visit.now).law
    name = naming.title(thing, words, law, editorial.current(visit.tx))
    given = {"what": f"text:{name}", "kind": f"@editorial.kind.{things.kind_of(thing)}"}
    return Part(key, {**given, "who": visit.member.name, **more})
