"""A check that a feed is safe to parse, which also counts its entries."""

from __future__ import annotations

import re

from reader.domain.errors import ParseError
from reader.formats.text_decoder import refuse_crumbs
from reader.formats.xml_reader import XmlReader

_LONGEST_WORD = 250
_LONGEST_VALUE = 2_000
_WORD = re.compile(rb"[\w.+-]+")
_LONG_TEXTS = frozenset(
    {"title", "summary", "description", "content", "encoded", "creator", "name", "author", "comment"}
)


class _Reader(XmlReader):
    """Counts entries and watches lengths; raises :class:`ParseError`."""

    what, deepest, advice = "The feed", 60, "fetch it again"

    def __init__(self) -> None:
        super().__init__()
        self.entries = self.elements = 0
        self._length = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(":")[2].lower()
        if local in {"entry", "item"} and not {"entry", "item"}.intersection(self.open):
            self.entries += 1
        self.elements += 1
        self._length = 0
        super().start(local, attributes)
        if any(len(value) > _LONGEST_VALUE for value in attributes.values()):
            raise ParseError("The feed contains a value that is too long for a feed of papers.")

    def end(self, name: str) -> None:
        """An element ends."""
        super().end(name)
        self._length = 0

    def text(self, text: str) -> None:
        """Text within an element."""
        self._length += len(text)
        if self.open[-1] not in _LONG_TEXTS and self._length > _LONGEST_VALUE and text.strip():
            raise ParseError(f"The feed's element {self.open[-1]} is too long for a feed of papers.")


def check_feed(source: bytes) -> int:
    """The number of entries in a feed in UTF-8; raises :class:`ParseError` if it is damaged or not safe to hand on."""
    reader = _Reader()
    reader.read(source, lines_above=1)
    refuse_crumbs(reader.elements, len(source), "elements", least=40)
    refuse_crumbs(source.count(b"\n") + source.count(b"\r"), len(source), "lines", least=8)
    if _has_long_word(source):
        raise ParseError("The feed contains a word that is too long for a feed of papers.")
    return reader.entries


def _has_long_word(source: bytes) -> bool:
    """Whether a run of letters, digits and ``_.+-`` is longer than any name or address has."""
    if max(map(len, source.split()), default=0) <= _LONGEST_WORD:  # much faster where there is no such word
        return False
    return any(match.end() - match.start() > _LONGEST_WORD for match in _WORD.finditer(source))
