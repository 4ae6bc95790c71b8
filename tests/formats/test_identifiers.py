"""Plain lists of identifiers and addresses."""

from __future__ import annotations

import pytest

from reader.domain.errors import ParseError
from reader.formats import registry
from tests.formats.checking import check_account
from tests.formats.structured_fixtures import fixture


def test_reads_every_kind_of_line() -> None:
    listing, detection = registry.parse_detected(fixture("identifiers.txt"), "anything")
    assert (detection.format.name, detection.certain) == ("identifiers", True)
    assert [(record.title, record.arxiv_id, record.doi, record.url) for record in listing.records] == [
        ("arXiv:2401.90031", "2401.90031", None, "https://arxiv.org/abs/2401.90031"),
        ("arXiv:2402.90032", "2402.90032", None, "https://arxiv.org/abs/2402.90032"),
        ("arXiv:2403.90033", "2403.90033", None, "https://arxiv.org/abs/2403.90033"),
        ("arXiv:2404.90034", "2404.90034", None, "https://arxiv.org/abs/2404.90034"),
        ("doi:10.5555/moss.31", None, "10.5555/moss.31", "https://doi.org/10.5555/moss.31"),
        ("doi:10.5555/Moss.32", None, "10.5555/Moss.32", "https://doi.org/10.5555/Moss.32"),
        ("https://openreview.net/forum?id=Moss33", None, None, "https://openreview.net/forum?id=Moss33"),
        ("Quiet Fens at Night", "2405.90035", None, "https://arxiv.org/abs/2405.90035"),
        ("Loud Fens", "2406.90036", None, "https://arxiv.org/abs/2406.90036"),
        ("arXiv:hep-th/9901033", "hep-th/9901033", None, "https://arxiv.org/abs/hep-th/9901033"),
    ]
    assert (listing.repeated, listing.account.boilerplate, listing.problems) == (1, 1, ())
    check_account(listing, fixture("identifiers.txt"))


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("2401.90031", ["2401.90031"]),
        ("https://arxiv.org/abs/2401.90031\n", ["2401.90031"]),
        ("2401.90031, 2401.90032; 2401.90033", ["2401.90031", "2401.90032", "2401.90033"]),
        (
            "https://huggingface.co/papers/2401.90031\nhttps://huggingface.co/papers/2401.90032\n",
            ["2401.90031", "2401.90032"],
        ),
        ("arxiv.org/abs/2401.90031\nwww.arxiv.org/abs/2401.90032\n", ["2401.90031", "2401.90032"]),
        ("<https://arxiv.org/abs/2401.90031>\r\n(2401.90032)\r\n", ["2401.90031", "2401.90032"]),
    ],
)
def test_short_lists(text: str, ids: list[str]) -> None:
    listing = registry.parse(text.encode(), "list.txt")
    assert (listing.format, [record.arxiv_id for record in listing.records]) == ("identifiers", ids)


def test_addresses_of_anything_are_not_certain_to_be_papers() -> None:
    _, detection = registry.parse_detected(b"https://example.org/a\nhttps://example.org/b\n", "links.txt")
    assert (detection.format.name, detection.certain) == ("identifiers", False)


def test_a_line_that_names_nothing_is_a_problem() -> None:
    data = b"2401.90031\n2401.90032\n2401.90033\n2401.90034\nand some others\n2401.90035\n"
    listing, detection = registry.parse_detected(data, "list.txt")
    assert (len(listing.records), detection.certain) == (5, False)
    assert listing.problems[0].reason == "This line has no arXiv identifier, DOI or web address."
    check_account(listing, data)


@pytest.mark.parametrize(
    "text",
    ["3.14\n2.71\n", "2024-01-05\n2024-01-06\n", "1\n2\n3\n", "a/b\nc/d\n", "192.168.0.1\n", "0.5, 0.25, 1e-3\n"],
)
def test_other_lists_are_refused(text: str) -> None:
    with pytest.raises(ParseError):
        registry.parse(text.encode(), "list.txt")
