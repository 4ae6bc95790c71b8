"""Digests in Markdown that link papers."""

from __future__ import annotations

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.formats import digest, registry
from reader.formats.text_decoder import Head
from tests.formats.checking import check_account
from tests.formats.structured_fixtures import fixture


def test_reads_headings_items_and_rows() -> None:
    listing, detection = registry.parse_detected(fixture("digest.md"), "anything")
    assert (detection.format.name, detection.certain) == ("digest", True)
    assert [((record.arxiv_id or "")[-2:], record.title, record.authors) for record in listing.records] == [
        ("41", "Moths at Lamps: A Survey", ("Ada Möth", "Bo Lamp")),
        ("42", "Lamps Without Moths", ()),
        ("43", "Quiet Fens at Night", ()),
        ("44", "Loud Fens", ()),
        ("45", "Herons, Counted", ()),
        ("46", "Reeds in Wind", ()),
        ("47", "Frogs, Heard", ("Dora Marsh", "Eli Reed")),
        ("48", "Toads | Others", ("Dora Marsh",)),
        ("49", "Newts", ("Eli Reed",)),
        ("50", "arXiv:2601.90050", ()),
    ]
    assert [record.code_urls for record in listing.records[:3]] == [
        ("https://github.com/moths/lamps",),
        ("https://github.com/moths/without",),
        ("https://github.com/fens/quiet",),
    ]
    assert (listing.heading, listing.problems) == (PartialDate(2026, 1, 23), ())
    check_account(listing, fixture("digest.md"))


def test_several_papers_in_an_item_are_read_where_each_has_a_title() -> None:
    named = "- [Moths](https://arxiv.org/abs/2601.90041) and [Lamps](https://arxiv.org/abs/2601.90042)\n"
    bare = "- Two more: https://arxiv.org/abs/2601.90043 https://arxiv.org/abs/2601.90044\n"
    listing = digest.parse((named + bare).encode())
    assert [record.title for record in listing.records] == ["Moths", "Lamps"]
    assert [problem.reason for problem in listing.problems] == ["This links several papers, but not each has a title."]
    check_account(listing, (named + bare).encode())


def test_a_numbered_list_and_a_table_with_badges() -> None:
    items = b"# To read\n\n1. **Moths** (Bee, 2026) - https://arxiv.org/abs/2601.90041\n2. **Lamps** - https://arxiv.org/abs/2601.90042\n"
    badge = b"[![arXiv](https://img.example/badge/arXiv-2601.90043-red.svg)](https://arxiv.org/abs/2601.90043)"
    rows = b"\n| Date | Title | Paper |\n|---|---|---|\n| 2026.01 | Quiet Fens | " + badge + b" |\n"
    listing, detection = registry.parse_detected(items + rows, "list.md")
    assert (detection.format.name, detection.certain) == ("digest", True)
    assert [record.title for record in listing.records] == ["Moths", "Lamps", "Quiet Fens"]


def test_numbers_and_venues_before_a_title_are_not_of_it() -> None:
    data = (
        b"# Week 3\n\n### 1. [Moths](https://arxiv.org/abs/2601.90041)\n\n### (2) Lamps, Again\n"
        b"https://arxiv.org/abs/2601.90042\n\n"
        b"- (*FEN'26*) Reeds: A Study [[arXiv]](https://arxiv.org/abs/2601.90043) [[code]](https://github.com/reeds/a)\n"
        b"- [FEN 2026] Moss at Night [[Paper](https://arxiv.org/abs/2601.90044)]\n"
        b"- (Almost) Quiet Fens [paper](https://arxiv.org/abs/2601.90045)\n"
    )
    titles = [record.title for record in registry.parse(data, "week.md").records]
    assert titles == ["Moths", "Lamps, Again", "Reeds: A Study", "Moss at Night", "(Almost) Quiet Fens"]


def test_a_heading_above_a_list_of_addresses_is_no_title() -> None:
    data = b"## To read\n\n- https://arxiv.org/abs/2601.90041\n- https://arxiv.org/abs/2601.90042\n"
    listing = registry.parse(data, "list.md")
    assert (listing.format, [record.title for record in listing.records]) == (
        "identifiers",
        ["arXiv:2601.90041", "arXiv:2601.90042"],
    )
    assert [record.title for record in digest.parse(data).records] == ["arXiv:2601.90041", "arXiv:2601.90042"]


def test_a_paper_linked_twice_is_one() -> None:
    data = b"# [Moths](https://arxiv.org/abs/2601.90041)\n\n# Again\n- [Moths](https://arxiv.org/pdf/2601.90041v2)\n"
    listing = digest.parse(data)
    assert ([record.title for record in listing.records], listing.repeated) == (["Moths"], 1)


@pytest.mark.parametrize("name", ["markdown.md", "trending_links.md", "trending_bare.md", "refs.txt", "urls.txt"])
def test_dumps_of_pages_are_no_digests(name: str) -> None:
    assert digest.detect(Head(fixture(name), name)) == 0.0


def test_a_readme_that_links_its_paper_among_much_else_is_no_digest() -> None:
    steps = "".join(f"- Step {number}\n" for number in range(12))
    text = f"# Waiting\n\n## Install\n\n{steps}\n## Paper\n\n- [Paper](https://arxiv.org/abs/2601.90041)\n"
    with pytest.raises(ParseError):
        registry.parse(text.encode(), "README.md")
