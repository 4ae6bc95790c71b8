"""Whole notes as readers show them: imported text shows itself, and only our own links are links."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from ruamel.yaml import YAML

from reader.domain.links import find_links
from reader.domain.papers import Paper
from reader.domain.records import Organization
from reader.formats.export.bibtex import bibtex_entry
from reader.formats.export.front_matter import find_front_matter
from reader.formats.export.inert import one_line
from reader.formats.export.notes import note_content
from reader.formats.export.profiles import COMMONMARK, OBSIDIAN, Profile
from reader.formats.export.splice import new_note
from reader.formats.latex_source import decode_latex_source
from tests.examples import examples
from tests.formats.export.examples import HOSTILE, TEMPLATES, highlight, hostile_texts, paper
from tests.formats.export.test_references import bibtex_fields

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
TEXT = {"text", "text_special", "softbreak"}
OURS = {"link_open", "link_close", "strong_open", "strong_close"}
BLOCKS = {
    *("paragraph_open", "paragraph_close", "heading_open", "heading_close", "blockquote_open", "blockquote_close"),
    "inline",
}
LINKS = {
    *("https://huggingface.co/papers/3104.01234", "https://arxiv.org/abs/3104.01234"),
    *("https://arxiv.org/pdf/3104.01234", "https://github.com/invented/sheep"),
}

imported = st.builds(
    paper,
    title=hostile_texts(),
    abstract=hostile_texts(),
    authors=st.lists(hostile_texts(), max_size=2).map(tuple),
    organization=st.none() | st.builds(Organization, st.just(""), hostile_texts()),
    highlights=st.lists(
        st.builds(highlight, st.integers(1, 99), exact=hostile_texts(), label=hostile_texts()),
        max_size=2,
        unique_by=lambda mark: mark.id,
    ).map(tuple),
)


def body(of: Paper, profile: Profile) -> str:
    """A note below its front matter, without the lines that mark the region and name blocks."""
    text = new_note(note_content(of, profile, TEMPLATES)).data.decode()
    span = find_front_matter(text)
    assert span is not None
    lines = text[span.end :].split("\n")[1:]
    return "\n".join(line for line in lines if not profile.is_mark(line))


def quoted_addresses(of: Paper) -> set[str]:
    """The addresses in what a note quotes: abstract and highlights; they may be links."""
    texts = [*re.split(r"\n[ \t]*\n", of.abstract), *(mark.exact for mark in of.highlights)]
    return {unquote(address) for text in texts for _, _, address in find_links(one_line(text))}


def inline(markdown: str) -> list[Any]:
    """Everything in-line that a reader finds, after making sure that all blocks are ours."""
    tokens = READER.parse(markdown)
    assert {token.type for token in tokens} <= BLOCKS, {token.type for token in tokens} - BLOCKS
    return [child for token in tokens for child in token.children or []]


@examples(200)
@given(imported, st.sampled_from([OBSIDIAN, COMMONMARK]))
def test_nothing_imported_is_active_in_a_rendered_note(of: Paper, profile: Profile) -> None:
    children = inline(body(of, profile))
    assert {child.type for child in children} <= TEXT | OURS
    targets = {unquote(str(child.attrs["href"])) for child in children if child.type == "link_open"}
    assert targets <= LINKS | quoted_addresses(of)
    shown = "".join(child.content for child in children)
    for text in (of.title, *(mark.exact for mark in of.highlights)):
        assert one_line(text) in shown


@examples(200)
@given(imported)
def test_nothing_imported_is_obsidians_syntax(of: Paper) -> None:
    left = re.sub(r"\\[!-/:-@\[-`{-~]", "\ue000", body(of, OBSIDIAN))
    left = re.sub(r"^> \[!(?:quote|abstract)\]-?", "> ", left, flags=re.MULTILINE)
    left = re.sub(r"\[(?:Page|PDF|Code|arXiv:[\d.]+)\]\(https://[^)\s]+\)", "link", left)
    quoted = quoted_addresses(of)

    def without_link(match: re.Match[str]) -> str:
        return "link" if unquote(match[1]) in quoted and not re.search("%%|==|~~|::", match[1]) else match[0]

    left = re.sub(r"<(https?://[^\s<>]+)>", without_link, left)
    left = re.sub(r"(?<!!)\[[^\[\]]*\]\((https?://[^()\s]+)\)", without_link, left)
    for pattern in (r"\[\[", r"!\[", r"\]\(", r"==", r"%%", r"~~", r"\$", "`", r"<", r"://", r"\^\[", "::", r"\|"):
        assert not re.search(pattern, left), (pattern, left)
    assert not re.search(r"(?<!\S)#[^\s#]|\^[A-Za-z0-9-]+$", left, re.MULTILINE)
    headings = [line for line in left.split("\n") if re.match(r"#{1,6}\s", line)]
    assert len(headings) == 2 + bool(of.highlights)


@pytest.mark.parametrize("title", [*HOSTILE, "a: b # c", "'", '"', "---", "a\x00b", "{[<", "\u202eRTL", "x" * 10_000])
def test_yaml_and_bibtex_parse_back_to_the_title(title: str) -> None:
    text = new_note(note_content(paper(title=title), OBSIDIAN, TEMPLATES)).data.decode()
    span = find_front_matter(text)
    assert span is not None
    values = YAML(typ="safe", pure=True).load(text[span.start : span.end])
    assert values["title"] == one_line(title)
    if one_line(title):
        assert decode_latex_source(bibtex_fields(bibtex_entry(paper(title=title), "key"))["title"]) == one_line(title)
