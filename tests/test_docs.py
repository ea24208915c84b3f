"""What the documents say of the code is so: settings, commands, targets, links, numbers, names."""

from __future__ import annotations

import pkgutil
import re
import tomllib
from datetime import date, timedelta
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest

import rules
from bot import doctor, intake, lines, outgoing, settings
from bot.commands import COMMANDS
from bot.settings import Settings
from helpdesk import subscriptions, turn
from helpdesk.broadcasts import approval, duplicates, quiet
from helpdesk.editorial import expected, published, publishing
from store import broadcasts, checkpointer, counters, erase_jobs, rotation, sessions
from store.retention import TABLES, Retention

ROOT = Path(__file__).parents[1]
PAGES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")))
}
README = PAGES["README.md"]
DECISIONS = sorted(name for name in PAGES if name.startswith("docs/decisions/"))

_CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
_FILE = re.compile(r"(?<![\w/.])((?:[\w.-]+/)+[\w*.-]*\.(?:py|po|yaml|md)|(?:[a-z]+/)+)(?![\w/])")
_TARGET = re.compile(r"^([a-z-]+):", re.MULTILINE)

CLAIMS = (
    ("docs/decisions/0003-store.md", "at most every 5 s", checkpointer.GAP_SECONDS == 5),
    ("docs/decisions/0003-store.md", "rests twenty times", checkpointer.SHARE == 20),
    ("docs/decisions/0004-epoch-keyring.md", "32 in a transaction", rotation.BATCH == 32),
    (
        "docs/decisions/0004-epoch-keyring.md",
        "older than 48 hours",
        timedelta(hours=48) == doctor.OLDEST_KEY,
    ),
    ("docs/decisions/0005-one-line-per-chat.md", "with five places", lines.CAP == 5),
    ("docs/decisions/0005-one-line-per-chat.md", "300 message ids", turn.MOST_MESSAGES == 300),
    ("docs/threat-model.md", "three tries", intake.TRIES == 3),
    ("docs/threat-model.md", "the last seven days", timedelta(days=7) == sessions.IDLE),
    ("docs/retention.md", "7 days idle", timedelta(days=7) == sessions.IDLE),
    ("docs/retention.md", "message ids 47 hours", timedelta(hours=47) == sessions.MESSAGES_KEPT),
    ("docs/retention.md", "1 hour at most", erase_jobs.KEPT == outgoing.DELETE_WITHIN),
    ("docs/retention.md", "24 months", counters.KEPT_MONTHS == 24),
    ("docs/retention.md", "7 days untouched at most", timedelta(days=7) == broadcasts.IDLE),
    ("docs/retention.md", "then 48 hours", timedelta(hours=48) == broadcasts.KEPT),
    ("docs/retention.md", "asked again after 180 days", subscriptions.REASK.days == 180),
    ("docs/retention.md", "gone 30 days later", subscriptions.ANSWER_WITHIN.days == 30),
    ("docs/retention.md", "a hash 30 days", duplicates.REMEMBERED.days == 30),
    ("docs/retention.md", "a proposal 24 hours", publishing.VALID == 24 * 3600),
    ("docs/retention.md", "a reason 30 minutes", expected.VALID == 30 * 60),
    ("docs/decisions/0009-broadcasts.md", "within an hour", approval.VALID.seconds == 3600),
    ("docs/decisions/0009-broadcasts.md", "After 180 days", subscriptions.REASK.days == 180),
    (
        "docs/decisions/0009-broadcasts.md",
        "after thirty days",
        subscriptions.ANSWER_WITHIN.days == 30,
    ),
    (
        "docs/decisions/0010-stop-switch-and-published-file.md",
        "hide by themselves 90 days after",
        published.VERIFIED_FOR.days == 90,
    ),
    ("README.md", "`FARO_SEND_RATE` (25)", Settings.model_fields["send_rate"].default == 25),
    (
        "README.md",
        "between nine at night and seven",
        (quiet.BEGINS.hour, quiet.ENDS.hour) == (21, 7),
    ),
    ("docs/retention.md", "a day after its end", timedelta(days=1) == counters.GRACE),
    ("CHANGELOG.md", "rounded down to tens", counters.STEP == 10),
)
"""A page, the words that it says, and whether they are so."""


