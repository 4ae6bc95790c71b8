"""A reader's taste: the order "for you", its reasons, what was learned, and the reader's wishes about it.

Nothing is learned that is kept: the model follows from the decisions as they stand, so that taking a decision back
takes back what was learned from it.
"""

from __future__ import annotations

import threading
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.keys import key_candidates, paper_identity
from reader.domain.meaning import PaperText
from reader.domain.preparation import PreparedRecord
from reader.domain.stubs import is_stub
from reader.domain.taste import (
    ENOUGH_LIKED,
    Decision,
    Learned,
    PaperPart,
    PaperSignals,
    Reasons,
    TasteOrder,
    TasteStatus,
    TopicTaste,
    WordPart,
    decision_of,
    explored,
    kept_in_place,
    missing,
)
from reader.domain.time_spans import parse_day_back
from reader.domain.words import search_words
from reader.services.imports.parser import ListingParser
from reader.services.imports.source_archive import SourceArchive
from reader.services.meaning.meaning import Meaning
from reader.services.meaning.topics import Topics
from reader.storage.store import LibraryStore
from reader.storage.subject import changing
from reader.storage.taste import Example, StoredTaste, TasteWishes

if TYPE_CHECKING:
    from reader.meaning.library_taste import LibraryTaste
    from reader.meaning.space import MeaningSpace

_MOST_WORDS = 15
_TEXTS_READ = 400
_LONGEST_WISH = 4
_MOST_EXAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class _Learning:
    """What an order rests on: the decisions that count, the wishes, and how many decisions were left out."""

    decisions: list[Decision]
    wishes: TasteWishes
    left_out: int

    @property
    def missing(self) -> tuple[int, int]:
        """The liked and the dismissed papers that are missing for a beginning."""
        return missing(self.decisions)

    @property
    def status(self) -> TasteStatus:
        """How far the order is where papers can be compared."""
        if self.wishes.is_off:
            return TasteStatus.OFF
        if any(self.missing):
            return TasteStatus.NEEDS
        few = sum(decision.is_liked for decision in self.decisions) < ENOUGH_LIKED
        return TasteStatus.GUESSING if few else TasteStatus.LEARNED

    @property
    def status_without_space(self) -> TasteStatus:
        """How far the order is where papers cannot be compared."""
        return TasteStatus.UNREADY if self.status.is_order else self.status

    def order_of(self, paper_ids: array[int], *, is_ready: bool, outside: frozenset[int] = frozenset()) -> TasteOrder:
        """An order of papers that rests on this; ``is_ready`` says whether papers can be compared."""
        status = self.status if is_ready else self.status_without_space
        learned_from = frozenset(self.decisions)
        return TasteOrder(paper_ids, status, self.missing, outside, learned_from, self.wishes.forgotten)


