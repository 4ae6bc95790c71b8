"""BibTeX, RIS, CSL-JSON and CSV: read back by others' readers and by our own, whatever the texts are."""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from typing import Any

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import assume, example, given
from hypothesis import strategies as st

from reader.domain.records import Organization
from reader.formats.bibtex import parse as parse_bibtex
from reader.formats.export.bibtex import bibtex_entry, missing_fields
from reader.formats.export.citation import citation_markdown, citation_text
from reader.formats.export.citation_keys import citation_key_candidates
from reader.formats.export.csl import csl_item
from reader.formats.export.inert import one_line
from reader.formats.export.latex import is_balanced, latex_text
from reader.formats.export.ris import ris_entry
from reader.formats.export.spreadsheet import COLUMNS, csv_lines
from reader.formats.latex_source import decode_latex_source
from reader.formats.markup import without_markup
from reader.formats.ris import parse as parse_ris
from tests.examples import examples
from tests.formats.export.examples import HOSTILE, highlight, hostile_texts, paper, papers

LATEX_PIECES = (
    *"\\{}$%&#_^~<>|\"'` aZ9-,.@",
    "\\alpha",
    "\\mathbb{X}",
    "$x_1^2$",
    "\\input{/etc/passwd}",
    "\\$",
    "é",
    "{{",
    "}}",
)


def latex_titles() -> st.SearchStrategy[str]:
    """Titles made of what LaTeX and BibTeX give a meaning, and others."""
    pieces = st.lists(st.sampled_from(LATEX_PIECES), max_size=20).map("".join)
    return st.one_of(pieces, hostile_texts())


def bibtex_fields(entry: str) -> dict[str, str]:
    """An entry's fields as bibtexparser reads them."""
    library = bibtexparser.parse_string(entry)
    assert not library.failed_blocks and len(library.entries) == 1 and len(library.blocks) == 1
    return {field.key: str(field.value) for field in library.entries[0].fields}


@examples(300)
@given(latex_titles(), latex_titles())
@example("a } b { c", "$\\frac{a}{b}$ costs $5")
@example("{" * 50, "x" * 10_000)
def test_bibtex_reads_back_to_the_same_texts(title: str, abstract: str) -> None:
    title, abstract = one_line(title), one_line(abstract)
    assume(title and not re.search(r"\$[<>]\$", f"{title} {abstract}"))  # these are read as the sign they show
    entry = bibtex_entry(paper(title=title, abstract=abstract), "key")
    fields = bibtex_fields(entry)
    assert decode_latex_source(fields["title"]) == title
    assert decode_latex_source(fields.get("abstract", "")) == abstract
    (record,) = parse_bibtex(entry.encode()).records
    read = tuple(" ".join(without_markup(text).split()) for text in (title, abstract))
    assert (record.title, record.abstract, record.arxiv_id) == (*read, "3104.01234")
    assert record.authors == ("Ada Invented", "Bo Madeup")


def test_signs_that_maths_only_frames_read_back_as_they_are_shown() -> None:
    fields = bibtex_fields(bibtex_entry(paper(title="a $<$ b", abstract="$>$ 5"), "key"))
    assert [decode_latex_source(fields[name]) for name in ("title", "abstract")] == ["a < b", "> 5"]


@examples(200)
@given(st.text("ab 'C,.:%&#_{}-éß", max_size=30))
def test_bibtex_reads_back_with_a_readers_own_latex_decoding(title: str) -> None:
    title = one_line(title)
    assume(title and "--" not in title and "''" not in title and is_balanced(title))
    decoding = LatexDecodingMiddleware(keep_braced_groups=False)
    library = bibtexparser.parse_string(bibtex_entry(paper(title=title), "key"), append_middleware=[decoding])
    read = library.entries[0].fields_dict["title"].value
    assert "".join(read.split()) == "".join(title.split())


@examples(200)
@given(latex_titles())
def test_latex_is_balanced_and_runs_no_command_that_is_not_harmless(text: str) -> None:
    source = latex_text(text)
    assert is_balanced(source)
    assert "\\input" not in source.replace("\\textbackslash{}input", "")
    assert not re.search(r"(?<!\\)[%&#]", source)


def test_words_that_styles_would_lower_are_kept_and_formulas_stay_formulas() -> None:
    assert bibtex_fields(bibtex_entry(paper(title="LoRA for GPT4 and the $\\ell_p$ norm"), "key"))["title"] == (
        "{LoRA} for {GPT4} and the $\\ell_p$ norm"
    )
    assert "\\$\\textbackslash{}input" in latex_text("$\\input{secrets}$")


def test_arxiv_papers_name_their_eprint_and_incomplete_entries_are_marked() -> None:
    fields = bibtex_fields(bibtex_entry(paper(), "key"))
    assert (fields["eprint"], fields["archivePrefix"], fields["primaryClass"]) == ("3104.01234", "arXiv", "cs.ZZ")
    assert (fields["year"], fields["month"]) == ("2031", "apr")
    assert "incomplete" not in fields and missing_fields(paper()) == []
    bare = paper(authors=(), published=None, arxiv_id=None, url=None)
    fields = bibtex_fields(bibtex_entry(bare, "key"))
    assert fields["incomplete"] == "author, year"
    assert not {"eprint", "archivePrefix", "author", "year", "url"} & fields.keys()
    more = bibtex_fields(bibtex_entry(paper(author_count=9, organization=Organization("x", "A & B")), "key"))
    assert more["author"].endswith(" and others") and more["organization"] == r"A \& B"


