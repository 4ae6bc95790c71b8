r"""The words of a segment, sorted and grouped by stem and family, with precomputed sets of papers.

Whoosh's own prefix queries build a tree over the postings of every word with the prefix, which takes a second for
``di``. Instead the file ``SEGMENT.lexicon``, written once with its segment, contains

- all words in order, each with the fields it occurs in;
- the words of every stem, and the stems of every family;
- for every prefix that many words share, the set of papers with any of them: once for all fields and once for titles,
  which come first in searches for words.

Few words share a prefix that is not stored, so any prefix takes at most a few lookups. The file also has the sizes and
checksums of the segment's other files, so that damage to any of them is noticed when the segment is opened.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from threading import RLock

from pyroaring import BitMap

from reader.domain.query import TextField
from reader.domain.stemmer import family_of_stem, stem
from reader.index.codec import TermPostings
from reader.index.files import DamagedFileError, checksum_of, create_private
from reader.index.paper_numbers import Numbering

SUFFIX = ".lexicon"
_MAGIC = b"lexicon 1\n"
_MANY_WORDS = 24
_LONGEST_STORED = 16
_CHECKED_WHOLE = (".trm", ".col")
_KEY = re.compile(r"^[^\t]+", re.MULTILINE)
_TITLES = "^"  # before a prefix for titles only; no word begins with it


class SortedLines:
    """Sorted lines in a block of bytes, each a key, a tab and a value; found by bisection, without splitting."""

    def __init__(self, content: bytes) -> None:
        """Use lines that each end in a line feed."""
        self.content = content
        """The lines."""

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str]]) -> SortedLines:
        """Lines made from keys and values; keys have neither tabs nor line feeds."""
        return cls(b"".join(sorted(f"{key}\t{value}\n".encode() for key, value in entries)))

    def find(self, key: str) -> str | None:
        """The value of a key, or None."""
        sought = key.encode() + b"\t"
        start = self._first_from(sought)
        if not self.content.startswith(sought, start):
            return None
        return self.content[start + len(sought) : self.content.index(b"\n", start)].decode()

    def beginning_with(self, prefix: str) -> Iterator[tuple[str, str]]:
        """The keys that begin with ``prefix``, with their values, in order."""
        sought = prefix.encode()
        start = self._first_from(sought)
        while self.content.startswith(sought, start) and start < len(self.content):
            end = self.content.index(b"\n", start)
            key, _, value = self.content[start:end].decode().partition("\t")
            yield key, value
            start = end + 1

    def _first_from(self, sought: bytes) -> int:
        """The start of the first line that is not less than ``sought``."""
        content, low, high = self.content, 0, len(self.content)
        while low < high:
            middle = (low + high) // 2
            start = max(low, content.rfind(b"\n", low, middle) + 1)
            end = content.index(b"\n", start)
            if content[start:end] < sought:
                low = end + 1
            else:
                high = start
        return low


class LexiconCollector:
    """Collects the contents of a segment's lexicon from the postings as they are written."""

    def __init__(self, fields: Sequence[TextField]) -> None:
        """Collect for a part with these fields."""
        self._bits = {field.value: 1 << index for index, field in enumerate(fields)}
        self._masks: dict[str, int] = {}

    def watched(self, items: Iterable[TermPostings]) -> Iterator[TermPostings]:
        """The same postings, recorded as they pass."""
        masks, bits = self._masks, self._bits
        for postings in items:
            word = postings.word.decode()
            masks[word] = masks.get(word, 0) | bits[postings.field]
            yield postings

    def write(self, path: Path, postings: Iterable[TermPostings], numbering: Numbering) -> None:
        """Write the lexicon beside the segment's other files, which must be complete.

        ``postings`` are the same once more. Only after the first pass is it known which prefixes are worth storing, and
        keeping all postings until then would take ten times the memory.
        """
        words = sorted(self._masks)
        title = self._bits.get(TextField.TITLE.value, 0)
        common = _CommonBeginnings(words, _LONGEST_STORED)
        titles = _CommonBeginnings([word for word in words if self._masks[word] & title], _LONGEST_STORED)
        for entry in postings:
            word = entry.word.decode()
            common.add(word, entry.documents)
            if entry.field == TextField.TITLE.value:
                titles.add(word, entry.documents)
        stored = common.documents() + [(_TITLES + prefix, documents) for prefix, documents in titles.documents()]
        blocks, places, position = [], [], 0
        for prefix, documents in stored:
            ids = numbering.ids_of(documents)
            ids.run_optimize()
            block = ids.serialize()
            blocks.append(block)
            places.append((prefix, f"{position} {len(block)} {zlib.crc32(block)}"))
            position += len(block)
        stems = _grouped((stem(word), word) for word in words)
        families = _grouped((family_of_stem(root), root) for root in stems)
        lines = (
            SortedLines.of((word, str(mask)) for word, mask in self._masks.items()),
            SortedLines.of((key, " ".join(group)) for key, group in stems.items()),
            SortedLines.of((key, " ".join(group)) for key, group in families.items()),
            SortedLines.of(places),
        )
        _write(path, [section.content for section in lines], blocks)


