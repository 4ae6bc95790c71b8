"""Order of what stands in documents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.documents import positions_between


def test_what_comes_later_stands_between_what_was_there() -> None:
    first = positions_between([None, None])
    assert first == sorted(first)
    before, between, after, end = positions_between([None, first[0], None, first[1]])
    assert before < between == first[0] < after < end == first[1]
    assert positions_between([first[0], None])[1] > first[0]


@given(st.lists(st.booleans(), max_size=30), st.data())
def test_positions_never_fall_and_known_ones_stay(new: list[bool], data: st.DataObject) -> None:
    count = new.count(False)
    numbers = sorted(data.draw(st.lists(st.integers(1, 10**6), min_size=count, max_size=count)))
    known = [None if is_new else numbers.pop(0) for is_new in new]
    positions = positions_between(known)
    assert positions == sorted(positions)
    assert all(old in (None, position) for old, position in zip(known, positions, strict=True))
