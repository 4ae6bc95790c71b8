"""Writing of documents into an index: one batch is one segment and one commit."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from pyroaring import BitMap
from whoosh.index import FileIndex, LockError

from reader.domain.errors import LibraryBusyError
from reader.domain.selection import IndexPart
from reader.index.codec import MAXIMUM_COUNT, BitmapCodec, TermPostings
from reader.index.lexicon import SUFFIX, LexiconCollector
from reader.index.paper_numbers import Numbering
from reader.index.schema import FIELDS, ID_COLUMN, Document, words_of
from reader.index.whoosh_internals import CommitWriter


class IndexBusyError(LibraryBusyError):
    """Another process (or the indexing child) is writing to the index; pending papers stay pending."""


class PostingSource(Protocol):
    """A source of a segment's postings."""

    def iter_postings(self) -> Iterator[TermPostings]:
        """The postings, sorted by field and word."""

    def cleanup(self) -> None:
        """Release everything kept."""


class TermPool:
    """Postings collected in memory by word, at five bytes each instead of a tuple that is sorted later."""

    def __init__(self) -> None:
        """An empty pool."""
        self._fields: dict[str, dict[str, tuple[array[int], bytearray]]] = {}

    def add(self, field: str, document: int, words: Sequence[str]) -> None:
        """Add the words of a field of a document; documents come in order."""
        terms = self._fields.setdefault(field, {})
        for word, count in Counter(words).items():
            found = terms.get(word)
            if found is None:
                found = terms[word] = array("I"), bytearray()
            found[0].append(document)
            found[1].append(count if count < MAXIMUM_COUNT else MAXIMUM_COUNT)

    def iter_postings(self) -> Iterator[TermPostings]:
        """The postings in the order of fields and words."""
        for field, terms in sorted(self._fields.items()):
            for word, (documents, counts) in sorted(terms.items()):
                yield TermPostings(field, word.encode(), BitMap(documents), bytes(counts))

    def cleanup(self) -> None:
        """Forget everything."""
        self._fields.clear()


class SegmentBuilder(CommitWriter):
    """Whoosh's writer of one segment, with postings as bitmaps and a lexicon beside them."""

    def __init__(self, index: FileIndex, part: IndexPart) -> None:
        """Take the index's lock; raises :class:`IndexBusyError` if another process has it."""
        try:
            super().__init__(index, codec=BitmapCodec(), compound=False)
        except LockError:
            raise IndexBusyError("The search index is being written to; try again in a moment.") from None
        self._own_pool = TermPool()
        self.pool: PostingSource = self._own_pool
        self._part = part
        self._collector = LexiconCollector(FIELDS[part])
        self.fieldwriter.watched = self._collector.watched

    def add(self, document: Document) -> None:
        """Add a document, as Whoosh's ``add_document`` does, but all words of a field at once."""
        self.perdocwriter.start_doc(self.docnum)
        for field, pieces in zip(FIELDS[self._part], document.pieces, strict=True):
            words = words_of(pieces)
            if words:
                self._own_pool.add(field.value, self.docnum, words)
                self.perdocwriter.add_field(field.value, self.schema[field.value], None, len(words))
        self.perdocwriter.add_column_value(ID_COLUMN, self.schema[ID_COLUMN].column_type, document.id)
        self.perdocwriter.finish_doc()
        self.note_added()
        self.docnum += 1

    def cancel(self) -> None:
        """Leave the index as it was, without the files of the unfinished commit."""
        super().cancel()
        self.storage.discard_uncommitted()

    def discard_failed(self) -> None:
        """Remove the files of a commit that failed."""
        self.storage.discard_uncommitted()

    def finish_segment(self, segment: Any) -> None:
        """Write the lexicon beside a segment."""
        name = segment.make_filename(SUFFIX)
        self.storage.note_written(name)
        terms = segment.codec().terms_reader(self.storage, segment)
        try:
            postings = terms.all_postings()
            self._collector.write(Path(self.storage.folder, name), postings, numbering_of(self.storage, segment))
        finally:
            terms.close()


MergePolicy = Callable[[SegmentBuilder, list[Any]], list[Any]]
"""Decides what to do with existing segments: may merge some into the builder's, returns those to keep."""


def _live_ids(builder: SegmentBuilder) -> BitMap:
    """The papers in the index."""
    live = BitMap()
    for segment in builder.segments:
        numbering = numbering_of(builder.storage, segment)
        live |= numbering.all_ids - numbering.ids_of(BitMap(segment.deleted_docs()))
    return live


def numbering_of(storage: Any, segment: Any) -> Numbering:
    """The numbering of a segment's documents."""
    name = segment.codec().column_filename(segment, ID_COLUMN)
    return Numbering.from_column(Path(storage.folder, name).read_bytes())


def write_batch(
    index: FileIndex,
    part: IndexPart,
    documents: Iterable[Document],
    removed: Iterable[int] = (),
    *,
    merging: MergePolicy,
    only_missing: bool = False,
) -> None:
    """Index documents, replacing those with the same ids, and remove ``removed``, in one commit.

    A document without any text is removed. With ``only_missing``, documents that are in the index, possibly with newer
    text, are left alone. Raises :class:`IndexBusyError`.
    """
    by_id = {document.id: document for document in documents}
    builder = SegmentBuilder(index, part)
    try:
        if only_missing:
            for paper in BitMap(by_id) & _live_ids(builder):
                del by_id[paper]
        outdated = BitMap(by_id) | BitMap(removed)
        for segment in builder.segments:
            for number in numbering_of(builder.storage, segment).documents_of(outdated):
                segment.delete_document(number)
        # In the order of ids, which lets a numbering translate whole runs (reader.index.paper_numbers).
        for paper in sorted(by_id):
            if not by_id[paper].is_empty:
                builder.add(by_id[paper])
        builder.commit(mergetype=merging)
    except BaseException:
        if not builder.is_closed:
            builder.cancel()
        raise
