"""The desk of the demo: an invented team in a group as it has to be, and what was said before now.

Roles and cases are written by the helpdesk's own functions before the bot starts. What people say
and press they say and press: the real bot answers, and ``played`` moves the clock so that the 20
calls a minute that a group takes are all there again for whoever looks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import invented_cases
from bot.invented_cases import FAMILIES
from helpdesk.context import Context
from helpdesk.desk import codes, staff
from helpdesk.desk.case import Case
from helpdesk.desk.staff import Role
from sandbox import Group, Message, Person, Sandbox, Topic
from store import Database, Tx, rotate

PATIENCE: Final = 60.0
"""Seconds that the bot may take for one step: a slow machine is no fault."""
_A_WHILE: Final = timedelta(seconds=50)
_MINUTE: Final = timedelta(seconds=62)
"""After so long nothing that was sent before counts any more: see `helpdesk.desk.budget`."""
LASTS: Final = 2 * _A_WHILE + _MINUTE
"""How far ``played`` moves the clock."""


@dataclass(frozen=True, slots=True)
class Mesa:
    """The group and its people. Rosa is in it and has no role yet; ``families`` by name."""

    box: Sandbox
    group: Group
    ana: Person
    luis: Person
    carmen: Person
    rosa: Person
    families: dict[str, Person]

    @property
    def team(self) -> tuple[tuple[Person, Role], ...]:
        """Who has which role, in the order of their pseudonyms: V-01, V-02, V-03."""
        return (
            (self.ana, Role.VOLUNTEER),
            (self.luis, Role.VOLUNTEER),
            (self.carmen, Role.LEAD),
        )


@dataclass(frozen=True, slots=True)
class _Talk:
    """What a family and a volunteer said to each other, and a note that stayed."""

    family: str
    volunteer: str
    answer: str
    then: str
    note: str


_TALKS: Final = (
    _Talk(
        "Gladys",
        "ana",
        "Buenas tardes. Su hijo puede llamar al defensor antes de ese día y decirle que no hay "
        "para el pasaje. Que el defensor pida por escrito que firme más cerca de su casa: lo "
        "decide el juez. ¿Ya habló con el defensor?",
        "Todavía no. Lo llamo mañana temprano. ¿Y si no contesta?",
        "Falta decirle: si no contesta, que anote el día y la hora, y que vaya a firmar igual.",
    ),
    _Talk(
        "Beatriz",
        "luis",
        "Buenas tardes. La ley nombra ese cargo sólo para enero a abril de 2019, y en un caso de "
        "agosto de 2017 un juez dijo que no. Por eso hace falta un abogado. ¿Tienen copia de la "
        "acusación?",
        "Sí, la tiene mi mamá. Esta noche busco qué fecha dice.",
        "Espera a que lea la fecha. Si me toca irme antes, se lo paso a V-01.",
    ),
)


def seat(box: Sandbox) -> Mesa:
    """Make the group, set as `helpdesk.desk.posture` asks, with its people, and the families."""
    ana, luis, carmen, rosa = (box.person(name) for name in ("Ana", "Luis", "Carmen", "Rosa"))
    group = box.group(
        "Mesa de Faro",
        forum=True,
        owner=carmen,
        bot=("can_delete_messages", "can_manage_topics"),
    )
    group.set(
        has_hidden_members=True,
        has_protected_content=True,
        join_by_request=True,
        permissions={"can_invite_users": False},
    )
    for person in (ana, luis, rosa):
        group.add(person)
    families = {
        one.name: box.person(one.name, language=one.language, aside=True) for one in FAMILIES
    }
    return Mesa(box, group, ana, luis, carmen, rosa, families)


async def prepare(db: Database, mesa: Mesa, context: Context) -> dict[str, Case]:
    """Write the roles and open the cases, before the bot starts; gives the cases by family."""
    now = mesa.box.clock.now()
    await rotate(db, now)  # what is sealed needs a key of the day
    return await db.transaction(_prepare, mesa, now, context)


def _prepare(tx: Tx, mesa: Mesa, now: datetime, context: Context) -> dict[str, Case]:
    for person, role in mesa.team:
        member = staff.accept(tx, person.chat_id, staff.invite(tx, role, None, now), now)
        assert member is not None  # the code was made for it
        staff.set_duty(tx, member, True, now)
    chats = {name: person.chat_id for name, person in mesa.families.items()}
    return invented_cases.open_all(tx, chats, now + LASTS, context)


async def write(mesa: Mesa) -> None:
    """Let everybody write what the bot finds when it starts."""
    for person, _ in mesa.team:
        await person.send("/ayudaequipo")
    for one in FAMILIES:
        await mesa.families[one.name].send(one.words)


async def played(mesa: Mesa, cases: dict[str, Case]) -> None:
    """Play two conversations with the bot that runs, until the queue shows who is left.

    Raises TimeoutError when the bot does not do its part.
    """
    box, group = mesa.box, mesa.group
    await box.all_confirmed(PATIENCE)  # what they wrote is noted before anybody takes a case
    await group.wait_until(lambda: _queue(group) is not None, PATIENCE)
    for talk in _TALKS:
        await _volunteer(mesa, talk).press(_queue(group), data=f"claim:{cases[talk.family].code}")
    box.clock.forward(_A_WHILE)
    for talk in _TALKS:
        topic, theirs = await _heard(group, cases[talk.family], _words(talk.family))
        await _volunteer(mesa, talk).send(talk.answer, to=group, topic=topic, reply_to=theirs)
    for talk in _TALKS:
        family, words = mesa.families[talk.family], talk.answer
        await family.wait_until(lambda: _shows(family, words), PATIENCE)  # noqa: B023 - waited for here
        await family.send(talk.then)
    await box.all_confirmed(PATIENCE)
    box.clock.forward(_A_WHILE)
    for talk in _TALKS:
        topic, _ = await _heard(group, cases[talk.family], talk.then)
        await group.wait_until(lambda: _has_receipt(group, topic), PATIENCE)  # noqa: B023 - waited for here
        await _volunteer(mesa, talk).send(talk.note, to=group, topic=topic)
    await box.all_confirmed(PATIENCE)
    box.clock.forward(_MINUTE)
    in_hand = "V-01 (1)"
    await group.wait_until(lambda: in_hand in _text(_queue(group)), PATIENCE)
    for person in (mesa.ana, mesa.luis, mesa.carmen, mesa.rosa):
        for topic in (group.chat.general, *group.topics):
            group.chat.look(person.chat_id, topic.thread_id)  # what is new is what comes now


def _volunteer(mesa: Mesa, talk: _Talk) -> Person:
    return {"ana": mesa.ana, "luis": mesa.luis}[talk.volunteer]


def _words(family: str) -> str:
    return next(one.words for one in FAMILIES if one.name == family)


async def _heard(group: Group, case: Case, words: str) -> tuple[Topic, Message]:
    """Wait for what a family wrote to be in the topic of her case."""
    found: list[tuple[Topic, Message]] = []

    def look() -> bool:
        for topic in group.topics:
            if topic.name.startswith(codes.shown(case.code)):
                found.extend((topic, one) for one in group.screen(topic) if words in one.text)
        return bool(found)

    await group.wait_until(look, PATIENCE)
    return found[0]


def _has_receipt(group: Group, topic: Topic) -> bool:
    """Tell whether it was told that an answer arrived: with a button that takes it back."""
    return any(one.mine and one.buttons for one in group.screen(topic))


def _shows(person: Person, words: str) -> bool:
    return any(words in message.text for message in person.from_bot())


def _queue(group: Group) -> Message | None:
    """Give the message that lists who waits."""
    return next((one for one in group.from_bot() if any(b.data for b in one.buttons)), None)


def _text(message: Message | None) -> str:
    return "" if message is None else message.text
