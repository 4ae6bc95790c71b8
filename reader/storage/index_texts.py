"""The texts for the search index, and the papers that the index has not indexed yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reader.domain.batches import batches
from reader.domain.selection import AnnotationText, IndexedText, IndexPart, PendingPapers
from reader.storage import paper_queries
from reader.storage.subject import Subject

_BATCH = 500


class IndexTexts(Subject):
    """The texts of papers and annotations, and the papers whose texts an index has not indexed yet."""

    def papers(self, *, after_id: int = 0, batch: int = _BATCH) -> Iterator[IndexedText]:
        """All papers' texts by id, from the one after ``after_id`` on."""
        while True:
            found = self._read(paper_queries.texts, after_id, batch)
            if not found:
                return
            yield from found
            after_id = found[-1].id

    def of_papers(self, ids: Sequence[int]) -> list[IndexedText]:
        """The texts of these papers, missing ones left out."""
        return self._read(paper_queries.texts_of, ids)

    def annotations(self, ids: Sequence[int] | None = None) -> Iterator[AnnotationText]:
        """Notes and highlights of these (or all) papers that have any."""
        wanted = self._read(paper_queries.annotated_ids) if ids is None else ids
        for batch in batches(wanted, _BATCH):
            yield from self._read(paper_queries.annotation_texts, batch)

    def pending(self, part: IndexPart, limit: int | None = None) -> PendingPapers:
        """The papers that an index has not learned of yet, those waiting longest first."""
        return self._read(paper_queries.pending, part, limit)

    def pending_numbers(self, part: IndexPart) -> dict[int, int]:
        """The papers an index has not learned of yet, each with a number that grows with every change."""
        return self._read(paper_queries.pending_numbers, part)

    def stamp(self, part: IndexPart) -> str | None:
        """The stamp of the index's commit in the last call of :meth:`learned`."""
        return self._read(paper_queries.index_stamp, part)

    def learned(self, part: IndexPart, stamp: str, mark: int) -> None:
        """The index has committed, under this stamp, what :meth:`pending` gave with this mark; later changes stay."""
        with self._store.unrecorded() as writer:
            writer.execute("DELETE FROM index_pending WHERE part = ? AND id <= ?", (part.value, mark))
            writer.execute("INSERT OR REPLACE INTO index_stamps (part, stamp) VALUES (?, ?)", (part.value, stamp))

    def forget(self) -> None:
        """The index is gone: nothing is known of its commits."""
        with self._store.unrecorded() as writer:
            writer.execute("DELETE FROM index_stamps")

    def annotated_ids(self) -> list[int]:
        """The papers with a note or a highlight."""
        return self._read(paper_queries.annotated_ids)
