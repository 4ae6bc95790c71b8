"""Which own files are missing in a target, and which are replaced by fewer."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.services.sync import own_files
from reader.services.sync.own_files import gaps, inside, to_replace
from reader.storage.sync.files import SeenFile

ranges = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20)).map(lambda pair: (pair[0], sum(pair))))


def file(first: int, last: int, size: int = 400, writes: int | None = None) -> SeenFile:
    name = f"devices/k3/{first:012d}-{last}.lecs"
    return SeenFile(name, "", "", "k3", first, last, last - first + 1 if writes is None else writes, size)


def all_stand(first: int, last: int) -> int:
    return last - first + 1


@given(covered=ranges, last=st.integers(0, 70))
def test_gaps_are_exactly_the_numbers_that_no_range_covers(covered: list[tuple[int, int]], last: int) -> None:
    found = gaps(covered, last)
    missing = [number for first, end in found for number in range(first, end + 1)]
    has = {number for first, end in covered for number in range(first, end + 1)}
    assert missing == [number for number in range(1, last + 1) if number not in has]
    assert all(end < first - 1 for (_, end), (first, _) in pairwise(found))


def test_few_files_whose_writes_stand_are_left_alone() -> None:
    assert to_replace([], all_stand) is None
    assert to_replace([file(number, number) for number in range(1, own_files.MOST_FILES)], all_stand) is None


def test_many_small_files_are_replaced_behind_the_large_one() -> None:
    small = [file(number, number) for number in range(1001, 1001 + own_files.MOST_FILES)]
    large = file(1, 1000, size=own_files.SMALL)
    replaced = to_replace([*small[::-1], large], all_stand)
    assert replaced == (1001, 1000 + own_files.MOST_FILES)
    assert sorted(inside([large, *small], replaced), key=lambda each: each.first) == small


def test_a_large_file_between_small_ones_does_not_keep_them_from_being_replaced() -> None:
    before = [file(number, number) for number in range(1, own_files.MOST_FILES)]
    large = file(own_files.MOST_FILES, 5000, size=own_files.SMALL)
    assert to_replace([*before, large, file(5001, 5001)], all_stand) == (1, 5001)


@pytest.mark.parametrize(
    ("size", "alive", "replaced"),
    [
        (3 << 20, 1000, None), (3 << 20, 700, None), (3 << 20, 600, (1, 1001)),
        (60_000, 0, None), (150_000, 300, (1, 1001)),
    ],
)  # fmt: skip
def test_all_is_replaced_where_much_no_longer_stands(size: int, alive: int, replaced: tuple[int, int] | None) -> None:
    files = [file(1, 1000, size=size), file(1001, 1001)]
    assert to_replace(files, lambda first, _: alive if first == 1 else 1) == replaced


def test_one_file_with_dead_writes_is_replaced_only_beside_others() -> None:
    # it is as it was when it was written: nothing has been said since that could have replaced its writes
    assert to_replace([file(1, 1000, size=3 << 20, writes=1000)], lambda *_: 0) is None
