"""Values kept beside, in plain words."""

from __future__ import annotations

from datetime import UTC, date

import pytest

from reader.domain.kept_words import describe_field, describe_kept, describe_shown
from reader.domain.sync import Json, KeptBeside

TODAY = date(2026, 11, 30)


def kept(
    field: str, value: Json, shown: Json = None, kind: str = "paper", time: str = "2026-05-12T10:00:00Z"
) -> KeptBeside:
    return KeptBeside("1", kind, "abcdefgh", "On tides", field, "Laptop", time, value, shown)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (kept("state", ["dismissed", 1_778_000_000, 0]), "Dismissed (Laptop, 12 May)"),
        (kept("state", None), "Undecided (Laptop, 12 May)"),
        (kept("state", ["archived", 0, 0]), "archived (Laptop, 12 May)"),
        (kept("star", [1, 5]), "Starred (Laptop, 12 May)"),
        (kept("star", None), "Not starred (Laptop, 12 May)"),
        (kept("bury", 1_796_083_200), "Snoozed until 1 Dec (Laptop, 12 May)"),
        (kept("bury", None), "Not snoozed (Laptop, 12 May)"),
        (kept("bury", 10**30), "Not snoozed (Laptop, 12 May)"),
        (kept("tag:rl", None), "Not tagged (Laptop, 12 May)"),
        (kept("tag:rl", 17), "Tagged (Laptop, 12 May)"),
        (kept("name", "RL", kind="tag"), "“RL” (Laptop, 12 May)"),
        (kept("tag", None, kind="tag"), "Deleted (Laptop, 12 May)"),
        (kept("color", None, kind="tag"), "None (Laptop, 12 May)"),
        (kept("favorite", 3, kind="tag"), "3 (Laptop, 12 May)"),
        (kept("label", 0, kind="label"), "Deleted (Laptop, 12 May)"),
        (kept("label", "claim", kind="highlight"), "“claim” (Laptop, 12 May)"),
        (kept("comment", "a\nb", kind="highlight"), "“a b” (Laptop, 12 May)"),
        (kept("enabled", 0, kind="rule"), "Switched off (Laptop, 12 May)"),
        (kept("every", 24, kind="subscription"), "Every 24 hours (Laptop, 12 May)"),
        (kept("every", 0, kind="subscription"), "Only when asked (Laptop, 12 May)"),
        (kept("star", None, time="2025-12-31T12:00:00Z"), "Not starred (Laptop, 31 Dec 2025)"),
    ],
)
def test_a_value_is_told_with_its_device_and_day(value: KeptBeside, words: str) -> None:
    assert describe_kept(value, TODAY, UTC) == words


def test_what_is_shown_is_told_in_the_same_words() -> None:
    assert describe_shown(kept("state", None, ["queued", 5, 0]), TODAY) == "Queued"


@pytest.mark.parametrize(
    ("field", "kind", "words"),
    [
        ("state", "paper", "State"),
        ("tag:rl", "paper", "Tag “rl”"),
        ("tag:rl#x:1", "paper", "Tag “rl”"),
        ("tag", "tag", "Tag"),
        ("search", "search", "Saved search"),
        ("label", "highlight", "Label"),
    ],
)
def test_a_field_has_a_heading(field: str, kind: str, words: str) -> None:
    assert describe_field(kept(field, None, kind=kind)) == words


def test_a_long_text_is_cut() -> None:
    assert len(describe_kept(kept("comment", "word " * 90, kind="highlight"), TODAY, UTC)) < 110
