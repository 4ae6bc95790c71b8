"""Text that is broken, or made to hurt: nothing but ParseError comes out, every line is counted, time is linear."""

import contextlib
import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.errors import ParseError
from reader.domain.records import ParsedListing
from reader.formats import address_lines, markdown, numbered_links, plain, registry, trending
from tests.examples import examples
from tests.formats.checking import check_account, fixture, text_lines

TEXT_FORMATS = (plain, markdown, address_lines, numbered_links, trending)
FIXTURES = [
    (plain, "plain_blocks.txt"),
    (plain, "plain_faults.txt"),
    (markdown, "markdown.md"),
    (address_lines, "urls.txt"),
    (numbered_links, "refs.txt"),
    (numbered_links, "refs_with_addresses.txt"),
    (trending, "trending_links.md"),
    (trending, "trending_bare.md"),
]
PAPER = "https://huggingface.co/papers/2401.00001"
LOGIN = "https://huggingface.co/login?next=%2Fpapers%2F2401.00001"
LINES = [
    *(
        "",
        "",
        "",
        "We wait. It works. " * 20,
        "[图片：x]",
        f"[[图片：x]]({PAPER})",
        f"[GitHub 3k](https://github.com/a/b) [x]({PAPER})",
    ),
    *rf"""
·|-|•|[|]|---|```|new|Docs|Previous|A Title|• 8 authors|  • 1 author|- 3 authors|* 3 authors|zai-org Z.ai|Sep 25, 2024 3
Oct 12|Feb 30|by AK and the research community|Get trending papers in your email inbox!|# Daily Papers|## x|### x|12|65
### [A Title]({PAPER})|### [A Title|Goes On]({PAPER})|[An abstract.]({PAPER})|[An abstract\\|of two lines.]({PAPER})
[- 3 authors]({PAPER})|[- ![](x)\\|- 3 authors]({PAPER})|[7]({LOGIN})|[![a](b)Name](https://huggingface.co/a)|kestrel
May 29[6]({PAPER}#community)|[6]({PAPER}#community)|[Upvote|117]({LOGIN})|[arXiv Page](https://arxiv.org/abs/2401.00001)
Submitted by|[[图片：a] Name](https://huggingface.co/a) · Published on Oct 4, 2026|{PAPER}|{LOGIN}|{PAPER}#community
https://huggingface.co/a|https://example.org/x| [-] 19| [-] -|2 authors]({PAPER})|### [A Title][32]|### Goes On][32]
][33]|[[a] Name][34]|Mar 8, 2024 [ 6][39]|[Previous][7]|7. https://huggingface.co/papers/date/2026-01-02|[32]: {PAPER}
[Content truncated]|- URL: https://huggingface.co/papers?q=x|- Captured (UTC): 2026-06-29|1. an item|:
""".strip("\n")
    .replace("\n", "|")
    .split("|"),
]


@pytest.mark.parametrize("module", TEXT_FORMATS, ids=lambda module: module.NAME)
@examples(100)
@given(lines=st.lists(st.sampled_from(LINES) | st.text(max_size=20), max_size=60), line_end=st.sampled_from("\n\r"))
def test_any_lines_in_any_order_are_accounted_for(module: object, lines: list[str], line_end: str) -> None:
    data = line_end.join(line.replace("\x00", "") for line in lines).encode()
    listing: ParsedListing = module.parse(data)  # type: ignore[attr-defined]
    account = listing.account
    assert account.total == account.records + account.boilerplate + account.problems
    assert (account.problems > 0) == bool(listing.problems)
    if not any(ord(char) < 0x20 for line in lines for char in line):
        check_account(listing, data)
    assert all(record.title for record in listing.records)


@examples(150)
@given(st.binary(max_size=2000) | st.text(max_size=500).map(str.encode))
def test_arbitrary_bytes_are_refused_or_read(data: bytes) -> None:
    try:
        listing = registry.parse(data, "anything")
    except ParseError as error:
        assert str(error).endswith(".")
    else:
        assert listing.records


