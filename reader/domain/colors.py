"""Which of several colours is most like another, as people see them.

Colours are converted from sRGB (IEC 61966-2-1) to CIELAB (ISO/CIE 11664-4, with the white of D65) and compared by their
distance there, which is CIE 1976's colour difference.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cbrt, dist

_TO_XYZ = (
    (0.4124, 0.3576, 0.1805),
    (0.2126, 0.7152, 0.0722),
    (0.0193, 0.1192, 0.9505),
)
"""Linear sRGB to CIE XYZ, by rows (IEC 61966-2-1)."""
_WHITE = (0.9505, 1.0, 1.089)
"""D65 in CIE XYZ."""
_LINEAR_BELOW = (6 / 29) ** 3

Lab = tuple[float, float, float]


def lab(color: str) -> Lab:
    """A colour ``#rrggbb`` in CIELAB: lightness from 0 to 100, then from green to red, and from blue to yellow."""
    linear = [_linear(int(color[place : place + 2], 16) / 255) for place in (1, 3, 5)]
    xyz = [sum(factor * value for factor, value in zip(row, linear, strict=True)) for row in _TO_XYZ]
    x, y, z = (_compressed(value / white) for value, white in zip(xyz, _WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def color_distance(one: str, other: str) -> float:
    """How different two colours ``#rrggbb`` look: CIE 1976's difference, 0 for equal ones, about 2 just noticeable."""
    return dist(lab(one), lab(other))


def nearest_color(color: str, among: Iterable[str]) -> str:
    """The colour that looks most like another; the first of equals. Raises :class:`ValueError` if there is none."""
    return min(among, key=lambda each: color_distance(color, each))


def _linear(value: float) -> float:
    """A channel of sRGB from 0 to 1, in proportion to light."""
    return value / 12.92 if value <= 0.04045 else pow((value + 0.055) / 1.055, 2.4)


def _compressed(value: float) -> float:
    return cbrt(value) if value > _LINEAR_BELOW else value / (3 * (6 / 29) ** 2) + 4 / 29
