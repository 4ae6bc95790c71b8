"""Topics of a library: sorting its papers into them, and what they tell."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from reader.domain.cancellation import Cancelled, never
from reader.domain.changes import Change
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.selection import ALL_PAPERS
from reader.domain.topics import (
    LEAST_PAPERS,
    QUARTERS_SHOWN,
    Share,
    StoredTopic,
    Topic,
    TopicMap,
    TopicPlan,
    TopicsMissing,
    quarter_of,
    share_of,
    trend_of,
)
from reader.services.meaning.meaning import Meaning
from reader.storage.store import LibraryStore
from reader.storage.subject import changing
from reader.storage.topics import StoredTopics

if TYPE_CHECKING:
    from reader.meaning.space import MeaningSpace
    from reader.meaning.topic_sorting import PaperVectors, SortedPapers

_GONE = "This topic is no longer in the library."
_CENTRAL = 5
_MOST = 0.9
_NOT_READY = "Lectern is still reading the papers for the map; try again in a moment."


class Topics(StoredTopics):
    """The topics in a library. Sorting papers takes up to seconds for large libraries, so ask on no GUI thread."""

    def __init__(self, store: LibraryStore, meaning: Meaning) -> None:
        """``meaning`` gives the vectors of papers."""
        super().__init__(store)
        self._meaning = meaning
        self._known: tuple[MeaningSpace, PaperVectors] | None = None
        self._sorted: SortedPapers | None = None

    def overview(self, *, complete: bool = False, cancelled: Cancelled = never) -> TopicMap | TopicsMissing:
        """The topics with their papers, the largest first; none before :meth:`make` made them.

        With ``complete`` what is missing for them is built first. Raises
        :class:`~reader.domain.errors.WorkCancelledError`.
        """
        found = self._sort(complete=complete, cancelled=cancelled)
        if isinstance(found, TopicsMissing):
            return found
        return self._described(found)

    def paper_ids(self, topic_id: int) -> array[int]:
        """The papers of a topic, the most typical first; none without vectors, or if the topic is gone."""
        found = self._sort()
        if isinstance(found, TopicsMissing) or topic_id not in {topic.id for topic in found.topics}:
            return array("q")
        return found.members(_number_of(found.topics, topic_id))

    def name(self, topic_id: int) -> str:
        """The name of a topic; empty if it is gone."""
        return next((topic.name for topic in self.stored() if topic.id == topic_id), "")

    @changing
    def make(self, *, complete: bool = False, cancelled: Cancelled = never) -> Change:
        """Make the topics of a library that has none; no step. Nothing without vectors or with too few papers."""
        if self.stored():
            return Change()
        first = self.first_topics(complete=complete, cancelled=cancelled)
        return self.store_first(first) if first else Change()

    def first_topics(self, *, complete: bool = False, cancelled: Cancelled = never) -> Sequence[StoredTopic]:
        """The topics that :meth:`store_first` is to store; none without vectors or with too few papers."""
        vectors = self._vectors(complete=complete, cancelled=cancelled)
        if isinstance(vectors, TopicsMissing):
            return ()
        from reader.meaning.topic_sorting import first_topics

        return first_topics(vectors, self._texts, cancelled)

    def plan_update(self, *, cancelled: Cancelled = never) -> TopicPlan:
        """What sorting the papers anew, from the present topics on, would change; :meth:`update` does it.

        Raises :class:`ReaderError` while there are no topics.
        """
        from reader.meaning.topic_sorting import plan_update

        return plan_update(self._ready(cancelled), self._texts, cancelled)

    @changing
    def split(self, topic_id: int) -> Change:
        """Part a topic in two. Raises :class:`ReaderError` if its papers are too few or too much the same."""
        from reader.meaning.topic_sorting import plan_split

        found = self._ready()
        return self.store_split(plan_split(found, _number_of(found.topics, topic_id), self._texts))

    @changing
    def merge(self, topic_id: int, into: int) -> Change:
        """Merge a topic into another, which keeps its name."""
        from reader.meaning.topic_sorting import plan_merge

        found = self._ready()
        numbers = _number_of(found.topics, topic_id), _number_of(found.topics, into)
        if topic_id == into:
            raise ReaderError("Choose another topic to merge with.")
        return self.store_merge(plan_merge(found, *numbers))

    def _ready(self, cancelled: Cancelled = never) -> SortedPapers:
        """The papers sorted into topics; raises :class:`ReaderError` while that is not possible."""
        found = self._sort(complete=False, cancelled=cancelled)
        if isinstance(found, TopicsMissing) or not found.topics:
            raise ReaderError(_NOT_READY)
        return found

    def _vectors(self, *, complete: bool, cancelled: Cancelled) -> PaperVectors | TopicsMissing:
        """The papers' vectors, the same object for as long as they are the same.

        First topics wait until nearly all papers have one: they would be those of some papers otherwise.
        """
        papers = len(self._store.papers.ids(ALL_PAPERS))
        space = self._meaning.space(complete=complete, cancelled=cancelled) if papers >= LEAST_PAPERS else None
        if space is None or len(space) < LEAST_PAPERS or (len(space) < _MOST * papers and not self.stored()):
            return TopicsMissing(papers)
        from reader.meaning.topic_sorting import PaperVectors

        if self._known is None or self._known[0] is not space:
            self._known = space, PaperVectors(space.basis.id, space.paper_ids, space.rows)
        return self._known[1]

    def _sort(self, *, complete: bool = False, cancelled: Cancelled = never) -> SortedPapers | TopicsMissing:
        """The papers sorted into the present topics; kept until either changes."""
        vectors = self._vectors(complete=complete, cancelled=cancelled)
        if isinstance(vectors, TopicsMissing):
            return vectors
        topics, before = self.stored(), self._sorted
        if before is not None and before.vectors is vectors and before.topics == topics:
            return before
        from reader.meaning.topic_sorting import SortedPapers

        found = self._sorted = SortedPapers.of(vectors, topics, cancelled)
        return found

    def _texts(self, paper_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
        """Titles and abstracts of papers, by id."""
        return {text.id: (text.title, text.abstract) for text in self._store.texts.of_papers(paper_ids)}

    def _described(self, found: SortedPapers) -> TopicMap:
        """What there is to tell about topics."""
        sizes, shares = found.sizes, _shares(found, self.months())
        topics = [
            Topic(
                id=topic.id,
                name=topic.name,
                words=topic.words,
                papers=sizes[number],
                central=tuple(found.members(number)[:_CENTRAL]),
                is_named=bool(topic.given_name),
                shares=shares[number],
                trend=trend_of(shares[number]),
                place=(topic.place[0] / 10_000, topic.place[1] / 10_000),
            )
            for number, topic in enumerate(found.topics)
        ]
        order = sorted(range(len(topics)), key=lambda number: (-topics[number].papers, topics[number].id))
        dots, numbers = found.dots()
        ranks = {number: rank for rank, number in enumerate(order)}
        return TopicMap(
            topics=tuple(topics[number] for number in order),
            papers=len(self._store.papers.ids(ALL_PAPERS)),
            placed=sum(sizes),
            dots=dots,
            dot_topics=array("h", (ranks[number] for number in numbers)),
        )


def _number_of(topics: Sequence[StoredTopic], topic_id: int) -> int:
    """The place of a topic among all."""
    for number, topic in enumerate(topics):
        if topic.id == topic_id:
            return number
    raise NotFoundError(_GONE)


def _shares(found: SortedPapers, months: Mapping[int, str]) -> list[tuple[Share, ...]]:
    """The shares of each topic in the last quarters of which there are papers."""
    counts: Counter[tuple[int, str]] = Counter()
    totals: Counter[str] = Counter()
    quarters = {month: quarter_of(month) for month in set(months.values())}
    for paper_id, number in found.numbered().items():
        quarter = quarters.get(months.get(paper_id, ""))
        if quarter is not None:
            counts[number, quarter] += 1
            totals[quarter] += 1
    shown = sorted(totals)[-QUARTERS_SHOWN:]
    return [
        tuple(share_of(quarter, counts[number, quarter], totals[quarter]) for quarter in shown)
        for number in range(len(found.topics))
    ]
