r"""A segment's words beside its postings: sorted, grouped by stem and family, and the sets that are dear to make.

Whoosh's own prefix queries build a tree over the postings of every word that begins so, which takes a second for
``di``. Instead the file ``SEGMENT.lexicon``, written once with its segment, holds

- all words in order, each with the fields it occurs in;
- the words of every stem, and the stems of every family;
- for every beginning that many words share, the set of papers with any of them, ready to use: once for all fields and
  once for titles, which stand first where words are searched for.

A beginning that is not stored is shared by few words, so that answering any prefix costs a few lookups at most. The
file also tells sizes and checksums of the segment's other files, so that damage anywhere is found when it is opened.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

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
_TITLES = "^"  # before a beginning that is for titles only; no word begins with it


class SortedLines:
    """Lines of a block of bytes, sorted, each a key, a tab and a value; found by halving without splitting them."""

    def __init__(self, content: bytes) -> None:
        """Lines that each end in a line feed."""
        self._content = content

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str]]) -> SortedLines:
        """Lines of keys and values; the keys have neither tabs nor line feeds."""
        return cls(b"".join(sorted(f"{key}\t{value}\n".encode() for key, value in entries)))

    @property
    def content(self) -> bytes:
        """The lines."""
        return self._content

    def find(self, key: str) -> str | None:
        """The value of a key, or None."""
        sought = key.encode() + b"\t"
        start = self._first_from(sought)
        if not self._content.startswith(sought, start):
            return None
        return self._content[start + len(sought) : self._content.index(b"\n", start)].decode()

    def beginning_with(self, prefix: str) -> Iterator[tuple[str, str]]:
        """The keys that begin with ``prefix``, with their values, in order."""
        sought = prefix.encode()
        start = self._first_from(sought)
        while self._content.startswith(sought, start) and start < len(self._content):
            end = self._content.index(b"\n", start)
            key, _, value = self._content[start:end].decode().partition("\t")
            yield key, value
            start = end + 1

    def _first_from(self, sought: bytes) -> int:
        """The start of the first line that is not less than ``sought``."""
        content, low, high = self._content, 0, len(self._content)
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
    """Gathers, from the postings as they are written, what a segment's lexicon needs."""

    def __init__(self, fields: Sequence[TextField]) -> None:
        """For a part with these fields."""
        self._bits = {field.value: 1 << index for index, field in enumerate(fields)}
        self._masks: dict[str, int] = {}

    def watched(self, items: Iterable[TermPostings]) -> Iterator[TermPostings]:
        """The same postings, noted as they go by."""
        masks, bits = self._masks, self._bits
        for postings in items:
            word = postings.word.decode()
            masks[word] = masks.get(word, 0) | bits[postings.field]
            yield postings

    def write(self, path: Path, postings: Iterable[TermPostings], numbering: Numbering) -> None:
        """Write the lexicon beside the segment's other files, which must be complete.

        The same ``postings`` once more: which beginnings are worth storing is known only after the first time, and to
        keep all postings until then would take ten times the memory.
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
    """The beginnings that many words share, and the documents with any of those words."""

    def __init__(self, words: Sequence[str], longest: int) -> None:
        """The beginnings, of up to so many letters, of some words in order."""
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
        """Note the documents of a word."""
        for length in range(min(len(word), self._longest), 0, -1):
            found = self._documents.get(word[:length])
            if found is not None:
                found |= documents
                return

    def documents(self) -> list[tuple[str, BitMap]]:
        """Every beginning with its documents; to be asked once, after all words are added."""
        for prefix in sorted(self._documents, key=len, reverse=True):
            if len(prefix) > 1:
                self._documents[prefix[:-1]] |= self._documents[prefix]
        return sorted(self._documents.items())


def _by_letter(words: Sequence[str], start: int, end: int, position: int) -> Iterator[tuple[int, int]]:
    """Stretches of words with the same letter at a position; a word that ends before it belongs to none."""
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
    """Write the file: a line of what is in it with its checksum, the sections, the blocks."""
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
    """The words of a segment, read. Not for several threads at a time."""

    def __init__(self, path: Path) -> None:
        """Open and verify a lexicon and the files it is about; raises :class:`DamagedFileError` or OSError."""
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
            raise DamagedFileError(f"{path.name} is none, or of another version")
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
        """The fields a word occurs in, as the sum of their bits; 0 where it does not occur."""
        return int(self._words.find(word) or 0)

    def beginning_with(self, prefix: str, mask: int = -1, limit: int | None = None) -> list[str]:
        """The words that begin with ``prefix`` and occur in a field of a sum of bits; the first ``limit`` of them."""
        words = (word for word, occurring in self._words.beginning_with(prefix) if mask < 0 or mask & int(occurring))
        return list(islice(words, limit))

    def of_stem(self, root: str) -> list[str]:
        """The words with a stem."""
        return (self._stems.find(root) or "").split()

    def of_family(self, root: str) -> list[str]:
        """The words of a family."""
        return [word for stem_ in (self._families.find(root) or "").split() for word in self.of_stem(stem_)]

    def all_words(self) -> list[str]:
        """Every word, in order; kept from the first time on."""
        if self._all_words is None:
            self._all_words = _KEY.findall(self._words.content.decode())
        return self._all_words

    def stored_ids(self, prefix: str, *, titles_only: bool) -> BitMap | None:
        """The papers with a word that begins with ``prefix``, if that is stored; then few words begin so."""
        place = self._places.find(f"{_TITLES if titles_only else ''}{prefix}")
        if place is None:
            return None
        position, length, checksum = map(int, place.split())
        self._file.seek(self._blocks_start + position)
        block = self._file.read(length)
        if zlib.crc32(block) != checksum:
            raise DamagedFileError("a stored set is damaged")
        return BitMap.deserialize(block)


def _verify_files(path: Path, files: dict[str, list[int | None]]) -> None:
    """Compare a segment's files with what was written of them."""
    stem_name = path.name.removesuffix(SUFFIX)
    for suffix, (size, checksum) in files.items():
        file = path.with_name(stem_name + suffix)
        if file.stat().st_size != size or (checksum is not None and checksum_of(file) != checksum):
            raise DamagedFileError(f"{file.name} is damaged")
