"""Triage: which papers are to be decided one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reader.domain.selection import INBOX, PaperFilter
from reader.services.library.part import LibraryPart


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


class Triaging(LibraryPart):
    """What triage asks of the library."""

    def triage_scope(self, paper_ids: Sequence[int], *, folded: int = 0, all_of_them: bool = False) -> TriageScope:
        """Those of some papers that are undecided and not hidden, in their order; with ``all_of_them`` every one.

        ``folded`` papers were left out by the caller and are counted as such.
        """
        newest = self._store.history(1, undone=False)
        last_step = newest[0].id if newest else 0
        if all_of_them:
            return TriageScope(tuple(paper_ids), folded, last_step=last_step)
        undecided = set(self._store.paper_ids(PaperFilter(settled=False, ids=paper_ids)))
        visible = set(self._store.paper_ids(replace(INBOX, ids=paper_ids)))
        scope = tuple(dict.fromkeys(paper_id for paper_id in paper_ids if paper_id in visible))
        decided = len(set(paper_ids)) - len(undecided)
        return TriageScope(scope, folded, decided, len(undecided) - len(visible), last_step)
