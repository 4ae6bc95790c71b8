"""Damaged files of other devices: refused in one way, or equal to what was written."""

from __future__ import annotations

import random

import pytest

from reader.domain.errors import Fault, SyncFileError
from reader.formats.segments import decode_segment, encode_segment
from tests.formats.test_segments import Toy, content_of, rewrapped, sample
from tests.reliability.figures import record

FRAGMENTS = [*(bytes([code]) for code in b'[]{},"\\\n\0\xff'), b"-1", b"9" * 20, b"null", b"\\u0000", b"1.5"]


def mutated(dice: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randrange(1, 5)):
        place = dice.randrange(len(changed) + 1)
        changed[place : place + dice.randrange(6)] = dice.choice([*FRAGMENTS, dice.randbytes(2), b""])
    return bytes(changed)


def refused_or_equal(dice: random.Random, count: int) -> int:
    """Bytes changed at random: refused, or the same segment. Content changed under a right hash: refused, or whole.

    How many were refused.
    """
    segment = sample()
    data, seal = encode_segment(segment), Toy()
    content, sealed = content_of(data), encode_segment(segment, seal)
    taken = refusals = 0
    for _ in range(count // 3):
        for bytes_, key in ((data, None), (sealed, seal)):
            try:
                assert decode_segment(mutated(dice, bytes_), key) == segment
            except SyncFileError as refused:
                assert refused.fault in Fault
                refusals += 1
        try:
            other = decode_segment(rewrapped(data, mutated(dice, content)))
        except SyncFileError as refused:
            assert refused.fault is Fault.UNKNOWN
            refusals += 1
        else:
            taken += 1
            assert decode_segment(encode_segment(other)) == other
    assert taken  # the changes are not all so coarse that nothing beyond the first check is tried
    return refusals


def test_damaged_segments_are_refused_or_equal() -> None:
    refused_or_equal(random.Random(1), 6_000)


@pytest.mark.soak
def test_a_hundred_thousand_damaged_segments_are_refused_or_equal() -> None:
    count = 100_002
    refused = refused_or_equal(random.Random(2), count)
    record("sync files", f"{count:,} damaged segments: {refused:,} refused, the others equal or whole")
