"""Text is read as Telegram reads it: HTML, UTF-16 lengths, links found by themselves."""

from __future__ import annotations

import pytest

from sandbox.entities import Entity, find_entities, parse_html, read_text, utf16_length
from sandbox.errors import ApiError


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("hola", "hola", []),
        ("<b>a</b><strong>b</strong>", "ab", [("bold", 0, 1), ("bold", 1, 1)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 1), ("italic", 1, 1)]),
        ("<u>a</u><ins>b</ins>", "ab", [("underline", 0, 1), ("underline", 1, 1)]),
        (
            "<s>a</s><strike>b</strike><del>c</del>",
            "abc",
            [("strikethrough", 0, 1), ("strikethrough", 1, 1), ("strikethrough", 2, 1)],
        ),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<code>a</code>", "a", [("code", 0, 1)]),
        ("<pre>a</pre>", "a", [("pre", 0, 1)]),
        ("<blockquote>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("expandable_blockquote", 0, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [("spoiler", 0, 1)]),
        ("<B>a</B >", "a", [("bold", 0, 1)]),
        ("<b></b>a", "a", []),
        # UTF-16: an emoji is two units, an accent one.
        ("😀á<b>😀</b>", "😀á😀", [("bold", 3, 2)]),
        ("&lt;&gt;&amp;&quot;&#225;&#xE1;", '<>&"áá', []),
        # Telegram knows four names and leaves the others alone.
        ("&nbsp;&ntilde;&", "&nbsp;&ntilde;&", []),
        ("a > b", "a > b", []),
    ],
)
def test_html_becomes_text_and_entities(
    source: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    plain, found = parse_html(source)
    assert plain == text
    assert [(one.type, one.offset, one.length) for one in found] == entities


def test_a_link_keeps_its_address() -> None:
    _, found = parse_html('a <a href="https://x.org/?a=1&amp;b=2">b</a>')
    assert found == (Entity("text_link", 2, 1, url="https://x.org/?a=1&b=2"),)
    assert found[0].to_json() == {
        "type": "text_link",
        "offset": 2,
        "length": 1,
        "url": "https://x.org/?a=1&b=2",
    }


def test_code_in_pre_is_its_language() -> None:
    _, found = parse_html('<pre><code class="language-python">x</code></pre>')
    assert found == (Entity("pre", 0, 1, language="python"),)
    assert found[0].to_json()["language"] == "python"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        (
            "<b><i>a</b></i>",
            'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"',
        ),
        ("á<br>", 'Unsupported start tag "br" at byte offset 2'),
        ("<p>a</p>", 'Unsupported start tag "p"'),
        ("a < b", 'Unsupported start tag ""'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x', "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler"'),
        ("<a>a</a>", 'Tag "a" needs an href'),
        ('<a href="javascript:x">a</a>', 'Tag "a" needs an href'),
        ("<code><b>a</b></code>", 'Tag "b" can\'t be inside code'),
        ("<blockquote>a<blockquote>b</blockquote></blockquote>", "can't be nested"),
    ],
)
def test_bad_html_is_refused_with_its_place(source: str, fault: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.code == 400
    assert caught.value.description.startswith("Bad Request: can't parse entities: ")
    assert fault.lower() in caught.value.description.lower()


def test_blanks_at_the_ends_go_and_entities_move() -> None:
    text, entities = read_text("\n <b> hola </b>\n", "HTML")
    assert text == "hola"
    assert entities == (Entity("bold", 0, 4),)


def test_the_limit_counts_utf16_units_after_parsing() -> None:
    text, _ = read_text("<b>" + "😀" * 2048 + "</b>", "HTML")
    assert utf16_length(text) == 4096
    read_text("&amp;" * 4096, "html")
    for source in ("a" * 4097, "😀" * 2048 + "a"):
        with pytest.raises(ApiError, match="message is too long"):
            read_text(source, None)


def test_a_caption_holds_1024() -> None:
    read_text("a" * 1024, None, limit=1024)
    with pytest.raises(ApiError, match="caption is too long"):
        read_text("a" * 1025, None, limit=1024)


@pytest.mark.parametrize("source", ["", "   ", "<b> </b>", "<b></b>"])
def test_a_text_without_words_is_refused(source: str) -> None:
    with pytest.raises(ApiError, match="empty"):
        read_text(source, "HTML")


def test_other_parse_modes_are_refused() -> None:
    with pytest.raises(ApiError, match="parse_mode"):
        read_text("a", "MarkdownV2")


def test_without_parse_mode_html_is_text() -> None:
    assert read_text("<b>a</b>", None) == ("<b>a</b>", ())


@pytest.mark.parametrize(
    ("text", "kind", "stretch"),
    [
        ("/start", "bot_command", "/start"),
        ("diga /ayuda ahora", "bot_command", "/ayuda"),
        ("/ayuda@faro_bot x", "bot_command", "/ayuda@faro_bot"),
        ("vea https://x.org/a?b=c.", "url", "https://x.org/a?b=c"),
        ("a ana@x.org.", "email", "ana@x.org"),
        ("soy @mariaperez", "mention", "@mariaperez"),
        ("#libertad ya", "hashtag", "#libertad"),
    ],
)
def test_some_entities_are_found_by_themselves(text: str, kind: str, stretch: str) -> None:
    (found,) = find_entities(text)
    assert (found.type, text[found.offset : found.offset + found.length]) == (kind, stretch)


@pytest.mark.parametrize("text", ["y/o", "29/07/2024", "a//b", "#123", "a@b", "10.1"])
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert find_entities(text) == ()


def test_nothing_is_found_inside_a_link_or_code() -> None:
    _, entities = read_text('<a href="https://x.org">https://y.org</a> <code>/start</code>', "HTML")
    assert [one.type for one in entities] == ["text_link", "code"]
