"""What was decided in a triage, counted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from reader.domain.papers import PaperState
from reader.services.library.triage import TriageScope


class Verdict(Enum):
    """What a key did with a paper."""

    QUEUED = "queued"
    DISMISSED = "dismissed"
    DONE = "done"
    HIDDEN = "snoozed"
    LEFT = "skipped"
    UNSHOWN = "not shown"


STATES = {
    Verdict.QUEUED: PaperState.QUEUED,
    Verdict.DONE: PaperState.DONE,
    Verdict.DISMISSED: PaperState.DISMISSED,
}
"""The states that verdicts are."""
UNDECIDED = (Verdict.LEFT, Verdict.UNSHOWN)
"""What became of papers about which nothing was decided."""


@dataclass(slots=True)
class Turn:
    """One key's worth: the paper at place ``at`` (None for what else was done meanwhile) and what became of it.

    ``step`` is the step of the history that it made, known once it was carried out; None if it made none.
    """

    at: int | None
    paper_id: int
    verdict: Verdict | None
    step: int | None = None


def tally(paper_ids: Sequence[int], turns: Iterable[Turn], shown: int) -> dict[Verdict, list[int]]:
    """The papers by what became of them, the last verdict of each; those without one were left, if among the ``shown``.

    ``shown`` is how many papers were shown, from the first.
    """
    last = {turn.paper_id: turn.verdict for turn in turns if turn.verdict is not None}
    found: dict[Verdict, list[int]] = {verdict: [] for verdict in Verdict}
    for at, paper_id in enumerate(paper_ids):
        found[last.get(paper_id, Verdict.LEFT if at < shown else Verdict.UNSHOWN)].append(paper_id)
    return found


def tally_line(found: dict[Verdict, list[int]]) -> str:
    """Such as ``9 queued, 25 dismissed, 2 done, 4 skipped``."""
    return ", ".join(f"{len(ids):,} {verdict.value}" for verdict, ids in found.items() if ids)


def place_line(at: int, total: int, scope: TriageScope, folded: str) -> tuple[str, str]:
    """The progress (``12 / 40``), and what was passed over (``23 already known, 2 hidden``).

    ``folded`` says of what the list folds away why it does.
    """
    counts = ((scope.folded, folded), (scope.decided, "already decided"), (scope.hidden, "hidden"))
    return f"{at + 1:,} / {total:,}", ", ".join(f"{count:,} {word}" for count, word in counts if count)
