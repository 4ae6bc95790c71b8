"""What a library knows of its reader's taste: decisions as they stand, wishes, and examples of liked papers.

Wishes and examples are journalled; they are in copies of the whole database, and in nothing that is given to others.
Examples are texts, not papers of the library: whether one is in it is looked up when it is asked for, so that merging,
importing and removing papers need not know of them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from reader.domain.meaning import PaperText
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.taste import PaperSignals
from reader.storage.subject import Subject, step
from reader.storage.writer import id_list, iso_time

_SIGNALS = """
SELECT p.key, p.id, coalesce(st.state, 'inbox'), st.changed, coalesce(st.bulk, 0), coalesce(st.starred, 0),
    st.starred_changed, (SELECT max(created) FROM paper_tags WHERE paper_id = p.id),
    (SELECT created FROM notes WHERE paper_id = p.id), (SELECT max(created) FROM highlights WHERE paper_id = p.id),
    NULL
FROM (SELECT paper_id AS id FROM states WHERE state <> 'inbox' OR starred = 1 UNION SELECT paper_id FROM paper_tags
    UNION SELECT paper_id FROM notes UNION SELECT paper_id FROM highlights
    UNION SELECT value FROM json_each(?)) AS given
JOIN papers p ON p.id = given.id LEFT JOIN states st ON st.paper_id = p.id
"""
_EXAMPLES = "SELECT id, key, title || abstract <> '' AS has_text, added FROM taste_examples ORDER BY key, id"
"""One without a text, out of a list of identifiers, says something only if it is a paper of the library."""
_EXAMPLE_TEXTS = "SELECT -id, title, abstract FROM taste_examples"
_TAKEN = """
SELECT e.id, p.id FROM taste_examples e JOIN papers p ON p.arxiv_id = e.arxiv_id
UNION SELECT e.id, p.id FROM taste_examples e JOIN papers p ON lower(p.doi) = e.doi
    WHERE p.doi IS NOT NULL AND (e.arxiv_id IS NULL OR p.arxiv_id IS NULL)
UNION SELECT e.id, d.paper_id FROM taste_examples e JOIN further_dois d ON lower(d.doi) = e.doi
    JOIN papers p ON p.id = d.paper_id WHERE e.arxiv_id IS NULL OR p.arxiv_id IS NULL
UNION SELECT e.id, p.id FROM taste_examples e JOIN papers p ON p.title_fold = e.title_fold
    WHERE e.title_fold <> '' AND (e.arxiv_id IS NULL OR p.arxiv_id IS NULL OR e.arxiv_id = p.arxiv_id)
    AND (e.doi IS NULL OR p.doi IS NULL OR e.doi = lower(p.doi) OR e.arxiv_id = p.arxiv_id)
    AND (e.year IS NULL OR p.published IS NULL OR abs(substr(p.published, 1, 4) - e.year) <= 2)
