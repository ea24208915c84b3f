"""The lines that updates wait in: whose they are, and how many may wait; nothing is read here.

Telegram gives 100 updates at most from the watermark on, so a family that sends hundreds stands
before everybody else. Beyond ``CAP`` waiting updates of a chat only the newest of each kind waits
(/borrar, /start, leaving the alerts by a button, another press, anything else): one that a newer
displaces is not read. It rides with the update after it, in whose transaction it is marked as seen
and its message is noted, so that /borrar finds it and a photo is still taken out of the chat. A
chat that was over the cap has no places beside those five until a poll brings one of its updates at
most. So nobody's /borrar is lost, and after a flood the newest message is answered, which shows the
current screen.

In the desk's group each topic is a line of its own: a long one holds up no other, and no family.
Nothing there is displaced that could go out or do anything: no reply, command, press or edit. A
plain text that answers nothing is a note, and only shows that its author is at work. Beyond
``NOTES`` waiting updates a newer note displaces an older one, or whoever types at the desk without
end would stand before the families.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bot.raw_updates import Origin, is_note, kind_of
from bot.wire import JSON

CAP = 5
"""Updates of a chat that wait to be read one by one: more than one types before an answer."""
NOTES = 20
"""Updates of a topic that wait to be read one by one, whatever they are."""


@dataclass(slots=True)
class Waiting:
    """An update that waits, and those before it that it displaced: they are not read."""

    update_id: int
    raw: JSON
    passed: list[tuple[int, JSON]] = field(default_factory=list)

    @property
    def update_ids(self) -> tuple[int, ...]:
        """Everything that is settled with it, itself last."""
        return (*(update_id for update_id, _ in self.passed), self.update_id)


@dataclass(slots=True)
class Line:
    """Updates in order, while there are any; without an origin, one update.

    ``hasty``: one of them was put aside, and the others are tried without pauses, for everybody
    waits.
    """

    origin: Origin | None
    desk: bool = False
    key: tuple[int, int | None] | None = None
    waiting: deque[Waiting] = field(default_factory=deque)
    hasty: bool = False

    @property
    def chat(self) -> int | None:
        """The chat whose updates wait."""
        return None if self.origin is None else self.origin.chat

    @property
    def family(self) -> int | None:
        """The chat, when it is a private one."""
        return self.origin.chat if self.origin is not None and self.origin.private else None


class Lines:
    """Every line there is. ``desk`` are the ids of the desk's group; it may become more."""

    def __init__(self, desk: AbstractSet[int]) -> None:
        self._desk = desk
        self._lines: dict[tuple[int, int | None], Line] = {}
        # Chats over the cap, until a poll brings one of theirs at most.
        self._crowded: set[int] = set()
        self._over: set[int] = set()  # chats that went over it since the last poll

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def crowded(self) -> frozenset[int]:
        """Chats that have no places, because they sent too much."""
        return frozenset(self._crowded)

    def polled(self, origins: Iterable[Origin]) -> None:
        """Give a chat its places back when a poll brings one update of it at most."""
        chats = Counter(origin.chat for origin in origins)
        self._crowded = {chat for chat in self._crowded | self._over if chats[chat] > 1}
        self._over.clear()

    def join(self, origin: Origin | None, one: Waiting) -> Line | None:
        """Put an update in its line; gives the line when it is a new one, to be worked off."""
        if origin is None:
            line = Line(None)
            line.waiting.append(one)
            return line
        desk = origin.chat in self._desk
        key = (origin.chat, origin.topic if desk else None)
        old = self._lines.get(key)
        line = self._lines[key] = old or Line(origin, desk, key)
        line.waiting.append(one)
        if desk:
            self._bound_notes(line)
        else:
            self._bound(line)
        return line if old is None else None

    def empty(self, line: Line) -> None:
        """Forget a line in which nothing waits any more."""
        if line.key is not None:
            del self._lines[line.key]

    def _bound(self, line: Line) -> None:
        """Let the newest update displace the one of its kind that waits beyond the cap."""
        assert line.chat is not None  # the line of no chat holds one update
        places = 0 if line.chat in self._crowded else CAP
        newest = kind_of(line.waiting[-1].raw)
        for index in range(places, len(line.waiting) - 1):
            displaced = line.waiting[index]
            if kind_of(displaced.raw) == newest:
                _displace(line, index)
                self._over.add(line.chat)
                return

    def _bound_notes(self, line: Line) -> None:
        if is_note(line.waiting[-1].raw):
            for index in range(NOTES, len(line.waiting) - 1):
                if is_note(line.waiting[index].raw):
                    _displace(line, index)
                    return


def _displace(line: Line, index: int) -> None:
    """Take an update out of a line; it is settled with the one after it."""
    displaced = line.waiting[index]
    del line.waiting[index]
    carrier = line.waiting[index]
    carrier.passed = [*displaced.passed, (displaced.update_id, displaced.raw), *carrier.passed]
