"""The desk's turn: one update of the group, or a team command in private, in one transaction.

Who did it is checked here, at every act: a role, and being in the group at this minute. What is
then done is in `pressing`, `topic_commands`, `group_commands`, `private_commands` and `writing`.
"""

from __future__ import annotations

from helpdesk.desk import (
    casebook,
    claims,
    group_commands,
    notices,
    pressing,
    private_commands,
    refusals,
    staff,
    topic_commands,
    writing,
)
from helpdesk.desk.casebook import Entry
from helpdesk.desk.context import DeskContext, group_of
from helpdesk.desk.messages import Actor, DeskCommand, DeskPress, DeskReply, DeskSlash, Where
from helpdesk.desk.occasion import Occasion
from helpdesk.messages import Part
from store import Tx

JOIN = "equipo"
"""The command with which somebody becomes a member: the only one that needs no role."""


def answer(tx: Tx, command: DeskCommand, context: DeskContext) -> DeskReply:
    """Answer one command. What is to be said was written down as posts when it returns."""
    entry = _case_of(tx, command, context)
    if _is_note(tx, command, entry):
        return _note(tx, command, entry)
    actor, body = command.actor, command.body
    code = body.rest if isinstance(body, DeskSlash) and body.name == JOIN else None
    if code is not None and command.where is not Where.PRIVATE:
        return private_commands.show_code(tx, command, code)
    if actor is None:
        return refusals.refuse(tx, command, entry, None, Part("desk.refused.nobody"))
    if code is not None:
        return private_commands.join(tx, command, actor, code)
    member = staff.of(tx, actor.user)
    if member is None:
        return refusals.refuse(tx, command, entry, actor, Part("desk.refused.no_role"))
    if actor.inside is not True:
        key = "unknown" if actor.inside is None else "outside"
        return refusals.tell(tx, command, entry, member, Part(f"desk.refused.{key}"))
    member = staff.acted(tx, member, command.at)
    occasion = Occasion(tx, command, context, member, entry)
    if isinstance(body, DeskPress):
        pressing.press(occasion, body.data)
    elif isinstance(body, DeskSlash):
        _carry_out(occasion, body)
    else:
        writing.write(occasion)
    _renew(occasion)
    return occasion.reply


def _carry_out(occasion: Occasion, body: DeskSlash) -> None:
    command = occasion.command
    if command.edited:
        writing.rewrite_command(occasion, body)
        return
    for commands in (topic_commands.COMMANDS, group_commands.COMMANDS, private_commands.COMMANDS):
        if body.name in commands:
            commands[body.name](occasion, body.rest)
            break
    else:
        occasion.tell(Part("desk.refused.command", {"name": body.name}))


def _renew(occasion: Occasion) -> None:
    """Let the lease run anew: whoever has the case did something in it."""
    if occasion.entry is None:
        return
    entry = casebook.of_id(occasion.tx, occasion.entry.id)
    if entry is not None and entry.case.owner == occasion.member.name:
        claims.renew(occasion.tx, entry, occasion.now)


def _case_of(tx: Tx, command: DeskCommand, context: DeskContext) -> Entry | None:
    group = group_of(tx, context)
    if command.topic is None or group is None:
        return None
    return casebook.of_topic(tx, group, command.topic)


def _is_note(tx: Tx, command: DeskCommand, entry: Entry | None) -> bool:
    """Say whether something was only written, to be read by colleagues: it asks nothing of us."""
    if isinstance(command.body, DeskPress | DeskSlash):
        return False
    return entry is None or not writing.concerns_family(tx, command, entry)


def _note(tx: Tx, command: DeskCommand, entry: Entry | None) -> DeskReply:
    """Let a note stay where it is; it shows that whoever has the case is at work."""
    actor: Actor | None = command.actor
    member = None if actor is None or not actor.inside else staff.of(tx, actor.user)
    if member is not None and not command.edited:
        member = staff.acted(tx, member, command.at)
        if entry is not None and entry.case.owner == member.name:
            claims.renew(tx, entry, command.at)
            if command.answers_bot and entry.case.repeated:
                # It may be a first copy of her words, of which nobody knows the number.
                missed = (Part("desk.reply.repeated"),)
                notices.in_topic(tx, entry, command.at, missed, answers=command.message_id)
    return DeskReply()