"""
"""The papers that examples are, by the rules of :mod:`reader.domain.identity` but for their authors."""

_NAMED = "SELECT id, title, key FROM papers WHERE id IN (SELECT value FROM json_each(?))"


class Example(NamedTuple):
    """A liked paper out of a file; ``key`` is made from its identity, as the keys of papers are."""

    key: str
    title: str
    title_fold: str
    abstract: str
    arxiv_id: str | None
    doi: str | None
    year: int | None


@dataclass(frozen=True, slots=True)
class TasteWishes:
    """What the reader wants of "for you": decisions before the moment ``since`` and ``forgotten`` words left out."""

    since: str | None = None
    forgotten: tuple[str, ...] = ()
    is_off: bool = False


class StoredTaste(Subject):
    """Decisions, wishes and examples in a library."""

    def signals(self) -> list[PaperSignals]:
        """What is known of the reader's interest in papers; examples that are no papers have negative ids."""
        return self._read(_signals)

    def example_ids(self) -> frozenset[int]:
        """The negative ids of the examples; a text never changes under its id."""
        return frozenset(row[0] for row in self._rows("SELECT -id FROM taste_examples"))

    def wishes(self) -> TasteWishes:
        """What the reader wants of "for you"."""
        return self._read(_wishes)

    def example_texts(self) -> dict[int, PaperText]:
        """The text of every example, by the negative id that :meth:`signals` gives it."""
        return {number: PaperText(title, abstract) for number, title, abstract in self._rows(_EXAMPLE_TEXTS)}

    def named(self, paper_ids: Iterable[int]) -> list[tuple[int, str, str]]:
        """The ids, titles and keys of papers."""
        return self._rows(_NAMED, (id_list(paper_ids),))

    @step
    def set_forgotten(self, word: str, forgotten: bool) -> StepTitle:
        """Leave a word out of the order, or count it again."""
        if not forgotten:
            self._writer.execute("DELETE FROM taste_wishes WHERE kind = 'forgotten' AND value = ?", (word,))
            return StepKind.WORD_RECALLED(word=word)
        self._wish("forgotten", word)
        return StepKind.WORD_FORGOTTEN(word=word)

    @step
    def set_since(self, day: date | None) -> StepTitle:
        """Leave out decisions before a day; None counts all."""
        if day is None:
            self._writer.execute("DELETE FROM taste_wishes WHERE kind = 'since'")
            return StepKind.TASTE_WHOLE()
        self._set_since(day.isoformat())
        return StepKind.TASTE_SINCE(since=day.isoformat())

    @step
    def start_over(self) -> StepTitle:
        """Leave out all decisions so far, the examples, and what was wished about words; the papers stay decided."""
        self._set_since(iso_time(self._writer.clock() + timedelta(seconds=1)))
        self._writer.execute("DELETE FROM taste_wishes WHERE kind = 'forgotten'")
        self._writer.execute("DELETE FROM taste_examples")
        return StepKind.TASTE_STARTED_OVER()

    @step
    def switch(self, on: bool) -> StepTitle:
        """Switch the order on or off, with all that it shows."""
        if on:
            self._writer.execute("DELETE FROM taste_wishes WHERE kind = 'off'")
            return StepKind.TASTE_ON()
        self._wish("off", "")
        return StepKind.TASTE_OFF()

    @step
    def add_examples(self, examples: Iterable[Example], file_name: str) -> StepTitle:
        """Keep liked papers as examples, those that are kept already left alone."""
        known = {row[0] for row in self._writer.execute("SELECT key FROM taste_examples")}
        new = {example.key: example for example in examples if example.key not in known}
        for example in new.values():
            self._writer.insert("taste_examples", example._asdict() | {"added": self._writer.now})
        return StepKind.EXAMPLES_LEARNED(file=file_name, papers=len(new))

    @step
    def forget_examples(self) -> StepTitle:
        """Remove all examples."""
        self._writer.execute("DELETE FROM taste_examples")
        return StepKind.EXAMPLES_FORGOTTEN()

    def _set_since(self, moment: str) -> None:
        """Make this the moment before which decisions are left out."""
        self._writer.execute("DELETE FROM taste_wishes WHERE kind = 'since' AND value <> ?", (moment,))
        self._wish("since", moment)

    def _wish(self, kind: str, value: str) -> None:
        self._writer.insert("taste_wishes", {"kind": kind, "value": value}, conflict="OR IGNORE")


def _wishes(connection: sqlite3.Connection) -> TasteWishes:
    rows = connection.execute("SELECT kind, value FROM taste_wishes ORDER BY value").fetchall()
    since = [value for kind, value in rows if kind == "since"]
    forgotten = tuple(value for kind, value in rows if kind == "forgotten")
    return TasteWishes(max(since, default=None), forgotten, any(kind == "off" for kind, _ in rows))


def _signals(connection: sqlite3.Connection) -> list[PaperSignals]:
    examples = connection.execute(_EXAMPLES).fetchall()
    papers: dict[int, int] = {}
    if examples:
        for example_id, paper_id in connection.execute(f"{_TAKEN} ORDER BY 1, 2"):
            papers.setdefault(example_id, paper_id)
    added = {papers[number]: moment for number, _, _, moment in examples if number in papers}
    rows = connection.execute(_SIGNALS, (id_list(added),))
    found = list(map(PaperSignals._make, rows))
    if added:
        found = [each._replace(example_added=added.get(each.paper_id)) for each in found]
    found += [
        PaperSignals(key, -number, example_added=moment)
        for number, key, has_text, moment in examples
        if has_text and number not in papers
    ]
    return found
