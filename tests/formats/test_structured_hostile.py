"""Hostile files: parsers of structured formats only ever raise ParseError, and their time grows with the file."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineRange, ListingRecord
from reader.formats import api, arxiv_atom, arxiv_mail, bibtex, html, registry, ris
from reader.formats.text_decoder import Head
from tests.examples import examples
from tests.formats.rendering_structured import RENDERINGS, Rendering
from tests.formats.structured_fixtures import Parser, samples

SAMPLES = samples()
PARSERS = tuple(dict.fromkeys(parser for parser, _ in SAMPLES))
_FRAGMENTS = st.sampled_from(
    [
        b"\\\\\n", b"\n----------\n", b"arXiv:2401.00001\n", b"Title: x\n", b"\n\n", b"(", b")", b",", b" and ",
        b"@article{", b"@comment", b"{", b"}", b'"', b"=", b"#", b"$", b"\\", b"\nTY  - ", b"\nER  - \n", b"\nAU  - ,",
        b"<item>", b"</item>", b"<entry>", b"</entry>", b"<author>", b"<title>", b"<content type='xhtml'>", b"&amp;",
        b"&#55296;", b"<source>", b"<image>", b"<link/>", b"<article>", b"<h3>", b"<div>", b"</div>", b"<p>", b">",
        b"null", b"[", b"]", b"1e999", b"NaN", b"9999999999999999999999", b'"\\ud800"', b":", b"\xff", b"\x00", b"\r",
    ]
)  # fmt: skip
_edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(_FRAGMENTS, st.binary(max_size=6))),
    min_size=1,
    max_size=12,
)


def _check(parse: Parser, data: bytes) -> None:
    """Parse, and check that every entry or line is accounted for and that the result can be stored."""
    try:
        listing = parse(data)
    except ParseError as refusal:
        assert str(refusal).endswith(".")
        return
    account = listing.account
    assert account.total == account.records + account.boilerplate + account.problems
    assert min(account.records, account.boilerplate, account.problems) >= 0
    if account.unit is AccountUnit.ENTRIES:
        assert account.records == len(listing.records) + listing.repeated
        assert account.problems == len(listing.problems)
    assert all(record.title.strip() for record in listing.records)
    assert "\x00" not in repr(listing).encode().decode()


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__module__.rpartition(".")[2])
@given(data=st.one_of(st.binary(max_size=400), st.lists(_FRAGMENTS, max_size=60).map(b"".join)))
@examples(80)
def test_any_bytes(parse: Parser, data: bytes) -> None:
    _check(parse, data)


@given(sample=st.sampled_from(SAMPLES), edits=_edits)
@examples(400)
def test_mutated_files(sample: tuple[Parser, bytes], edits: list[tuple[float, int, bytes]]) -> None:
    parse, data = sample
    for place, removed, inserted in edits:
        start = round(place * len(data))
        data = data[:start] + inserted + data[start + removed :]
    _check(parse, data)


@given(
    data=st.one_of(st.binary(max_size=300), st.lists(_FRAGMENTS, max_size=30).map(b"".join)), name=st.text(max_size=8)
)
@examples(150)
def test_detection_never_fails(data: bytes, name: str) -> None:
    scores = [format_.detect(Head(data, name)) for format_ in registry.FORMATS]
    assert all(0 <= score <= 1 for score in scores)


_ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>x</title>'
_END = b"</entry></feed>"
_MAIL = b"\\\\\narXiv:2401.00001\nTitle: x\nAuthors: "
_CLOSING = b"\n\\\\ ("
_ENTRY = b"@misc{k, title={x}, author={"


@pytest.mark.parametrize(
    ("parse", "before", "unit", "after"),
    [
        (api.parse, b'[{"title":"', rb"\n  ", b'"}]'),
        (api.parse, b'[{"title":"x","upvotes":', b"9", b"}]"),
        (api.parse, b"[", b'{"paper":{"title":"x","id":"1"}},', b"{}]"),
        (html.parse, b'<div data-target="DailyPapers" data-props="[', b"&quot;", b'"></div>'),
        (html.parse, b"<article>", b"</p> text", b""),
        (html.parse, b"<!--", b"<!--", b""),
        (html.parse, b"<div ", b"a=b ", b">"),
        (arxiv_mail.parse, b"", b"\\\\\n", b""),
        (arxiv_mail.parse, _MAIL, b"a, ", _CLOSING),
        (arxiv_mail.parse, _MAIL, b"(", _CLOSING),
        (arxiv_mail.parse, _MAIL, rb"\"", _CLOSING),
        (arxiv_mail.parse, b"", b"%%--", b""),
        (arxiv_atom.parse, _ATOM, b"<author><name>a</name></author>", _END),
        (arxiv_atom.parse, _ATOM + b"<summary>&lt;p>", b"&lt;p", b"</summary>" + _END),
        (arxiv_atom.parse, _ATOM + b"<author>", b"a@b. ", b"</author>" + _END),
        (arxiv_atom.parse, b"", b"<!DOCTYPE a>", b""),
        (bibtex.parse, b"@misc{k, title={", b"{}", b"}}"),
        (bibtex.parse, b"@misc{k, title={", b"$", b"}}"),
        (bibtex.parse, b"@misc{k, title={", rb"\"", b"}}"),
        (bibtex.parse, b"@misc{k, title={", rb"\(", b"}}"),
        (bibtex.parse, b"@misc{k, title={x}, crossref={", b"k,", b"}}"),
        (bibtex.parse, b"@misc{k, title={", b"<i>", b"}}"),
        (bibtex.parse, _ENTRY, b"a and ", b"}}"),
        (bibtex.parse, _ENTRY, b"a, b; ", b"}}"),
        (bibtex.parse, b"@misc{k, title=", b'"a"#', b"x}"),
        (bibtex.parse, b"", b" @", b""),
        (bibtex.parse, b"@misc{k, title={x}}", b"\n ", b""),
        (ris.parse, b"TY  - x\nTI  - ", b"x\n", b""),
        (ris.parse, b"TY  - x\nTI  - a\n", b"AU  - a\n", b"ER  - \n"),
        (ris.parse, b"TY  - x\nTI  - a\nM1  - ", b"arxiv:", b"\nER  - \n"),
    ],
)
def test_time_grows_with_the_file(parse: Parser, before: bytes, unit: bytes, after: bytes) -> None:
    def seconds(size: int) -> float:
        data = before + unit * (size // len(unit)) + after
        return min(_timed(parse, data) for _ in range(2))

    small, large = seconds(50_000), seconds(400_000)
    # eight times the file: a parser that takes the square of it needs 64 times as long
    assert large < max(24 * small, 0.25)


@pytest.mark.parametrize("rendering", RENDERINGS, ids=lambda rendering: rendering.name)
def test_time_grows_with_an_honest_file(rendering: Rendering) -> None:
    record = ListingRecord(
        title="Counting Sheep in Low-Rank Meadows, Again",
        abstract="We count the sheep of a low-rank meadow, $n$ of them, and 5% more. " * 15,
        lines=LineRange(0, 0),
        authors=("Ada Quillfeather", "Bo Tanglewood", "Cleo Marsh"),
        categories=("cs.LG",),
    )

    def seconds(count: int) -> float:
        records = [replace(record, arxiv_id=f"2401.{number:05d}") for number in range(1, count + 1)]
        data = rendering.render(records).encode()
        assert len(rendering.parse(data).records) == count
        return min(_timed(rendering.parse, data) for _ in range(2))

    small, large = seconds(100), seconds(800)
    assert large < max(24 * small, 0.25)


def _timed(parse: Parser, data: bytes) -> float:
    """The processor time that reading a file takes, in seconds."""
    start = time.process_time()
    with contextlib.suppress(ParseError):
        parse(data)
    return time.process_time() - start
