"""What one chat is seen with at one moment: rules, words, desk, alerts and the buttons' key."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from helpdesk import tokens
from helpdesk.context import Context
from helpdesk.desk.family import View
from helpdesk.interview import Assessor
from helpdesk.layout import Layout
from helpdesk.screens import layout
from helpdesk.state import State
from helpdesk.subscriptions import NOT_SUBSCRIBED, Standing
from store import Session


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything beside the state that a screen follows from, for one chat at one moment."""

    context: Context
    chat: int
    now: datetime
    look: Assessor
    desk: View
    alerts: Standing = NOT_SUBSCRIBED

    def told_in(self, language: str) -> Scene:
        """Return the same scene, its rules told in another language."""
        return replace(self, look=self.context.told(self.look, language))

    def layout(self, state: State) -> Layout:
        """Return the screen of a state, less what the team withdrew."""
        words = self.context.words(state.language)
        shown = layout(self.look, state, words, self.desk, self.alerts)
        return replace(shown, parts=self.look.editorial.edit(shown.parts))

    def mark(self, message_id: int | None) -> str:
        """Return the keyed mark of a message of this chat, "" for none."""
        key = self.context.button_key
        return "" if message_id is None else tokens.mark(key, self.chat, message_id)

    def token(self, revision: int, shown: Layout, action: str) -> str:
        """Return what the button of an action carries on a screen."""
        return tokens.token(self.context.button_key, self.chat, revision, shown.name, action)

    def pressed(self, token: str, state: State, stored: Session | None) -> str | None:
        """Return the action of a pressed button, None when it is not on the current screen."""
        if stored is None:
            return None
        shown = self.layout(state)
        for action in shown.actions:
            if tokens.matches(token, self.token(stored.revision, shown, action)):
                return action
        return None
