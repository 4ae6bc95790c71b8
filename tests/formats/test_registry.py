"""Which format a file is in, and what is refused."""

import subprocess
import sys

import pytest

from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing
from reader.formats import registry
from reader.formats.format import Format
from tests.formats.checking import FIXTURES, fixture

PAIRS = "\n\n".join(
    text
    for number in ("One", "Two", "Three")
    for text in (
        f"Slow Gardens {number}: A Study of Moss",
        f"Moss grows slowly in garden {number}. We propose a method that waits for it, evaluate it on seven data "
        "sets, and show that its results are those of a much larger model. Experiments demonstrate that the "
        "approach performs well without labels. The framework is a benchmark "
        "of its own, and we release the code that waits.",
    )
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("plain_blocks.txt", "plain"),
        ("plain_faults.txt", "plain"),
        ("markdown.md", "markdown"),
        ("urls.txt", "urls"),
        ("refs.txt", "refs"),
        ("refs_with_addresses.txt", "refs"),
        ("trending_links.md", "trending"),
        ("trending_bare.md", "trending"),
    ],
)
def test_formats_are_told_apart_whatever_the_file_is_called(name: str, expected: str) -> None:
    for called in (name, "listing", "page.html", "refs.bib", "data.json"):
        detection = registry.detect(fixture(name), called)
        assert (detection.format.name, detection.certain) == (expected, True)
        assert registry.parse(fixture(name), called).format == expected


def test_pairs_without_any_word_of_the_page_are_read_but_not_certain() -> None:
    listing, detection = registry.parse_detected(PAIRS.encode(), "pasted.txt")
    assert (listing.format, detection.certain) == ("plain", False)
    assert len(listing.records) == 3
    assert listing.problems == ()


@pytest.mark.parametrize("count", [1, 4])
def test_a_cut_head_does_not_change_what_pairs_are(count: int) -> None:
    data = (PAIRS + "\n\n") * 40 * count
    detection = registry.detect(data.encode(), "pasted.txt")
    assert (detection.format.name, detection.certain) == ("plain", False)


README = """# waiting

A library that waits.

## Installation

```
pip install waiting
```

## Usage

Call `wait()` and see. We propose that you try it, and our results show that the method performs well.

### [Related](https://example.org/related)

Nothing is related.
"""
PROSE = "\n\n".join(
    [
        "It was late in the year, and the moss had gone brown on the north side of the wall, where nobody looked. " * 4,
        "She put down the watering can. Nothing was said for a while, and then everything at once, as it goes. " * 5,
        "The train left at nine, with or without them, and the gardener knew it better than anybody else on the wall. "
        * 4,
    ]
)
ESSAY = "\n\n".join(
    f"{heading}\n\n"
    + "The garden is quiet at noon. Nobody comes to it, and it does not mind. It is a wall and some moss. " * 4
    for heading in ("The Garden at Noon in Summer", "The Garden in the Rain of May", "What the Wall Has Seen of Us")
)
FREQUENT = "\n\n".join(
    f"{question}\n\nYes. "
    + "You can send it back within thirty days if it is unopened and you have kept the receipt. " * 4
    for question in ("Can I return my watering can?", "Can I return my garden gnome?", "Is the moss included in it?")
)
CODE = '''"""Waits."""

import time


def wait(seconds: float) -> None:
    """Wait for some seconds, as the results of our experiments show."""
    time.sleep(seconds)


if __name__ == "__main__":
    wait(3)
'''


