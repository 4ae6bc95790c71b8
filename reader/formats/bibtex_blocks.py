r"""The blocks of a BibTeX file: entries, strings, comments and the text between them.

Reads what BibTeX, biber, JabRef and the exporters of reference managers accept between them: ``%`` comments within
entries, entries without a key, doubled and missing commas, braces or parentheses, several entries on a line. A value
may hold escaped braces and quotes (``\{``, as Zotero writes them); only where that does not come out are they counted
as BibTeX itself counts them. An entry that is not closed ends before the next line that begins one.
Grammar: https://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf and the module Text::BibTeX that biber reads with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_OPENING = re.compile(
    r"^[ \t]{0,99}%[^\n]*|@(?P<gap>[ \t]{0,9})(?P<kind>[A-Za-z]\w{0,60})(?P<blank>\s{0,20})(?P<brace>[{(])",
    re.MULTILINE,
)
_LINE_OPENING = re.compile(r"^[ \t]{0,99}@[ \t]{0,9}[A-Za-z]\w{0,60}\s{0,20}[{(]", re.MULTILINE)
_LINE_START = re.compile(r"[ \t]{0,99}@[A-Za-z]")
_BLANKS = re.compile(r"\s*(?:%[^\n]*\s*)*")
_BLANKS_AND_COMMAS = re.compile(r"[\s,]*(?:%[^\n]*[\s,]*)*")
_NAME = re.compile(r"[^\s=,{}()\"#%@]{1,200}")
_USUAL_FIELD = re.compile(r"[\s,]*([A-Za-z][\w-]*)\s*=\s*")
_KEY = re.compile(r"[^,={}\"#%]{0,400}")
_BARE = re.compile(r"[^\s,{}()\"#%]{1,400}")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_BRACES_OR_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_CLOSERS = {"{": "}", "(": ")"}


class Enclosing(Enum):
    """How a piece of a value is written: in braces or quotes, or bare (a number or the name of a string)."""

    TEXT = 1
    BARE = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a value, which ``#`` joins to others."""

    text: str
    enclosing: Enclosing


@dataclass(slots=True)
class Block:
    """A block of a file: ``kind`` is its type in small letters, empty for text between blocks.

    ``fields`` has names in small letters and values in order, ``fault`` the sentence that says why it cannot be read.
    """

    kind: str
    raw: str
    key: str = ""
    fields: list[tuple[str, list[Piece]]] = field(default_factory=list)
    fault: str | None = None


class _DamagedError(Exception):
    """A block that cannot be read; the sentence says why."""


def split_blocks(text: str) -> Iterator[Block]:
    """The blocks of a file in their order; blank text between them is left out."""
    line_openings = [match.start() for match in _LINE_OPENING.finditer(text)]
    place = 0
    while (opening := _next_opening(text, place)) is not None:
        yield from _between(text[place : opening.start()])
        following = bisect_left(line_openings, opening.end())
        limit = line_openings[following] if following < len(line_openings) else len(text)
        block, place = _read_block(text, opening, limit)
        yield block
    yield from _between(text[place:])


def _next_opening(text: str, place: int) -> re.Match[str] | None:
    """The next beginning of a block; not one that is commented out, nor what only looks like one within a word."""
    while (opening := _OPENING.search(text, place)) is not None:
        before = text[opening.start() - 1 : opening.start()] if opening.start() else ""
        # “name@host (…)” in running text looks like “@host (…)”, which is an entry with spaces.
        is_spaced = bool(opening["gap"] or opening["blank"]) or opening["brace"] == "("
        if opening["kind"] and not (is_spaced and (before.isalnum() or before in {".", "_", "-"})):
            return opening
        place = opening.end()
    return None


def _between(text: str) -> Iterator[Block]:
    """The text between blocks, as a block unless it is blank."""
    if text.strip():
        is_broken = any(_LINE_START.match(line) for line in text.split("\n"))
        yield Block("", text.strip("\n"), fault="The beginning of the entry cannot be read." if is_broken else None)


def _read_block(text: str, opening: re.Match[str], limit: int) -> tuple[Block, int]:
    """The block that begins here and ends before ``limit`` at the latest, and where it ends."""
    kind, start, fault = opening["kind"].lower(), opening.start(), ""
    # Zotero escapes braces that BibTeX would count; files that count them fail in the first attempt.
    for heeds_escapes in (True, False):
        reader = _Reader(text, opening.end(), limit, _CLOSERS[opening["brace"]], heeds_escapes=heeds_escapes)
        try:
            if kind in {"comment", "preamble"}:
                reader.skip_group()
                return Block(kind, text[start : reader.place]), reader.place
            key = "" if kind == "string" else reader.read_key()
            fields = list(reader.read_fields())
            return Block(kind, text[start : reader.place], key, fields), reader.place
        except _DamagedError as damage:
            fault = fault or str(damage)
    if kind == "comment":  # comments of JabRef and others need not be balanced
        return Block(kind, text[start:limit].rstrip()), limit
    return Block(kind, text[start:limit].rstrip(), fault=fault), limit


