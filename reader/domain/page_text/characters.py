"""The characters of a page, in arrays: an object for each would need fifty times the memory.

Boxes are in points of the page's user space (ISO 32000-2, §8.3.2.3), which does not turn with the page, and are loose:
as high as the font, not as the letter, so that those of a line are even.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points."""

OBLIQUE = 4
"""Stands for an angle that is no quarter turn."""


def _floats() -> array[float]:
    return array("f")


def _numbers() -> array[int]:
    return array("H")


@dataclass(slots=True)
class PageCharacters:
    r"""The characters of a page in the order in which the file has them, one code point each; ``box`` is what is shown.

    Spaces and line ends (``"\n"``) are characters, too. ``font`` tells apart the document's fonts, ``turn`` counts
    quarter turns against the clock or is :data:`OBLIQUE`. ``page_turn`` is the turn by which the boxes were turned
    back, see :func:`upright`.
    """

    number: int
    box: Box
    text: str = ""
    left: array[float] = field(default_factory=_floats)
    bottom: array[float] = field(default_factory=_floats)
    right: array[float] = field(default_factory=_floats)
    top: array[float] = field(default_factory=_floats)
    size: array[float] = field(default_factory=_floats)
    font: array[int] = field(default_factory=_numbers)
    bold: bytearray = field(default_factory=bytearray)
    turn: bytearray = field(default_factory=bytearray)
    page_turn: int = 0

    def box_of(self, index: int) -> Box:
        """The box of a character."""
        return self.left[index], self.bottom[index], self.right[index], self.top[index]

    def picked(self, chosen: Sequence[object]) -> PageCharacters:
        """The same page with the characters whose item of ``chosen`` is true."""
        left, bottom, right, top, size = (
            array("f", compress(each, chosen)) for each in (self.left, self.bottom, self.right, self.top, self.size)
        )
        return replace(
            self,
            text="".join(compress(self.text, chosen)),
            left=left,
            bottom=bottom,
            right=right,
            top=top,
            size=size,
            font=array("H", compress(self.font, chosen)),
            bold=bytearray(compress(self.bold, chosen)),
            turn=bytearray(compress(self.turn, chosen)),
        )


def main_turn(page: PageCharacters) -> int:
    """The quarter turns of most of a page's letters."""
    turns = Counter(compress(page.turn, map(str.isalnum, page.text)))
    most = turns.most_common(1)[0][0] if turns else 0
    return 0 if most == OBLIQUE else most


def upright(page: PageCharacters) -> PageCharacters:
    """The page turned so that most of its text is upright, without what is not shown.

    A table set sideways on a page of its own is so read as any other.
    """
    page_turn = main_turn(page)
    left, bottom, right, top = page.box
    chosen = [
        char == "\n" or (char.isprintable() and left <= (x0 + x1) / 2 <= right and bottom <= (y0 + y1) / 2 <= top)
        for char, x0, y0, x1, y1 in zip(page.text, page.left, page.bottom, page.right, page.top, strict=True)
    ]
    kept = page if all(chosen) else page.picked(chosen)
    return _turned(kept, page_turn) if page_turn else kept


def turned_back(page: PageCharacters, box: Box) -> Box:
    """A box of an upright page in the page's own user space."""
    corners = [_turn_point(x, y, -page.page_turn) for x, y in ((box[0], box[1]), (box[2], box[3]))]
    return _box_of_points(corners)


def turned(page: PageCharacters, x: float, y: float) -> tuple[float, float]:
    """A point of the page's own user space on the upright page."""
    return _turn_point(x, y, page.page_turn)


def _turned(page: PageCharacters, turn: int) -> PageCharacters:
    """The page with its boxes turned back by quarter turns."""
    boxes = [
        _box_of_points((_turn_point(x0, y0, turn), _turn_point(x1, y1, turn)))
        for x0, y0, x1, y1 in zip(page.left, page.bottom, page.right, page.top, strict=True)
    ]
    x0, y0, x1, y1 = page.box
    outer = _box_of_points((_turn_point(x0, y0, turn), _turn_point(x1, y1, turn)))
    left, bottom, right, top = (array("f", column) for column in zip(*boxes, strict=True))
    return replace(page, box=outer, left=left, bottom=bottom, right=right, top=top, page_turn=turn)


def _turn_point(x: float, y: float, turn: int) -> tuple[float, float]:
    """A point turned with the clock by quarter turns about the origin."""
    turns = {0: (x, y), 1: (y, -x), 2: (-x, -y), 3: (-y, x)}
    return turns[turn % 4]


def _box_of_points(points: Iterable[tuple[float, float]]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


_ACCENTS = {
    "`": "\u0300",
    "´": "\u0301",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "¯": "\u0304",
    "˘": "\u0306",
    "˙": "\u0307",
    "¨": "\u0308",
    "˚": "\u030a",
    "˝": "\u030b",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˛": "\u0328",
}
"""Accents that stand alone, with the combining characters that they are on a letter."""
_DOTLESS = str.maketrans("ıȷ", "ij")
_NEAR = 400
"""So far apart in the file an accent and its letter may be: some files have the accents of a line after it."""


def with_accents(page: PageCharacters) -> PageCharacters:
    """The page with accents that are set as glyphs of their own (“F¨arber”) put on the letters below or above them."""
    accents = [index for index, char in enumerate(page.text) if char in _ACCENTS]
    if not accents:
        return page
    text = list(page.text)
    chosen = bytearray(b"\x01") * len(text)
    for accent in accents:
        letter = _letter_of(page, accent)
        if letter is None:
            continue
        composed = unicodedata.normalize("NFC", text[letter].translate(_DOTLESS) + _ACCENTS[text[accent]])
        if len(composed) == 1:
            text[letter] = composed
            chosen[accent] = 0
            # What seems to be a space or line end beside the accent is told from the letters.
            for index in (accent - 1, accent + 1):
                if 0 <= index < len(text) and text[index].isspace():
                    text[index] = "\n"
    return replace(page, text="".join(text)).picked(chosen)


def _is_letter(char: str) -> bool:
    return char.isalpha() and char not in _ACCENTS  # some accents count as letters


def _letter_of(page: PageCharacters, accent: int) -> int | None:
    """The letter in whose middle an accent stands at the same height, None if there is none."""
    middle = (page.left[accent] + page.right[accent]) / 2
    size = page.size[accent]
    best: tuple[float, int] | None = None
    for index in range(max(0, accent - _NEAR), min(len(page.text), accent + _NEAR + 1)):
        if abs((page.left[index] + page.right[index]) / 2 - middle) < 0.3 * size and _is_letter(page.text[index]):
            rise = page.bottom[accent] - page.bottom[index]
            distance = abs((page.left[index] + page.right[index]) / 2 - middle) + abs(rise)
            if -0.1 * size < rise < 0.5 * size and (best is None or distance < best[0]):
                best = distance, index
    return best[1] if best else None
