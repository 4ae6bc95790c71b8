"""A first, linear reading of a feed: whether it is safe to hand on, and how many entries it has."""

from __future__ import annotations

import re

from reader.domain.errors import ParseError
from reader.formats.crumbs import refuse_crumbs
from reader.formats.xml_reader import read_xml

_DEEPEST = 60
_LONGEST_WORD = 250
_LONGEST_VALUE = 2_000
_WORD = re.compile(rb"[\w.+-]+")
_LONG_TEXTS = frozenset(
    {"title", "summary", "description", "content", "encoded", "creator", "name", "author", "comment"}
)


class _Reader:
    """Counts entries and watches depth, lengths and entity declarations; raises :class:`ParseError`."""

    def __init__(self) -> None:
        self.entries = self.elements = 0
        self._open: list[str] = []
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(":")[2].lower()
        if local in {"entry", "item"} and not {"entry", "item"}.intersection(self._open):
            self.entries += 1
        self.elements += 1
        self._open.append(local)
        self._length = 0
        if len(self._open) > _DEEPEST:
            raise ParseError("The feed nests its elements too deeply to be a feed of papers.")
        if any(len(value) > _LONGEST_VALUE for value in attributes.values()):
            raise ParseError("The feed holds a value that is too long for a feed of papers.")

    def end(self, _name: str) -> None:
        """An element ends."""
        self._open.pop()
        self._length = 0

    def text(self, text: str) -> None:
        """Text within an element."""
        self._length += len(text)
        if self._open[-1] not in _LONG_TEXTS and self._length > _LONGEST_VALUE and text.strip():
            raise ParseError(f"The feed's element {self._open[-1]} is too long for a feed of papers.")

    def entity(self, *_declaration: object) -> None:
        """An entity is declared."""
        raise ParseError("The feed declares entities of its own, which no feed of papers does; it was not read.")


def check_feed(source: bytes) -> int:
    """The number of entries in a feed in UTF-8; raises :class:`ParseError` if it is damaged or not safe to hand on."""
    reader = _Reader()
    read_xml(source, reader, what="The feed", advice="fetch it again", lines_above=1)
    refuse_crumbs(reader.elements, len(source), "elements", least=40)
    refuse_crumbs(source.count(b"\n") + source.count(b"\r"), len(source), "lines", least=8)
    if _has_long_word(source):
        raise ParseError("The feed holds a word that is too long for a feed of papers.")
    return reader.entries


def _has_long_word(source: bytes) -> bool:
    """Whether a run of letters, digits and ``_.+-`` is longer than any name or address has."""
    if max(map(len, source.split()), default=0) <= _LONGEST_WORD:  # much the faster way to find that there is none
        return False
    return any(match.end() - match.start() > _LONGEST_WORD for match in _WORD.finditer(source))
