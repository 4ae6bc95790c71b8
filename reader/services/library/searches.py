"""Saved searches, and mute rules, whose papers the inbox does not show."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from reader.domain.annotations import MuteRule, SavedSearch
from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.query import Chip, Everything, Unknown, parse_query, remove_chip, without_muting
from reader.domain.selection import INBOX, MUTED, PaperFilter
from reader.services.library.part import LibraryPart


class SearchKeeping(LibraryPart):
    """All that can be done with saved searches and mute rules. Every change is one undoable step."""

    def saved_searches(self) -> list[SavedSearch]:
        """The saved searches in their order."""
        return self._store.saved_searches()

    def save_search(self, name: str, query: str, *, sort: str = "", number: int | None = None) -> tuple[int, Change]:
        """Keep a search; its id. A ``number`` from 1 to 9 is taken from the search that has it."""
        return self._store.save_search(name, query, sort, number)

    def update_search(self, search: SavedSearch) -> Change:
        """Change a saved search to what is given."""
        return self._store.update_search(search)

    def order_searches(self, search_ids: Sequence[int]) -> Change:
        """Put the saved searches in an order."""
        return self._store.order_searches(search_ids)

    def delete_search(self, search_id: int) -> Change:
        """Delete a saved search."""
        return self._store.delete_search(search_id)

    # What a search is made of

    def organization_names(self) -> list[str]:
        """The organisations with the most papers, those first: what to complete ``org:`` with."""
        return self._store.organization_names()

    def without_part(self, query: str, part: Chip) -> str:
        """A query's text without one of its parts."""
        return remove_chip(query, part, today=self._today())

    def query_like(self, paper_id: int) -> str:
        """A query for papers like this one: any of the words that tell it from others, the closest first.

        Empty where nothing tells it from others. Raises :class:`NotFoundError` where there is no such paper.
        """
        words = self._searcher.key_words(paper_id)
        return f"{' OR '.join(words)} sort:relevance" if words else ""

    # Mute rules

    def mute_rules(self) -> list[MuteRule]:
        """The mute rules, oldest first."""
        return self._store.mute_rules()

    def preview_mute_rule(self, query: str) -> array[int]:
        """The papers now in the inbox that a rule would hide, newest first; raises as :meth:`add_mute_rule`."""
        self._check_rule(query)
        return self._store.paper_ids(replace(INBOX, ids=self._muted_by(query), muted=None))

    def muted_papers(self) -> array[int]:
        """The papers that would be in the inbox if no rule hid them, newest first."""
        return self._store.paper_ids(MUTED)

    def muted_by_rule(self) -> list[tuple[MuteRule, array[int]]]:
        """Every rule with the papers of the inbox that it hides, or would hide if it were on."""
        return [(rule, self.preview_mute_rule(rule.query)) for rule in self.mute_rules()]

    def add_mute_rule(self, name: str, query: str) -> tuple[int, Change]:
        """Add a rule and hide its papers; its id.

        Raises :class:`ReaderError` for a query that means all papers, or holds what is not understood.
        """
        self._check_rule(query)
        rule_id, change = self._store.add_mute_rule(name, query)
        return rule_id, self._muting_after(change)

    def update_mute_rule(self, rule: MuteRule) -> Change:
        """Change a rule to what is given, switched on or off included; raises as :meth:`add_mute_rule`."""
        if rule.enabled:  # one that is no longer understood can be switched off
            self._check_rule(rule.query)
        return self._muting_after(self._store.update_mute_rule(rule))

    def delete_mute_rule(self, rule_id: int) -> Change:
        """Delete a rule and show its papers again."""
        return self._muting_after(self._store.delete_mute_rule(rule_id))

    def refresh_muted(self) -> Change:
        """Work out anew whom the rules hide; no step, as it follows from the rules.

        Rules, imports and undo do this by themselves. For when all is quiet, as a rule may ask for tags or notes.
        """
        queries = [rule.query for rule in self.mute_rules() if rule.enabled]
        if not queries and not self._store.paper_ids(PaperFilter(muted=True)):
            return Change("")
        return self._store.set_muted({paper_id for query in queries for paper_id in self._muted_by(query)})

    def _muted_by(self, query: str) -> Sequence[int]:
        """The papers that a rule's query means; of the inbox as it is without rules, as they would undo each other."""
        parsed = parse_query(query, today=self._today())
        return self._searcher.find(replace(parsed, node=without_muting(parsed.node)), exact=True).paper_ids

    def _check_rule(self, query: str) -> None:
        """Raise for the query of a rule that would hide everything, or of which nobody can tell what it would hide."""
        parsed = parse_query(query, today=self._today())
        if isinstance(parsed.node, Everything):
            raise ReaderError("A mute rule needs words or conditions: without any it would hide every paper.")
        if isinstance(parsed.node, Unknown):
            raise ReaderError(f"This mute rule would hide nothing. {' '.join(parsed.messages)}")
