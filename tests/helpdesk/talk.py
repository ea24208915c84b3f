"""A conversation without database or Telegram, for tests: pressed by its words or its actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property

from helpdesk import conversation, interview, presses
from helpdesk.context import Context
from helpdesk.interview import Assessor
from helpdesk.layout import Choice, Layout
from helpdesk.messages import Unreadable
from helpdesk.screens import layout, shows_result
from helpdesk.state import State
from locales import Catalogue

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@dataclass(frozen=True)
class _Known:
    """What follows from one state, each worked out when first asked for."""

    look: Assessor
    state: State
    catalogue: Catalogue

    @cached_property
    def layout(self) -> Layout:
        return layout(self.look, self.state, self.catalogue)

    @cached_property
    def asked(self) -> str | None:
        return interview.current(self.look, self.state)

    @cached_property
    def done(self) -> bool:
        return shows_result(self.look, self.state)


@dataclass
class Talk:
    """One conversation: presses by their words, counts taps.

    A walk asks the same state for its screen again and again, and a state never changes: what
    follows from it is worked out once. Half the time of this gate went into doing it anew.
    """

    context: Context
    look: Assessor
    state: State
    taps: int = 0
    sent: int = 0
    _known: _Known | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def _now(self) -> _Known:
        known = self._known
        if known is None or known.state is not self.state or known.look is not self.look:
            known = self._known = _Known(self.look, self.state, self.context.catalogue)
        return known

    @property
    def layout(self) -> Layout:
        return self._now.layout

    @property
    def asked(self) -> str | None:
        return self._now.asked

    @property
    def done(self) -> bool:
        return self._now.done

    @property
    def text(self) -> str:
        plain = self.context.catalogue.plain
        return "\n\n".join(plain(one.key, one.params, one.count) for one in self.layout.parts)

    @property
    def choices(self) -> list[Choice]:
        return [choice for row in self.layout.rows for choice in row]

    def words(self, choice: Choice) -> str:
        return self.context.catalogue.plain(choice.key, choice.params)

    @property
    def labels(self) -> list[str]:
        return [self.words(choice) for choice in self.choices]

    def press(self, words: str) -> Talk:
        matching = [one for one in self.choices if self.words(one).removeprefix("✓ ") == words]
        assert len(matching) == 1, f"«{words}» is not among {self.labels}"
        return self.act(matching[0].action)

    def act(self, action: str) -> Talk:
        assert action in self.layout.actions
        self.state = presses.press(self.look, self.state, action)
        self.taps += 1
        return self

    def type(self, text: str) -> Talk:
        self.sent += 1
        source = f"message {self.sent}"
        self.state = conversation.typed(self.context, self.look, self.state, text, source)
        self.taps += 1
        return self

    def edit(self, text: str, which: int | None = None) -> Talk:
        source = f"message {which or self.sent}"
        self.state = conversation.retyped(self.context, self.look, self.state, text, source)
        return self

    def slash(self, name: str) -> Talk:
        self.state = conversation.command(self.look, self.state, name)
        return self

    def send(self, kind: Unreadable) -> Talk:
        self.state = conversation.unreadable(self.state, kind)
        return self

    def all(self, steps: Iterable[str]) -> Talk:
        """Press the words in «…», type the rest."""
        for step in steps:
            if step.startswith("«"):
                self.press(step.strip("«»"))
            else:
                self.type(step)
        return self

    def copy(self) -> Talk:
        return replace(self)

    @property
    def outcome(self) -> str:
        return str(self.look.determine(self.state.answers).outcome)
