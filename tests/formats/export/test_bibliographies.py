"""What a bibliography says of a work goes out again, in every form, and reads back."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.papers import Paper
from reader.formats.bibtex import parse as parse_bibtex
from reader.formats.export.bibtex import bibtex_entry
from reader.formats.export.citation import citation_markdown, citation_text
from reader.formats.export.citation_keys import citation_key_candidates
from reader.formats.export.csl import csl_item
from reader.formats.export.fields import byline, paper_fields
from reader.formats.export.latex import latex_text
from reader.formats.export.ris import ris_entry
from reader.formats.export.spreadsheet import csv_lines
from reader.formats.latex_source import decode_latex_source
from reader.formats.registry import parse
from reader.services.export.exporter import show
from tests.formats.checking import SHARED
from tests.formats.export.examples import paper
from tests.formats.export.test_references import bibtex_fields

PEOPLE = (
    Name("Sleeper", "Ada", suffix="Jr."),
    Name(literal="Lamb and Ram, Inc."),
    Name(literal="Flock CI"),
    Name("Wool", "Bo", "van der"),
)


def published(**changes: Any) -> Paper:
    """An invented article with everything that a bibliography says."""
    values: dict[str, Any] = {
        "authors": tuple(map(str, PEOPLE)),
        "author_names": PEOPLE,
        "author_count": 4,
        "arxiv_id": None,
        "url": None,
        "doi": "10.5555/Sheep.31",
        "publication": Publication(
            "Annals of Sleep & Sheep", "12", "3", "45-67", "Invented Press", "article", "Sleeper:31"
        ),
    }
    return paper(**{**values, **changes})


def bibtex_of(of: Paper) -> tuple[str, dict[str, str]]:
    entry = bibtex_entry(of, "key", show)
    return entry[: entry.index("{")], bibtex_fields(entry)


def ris_tags(of: Paper) -> list[tuple[str, str]]:
    return [(line[:2], line[6:]) for line in ris_entry(of, "key", show).splitlines()]


def test_bibtex_entries_have_the_type_and_fields_they_came_with() -> None:
    kind, fields = bibtex_of(published())
    assert kind == "@article"
    assert (fields["journal"], fields["volume"], fields["number"]) == (r"Annals of Sleep \& Sheep", "12", "3")
    assert (fields["pages"], fields["publisher"], fields["doi"]) == ("45--67", "Invented Press", "10.5555/Sheep.31")
    assert "url" not in fields and "eprint" not in fields
    kind, fields = bibtex_of(published(publication=Publication("Proc. of Sheep", entry_type="inproceedings")))
    assert (kind, fields["booktitle"], "journal" in fields) == ("@inproceedings", "Proc. of Sheep", False)
    kind, fields = bibtex_of(published(publication=Publication(publisher="U of Wool", entry_type="phdthesis")))
    assert (kind, fields["school"]) == ("@phdthesis", "U of Wool")
    assert bibtex_of(published(publication=Publication("Journal of Wool")))[0] == "@article"
    assert bibtex_of(published(publication=Publication(entry_type="}{,evil")))[0] == "@misc"


def test_preprints_stay_as_they_are() -> None:
    for entry_type in (None, "misc", "article", "unpublished"):
        kind, fields = bibtex_of(paper(publication=Publication(entry_type=entry_type)))
        assert (kind, fields["eprint"], fields["archivePrefix"]) == ("@misc", "3104.01234", "arXiv")
        item = csl_item(paper(publication=Publication(entry_type=entry_type)), "key")
        assert (item["type"], item["publisher"], item["DOI"]) == ("article", "arXiv", "10.48550/arXiv.3104.01234")
        assert dict(ris_tags(paper()))["TY"] == "UNPB"
    both = published(arxiv_id="3104.01234")
    assert bibtex_of(both)[0] == "@article" and bibtex_of(both)[1]["eprint"] == "3104.01234"
    assert csl_item(both, "key")["DOI"] == "10.5555/Sheep.31"
    assert csl_item(both, "key")["archive_location"] == "arXiv:3104.01234"
    assert ("DO", "10.5555/Sheep.31") in ris_tags(both) and ("PB", "arXiv") not in ris_tags(both)


def test_names_keep_their_parts() -> None:
    assert bibtex_of(published())[1]["author"] == (
        "Sleeper, Jr., Ada and {Lamb and Ram, Inc.} and {Flock CI} and van der Wool, Bo"
    )
    assert [value for tag, value in ris_tags(published()) if tag == "AU"] == [
        "Sleeper, Ada, Jr.", "Lamb and Ram, Inc.", "Flock CI", "van der Wool, Bo",
    ]  # fmt: skip
    assert csl_item(published(), "key")["author"] == [
        {"family": "Sleeper", "given": "Ada", "suffix": "Jr."},
        {"literal": "Lamb and Ram, Inc."},
        {"literal": "Flock CI"},
        {"family": "Wool", "given": "Bo", "non-dropping-particle": "van der"},
    ]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        (Name("García Invented", "Ana"), "García Invented, Ana"),
        (Name("of Nowhere", "Cy"), "{of Nowhere}, Cy"),
        (Name("Sand", "Rock and"), "Sand, {Rock and}"),
        (Name("Wool", particle="van der"), "{van der Wool}"),
        (Name("Plato"), "Plato"),
        (Name("Flock CI"), "{Flock CI}"),
        (Name("M{ü}ller_", 'J\\"org'), r"M\{ü\}ller\_, Jörg"),
    ],
)
def test_bibtex_takes_no_name_apart_wrongly(name: Name, written: str) -> None:
    assert bibtex_of(published(authors=(str(name),), author_names=(name,), author_count=1))[1]["author"] == written


def test_names_without_parts_are_guessed() -> None:
    guessed = published(authors=("Ada Sleeper Jr.", "Bo van der Wool", "Lamb, Inc.", "Flock"), author_names=())
    assert bibtex_of(guessed)[1]["author"] == "Sleeper, Jr., Ada and Bo van der Wool and {Lamb, Inc.} and Flock"
    assert [value for tag, value in ris_tags(guessed) if tag == "AU"] == [
        "Sleeper, Ada, Jr.", "van der Wool, Bo", "Lamb, Inc.", "Flock",
    ]  # fmt: skip


def test_more_authors_than_are_named_are_told() -> None:
    some = published(author_count=None, more_authors=True)
    assert bibtex_of(some)[1]["author"].endswith(" and van der Wool, Bo and others")
    assert csl_item(some, "key")["author"][-1] == {"literal": "others"}
    assert [value for tag, value in ris_tags(some) if tag == "AU"][-1] == "et al."
    two = paper(more_authors=True, author_count=None)
    assert byline(two) == "Ada Invented, Bo Madeup and others" and byline(some).endswith("Flock CI and others")
    (record,) = parse_bibtex(bibtex_entry(two, "k", show).encode()).records
    assert record.authors == ("Ada Invented", "Bo Madeup") and record.author_count is None


READ_BACK = (
    published(),
    published(arxiv_id="3104.01234"),
    published(publication=Publication("Proc. of Sheep", pages="e12", entry_type="inproceedings"), more_authors=True),
    published(publication=Publication(number="TR-7", publisher="U of Wool", entry_type="techreport")),
    published(publication=Publication(publisher="U of Wool", entry_type="phdthesis")),
    published(publication=Publication("A Book of Sheep", publisher="Invented Press", entry_type="incollection")),
)


@pytest.mark.parametrize("of", READ_BACK)
@pytest.mark.parametrize("form", ["bib", "ris", "json"])
def test_what_is_written_reads_back_to_the_same_fields(of: Paper, form: str) -> None:
    of = replace(of, author_count=None if of.more_authors else 4)
    key = "Sleeper:31"
    forms = {"bib": bibtex_entry(of, key, show), "ris": ris_entry(of, key, show)}
    text = forms.get(form) or json.dumps([csl_item(of, key, show)])
    (record,) = parse(text.encode(), f"refs.{form}").records
    assert (record.doi, record.arxiv_id, record.title) == (of.doi, of.arxiv_id, of.title)
    assert record.author_names == PEOPLE and record.more_authors == of.more_authors
    read = replace(record.publication, pages=(record.publication.pages or "").replace("–", "-") or None)
    assert read == replace(of.publication, cite_key_given=key)


def test_csl_and_ris_name_the_kind_and_place_of_a_work() -> None:
    item = csl_item(published(), "key", show)
    assert (item["type"], item["container-title"], item["volume"], item["issue"], item["page"]) == (
        "article-journal", "Annals of Sleep & Sheep", "12", "3", "45-67",
    )  # fmt: skip
    assert (item["publisher"], item["DOI"], item["URL"]) == (
        "Invented Press", "10.5555/Sheep.31", "https://doi.org/10.5555/Sheep.31",
    )  # fmt: skip
    tags = dict(ris_tags(published()))
    assert (tags["TY"], tags["T2"], tags["VL"], tags["IS"]) == ("JOUR", "Annals of Sleep & Sheep", "12", "3")
    assert (tags["SP"], tags["EP"], tags["PB"], tags["DO"]) == ("45", "67", "Invented Press", "10.5555/Sheep.31")
    kinds = {"inproceedings": ("paper-conference", "CONF"), "book": ("book", "BOOK"), "phdthesis": ("thesis", "THES"),
             "incollection": ("chapter", "CHAP"), "techreport": ("report", "RPRT")}  # fmt: skip
    for entry_type, (csl, ris) in kinds.items():
        of = published(publication=Publication("V", number="7", pages="e12, 3-4", entry_type=entry_type))
        assert (csl_item(of, "key")["type"], dict(ris_tags(of))["TY"], dict(ris_tags(of))["SP"]) == (
            csl,
            ris,
            "e12, 3-4",
        )
    assert csl_item(published(publication=Publication(number="TR-7", entry_type="techreport")), "k")["number"] == "TR-7"


def test_spreadsheets_templates_and_citations_say_where() -> None:
    row = next(csv.DictReader(io.StringIO("".join(csv_lines([published()], show)), newline="")))
    assert (row["doi"], row["venue"], row["volume"], row["number"], row["pages"]) == (
        "10.5555/Sheep.31", "Annals of Sleep & Sheep", "12", "3", "45-67",
    )  # fmt: skip
    assert (row["publisher"], row["entry_type"], row["cite_key_given"]) == ("Invented Press", "article", "Sleeper:31")
    fields = paper_fields(published(), show)
    assert fields["published_in"] == "Annals of Sleep & Sheep 12(3), pp. 45–67"
    assert fields["links"][0] == {"text": "DOI:10.5555/Sheep.31", "address": "https://doi.org/10.5555/Sheep.31"}
    assert "“Counting Sheep Without Sleeping”. Annals of Sleep & Sheep 12(3), pp. 45–67. 2031" in citation_text(
        published()
    )
    assert citation_markdown(published()).endswith("Annals of Sleep & Sheep 12(3), pp. 45–67, 2031")
    assert json.dumps(paper_fields(paper()))


def test_the_key_a_paper_came_with_is_its_first_candidate() -> None:
    assert next(citation_key_candidates(published())) == "Sleeper:31"
    for unfit in ("with space", "a,b", "a}b", "\\x", "-a", "", "x" * 90, 'a"b', "a%b", "a\x00"):
        of = published(publication=Publication(cite_key_given=unfit))
        assert next(citation_key_candidates(of)) == "sleeper2031counting"


DAMAGED = {
    r"a mean of 72.6\% on seven": r"a mean of 72.6\% on seven",
    r"for H\"older-continuous na\"ive": "for Hölder-continuous naïve",
    r"a quantity {\Psi} bounded": "a quantity Ψ bounded",
    r"\textbf{bold} and {\em finite sample}": "bold and finite sample",
    r"due to \( O(n^3) \) time": "due to $O(n^3)$ time",
    r"the \textbf{fast $\ell_p$ norm}": r"the fast $\ell_p$ norm",
    r"methods, \eg biased sampling": "methods, e.g. biased sampling",
    r"a new $\operatorname{soft}$ and $\unknowncommand{x}$": r"a new $\operatorname{soft}$ and x",
    r"5\% $x_1$ \& {\o}re": r"5\% $x_1$ \& øre",
}


@pytest.mark.parametrize(("stored", "written"), DAMAGED.items())
def test_latex_that_is_there_is_not_escaped_again(stored: str, written: str) -> None:
    assert latex_text(stored, show) == written
    assert re.search(r"abstract = \{(.*)\},\n", bibtex_entry(paper(abstract=stored), "k", show))[1] == written  # type: ignore[index]


REAL = sorted([*(SHARED / "listings").glob("*.txt"), *(SHARED / "api").glob("*.json")])


@pytest.mark.skipif(not REAL, reason="the real listings are not here")
def test_real_papers_read_back_as_they_are_shown() -> None:
    """Before, 43 places of 247 records were escaped twice."""
    records = [record for path in REAL for record in parse(path.read_bytes(), path.name).records]
    texts = [text for record in records for text in (record.title, record.abstract, *record.authors)]
    for text in texts:
        back = show(decode_latex_source(latex_text(text, show)))
        assert " ".join(back.split()) == " ".join(show(" ".join(text.split())).split())
