"""A letter has the formatting that was let through, and no other; the words all stay."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.broadcasts import formatting
from helpdesk.broadcasts.messages import OrganiserText

PASSES: Final = {"b", "i", "u", "s", "blockquote", "a"}
SHAPES: Final = re.compile(
    r"<(?:b|i|u|s|blockquote|a href=\"https?://[^\"<>\s]+\"|/(?:b|i|u|s|blockquote|a))>"
)
TAGS: Final = [
    *("b", "strong", "i", "em", "u", "ins", "s", "del", "code", "pre", "tg-spoiler", "script"),
    'span class="tg-spoiler"',
    'tg-emoji emoji-id="5"',
    "blockquote",
    "blockquote expandable",
    'a href="https://foropenal.com/a?b=1&amp;c"',
    'a href="tg://user?id=5"',
    'a href="javascript:alert(1)"',
    'a href="https://a.org" onclick="x"',
    'b class="x"',
    "a",
    "!--",
]


def clean(html: str, lost: frozenset[str] = frozenset()) -> formatting.Formatted:
    return formatting.clean(OrganiserText(html, "", lost=lost))


class Balance(HTMLParser):
    """Reads as strictly as Telegram does: what is opened is closed, in order, never in itself."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in PASSES
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        assert tag not in self.open
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pieces() -> st.SearchStrategy[str]:
    opening = st.sampled_from(TAGS).map(lambda tag: f"<{tag}>")
    closing = st.sampled_from(TAGS).map(lambda tag: f"</{tag.split()[0]}>")
    words = st.text(st.sampled_from("ab <>&\"'\n;/ñ=!-"), max_size=6)
    return st.lists(st.one_of(opening, closing, words), max_size=12).map("".join)


@given(pieces())
def test_whatever_is_typed_what_comes_out_is_clean(html: str) -> None:
    found = clean(html)
    bare = SHAPES.sub("", found.html)
    assert "<" not in bare
    assert ">" not in bare
    assert re.search(r"&(?!amp;|lt;|gt;|quot;|#x27;)", found.html) is None
    balance = Balance()
    balance.feed(found.html)
    balance.close()
    assert balance.open == []
    assert clean(found.html).html == found.html


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])))
def test_words_without_formatting_come_out_as_they_went_in(words: str) -> None:
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert clean(escaped).plain == words.strip()


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<b>a</b> <i>b</i> <u>c</u> <s>d</s>", "<b>a</b> <i>b</i> <u>c</u> <s>d</s>"),
        (
            "<strong>a</strong><em>b</em><ins>c</ins><del>d</del>",
            "<b>a</b><i>b</i><u>c</u><s>d</s>",
        ),
        ("<blockquote>a</blockquote>b", "<blockquote>a</blockquote>b"),
        ("<b>a<i>b</b>c</i>", "<b>a<i>b</i></b>c"),
        ("<b>a", "<b>a</b>"),
        ("a</b>", "a"),
        ("<b> </b>a<i></i>", "a"),
        ("\n\n<b>\na</b>\n\n\n\n\nb ", "<b>a</b>\n\nb"),
    ],
)
def test_what_is_let_through(html: str, expected: str) -> None:
    assert clean(html).html == expected


def test_a_link_keeps_its_address_and_is_told() -> None:
    found = clean('Mire <a href="https://foropenal.com/a?b=1&amp;c=2">aquí</a>')
    assert found.html == 'Mire <a href="https://foropenal.com/a?b=1&amp;c=2">aquí</a>'
    assert formatting.hidden_links(found.html) == ("https://foropenal.com/a?b=1&c=2",)
    assert found.lost == ()


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ('<a href="tg://user?id=7">Ana</a>', "mention"),
        ('<a href="mailto:a@b.org">Ana</a>', "mention"),
        ("<tg-spoiler>Ana</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">Ana</span>', "spoiler"),
        ('<tg-emoji emoji-id="1">Ana</tg-emoji>', "emoji"),
        ("<code>Ana</code>", "code"),
        ("<blockquote expandable>Ana</blockquote>", "folded"),
    ],
)
def test_what_is_left_out_is_told_and_its_words_stay(html: str, lost: str) -> None:
    found = clean(html)
    assert found.plain == "Ana"
    assert found.lost == (lost,)


def test_what_telegram_marked_and_is_not_in_the_html_is_told_too() -> None:
    assert clean("Ana", frozenset({"text_mention", "date_time"})).lost == ("mention", "other")
