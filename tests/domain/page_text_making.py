"""Made-up pages: characters of a font all of whose letters are half as wide as high."""

from __future__ import annotations

from reader.domain.page_text.characters import PageCharacters

WIDTH, HEIGHT = 612.0, 792.0
SIZE = 10.0


def empty_page(number: int = 0, width: float = WIDTH, height: float = HEIGHT) -> PageCharacters:
    return PageCharacters(number, (0.0, 0.0, width, height))


def write(
    page: PageCharacters,
    text: str,
    x: float,
    y: float,
    size: float = SIZE,
    *,
    font: int = 0,
    bold: bool = False,
    turn: int = 0,
    ends: bool = True,
) -> float:
    """Put a line at a place, and where it ends."""
    for char in text:
        _put(page, char, (x, y, x + size / 2, y + size), size, font, bold, turn)
        x += size / 2
    if ends:
        _put(page, "\n", (x, y, x, y + size), size, font, bold, turn)
    return x


def _put(
    page: PageCharacters,
    char: str,
    box: tuple[float, float, float, float],
    size: float,
    font: int,
    bold: bool,
    turn: int,
) -> None:
    page.text += char
    page.left.append(box[0])
    page.bottom.append(box[1])
    page.right.append(box[2])
    page.top.append(box[3])
    page.size.append(size)
    page.font.append(font)
    page.bold.append(bold)
    page.turn.append(turn)


def column(page: PageCharacters, lines: list[str], x: float, y: float, leading: float = 12.0) -> None:
    for line in lines:
        write(page, line, x, y)
        y -= leading
