"""A library's papers sorted into its topics, and plans to sort them otherwise; ids, numbers and texts go in and out."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from reader.domain.cancellation import Cancelled, never
from reader.domain.errors import ReaderError
from reader.domain.topics import StoredTopic, TopicPlan
from reader.meaning import topic_picture, topics
from reader.meaning.arrays import Integers, Rows
from reader.meaning.topic_names import PAPERS_READ, TopicTerms, stems_of
from reader.meaning.topics import Centres, Floats, Labels

Texts = Callable[[Sequence[int]], Mapping[int, tuple[str, str]]]
"""Gives titles and abstracts of papers, by id."""
_EXAMPLES = 200
_READ_OF_OTHERS = 12
"""So many papers of each other topic tell which words of a part are everywhere."""
_DOTS = 20_000
_LEAST_PART = 3
_PLACES = 10_000
_REACH = 1.25


@dataclass(frozen=True, slots=True, eq=False)
class PaperVectors:
    """The vectors of a library's papers under one basis, in the order of their keys."""

    basis: str
    paper_ids: Integers
    rows: Rows


@dataclass(frozen=True, slots=True, eq=False)
class SortedPapers:
    """Papers sorted into topics. ``numbers`` are their topics by number, -1 for none; ``nearest`` how typical each is.

    ``owners`` is the topic of each centre, by number.
    """

    vectors: PaperVectors
    topics: tuple[StoredTopic, ...]
    centres: Centres
    owners: Labels
    numbers: Labels
    nearest: Floats

    @classmethod
    def of(cls, vectors: PaperVectors, stored: Sequence[StoredTopic], cancelled: Cancelled = never) -> SortedPapers:
        """Sort papers into topics."""
        centres, owners = _centres_of(vectors, stored)
        return cls(vectors, tuple(stored), centres, owners, *_sorted(vectors.rows, centres, owners, cancelled))

    @property
    def sizes(self) -> list[int]:
        """The number of papers of each topic."""
        return [int(count) for count in _sizes(self.numbers, len(self.topics))]

    def members(self, number: int) -> array[int]:
        """The papers of a topic, by id, the most typical first."""
        own = _most_typical(np.flatnonzero(self.numbers == number), self.nearest)
        return array("q", self.vectors.paper_ids[own].tolist())

    def numbered(self) -> Mapping[int, int]:
        """The topic of each paper that is in one, by paper id."""
        inside = self.numbers >= 0
        return dict(zip(self.vectors.paper_ids[inside].tolist(), self.numbers[inside].tolist(), strict=True))

    def dots(self) -> tuple[array[float], array[int]]:
        """Places of papers on the picture, as pairs of coordinates, and their topics by number; of many a part."""
        every = -(-len(self.numbers) // _DOTS) or 1
        shown = np.flatnonzero((self.numbers >= 0) & (self.vectors.paper_ids % every == 0))
        if not len(shown):
            return array("d"), array("q")
        ids = self.vectors.paper_ids[shown]
        # As far as the discs reached when the topics were made, by what is kept of them: new papers move no dot.
        kept = [sum(map(len, topic.examples)) for topic in self.topics]
        reach = _REACH * topic_picture.radii(np.array(kept, dtype=np.float64))[self.owners]
        rows, places = self.vectors.rows[shown], self._centre_places()
        places = topic_picture.place_papers(rows, self.centres, places, reach, ids)
        return array("d", places.ravel().tolist()), array("q", self.numbers[shown].tolist())

    def _centre_places(self) -> topic_picture.Places:
        places = np.array([topic.place for topic in self.topics], dtype=np.float64) / _PLACES
        return np.asarray(places[self.owners])


def first_topics(vectors: PaperVectors, texts: Texts, cancelled: Cancelled = never) -> list[StoredTopic]:
    """The topics of a library that has none yet. Raises :class:`~reader.domain.errors.WorkCancelledError`."""
    centres = topics.cluster(vectors.rows, topics.topic_count(len(vectors.rows)), cancelled=cancelled)
    if not len(centres):
        return []
    labels, nearest = topics.assign(vectors.rows, centres, cancelled)
    sizes = _sizes(labels, len(centres))
    centres = centres[sizes > 0]
    labels, nearest = topics.assign(vectors.rows, centres, cancelled)
    sizes = _sizes(labels, len(centres))
    names = TopicTerms(_central_texts(vectors, labels, nearest, range(len(centres)), texts)).names()
    places = topic_picture.place_topics(centres, sizes)
    newest = int(np.max(vectors.paper_ids))
    return [
        StoredTopic(
            id=0,
            given_name="",
            words=names[number],
            basis=vectors.basis,
            centres=(_stored(centres[number]),),
            examples=(_examples(vectors, labels == number, nearest),),
            newest=newest,
            place=_place(places[number]),
        )
        for number in range(len(centres))
    ]


def plan_update(found: SortedPapers, texts: Texts, cancelled: Cancelled = never) -> TopicPlan:
    """What sorting papers anew, from the present topics on, would change. Names of the user's stay."""
    vectors, count = found.vectors, len(found.topics)
    if not len(found.centres):  # another basis, and none of the papers that they were made of is there any more
        made = tuple(first_topics(vectors, texts, cancelled))
        names = tuple(topic.name for topic in made), tuple(topic.name for topic in found.topics)
        return TopicPlan(found.topics, made, 0, *names)
    is_old = vectors.paper_ids <= max(topic.newest for topic in found.topics)
    refit = topics.refit(vectors.rows, found.centres, found.owners.tolist(), is_old, cancelled)
    owners = np.asarray(refit.owners, dtype=np.int32)
    labels, nearest = topics.assign(vectors.rows, refit.centres, cancelled)
    numbers = topics.topics_of(labels, owners)
    total = int(np.max(owners)) + 1
    sizes = _sizes(numbers, total)
    kept = [n for n in range(total) if sizes[n] or (n < count and found.topics[n].given_name)]
    words = _words_after(found.topics, kept, _central_texts(vectors, numbers, nearest, range(total), texts))
    places = _places_after(found, refit, sizes, kept)
    newest = int(np.max(vectors.paper_ids))
    planned = tuple(
        StoredTopic(
            id=found.topics[number].id if number < count else 0,
            given_name=found.topics[number].given_name if number < count else "",
            words=words[number],
            basis=vectors.basis,
            centres=tuple(_stored(refit.centres[at]) for at in np.flatnonzero(owners == number)),
            examples=tuple(_examples(vectors, labels == at, nearest) for at in np.flatnonzero(owners == number)),
            newest=newest,
            place=_place(places[number]),
        )
        for number in kept
    )
    by_id = {topic.id: topic for topic in planned if topic.id}
    both = [(topic, by_id[topic.id]) for topic in found.topics if topic.id in by_id]
    return TopicPlan(
        before=found.topics,
        topics=planned,
        moved=int((numbers != found.numbers).sum()),
        new=tuple(topic.name for topic in planned if not topic.id),
        gone=tuple(topic.name for topic in found.topics if topic.id not in by_id),
        renamed=tuple((old.name, new.name) for old, new in both if old.name != new.name),
    )


def plan_split(found: SortedPapers, number: int, texts: Texts) -> TopicPlan:
    """Part a topic in two, of which the larger keeps its place and what name the user gave it.

    Raises :class:`ReaderError` if its papers are too few, or too much the same.
    """
    topic, vectors = found.topics[number], found.vectors
    own = np.flatnonzero(found.numbers == number)
    centres = topics.split(vectors.rows[own])
    parts, nearest = topics.assign(vectors.rows[own], centres) if len(centres) == 2 else (found.numbers[:0], None)
    sizes = _sizes(parts, 2)
    if nearest is None or np.min(sizes) < _LEAST_PART:
        raise ReaderError(f"“{topic.name}” cannot be split: its papers are too few, or too much alike.")
    if sizes[1] > sizes[0]:
        centres, parts = centres[::-1], 1 - parts
    within = PaperVectors(vectors.basis, vectors.paper_ids[own], vectors.rows[own])
    others = [each.name for each in found.topics if each.id != topic.id]
    named = [topic.given_name] if topic.given_name else []
    rest = [n for n in range(len(found.topics)) if n != number]
    beside = _central_texts(vectors, found.numbers, found.nearest, rest, texts, _READ_OF_OTHERS)
    terms = TopicTerms([*_central_texts(within, parts, nearest, range(2), texts), *beside])
    words = terms.names(range(2), [*others, *named])
    all_sizes = [*found.sizes, int(np.min(sizes))]
    all_sizes[number] = int(np.max(sizes))
    whole = np.concatenate([_topic_centres(found), centres[1:]])
    whole[number] = centres[0]
    places = np.array([*(each.place for each in found.topics), topic.place], dtype=np.float64) / _PLACES
    places = topic_picture.place_new(whole, np.array(all_sizes, dtype=np.float64), places, [len(found.topics)])
    made = [
        replace(
            topic,
            words=words[part],
            basis=vectors.basis,
            centres=(_stored(centres[part]),),
            examples=(_examples(within, parts == part, nearest),),
        )
        for part in range(2)
    ]
    new = replace(made[1], id=0, given_name="", place=_place(places[-1]))
    planned = [made[0] if each.id == topic.id else each for each in found.topics]
    return TopicPlan(found.topics, (*planned, new), new=(new.name,))


def plan_merge(found: SortedPapers, number: int, into: int) -> TopicPlan:
    """Merge a topic into another, which then has the centres of both, so that all their papers stay together."""
    vectors = found.vectors
    both = np.flatnonzero((found.owners == into) | (found.owners == number))
    labels, nearest = topics.assign(vectors.rows, found.centres)
    merged = replace(
        found.topics[into],
        basis=vectors.basis,
        centres=tuple(_stored(found.centres[at]) for at in both),
        examples=tuple(_examples(vectors, labels == at, nearest) for at in both),
    )
    gone = found.topics[number]
    planned = [merged if each.id == merged.id else each for each in found.topics if each.id != gone.id]
    return TopicPlan(found.topics, tuple(planned), gone=(gone.name,))


def _sorted(rows: Rows, centres: Centres, owners: Labels, cancelled: Cancelled) -> tuple[Labels, Floats]:
    """The topics of papers by number, and how typical each is of its own."""
    if not len(centres):
        return np.full(len(rows), -1, dtype=np.int32), np.zeros(len(rows))
    labels, nearest = topics.assign(rows, centres, cancelled)
    return topics.topics_of(labels, owners), nearest


def _centres_of(vectors: PaperVectors, stored: Sequence[StoredTopic]) -> tuple[Centres, Labels]:
    """The centres of topics and whose each is; those of another basis made again of the papers they had."""
    centres, owners = [], []
    rows_of = {paper_id: row for row, paper_id in enumerate(vectors.paper_ids.tolist())}
    width = vectors.rows.shape[1]
    for number, topic in enumerate(stored):
        for centre, examples in zip(topic.centres, topic.examples, strict=True):
            if topic.basis == vectors.basis and len(centre) == 2 * width:
                found = np.frombuffer(centre, dtype="<i2").astype(np.int32)
            else:
                present = [rows_of[paper_id] for paper_id in examples if paper_id in rows_of]
                found = topics.of_length(vectors.rows[present].sum(axis=0, dtype=np.int64)[None])[0]
            if found.any():
                centres.append(found)
                owners.append(number)
    stacked = np.stack(centres) if centres else np.zeros((0, width), dtype=np.int32)
    return stacked, np.asarray(owners, dtype=np.int32)


def _topic_centres(found: SortedPapers, centres: Centres | None = None, owners: Labels | None = None) -> Centres:
    """One centre for each topic: the middle of its own."""
    centres, owners = found.centres if centres is None else centres, found.owners if owners is None else owners
    sums = np.zeros((max(len(found.topics), int(np.max(owners)) + 1), centres.shape[1]), dtype=np.int64)
    np.add.at(sums, owners, centres)
    return topics.of_length(sums)


def _words_after(
    before: Sequence[StoredTopic], kept: Sequence[int], texts: Sequence[Sequence[tuple[str, str]]]
) -> dict[int, tuple[str, ...]]:
    """The words of topics after an update: those of before as long as one of them still tells the topic."""
    terms = TopicTerms(texts)
    given = {number: topic.given_name for number, topic in enumerate(before) if topic.given_name}
    fresh = terms.names([number for number in kept if number not in given], given.values())
    words = {
        number: topic.words
        for number, topic in enumerate(before)
        if number in given or (number in fresh and not stems_of(topic.words).isdisjoint(stems_of(fresh[number])))
    }
    taken = [*given.values(), *(" ".join(words[number]) for number in words if number not in given)]
    return words | terms.names([number for number in fresh if number not in words], taken)


def _places_after(found: SortedPapers, refit: topics.Refit, sizes: Floats, kept: Sequence[int]) -> topic_picture.Places:
    """Places of topics after an update: the old ones stay, unless most are new."""
    count = len(found.topics)
    centres = _topic_centres(found, refit.centres, np.asarray(refit.owners, dtype=np.int32))
    before = np.array([topic.place for topic in found.topics], dtype=np.float64) / _PLACES
    new = [number for number in kept if number >= count]
    if not new:
        return before
    if len(new) * 2 > count:
        return topic_picture.place_topics(centres, sizes, before)
    return topic_picture.place_new(centres, sizes, np.concatenate([before, np.full((len(new), 2), 0.5)]), new)


def _central_texts(
    vectors: PaperVectors,
    labels: Labels,
    nearest: Floats,
    wanted: Sequence[int],
    texts: Texts,
    limit: int = PAPERS_READ,
) -> list[list[tuple[str, str]]]:
    """The texts of the most typical papers of each topic."""
    chosen = [_central_ids(vectors, labels == number, nearest, limit) for number in wanted]
    read = texts([paper_id for ids in chosen for paper_id in ids])
    return [[read[paper_id] for paper_id in ids if paper_id in read] for ids in chosen]


def _examples(vectors: PaperVectors, own: npt.NDArray[np.bool_], nearest: Floats) -> tuple[int, ...]:
    return tuple(_central_ids(vectors, own, nearest, _EXAMPLES))


def _central_ids(vectors: PaperVectors, own: npt.NDArray[np.bool_], nearest: Floats, limit: int) -> list[int]:
    """The ids of the most typical of some papers."""
    chosen: list[int] = vectors.paper_ids[_most_typical(np.flatnonzero(own), nearest)[:limit]].tolist()
    return chosen


def _most_typical(own: npt.NDArray[np.int64], nearest: Floats) -> npt.NDArray[np.int64]:
    """Papers by how typical they are; equally typical ones in the order of their keys."""
    return np.asarray(own[np.argsort(-np.round(nearest[own], 6), kind="stable")])


def _sizes(labels: Labels, count: int) -> Floats:
    """The number of papers with each label."""
    return np.bincount(labels[labels >= 0], minlength=count).astype(np.float64)


def _stored(centre: Centres) -> bytes:
    return centre.astype("<i2").tobytes()


def _place(place: topic_picture.Places) -> tuple[int, int]:
    return round(float(place[0]) * _PLACES), round(float(place[1]) * _PLACES)
