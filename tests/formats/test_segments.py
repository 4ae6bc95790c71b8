"""Files in which devices meet: what was written comes back, and anything else is refused in one way."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.errors import Fault, SyncFileError
from reader.domain.sync import Cell, Json, Pack, PackRef, Segment, TargetHeader, Write, canonical
from reader.formats import sync_file
from reader.formats.segments import (
    About,
    decode_pack,
    decode_segment,
    encode_pack,
    encode_segment,
    pack_name,
    read_about,
    segment_name,
)
from reader.formats.target_header import decode_header, encode_header
from tests.examples import examples

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
NUMBERS = st.integers(-(2**63) + 1, 2**63 - 1)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
DEVICES = st.text("abcdefghijklmnopqrstuvwxyz234567", min_size=1, max_size=16)
CONTEXTS = st.dictionaries(DEVICES, st.integers(0, 2**63 - 1), max_size=4)
PACK_NAMES = TEXTS.map(lambda text: hashlib.sha256(text.encode()).hexdigest())
WRITES = st.builds(
    Write,
    number=st.integers(1, 1 << 40),
    time=st.integers(0, 2**63 - 1),
    context=CONTEXTS,
    cell=st.builds(Cell, st.just("paper") | TEXTS, st.sampled_from(["a", "b", ""]) | TEXTS, TEXTS),
    value=VALUES | st.builds(PackRef, PACK_NAMES, st.integers(0, 1999)),
)


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    writes = sorted(draw(st.lists(WRITES, max_size=8, unique_by=lambda write: write.number)), key=lambda w: w.number)
    first = draw(st.integers(1, writes[0].number if writes else 10))
    last = draw(st.integers(writes[-1].number if writes else first, 1 << 41))
    return Segment(draw(DEVICES), draw(TEXTS), first, last, tuple(writes))


class Toy:
    """A seal that only tells whether both sides are the same."""

    def seal(self, data: bytes, about: bytes) -> bytes:
        return hashlib.sha256(about).digest() + data[::-1]

    def open(self, data: bytes, about: bytes) -> bytes:
        if data[:32] != hashlib.sha256(about).digest():
            raise SyncFileError(Fault.SEALED, "Another passphrase.")
        return data[:31:-1]


def sample() -> Segment:
    paper = "mfrggzdfmztwq2lknnwg23tpoi"
    context = {"q9x": 7, "k3y": 12}
    pack = Pack.of([{"title": "Tide Tables", "authors": ["A. B."]}])
    return Segment(
        "k3y",
        "Laptop",
        13,
        20,
        (
            Write(13, 1764500000000, context, Cell("paper", paper, "state"), ["done", 1764499990, 0]),
            Write(
                14, 1764500000005, context, Cell("paper", paper, "note"), {"text": "a\n“b” \\ud800 \u202e", "bases": []}
            ),
            Write(17, 1764500000001, {"k3y": 13}, Cell("paper", paper, "content"), PackRef(pack.sha256, 0)),
            Write(20, 1764500000009, {}, Cell("tag", "nlp", "color"), None),
        ),
    )


def refusal(data: bytes, read: Any = decode_segment, *arguments: Any) -> Fault:
    with pytest.raises(SyncFileError) as caught:
        read(data, *arguments)
    assert str(caught.value).endswith(".")
    return caught.value.fault


def rewrapped(data: bytes, content: bytes, about: dict[str, Any] | None = None) -> bytes:
    """A file with other content, or of another kind, whose hash is right."""
    head = sync_file.read_about(data) if about is None else about
    rest = json.dumps(head).encode() + b"\n" + zstandard.ZstdCompressor().compress(content)
    return data[:8] + hashlib.sha256(rest).digest() + rest


def content_of(data: bytes) -> bytes:
    return b"\n".join(sync_file.unwrap(data, sync_file.read_about(data)["kind"], None)[1])


@given(segments(), st.booleans())
def test_a_segment_comes_back(segment: Segment, is_sealed: bool) -> None:
    seal = Toy() if is_sealed else None
    data = encode_segment(segment, seal)
    assert decode_segment(data, seal) == segment
    assert encode_segment(segment, seal) == data
    assert read_about(data) == About(segment.device, segment.first, segment.last)


def test_a_write_names_its_entity_only_if_it_is_another_than_before() -> None:
    content = content_of(encode_segment(sample()))
    assert content.count(b"mfrggzdfmztwq2lknnwg23tpoi") == 1
    assert [len(json.loads(line)) for line in content.split(b"\n")[1:]] == [7, 5, 6, 7]


@pytest.mark.parametrize("line", ['[13,0,0,"state",null]', '[13,0,0,"state",0,0]'])
def test_a_first_write_without_an_entity_is_refused(line: str) -> None:
    header = content_of(encode_segment(sample())).split(b"\n")[0]
    assert refusal(rewrapped(encode_segment(sample()), header + b"\n" + line.encode())) is Fault.UNKNOWN


@given(st.lists(VALUES, min_size=1, max_size=8), st.booleans())
def test_a_pack_comes_back_under_the_name_of_its_content(rows: list[Json], is_sealed: bool) -> None:
    pack, seal = Pack.of(rows), Toy() if is_sealed else None
    data = encode_pack(pack, seal)
    assert decode_pack(data, seal) == pack
    assert read_about(data) == About(pack=pack.sha256)
    assert Pack.of(json.loads(canonical(list(pack.rows)))) == pack


def test_names_of_files_say_what_is_in_them_and_sort() -> None:
    assert segment_name("k3y", 13, 20) == "devices/k3y/000000000013-20.lecs"
    assert segment_name("k3y", 9, 12) < segment_name("k3y", 13, 20)
    assert pack_name("ab" * 32) == f"packs/{'ab' * 32}.lecp"


def test_texts_that_no_file_may_hold_are_sent_as_import_would_store_them() -> None:
    assert canonical({"b\0": "a\0b\ud800c", "a": ["\\u0000"]}) == '{"a":["\\\\u0000"],"b":"ab\ufffdc"}'


def test_a_hundred_thousand_marks_take_few_bytes() -> None:
    """A mark of a paper costs little more than the paper's uid, which nothing makes shorter."""
    writes = tuple(
        Write(
            n,
            1764500000000,
            {"k3y": 0},
            Cell("paper", hashlib.sha256(b"%d" % (n // 3)).hexdigest()[:26], f"f{n % 3}"),
            n,
        )
        for n in range(1, 3001)
    )
    assert len(encode_segment(Segment("k3y", "Laptop", 1, 3000, writes))) < 1000 * 26


@pytest.mark.parametrize("length", [0, 3, 8, 39, 40, 60, -1])
def test_a_file_that_was_cut_off_is_damaged(length: int) -> None:
    assert refusal(encode_segment(sample())[:length]) is Fault.DAMAGED


def test_a_file_that_is_only_set_aside_yet_is_damaged() -> None:
    assert refusal(bytes(len(encode_segment(sample())))) is Fault.DAMAGED


@pytest.mark.parametrize("data", [b"[.ShellClassInfo]\n" * 9, b"PK\x03\x04" + bytes(99), b"x"])
def test_a_file_of_another_program_is_unknown(data: bytes) -> None:
    assert refusal(data) is Fault.UNKNOWN


def test_a_file_of_a_newer_version_is_named_so_once_it_is_whole() -> None:
    data = bytearray(encode_segment(sample()))
    data[7] = sync_file.VERSION + 1
    assert refusal(bytes(data)) is Fault.NEWER
    assert refusal(bytes(data[:-1])) is Fault.DAMAGED


def test_a_sealed_file_and_an_open_one_are_not_taken_for_each_other() -> None:
    """Whoever has no key cannot slip in a file that is not sealed."""
    assert refusal(encode_segment(sample()), decode_segment, Toy()) is Fault.SEALED
    assert refusal(encode_segment(sample(), Toy())) is Fault.SEALED


def test_a_sealed_file_cannot_be_given_out_for_another_range() -> None:
    data = encode_segment(sample(), Toy())
    about = sync_file.read_about(data) | {"last": 21}
    body = data[40:].partition(b"\n")[2]
    rest = json.dumps(about).encode() + b"\n" + body
    forged = data[:8] + hashlib.sha256(rest).digest() + rest
    assert read_about(forged).last == 21
    assert refusal(forged, decode_segment, Toy()) is Fault.SEALED


def test_a_pack_is_not_a_segment() -> None:
    pack = encode_pack(Pack.of(["a"]))
    assert refusal(pack) is Fault.UNKNOWN
    assert refusal(encode_segment(sample()), decode_pack) is Fault.UNKNOWN


def test_a_pack_has_the_name_of_its_content() -> None:
    pack = encode_pack(Pack.of(["a"]))
    assert refusal(rewrapped(pack, b'"b"'), decode_pack) is Fault.UNKNOWN


WRITE = '[1,1,0,"paper","a","state",%s]'


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        "[]",
        "[1,2,3]",
        WRITE % "1.5",
        WRITE % "1e3",
        WRITE % "NaN",
        WRITE % "-Infinity",
        WRITE % 2**63,
        WRITE % ("9" * 5000),
        WRITE % '"\\u0000"',
        WRITE % '{"\\u0000":1}',
        WRITE % '[["\\ud800"]]',
        WRITE % ("[" * 30 + "]" * 30),
        WRITE % ("[" * 200_000),
        WRITE % '"a',
        '[0,1,0,"paper","a","state",1]',
        '[true,1,0,"paper","a","state",1]',
        '[9,1,0,"paper","a","state",1]',
        '[1,-1,0,"paper","a","state",1]',
        '[1,1,1,"paper","a","state",1]',
        '[1,1,-1,"paper","a","state",1]',
        '[1,1,0,7,"a","state",1]',
        f'[1,1,0,"paper","{"a" * 3000}","state",1]',
        '[1,1,0,"paper","a","content",0,-1]',
        '[1,1,0,"paper","a","content",1,0]',
        '[1,1,0,"paper","a","content",0,0,0]',
    ],
)
def test_writes_that_no_library_makes_are_refused(line: str) -> None:
    header = f'{{"contexts":[[]],"devices":[],"name":"x","packs":["{"ab" * 32}"]}}'
    data = encode_segment(Segment("k3y", "x", 1, 8, ()))
    assert decode_segment(rewrapped(data, f"{header}\n{WRITE % 1}".encode())).writes[0].value == 1
    assert refusal(rewrapped(data, f"{header}\n{line}".encode())) is Fault.UNKNOWN


@pytest.mark.parametrize(
    "header",
    [
        {"contexts": [[0]]},
        {"contexts": [[0, 1, 0, 2]]},
        {"contexts": [[1, 1]]},
        {"contexts": [[0, -1]]},
        {"contexts": {}},
        {"devices": ["../../x"]},
        {"devices": [7]},
        {"packs": ["../../x"]},
        {"name": "x" * 300},
        {"name": None},
    ],
    ids=str,
)
def test_headers_that_no_library_makes_are_refused(header: dict[str, Any]) -> None:
    whole = {"contexts": [[0, 1]], "devices": ["k3y"], "name": "x", "packs": [], "later": 1}
    data = encode_segment(Segment("k3y", "x", 1, 8, ()))
    assert decode_segment(rewrapped(data, json.dumps(whole).encode())) == Segment("k3y", "x", 1, 8, ())
    assert refusal(rewrapped(data, json.dumps(whole | header).encode())) is Fault.UNKNOWN


@pytest.mark.parametrize(
    "about",
    [
        {"device": "../x"},
        {"device": None},
        {"first": 0},
        {"first": 9},
        {"last": "8"},
        {"kind": "other"},
        {"kind": "pack"},
    ],
    ids=str,
)
def test_files_that_say_they_are_something_else_are_refused(about: dict[str, Any]) -> None:
    data = encode_segment(Segment("k3y", "x", 1, 8, ()))
    changed = rewrapped(data, content_of(data), sync_file.read_about(data) | about)
    assert refusal(changed, read_about) is Fault.UNKNOWN
    assert refusal(changed) is Fault.UNKNOWN


def test_a_small_file_cannot_fill_the_memory() -> None:
    data = encode_segment(sample())
    bomb = zstandard.ZstdCompressor(level=1)
    content = bytes(sync_file.LARGEST_CONTENT + 1)
    streamed = bomb.compressobj()  # does not state the size in advance
    for body in (bomb.compress(content), streamed.compress(content) + streamed.flush()):
        rest = data[40:].partition(b"\n")[0] + b"\n" + body
        assert refusal(data[:8] + hashlib.sha256(rest).digest() + rest) is Fault.UNKNOWN
    assert len(bomb.compress(content)) < 10_000


@pytest.mark.parametrize(
    "text",
    ["x" * (sync_file.LARGEST_CONTENT + 1), random.Random(1).randbytes(sync_file.LARGEST_FILE).hex()],
    ids=["content", "file"],
)
def test_what_no_reader_would_take_is_not_written(text: str) -> None:
    note = Write(1, 1, {}, Cell("paper", "a", "note"), text)
    with pytest.raises(SyncFileError, match="too large to synchronise"):
        encode_segment(Segment("k3y", "x", 1, 1, (note,)))


@given(
    TEXTS, TEXTS.map(str.encode), st.text("abcdef234567", min_size=1, max_size=26)
)  # fmt: skip
def test_a_header_comes_back(name: str, salt: bytes, library: str) -> None:
    header = TargetHeader(library, name, salt, salt[::-1])
    assert decode_header(encode_header(header)) == header


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.DAMAGED),
        (encode_header(TargetHeader("ab", "x"))[:-9], Fault.DAMAGED),
        (b"{}", Fault.UNKNOWN),
        (b"[{}", Fault.UNKNOWN),
        (b'{"lectern":"sync","version":1}', Fault.UNKNOWN),
        (b'{"lectern":"sync","version":true}', Fault.UNKNOWN),
        (b'{"lectern":"sync","version":2}', Fault.NEWER),
        (b'{"lectern":"sync","version":1,"library":"../x","name":"","salt":"","check":""}', Fault.UNKNOWN),
        (b'{"lectern":"sync","version":1,"library":"ab","name":"","salt":"xy","check":""}', Fault.UNKNOWN),
        (b'{"lectern":"sync","version":1,"library":"ab","name":"\\ud800","salt":"","check":""}', Fault.UNKNOWN),
        (b" " * 20_000 + b"}", Fault.UNKNOWN),
    ],
)
def test_a_header_that_is_damaged_unknown_or_newer_is_told_apart(data: bytes, fault: Fault) -> None:
    assert refusal(data, decode_header) is fault


@examples(50)
@given(segments())
def test_numbers_outside_the_range_are_refused(segment: Segment) -> None:
    if segment.writes:
        late = replace(segment, last=max(segment.first, segment.writes[-1].number - 1), first=segment.first)
        early = replace(segment, first=segment.writes[0].number + 1, last=segment.last)
        for other in (late, early):
            if not other.first <= segment.writes[0].number <= segment.writes[-1].number <= other.last:
                assert refusal(encode_segment(other)) is Fault.UNKNOWN
