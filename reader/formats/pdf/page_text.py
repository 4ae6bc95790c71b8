"""The running text of a page, and what of it lies under a mark or beside a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reader.domain.documents import Quad
from reader.domain.hyphenation import HYPHENS, vocabulary_of
from reader.domain.quotation import LIGATURES, line_seam
from reader.domain.quote_placing import quote_context
from reader.formats.pdf.engine import Character
from reader.formats.pdf.geometry import Box, box_around, is_inside

_LONGEST_WORD = 100
_ABOVE = 10.0
"""How many times nearer a line beside a note is than one as far above or below it."""


@dataclass(frozen=True, slots=True)
class MarkedText:
    """Text of a page with what is around it, at most 32 characters each; ``start`` is where it begins on the page."""

    exact: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True, slots=True)
class _Printed:
    """A printed character and the span that it has in the text; an empty one if it is a hyphen that was dropped.

    ``is_hyphen`` is True at the end of a line, where a mark need not cover it.
    """

    box: Box
    start: int
    end: int
    is_hyphen: bool


@dataclass(slots=True)
class _Line:
    """A line of a page: its printed characters, and the rectangle around them."""

    printed: list[_Printed]
    box: Box


class PageText:
    """The text of a page in one line: its lines and the words broken at their ends are joined."""

    def __init__(self, characters: Sequence[Character]) -> None:
        lines = list(_lines(characters))
        texts = ["".join(character.text for character in line) for line in lines]
        vocabulary = vocabulary_of("\n".join(texts))
        self._lines: list[_Line] = []
        self.text = ""
        pieces: list[str] = []
        end = 0
        before = ""
        for number, (line, text) in enumerate(zip(lines, texts, strict=True)):
            if before:
                last, separator = line_seam(before, text, vocabulary)
                if last != before[-1]:
                    end = self._change_last(pieces, last)
                pieces.append(separator)
                end += len(separator)
                before = "" if separator else before[:-1] + last
            printed = list(_printed(line, end, is_last=number == len(lines) - 1))
            pieces += [character.text for character in line]
            end += len(text)
            before = (before + text if " " not in text else text.rsplit(" ", 1)[-1])[-_LONGEST_WORD:]
            self._lines.append(_Line(printed, _box_of(printed)))
        self.text = "".join(pieces)

    def under(self, quads: Sequence[Quad]) -> MarkedText | None:
        """The text of the characters whose middle lies in one of the quads; None if there is none."""
        if not quads:
            return None
        spans: list[list[int]] = []
        goes_on = False
        outer = box_around(quads)
        for line in self._lines:
            for each in line.printed:
                if _is_marked(each.box, quads, outer):
                    if goes_on:
                        spans[-1][1] = each.end
                    else:
                        spans.append([each.start, each.end])
                    goes_on = True
                elif not each.is_hyphen:
                    goes_on = False
        exact = " ".join(filter(None, (self.text[start:end].strip() for start, end in spans)))
        return self._marked(exact, spans[0][0], spans[-1][1]) if exact else None

    def beside(self, box: Box) -> MarkedText | None:
        """The line beside a note, with whole words; None if the page has no text."""
        if not self._lines:
            return None
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        line = min(self._lines, key=lambda line: _distance(line.box, x, y))
        start = self.text.rfind(" ", 0, line.printed[0].start) + 1
        end = self.text.find(" ", line.printed[-1].end)
        end = len(self.text) if end == -1 else end
        return self._marked(self.text[start:end], start, end)

    def _marked(self, exact: str, start: int, end: int) -> MarkedText:
        return MarkedText(exact, *quote_context(self.text, start, end), start)

    def _change_last(self, pieces: list[str], last: str) -> int:
        """Put another character, or none, for the last one of the last line; where the text ends then."""
        printed = self._lines[-1].printed
        hyphen = printed[-1]
        pieces[-1] = last
        end = hyphen.start + len(last)
        printed[-1] = _Printed(hyphen.box, hyphen.start, end, hyphen.is_hyphen)
        return end


def _lines(characters: Sequence[Character]) -> Iterator[list[Character]]:
    """The lines that have printed characters, without white space at their ends and with single spaces inside."""
    line: list[Character] = []
    for character in (*characters, Character("\n", None)):
        if character.text == "\n":
            while line and line[-1].box is None:
                line.pop()
            if line:
                yield line
            line = []
        elif character.box is None:
            if line and line[-1].box is not None:
                line.append(character)
        elif text := _clean(character.text):
            line.append(character if text == character.text else Character(text, character.box))


def _clean(text: str) -> str:
    """A printed character without what cannot be shown, ligatures split."""
    text = text.translate(LIGATURES)
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _printed(line: Sequence[Character], start: int, *, is_last: bool) -> Iterator[_Printed]:
    for number, character in enumerate(line):
        end = start + len(character.text)
        if character.box is not None:
            is_at_end = number == len(line) - 1 and not is_last
            yield _Printed(character.box, start, end, is_at_end and character.text in HYPHENS)
        start = end


def _box_of(printed: Sequence[_Printed]) -> Box:
    boxes = [each.box for each in printed]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def _is_marked(box: Box, quads: Sequence[Quad], outer: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    if not (outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]):
        return False
    return any(is_inside(x, y, quad) for quad in quads)


def _distance(box: Box, x: float, y: float) -> float:
    """How far a line is from a point, for the eye that looks for what a note is about."""
    left, bottom, right, top = box
    return max(0.0, left - x, x - right) + _ABOVE * max(0.0, bottom - y, y - top)
