"""Which uids are one paper, and which of them is kept."""

from __future__ import annotations

from itertools import permutations

import pytest

from reader.storage.sync.classes import Classes


@pytest.mark.parametrize(
    ("pointers", "members"),
    [
        ({}, ("a",)),
        ({"a": "b"}, ("b", "a")),
        ({"a": "c", "b": "c"}, ("c", "a", "b")),
        ({"a": "b", "b": "c"}, ("c", "a", "b")),
        ({"b": "c", "c": "b", "a": "b"}, ("b", "a", "c")),
        ({"c": "a", "a": "b", "b": "c"}, ("a", "b", "c")),
        ({"d": "e"}, ("a",)),
    ],
)
def test_the_kept_one_is_where_pointers_lead(pointers: dict[str, str], members: tuple[str, ...]) -> None:
    for items in permutations(pointers.items()):
        for first in members:
            classes = Classes(dict(items))
            assert classes.members(first) == members
            assert classes.members("a") == members
