"""Labels: short, prefix-free, easy to reach; and what typing them chooses."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.letter_hints import LETTERS, LabelChoice, LabelTyping, make_labels


@given(st.integers(0, 900), st.integers(2, 26))
def test_labels_are_distinct_prefix_free_and_as_short_as_can_be(count: int, letter_count: int) -> None:
    letters = LETTERS[:letter_count]
    labels = make_labels(count, letters)
    assert len(labels) == count
    assert all(set(label) <= set(letters) for label in labels)
    ordered = sorted(labels)
    assert not any(after.startswith(before) for before, after in pairwise(ordered))
    lengths = [len(label) for label in labels]
    assert lengths == sorted(lengths)
    if lengths:
        # Kraft: with one length less for every label there would not be room.
        assert lengths[-1] - lengths[0] <= 1
        assert lengths[-1] == 1 or letter_count ** (lengths[-1] - 1) < count


def test_every_letter_is_used_and_the_home_row_comes_first() -> None:
    assert sorted(LETTERS) == sorted("abcdefghijklmnopqrstuvwxyz")
    assert set(make_labels(9)) == set("asdfghjkl")
    assert all(len(label) == 1 for label in make_labels(26))
    assert [len(label) for label in make_labels(27)] == [1] * 25 + [2] * 2
    assert make_labels(27)[:9] == make_labels(9)


def test_too_few_letters_are_refused() -> None:
    for letters in ("", "a", "aa"):
        with pytest.raises(ValueError, match="two letters"):
            make_labels(3, letters)


def choices(labels: tuple[str, ...], keys: str) -> list[LabelChoice]:
    state, found = LabelTyping(labels), []
    for key in keys:
        state = state.typed(key)
        if state.choice is not None:
            found.append(state.choice)
    return found


def test_typing_chooses_one_a_commented_one_or_a_range() -> None:
    labels = ("a", "s", "d", "fa", "fs")
    assert choices(labels, "s") == [LabelChoice(1, 1)]
    assert choices(labels, "S") == [LabelChoice(1, 1, shifted=True)]
    assert choices(labels, "fS") == [LabelChoice(4, 4, shifted=True)]
    assert choices(labels, "Fa") == [LabelChoice(3, 3, shifted=True)]
    assert choices(labels, "s-fs") == [LabelChoice(1, 1), LabelChoice(1, 4, is_range=True)]
    assert choices(labels, "d-A") == [LabelChoice(2, 2), LabelChoice(0, 2, shifted=True, is_range=True)]
    assert choices(labels, "ad") == [LabelChoice(0, 0), LabelChoice(2, 2)]
    assert choices(labels, "s-s") == [LabelChoice(1, 1), LabelChoice(1, 1, is_range=True)]


def test_what_fits_no_label_is_refused_and_dropped() -> None:
    state = LabelTyping(("a", "fa", "fs")).typed("x")
    assert state.refused
    assert state.pending == ""
    state = state.typed("-")
    assert state.refused
    state = state.typed("f")
    assert (state.refused, state.pending, state.fitting()) == (False, "f", [1, 2])
    assert state.typed("q").pending == "f"
    assert state.typed("-").refused
    assert state.typed("s").choice == LabelChoice(2, 2)


def test_backspace_takes_back_a_letter_then_the_range() -> None:
    state = LabelTyping(("a", "fa", "fs")).typed("a").typed("-").typed("F")
    state = state.erased()
    assert (state.pending, state.waits_for_end) == ("", True)
    assert state.typed("f").typed("s").choice == LabelChoice(0, 2, is_range=True)
    state = state.erased()
    assert not state.waits_for_end
    assert state.typed("f").typed("s").choice == LabelChoice(2, 2)


@given(st.integers(1, 200), st.data())
def test_typing_any_label_chooses_it(count: int, data: st.DataObject) -> None:
    labels = make_labels(count)
    number = data.draw(st.integers(0, count - 1))
    assert choices(labels, labels[number]) == [LabelChoice(number, number)]
