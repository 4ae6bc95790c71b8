"""Mute rules, whose papers the inbox does not show."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from reader.domain.annotations import MuteRule
from reader.domain.changes import Change, Field
from reader.domain.errors import ReaderError
from reader.domain.query import Everything, Unknown, parse_query, without_muting
from reader.domain.selection import INBOX, MUTED, PaperFilter
from reader.services.search.searcher import Searcher
from reader.storage.mute_rules import StoredMutes
from reader.storage.store import LibraryStore
from reader.storage.subject import changing


class Mutes(StoredMutes):
    """All that can be done with mute rules. Every change of one is an undoable step."""

    def __init__(self, store: LibraryStore, searcher: Searcher) -> None:
        super().__init__(store)
        self._searcher = searcher

    def preview(self, query: str) -> array[int]:
        """The papers now in the inbox that a rule would hide, newest first; raises as :meth:`add`."""
        self._check_rule(query)
        return self._store.papers.ids(replace(INBOX, ids=self._muted_by(query), muted=None))

    def papers(self) -> array[int]:
        """The papers that would be in the inbox if no rule hid them, newest first."""
        return self._store.papers.ids(MUTED)

    def by_rule(self) -> list[tuple[MuteRule, array[int]]]:
        """Every rule with the papers of the inbox that it hides, or would hide if it were on."""
        return [(rule, self.preview(rule.query)) for rule in self.all()]

    @changing
    def add(self, name: str, query: str) -> tuple[int, Change]:
        """Add a rule and hide its papers; its id.

        Raises :class:`ReaderError` for a query that means all papers, or holds what is not understood.
        """
        self._check_rule(query)
        rule_id, change = super().add(name, query)
        return rule_id, self.after(change)

    @changing
    def update(self, rule: MuteRule) -> Change:
        """Change a rule to what is given, switched on or off included; raises as :meth:`add`."""
        if rule.enabled:  # one that is no longer understood can be switched off
            self._check_rule(rule.query)
        return self.after(super().update(rule))

    @changing
    def delete(self, rule_id: int) -> Change:
        """Delete a rule and show its papers again."""
        return self.after(super().delete(rule_id))

    @changing
    def refresh(self) -> Change:
        """Work out anew whom the rules hide; no step, as it follows from the rules.

        Rules, imports and undo do this by themselves. For when all is quiet, as a rule may ask for tags or notes.
        """
        queries = [rule.query for rule in self.all() if rule.enabled]
        if not queries and not self._store.papers.ids(PaperFilter(muted=True)):
            return Change()
        return self.set_papers({paper_id for query in queries for paper_id in self._muted_by(query)})

    @changing
    def after(self, change: Change) -> Change:
        """A change of rules or of what listings said, with that of the papers which mute rules hide now."""
        return change.joined_with(self.refresh()) if change.touches(Field.MUTE_RULES, Field.LISTINGS) else change

    def _muted_by(self, query: str) -> Sequence[int]:
        """The papers that a rule's query means; of the inbox as it is without rules, as they would undo each other."""
        parsed = parse_query(query, today=self._store.today())
        return self._searcher.find(replace(parsed, node=without_muting(parsed.node), sort=None), exact=True)

    def _check_rule(self, query: str) -> None:
        """Raise for the query of a rule that would hide everything, or of which nobody can tell what it would hide."""
        parsed = parse_query(query, today=self._store.today())
        if isinstance(parsed.node, Everything):
            raise ReaderError("A mute rule needs words or conditions: without any it would hide every paper.")
        if isinstance(parsed.node, Unknown):
            raise ReaderError(f"This mute rule would hide nothing. {' '.join(parsed.messages)}")
