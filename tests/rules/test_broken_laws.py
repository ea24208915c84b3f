"""Broken law files: each mistake is reported with its file, line, message and hint."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from rules import Fault, LawFaults
from rules.__main__ import main
from rules.loader import LAWS_FOLDER, load
from rules.reader import read

LAW = "2026-02-19.yaml"
MANIFEST = Path(__file__).parent / "broken_laws" / "mistakes.yaml"


def _mistakes() -> list[dict[str, Any]]:
    document = read(MANIFEST)
    assert not document.faults, document.faults
    assert isinstance(document.value, list)
    return [entry for entry in document.value if isinstance(entry, dict)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the packaged law, to break."""
    return Path(shutil.copytree(LAWS_FOLDER / "amnistia", tmp_path / "amnistia"))


def _break(home: Path, mistake: dict[str, Any]) -> None:
    path = home / mistake["file"]
    if mistake.get("delete"):
        path.unlink()
    elif "whole" in mistake:
        path.write_text(mistake["whole"], "utf-8")
    else:
        text = path.read_text("utf-8")
        assert text.count(mistake["replace"]) == 1, "the patch does not fit the law any more"
        path.write_text(text.replace(mistake["replace"], mistake["with"]), "utf-8")


def _line(path: Path, text: str) -> int:
    content = path.read_text("utf-8")
    assert content.count(text) == 1, f"{text!r} stands {content.count(text)} times"
    # A text that begins with a line break points at the line after it.
    place = content.index(text) + (len(text) - len(text.lstrip("\n")))
    return content.count("\n", 0, place) + 1


def _expected(home: Path, mistake: dict[str, Any]) -> list[Fault]:
    faults = []
    for fault in mistake["faults"]:
        name = fault.get("file", mistake["file"])
        text = fault.get("at", str(mistake.get("with")).split("\n")[0])
        line = 0 if mistake.get("delete") else _line(home / name, text)
        faults.append(Fault(f"amnistia/{name}", line, fault["message"], fault["hint"]))
    return faults


def _faults(home: Path) -> list[Fault]:
    load.cache_clear()
    with pytest.raises(LawFaults) as raised:
        load(home.parent)
    return list(raised.value.faults)


@pytest.mark.parametrize("mistake", _mistakes(), ids=lambda mistake: mistake["name"])
def test_one_mistake_is_reported_where_it_stands(home: Path, mistake: dict[str, Any]) -> None:
    _break(home, mistake)
    found = _faults(home)
    assert sorted(map(str, found)) == sorted(map(str, _expected(home, mistake)))


def test_there_are_enough_mistakes() -> None:
    names = [mistake["name"] for mistake in _mistakes()]
    assert len(set(names)) == len(names) >= 20


def test_several_mistakes_are_all_reported_at_once(home: Path) -> None:
    chosen = {
        "a fact that does not exist",
        "two windows that share a day",
        "a charge of a class that does not exist",
        "a question for a fact that does not exist",
        "a denial of a charge that does not exist",
    }
    mistakes = [mistake for mistake in _mistakes() if mistake["name"] in chosen]
    assert len(mistakes) == len(chosen)
    for mistake in mistakes:
        _break(home, mistake)
    expected = [fault for mistake in mistakes for fault in _expected(home, mistake)]
    found = _faults(home)
    assert sorted(map(str, found)) == sorted(map(str, expected))
    assert [(f.file, f.line) for f in found] == sorted((f.file, f.line) for f in found)


def test_mistakes_of_shape_in_several_files_are_reported_together(home: Path) -> None:
    chosen = {"a file that is not there", "an empty file", "a bracket left open"}
    mistakes = [mistake for mistake in _mistakes() if mistake["name"] in chosen]
    for mistake in mistakes:
        _break(home, mistake)
    assert {fault.file for fault in _faults(home)} == {
        f"amnistia/{mistake['file']}" for mistake in mistakes
    }


def test_an_empty_folder_has_no_law(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path / "amnistia")
    assert (fault.line, fault.message) == (0, "there is no law here")


def test_a_folder_that_is_not_there_has_no_law(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path / "nowhere" / "amnistia")
    assert fault.message == "there is no law here"


def test_a_home_without_a_version(home: Path) -> None:
    (home / LAW).unlink()
    (fault,) = _faults(home)
    assert fault == Fault("amnistia", 0, "the law has no version", "add a file YYYY-MM-DD.yaml")


def test_check_prints_every_fault_and_says_how_many(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = next(m for m in _mistakes() if m["name"] == "a source that is not listed")
    _break(home, mistake)
    load.cache_clear()
    assert main(["check", str(home.parent)]) == 1
    (expected,) = _expected(home, mistake)
    assert capsys.readouterr().out.splitlines() == [str(expected), "1 fault(s)"]
