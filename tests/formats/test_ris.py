"""RIS files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Problem
from reader.formats import registry, ris
from reader.formats.text_decoder import Head
from tests.formats.structured_fixtures import fixture


def _one(tags: str) -> ListingRecord:
    listing = ris.parse(f"TY  - GEN\nTI  - T\n{tags}\nER  - \n".encode())
    assert listing.problems == ()
    (record,) = listing.records
    return record


def test_reads_entries() -> None:
    listing = ris.parse(fixture("papers.ris"))
    assert listing.records == (
        ListingRecord(
            title="Kites of unusual size",
            abstract="Kites are measured. They are large.",
            lines=LineRange(2, 2),
            authors=("Lena Kestrel", "Max Merlin Jr.", "Osprey"),
            author_count=3,
            published=PartialDate(2024, 5, 3),
            arxiv_id="2405.08001",
            url="https://example.org/kites",
            keywords=("kites", "size"),
            author_names=(Name("Kestrel", "Lena"), Name("Merlin", "Max", suffix="Jr."), Name(literal="Osprey")),
            doi="10.1000/kites",
            publication=Publication(entry_type="article"),
        ),
        ListingRecord(
            title="Not Closed, but Followed",
            abstract="",
            lines=LineRange(5, 5),
            authors=("Nan Plover",),
            published=PartialDate(2023),
            arxiv_id="2405.08002",
            author_names=(Name("Plover", "Nan"),),
            more_authors=True,
            publication=Publication(entry_type="techreport"),
        ),
    )
    assert listing.problems == (
        Problem(LineRange(3, 3), "The paper has no title.", "TY  - GEN\nAU  - No Title\nER  -"),
        Problem(LineRange(4, 4), "TY is missing before line 23.", "TI  - A tag outside of an entry"),
        Problem(
            LineRange(6, 6),
            "The file ends within this entry, so some of it may be cut off.",
            "TY  - GEN\nTI  - Cut Off by the End of the",
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=6, records=2, boilerplate=1, problems=3)
    assert listing.format == "ris"


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_make_no_difference(end: str) -> None:
    data = fixture("papers.ris")
    assert ris.parse(data.replace(b"\n", end.encode())) == ris.parse(data)


@pytest.mark.parametrize(
    ("tags", "iso"),
    [
        ("PY  - 2024", "2024"),
        ("PY  - 2024/05/03/", "2024-05-03"),
        ("PY  - 2023\nDA  - 2024-05", "2024-05"),
        ("Y1  - 2024//", "2024"),
        ("DA  - 2024/02/30", "2024-02"),
        ("DA  - 2024/13/01", "2024"),
        ("DA  - May 2024\nPY  - 2024", "2024-05"),
        ("DA  - 3 May 2024", "2024-05-03"),
        ("DA  - May 3, 2024", "2024-05-03"),
        ("DA  - 2024/May/03", "2024-05-03"),
        ("DA  - 2024 Sept", "2024-09"),
        ("PY  - 2024\nDA  - May 3", "2024-05-03"),
        ("PY  - 2024\nY1  - 2024/05/", "2024-05"),
        ("DA  - 03/05/2024", "2024"),
        ("DA  - 23/05/2024", "2024-05-23"),
        ("DA  - 2024/05/03/Spring", "2024-05-03"),
        ("PY  - in press", None),
        ("DA  - 0000", None),
        ("DA  - ", None),
    ],
)
def test_dates(tags: str, iso: str | None) -> None:
    published = _one(tags).published
    assert (published.iso() if published else None) == iso


@pytest.mark.parametrize(
    ("tags", "identifier", "doi", "url"),
    [
        ("UR  - http://arxiv.org/abs/2405.08001v2", "2405.08001", None, "http://arxiv.org/abs/2405.08001v2"),
        ("DO  - 10.48550/arXiv.2405.08001", "2405.08001", None, None),
        ("M1  - arXiv:2405.08001", "2405.08001", None, None),
        ("AN  - arXiv:2405.08001", "2405.08001", None, None),
        ("N1  - arXiv:2405.08001 [cs]", "2405.08001", None, None),
        ("N1  - See arXiv:2405.08001", None, None, None),
        ("JO  - CoRR\nVL  - abs/2405.08001", "2405.08001", None, None),
        ("T2  - arXiv preprint\nIS  - 2405.08001", "2405.08001", None, None),
        ("PB  - arXiv\nM1  - 2405.08001v3", "2405.08001", None, None),
        ("JO  - Kites\nVL  - 2405.08001", None, None, None),
        ("L1  - https://arxiv.org/pdf/2405.08001", "2405.08001", None, "https://arxiv.org/pdf/2405.08001"),
        ("UR  - javascript:alert(1)\nUR  - https://example.org/", None, None, "https://example.org/"),
        ("L2  - https://a.example/\nLK  - https://b.example/", None, None, "https://b.example/"),
        ("L1  - file://x.pdf\nL2  - https://a.example/", None, None, "https://a.example/"),
        ("UR  - <https://a.example/x>; https://b.example", None, None, "https://b.example"),
        ("DO  - doi:10.1000/Kites", None, "10.1000/Kites", None),
        ("DO  - https://doi.org/10.1000/kites\nUR  - https://a.example/", None, "10.1000/kites", "https://a.example/"),
        ("M3  - doi: 10.1000/kites", None, "10.1000/kites", None),
        ("N1  - doi: 10.1000/kites", None, "10.1000/kites", None),
        ("N1  - A reply to doi: 10.1000/kites", None, None, None),
        ("UR  - http://dx.doi.org/10.1000/kites", None, "10.1000/kites", "http://dx.doi.org/10.1000/kites"),
        ("L3  - 10.1000/kites", None, "10.1000/kites", None),
    ],
)
def test_identifiers_and_addresses(tags: str, identifier: str | None, doi: str | None, url: str | None) -> None:
    record = _one(tags)
    assert (record.arxiv_id, record.doi, record.url) == (identifier, doi, url)


@pytest.mark.parametrize(
    ("tags", "names"),
    [
        ("A1  - Kestrel, Lena\nAU  - Merlin, Max\nA1  - Plover, Nan", ["Lena Kestrel", "Max Merlin", "Nan Plover"]),
        ("AU  - Kestrel, Lena\nTI  - T\nA1  - Merlin, Max", ["Lena Kestrel", "Max Merlin"]),
        ("A1  - Kestrel, Lena\nAU  - Kestrel, Lena", ["Lena Kestrel"]),
        ("AU  - Kestrel, Lena; Merlin, Max;", ["Lena Kestrel", "Max Merlin"]),
        ("AU  - Kestrel, Lena\nMerlin, Max\nPlover, Nan", ["Lena Kestrel", "Max Merlin", "Nan Plover"]),
        ("AU  - Kestrel, Lena\n  Merlin, Max", ["Lena Kestrel", "Max Merlin"]),
        ("AU  - Kestrel, S.A.\nAU  - Merlin, B.C.", ["S.A. Kestrel", "B.C. Merlin"]),
        ("AU  - Kites, S.A.\nAU  - Merlin, Max", ["Kites, S.A.", "Max Merlin"]),
        ("AU  - Kestrel,S.A.\nAU  - Merlin,A.G.", ["S.A. Kestrel", "A.G. Merlin"]),
        ("AU  - Kestrel,L.M.\nAU  - van der Merlin, Max, III", ["L.M. Kestrel", "Max van der Merlin III"]),
        ("AU  - Kites and Strings, Inc.", ["Kites and Strings, Inc."]),
        ("AU  - M&uuml;ck, Lena", ["Lena Mück"]),
    ],
)
def test_authors_stand_in_the_order_of_their_lines(tags: str, names: list[str]) -> None:
    record = _one(tags)
    assert (list(record.authors), record.author_count) == (names, len(names))
    assert [str(name) for name in record.author_names] == names


@pytest.mark.parametrize("more", ["\nAU  - others", "\nAU  - et al.", " et al.", "; et al", "\nA1  - Et al"])
def test_more_authors_than_are_named(more: str) -> None:
    record = _one(f"AU  - Kestrel, Lena{more}")
    assert (record.authors, record.author_count, record.more_authors) == (("Lena Kestrel",), None, True)


@pytest.mark.parametrize(
    ("tags", "keywords"),
    [
        ("KW  - kites\nlong strings\n  tails\nLA  - en", ("kites", "long strings", "tails")),
        ("KW  - kites; strings;\nKW  - tails", ("kites", "strings", "tails")),
        ("KW  - kites, strings, tails", ("kites", "strings", "tails")),
        ("KW  - kites, big\nKW  - tails", ("kites, big", "tails")),
        ("KW  - R&amp;D\nKW  - kites\nKW  - kites", ("R&D", "kites")),
    ],
)
def test_keywords(tags: str, keywords: tuple[str, ...]) -> None:
    assert _one(tags).keywords == keywords


_STANDARD = "TY  - JOUR\nTI  - Kites - As They Are\nAU  - Kestrel, Lena\nPY  - 2024\nAB  - They fly.\nER  - \n"


@pytest.mark.parametrize(
    "text",
    [
        _STANDARD,
        _STANDARD.replace("  - ", " - "),
        _STANDARD.replace("  - ", "\t- "),
        _STANDARD.replace("  - ", "\u00a0\u00a0- "),
        _STANDARD.replace("  - ", "  – "),
        _STANDARD.replace("  - ", "  -  "),
        "".join(f"    {line}\n" for line in _STANDARD.splitlines()),
        "".join(f"{line[:2].lower()}{line[2:]}\n" for line in _STANDARD.splitlines()),
        _STANDARD.replace("ER  - ", "ER"),
        _STANDARD.replace("ER  - ", "ER  -"),
        _STANDARD.replace("ER  - \n", ""),
        _STANDARD.replace("ER  - \n", "").rstrip(),
        _STANDARD.replace("TY  - JOUR\n", "").replace("PY  - ", "TY  - JOUR\nPY  - "),
        "\ufeff" + _STANDARD,
        "Some words\n\n" + _STANDARD,
    ],
)
def test_entries_are_read_however_their_lines_are_written(text: str) -> None:
    listing = ris.parse((text + "\n").encode() if text.endswith("\n") else text.encode())
    assert listing.problems == ()
    (record,) = listing.records
    assert (record.title, record.authors, record.abstract) == ("Kites - As They Are", ("Lena Kestrel",), "They fly.")
    assert record.published == PartialDate(2024)
    assert ris.detect(Head(text.encode(), "x")) == 0.95


def test_words_with_a_dash_in_an_abstract_are_no_tags() -> None:
    record = _one("AB  - It flies\nAN - as it seems - high\nso - do we\n  - and they\nIS - it high?")
    assert record.abstract == "It flies AN - as it seems - high so - do we - and they IS - it high?"


def test_types_late_or_missing_and_ends_missing() -> None:
    listing = ris.parse(
        b"DB  - X\nTI  - First\nTY  - JOUR\nPY  - 2024\nER  - \n\nTI  - Second\nTY  - BOOK\nER  -\n"
        b"TI  - Nothing\nER  - \nTY  - JOUR\nTI  - Third\nTY  - JOUR\nTI  - Fourth\n"
    )
    assert [record.title for record in listing.records] == ["First", "Second", "Third", "Fourth"]
    assert listing.problems == (Problem(LineRange(3, 3), "TY is missing before line 10.", "TI  - Nothing\nER  -"),)


@pytest.mark.parametrize(
    ("entry", "publication"),
    [
        (
            "TY  - JOUR\nTI  - T\nT2  - Kites &amp; Strings\nJO  - K. S.\nVL  - 4\nIS  - 2\nSP  - 10\nEP  - 19\n"
            "PB  - P\nID  - kestrel24",
            Publication("Kites & Strings", "4", "2", "10–19", "P", "article", "kestrel24"),
        ),
        (
            "TY  - CONF\nTI  - T\nT2  - Conf\nC3  - Proc. Conf\nSP  - 1-9\nEP  - 9",
            Publication("Proc. Conf", pages="1-9"),
        ),
        ("TY  - CHAP\nTI  - T\nT2  - The Book\nID  - 12", Publication("The Book")),
        ("TY  - BOOK\nTI  - T\nT2  - A Series\nPB  - P", Publication(publisher="P")),
        ("TY  - THES\nTI  - T\nPB  - U", Publication(publisher="U")),
        ("TY  - RPRT\nTI  - T\nM1  - TR-7", Publication(number="TR-7")),
    ],
)
def test_where_it_was_published(entry: str, publication: Publication) -> None:
    (record,) = ris.parse(f"{entry}\nER  - \n".encode()).records
    kinds = {"JOUR": "article", "CONF": "inproceedings", "CHAP": "incollection", "BOOK": "book", "THES": "phdthesis",
             "RPRT": "techreport"}  # fmt: skip
    assert record.publication == replace(publication, entry_type=kinds[entry[6:10]])


def test_titles_and_abstracts_are_text() -> None:
    (record,) = ris.parse(
        b"TY  - GEN\nTI  - <i>Milvus</i> in\n CO<sub>2</sub> &amp;amp; 10<sup>3</sup> a < b\n"
        b"AB  - <p>One.</p><p>Two &#8211; three.</p>\nER  - \n"
    ).records
    assert (record.title, record.abstract) == ("Milvus in CO2 & 10³ a < b", "One. Two – three.")


def test_repeated_tags_keep_the_first() -> None:
    assert _one("T1  - Second\nAB  - One\nAB  - Two").abstract == "One"


def test_an_unknown_tag_and_a_stray_line_do_no_harm() -> None:
    record = _one("a line before any author\nZZ  - what\nAU  - Bee, Ann\n  of Hive")
    assert (record.title, record.authors) == ("T a line before any author", ("Ann of Hive Bee",))


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (fixture("papers.ris"), "papers.ris", 0.95),
        (b"", "papers.RIS", 0.3),
        (b"PARTY  - x", "x", 0.0),
    ],
)
def test_detects(data: bytes, name: str, expected: float) -> None:
    assert ris.detect(Head(data, name)) == expected


@pytest.mark.parametrize(
    ("kind", "number", "expected"),
    [("EJOUR", "4", "4"), ("CONF", "3-4", "3-4"), ("JOUR", "Received in May", None), ("BOOK", "4", None)],
)
def test_an_issue_may_stand_in_m1(kind: str, number: str, expected: str | None) -> None:
    (record,) = registry.parse(f"TY  - {kind}\nTI  - Quiet Fens\nM1  - {number}\nER  - \n".encode(), "a.ris").records
    assert record.publication.number == expected


def test_namesakes_among_the_authors_are_two_and_a_name_in_both_tags_is_one() -> None:
    data = b"TY  - JOUR\nTI  - Quiet Fens\nA1  - Li, Wei\nA1  - Li, Wei\nAU  - Li, Wei\nAU  - Fen, Cleo\nER  - \n"
    (record,) = ris.parse(data).records
    assert record.authors == ("Wei Li", "Wei Li", "Cleo Fen")
