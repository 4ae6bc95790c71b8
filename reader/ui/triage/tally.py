"""What was decided in a triage, counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from reader.domain.papers import PaperState


class Verdict(Enum):
    """What a key did with a paper."""

    QUEUED = "queued"
    DISMISSED = "dismissed"
    DONE = "done"
    HIDDEN = "snoozed"
    LEFT = "left"


STATES = {
    Verdict.QUEUED: PaperState.QUEUED,
    Verdict.DONE: PaperState.DONE,
    Verdict.DISMISSED: PaperState.DISMISSED,
}
"""The states that verdicts are."""


@dataclass(slots=True)
class Turn:
    """One key's worth: the paper at place ``at`` (None for what else was done meanwhile) and what became of it.

    ``step`` is the step of the history that it made, known once it was carried out; None if it made none.
    """

    at: int | None
    paper_id: int
    verdict: Verdict | None
    step: int | None = None


def tally(paper_ids: Sequence[int], turns: Iterable[Turn]) -> dict[Verdict, list[int]]:
    """The papers by what became of them, the last verdict of each; those without one were left."""
    last = {turn.paper_id: turn.verdict for turn in turns if turn.verdict is not None}
    found: dict[Verdict, list[int]] = {verdict: [] for verdict in Verdict}
    for paper_id in paper_ids:
        found[last.get(paper_id, Verdict.LEFT)].append(paper_id)
    return found


def tally_line(found: dict[Verdict, list[int]]) -> str:
    """Such as ``9 queued, 25 dismissed, 2 done, 4 left``."""
    return ", ".join(f"{len(ids):,} {verdict.value}" for verdict, ids in found.items() if ids)


def place_line(at: int, total: int, known: int, hidden: int) -> tuple[str, str]:
    """Where one is (``12 / 40``), and what was passed over (``23 known skipped, 2 hidden``)."""
    skipped = [f"{count:,} {word} skipped" for count, word in ((known, "known"), (hidden, "hidden")) if count]
    return f"{at + 1:,} / {total:,}", ", ".join(skipped)
