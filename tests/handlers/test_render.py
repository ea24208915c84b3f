"""A Screen as one Telegram message."""

from __future__ import annotations

from pathlib import Path

import pytest

import locales
from handlers.errors import ScreenTooLong
from handlers.render import render
from helpdesk.messages import Button, Part, Screen

PO = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "t.plain"
msgstr "hola <b>familia</b>"

msgid "t.echo"
msgstr "usted escribió {words}"

msgid "t.when"
msgstr "fue en {when}, por la {event}"

msgid "t.event"
msgstr "elección"

msgid "t.days"
msgid_plural "t.days.plural"
msgstr[0] "{count} día"
msgstr[1] "{count} días"

msgid "t.button"
msgstr "Sí & <b>no</b> {n}"
""".replace("& <b>", "&amp; <b>")


@pytest.fixture
def catalogue(tmp_path: Path) -> locales.Catalogue:
    (tmp_path / "t.po").write_text(PO, encoding="utf-8")
    return locales.load("es", tmp_path)


def test_parts_have_a_blank_line_between(catalogue: locales.Catalogue) -> None:
    shown = render(Screen((Part("t.plain"), Part("t.days", count=3))), catalogue)
    assert shown.text == "Hola <b>familia</b>\n\n3 días"
    assert shown.keyboard is None


def test_what_is_typed_never_becomes_markup(catalogue: locales.Catalogue) -> None:
    shown = render(Screen((Part("t.echo", {"words": "<b>x & y"}),)), catalogue)
    assert shown.text == "Usted escribió &lt;b&gt;x &amp; y"


def test_parameters_may_be_keys_and_dates(catalogue: locales.Catalogue) -> None:
    params = {"when": "date:2024-07-29", "event": "@t.event"}
    shown = render(Screen((Part("t.when", params),)), catalogue)
    assert shown.text == "Fue en 29 de julio de 2024, por la elección"


def test_buttons_are_plain_words_with_their_tokens(catalogue: locales.Catalogue) -> None:
    rows = ((Button("t.button", "v1:a", {"n": 1}),), (Button("t.plain", "v1:b"),))
    shown = render(Screen((Part("t.plain"),), rows), catalogue)
    assert shown.keyboard is not None
    pressed = [[(b.text, b.callback_data) for b in row] for row in shown.keyboard.inline_keyboard]
    assert pressed == [[("Sí & no 1", "v1:a")], [("Hola familia", "v1:b")]]


def test_a_text_over_4096_utf16_units_is_refused(catalogue: locales.Catalogue) -> None:
    frame = len("Usted escribió ")
    fits = Screen((Part("t.echo", {"words": "🙏" * ((4096 - frame) // 2)}),))
    render(fits, catalogue)
    with pytest.raises(ScreenTooLong) as caught:
        render(Screen((Part("t.echo", {"words": "🙏" * 2047}),)), catalogue)
    assert "🙏" not in str(caught.value)


def test_a_screen_without_words_is_refused(catalogue: locales.Catalogue) -> None:
    with pytest.raises(ScreenTooLong):
        render(Screen(()), catalogue)


@pytest.mark.parametrize("token", ["", "x" * 65, "ñ" * 33])
def test_a_token_out_of_its_64_bytes_is_refused(catalogue: locales.Catalogue, token: str) -> None:
    with pytest.raises(ScreenTooLong):
        render(Screen((Part("t.plain"),), ((Button("t.plain", token),),)), catalogue)
