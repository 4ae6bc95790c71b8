"""RIS files."""

from __future__ import annotations

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Problem
from reader.formats import ris
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
        ),
        ListingRecord(
            title="Not Closed, but Followed",
            abstract="",
            lines=LineRange(5, 5),
            authors=("Nan Plover",),
            published=PartialDate(2023),
            arxiv_id="2405.08002",
        ),
    )
    assert listing.problems == (
        Problem(LineRange(3, 3), "The paper has no title.", "TY  - GEN\nAU  - No Title\nER  -"),
        Problem(LineRange(4, 4), "These tags stand outside of an entry (TY … ER).", "TI  - A tag outside of an entry"),
        Problem(
            LineRange(6, 6),
            "The file ends within this entry, so some of it may be cut off.",
            "TY  - GEN\nTI  - Cut Off by the End of the",
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=6, records=2, furniture=1, problems=3)
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
        ("DA  - May 2024\nPY  - 2024", "2024"),
        ("DA  - 0000", None),
        ("DA  - ", None),
    ],
)
def test_dates(tags: str, iso: str | None) -> None:
    published = _one(tags).published
    assert (published.iso() if published else None) == iso


@pytest.mark.parametrize(
    ("tags", "identifier", "url"),
    [
        ("UR  - http://arxiv.org/abs/2405.08001v2", "2405.08001", "http://arxiv.org/abs/2405.08001v2"),
        ("DO  - 10.48550/arXiv.2405.08001", "2405.08001", "https://doi.org/10.48550/arXiv.2405.08001"),
        ("M1  - arXiv:2405.08001", "2405.08001", None),
        ("N1  - arXiv:2405.08001 [cs]", "2405.08001", None),
        ("N1  - See arXiv:2405.08001", None, None),
        ("UR  - javascript:alert(1)\nUR  - https://example.org/", None, "https://example.org/"),
    ],
)
def test_identifiers_and_addresses(tags: str, identifier: str | None, url: str | None) -> None:
    record = _one(tags)
    assert (record.arxiv_id, record.url) == (identifier, url)


def test_repeated_tags_keep_the_first() -> None:
    assert _one("T1  - Second\nTI  - Third\nAB  - One\nAB  - Two").abstract == "One"


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
    assert ris.detect(data, name) == expected
