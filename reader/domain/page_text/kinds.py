"""The kinds of lines: what is running text and what stands between it.

The measure is the document's own: its body is the size and font that most characters have.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, zip_longest
from statistics import median

from reader.domain.page_text.characters import Box, PageCharacters
from reader.domain.page_text.lines import Kind, Line

ENDED = re.compile(r"[.!?:;。！？][\"'”’»)\]]*$")
_EDGE = 0.09
"""How much of a page's height at either end may hold running heads."""
_LARGER = 0.7
"""So many points above the size of the body is a heading, so many below is a note."""
_LONGEST_HEADING = 90
_MOST_HEADING_LINES = 3
_NUMBER_ALONE = re.compile(r"[\W_]*\d{1,4}[\W_]*|[ivxlc]{1,7}")
_DIGITS = re.compile(r"\d+")
CAPTION = re.compile(
    r"(?:Figure|Fig\.|Table|Tab\.|Algorithm|Listing|Scheme|Plate)\s+[A-Z]?\.?(?:\d+|[IVX]+)\b", re.IGNORECASE
)
_CAPTION_STOP = re.compile(r"\s*(?:[.:|–—]|$)")
_ABSTRACT = re.compile(r"\s*(?:\d\.?\s+)?(?:abstract|summary|introduction)\b", re.IGNORECASE)
_REFERENCES = re.compile(
    r"(?:[\dIVX]{1,4}\.?\s+)?(?:references|bibliography|literature cited|works cited)", re.IGNORECASE
)
_SECTION = re.compile(r"(?:(?:[IVX]{1,5}|[A-Z])[.)]|\d{1,2}(?:\.\d{1,2}){0,3}[.)]?)\s+[^\W\d_]")
_NOTE_MARK = re.compile(r"[∗*†‡§¶]|\d{1,3}(?!\d|[.,]\d)")
_EQUATION_NUMBER = re.compile(r"\(?[A-Z]?\.?\d{1,3}(?:\.\d{1,3})?[a-z]?\)?")
_LONGEST_CELL = 36
_NEAR = 4
"""So few characters, all white space, are between two pieces of a line in the file."""
_CELL_GAP = 110.0
_RAISED = 0.85
"""A mark is smaller than this share of its line's size."""
_LEAST_JUSTIFIED = 24
_JUSTIFIED = 1.0
"""So far, in points, the ends of justified lines may differ."""


class Look:
    """What most of a document's characters look like; ``leading`` is the distance of its lines."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
        self.size = sizes.most_common(1)[0][0] if sizes else 10.0
        fonts: Counter[tuple[int, bool]] = Counter()
        for line in lines:
            if self.is_body_size(line.size):
                fonts[line.font, line.is_bold] += len(line.text)
        self.font, self.is_bold = fonts.most_common(1)[0][0] if fonts else (0, False)
        self.leading = leading_of([line for line in lines if self.is_body_size(line.size)], self.size)

    def is_body_size(self, size: float) -> bool:
        """Whether a size differs from that of the body by rounding only."""
        return abs(size - self.size) < 0.3


def leading_of(lines: Sequence[Line], size: float) -> float:
    """The distance of lines of a size: the median of those that follow one another."""
    steps = [
        before.bottom - line.bottom
        for before, line in pairwise(lines)
        if before.page == line.page and 0.8 * size < before.bottom - line.bottom < 3 * size
    ]
    return median(steps) if steps else 1.2 * size


def set_kinds(lines: Sequence[Line], pages: Mapping[int, PageCharacters]) -> Look:
    """Tell the kind of each line, lines in the order of the file; the document's look."""
    _set_margins([line for line in lines if line.kind is Kind.BODY], {n: page.box for n, page in pages.items()})
    inner = [line for line in lines if line.kind is Kind.BODY]
    look = Look(inner)
    _set_front(inner, look)
    _set_captions(inner, look)
    _set_tables(inner, pages)
    _set_headings(inner, look)
    _set_references(inner, pages)
    _set_notes(inner, look)
    _set_labels(inner, look)
    return look


