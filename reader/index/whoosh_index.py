"""The search index: one Whoosh index for papers and one for annotations, searched together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from pyroaring import BitMap

from reader.domain.cancellation import Cancelled, never
from reader.domain.query import Node, wanted_texts
from reader.domain.selection import IndexedText, IndexPart
from reader.index.evaluation import Evaluator, GuardedSource, PartView, SourceFailure, check
from reader.index.files import folder_size, raise_unless_damage
from reader.index.home import IndexHome, Instance
from reader.index.parts import PartReader
from reader.index.protocol import (
    Coverage,
    IndexState,
    IndexText,
    SearchCancelledError,
    SearchSource,
)
from reader.index.ranking import Ranking
from reader.index.schema import document_of
from reader.index.segment_merge import merge_small, worth_merging
from reader.index.suggestions import corrections, key_words
from reader.index.writer import write_batch

_log = logging.getLogger(__name__)
_MERGED_BY_UPDATES = 2_000
"""The most documents in segments that an update merges; larger segments are left to compacting."""
Answer = TypeVar("Answer")


class WhooshIndex:
    """A full-text index over papers and annotations that Whoosh keeps in a folder.

    Its methods may be called from several threads. Damage to its own files never makes it fail: it becomes empty
    (``state().needs_build``), and searches are answered from what can still be searched.
    """

    def __init__(self, folder: Path) -> None:
        """Use the index in ``folder``, created if there is none; nothing else is read yet.

        Raises :class:`reader.index.files.IndexUnavailableError` if it can be neither read nor created.
        """
        self.home = IndexHome(folder)
        self._readers = {part: PartReader(self.home, part) for part in IndexPart}

    def close(self) -> None:
        """Close all files."""
        for reader in self._readers.values():
            reader.close()

    def state(self) -> IndexState:
        """The state of the index."""
        return self._surely(self._state)

    def indexed_ids(self, part: IndexPart) -> BitMap:
        """The papers in a part of the index."""

        def indexed(instance: Instance) -> BitMap:
            with self._readers[part].snapshot(instance) as snapshot:
                return snapshot.indexed.copy()

        return self._surely(indexed)

    def coverage(self, source: SearchSource) -> Coverage:
        """How much of the library a search sees now; annotations that are not searchable yet count as papers."""

        def covered(instance: Instance) -> Coverage:
            with self._views(instance, source, never) as (views, _):
                direct = BitMap.union(*(view.direct for view in views))
                unsearchable = max(view.unsearchable for view in views)
                indexed = len((views[0].snapshot.indexed - views[0].masked) & views[0].indexable)
                return Coverage(indexed, len(direct & views[0].indexable), unsearchable)

        return self._surely(covered)

    def matching_ids(self, node: Node, source: SearchSource, cancelled: Cancelled = never) -> BitMap:
        """The papers of the library that match ``node``; raises :class:`SearchCancelledError`."""

        def matching(instance: Instance) -> BitMap:
            with self._views(instance, source, cancelled) as (views, guarded):
                return Evaluator(views, guarded, cancelled).matching_ids(node)

        return self._surely(matching)

    def ranked(
        self, node: Node, ids: BitMap, source: SearchSource, *, limit: int, cancelled: Cancelled = never
    ) -> list[tuple[int, float]]:
        """The papers among ``ids`` that match ``node`` best, best first, with their scores above 0."""

        def best(instance: Instance) -> list[tuple[int, float]]:
            with self._views(instance, source, cancelled) as (views, guarded):
                evaluator = Evaluator(views, guarded, cancelled)
                ranking = Ranking(ids, len(views[0].indexable))
                for leaf in dict.fromkeys(wanted_texts(node)):
                    check(cancelled)
                    answering = [view for view in views if view.answers(leaf)]
                    ranking.add(
                        leaf,
                        len(evaluator.matching_ids(leaf)),
                        [(view.snapshot, view.masked) for view in answering],
                        [(view.memory, view.direct) for view in answering],
                        cancelled,
                    )
                check(cancelled)
                return ranking.best(limit)

        return self._surely(best)

    def corrections(self, node: Node, source: SearchSource, cancelled: Cancelled = never) -> Mapping[str, str]:
        """The (folded) words of ``node`` that occur nowhere, each with the likeliest word that does."""

        def meant(instance: Instance) -> Mapping[str, str]:
            with self._views(instance, source, cancelled) as (views, _):
                return corrections(node, views)

        return self._surely(meant)

    def key_words(self, text: IndexedText, source: SearchSource, *, limit: int = 10) -> tuple[str, ...]:
        """The words that distinguish a paper from others, the most distinctive first; each with a different stem."""

        def telling(instance: Instance) -> tuple[str, ...]:
            with self._views(instance, source, never) as (views, _):
                return key_words(text, views[0], limit)

        return self._surely(telling)

    def update(self, part: IndexPart, texts: Iterable[IndexText], removed: Iterable[int] = ()) -> IndexState:
        """Index texts, replacing those of the same papers, and remove papers, in one durable commit.

        Raises :class:`reader.index.writer.IndexBusyError` while another process writes.
        """
        documents = [document_of(text) for text in texts]
        taken_out = list(removed)

        def written(instance: Instance) -> IndexState:
            index = self.home.open_part(instance, part)
            write_batch(index, part, documents, taken_out, merging=merge_small(_MERGED_BY_UPDATES))
            return self._state(instance)

        return self._surely(written)

    def _state(self, instance: Instance) -> IndexState:
        stamp, documents, deleted, segments = {}, {}, {}, {}
        scattered = set()
        for part, reader in self._readers.items():
            with reader.snapshot(instance) as snapshot:
                stamp[part] = f"{instance.name}:{snapshot.generation}"
                documents[part] = len(snapshot.indexed)
                deleted[part] = snapshot.deleted
                segments[part] = len(snapshot.segments)
                sizes = [(len(segment.numbering.all_ids), len(dead)) for segment, dead in snapshot.segments]
                if worth_merging(sizes):
                    scattered.add(part)
        size = folder_size(self.home.folder)
        needs_build = frozenset(IndexPart) - instance.complete
        return IndexState(stamp, documents, deleted, segments, needs_build, frozenset(scattered), size)

    @contextmanager
    def _views(
        self, instance: Instance, source: SearchSource, cancelled: Cancelled
    ) -> Iterator[tuple[list[PartView], GuardedSource]]:
        """All parts as one search sees them, papers first."""
        guarded = GuardedSource(source)
        with ExitStack() as stack:
            views = []
            for part, reader in self._readers.items():
                check(cancelled)
                snapshot = stack.enter_context(reader.snapshot(instance))
                views.append(PartView(part, snapshot, reader.memory, guarded, cancelled))
            yield views, guarded

    def _surely(self, answer: Callable[[Instance], Answer]) -> Answer:
        """An answer from the instance in use, or from an empty one if that turns out to be broken.

        Any failure in reading or writing the index is taken for damage: the index can be rebuilt, but a search must not
        fail.
        """
        instance = self.home.instance
        try:
            return answer(instance)
        except SearchCancelledError:
            raise
        except SourceFailure as failure:
            raise failure.error from None
        except Exception as error:
            raise_unless_damage(error, self.home.folder)
            _log.warning("The search index is damaged and will be rebuilt.", exc_info=True)
        self.close()
        if self.home.instance.name == instance.name:
            self.home.start_anew()
        try:
            return answer(self.home.instance)
        except SourceFailure as failure:
            raise failure.error from None
