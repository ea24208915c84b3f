"""A translation that says less, more or something else: one mistake each, each with its hint."""

from __future__ import annotations

import pytest

from locales import Catalogue
from locales.translation import translation_faults
from tests.locales.conftest import Write

SPANISH = """
#. fresh
msgid "say.fresh"
msgstr "Hola, {who}"

msgid "say.figure"
msgstr "De 6.487 solicitudes, 15 al día"

msgid "say.bold"
msgstr "<b>Hoy</b>\\nMañana"

msgid "say.days"
msgid_plural "say.days"
msgstr[0] "queda {count} día, {who}"
msgstr[1] "quedan {count} días, {who}"
"""
ENGLISH = """
#. fresh
msgid "say.fresh"
msgstr "Hello, {who}"

msgid "say.figure"
msgstr "Of 6,487 requests, 15 a day"

msgid "say.bold"
msgstr "<b>Today</b>\\nTomorrow"

msgid "say.days"
msgid_plural "say.days"
msgstr[0] "one day left, {who}"
msgstr[1] "{count} days left, {who}"
"""


def _read(english: str, spanish: Catalogue) -> str:
    """Mark every message as read against its original."""
    for message in spanish:
        key = f'msgid "{message.key}"'
        english = english.replace(key, f"#. es {message.mark}\n{key}")
    return english


def test_a_translation_that_says_the_same_has_no_fault(write: Write) -> None:
    spanish = write(SPANISH)
    assert translation_faults(spanish, write(_read(ENGLISH, spanish), "en")) == ()


def test_an_original_that_was_reworded_is_read_again(write: Write) -> None:
    """The law, or a promise, may change without a key, a figure or a name that does."""
    english = write(_read(ENGLISH, write(SPANISH)), "en")
    spanish = write(SPANISH.replace("Mañana", "Nunca"))
    (fault,) = translation_faults(spanish, english)
    assert fault.key == "say.bold"
    mark = next(message.mark for message in spanish if message.key == "say.bold")
    assert f"the original changed: read both, and then write '#. es {mark}'" in fault.hint


def test_a_translation_that_nobody_read_against_its_original_is_told(write: Write) -> None:
    faults = translation_faults(write(SPANISH), write(ENGLISH, "en"))
    assert {fault.key for fault in faults} == {"say.fresh", "say.figure", "say.bold", "say.days"}
    assert all("not yet read against the original" in fault.hint for fault in faults)


@pytest.mark.parametrize(
    ("key", "right", "wrong", "hint"),
    [
        ("say.bold", 'msgid "say.bold"', 'msgid "say.other"', "not translated: es/words.po"),
        ("say.other", 'msgid "say.bold"', 'msgid "say.other"', "es has no such message"),
        ("say.fresh", "{who}", "friend", "lacks {who}"),
        ("say.fresh", "Hello, {who}", "Hello, {who}, {name}", "knows no {name}"),
        ("say.fresh", "#. fresh\n", "", "wants the mark '#. fresh'"),
        ("say.figure", 'msgid "say.figure"', '#. fresh\nmsgid "say.figure"', "wants no mark"),
        ("say.figure", "6,487", "6,478", "lost 6487"),
        ("say.figure", "6,487", "6,478", "says 6478, which is not there"),
        ("say.figure", "15 a day", "some a day", "lost 15"),
        ("say.bold", "<b>Today</b>", "Today", "other tags"),
        ("say.bold", "<b>Today</b>", "<i>Today</i>", "other tags"),
        ("say.bold", "\\nTomorrow", "", "has 1 lines, not 2"),
        ("say.days", 'msgid_plural "say.days"\nmsgstr[0]', "msgstr", "wants a plural"),
        ("say.days", "one day left, {who}", "one day left", "lacks {who}"),
        ("say.days", "{count} days left, {who}", "{count} days left", "lacks {who}"),
    ],
)
def test_each_mistake_has_its_hint(
    write: Write, key: str, right: str, wrong: str, hint: str
) -> None:
    assert right in ENGLISH
    broken = ENGLISH.replace(right, wrong, 1)
    if "msgid_plural" not in broken:
        broken = broken[: broken.index("msgstr[1]")]
    spanish = write(SPANISH)
    faults = translation_faults(spanish, write(_read(broken, spanish), "en"))
    assert [fault for fault in faults if fault.key == key and hint in fault.hint], faults
    assert all(fault.file == "en/words.po" for fault in faults)


def test_a_message_stands_in_the_file_of_its_original(write: Write) -> None:
    spanish = write('msgid "a.b"\nmsgstr "uno"\n', file="law.po")
    english = write(_read('msgid "a.b"\nmsgstr "one"\n', spanish), "en", "guidance.po")
    (fault,) = translation_faults(spanish, english)
    assert (fault.file, fault.line, fault.key) == ("en/guidance.po", 8, "a.b")
    assert fault.hint == "stands in es/law.po: put it in en/law.po"


def test_a_message_without_a_translation_says_where_it_belongs(write: Write) -> None:
    spanish = write('msgid "a.b"\nmsgstr "uno"\n\nmsgid "a.c"\nmsgstr "dos"\n', file="law.po")
    english = write(_read('msgid "a.b"\nmsgstr "one"\n', spanish), "en", "law.po")
    (fault,) = translation_faults(spanish, english)
    assert str(fault) == "en/law.po:1: a.c: not translated: es/law.po, line 10, has it"