def _set_margins(lines: Sequence[Line], boxes: Mapping[int, Box]) -> None:
    """What stands at the edge of a page, or of its text, and is repeated there on others but for digits.

    At the edge of a page, a number alone and the title again are running heads, too.
    """
    sizes = Counter(line.size for line in lines for _ in line.text)
    most = max(sizes, key=lambda size: sizes[size], default=0.0) + _LARGER
    titles = {_without_digits(line) for line in lines if line.size > most}
    middles: defaultdict[int, list[float]] = defaultdict(list)
    for line in lines:
        middles[line.page].append(line.middle)
    pages_with: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    at_edge: list[tuple[Line, tuple[str, int], bool]] = []
    for line in lines:
        _, bottom, _, top = boxes[line.page]
        height = top - bottom
        is_top = line.middle > top - _EDGE * height
        is_outer = is_top or line.middle < bottom + _EDGE * height
        ends = min(middles[line.page]), max(middles[line.page])
        if line.size <= most and (is_outer or min(abs(line.middle - end) for end in ends) < 0.5 * line.size):
            key = _without_digits(line), is_top if is_outer else 2 + round(line.middle - bottom)
            pages_with[key].add(line.page)
            at_edge.append((line, key, is_outer))
    for line, key, is_outer in at_edge:
        is_head = is_outer and (_NUMBER_ALONE.fullmatch(line.text.strip()) or key[0] in titles)
        if len(pages_with[key]) > 1 or is_head:
            line.kind = Kind.MARGIN
    for line, _, _ in at_edge:
        if _is_beside_margin(line, [other for other, _, _ in at_edge]):
            line.kind = Kind.MARGIN


def _without_digits(line: Line) -> str:
    return _DIGITS.sub("#", line.text.strip().casefold())


def _is_beside_margin(line: Line, at_edge: Iterable[Line]) -> bool:
    """Whether the number of a page or a running head stands on the same height."""
    return any(other.kind is Kind.MARGIN and other is not line and other.is_beside(line) for other in at_edge)


def _set_front(lines: Sequence[Line], look: Look) -> None:
    """The lines before the abstract on the first page, except the title and what runs like text."""
    if not lines:
        return
    first = next((place for place, line in enumerate(lines) if _ABSTRACT.match(line.text)), 0)
    if not first or lines[first].page != lines[0].page:
        return
    for line in lines[:first]:
        is_text = look.is_body_size(line.size) and len(line.text) > 60 and "@" not in line.text
        if line.size < look.size + _LARGER + 2 and not (is_text and line.middle < lines[first].middle):
            line.kind = Kind.FRONT


def _set_captions(lines: Sequence[Line], look: Look) -> None:
    before: Line | None = None
    count = 0
    for line in lines:
        if line.kind is Kind.BODY:
            if _begins_caption(line, before, look):
                line.kind = Kind.CAPTION
                count = 0
            elif before is not None and before.kind is Kind.CAPTION and _goes_on_below(before, line, count):
                line.kind = Kind.CAPTION
                count += 1
        before = line


def _begins_caption(line: Line, before: Line | None, look: Look) -> bool:
    match = CAPTION.match(line.text)
    if match is None or line.size > look.size + _LARGER:
        return False
    if not _CAPTION_STOP.match(line.text, match.end()) and not line.is_bold and look.is_body_size(line.size):
        return False
    if before is None or before.page != line.page or before.kind is not Kind.BODY or not look.is_body_size(before.size):
        return True
    # A line of running text may begin with “Table 2.”, the end of a sentence.
    step = before.bottom - line.bottom
    return not 0 < step < 1.3 * look.leading or bool(ENDED.search(before.text.rstrip()) and line.is_bold)


def _goes_on_below(before: Line, line: Line, count: int) -> bool:
    """Whether a line is the next of a caption of which ``count`` lines came before this one's predecessor."""
    step = before.bottom - line.bottom
    if line.page != before.page or abs(line.size - before.size) > 0.3:
        return count == 0 and line.page == before.page and before.text.isupper() and 0 < step < 2 * before.size
    if line.is_beside(before):
        return True
    if ENDED.search(before.text.rstrip()) and step > 1.35 * before.size:
        return False
    is_within = line.left < before.right and before.left < line.right
    return is_within and 0 < step < 1.6 * before.size


