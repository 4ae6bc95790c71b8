"""Mute rules, and the papers that they hide."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from reader.domain.annotations import MuteRule
from reader.domain.changes import Change, Field, NewsKind
from reader.domain.step_titles import StepKind, StepTitle
from reader.storage.journal.news import tell
from reader.storage.named_rows import checked_name, delete_named, require_row
from reader.storage.subject import Subject, changing, making_step, step
from reader.storage.writer import id_list


class StoredMutes(Subject):
    """Mute rules in a library; another module works out which papers they hide."""

    def all(self) -> list[MuteRule]:
        """The mute rules, oldest first."""
        return self._read(read_mute_rules)

    @making_step
    def add(self, name: str, query: str) -> tuple[int, StepTitle]:
        """Add a mute rule; its id."""
        name = checked_name(name)
        cursor = self._writer.execute("INSERT INTO mute_rules (name, query) VALUES (?, ?)", (name, query))
        assert cursor.lastrowid is not None
        return cursor.lastrowid, StepKind.MUTED(name=name)

    @step
    def update(self, rule: MuteRule) -> StepTitle:
        """Change the given values of a mute rule."""
        name = checked_name(rule.name)
        require_row(self._writer, "mute_rules", rule.id)
        self._writer.execute(
            "UPDATE mute_rules SET name = ?, query = ?, enabled = ? WHERE id = ?",
            (name, rule.query, int(rule.enabled), rule.id),
        )
        return StepKind.MUTE_CHANGED(name=name)

    @step
    def delete(self, rule_id: int) -> StepTitle:
        """Delete a mute rule."""
        return StepKind.UNMUTED(name=delete_named(self._writer, "mute_rules", rule_id))

    @changing
    def set_papers(self, paper_ids: Iterable[int]) -> Change:
        """Make exactly these papers the muted ones. This is derived from the rules, so it is never a step."""
        with self._store.unrecorded() as writer:
            writer.give(paper_ids)
            wanted = {row[0] for row in writer.execute("SELECT id FROM given")}
            present = {row[0] for row in writer.execute("SELECT paper_id FROM muted")}
            gone, new = present - wanted, wanted - present
            writer.execute("DELETE FROM muted WHERE paper_id IN (SELECT value FROM json_each(?))", (id_list(gone),))
            writer.execute("INSERT INTO muted (paper_id) SELECT value FROM json_each(?)", (id_list(new),))
            if gone or new:
                tell(writer, NewsKind.AUTOMATIC, None, ("muted",), gone | new)
        return Change.of(Field.MUTED, paper_ids=gone | new) if gone or new else Change()


def read_mute_rules(connection: sqlite3.Connection) -> list[MuteRule]:
    """The mute rules, oldest first."""
    rows = connection.execute("SELECT id, name, query, enabled FROM mute_rules ORDER BY id")
    return [MuteRule(row[0], row[1], row[2], bool(row[3])) for row in rows]
