"""Typefaces and text sizes: what is read in a serif where the system has a good one, the rest in its own sans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QFontMetricsF, QGuiApplication

from reader.domain.settings import ReadingFont

LINE_HEIGHT = 1.5
COLUMN_CHARACTERS = 75
"""The longest line of an abstract, in characters."""
_SERIFS = (
    "Source Serif 4",
    "Source Serif Pro",
    "Charter",
    "Iowan Old Style",
    "Literata",
    "Libre Caslon Text",
    "Noto Serif",
    "Georgia",
    "Cambria",
    "Liberation Serif",
    "DejaVu Serif",
)
_SANS = ("Inter", "Source Sans 3", "Noto Sans", "Cantarell", "Open Sans", "Ubuntu")
_POOR_DEFAULTS = frozenset({"DejaVu Sans", "Bitstream Vera Sans", "Droid Sans Fallback", "MS Shell Dlg 2"})
_SIZES = (8.5, 9.5, 10.5, 11.5, 12.5, 14.0, 16.0, 18.0, 21.0, 24.0)
_USUAL_SIZE = 4
SMALLEST_STEP, LARGEST_STEP = -_USUAL_SIZE, len(_SIZES) - 1 - _USUAL_SIZE
# Lower-case English text; the widest line of 75 of its characters stays below that many widths of "0" in every face.
_SAMPLE = "the measure of a column is the number of characters a line of ordinary english text has room for in it"
_MARGIN_CHARACTERS = 5


@lru_cache
def serif_family() -> str:
    """The best serif there is; the interface's family if there is none."""
    return _first_present(_SERIFS) or sans_family()


@lru_cache
def sans_family() -> str:
    """The system's own interface family, unless that is a makeshift and a better one is present."""
    default = QFontInfo(QGuiApplication.font()).family()
    return (_first_present(_SANS) or default) if default in _POOR_DEFAULTS else default


def _first_present(families: tuple[str, ...]) -> str | None:
    present = set(QFontDatabase.families())
    return next((family for family in families if family in present), None)


@dataclass(frozen=True, slots=True)
class Typography:
    """The fonts of one text size; ``step`` counts from the usual one, ``face`` is for what is read."""

    step: int = 0
    face: ReadingFont = ReadingFont.SERIF

    def larger(self) -> Typography:
        """One size up, if there is one."""
        return replace(self, step=min(self.step + 1, LARGEST_STEP))

    def smaller(self) -> Typography:
        """One size down, if there is one."""
        return replace(self, step=max(self.step - 1, SMALLEST_STEP))

    @property
    def _reading_family(self) -> str:
        return serif_family() if self.face is ReadingFont.SERIF else sans_family()

    @property
    def reading_size(self) -> float:
        """The size of an abstract's text, in points."""
        return _SIZES[min(max(self.step + _USUAL_SIZE, 0), len(_SIZES) - 1)]

    def reading(self) -> QFont:
        """For abstracts."""
        return _font(self._reading_family, self.reading_size)

    def title(self) -> QFont:
        """For a paper's title over its abstract."""
        return _font(self._reading_family, self.reading_size * 1.52, QFont.Weight.DemiBold)

    def interface(self) -> QFont:
        """For everything that is not a paper's own text."""
        return _font(sans_family(), max(self.reading_size * 0.8, 8.0))

    def strong(self) -> QFont:
        """For what is to be seen first in a list."""
        return _font(sans_family(), max(self.reading_size * 0.8, 8.0), QFont.Weight.DemiBold)

    def heading(self) -> QFont:
        """For the name of a view."""
        return _font(sans_family(), max(self.reading_size * 0.92, 8.5), QFont.Weight.DemiBold)

    def small(self) -> QFont:
        """For second lines, counts and dates."""
        return _font(sans_family(), max(self.reading_size * 0.72, 7.5))

    def column_width(self) -> float:
        """How wide a column of abstract text may be so that its lines stay at or below 75 characters."""
        metrics = QFontMetricsF(self.reading())
        per_character = metrics.horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        return per_character * (COLUMN_CHARACTERS - _MARGIN_CHARACTERS)


def _font(family: str, size: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = QFont(family)
    font.setPointSizeF(size)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