def _set_tables(lines: Sequence[Line], pages: Mapping[int, PageCharacters]) -> None:
    """Rows of several short pieces, and what stands between or above such rows; rows of no letters, as of drawings."""
    for line in lines:
        if line.kind is Kind.BODY and len(line.text) > 2 and not any(map(str.isalnum, line.text)):
            line.kind = Kind.TABLE
    open_kinds = (Kind.BODY,)
    rows = list(_rows(lines))
    is_row = [_is_row(row, pages) and not _is_justified(rows, place) for place, row in enumerate(rows)]
    for place, (row, found) in enumerate(zip(rows, is_row, strict=True)):
        if not found and all(len(line.text) < _LONGEST_CELL for line in row):
            near = [other for other in (place - 1, place + 1) if 0 <= other < len(rows) and _touch(row, rows[other])]
            found = bool(near) and all(is_row[other] or rows[other][0].kind is not Kind.BODY for other in near)
            found = found and any(is_row[other] for other in near)
        if found:
            for line in row:
                if line.kind in open_kinds:
                    line.kind = Kind.TABLE


def _rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that stand beside one another and follow one another in the file."""
    row: list[Line] = []
    for line in lines:
        if row and not line.is_beside(row[-1]):
            yield row
            row = []
        row.append(line)
    if row:
        yield row


def _is_row(row: Sequence[Line], pages: Mapping[int, PageCharacters]) -> bool:
    if any(line.kind is not Kind.BODY for line in row):
        return False
    if len(row) > 1:
        *cells, last = sorted(row, key=lambda line: line.left)
        if len(row) == 2 and _EQUATION_NUMBER.fullmatch(last.text):
            return False
        gaps = [after.left - cell.right for cell, after in pairwise(row)]
        return (
            all(len(line.text) < _LONGEST_CELL for line in cells) and max(map(abs, gaps)) < _CELL_GAP and min(gaps) > 0
        )
    return len(row[0].text) < 80 and _wide_gaps(row[0], pages[row[0].page]) >= 2


def _is_justified(rows: Sequence[Sequence[Line]], place: int) -> bool:
    """Whether a row, whose gaps may be wide, begins and ends where a line of running text beside it does."""
    row = rows[place]
    left, right = min(line.left for line in row), max(line.right for line in row)
    near = [rows[other] for other in (place - 1, place + 1) if 0 <= other < len(rows)]
    return any(
        len(other) == 1
        and len(other[0].text) > _LEAST_JUSTIFIED
        and abs(other[0].right - right) < _JUSTIFIED
        and abs(other[0].left - left) < 2 * row[0].size
        and _touch(row, other)
        for other in near
    )


def _wide_gaps(line: Line, page: PageCharacters) -> int:
    """How many gaps between words are wide, and wider than the others: those of a justified line are all alike."""
    starts = [index for index in range(line.start + 1, line.end) if page.text[index - 1].isspace()]
    ends = [index - 1 for index in range(line.start + 1, line.end) if page.text[index].isspace()]
    gaps = [page.left[start] - page.right[end] for start, end in zip(starts, ends, strict=False)]
    least = 1.1 * line.size if len(gaps) < 4 else max(1.1 * line.size, 2 * min(gaps))
    return sum(gap > least for gap in gaps)


def _touch(row: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether two rows stand directly above one another."""
    return row[0].page == other[0].page and abs(row[0].middle - other[0].middle) < 2.2 * row[0].size


def _set_headings(lines: Sequence[Line], look: Look) -> None:
    """Larger lines; short ones in bold, or that stand apart and look like the number and title of a section."""
    for line in lines:
        if line.kind is Kind.BODY and line.size > look.size + _LARGER:
            line.kind = Kind.HEADING
    blocks: list[list[Line]] = []
    for line in lines:
        if line.kind is not Kind.BODY:
            continue
        last = blocks[-1][-1] if blocks else None
        if (
            last is not None
            and (last.font, last.size, last.is_bold, last.page) == (line.font, line.size, line.is_bold, line.page)
            and (line.is_beside(last) or 0 < last.bottom - line.bottom < 1.35 * look.leading)
        ):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    for block, after in zip_longest(blocks, blocks[1:]):
        if _is_heading(block, after, look):
            for line in block:
                line.kind = Kind.HEADING


