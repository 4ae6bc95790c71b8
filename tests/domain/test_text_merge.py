"""Merging notes: no line is lost, and no sentence is made that nobody wrote."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.text_merge import MOST_BASES, bases, merge_notes, merge_texts

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "- d", "e f", "g"]), max_size=7)
TEXTS = LINES.map("\n".join)


@pytest.mark.parametrize(
    ("base", "a", "b", "merged"),
    [
        ("one\ntwo\nthree", "one\n1.5\ntwo\nthree", "one\ntwo\nthree\nfour", "one\n1.5\ntwo\nthree\nfour"),
        ("one\ntwo", "two", "one\ntwo\nthree", "two\nthree"),
        ("Models are strong.", "Models are weak.", "Methods are strong.", "Models are weak.\nMethods are strong."),
        ("x\ny", "x1\ny", "x\ny1", "x1\ny1"),
        ("1\n2\n3\n4", "A\n2\nC\n4", "1\nB\n3\nD", "A\nB\nC\nD"),
        ("x", "x\nsame", "x\nsame", "x\nsame"),
        ("x", "x\nsame\na", "x\nsame\nb", "x\nsame\na\nb"),
        (None, "one\ntwo", "one\nthree", "one\ntwo\nthree"),
        (None, "one", "one and more", "one and more"),
        (None, "first paragraph", "second paragraph", "first paragraph\nsecond paragraph"),
        (None, "p\nq", "q\np", "p\nq"),
        ("x", "", "x\ny", "y"),
    ],
)  # fmt: skip
def test_merging(base: str | None, a: str, b: str, merged: str) -> None:
    assert merge_texts(base, a, b) == merged


@given(TEXTS | st.none(), TEXTS, TEXTS)
def test_no_line_is_lost_that_the_base_lacks(base: str | None, a: str, b: str) -> None:
    merged = merge_texts(base, a, b)
    had = set((base or "").split("\n"))
    for line in {*a.split("\n"), *b.split("\n")} - had - {""}:
        assert line in merged.split("\n") or (base is None and merged in (a, b) and line in merged)


OWN_LINES = st.lists(st.sampled_from(["a", "b", "c", "- d", "e f", "g"]), max_size=6, unique=True).map("\n".join)


@given(OWN_LINES | st.none(), OWN_LINES, OWN_LINES)
def test_no_line_is_made_up(base: str | None, a: str, b: str) -> None:
    assert set(merge_texts(base, a, b).split("\n")) <= {*a.split("\n"), *b.split("\n"), ""}


@pytest.mark.parametrize(
    ("a", "b"), [("one\nthree", "one\ntwo\nthree\nfour"), ("one\nx\nthree", "one\ntwo\n2.5\nthree")]
)
def test_a_line_that_one_side_took_out_stays_out(a: str, b: str) -> None:
    for earlier, later in ((a, b), (b, a)):
        assert "two" not in merge_texts("one\ntwo\nthree", earlier, later).split("\n")


@given(TEXTS, TEXTS)
def test_an_unchanged_side_gives_the_other(base: str, a: str) -> None:
    assert merge_texts(base, base, a) == a
    assert merge_texts(base, a, base) == a
    assert merge_texts(None, a, a) == a


NOTES = st.fixed_dictionaries(
    {"text": TEXTS, "created": st.integers(0, 9), "changed": st.integers(0, 9)},
    optional={"bases": st.lists(TEXTS, max_size=4)},
)


@given(st.lists(NOTES, max_size=4))
def test_all_notes_of_several_devices_are_in_the_one_shown(notes: list[dict[str, object]]) -> None:
    merged = merge_notes(notes)  # type: ignore[arg-type]
    written = [note for note in notes if note["text"]]
    if not written:
        assert merged == (notes[-1] if notes else None)
        return
    assert isinstance(merged, dict) and isinstance(merged["text"], str)
    assert merged["changed"] == max(note["changed"] for note in written)  # type: ignore[type-var]
    had = {line for note in written for text in note.get("bases", []) for line in text.split("\n")}  # type: ignore[attr-defined]
    for note in written:
        assert all(line in merged["text"] for line in set(str(note["text"]).split("\n")) - had)


def test_a_text_wins_over_a_deleted_note() -> None:
    assert merge_notes([{"text": ""}, {"text": "x", "created": 1, "changed": 2}, {"text": ""}]) == {
        "text": "x", "created": 1, "changed": 2,
    }  # fmt: skip
    assert merge_notes([{"text": ""}]) == {"text": ""}


def test_three_sides() -> None:
    base = "one\ntwo"
    sides = ["zero\none\ntwo", "one\ntwo\nthree", "one\nTWO"]
    notes = [{"text": text, "created": 1, "changed": 1, "bases": [base]} for text in sides]
    merged = merge_notes(notes)  # type: ignore[arg-type]
    assert isinstance(merged, dict)
    assert merged["text"] == "zero\none\nTWO\nthree"


def test_a_long_visit_keeps_the_text_that_others_have() -> None:
    """Every few seconds of writing make a write, of which another device may have none."""
    note: dict[str, object] = {"text": "as both had it", "created": 1, "changed": 1}
    for at in range(20):
        made = bases(str(note["text"]), [note])  # type: ignore[list-item]
        note = {"text": f"as both had it\nline {at}", "bases": made}
    assert len(made) == MOST_BASES
    assert made[0] == "as both had it\nline 18" and made[-1] == "as both had it"


def test_very_alike_lines_take_no_minutes() -> None:
    start = time.process_time()
    a, b = "\n" * 5000 + "x\n" + "-\n" * 5000, "\n" * 5001 + "y\n" + "-\n" * 5000
    merged = merge_texts("\n" * 5000 + "-\n" * 5000, a, b)
    assert "x" in merged and "y" in merged
    assert time.process_time() - start < 20


def test_what_is_said_of_several_papers_that_are_one_is_merged_as_if_said_once() -> None:
    base = "one\ntwo\nthree"
    longer = {"text": f"{base}\nfour", "created": 1, "changed": 2, "bases": [base]}
    shorter = {"text": "two", "created": 1, "changed": 3, "bases": [base]}
    for times in (1, 2, 7):
        merged = merge_notes([longer] * times + [shorter] * times)
        assert isinstance(merged, dict) and merged["text"] == "two\nfour"