@pytest.mark.parametrize(
    "text",
    [
        README,
        PROSE,
        ESSAY,
        FREQUENT,
        CODE,
        "a,b,c\n1,2,3\n4,5,6\n",
        "title,abstract\nMoss,Grows\n",
        "just one line",
        "One Title Alone\n\n" + "One paragraph under it. " * 30,
        "[core]\n\tbare = false\n",
        "name: moss\nversion: 1\n",
        "-" * 2000,
        "\n\n".join(str(number) for number in range(300)),
        "%PDF-1.4 1 0 obj endobj",
        "<p>Hello</p>",
        '{"a": 1}',
        "Get well soon!",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(ParseError, match="not a listing Lectern recognises; expected a saved Daily Papers page"):
        registry.parse(text.encode(), "thing")


@pytest.mark.parametrize("data", [b"", b"  \n\r\n\t", b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\n\x00", b"\x0c"])
def test_empty(data: bytes) -> None:
    with pytest.raises(ParseError, match=r"^thing is empty\.$"):
        registry.parse(data, "thing")


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04\x00", b"new\n\x00\n", b"\xef\xbb\xbf\x00 text"]
)
def test_binary(data: bytes) -> None:
    with pytest.raises(ParseError, match="thing is a binary file, not text"):
        registry.parse(data, "thing")


def test_too_large() -> None:
    with pytest.raises(ParseError, match="thing is larger than 20 MB"):
        registry.parse(b"x" * (registry.MAXIMUM_BYTES + 1), "thing")
    with pytest.raises(ParseError, match="not a listing"):
        registry.parse(b"x" * registry.MAXIMUM_BYTES, "thing")


def test_a_page_without_papers() -> None:
    expected = (
        "thing looks like a Daily Papers page as text, but there is no paper in it; a paper is a title, a blank line"
    )
    with pytest.raises(ParseError, match=expected):
        registry.parse(b"new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDec 8\n", "thing")


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        (
            "@article{bee,\n  author = {Bee, Ann}\n}\n",
            "thing looks like BibTeX, but no paper in it can be read: the paper has no title (entry 1).",
        ),
        (
            "A library\n\nTY  - JOUR\nAU  - Bee, Ann\nER  - \n",
            "thing looks like RIS, but no paper in it can be read: the paper has no title (entry 2).",
        ),
        (
            "@comment{nothing yet}\n@book{x, title = {Bees}, title\n",
            "thing looks like BibTeX, but no paper in it can be read: the entry is not closed (entry 2).",
        ),
    ],
)
def test_a_refusal_tells_the_first_problem_and_the_format(text: str, refusal: str) -> None:
    with pytest.raises(ParseError) as refused:
        registry.parse(text.encode(), "thing")
    assert str(refused.value) == refusal


def _format(name: str, score: float, records: int, problems: int = 0, error: str | None = None) -> Format:
    """A format that finds so many records and problems in anything, or refuses it."""
    record = ListingRecord("Title", "Abstract", LineRange(1, 1))
    account = LineAccount(AccountUnit.LINES, records + problems, records, 0, problems)

    def parse(data: bytes) -> ParsedListing:
        if error is not None:
            raise ParseError(error)
        return ParsedListing(name, (record,) * records, account)

    return Format(name, lambda head: score, parse)


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        ([("a", 0.9, 3), ("b", 0.5, 3)], ("a", True)),
        ([("a", 0.9, 3), ("b", 0.85, 3)], ("a", False)),
        ([("a", 0.6, 3)], ("a", False)),
        ([("a", 0.9, 0), ("b", 0.85, 3)], ("b", False)),
        ([("a", 0.9, 3, 0, "Broken."), ("b", 0.5, 3)], ("b", False)),
        ([("a", 0.9, 3, 4)], ("a", False)),
        ([("a", 0.6, 3, 4), ("b", 0.5, 3)], ("b", False)),
    ],
)
def test_the_best_format_that_finds_papers_is_taken(
    monkeypatch: pytest.MonkeyPatch, formats: list[tuple[str, float, int]], expected: tuple[str, bool]
) -> None:
    monkeypatch.setattr(registry, "FORMATS", tuple(_format(*arguments) for arguments in formats))
    listing, detection = registry.parse_detected(b"anything", "thing")
    assert (listing.format, detection.certain) == expected


def test_the_best_formats_refusal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    formats = (_format("a", 0.5, 3, 4), _format("b", 0.9, 0, 0, "Its braces do not match."))
    monkeypatch.setattr(registry, "FORMATS", formats)
    with pytest.raises(ParseError, match="Its braces do not match"):
        registry.parse(b"anything", "thing")


def test_importing_the_registry_loads_no_slow_library() -> None:
    slow = ("feedparser", "bibtexparser", "rispy", "selectolax", "PySide6", "sqlite3", "whoosh")
    program = (
        "import sys; from reader.formats import registry; "
        "registry.parse(open(sys.argv[1], 'rb').read(), 'x'); "
        f"print([name for name in {slow!r} if name in sys.modules])"
    )
    path = str(FIXTURES / "plain_blocks.txt")
    done = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