def code_of(page: str) -> str:
    """Return what stands in backticks, and nothing else of a page."""
    return "\n".join(_CODE.findall(PAGES[page]))


def targets() -> set[str]:
    return set(_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


def test_every_setting_is_described_and_in_the_table_of_its_module() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert f"``FARO_{name.upper()}``" in (settings.__doc__ or ""), name


def test_no_page_names_a_setting_that_there_is_not() -> None:
    known = {f"FARO_{name.upper()}" for name in Settings.model_fields}
    for page, text in PAGES.items():
        assert set(re.findall(r"\bFARO_[A-Z_]+\b", text)) <= known, page


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    assert set(re.findall(r"\bfaro ([a-z]+)", code_of(page))) <= COMMANDS.keys()
    assert set(re.findall(r"\bmake ([a-z][a-z-]*)", code_of(page))) <= targets()


def test_every_command_and_target_is_documented() -> None:
    named = set(re.findall(r"\b(?:faro|make) ([a-z-]+)", code_of("README.md")))
    assert set(COMMANDS) <= named
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in targets() - {"help"}:
        assert re.search(rf"^{target}:.*## \S", makefile, re.MULTILINE), target


def test_decisions_are_numbered_without_a_hole() -> None:
    for number, page in enumerate(DECISIONS, 1):
        assert Path(page).name.startswith(f"{number:04d}-"), page
        assert PAGES[page].startswith(f"# {number}. "), page


@pytest.mark.parametrize("page", PAGES)
def test_every_relative_link_resolves(page: str) -> None:
    found = {one or other for one, other in _LINK.findall(PAGES[page])}
    ours = {link.partition("#")[0] for link in found if "://" not in link}
    assert [link for link in sorted(ours) if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_exists(page: str) -> None:
    named = set(_FILE.findall(code_of(page)))
    assert [name for name in sorted(named) if not any(ROOT.glob(name))] == []


def test_the_map_of_the_rooms_is_whole() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    rooms = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    for room in (*rooms, "bench", "docs", "tests"):
        assert f"| `{room}/` |" in README, room


@pytest.mark.parametrize("room", ["helpdesk.desk", "helpdesk.broadcasts", "helpdesk.editorial"])
def test_the_map_of_a_room_names_its_modules_and_no_others(room: str) -> None:
    found = import_module(room)
    modules = {one.name for one in pkgutil.iter_modules(found.__path__)}
    named = set(re.findall(r"(?<!`)`([a-z_*]+)`(?!`)|``([a-z_*]+)``", found.__doc__ or ""))
    maps = {one or other for one, other in named} - {"bot"}
    assert [one for one in sorted(modules) if not any(fnmatch(one, name) for name in maps)] == []
    assert [name for name in sorted(maps) if not any(fnmatch(one, name) for one in modules)] == []


def test_decision_2_names_every_library_that_a_user_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["bot"]]
    page = PAGES["docs/decisions/0002-libraries.md"].lower()
    names = [re.split(r"[<>=]", one)[0] for one in wanted]
    assert [name for name in names if f"| {name}" not in page and f", {name} |" not in page] == []


def test_the_law_is_as_large_as_the_changes_say() -> None:
    law = rules.load().get("amnistia", as_of=date(2026, 11, 21))
    said = " ".join(PAGES["CHANGELOG.md"].split())
    assert f"{len(law.articles)} articles" in said
    assert f"{len(law.events)} events" in said
    assert f"{len(law.charges)} charges" in said


def _row(row: Retention) -> str:
    reached = "deletes it" if row.forget else f"no: {row.not_forgotten_why}"
    return f"| `{row.table}` | {row.form} | {row.kept} | {reached} |"


def test_what_is_kept_is_said_as_the_program_reads_it() -> None:
    said = [line for line in PAGES["docs/retention.md"].splitlines() if line.startswith("| `")]
    assert said == [_row(row) for row in TABLES.values()]


@pytest.mark.parametrize(("page", "words", "so"), CLAIMS)
def test_what_a_page_counts_is_what_the_program_counts(page: str, words: str, so: bool) -> None:
    assert words in " ".join(PAGES[page].split())
    assert so
