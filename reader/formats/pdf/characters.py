"""The characters of a page as PDFium tells them, in arrays.

The functions are described in ``fpdf_text.h``, ``fpdf_edit.h`` and ``fpdf_transformpage.h`` of
https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/. Each call takes half a microsecond, so what is the
same for a whole piece of text is asked once for it.
"""

from __future__ import annotations

import ctypes
import math
import re
from array import array
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from reader.domain.page_text.characters import OBLIQUE, PageCharacters, main_turn
from reader.domain.quotation import LIGATURES

MOST_CHARACTERS = 500_000
"""A page with more characters is read only so far."""
_LINE_ENDS = (10, 13)
LINE_END_HYPHENS = (0x0002, 0xFFFE)
"""How PDFium writes a hyphen at the end of a line, after which it writes no line end."""
_BOLD = re.compile(rb"[Bb]old|Black|Heavy|Demi|Medi(?!um)|CMB|SFB|-B\b|TBI?$")
"""Names of bold fonts, also of those that TeX uses. Few fonts of papers tell their weight."""
_MOST_FONTS = 65_535
_FARTHEST = 1e6
"""No page reaches so far; ISO 32000-2, annex C, has 14,400 points for the largest."""
_NAME_BYTES = 128
_STRAIGHT = 0.03
"""Radians by which an angle may differ from a quarter turn."""

# ctypes would make an object of each pointer; the address is enough to tell text objects apart.
_text_object = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)(
    ctypes.cast(pdfium.FPDFText_GetTextObject, ctypes.c_void_p).value or 0
)


class _Look(NamedTuple):
    """What the characters of a text object look like."""

    size: float = 0.0
    font: int = 0
    is_bold: bool = False
    turn: int = 0


class CharacterReader:
    """Reads the characters of one document's pages; its fonts get numbers."""

    def __init__(self, document: Any) -> None:
        """``document`` is open in PDFium as long as this is used."""
        self._document = document
        self._fonts: dict[bytes, int] = {}

    def read(self, number: int) -> PageCharacters:
        """The characters of a page; none if it cannot be read.

        PDFium puts text into lines as it is shown. So the page is turned, in memory, until its text is upright. Boxes
        do not depend on that.
        """
        made = self._read_turned(number, 0)
        turn = main_turn(made)
        return self._read_turned(number, turn) if turn else made

    def _read_turned(self, number: int, turn: int) -> PageCharacters:
        page = pdfium.FPDF_LoadPage(self._document, number)
        if page and pdfium.FPDFPage_GetRotation(page) != turn:
            pdfium.FPDFPage_SetRotation(page, turn)
            pdfium.FPDF_ClosePage(page)
            page = pdfium.FPDF_LoadPage(self._document, number)
        if not page:
            return PageCharacters(number, (0.0, 0.0, 0.0, 0.0))
        made = PageCharacters(number, _shown_box(page))
        text_page = pdfium.FPDFText_LoadPage(page)
        if text_page:
            self._read_text(text_page, made)
            pdfium.FPDFText_ClosePage(text_page)
        pdfium.FPDF_ClosePage(page)
        return made

    def _read_text(self, text_page: Any, made: PageCharacters) -> None:
        """Put the characters of a text page into the arrays."""
        code_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
        address = ctypes.cast(text_page, ctypes.c_void_p)
        rectangle = pdfium.FS_RECTF()
        reference = ctypes.byref(rectangle)
        pieces: list[str] = []
        boxes = array("f")
        shown: list[_Look] = []
        looks: dict[int | None, _Look] = {}
        look = _Look()
        last: int | None = None
        high = 0
        for index in range(min(pdfium.FPDFText_CountChars(text_page), MOST_CHARACTERS)):
            code = code_of(text_page, index)
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if code in _LINE_ENDS:
                text = "\n"
            else:
                box_of(text_page, index, reference)
                here = _text_object(address, index)
                if here is not None and here != last:
                    look = looks.get(here) or looks.setdefault(here, self._look(text_page, index))
                    last = here
                is_hyphen = code in LINE_END_HYPHENS or (code == 45 and pdfium.FPDFText_IsHyphen(text_page, index) == 1)
                text = "-\n" if is_hyphen else _text(code, high)
            high = 0
            box = _sensible((rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
            for char in text:
                pieces.append(char)
                boxes.extend(box)
                shown.append(look)
        made.text = "".join(pieces)
        made.left, made.bottom, made.right, made.top = (boxes[side::4] for side in range(4))
        made.size = array("f", [each.size for each in shown])
        made.font = array("H", [each.font for each in shown])
        made.bold = bytearray(each.is_bold for each in shown)
        made.turn = bytearray(each.turn for each in shown)

    def _look(self, text_page: Any, index: int) -> _Look:
        font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(text_page, index))
        buffer = ctypes.create_string_buffer(_NAME_BYTES)
        length = pdfium.FPDFFont_GetBaseFontName(font, buffer, _NAME_BYTES) if font else 0
        name = buffer.raw[: max(0, min(length, _NAME_BYTES) - 1)]
        number = self._fonts.setdefault(name, min(len(self._fonts), _MOST_FONTS))
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(text_page, index, ctypes.byref(matrix))
        size = pdfium.FPDFText_GetFontSize(text_page, index) * (math.hypot(matrix.c, matrix.d) or 1.0)
        # One decimal: TeX's 9.9626 and a word processor's 9.96 are one size.
        size = round(size, 1) if 0 <= size < _FARTHEST else 0.0
        return _Look(size, number, _BOLD.search(name) is not None, _turn(matrix))


def _sensible(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """The box of a character; one at no place if PDFium tells none that a page can have."""
    left, bottom, right, top = box
    if -_FARTHEST < left <= right < _FARTHEST and -_FARTHEST < bottom <= top < _FARTHEST:
        return box
    return (-_FARTHEST,) * 4


def _text(code: int, high: int) -> str:
    """The letters that a UTF-16 unit stands for, ``high`` being the unit before it if that is half a character."""
    if 0xDC00 <= code < 0xE000:
        return chr(0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)) if high else "\ufffd"
    char = chr(code) if 0 < code < 0x110000 else "\ufffd"
    return " " if char.isspace() else char.translate(LIGATURES)


def _turn(matrix: Any) -> int:
    """The quarter turns by which text is turned against the clock, or :data:`OBLIQUE`."""
    turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2) if all(map(math.isfinite, (matrix.a, matrix.b))) else 0.5
    nearest = round(turns)
    return nearest % 4 if abs(turns - nearest) < _STRAIGHT else OBLIQUE


def _shown_box(page: Any) -> tuple[float, float, float, float]:
    """The part of a page that is shown, its CropBox within its MediaBox."""
    rectangle = pdfium.FS_RECTF()
    if not pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(rectangle)):
        return 0.0, 0.0, 0.0, 0.0
    return rectangle.left, rectangle.bottom, rectangle.right, rectangle.top
