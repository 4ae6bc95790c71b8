"""Typed values as JSON: everything comes back as it was, and nothing of another type gets through."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.services.process.json_values import ValueMismatchError, from_json, to_json


class Color(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Inner:
    number: int
    text: str | None


@dataclass(frozen=True)
class Outer:
    color: Color
    day: date
    moment: datetime
    inner: Inner
    many: tuple[Inner, ...]
    pair: tuple[int, str]
    ids: frozenset[int]
    named: Mapping[str, float]
    sure: bool
    kind: Literal["a", "b"]
    path: Path


def samples(hint: Any) -> st.SearchStrategy[Any]:
    return st.from_type(hint) if hint is not float else st.floats(allow_nan=False)


paths = st.text("abc/ é", min_size=1).map(lambda text: Path("/", text))
inners = st.builds(Inner, st.integers(), st.none() | st.text())
outers = st.builds(
    Outer, samples(Color), samples(date), samples(datetime), inners, st.lists(inners).map(tuple),
    st.tuples(st.integers(), st.text()), st.frozensets(st.integers()), st.dictionaries(st.text(), samples(float)),
    st.booleans(), st.sampled_from(["a", "b"]), paths,
)  # fmt: skip


@given(outers)
def test_values_come_back_as_they_were(value: Outer) -> None:
    assert from_json(json.loads(json.dumps(to_json(value, Outer))), Outer) == value


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_sequences_of_any_kind_come_back_equal(ids: list[int]) -> None:
    assert from_json(to_json(ids, Sequence[int]), Sequence[int]) == tuple(ids)
    assert from_json(to_json(array("q", ids), Sequence[int]), list[int]) == ids


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(anything, st.sampled_from([Outer, Inner, Color, tuple[int, ...], str | None, frozenset[int], dict[str, Inner]]))
def test_any_json_is_a_value_of_the_type_or_refused(data: Any, hint: Any) -> None:
    try:
        value = from_json(data, hint)
    except ValueMismatchError:
        return
    assert from_json(to_json(value, hint), hint) == value


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        (True, int),
        (1, bool),
        ("1", int),
        (1, str),
        ("text", Sequence[str]),
        ("/tmp", Path),
        ("red", Color),
        (None, Inner),
    ],
)
def test_what_is_of_another_type_is_not_sent(value: Any, hint: Any) -> None:
    with pytest.raises(ValueMismatchError):
        to_json(value, hint)


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        (True, int), ({"number": 1}, Inner), ({"number": 1, "text": None, "more": 1}, Inner), ([1], tuple[int, int]),
        ("green", Color), ("2026-13-01", date), ("a\0b", Path), ({"a": 1}, list[int]), (["a"], Literal["a"]),
    ],
)  # fmt: skip
def test_what_is_of_another_type_is_not_taken(data: Any, hint: Any) -> None:
    with pytest.raises(ValueMismatchError):
        from_json(data, hint)


def test_relative_paths_are_sent_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert to_json(Path("a.txt"), Path) == str(tmp_path / "a.txt")
