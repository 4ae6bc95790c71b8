"""Quadrilaterals on a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from reader.domain.documents import Quad

Box = tuple[float, float, float, float]
"""Left, bottom, right and top in points."""
_FARTHEST = 1e6
"""No page reaches so far; ISO 32000-2, annex C, has 14,400 points for the largest."""


def quads_of(numbers: Sequence[float]) -> tuple[Quad, ...]:
    """The quads in an array of numbers, eight for each; those without a sensible place are left out."""
    eights = (numbers[start : start + 8] for start in range(0, len(numbers) - 7, 8))
    return tuple(_ordered(eight) for eight in eights if all(map(_is_on_a_page, eight)))


def quads_of_box(numbers: Sequence[float]) -> tuple[Quad, ...]:
    """The one quad of a rectangle, which two opposite corners describe; none if it has no sensible place."""
    if len(numbers) != 4:
        return ()
    left, bottom, right, top = numbers
    return quads_of((left, top, right, top, left, bottom, right, bottom))


def box_around(quads: Iterable[Quad]) -> Box:
    """The smallest upright rectangle that holds all quads."""
    points = [number for quad in quads for number in quad]
    return min(points[::2]), min(points[1::2]), max(points[::2]), max(points[1::2])


def _ordered(numbers: Sequence[float]) -> Quad:
    """Four corners as top left, top right, bottom left, bottom right, in whichever order a program wrote them.

    The norm has another order than Acrobat, whose order most programs follow (https://github.com/pdf-association/
    pdf-issues/issues/68), so the order says nothing.
    """
    from_top = sorted(_points(numbers), key=lambda point: (-point[1], point[0]))
    corners = sorted(from_top[:2]) + sorted(from_top[2:])
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = [(round(x, 2) + 0.0, round(y, 2) + 0.0) for x, y in corners]
    return x1, y1, x2, y2, x3, y3, x4, y4


def _is_on_a_page(number: float) -> bool:
    return math.isfinite(number) and abs(number) < _FARTHEST


def _points(numbers: Sequence[float]) -> list[tuple[float, float]]:
    return list(zip(numbers[::2], numbers[1::2], strict=True))
