"""No broadcast is made or begun but by a person's press: nothing else in the program calls it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
CALLERS: Final = {
    # Made: by a command or a press of an organiser's, and of a correction or a retraction.
    "shelf.add": {"helpdesk/broadcasts/composing.py", "helpdesk/broadcasts/amending.py"},
    "broadcasts.add": {"helpdesk/broadcasts/shelf.py"},
    "composing.begin": {"helpdesk/broadcasts/writing.py"},
    "composing.begin_correction": {"helpdesk/broadcasts/writing.py"},
    "amending.retract": {"helpdesk/broadcasts/pressing.py"},
    # Begun: by an approval only, and a retraction by its second press.
    "sending.start": {"helpdesk/broadcasts/approval.py"},
    "amending.start": {"helpdesk/broadcasts/approval.py"},
    "ledger.fix": {"helpdesk/broadcasts/sending.py"},
    "approval.approve": {"helpdesk/broadcasts/approving.py"},
    "approving.approve": {"helpdesk/broadcasts/answer.py"},
    "steering.send_again": {"helpdesk/broadcasts/pressing.py"},
}
"""Who may speak of what; `answer` is the door, and looks at the role first."""


def _spoken_of(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def test_what_makes_and_begins_broadcasts_is_called_where_a_person_presses() -> None:
    found: dict[str, set[str]] = {name: set() for name in CALLERS}
    for room in ("helpdesk", "handlers", "bot"):
        for path in (ROOT / room).rglob("*.py"):
            for name in CALLERS.keys() & set(_spoken_of(path)):
                found[name].add(path.relative_to(ROOT).as_posix())
    assert found == CALLERS


def test_nothing_is_imported_from_these_modules_under_another_name() -> None:
    hidden = []
    for room in ("helpdesk", "handlers", "bot"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ImportFrom) and node.module:
                    last = node.module.rpartition(".")[2]
                    names = {f"{last}.{one.name}" for one in node.names}
                    hidden += [(path.name, name) for name in names & CALLERS.keys()]
                    asked = {f"{one.name}." for one in node.names if one.asname}
                    ours = {name for name in CALLERS if any(name.startswith(a) for a in asked)}
                    hidden += [(path.name, name) for name in ours if "broadcasts" in node.module]
    assert hidden == []
