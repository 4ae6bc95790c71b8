"""Numbers with their nouns."""

from __future__ import annotations

from reader.domain.numerals import counted


def test_one_is_not_several() -> None:
    assert [counted(number, "paper") for number in (0, 1, 1_234)] == ["0 papers", "1 paper", "1,234 papers"]
    assert [counted(number, "entry", "entries") for number in (1, 2)] == ["1 entry", "2 entries"]