def _is_heading(block: Sequence[Line], after: Sequence[Line] | None, look: Look) -> bool:
    """Whether a block of lines of one font is a heading; ``after`` is the next one."""
    text = " ".join(line.text for line in block)
    first = block[0]
    if len(block) > _MOST_HEADING_LINES or len(text) > _LONGEST_HEADING * len(block) or not any(map(str.isalpha, text)):
        return False
    if first.size < look.size - 2.5 or text.endswith((",", "-")):
        return False
    if after is not None and after[0].is_beside(block[-1]) and after[0].start - block[-1].end < _NEAR:
        return False  # a heading that runs into its paragraph
    if first.is_bold and not look.is_bold:
        return True
    is_alone = all(line.is_beside(first) for line in block) and not ENDED.search(text)
    if not is_alone or (first.font == look.font and not text.isupper()):
        return False
    return _SECTION.match(text) is not None or _REFERENCES.fullmatch(text) is not None


def _set_notes(lines: Sequence[Line], look: Look) -> None:
    """Smaller lines at the end of a column that begin with a mark, and those after them."""
    before: Line | None = None
    note: Line | None = None
    for place, line in enumerate(lines):
        if line.kind is Kind.BODY and line.size < look.size - _LARGER:
            goes_on = (
                before is not None
                and before.kind is Kind.NOTE
                and before.page == line.page
                and (line.is_beside(before) or 0 < before.bottom - line.bottom < 2 * line.size)
            )
            is_broken = note is not None and not ENDED.search(note.text) and abs(line.size - note.size) < 0.3
            if goes_on or ((is_broken or _NOTE_MARK.match(line.text)) and _ends_column(lines, place)):
                line.kind = Kind.NOTE
                note = line
        before = line


def _set_labels(lines: Sequence[Line], look: Look) -> None:
    """Short smaller lines by themselves, as in figures."""
    is_short = [
        line.size < look.size - _LARGER and len(line.text) < _LONGEST_CELL and not ENDED.search(line.text.rstrip())
        for line in lines
    ]
    for place, line in enumerate(lines):
        near = (other for other in (place - 1, place + 1) if 0 <= other < len(lines))
        if line.kind is Kind.BODY and is_short[place]:
            alike = [other for other in near if lines[other].page == line.page and lines[other].size == line.size]
            if all(is_short[other] for other in alike):
                line.kind = Kind.TABLE


def _ends_column(lines: Sequence[Line], place: int) -> bool:
    """Whether nothing larger stands below a line in its column."""
    line = lines[place]
    following = (other for other in lines[place + 1 : place + 40] if other.page == line.page)
    for other in following:
        if other.size > line.size + 0.5:
            return other.bottom > line.top
    return True


def _set_references(lines: Sequence[Line], pages: Mapping[int, PageCharacters]) -> None:
    """What comes after the heading of the references, until another heading; but not the notes below it."""
    is_within = False
    before: Line | None = None
    for line in lines:
        if line.kind is Kind.HEADING or (line.kind is Kind.BODY and _REFERENCES.fullmatch(line.text.strip())):
            is_within = _REFERENCES.fullmatch(line.text.strip()) is not None
            line.kind = Kind.HEADING
        elif is_within and line.kind in (Kind.BODY, Kind.TABLE):
            is_raised = pages[line.page].size[line.start] < _RAISED * line.size
            goes_on = before is not None and before.kind is Kind.NOTE and _is_next(before, line)
            is_note = goes_on or (is_raised and _NOTE_MARK.match(line.text))
            line.kind = Kind.NOTE if is_note else Kind.REFERENCE
        before = line


def _is_next(before: Line, line: Line) -> bool:
    """Whether a line is beside or directly below another one of its size."""
    if before.page != line.page or abs(before.size - line.size) > 0.3:
        return False
    return line.is_beside(before) or 0 < before.bottom - line.bottom < 2 * line.size
