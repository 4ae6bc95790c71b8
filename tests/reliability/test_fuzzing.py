"""Every parser of files: whatever it is given, it raises nothing but ParseError, and takes no longer than it may."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from reader.domain.errors import ParseError
from reader.formats import registry
from reader.formats.format import MAXIMUM_BYTES, Format
from reader.formats.text_decoder import Head
from tests.examples import examples
from tests.formats.test_hostile_text import HOSTILE
from tests.formats.test_structured_hostile import _FRAGMENTS, SAMPLES
from tests.reliability.figures import record

MEGABYTE = 1_000_000
WRAPPERS: dict[str, tuple[bytes, bytes]] = {
    "html": (b"<html><body><h1>huggingface.co/papers</h1>", b"</body></html>"),
    "arxiv-html": (b"<html><body>arxiv.org/list/<dl>", b"</dl></body></html>"),
    "csv": (b"Title,Authors,DOI,Year\n", b""),
    "endnote-xml": (b"<xml><records><record><titles><title>x</title></titles>", b"</record></records></xml>"),
    "nbib": (b"PMID- 1\nTI  - x\n", b""),
    "enw": (b"%0 Book\n%T x\n", b""),
    "api": (b"[", b"{}]"),
    "arxiv-mail": (b"\\\\\narXiv:2401.00001\nTitle: x\nAuthors: ", b"\n\\\\ ("),
    "arxiv-atom": (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>x</title>", b"</entry></feed>"),
    "bibtex": (b"@misc{k, title={x y}, ", b"}"),
    "ris": (b"TY  - x\nTI  - y\n", b"\nER  - \n"),
    "csl-json": (b'[{"type":"book","title":"', b'"}]'),
    "paper-json": (b'[{"id":"2401.00001","title":"x","summary":"', b'"}]'),
}
"""What makes a format take a file for its own before the repeated part begins, and after it."""
UNITS: tuple[bytes, ...] = (
    *(b"@a{", b"@a{b,}", b"@a{b}\n", b"@a{b,c={d}}", b"@a{b,c=d}\n", b"@", b"@string{a={b}}", b"@comment{}", b"a=b,"),
    *(
        b"a={b},",
        b"{",
        b"}",
        b'"',
        b"=",
        b"#",
        b"$x$ ",
        b"{\\a}",
        b"\\",
        b'"a"#',
        b"a and ",
        b"TI  - x\n",
        b"AU  - x\n",
    ),
    *(b"From a 0:00\nFrom: b\nContent-Type: text/html\n\nc\n\n", b"\n\nFrom: b\nDate: c\n", b"<style>", b"=\n"),
    *(b"<dt><a href='/abs/2401.00001'>", b"<dd><p>", b"<dt></dt>", b"<script type='math/tex'></script>"),
    *(b"2401.00001\n", b"2401.00001 ", b"10.5555/a,", b"https://a.b/c "),
    *(b"- [a](https://arxiv.org/abs/2401.00001)\n", b"[a](https://arxiv.org/abs/2401.00001) ", b"| a |\n", b"*a* "),
    *(b"a,b,c,d\n", b'"a""', b'a,"b\n', b"A B.; "),
    *(b"PMID- 1\n", b"FAU - a\n", b"%0 a\n", b"%A a\n", b"<record></record>", b"<author>a</author>"),
    *(b"TY  - x\nTI  - y\nER  - \n", b"TY  - \nER  - \n", b"a\n", b"x\n\n", b"A\n\nB\n", b"# \n", b"* \n", b"- \n"),
    *(b"1\n", b"[]()\n", b"[[", b"[[1],", b"<p>", b"<a>b</a>", b"<article>", b"<article><div>", b"<h1><div>", b"<div>"),
    *(b"<h1>x</h1>", b"<b>", b"<entry></entry>", b"<item/>", b"<author><name>a</name></author>", b"<!--", b"&lt;p"),
    *(
        b"\\\\\n",
        b"{},",
        b"[],",
        b"1,",
        b'"",',
        b'{"paper":{}},',
        b'{"a":',
        b'{"paper":{"title":"x","id":"1"}},',
        b"a b\n",
    ),
    *(
        b"\xff",
        b"\r",
        b"\n",
        b" ",
        "·\n".encode(),
        "é\n".encode(),
        b"abcdefgh\n\n",
        b"- abcdefg hij\n",
        b"# abcdefghij\n",
    ),
)


def seconds(format_: Format, data: bytes, times: int = 1) -> float:
    """The processor time that a parser takes at best; refusing clearly counts as well."""
    best = 1e9
    for _ in range(times):
        start = time.process_time()
        try:
            format_.parse(data)
        except ParseError as refusal:
            assert str(refusal).endswith(".")
        best = min(best, time.process_time() - start)
    return best


def worst_files(format_: Format) -> Iterator[tuple[str, bytes, bytes, bytes]]:
    """Beginnings, units to repeat and ends: each unit by itself and where the format looks for it."""
    for unit in UNITS:
        yield f"{unit!r}", b"", unit, b""
        if format_.name in WRAPPERS:
            before, after = WRAPPERS[format_.name]
            yield f"{unit!r} within", before, unit, after


def filled(before: bytes, unit: bytes, after: bytes, size: int) -> bytes:
    return before + unit * (size // len(unit)) + after


@pytest.mark.parametrize("format_", registry.FORMATS, ids=lambda format_: format_.name)
@examples(25, *HealthCheck)
@given(data=st.binary(max_size=300) | st.lists(_FRAGMENTS, max_size=60).map(b"".join))
def test_nothing_but_a_clear_refusal(format_: Format, data: bytes) -> None:
    seconds(format_, data)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_hundred_thousand_mutated_files() -> None:
    """Mutations of honest files of every format, read by the parser that takes them and by one that does not."""
    dice = random.Random(5)
    fragments = [unit for unit in UNITS if len(unit) < 30]
    tried = 0
    for _ in range(100_000 // len(registry.FORMATS)):
        _, data = dice.choice(SAMPLES)
        start = dice.randrange(max(1, len(data) - 3000))
        mutated = bytearray(data[start : start + 3000])
        for _ in range(dice.randrange(1, 12)):
            place = dice.randrange(len(mutated) + 1)
            mutated[place : place + dice.randrange(30)] = dice.choice(fragments) if dice.random() < 0.8 else b"\xf0\x9f"
        for format_ in registry.FORMATS:
            seconds(format_, bytes(mutated))
            tried += 1
    record("fuzzing", f"{tried:,} mutated files through {len(registry.FORMATS)} parsers: nothing but ParseError")


@pytest.mark.parametrize("format_", registry.FORMATS, ids=lambda format_: format_.name)
def test_time_is_linear(format_: Format) -> None:
    """The units that were once slow, at a size at which a quadratic step would take ten times as long."""
    for before, after in {(b"", b""), WRAPPERS.get(format_.name, (b"", b""))}:
        for unit in (b"<article>", b"\n", b"@a{", b"1,"):
            small, large = (seconds(format_, filled(before, unit, after, size), 2) for size in (20_000, 160_000))
            assert large < 24 * small + 0.1


def steepness(format_: Format, before: bytes, unit: bytes, after: bytes) -> float:
    """How many times as long twice as much takes.

    A busy machine makes any one measurement untrue; what takes the square takes it at every size.
    """
    ratios = []
    for size in (MEGABYTE, 2 * MEGABYTE, 4 * MEGABYTE):
        half, whole = (seconds(format_, filled(before, unit, after, length), 4) for length in (size // 2, size))
        ratios.append(whole / max(half, 0.02))
        if ratios[-1] <= 2.5:
            break
    return min(ratios)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_a_megabyte_of_anything_takes_at_most_a_second() -> None:
    slowest, where, steepest = 0.0, "", 0.0
    tried = 0
    gc.collect()
    gc.freeze()  # collecting what is left of other tests would be measured too
    for format_ in registry.FORMATS:
        files = list(worst_files(format_))
        files += [(name, b"", make(MEGABYTE).encode(), b"") for name, make in HOSTILE.items()]
        for name, before, unit, after in files:
            size = max(MEGABYTE, len(unit))
            whole = filled(before, unit, after, size)
            took = seconds(format_, whole)
            if took > 0.2:
                took = min(took, seconds(format_, whole, 3))
            if took > 0.2 and len(unit) < 1000:
                ratio = steepness(format_, before, unit, after)
                assert ratio <= 2.5, f"{format_.name} {name}: {ratio:.1f} times as long for twice as much"
                steepest = max(steepest, ratio)
            assert took <= 1, f"{format_.name} {name}: {took:.2f} s"
            if took > slowest:
                slowest, where = took, f"{format_.name}, {name}"
            tried += 1
    gc.unfreeze()
    record("parsing time", f"{tried} files of 1 MB made to be slow: at most {slowest:.2f} s ({where})")
    record("parsing time", f"twice the input took at most {steepest:.1f} times as long")


def test_what_is_too_large_is_refused_at_once() -> None:
    data = b"A" * (MAXIMUM_BYTES + 1)
    start = time.process_time()
    with pytest.raises(ParseError, match="larger than 20 MB"):
        registry.parse(data, "page.txt")
    assert time.process_time() - start < 0.1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"A Paper\n\nx\n" * 10_000, "30,001 lines"),
        (b"@a{b,}\n" * 20_000, "20,000 entries"),
        (b"[" + b'{"title":"x"},' * 20_000 + b"{}]", "20,001 entries"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>" + b"<a></a>" * 20_000 + b"</feed>", "20,001 elements"),
    ],
)
def test_files_of_crumbs_are_refused_clearly(data: bytes, said: str) -> None:
    names = {b"A": "plain", b"@": "bibtex", b"[": "api", b"<": "arxiv-atom"}
    (format_,) = (known for known in registry.FORMATS if known.name == names[data[:1]])
    with pytest.raises(ParseError, match=said):
        format_.parse(data)
    assert 0 <= format_.detect(Head(data, "x")) <= 1
