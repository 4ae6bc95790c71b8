"""States, stars, seen marks and snoozing; papers that already have the wanted value are left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.taste import BULK
from reader.storage.journal.journal import AUTOMATIC
from reader.storage.subject import Subject, changing, step
from reader.storage.writer import Writer, iso_time

_WITHOUT_STATE = "FROM given WHERE NOT EXISTS (SELECT 1 FROM states WHERE paper_id = given.id)"
_UNSEEN = _WITHOUT_STATE.replace("states", "seen")
_UNQUEUED = _WITHOUT_STATE.replace("states", "queue")
_IN_GIVEN = "paper_id IN (SELECT id FROM given)"


class StoredStates(Subject):
    """States, stars, seen marks and snoozing in a library."""

    @step
    def set(self, paper_ids: Sequence[int], state: PaperState, *, at_once: bool = False) -> StepTitle:
        """Set the state of papers; queued ones go to the end of the queue in the order given, all others leave it.

        ``at_once`` says that a person chose the papers together: more than :data:`BULK` of them are marked as decided
        in bulk, which says little about each.
        """
        writer = self._writer
        given = writer.give(paper_ids)
        parameters = {"state": state.value, "now": writer.now, "bulk": int(at_once and given > BULK)}
        if state is PaperState.QUEUED:
            _append_to_queue(writer, paper_ids)
        else:
            writer.execute(f"DELETE FROM queue WHERE {_IN_GIVEN}")
        update = f"UPDATE states SET state = :state, changed = :now, bulk = :bulk WHERE state <> :state AND {_IN_GIVEN}"
        changed = writer.touch(update, parameters)
        if state is not PaperState.INBOX:
            insert = (
                f"INSERT INTO states (paper_id, state, changed, bulk) SELECT id, :state, :now, :bulk {_WITHOUT_STATE}"
            )
            changed |= writer.touch(insert, parameters)
        else:
            # Papers moved back to the inbox must appear there even if they were imported as seen.
            writer.execute(f"UPDATE seen SET imported = 0 WHERE imported = 1 AND {_IN_GIVEN}")
        return StepKind[state.name](papers=writer.name_papers(changed))

    @step
    def set_starred(self, paper_ids: Sequence[int], starred: bool) -> StepTitle:
        """Star papers, or take their stars off."""
        writer = self._writer
        writer.give(paper_ids)
        parameters = {"starred": int(starred), "now": writer.now}
        update = (
            f"UPDATE states SET starred = :starred, starred_changed = :now WHERE starred <> :starred AND {_IN_GIVEN}"
        )
        changed = writer.touch(update, parameters)
        if starred:
            insert = f"INSERT INTO states (paper_id, starred, starred_changed) SELECT id, 1, :now {_WITHOUT_STATE}"
            changed |= writer.touch(insert, parameters)
        return (StepKind.STARRED if starred else StepKind.UNSTARRED)(papers=writer.name_papers(changed))

    @changing
    def set_seen(
        self, paper_ids: Sequence[int], seen: bool = True, *, automatic: bool = False, imported: bool = False
    ) -> Change:
        """Mark papers as seen or not; by moving on (``automatic``) it is no step.

        Those ``imported`` as seen stay out of the inbox.
        """
        with self._store.step(kind=AUTOMATIC if automatic else "edit") as taken:
            writer = self._writer
            writer.give(paper_ids)
            if seen:
                insert = f"INSERT INTO seen (paper_id, seen_at, imported) SELECT id, ?, ? {_UNSEEN}"
                changed = writer.touch(insert, (writer.now, int(imported)))
            else:
                changed = writer.touch(f"DELETE FROM seen WHERE {_IN_GIVEN}")
            kind = StepKind.SEEN if seen else StepKind.UNSEEN
            taken.title = kind(papers=writer.name_papers(changed))
        return taken.change

    @step
    def bury_until(self, paper_ids: Sequence[int], until: datetime | None) -> StepTitle:
        """Hide papers until a moment; None shows them again. Nothing needs to run when the moment comes.

        The papers become unseen, because they should be looked at again when they return. The step's title names the
        day of the moment in its own time zone, which is the day that the user named.
        """
        writer = self._writer
        writer.give(paper_ids)
        moment = iso_time(until) if until is not None else None
        update = f"UPDATE states SET buried_until = :until WHERE buried_until IS NOT :until AND {_IN_GIVEN}"
        changed = writer.touch(update, {"until": moment})
        if until is None:
            return StepKind.UNSNOOZED(papers=writer.name_papers(changed))
        writer.execute(f"DELETE FROM seen WHERE {_IN_GIVEN}")
        insert = f"INSERT INTO states (paper_id, buried_until) SELECT id, ? {_WITHOUT_STATE}"
        changed |= writer.touch(insert, (moment,))
        today = datetime.fromisoformat(writer.now).astimezone(until.tzinfo).date()
        named = writer.name_papers(changed)
        return StepKind.SNOOZED(day=until.date().isoformat(), today=today.isoformat(), papers=named)


def _append_to_queue(writer: Writer, ids: Sequence[int]) -> None:
    """Append those papers to the queue that are not in it, in the order of the ids."""
    rows = writer.execute(f"SELECT id {_UNQUEUED}")
    new = {row[0] for row in rows}
    last = writer.execute("SELECT coalesce(max(position), 0) FROM queue").fetchone()[0]
    ordered = [paper_id for paper_id in dict.fromkeys(ids) if paper_id in new]
    places = sorted(zip(ordered, range(last + 1, last + 1 + len(ordered)), strict=True))
    writer.executemany("INSERT INTO queue (paper_id, position) VALUES (?, ?)", places)
