"""Pages of documents in every form: the label that people cite, and a link that opens the file at the page."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reader.domain.documents import DocumentPlace
from reader.domain.papers import Paper
from reader.formats.export.fields import paper_fields
from reader.formats.export.inert import one_line
from reader.formats.export.notes import note_content
from reader.formats.export.page_links import PageAddress, arxiv_page, file_page
from reader.formats.export.pages import Digest, digest_html, digest_markdown, html_page, html_templates, report_content
from reader.formats.export.profiles import COMMONMARK, OBSIDIAN
from reader.formats.export.ris import ris_entry
from reader.formats.export.splice import Written, new_note, splice_note
from reader.formats.export.spreadsheet import csv_lines
from reader.formats.export.templates import TemplateSet
from tests.examples import examples
from tests.formats.export.examples import (
    TEMPLATE_FOLDER,
    TEMPLATES,
    highlight,
    hostile_texts,
    in_document,
    paper,
)

HTML = html_templates({path.name: path.read_text("utf-8") for path in TEMPLATE_FOLDER.glob("*.html.j2")})
PLACE = DocumentPlace("ab" * 32, 6, "7")
FORMS: dict[str, Callable[[Paper, PageAddress], str]] = {
    "obsidian": lambda of, pages: new_note(note_content(of, OBSIDIAN, TEMPLATES, str, pages)).data.decode(),
    "commonmark": lambda of, pages: new_note(note_content(of, COMMONMARK, TEMPLATES, str, pages)).data.decode(),
    "one-file": lambda of, pages: report_content([("all", [of])], "R", TEMPLATES, str, pages).blocks[0].text,
    "digest": lambda of, pages: digest_markdown(Digest("a", "b", highlights=[of]), TEMPLATES, str, pages),
    "html": lambda of, pages: html_page([of], "T", "", HTML, str, pages),
    "html-digest": lambda of, pages: digest_html(Digest("a", "b", highlights=[of]), "", HTML, str, pages),
}
MARKDOWN = ("obsidian", "commonmark", "one-file", "digest")
names = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda name: name not in {".", ".."}
)
files = st.lists(names | st.sampled_from(["a (1)", "#page=3", "%20", "x](y)", "~~b~~", "==c==", "深い", "q&amp;", '"']),
    min_size=1, max_size=4).map(lambda parts: Path("/", *parts))  # fmt: skip


def inline(markdown: str) -> list[Token]:
    """Everything in-line that a reader finds who follows links to files, too."""
    reader = MarkdownIt("commonmark")
    reader.validateLink = lambda address: True  # type: ignore[method-assign]
    return [child for token in reader.parse(markdown) for child in token.children or []]


def page_addresses(form: str, text: str) -> list[str]:
    """The addresses of the links that say a page, as a reader of the form finds them."""
    if form in MARKDOWN:
        children = inline(text)
        return [
            str(opened.attrs["href"])
            for opened, shown in pairwise(children)
            if opened.type == "link_open" and shown.content.startswith("p. ")
        ]
    return [unescape(address) for address in re.findall(r'<a href="([^"]*)"[^>]*>p\. ', text)]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_links_to_the_physical_page_and_shows_what_the_document_calls_it(form: str) -> None:
    text = FORMS[form](paper(highlights=(highlight(1), in_document(2, 6, "iv"))), arxiv_page)
    assert page_addresses(form, text) == ["https://arxiv.org/pdf/3104.01234#page=7"]
    assert text.count("p. iv") == 1 and "(p. iv" not in text
    alone = FORMS[form](paper(arxiv_id=None, highlights=(in_document(2, 6, ""),)), arxiv_page)
    assert page_addresses(form, alone) == []
    assert alone.count("We count sheep (p. 7)") == 1


def test_a_note_reads_as_promised() -> None:
    text = FORMS["obsidian"](paper(highlights=(in_document(2, 6, "7", comment="Really?"),)), arxiv_page)
    block = "\n".join(
        ("> [!quote] Claim", "> We count sheep ([p. 7](https://arxiv.org/pdf/3104.01234#page=7))", ">", "> Really?")
    )
    assert f"\n{block}\n\n^h-" in text


def test_tables_and_references_name_the_page() -> None:
    of = paper(highlights=(in_document(2, 6, "iv", comment="Why?"), highlight(1)))
    row = next(csv.DictReader(io.StringIO("".join(csv_lines([of])), newline="")))
    assert row["highlights"].splitlines() == ["[Claim] We count sheep", "[Claim] We count sheep (p. iv) — Why?"]
    assert "N1  - Claim: “We count sheep” (p. iv) — Why?\n" in ris_entry(of, "key")


def test_what_quotes_nothing_has_no_empty_quotation_marks() -> None:
    entry = ris_entry(paper(highlights=(in_document(2, 6, "7", exact="", comment="Why?"),)), "key")
    assert "N1  - Claim: Note (p. 7) — Why?\n" in entry


def test_title_and_abstract_come_before_documents_in_which_the_librarys_order_stays() -> None:
    given = (
        in_document(1, 9),
        in_document(2, 0),
        in_document(3, 3),
        highlight(4, start=None, end=None),
        highlight(5),
        highlight(6, target="title"),
    )
    shown = paper_fields(paper(highlights=given))["highlights"]
    by_place = paper_fields(paper(highlights=tuple(given[number - 1] for number in (6, 5, 1, 2, 3, 4))))["highlights"]
    assert shown == by_place
    assert [(each["target"], each["page"]) for each in shown] == [
        ("title", None), ("abstract", None), ("document", 10), ("document", 1), ("document", 4), ("abstract", None),
    ]  # fmt: skip
    assert [each["placed"] for each in shown] == [True] * 5 + [False]


def test_highlights_in_documents_leave_the_blocks_of_others_alone() -> None:
    before = note_content(paper(highlights=(highlight(1), highlight(2, comment="mine"))), OBSIDIAN, TEMPLATES)
    old = {block.id: block.text for block in before.blocks}
    after = note_content(
        paper(highlights=(in_document(3), highlight(1), highlight(2, comment="mine"))), OBSIDIAN, TEMPLATES
    )
    new = {block.id: block.text for block in after.blocks}
    assert old.items() < new.items()
    written = new_note(before)
    grown = splice_note(written.data, after, written.written)
    assert not grown.is_edited
    again = splice_note(grown.data, after, Written.from_json(grown.written.to_json()))
    assert again.data == grown.data


def test_templates_of_ones_own_that_know_of_no_pages_go_on() -> None:
    old = "{% block highlight %}> {{ highlight.quote }} {{ highlight.target }}{% endblock %}"
    of = paper(note="", highlights=(in_document(),))
    (block,) = note_content(of, OBSIDIAN, TemplateSet({"obsidian.md.j2": old})).blocks
    assert block.text.startswith("> We count sheep document\n")


def test_an_address_of_a_page_goes_through_the_filter_for_addresses() -> None:
    own = "{% block highlight %}[here]({{ highlight.page_url | address }}) {{ highlight.kind }}{% endblock %}"
    of = paper(highlights=(in_document(),))
    pages = lambda _, place: file_page(Path("/p/a b.pdf"), place, Path("/vault"), "n.md")  # noqa: E731
    block = note_content(of, OBSIDIAN, TemplateSet({"obsidian.md.j2": own}), str, pages).blocks[0]
    assert block.text.startswith("[here](file:///p/a%20b.pdf#page=7) highlight\n")


@pytest.mark.parametrize("form", FORMS)
@examples(60)
@given(files)
def test_any_path_survives_as_a_file_address(form: str, file: Path) -> None:
    address = file_page(file, PLACE, Path("/no such folder of anyone"), "note.md")
    text = FORMS[form](paper(highlights=(in_document(),)), lambda of, place: address)
    (found,) = page_addresses(form, text)
    path, _, page = found.partition("#")
    assert page == "page=7"
    assert path.startswith("file:///") and os.fsdecode(unquote_to_bytes(path.removeprefix("file://"))) == str(file)


@examples(100)
@given(files, st.lists(names, max_size=2))
@example(Path("/v/papers/a b (1).pdf"), ["Lectern"])
def test_a_file_in_the_same_folder_has_a_relative_address(file: Path, folders: list[str]) -> None:
    root = Path("/", file.parts[1]) if len(file.parts) > 2 else Path("/")
    note = "/".join([*folders, "note.md"])
    address = file_page(file, PLACE, root, note).removesuffix("#page=7")
    assert re.fullmatch(r"[A-Za-z0-9._/%-]+", address) and "%%" not in address
    decoded = os.fsdecode(unquote_to_bytes(address))
    assert os.path.normpath(root.joinpath(*folders, decoded)) == str(file)
    assert file_page(file, PLACE, root, "").startswith("file:///")  # a text that lies nowhere


@examples(100)
@given(hostile_texts(), st.sampled_from(list(FORMS)))
def test_labels_of_pages_are_inert(label: str, form: str) -> None:
    of = paper(url=None, code_urls=(), highlights=(in_document(2, 6, label, exact="q"),))
    text = FORMS[form](of, arxiv_page)
    assert page_addresses(form, text) == ["https://arxiv.org/pdf/3104.01234#page=7"]
    if form in MARKDOWN:
        children = inline("\n".join(line for line in text.split("\n") if not COMMONMARK.is_mark(line)))
        assert not {child.type for child in children} & {"html_inline", "image", "code_inline"}
        shown = "".join(child.content for child in children)
    else:
        assert "<script" not in text and "<img" not in text
        shown = unescape(re.sub(r"<[^>]*>", "", text))
    assert f"p. {one_line(label) or '7'}" in shown


def test_hostile_identifiers_stay_within_the_link() -> None:
    of = replace(paper(), arxiv_id="x) [evil](https://evil.invalid")
    assert arxiv_page(of, PLACE) == "https://arxiv.org/pdf/x%29%20%5Bevil%5D%28https://evil.invalid#page=7"
