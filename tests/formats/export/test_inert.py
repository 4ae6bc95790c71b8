"""Imported text in Markdown shows itself and does nothing."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import example, given
from markdown_it import MarkdownIt

from reader.domain.links import find_links
from reader.formats.export.inert import enclosed, inert, inert_but_links, inert_paragraphs, one_line
from tests.examples import examples
from tests.formats.export.examples import HOSTILE, hostile_texts

COMMONMARK = MarkdownIt("commonmark")
EXTENDED = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_ESCAPE = re.compile(r"\\[!-/:-@\[-`{-~]")
OBSIDIAN_SYNTAX = {
    "link or embed": r"\[\[|!\[|\[\^|\]\(",
    "tag": r"(?<!\S)#\S",
    "heading": r"\A#{1,6}\s",
    "comment": r"%%",
    "highlight": r"==",
    "strike": r"~~",
    "maths": r"\$",
    "code": r"`",
    "block id": r"\^[A-Za-z0-9-]+\s*\Z",
    "footnote": r"\^\[",
    "HTML": r"<",
    "address": r"[A-Za-z][A-Za-z0-9+.-]*://|www\.",
    "in-line field": r"::",
    "callout or quotation": r"\A>",
    "list": r"\A(?:[-+*]|\d{1,9}[.)])(?:\s|\Z)",
    "rule": r"\A(?:[-*_]\s*){3,}\Z",
    "table": r"\|",
}
"""What Obsidian's help documents as syntax, as it looks once escaped characters are out of the way."""


def shown_by(markdown: str, reader: MarkdownIt) -> str:
    """What a reader shows, if that is one paragraph of nothing but text."""
    tokens = reader.parse(markdown)
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    children = tokens[1].children or []
    assert {child.type for child in children} <= {"text", "text_special"}, children
    return "".join(child.content for child in children)


@examples(400)
@given(hostile_texts())
@example("a*b*c")
def test_shows_just_the_text(text: str) -> None:
    expected = one_line(text)
    if not expected:
        assert inert(text) == ""
        return
    assert shown_by(inert(text), COMMONMARK) == expected
    assert shown_by(inert(text), EXTENDED) == expected


@examples(400)
@given(hostile_texts())
def test_nothing_of_obsidians_syntax_is_left(text: str) -> None:
    left = _ESCAPE.sub("\ue000", inert(text))
    for name, pattern in OBSIDIAN_SYNTAX.items():
        assert not re.search(pattern, left), (name, inert(text))


def test_the_check_above_finds_what_is_not_escaped() -> None:
    found = {name for text in HOSTILE for name, pattern in OBSIDIAN_SYNTAX.items() if re.search(pattern, text)}
    assert found == set(OBSIDIAN_SYNTAX)


@examples(200)
@given(hostile_texts(), hostile_texts())
def test_two_values_side_by_side_stay_inert(first: str, second: str) -> None:
    joined = inert(first) + inert(second)
    left = _ESCAPE.sub("\ue000", joined)
    for name in ("link or embed", "comment", "highlight", "strike", "maths", "code", "HTML", "footnote"):
        assert not re.search(OBSIDIAN_SYNTAX[name], left), name


@examples(200)
@given(hostile_texts())
def test_text_in_a_heading_a_quotation_and_a_link_stays_text(text: str) -> None:
    markdown = inert(text)
    for line, around in ((f"# {markdown}", "heading_open"), (f"> {markdown}", "blockquote_open")):
        tokens = COMMONMARK.parse(line)
        assert tokens[0].type == around
        inline = [child for token in tokens for child in token.children or []]
        assert {child.type for child in inline} <= {"text", "text_special"}
    (paragraph,) = [token for token in COMMONMARK.parse(f"[{markdown}](https://a.invalid)") if token.type == "inline"]
    kinds = [child.type for child in paragraph.children or []]
    assert kinds[0] == "link_open" and kinds[-1] == "link_close" and kinds.count("link_open") == 1


@examples(200)
@given(hostile_texts())
@example("!https://a.invalid/x_(y) (see www.a.invalid) https://a.invalid/#t, <https://a.invalid/q?a=b&c=d>.")
@example("![x](https://a.invalid/y.png) [[https://a.invalid]] `https://a.invalid` #https://a.invalid")
@example("www.&amp;#")
def test_paragraphs_are_nothing_but_paragraphs_and_links_to_their_addresses(text: str) -> None:
    tokens = COMMONMARK.parse(inert_paragraphs(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    children = [child for token in tokens for child in token.children or []]
    assert {child.type for child in children} <= {"text", "text_special", "link_open", "link_close"}
    shown = "".join(child.content for child in children)
    assert shown.replace(" ", "") == "".join(one_line(text).split())
    addresses = {address for _, _, address in find_links(one_line(text))}
    for child in children:
        if child.type == "link_open":
            assert unquote(str(child.attrs["href"])) in {unquote(address) for address in addresses}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Code: https://a.invalid/x.", "Code: <https://a.invalid/x>."),
        ("at www.a.invalid *now*", r"at [www\.a.invalid](https://www.a.invalid) \*now\*"),
        ("see!https://a.invalid/(b)", r"see\![https\://a.invalid/(b)](https://a.invalid/%28b%29)"),
        ("not javascript://a.invalid or https://me@a.invalid", None),
        ("https://a.invalid/%%hidden%%", None),
    ],
)
def test_addresses_are_links(text: str, written: str | None) -> None:
    assert inert_but_links(text) == (inert(text) if written is None else written)


@pytest.mark.parametrize(
    "plain",
    [
        "State-of-the-art (2.5x) at 10% cost: A.I., R&D and snake_case",
        "3.5 to 4: is it? Yes! And a = b",
    ],
)
def test_ordinary_text_stays_readable(plain: str) -> None:
    assert inert(plain) == plain


@examples(300)
@given(hostile_texts())
def test_own_markdown_never_swallows_what_follows(text: str) -> None:
    markdown = f"{enclosed(text)}\n\n# AFTER\n"
    tokens = COMMONMARK.parse(markdown)
    after = [token for token in tokens if token.type == "inline" and token.content == "AFTER"]
    assert len(after) == 1
    assert enclosed(enclosed(text)) == enclosed(text)


def test_own_markdown_is_kept_as_written() -> None:
    own = "Some *emphasis*, [[a link]] and\n\n```py\nx = '%%'\n```\n- a list  \n  with a break"
    assert enclosed(f"\n{own}\n\n") == own
    assert enclosed("%%half a comment") == "%%half a comment\n%%"
    assert enclosed("<!-- half") == "<!-- half\n-->"
    assert enclosed("````\n```\n") == "````\n```\n````"