def test_names_stay_single_names() -> None:
    entry = bibtex_entry(paper(authors=("Band and Sons", "Comma, Jr.", "Ada Invented")), "key")
    assert bibtex_fields(entry)["author"] == "{Band and Sons} and {Comma, Jr.} and Ada Invented"


def test_citation_keys_are_readable_and_there_are_always_more() -> None:
    def first(**changes: Any) -> str:
        return next(citation_key_candidates(paper(**changes)))

    assert first() == "invented2031counting"
    assert first(authors=()) == "countingsheepsleeping2031"
    assert first(authors=(), published=None) == "countingsheepsleeping"
    assert first(authors=("Jürgen Müller-Lüdenscheidt",)) == "mullerludenscheidt2031counting"
    assert first(title="深層学習", authors=()) == "paper-abcd2345"
    many = list(islice(citation_key_candidates(paper()), 2_000))
    assert len({key.casefold() for key in many}) == 2_000


@examples(200)
@given(papers())
def test_citation_keys_need_no_escaping_anywhere(of: Any) -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in islice(citation_key_candidates(of), 30))


@examples(200)
@given(hostile_texts(), hostile_texts(), st.lists(hostile_texts(), max_size=3))
def test_ris_reads_back_to_the_same_texts(title: str, abstract: str, tags: list[str]) -> None:
    title = one_line(title)
    assume(_read(title))
    tags = [re.sub("[;,]", "", tag) for tag in tags]  # which part keywords
    entry = ris_entry(paper(title=title, abstract=abstract, tags=tuple(tags), note="a\nnote"), "key")
    (record,) = parse_ris(entry.encode()).records
    assert (record.title, record.abstract) == (_read(title), _read(abstract))
    assert record.authors == ("Ada Invented", "Bo Madeup") and record.arxiv_id == "3104.01234"
    assert record.keywords == tuple(dict.fromkeys(tag for tag in map(_read, tags) if tag))
    (fields,) = rispy.loads(entry)
    assert fields["title"] == title and fields["id"] == "key" and fields["year"] == "2031"
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in entry.splitlines())


def _read(text: str) -> str:
    """A text as RIS means it: HTML in it is markup."""
    return one_line(without_markup(one_line(text)))


@examples(100)
@given(papers())
def test_csl_items_say_what_the_paper_says(of: Any) -> None:
    item = csl_item(of, "key")
    assert item["id"] == "key" and item["type"] == "article" and item.get("title", "") == one_line(of.title)
    others = [name for name in item.get("author", []) if name == {"literal": "others"}]
    assert len(item.get("author", [])) - len(others) == sum(bool(one_line(author)) for author in of.authors)
    parts = {"family", "given", "non-dropping-particle", "suffix"}
    assert all(set(name) == {"literal"} or set(name) <= parts for name in item.get("author", []))
    if of.published:
        assert item["issued"]["date-parts"] == [[int(part) for part in of.published.split("-")]]


@examples(200)
@given(st.lists(papers(), max_size=3))
def test_csv_reads_back_and_no_cell_is_a_formula(exported: list[Any]) -> None:
    text = "".join(csv_lines(exported))
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[0] == list(COLUMNS) and len(rows) == len(exported) + 1
    assert all(
        not cell.lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")) for row in rows for cell in row
    )
    for row, of in zip(rows[1:], exported, strict=True):
        cells = dict(zip(COLUMNS, row, strict=True))
        assert cells["title"].removeprefix("'") == one_line(of.title).removeprefix("'")
        assert (cells["key"], cells["state"], cells["starred"]) == (of.key, of.state.value, str(of.starred).lower())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =cmd|'/c calc'!A1", "＝1"])
def test_a_formula_becomes_text(cell: str) -> None:
    (_, line) = csv_lines([paper(note=cell)])
    row = next(csv.DictReader(io.StringIO("".join(csv_lines([paper(note=cell)])), newline="")))
    assert row["note"] == f"'{cell}" and line


@examples(200)
@given(papers())
def test_citations_are_one_line(of: Any) -> None:
    assert len(citation_text(of).splitlines()) <= 1
    markdown = citation_markdown(of)
    assert len(markdown.splitlines()) == 1


def test_citations_read_well() -> None:
    assert citation_text(paper()) == (
        "Ada Invented, Bo Madeup. “Counting Sheep Without Sleeping”. arXiv:3104.01234. 2031. "
        "https://huggingface.co/papers/3104.01234"
    )
    assert citation_markdown(paper(title="[x](y)")) == (
        "[\\[x\\](y)](https://huggingface.co/papers/3104.01234) — Ada Invented, Bo Madeup, 2031"
    )
    assert citation_text(paper(authors=(), author_count=None, arxiv_id=None, url=None, published=None)) == (
        "“Counting Sheep Without Sleeping”"
    )


def test_hostile_texts_break_none_of_the_forms() -> None:
    for text in HOSTILE:
        of = paper(
            title=text, abstract=text, note=text, tags=(text,), authors=(text,), highlights=(highlight(exact=text),)
        )
        assert ris_entry(of, "key").endswith("ER  - \n")
        assert is_balanced(bibtex_entry(of, "key"))