class _Reader:
    """Reads one block, from behind its opening brace; ``place`` is where it stands."""

    def __init__(self, text: str, place: int, limit: int, closer: str, *, heeds_escapes: bool) -> None:
        self._text = text
        self.place = place
        self._limit = limit
        self._closer = closer
        self._heeds_escapes = heeds_escapes

    def skip_group(self) -> None:
        """Go behind the closing brace or parenthesis."""
        if self._closer == "}":
            self._enclosed(_BRACES, "}")
            return
        end = self._text.find(")", self.place, self._limit)
        self.place = self._limit if end < 0 else end + 1

    def read_key(self) -> str:
        """The citation key; empty where a field comes first."""
        self._skip(_BLANKS)
        start = self.place
        match = _KEY.match(self._text, start, self._limit)
        text = match[0] if match else ""
        if self._closer == ")" and ")" in text:
            text = text[: text.index(")")]
        self.place = start + len(text)
        if self._sign() == "=":  # the last word is a field's name: the comma before it, or the key, is missing
            words = text.rsplit(maxsplit=1)
            name = words[-1] if words else ""
            self.place = start + text.rindex(name)
            text = text[: text.rindex(name)]
        return " ".join(text.split())

    def read_fields(self) -> Iterator[tuple[str, list[Piece]]]:
        """The fields up to the end of the block, after which reading continues; raises if the block does not end."""
        while True:
            if usual := _USUAL_FIELD.match(self._text, self.place, self._limit):
                self.place = usual.end()
                yield usual[1].lower(), self._read_value(usual[1])
                continue
            self._skip(_BLANKS_AND_COMMAS)
            sign = self._sign()
            if sign == self._closer:
                self.place += 1
                return
            name = _NAME.match(self._text, self.place, self._limit)
            if not sign:
                raise _DamagedError("The entry is not closed.")
            if name is None:
                raise _DamagedError("The entry is damaged.")
            self.place = name.end()
            self._skip(_BLANKS)
            if self._sign() == "=":
                self.place += 1
                yield name[0].lower(), self._read_value(name[0])
            elif not self._sign():
                raise _DamagedError("The entry is not closed.")
            elif self._sign() not in {",", self._closer}:
                raise _DamagedError(f"The field {name[0][:40]} has no value.")

    def _read_value(self, name: str) -> list[Piece]:
        """The pieces of a value."""
        pieces = []
        while True:
            sign = self._sign()
            if sign not in {"{", '"'}:
                self._skip(_BLANKS)
                sign = self._sign()
            if sign in {"{", '"'}:
                self.place += 1
                closing, pattern = ("}", _BRACES) if sign == "{" else ('"', _BRACES_OR_QUOTE)
                pieces.append(Piece(self._enclosed(pattern, closing), Enclosing.TEXT))
            elif bare := _BARE.match(self._text, self.place, self._limit):
                self.place = bare.end()
                pieces.append(Piece(bare[0], Enclosing.BARE))
            elif sign and sign in f",{self._closer}" and not pieces:
                return pieces
            else:
                raise _DamagedError(f"The value of the field {name[:40]} cannot be read.")
            if self._sign() == ",":
                return pieces
            self._skip(_BLANKS)
            if self._sign() != "#":
                return pieces
            self.place += 1

    def _enclosed(self, pattern: re.Pattern[str], closing: str) -> str:
        """The text up to a closing brace or quote that no braces within enclose; the reader then stands behind it."""
        depth, start, place = 0, self.place, self.place
        end = self._text.find(closing, start, self._limit)
        if end >= 0 and not any(sign in (inner := self._text[start:end]) for sign in "\\{}"):
            self.place = end + 1
            return inner
        while match := pattern.search(self._text, place, self._limit):
            sign, place = match[0], match.end()
            if sign[0] == "\\":
                if not self._heeds_escapes:
                    place = match.start() + 1
            elif sign == closing and depth == 0:
                self.place = place
                return self._text[start : match.start()]
            elif sign == "{":
                depth += 1
            elif sign == "}":
                depth -= 1
                if depth < 0:
                    break
        raise _DamagedError("The entry is not closed.")

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self.place, self._limit)
        if match:
            self.place = match.end()

    def _sign(self) -> str:
        """The character here; empty at the end."""
        return self._text[self.place : self.place + 1] if self.place < self._limit else ""
