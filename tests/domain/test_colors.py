"""How alike colours look."""

from __future__ import annotations

import pytest

from reader.domain.colors import color_distance, lab, nearest_color

# CIELAB of sRGB's corners as published by B. Lindbloom (http://www.brucelindbloom.com, colour calculator, D65).
CORNERS = {
    "#ffffff": (100.0, 0.0, 0.0),
    "#000000": (0.0, 0.0, 0.0),
    "#ff0000": (53.24, 80.09, 67.20),
    "#00ff00": (87.73, -86.18, 83.18),
    "#0000ff": (32.30, 79.19, -107.86),
}


@pytest.mark.parametrize(("color", "expected"), CORNERS.items())
def test_known_colors_are_where_they_are_published_to_be(color: str, expected: tuple[float, float, float]) -> None:
    assert lab(color) == pytest.approx(expected, abs=0.1)


def test_a_color_is_nearest_to_itself_and_to_its_shades() -> None:
    labels = ["#e5b567", "#6c99bb", "#8fb573", "#b58ac4"]
    assert [nearest_color(label, labels) for label in labels] == labels
    # What Acrobat, Preview and Okular call yellow, blue, green and purple.
    assert [nearest_color(each, labels) for each in ("#ffd100", "#5fb2ff", "#7cc867", "#c885da")] == labels


def test_a_difference_is_the_same_both_ways() -> None:
    assert color_distance("#123456", "#654321") == pytest.approx(color_distance("#654321", "#123456"))
    assert color_distance("#abcdef", "#abcdef") == 0
