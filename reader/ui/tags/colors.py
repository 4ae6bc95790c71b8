"""Tags' colours: a few to choose from, and each made legible on whatever it is shown on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtGui import QColor

from reader.ui.look.themes import Theme, contrast

SUGGESTED = {
    "Blue": "#3b78c4",
    "Teal": "#1f8a8a",
    "Green": "#3d8b46",
    "Olive": "#82861f",
    "Amber": "#b9791a",
    "Rust": "#bb5a34",
    "Red": "#c0413f",
    "Rose": "#b5487f",
    "Violet": "#7d5bbe",
    "Slate": "#64748b",
}
"""Colours that can be told from each other, by name."""
_STEPS = 60

TagColors = Mapping[str, str]
"""The colours (``#rrggbb``) of those tags that have one, by tag name."""


def legible(color: str, theme: Theme) -> QColor:
    """A colour of the same hue, as light or dark as text has to be on every surface of a theme.

    Raises :class:`ValueError` for a text that is not a colour.
    """
    surfaces = theme.surfaces
    grounds = (
        *(surfaces.page, surfaces.list, surfaces.chrome, surfaces.overlay),
        *(surfaces.selected, surfaces.selected_focus, surfaces.hover),
    )
    names = tuple(ground.name() for ground in grounds)
    return QColor(_legible(color, names, theme.dark, theme.least_contrast, theme.texts.text.name()))


@lru_cache(maxsize=1_000)
def _legible(color: str, grounds: tuple[str, ...], dark: bool, least: float, otherwise: str) -> str:
    wanted = QColor(color)
    if not wanted.isValid():
        raise ValueError(f"“{color}” is not a colour.")
    hue, saturation, lightness = wanted.hslHueF(), wanted.hslSaturationF(), wanted.lightnessF()
    end = 1.0 if dark else 0.0
    for step in range(_STEPS + 1):
        light = lightness + (end - lightness) * step / _STEPS
        shown = QColor(QColor.fromHslF(max(hue, 0.0), saturation, light).name())  # rounded as it will be shown
        if min(contrast(shown, QColor(ground)) for ground in grounds) >= least:
            return shown.name()
    return otherwise
