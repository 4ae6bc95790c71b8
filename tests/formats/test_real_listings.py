"""Three real listings, where they are at hand: every line of theirs where it belongs, compared with the files only."""

from dataclasses import replace
from pathlib import Path

import pytest

from reader.domain.dates import PartialDate
from reader.formats import registry
from tests.formats.checking import SHARED, check_account, text_lines
from tests.formats.rendering import NOWHERE, RENDERINGS, Page, Rendering

LISTINGS = SHARED / "listings"
FILES = sorted(LISTINGS.glob("*.txt"))
BOILERPLATE_AND_DATE = 7

pytestmark = pytest.mark.skipif(not FILES, reason="the real listings are not here")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_title_and_abstract_is_a_line_of_the_file(path: Path) -> None:
    data = path.read_bytes()
    lines = text_lines(data)
    listing, detection = registry.parse_detected(data, path.name)

    assert (detection.format.name, detection.certain) == ("plain", True)
    assert listing.problems == ()
    assert not listing.encoding_uncertain
    check_account(listing, data)
    for record in listing.records:
        inside = lines[record.lines.first - 1 : record.lines.last]
        assert inside[0] == record.title
        assert inside[2] == record.abstract
        assert len(inside) in {3, 7}

    shown = [line for line in lines if line.strip()]
    texts = {text for record in listing.records for text in (record.title, record.abstract)}
    others = [line for line in shown if line not in texts]
    blocks = sum(record.lines.last - record.lines.first == 6 for record in listing.records)
    assert len(others) - 3 * blocks == listing.account.boilerplate < BOILERPLATE_AND_DATE
    assert max(map(len, others)) < 60
    assert listing.heading is not None
    assert listing.heading.shown() in others


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
def test_real_papers_in_every_format(rendering: Rendering) -> None:
    """Real titles and abstracts, with invented numbers, survive each text format."""
    records = [record for path in FILES for record in registry.parse(path.read_bytes(), path.name).records]
    papers = [
        replace(
            record,
            lines=NOWHERE,
            author_count=number % 7 or None,
            upvotes=number % 5 or None,
            arxiv_id=f"2401.{number:05d}",
        )
        for number, record in enumerate({record.title: record for record in records}.values())
    ]
    data = rendering.render(papers, Page(PartialDate(None, 12, 8))).encode()
    listing, detection = registry.parse_detected(data, "page.txt")
    assert (detection.format.name, detection.certain) == (rendering.name, True)
    assert listing.problems == ()
    assert [replace(record, lines=NOWHERE) for record in listing.records] == [
        rendering.expressible(paper) for paper in papers
    ]


def test_numbers_of_papers() -> None:
    assert [len(registry.parse(path.read_bytes(), path.name).records) for path in FILES] == [57, 40, 115]


def test_who_and_when() -> None:
    records = registry.parse(FILES[1].read_bytes(), FILES[1].name).records
    blocks = [record for record in records if record.published is not None]
    assert len(blocks) == 39
    lines = text_lines(FILES[1].read_bytes())
    for record in blocks:
        who, dot, when = lines[record.lines.last - 3 : record.lines.last]
        assert record.published is not None
        assert dot == "·"
        assert when == record.published.shown() + (f" {record.comments}" if record.comments is not None else "")
        if record.organization is not None:
            assert who == f"{record.organization.account} {record.organization.name}"
            assert record.author_count is None
        else:
            assert who.strip() == f"• {record.author_count} authors"
    assert sum(record.organization is not None for record in blocks) == 1
    assert any(record.comments is not None for record in blocks)
    assert all(not isinstance(record.published, PartialDate) for record in records if record not in blocks)


@pytest.mark.parametrize("path", [FILES[0], FILES[-1]] if FILES else [], ids=lambda path: path.stem)
def test_a_lost_paragraph_costs_one_paper_and_is_reported(path: Path) -> None:
    paragraphs = path.read_bytes().decode().split("\n\n")
    whole = [(record.title, record.abstract) for record in registry.parse(path.read_bytes(), path.name).records]
    first = paragraphs.index(whole[0][0])
    for lost in range(first, len(paragraphs), 5):
        data = "\n\n".join(paragraphs[:lost] + paragraphs[lost + 1 :]).encode()
        listing = registry.parse(data, path.name)
        left = [pair for pair in whole if paragraphs[lost] not in pair]
        assert [(record.title, record.abstract) for record in listing.records] == left
        assert len(listing.problems) == len(whole) - len(left)