class _CommonBeginnings:
    """The prefixes that many words share, and the documents with any of those words."""

    def __init__(self, words: Sequence[str], longest: int) -> None:
        """Use the prefixes, of up to so many letters, of some sorted words."""
        self._longest = longest
        self._documents: dict[str, BitMap] = {}
        ranges = [(0, len(words), 0)]
        while ranges:
            start, end, length = ranges.pop()
            if end - start < _MANY_WORDS:
                continue
            if length:
                self._documents[words[start][:length]] = BitMap()
            if length < longest:
                ranges += [(low, high, length + 1) for low, high in _by_letter(words, start, end, length)]

    def add(self, word: str, documents: BitMap) -> None:
        """Add the documents of a word."""
        for length in range(min(len(word), self._longest), 0, -1):
            found = self._documents.get(word[:length])
            if found is not None:
                found |= documents
                return

    def documents(self) -> list[tuple[str, BitMap]]:
        """Every prefix with its documents; call it once, after all words are added."""
        for prefix in sorted(self._documents, key=len, reverse=True):
            if len(prefix) > 1:
                self._documents[prefix[:-1]] |= self._documents[prefix]
        return sorted(self._documents.items())


def _by_letter(words: Sequence[str], start: int, end: int, position: int) -> Iterator[tuple[int, int]]:
    """Runs of words with the same letter at a position; words that end before it are left out."""
    while start < end:
        letter = words[start][position : position + 1]
        stop = start + 1
        while stop < end and words[stop][position : position + 1] == letter:
            stop += 1
        if letter:
            yield start, stop
        start = stop


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Values by key."""
    groups: dict[str, list[str]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _write(path: Path, sections: list[bytes], blocks: list[bytes]) -> None:
    """Write the file: a line with its table of contents and checksum, the sections, the blocks."""
    stem_name = path.name.removesuffix(SUFFIX)
    files = {
        file.name.removeprefix(stem_name): [
            file.stat().st_size,
            checksum_of(file) if file.suffix in _CHECKED_WHOLE else None,
        ]
        for file in sorted(path.parent.glob(f"{stem_name}.*"))
    }
    content = b"".join(sections)
    described = {
        "sections": [len(section) for section in sections],
        "checksum": zlib.crc32(content),
        "files": files,
        "blocks": sum(map(len, blocks)),
    }
    header = json.dumps(described).encode() + b"\n"
    with create_private(path) as file:
        file.write(_MAGIC + f"{zlib.crc32(header)}\n".encode() + header + content)
        file.writelines(blocks)


class Lexicon:
    """The words of a segment, opened for reading. Several threads may use it."""

    def __init__(self, path: Path, fields: Sequence[TextField]) -> None:
        """Open and verify a lexicon and the files it describes; raises :class:`DamagedFileError` or OSError.

        ``fields`` are those of the segment's part.
        """
        self.fields = fields
        self._lock = RLock()
        self._file = path.open("rb")
        self._all_words: list[str] | None = None
        try:
            self._open(path)
        except (ValueError, KeyError, TypeError) as error:
            self._file.close()
            raise DamagedFileError(f"{path.name} is damaged") from error
        except BaseException:
            self._file.close()
            raise

    def _open(self, path: Path) -> None:
        if self._file.readline(100) != _MAGIC:
            raise DamagedFileError(f"{path.name} is not a lexicon, or has another version")
        checksum = int(self._file.readline(100))
        header = self._file.readline(100_000)
        if zlib.crc32(header) != checksum:
            raise DamagedFileError(f"{path.name} is damaged")
        described = json.loads(header)
        _verify_files(path, described["files"])
        content = self._file.read(sum(described["sections"]))
        if zlib.crc32(content) != described["checksum"]:
            raise DamagedFileError(f"{path.name} is damaged")
        self._blocks_start = self._file.tell()
        if path.stat().st_size != self._blocks_start + described["blocks"]:
            raise DamagedFileError(f"{path.name} is cut off")
        sections, position = [], 0
        for length in described["sections"]:
            sections.append(SortedLines(content[position : position + length]))
            position += length
        self._words, self._stems, self._families, self._places = sections

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def fields_of(self, word: str) -> int:
        """The fields a word occurs in, as the sum of their bits; 0 for an unknown word."""
        return int(self._words.find(word) or 0)

    def beginning_with(
        self, prefix: str, fields: Sequence[TextField] | None = None, *, limit: int | None = None
    ) -> list[str]:
        """The words that begin with ``prefix`` (in any of the fields, if given); the first ``limit``."""
        mask = -1 if fields is None else sum(1 << self.fields.index(field) for field in set(fields))
        words = (word for word, occurring in self._words.beginning_with(prefix) if mask < 0 or mask & int(occurring))
        return list(islice(words, limit))

    def of_stem(self, root: str) -> list[str]:
        """The words with a stem."""
        return (self._stems.find(root) or "").split()

    def of_family(self, root: str) -> list[str]:
        """The words of a family."""
        return [word for stem_ in (self._families.find(root) or "").split() for word in self.of_stem(stem_)]

    def all_words(self) -> list[str]:
        """Every word, in order; cached after the first call."""
        if self._all_words is None:
            self._all_words = _KEY.findall(self._words.content.decode())
        return self._all_words

    def stored_ids(self, prefix: str, *, titles_only: bool) -> BitMap | None:
        """The papers with a word that begins with ``prefix``, if stored; None means that few words begin so."""
        place = self._places.find(f"{_TITLES if titles_only else ''}{prefix}")
        if place is None:
            return None
        position, length, checksum = map(int, place.split())
        with self._lock:
            self._file.seek(self._blocks_start + position)
            block = self._file.read(length)
        if zlib.crc32(block) != checksum:
            raise DamagedFileError("a stored set is damaged")
        return BitMap.deserialize(block)


def _verify_files(path: Path, files: dict[str, list[int | None]]) -> None:
    """Compare a segment's files with the sizes and checksums that were written."""
    stem_name = path.name.removesuffix(SUFFIX)
    for suffix, (size, checksum) in files.items():
        file = path.with_name(stem_name + suffix)
        if file.stat().st_size != size or (checksum is not None and checksum_of(file) != checksum):
            raise DamagedFileError(f"{file.name} is damaged")
