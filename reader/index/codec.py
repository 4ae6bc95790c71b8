"""The disk format of postings: bitmaps of document numbers (decision 8).

Whoosh's own codec pickles and compresses postings in blocks of 128. Reading a word that most of 100,000 papers contain
then takes 20 ms, and writing takes longer. This codec uses Whoosh's interface for codecs and keeps the rest of Whoosh's
format. It writes each word's postings as one entry: a checksum, the document numbers (a serialized roaring bitmap, or
plain numbers if there are few), and one byte per document for the number of occurrences.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyroaring import BitMap
from whoosh.codec.whoosh3 import W3Codec, W3TermInfo, W3TermsReader
from whoosh.matching import ListMatcher
from whoosh.reading import TermNotFound

from reader.index.files import DamagedFileError
from reader.index.whoosh_internals import WordWriter

_HEADER = struct.Struct("<IIB")  # checksum of the rest, number of documents, whether they are plain numbers
# Most words occur in few papers, where a serialized bitmap's header is longer than the numbers themselves.
_PLAIN_LIMIT = 6
MAXIMUM_COUNT = 255
"""The largest number of occurrences of a word in one document that can be stored; more are stored as this."""


@dataclass(frozen=True, slots=True)
class TermPostings:
    """A word's postings in a field: the numbers of the documents that contain it, and how often each does."""

    field: str
    word: bytes
    documents: BitMap
    counts: bytes


def packed(postings: TermPostings) -> bytes:
    """The bytes of postings as stored on disk."""
    documents = postings.documents
    number = len(documents)
    plain = number <= _PLAIN_LIMIT
    body = struct.pack(f"<{number}I", *documents) if plain else documents.serialize()
    rest = _HEADER.pack(0, number, plain)[4:] + body + postings.counts
    return zlib.crc32(rest).to_bytes(4, "little") + rest


def unpacked(entry: bytes) -> tuple[BitMap, bytes]:
    """The document numbers and counts in the bytes of an entry; raises :class:`DamagedFileError`."""
    if len(entry) < _HEADER.size or zlib.crc32(memoryview(entry)[4:]) != int.from_bytes(entry[:4], "little"):
        raise DamagedFileError("a word's postings are damaged")
    _, number, plain = _HEADER.unpack_from(entry)
    counts_start = len(entry) - number
    body = entry[_HEADER.size : counts_start]
    documents = BitMap(struct.unpack(f"<{number}I", body)) if plain else BitMap.deserialize(body)
    return documents, entry[counts_start:]


class BitmapCodec(W3Codec):  # type: ignore[misc]
    """Whoosh's codec with postings as bitmaps. Every segment's description contains its name, pickled."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> BitmapFieldWriter:
        """The writer of a segment's words."""
        return BitmapFieldWriter(self, storage, segment)

    def terms_reader(self, storage: Any, segment: Any) -> BitmapTermsReader:
        """The reader of a segment's words."""
        name = segment.make_filename(self.TERMS_EXT)
        length = storage.file_length(name)
        terms = storage.open_file(name)
        try:
            postings = segment.open_file(storage, self.POSTS_EXT)
            return BitmapTermsReader(self, terms, length, postings)
        except BaseException:
            terms.close()
            raise


class BitmapFieldWriter(WordWriter):
    """Writes words with their postings, one whole word at a time."""

    watched: Callable[[Iterable[TermPostings]], Iterable[TermPostings]] = staticmethod(iter)
    """Passes the postings through on their way to the disk."""

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[TermPostings]) -> None:
        """Write the postings, which come sorted by field and word."""
        numbers = self.field_numbers
        for postings in self.watched(items):
            number = numbers.setdefault(postings.field, len(numbers))
            counts = postings.counts
            info = W3TermInfo(
                weight=float(sum(counts)),
                df=len(counts),
                minlength=1,
                maxlength=1,
                maxweight=float(max(counts)),
                minid=postings.documents.min(),
                maxid=postings.documents.max(),
            )
            self.add_word(struct.pack("!H", number) + postings.word, info, packed(postings))


class BitmapTermsReader(W3TermsReader):  # type: ignore[misc]
    """Reads words with their postings. Not thread-safe: each file has a single position."""

    def __init__(self, codec: BitmapCodec, terms: Any, length: int, postings: Any) -> None:
        """Read words from ``terms``, a file of ``length`` bytes, and their postings from another."""
        super().__init__(codec, terms, length, postings)
        self._entries = postings

    def postings(self, field: str, word: str) -> tuple[BitMap, bytes] | None:
        """The documents whose field contains a word, and how often; None if there are none."""
        try:
            info = self.term_info(field, word.encode())
        except TermNotFound:
            return None
        return self._entry(info)

    def all_postings(self) -> Iterator[TermPostings]:
        """All words, sorted by field and word."""
        for (field, word), info in self.items():
            yield TermPostings(field, word, *self._entry(info))

    def _entry(self, info: W3TermInfo) -> tuple[BitMap, bytes]:
        """The postings to which an entry in the table of words points."""
        start, (length,) = info.extent()  # Whoosh reads the length as a tuple of one
        return unpacked(self._entries.get(start, length))

    def matcher(self, fieldname: str, tbytes: bytes, format_: Any, scorer: Any = None) -> ListMatcher:
        """The postings in the form that Whoosh's own search needs."""
        info = self.term_info(fieldname, tbytes)
        documents, counts = self._entry(info)
        return ListMatcher(
            array("I", documents),
            [float(count) for count in counts],
            [b""] * len(counts),
            format_,
            scorer=scorer,
            term=(fieldname, tbytes),
            terminfo=info,
        )
