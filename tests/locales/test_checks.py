"""``python -m locales check``: what it finds in made-up words, and that ours have nothing."""

from __future__ import annotations

import pytest

import locales
from locales import Catalogue, checks, lexicon
from locales import __main__ as command
from tests.locales.conftest import Write


@pytest.mark.parametrize(
    ("key", "text", "hint"),
    [
        ("button.go", "x" * 65, "64 allowed"),
        ("ask.date.option.no", "x" * 65, "64 allowed"),
        ("button.go", "uno\\ndos", "one line"),
        ("ask.date", "x " * 200 + "xx", "400 allowed"),
        ("page.why", "x " * 450 + "xx", "900 allowed"),
        ("step.file", "x " * 250 + "xx", "500 allowed"),
        ("page.why", "Llame al 0412-555 82 11", "phone number"),
        ("page.why", "Escriba a ayuda@ejemplo", "e-mail"),
        ("page.why", "Siga a @ejemplo", "e-mail"),
        ("page.why", "Vea ejemplo.org", "link"),
        ("page.why", "Vea https://ejemplo", "link"),
        ("page.why", "artículo 8, numeral 12", "not confirmed"),
        ("page.why", "Eso pasa pronto", "«pronto»"),
    ],
)
def test_each_check_finds_its_fault(write: Write, key: str, text: str, hint: str) -> None:
    faults = checks.catalogue_faults(write(f'msgid "{key}"\nmsgstr "{text}"\n'))
    assert [fault for fault in faults if hint in fault.hint], faults
    assert all((fault.file, fault.line, fault.key) == ("es/words.po", 7, key) for fault in faults)


@pytest.mark.parametrize(
    ("key", "text", "hint"),
    [
        ("button.go", "x" * 35, "34 allowed"),
        ("ask.date.option.no", "x" * 35, "34 allowed"),
        ("event.any.short", "x" * 35, "34 allowed"),
        ("step.file", "x " * 250 + "xx", "500 allowed"),
        ("page.why", "article 8, numeral 12", "not confirmed"),
        ("page.why", "It will happen soon", "«soon»: it promises a time that nobody knows; say: "),
    ],
)
def test_english_has_its_own_limits_and_words(write: Write, key: str, text: str, hint: str) -> None:
    faults = checks.catalogue_faults(write(f'msgid "{key}"\nmsgstr "{text}"\n', "en"))
    assert [fault for fault in faults if hint in fault.hint], faults
    assert all((fault.file, fault.line, fault.key) == ("en/words.po", 7, key) for fault in faults)


@pytest.mark.parametrize("language", locales.LANGUAGES)
def test_each_language_has_its_own_limits(language: str) -> None:
    assert checks.BUTTON_LIMITS[language]
    assert lexicon.faults("guarimba", "page.why", language)


@pytest.mark.parametrize(
    "text",
    [
        "artículo 8, numeral 10",
        "numeral 12 (por confirmar)",
        "De 6.487 solicitudes, 6.336",
        "2016-2021, 2002–2003",
    ],
)
def test_what_is_allowed_passes(write: Write, text: str) -> None:
    assert checks.catalogue_faults(write(f'msgid "page.why"\nmsgstr "{text}"\n')) == ()


def test_a_fresh_message_begins_neutral(write: Write) -> None:
    catalogue = write('#. fresh\nmsgid "page.why"\nmsgstr "La amnistía de su familiar"\n')
    assert len(checks.catalogue_faults(catalogue)) == 1


@pytest.mark.parametrize(("words", "found"), [("x" * 119, 1), ("x" * 120, 0)])
def test_what_a_person_wrote_never_shows_on_a_locked_phone(
    write: Write, words: str, found: int
) -> None:
    entry = f'#. fresh\nmsgid "case.any"\nmsgstr "{words} {{who}} {{text}}"\n'
    faults = checks.catalogue_faults(write(entry))
    assert len([fault for fault in faults if "a locked phone shows 120" in fault.hint]) == found


def test_our_own_words_have_no_fault() -> None:
    assert [str(fault) for fault in checks.all_faults()] == []


def test_the_command_tells_faults_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    broken = write('msgid "page.why"\nmsgstr "Muy pronto"\n')
    monkeypatch.setattr("locales.checks.load", lambda language: broken)
    assert command.main(["check"]) == 1
    assert "es/words.po:7: page.why: «pronto»" in capsys.readouterr().out


def test_the_command_holds_every_language_against_the_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], write: Write
) -> None:
    spanish = write('msgid "a.b"\nmsgstr "uno"\n\nmsgid "a.c"\nmsgstr "dos"\n')
    mark = next(message.mark for message in spanish if message.key == "a.b")
    english = write(f'#. es {mark}\nmsgid "a.b"\nmsgstr "one"\n', "en")
    made = {"es": spanish, "en": english}
    monkeypatch.setattr("locales.checks.load", lambda language: made[language])
    assert command.main(["check"]) == 1
    told = capsys.readouterr().out
    assert told == "en/words.po:1: a.c: not translated: es/words.po, line 10, has it\n"


def test_a_language_that_does_not_load_is_told_beside_the_others(
    monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    spanish = write('msgid "a.b"\nmsgstr "Muy pronto"\n')

    def load(language: str) -> Catalogue:
        return spanish if language == "es" else write('msgid "a.b"\nmsgstr ""\n', language)

    monkeypatch.setattr("locales.checks.load", load)
    files = {fault.file for fault in checks.all_faults()}
    assert files == {"es/words.po", "en/words.po"}


def test_a_wrong_command_is_told() -> None:
    assert command.main([]) == 2


def test_the_command_passes_on_our_own_words() -> None:
    assert command.main(["check"]) == 0
