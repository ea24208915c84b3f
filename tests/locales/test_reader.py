"""Broken files: one mistake each, each with the hint it must give; all are told at once."""

from __future__ import annotations

from pathlib import Path

import pytest

import locales
from locales import CatalogueFaults
from tests.locales.conftest import HEADER, Write


@pytest.mark.parametrize(
    ("entries", "line", "hint"),
    [
        ('msgid "a.b"\nmsgstr ""\n', 7, "no words"),
        ('#, fuzzy\nmsgid "a.b"\nmsgstr "x"\n', 8, "marked fuzzy"),
        ('msgid "a.b"\nmsgstr "x"\n\nmsgid "a.b"\nmsgstr "y"\n', 10, "line 7"),
        ('msgid "Hola"\nmsgstr "x"\n', 7, "lower-case words with dots"),
        ('msgid "a.b"\nmsgstr " x"\n', 7, "spaces or line ends"),
        ('msgid "a.b"\nmsgstr "<u>x</u>"\n', 7, "only <b> and <i>"),
        ('msgid "a.b"\nmsgstr "<b>x"\n', 7, "never closed"),
        ('msgid "a.b"\nmsgstr "<b><i>x</b></i>"\n', 7, "closes what was not open"),
        ('msgid "a.b"\nmsgstr "a < b"\n', 7, "bare < or >"),
        ('msgid "a.b"\nmsgstr "a & b"\n', 7, "bare &"),
        ('msgid "a.b"\nmsgstr "{A}"\n', 7, "brace"),
        ('msgctxt "c"\nmsgid "a.b"\nmsgstr "x"\n', 8, "msgctxt"),
        ('msgid "a.b"\nmsgid_plural "a.b"\nmsgstr[0] "x"\n', 7, "no words"),
        ('msgid "a.b"\nmsgstr "x"\ngarbage\n', 9, "not a .po file"),
    ],
)
def test_every_mistake_has_its_hint(write: Write, entries: str, line: int, hint: str) -> None:
    with pytest.raises(CatalogueFaults) as caught:
        write(entries)
    told = {(fault.line, hint in fault.hint) for fault in caught.value.faults}
    assert (line, True) in told, str(caught.value)
    assert all(fault.file == "es/words.po" for fault in caught.value.faults)


def test_all_faults_are_told_together(write: Write) -> None:
    with pytest.raises(CatalogueFaults) as caught:
        write('msgid "a.b"\nmsgstr ""\n\nmsgid "a.c"\nmsgstr "<u>x"\n')
    assert {fault.key for fault in caught.value.faults} == {"a.b", "a.c"}


def test_a_key_in_two_files_is_a_fault(tmp_path: Path) -> None:
    for name in ("one.po", "two.po"):
        (tmp_path / name).write_text(HEADER + 'msgid "a.b"\nmsgstr "x"\n', encoding="utf-8")
    with pytest.raises(CatalogueFaults, match=r"already defined in es/one\.po, line 7"):
        locales.load("es", tmp_path)


def test_files_must_agree_on_plurals(tmp_path: Path) -> None:
    (tmp_path / "one.po").write_text(HEADER + 'msgid "a.b"\nmsgstr "x"\n', encoding="utf-8")
    other = HEADER.replace("n != 1", "n > 1")
    (tmp_path / "two.po").write_text(other + 'msgid "a.c"\nmsgstr "x"\n', encoding="utf-8")
    with pytest.raises(CatalogueFaults, match="different Plural-Forms"):
        locales.load("es", tmp_path)


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(CatalogueFaults, match=r"no \.po file"):
        locales.load("es", tmp_path)


def test_a_language_that_is_not_there_is_a_fault() -> None:
    with pytest.raises(CatalogueFaults, match=r"no \.po file"):
        locales.load("xx")


def test_fresh_messages_are_marked_in_the_file(write: Write) -> None:
    catalogue = write('#. fresh\nmsgid "a.b"\nmsgstr "x"\n\nmsgid "a.c"\nmsgstr "y"\n')
    assert {message.key: message.fresh for message in catalogue} == {"a.b": True, "a.c": False}
