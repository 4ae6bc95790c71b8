"""States, stars, seen marks and snoozing; papers that already have the wanted value are left alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from reader.domain.changes import Change
from reader.domain.papers import PaperState
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.taste import BULK
from reader.storage.journal.journal import AUTOMATIC
from reader.storage.subject import Subject, changing, step
from reader.storage.writer import Writer, iso_time


class StoredStates(Subject):
    """States, stars, seen marks and snoozing in a library."""

    @step
    def set(self, paper_ids: Sequence[int], state: PaperState, *, at_once: bool = False) -> StepTitle:
        """Set the state of papers; queued ones go to the end of the queue in the order given, all others leave it.

        ``at_once`` says that a person chose the papers together: more than :data:`BULK` of them are marked as decided
        in bulk, which says little about each.
        """
        writer = self._writer
        given, parameters = writer.given(paper_ids)
        if state is PaperState.QUEUED:
            _append_to_queue(writer, paper_ids, given, parameters)
        else:
            writer.execute(f"DELETE FROM queue WHERE {_among(given)}", parameters)
        is_bulk = at_once and len(set(paper_ids)) > BULK
        values = parameters | {"state": state.value, "now": writer.now, "bulk": int(is_bulk)}
        update = "UPDATE states SET state = :state, changed = :now, bulk = :bulk WHERE state <> :state"
        changed = writer.touch(f"{update} AND {_among(given)}", values)
        if state is not PaperState.INBOX:
            insert = "INSERT INTO states (paper_id, state, changed, bulk) SELECT id, :state, :now, :bulk"
            changed |= writer.touch(f"{insert} {_lacking('states', given)}", values)
        else:
            # Papers moved back to the inbox must appear there even if they were imported as seen.
            writer.execute(f"UPDATE seen SET imported = 0 WHERE imported = 1 AND {_among(given)}", parameters)
        return StepKind[state.name](papers=writer.name_papers(changed))

    @step
    def set_starred(self, paper_ids: Sequence[int], starred: bool) -> StepTitle:
        """Star papers, or take their stars off."""
        changed = _star(self._writer, *self._writer.given(paper_ids), starred)
        return _star_title(self._writer, changed, starred)

    @step
    def toggle_starred(self, paper_ids: Sequence[int]) -> StepTitle:
        """Star papers, or take their stars off if all have one."""
        given = self._writer.given(paper_ids)
        new = _star(self._writer, *given, True)
        return _star_title(self._writer, new or _star(self._writer, *given, False), bool(new))

    @changing
    def set_seen(
        self, paper_ids: Sequence[int], seen: bool = True, *, automatic: bool = False, imported: bool = False
    ) -> Change:
        """Mark papers as seen or not; by moving on (``automatic``) it is no step.

        Those ``imported`` as seen stay out of the inbox.
        """
        with self._store.step(kind=AUTOMATIC if automatic else "edit") as taken:
            writer = self._writer
            given, parameters = writer.given(paper_ids)
            if seen:
                values = {"now": writer.now, "imported": int(imported)}
                insert = "INSERT INTO seen (paper_id, seen_at, imported) SELECT id, :now, :imported"
                changed = writer.touch(f"{insert} {_lacking('seen', given)}", parameters | values)
            else:
                changed = writer.touch(f"DELETE FROM seen WHERE {_among(given)}", parameters)
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
        given, parameters = writer.given(paper_ids)
        values = parameters | {"until": iso_time(until) if until is not None else None}
        update = f"UPDATE states SET buried_until = :until WHERE buried_until IS NOT :until AND {_among(given)}"
        changed = writer.touch(update, values)
        if until is None:
            return StepKind.UNSNOOZED(papers=writer.name_papers(changed))
        writer.execute(f"DELETE FROM seen WHERE {_among(given)}", parameters)
        insert = f"INSERT INTO states (paper_id, buried_until) SELECT id, :until {_lacking('states', given)}"
        changed |= writer.touch(insert, values)
        today = datetime.fromisoformat(writer.now).astimezone(until.tzinfo).date()
        named = writer.name_papers(changed)
        return StepKind.SNOOZED(day=until.date().isoformat(), today=today.isoformat(), papers=named)


def _star(writer: Writer, given: str, parameters: Mapping[str, str], starred: bool) -> set[int]:
    """Star papers or take their stars off; those that changed."""
    values = {**parameters, "starred": int(starred), "now": writer.now}
    update = "UPDATE states SET starred = :starred, starred_changed = :now WHERE starred <> :starred"
    changed = writer.touch(f"{update} AND {_among(given)}", values)
    if starred:
        insert = "INSERT INTO states (paper_id, starred, starred_changed) SELECT id, 1, :now"
        changed |= writer.touch(f"{insert} {_lacking('states', given)}", values)
    return changed


def _star_title(writer: Writer, changed: set[int], starred: bool) -> StepTitle:
    return (StepKind.STARRED if starred else StepKind.UNSTARRED)(papers=writer.name_papers(changed))


def _among(given: str) -> str:
    """The condition that a row is one of the given papers'."""
    return f"paper_id IN (SELECT id FROM {given})"


def _lacking(table: str, given: str) -> str:
    """The given papers without a row in a table."""
    return f"FROM {given} AS given WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE paper_id = given.id)"


def _append_to_queue(writer: Writer, ids: Sequence[int], given: str, parameters: dict[str, str]) -> None:
    """Append those papers to the queue that are not in it, in the order of the ids."""
    rows = writer.execute(f"SELECT id {_lacking('queue', given)}", parameters)
    new = {row[0] for row in rows}
    last = writer.execute("SELECT coalesce(max(position), 0) FROM queue").fetchone()[0]
    ordered = [paper_id for paper_id in dict.fromkeys(ids) if paper_id in new]
    places = sorted(zip(ordered, range(last + 1, last + 1 + len(ordered)), strict=True))
    writer.executemany("INSERT INTO queue (paper_id, position) VALUES (?, ?)", places)
