"""Whoosh's private members that the index needs, each with its reason; no other file uses any.

Any release of Whoosh may remove them, so the version is pinned (:mod:`reader.index.engine`) and a test looks for each
by name.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from whoosh.codec.whoosh3 import W3FieldWriter
from whoosh.writing import SegmentWriter

PRIVATE_MEMBERS: dict[type, dict[str, str]] = {
    W3FieldWriter: {
        "_tindex": "Whoosh adds a word to its table of words only together with postings in its own format",
        "_postfile": "postings are written as bitmaps, into the file that Whoosh opened for its own",
    },
    SegmentWriter: {
        "_added": "a commit leaves the new segment out unless Whoosh's own add_document set this",
        "_finalize_segment": "a segment needs its lexicon before the commit that makes it count",
        "_cleanup_on_error": "a failed commit leaves files open and lying about",
    },
}


class WordWriter(W3FieldWriter):  # type: ignore[misc]
    """Whoosh's writer of a segment's words, accepting postings as bytes."""

    @property
    def field_numbers(self) -> dict[str, int]:
        """The number of each field, with which the keys of its words begin; new fields are added here."""
        numbers: dict[str, int] = self._tindex.extras["fieldmap"]
        return numbers

    def add_word(self, key: bytes, info: Any, postings: bytes) -> None:
        """Write a word's postings, and the word with their position; words come in the order of their keys."""
        info.set_extent(self._postfile.tell(), len(postings))
        self._postfile.write(postings)
        self._tindex.add(key, info.to_bytes())


class CommitWriter(SegmentWriter):  # type: ignore[misc]
    """Whoosh's writer of one segment, with hooks for the steps of a commit."""

    def note_added(self) -> None:
        """Make the next commit include the new segment, because it has documents now."""
        self._added = True

    def finish_segment(self, segment: Any) -> None:
        """Add files to a segment that is written but not committed yet."""

    def discard_failed(self) -> None:
        """Clean up after a commit that failed."""

    def _finalize_segment(self) -> Any:
        segment = super()._finalize_segment()
        self.finish_segment(segment)
        return segment

    def _cleanup_on_error(self) -> None:
        for writer in (self.perdocwriter, self.fieldwriter):
            with suppress(Exception):
                if not writer.is_closed:
                    writer.close()
        super()._cleanup_on_error()
        self.discard_failed()
