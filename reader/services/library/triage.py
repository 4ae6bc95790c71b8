"""Triage: which papers are to be decided one after the other, and dismissing what has waited for too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, PaperFilter
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.time_spans import parse_day_back
from reader.storage.subject import Subject, step


@dataclass(frozen=True, slots=True)
class TriageScope:
    """The papers to decide, in order; how many the list folds away, and were left out as decided or hidden.

    ``last_step`` is the newest step there was before (0 if there was none): undoing all after it takes back everything.
    """

    paper_ids: tuple[int, ...]
    folded: int = 0
    decided: int = 0
    hidden: int = 0
    last_step: int = 0


@dataclass(frozen=True, slots=True)
class CatchUpPlan:
    """What catching up would do: papers of the inbox last listed before ``day`` are dismissed, the others stay."""

    day: date
    dismissed: int
    left: int


class Triage(Subject):
    """Deciding papers one after the other, and the inbox after a long time away."""

    def scope(self, paper_ids: Sequence[int], *, folded: int = 0, all_of_them: bool = False) -> TriageScope:
        """Those of some papers that are undecided and not hidden, in their order; with ``all_of_them`` every one.

        ``folded`` papers were left out by the caller and are counted as such.
        """
        newest = self._store.history.steps(1, undone=False)
        last_step = newest[0].id if newest else 0
        if all_of_them:
            return TriageScope(tuple(paper_ids), folded, last_step=last_step)
        undecided = set(self._store.papers.ids(PaperFilter(settled=False, ids=paper_ids)))
        visible = set(self._store.papers.ids(replace(INBOX, ids=paper_ids)))
        scope = tuple(dict.fromkeys(paper_id for paper_id in paper_ids if paper_id in visible))
        decided = len(set(paper_ids)) - len(undecided)
        return TriageScope(scope, folded, decided, len(undecided) - len(visible), last_step)

    def catch_up_plan(self, older_than: str) -> CatchUpPlan:
        """What :meth:`catch_up` would do; raises as that does."""
        day = parse_day_back(older_than, self._store.today())
        old = len(self._store.papers.ids(_older(day)))
        return CatchUpPlan(day, old, len(self._store.papers.ids(INBOX)) - old)

    @step
    def catch_up(self, older_than: str) -> StepTitle:
        """Dismiss the papers of the inbox that no listing of the last days has: "2w", "10 days", "2026-11-01".

        One undoable step. Raises :class:`~reader.domain.time_spans.TimeSpanError` where the text names no day that is
        past.
        """
        ids = self._store.papers.ids(_older(parse_day_back(older_than, self._store.today())))
        self._store.states.set(ids, PaperState.DISMISSED, at_once=True)
        return StepKind.CAUGHT_UP(papers=self._writer.name_papers(ids))


def _older(day: date) -> PaperFilter:
    """The inbox's papers last listed before a day."""
    return replace(INBOX, listed_before=day.isoformat())