@pytest.mark.parametrize(("module", "name"), FIXTURES, ids=lambda value: value if isinstance(value, str) else "")
@examples(40)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 8))
def test_damaged_listings_lose_nothing_in_silence(module: object, name: str, seed: int, count: int) -> None:
    """Whatever lines are dropped, doubled or swapped, and wherever the file ends, each line is counted."""
    rng = random.Random(seed)
    lines = text_lines(fixture(name))
    for _ in range(count):
        place, other = rng.randrange(len(lines)), rng.randrange(len(lines))
        damage = rng.choice(["drop", "double", "swap", "cut"])
        if damage == "drop" and len(lines) > 1:
            del lines[place]
        elif damage == "double":
            lines.insert(other, lines[place])
        elif damage == "swap":
            lines[place], lines[other] = lines[other], lines[place]
        elif damage == "cut" and place > 10:
            lines = lines[:place]
    data = "\n".join(lines).encode()
    listing: ParsedListing = module.parse(data)  # type: ignore[attr-defined]
    check_account(listing, data)


@pytest.mark.parametrize(("module", "name"), FIXTURES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_listing_cut_anywhere_keeps_the_papers_above(module: object, name: str) -> None:
    data = fixture(name)
    lines = text_lines(data)
    whole: ParsedListing = module.parse(data)  # type: ignore[attr-defined]
    for end in range(len(lines)):
        listing: ParsedListing = module.parse("\n".join(lines[:end]).encode())  # type: ignore[attr-defined]
        complete = [record for record in whole.records if record.lines.last < end]
        assert [record.title for record in listing.records[: len(complete)]] == [record.title for record in complete]
        unheard_of = {record.title for record in listing.records} - {record.title for record in whole.records}
        assert len(unheard_of) <= 1  # a title that the cut left half of


HOSTILE: dict[str, Callable[[int], str]] = {
    "one long line": lambda size: "x" * size,
    "brackets": lambda size: "[" * size,
    "links": lambda size: "[x](" * (size // 4),
    "closed links": lambda size: "[x](y) " * (size // 7),
    "images": lambda size: "![" * (size // 2),
    "bracket lines": lambda size: "[\n" * (size // 2),
    "open titles": lambda size: "### [x\n" * (size // 7),
    "open links": lambda size: "[x\ny\n" * (size // 5),
    "dots": lambda size: "·\n" * (size // 2),
    "bullets": lambda size: "T\n\n" + "•\n" * (size // 2),
    "list items": lambda size: "T\n\nA:\n\n" + "- x;\n\n" * (size // 6),
    "blank lines": lambda size: "new" + "\n" * size,
    "page words": lambda size: "new\n\n\n\n" * (size // 7),
    "dates": lambda size: "Oct 12\n" * (size // 7),
    "dates in a line": lambda size: PAPER + "[x](y) · Oct 1[6](z)" * (size // 20),
    "titles": lambda size: "A Title of Some Words\n\n" * (size // 23),
    "abstracts": lambda size: ("We wait. It works. " * 20 + "\n\n") * (size // 382),
    "spaces": lambda size: "a" + " " * size + "b",
    "backslashes": lambda size: "### [" + "\\ " * (size // 2) + f"]({PAPER})",
    "submitters": lambda size: "Submitted by\n" * (size // 13),
    "votes": lambda size: f"[7]({LOGIN})\n" * (size // 65),
    "addresses": lambda size: f"{PAPER}\n" * (size // 41),
    "texts and addresses": lambda size: f"x\n\n{PAPER}\n\n" * (size // 45),
    "open cards": lambda size: f"### [x]({PAPER})\n\n[x\n\n" * (size // 58),
    "statements": lambda size: "- a: b\n" * (size // 7),
    "headings": lambda size: "### x\ny\n" * (size // 8),
    "closing brackets": lambda size: "][33]\n" * (size // 6),
    "sentences": lambda size: "Get trending papers in your email inbox!\nx\n" * (size // 44),
}


def _seconds(parse: Callable[[bytes], ParsedListing], data: bytes) -> float:
    best = 1e9
    for _ in range(3):
        start = time.process_time()
        with contextlib.suppress(ParseError):  # of a great many lines with nothing on them
            parse(data)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("module", TEXT_FORMATS, ids=lambda module: module.NAME)
@pytest.mark.parametrize("kind", HOSTILE)
def test_time_grows_with_the_length_only(module: object, kind: str) -> None:
    """Eight times the text takes some eight times as long; quadratic parsing would take 64 times as long."""
    small, large = (HOSTILE[kind](size).encode() for size in (16_000, 128_000))
    parse = module.parse  # type: ignore[attr-defined]
    assert _seconds(parse, large) < 24 * _seconds(parse, small) + 0.05
