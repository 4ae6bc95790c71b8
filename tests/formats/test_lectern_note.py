"""Notes that Lectern exported."""

from __future__ import annotations

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import LineRange, ListingRecord
from reader.formats import lectern_note, registry
from tests.formats.structured_fixtures import fixture


def test_reads_what_a_note_says_of_its_paper() -> None:
    listing, detection = registry.parse_detected(fixture("note.md"), "anything")
    assert (detection.format.name, detection.certain) == ("lectern-note", True)
    assert listing.records == (
        ListingRecord(
            title='Herons: Counted "Twice"',
            abstract="Herons *stand*. We count them.",
            lines=LineRange(1, 1),
            authors=("Dora Marsh", "Eli van der Reed"),
            author_count=2,
            published=PartialDate(2031, 4),
            arxiv_id="2403.90021",
            url="https://arxiv.org/abs/2403.90021",
            key="abcdefgh",
        ),
    )


def test_a_note_whose_front_matter_is_damaged_is_read_by_its_heading() -> None:
    data = fixture("note.md").replace(b"tags:", b"tags: [")
    (record,) = lectern_note.parse(data).records
    assert (record.title, record.key, record.authors) == ('Herons: Counted "Twice"', "abcdefgh", ())


@pytest.mark.parametrize("text", ["---\ntitle: x\n---\n# Moss\n", "# paper-key: x\n", "---\npaper-key: x\n"])
def test_other_notes_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        registry.parse(text.encode(), "note.md")