class Taste(StoredTaste):
    """The order "for you" of a library; any thread may use it. Every wish is an undoable step."""

    def __init__(self, store: LibraryStore, meaning: Meaning, topics: Topics, sources: SourceArchive) -> None:
        super().__init__(store)
        self._topics = topics
        self._meaning, self._sources = meaning, sources
        self._lock = threading.Lock()
        self._kept: LibraryTaste | None = None
        self._decided: dict[PaperSignals, Decision | None] = {}
        """The signals as they were last, with what they amount to: most are the same after a decision."""

    # Reading

    def status(self, *, complete: bool = False) -> TasteOrder:
        """How far the order is, without any papers, for what is shown beside it; ``complete`` as in :meth:`order`."""
        learning = self._learning()
        is_ready = self._space_for(learning, complete) is not None
        return learning.order_of(array("q"), is_ready=is_ready)

    def today(self) -> date:
        """The day that papers from outside the usual are drawn for."""
        return self._store.today()

    def day(self, text: str) -> date:
        """The day that a text names ("2w", "today", …), for :meth:`leave_out_before`; raises TimeSpanError."""
        return parse_day_back(text, self._store.today(), or_today=True)

    def order(
        self,
        paper_ids: Sequence[int],
        *,
        exploring: date | None = None,
        complete: bool = False,
        cancelled: Cancelled = never,
    ) -> TasteOrder:
        """Papers in the order of the reader's taste; as they are given while there is no order.

        ``exploring`` gives every tenth place to a paper from outside the usual, drawn for that day. With ``complete``
        vectors that are missing are made first, which may take minutes; otherwise papers without one stand in the
        middle. Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """
        given, learning = array("q", dict.fromkeys(paper_ids)), self._learning()
        space = self._space_for(learning, complete, cancelled)
        if space is None:
            return learning.order_of(given, is_ready=False)
        with self._learned(space, learning) as taste:
            ordered, outside = taste.order(given), frozenset[int]()
        if exploring is not None:
            ordered, outside = explored(ordered, self._keys(given), exploring)
        return learning.order_of(array("q", ordered), is_ready=True, outside=outside)

    def standing_order(self, paper_ids: Sequence[int], standing: TasteOrder) -> TasteOrder:
        """An order that stands still while papers come and go: ``standing``, with others in the places they would have.

        What was decided since moves nothing; where ``standing`` is no order, the papers stay as they are given.
        """
        given = array("q", dict.fromkeys(paper_ids))
        if standing.status.is_order:
            is_known = set(standing.paper_ids).issuperset(given)
            wanted = set(given)
            fresh = [each for each in standing.paper_ids if each in wanted] if is_known else self.order(given).paper_ids
            given = array("q", kept_in_place(standing.paper_ids, fresh))
        return replace(standing, paper_ids=given)

    def scores(self, paper_ids: Sequence[int]) -> dict[int, float]:
        """The scores of papers in standard deviations of the library; empty while there is no order.

        Papers whose vectors are not made yet have 0, as the average paper.
        """
        learning = self._learning()
        space = self._space_for(learning)
        if space is None:
            return {}
        with self._learned(space, learning) as taste:
            return dict(zip(paper_ids, taste.scores(paper_ids), strict=True))

    def reasons(self, paper_id: int, *, complete: bool = False) -> Reasons | None:
        """Why a paper has its place; None while there is no order, or no vector of the paper."""
        learning = self._learning()
        space = self._space_for(learning, complete)
        if space is None or paper_id not in space.place_of:
            return None
        text = next(iter(self._texts([paper_id])), PaperText(""))
        with self._learned(space, learning) as taste:
            always, lately = taste.parts(paper_id)
            by_paper = taste.paper_parts(paper_id)
            words = taste.word_parts(paper_id, text)
        return Reasons(
            (always + lately) / 2,
            tuple(WordPart(word, part) for word, part in _largest(words)),
            self._paper_parts(_largest(by_paper), learning),
            always,
            lately,
        )

    def learned(self, *, complete: bool = False, cancelled: Cancelled = never) -> Learned:
        """What was learned, and how well it has foretold, which takes a second or two.

        Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
        """
        learning = self._learning()
        space = self._space_for(learning, complete, cancelled)
        liked = sum(decision.is_liked for decision in learning.decisions)
        found = Learned(
            status=learning.status if space is not None else learning.status_without_space,
            missing=learning.missing,
            liked=liked,
            dismissed=len(learning.decisions) - liked,
            examples=len(self.example_ids()),
            left_out=learning.left_out,
            since=learning.wishes.since,
            forgotten=learning.wishes.forgotten,
        )
        return found if space is None else self._described(found, space, learning, cancelled)

    # Wishes

    @changing
    def forget(self, word: str) -> Change:
        """Give a word, or two neighbouring words, no weight; raises :class:`ReaderError` for a text of other length."""
        return self.set_forgotten(_checked_word(word), True)

    @changing
    def recall(self, word: str) -> Change:
        """Give a forgotten word the weight it has again; raises :class:`NotFoundError` if it was not forgotten."""
        word = _checked_word(word)
        if word not in self.wishes().forgotten:
            raise NotFoundError(f"“{word}” was not forgotten; “lectern learned” lists the words that were.")
        return self.set_forgotten(word, False)

    @changing
    def leave_out_before(self, day: date | None) -> Change:
        """Leave out decisions before a day; None counts all again."""
        return self.set_since(day)

    @changing
    def learn_from_file(self, path: Path) -> Change:
        """Keep the papers of a file (BibTeX, RIS, JSON, …) as examples of liked papers, in one step.

        They do not become papers of the library. Raises :class:`ReaderError` for a file of none, or of too many.
        """
        examples = list(self._examples_in(path))
        if not examples:
            raise ReaderError(f"There are no papers with titles in {path.name}; choose another file.")
        if len(examples) > _MOST_EXAMPLES:
            raise ReaderError(
                f"There are {len(examples):,} papers in {path.name}; "
                f"choose a file of at most {_MOST_EXAMPLES:,} papers that you like."
            )
        return self.add_examples(examples, path.name)

    # Parts

    def _learning(self) -> _Learning:
        """The decisions that count, by key."""
        wishes = self.wishes()
        since = wishes.since or ""
        before = self._decided
        decided = {each: before[each] if each in before else decision_of(each) for each in self.signals()}
        self._decided = decided
        decisions = sorted(filter(None, decided.values()))
        counted = [decision for decision in decisions if decision.moment >= since]
        return _Learning(counted, wishes, len(decisions) - len(counted))

    def _space_for(
        self, learning: _Learning, complete: bool = False, cancelled: Cancelled = never
    ) -> MeaningSpace | None:
        """The vectors to learn in; None without an order."""
        return self._meaning.space(complete=complete, cancelled=cancelled) if learning.status.is_order else None

    @contextmanager
    def _learned(self, space: MeaningSpace, learning: _Learning) -> Iterator[LibraryTaste]:
        """The taste that was learned, for one thread at a time."""
        from reader.meaning.library_taste import LibraryTaste

        examples = self.example_ids()
        with self._lock:
            if self._kept is None or self._kept.space is not space or self._kept.examples.keys() != examples:
                self._kept = LibraryTaste(space, self.example_texts())
            self._kept.learn(learning.decisions, learning.wishes.forgotten)
            yield self._kept

    def _described(self, found: Learned, space: MeaningSpace, learning: _Learning, cancelled: Cancelled) -> Learned:
        """What was learned, with its words and how well it has foretold."""
        newest = sorted(learning.decisions, key=lambda each: (each.moment, each.key))[-_TEXTS_READ:]
        texts = self._texts([each.paper_id for each in newest])
        with self._learned(space, learning) as taste:
            texts += taste.examples.values()
            for_it, against = taste.weighty_words(texts, _MOST_WORDS)
        return replace(
            found,
            words_for=tuple(WordPart(*each) for each in for_it),
            words_against=tuple(WordPart(*each) for each in against),
            foretelling=taste.foretell(learning.decisions, cancelled),
            topics=self._decided_topics(learning),
        )

    def _decided_topics(self, learning: _Learning) -> tuple[TopicTaste, ...]:
        """The topics with decided papers, those with most first."""
        decided = {each.paper_id: each.is_liked for each in learning.decisions}
        found = []
        for topic in self._topics.stored():
            liked = [decided[paper_id] for paper_id in self._topics.paper_ids(topic.id) if paper_id in decided]
            if liked:
                found.append(TopicTaste(topic.name, sum(liked), len(liked) - sum(liked)))
        return tuple(sorted(found, key=lambda each: (-each.kept - each.dismissed, each.name)))

    def _paper_parts(self, parts: list[tuple[int, float]], learning: _Learning) -> tuple[PaperPart, ...]:
        """The parts of decided papers, with what they are called."""
        titles = {paper_id: title for paper_id, title, _ in self.named([each for each, _ in parts])}
        titles |= {number: text.title for number, text in self.example_texts().items()}
        decided = {each.paper_id: each for each in learning.decisions}
        return tuple(
            PaperPart(
                decided[number].key, titles.get(number, ""), part, decided[number].is_liked, max(number, 0) or None
            )
            for number, part in parts
        )

    def _texts(self, paper_ids: Sequence[int]) -> list[PaperText]:
        """The texts of papers."""
        return [PaperText(each.title, each.abstract) for each in self._store.texts.of_papers(paper_ids)]

    def _keys(self, paper_ids: Sequence[int]) -> dict[int, str]:
        """The keys of papers."""
        return {paper_id: key for paper_id, _, key in self.named(paper_ids)}

    def _examples_in(self, path: Path) -> Iterator[Example]:
        """The papers of a file."""
        incoming = self._sources.take(path)
        try:
            with ListingParser(today=self._store.today()) as parser:
                for prepared in parser.parse(incoming).records:
                    if prepared.record.title.strip():
                        yield _example(prepared)
        finally:
            self._sources.discard(incoming)


def _example(prepared: PreparedRecord) -> Example:
    """A record as an example."""
    record, identity = prepared.record, prepared.identity
    key = next(key_candidates(paper_identity(record.arxiv_id, prepared.fold, record.title, record.abstract or "")))
    doi = min(identity.dois, default=None)
    title = "" if is_stub(record.title, record.arxiv_id, record.doi, record.url) else record.title
    return Example(key, title, prepared.fold, record.abstract or "", record.arxiv_id, doi, identity.year)


def _largest(parts: Mapping[Any, float]) -> list[tuple[Any, float]]:
    """Parts, the largest first, be they for or against."""
    return sorted(parts.items(), key=lambda each: (-abs(each[1]), str(each[0])))


def _checked_word(word: str) -> str:
    """A word or a pair, folded; raises :class:`ReaderError` for anything else."""
    words = search_words(word)
    if not 1 <= len(words) <= _LONGEST_WISH:
        raise ReaderError("Name one word, or a few words that stand beside each other.")
    return " ".join(words)
