"""The colours of highlights: the user's, brought to where text stays readable on them, in every theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from PySide6.QtGui import QColor, QTextCharFormat

from reader.domain.annotations import HighlightLabel, fold_tag
from reader.ui.look.themes import Theme, contrast

_STEP = 0.02
_STRENGTH, _STRONG = 0.34, 0.6
_UNKNOWN = "#a0a0a0"
# Told apart without colours, too: by the line below, in the labels' order.
_LINES = (
    QTextCharFormat.UnderlineStyle.SingleUnderline,
    QTextCharFormat.UnderlineStyle.DashUnderline,
    QTextCharFormat.UnderlineStyle.DotLine,
    QTextCharFormat.UnderlineStyle.WaveUnderline,
    QTextCharFormat.UnderlineStyle.DashDotLine,
    QTextCharFormat.UnderlineStyle.DashDotDotLine,
)


@dataclass(frozen=True, slots=True)
class Tone:
    """How a label looks: ``ground`` lies behind text, ``strong`` where one is or two overlap, ``ink`` is text itself.

    ``initial`` and ``line`` tell the label where colours do not.
    """

    name: str
    initial: str
    ground: QColor
    strong: QColor
    ink: QColor
    line: QTextCharFormat.UnderlineStyle


class Tones:
    """The tones of all labels in one theme."""

    def __init__(self, labels: Sequence[HighlightLabel], theme: Theme) -> None:
        """``labels`` in their order."""
        self._theme = theme
        self._tones = {fold_tag(label.name): _tone(label, number, theme) for number, label in enumerate(labels)}

    def of(self, label: str) -> Tone:
        """The tone of a label by name; a grey one for a label that is not known (yet)."""
        found = self._tones.get(fold_tag(label))
        return found or _tone(HighlightLabel(0, label, _UNKNOWN), 0, self._theme)

    def overlap(self, labels: Sequence[str]) -> QColor:
        """What lies behind text under several highlights: their colours together, stronger than each."""
        parts = zip(*(_channels(self.of(label).strong) for label in labels), strict=True)
        blend = QColor.fromRgbF(*(fmean(part) for part in parts))
        return _ground(blend, self._theme, 1.0)


def selection_ground(theme: Theme) -> QColor:
    """What lies behind words being selected: the accent, as strong as leaves them readable."""
    return _ground(theme.marks.accent, theme, _STRONG)


def _tone(label: HighlightLabel, number: int, theme: Theme) -> Tone:
    color = QColor(label.color)
    return Tone(
        name=label.name,
        initial=label.name[:1].upper(),
        ground=_ground(color, theme, _STRENGTH),
        strong=_ground(color, theme, _STRONG),
        ink=_ink(color, theme),
        line=_LINES[number % len(_LINES)],
    )


def _ground(color: QColor, theme: Theme, strength: float) -> QColor:
    """The colour laid over the page as strongly as leaves text and links on it readable."""
    while strength > 0:
        mixed = mix(theme.surfaces.page, color, strength)
        if min(contrast(text, mixed) for text in (theme.texts.text, theme.texts.accent)) >= theme.least_contrast:
            return mixed
        strength -= _STEP
    return theme.surfaces.page


def _ink(color: QColor, theme: Theme) -> QColor:
    """The colour brought towards that of text until it can be read, on the page and on what lies over it."""
    share = 0.0
    while share < 1:
        mixed = mix(color, theme.texts.text, share)
        surfaces = (theme.surfaces.page, theme.surfaces.overlay, theme.surfaces.list, theme.surfaces.selected_focus)
        if min(contrast(mixed, surface) for surface in surfaces) >= theme.least_contrast:
            return mixed
        share += _STEP
    return theme.texts.text


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """A colour between two: ``share`` (0 to 1) of the other."""
    parts = zip(_channels(one), _channels(other), strict=True)
    return QColor.fromRgbF(*(first + (second - first) * min(max(share, 0.0), 1.0) for first, second in parts))


def _channels(color: QColor) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1."""
    return color.redF(), color.greenF(), color.blueF()
