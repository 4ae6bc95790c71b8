"""Lines to paragraphs. Each kind of text goes on by itself, over columns and pages and whatever stands between."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from reader.domain.page_text.kinds import ENDED, leading_of
from reader.domain.page_text.lines import Kind, Line

_BULLET = re.compile(r"\s*[•∙◦–▪■●○·⋄∗]\s")
_NUMBERED = re.compile(r"\s*(?:\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})\)|\d{1,2}\.)\s")
_REFERENCE = re.compile(r"\s*(?:\[[\w+.-]{1,12}\]|\d{1,3}\.\s)")
_NOTE_MARK = re.compile(r"\s*(?:[∗*†‡§¶]|\d{1,3}(?![\d.,]))")
_RECENT = 8
_NEAR = 4
"""So few characters, all white space, are between two pieces of a line in the file."""
_INDENT = 0.7
"""In sizes of the font."""


@dataclass(slots=True)
class _Flow:
    """Text of one kind and size. ``recent`` are its last lines in the column where it is."""

    paragraphs: list[list[Line]] = field(default_factory=list)
    recent: list[Line] = field(default_factory=list)
    leading: float = 12.0
    is_open: bool = False

    def add(self, line: Line, *, goes_on: bool) -> None:
        """Take the next line, to the last paragraph if that goes on."""
        if goes_on:
            self.paragraphs[-1].append(line)
        else:
            self.paragraphs.append([line])
        if self.recent and _is_moved(self.recent[-1], line):
            self.recent.clear()
        self.recent = [*self.recent[1 - _RECENT :], line]
        self.is_open = True


def paragraphs_of(lines: Sequence[Line]) -> list[list[Line]]:
    """The paragraphs of lines whose kinds are known, in the order in which they begin."""
    by_flow: defaultdict[tuple[Kind, int], list[Line]] = defaultdict(list)
    for line in lines:
        by_flow[_flow_key(line)].append(line)
    flows = {key: _Flow(leading=leading_of(own, own[0].size)) for key, own in by_flow.items()}
    for line in lines:
        flow = flows[_flow_key(line)]
        flow.add(line, goes_on=flow.is_open and _goes_on(flow, line))
        if line.kind is Kind.HEADING:
            _close(flows, line)
    order = {id(line): place for place, line in enumerate(lines)}
    found = [paragraph for flow in flows.values() for paragraph in flow.paragraphs]
    return sorted(found, key=lambda paragraph: order[id(paragraph[0])])


def _flow_key(line: Line) -> tuple[Kind, int]:
    return line.kind, round(line.size) if line.kind in (Kind.BODY, Kind.TABLE) else 0


def _close(flows: dict[tuple[Kind, int], _Flow], heading: Line) -> None:
    """After a heading no paragraph goes on that came to an end."""
    for (kind, _), flow in flows.items():
        if (
            kind in (Kind.BODY, Kind.REFERENCE)
            and flow.recent
            and (ENDED.search(flow.recent[-1].text.rstrip()) or heading.is_bold)
        ):
            flow.is_open = False


def _is_moved(last: Line, line: Line) -> bool:
    """Whether a line is on another page or in another column than the one before it."""
    return line.page != last.page or line.bottom > last.bottom + 3 * line.size or line.left > last.right


def _goes_on(flow: _Flow, line: Line) -> bool:
    """Whether a line belongs to the flow's last paragraph."""
    last = flow.recent[-1]
    if line.is_beside(last) and line.start - last.end < _NEAR:
        return line.kind is not Kind.MARGIN and not (line.kind is Kind.NOTE and _begins_item(line))
    if _is_moved(last, line):
        return line.kind in (Kind.BODY, Kind.NOTE, Kind.REFERENCE) and _goes_on_elsewhere(last, line)
    return _RULES[line.kind](flow, last, line)


def _goes_on_elsewhere(last: Line, line: Line) -> bool:
    """Whether a paragraph goes on at the top of the next column."""
    if _begins_item(line):
        return False
    first = next(filter(str.isalnum, line.text), "")
    return not ENDED.search(last.text.rstrip()) or first.islower()


def _begins_item(line: Line) -> bool:
    if line.kind is Kind.REFERENCE:
        return _REFERENCE.match(line.text) is not None
    if line.kind is Kind.NOTE:
        return _NOTE_MARK.match(line.text) is not None
    return _BULLET.match(line.text) is not None


def _text_goes_on(flow: _Flow, last: Line, line: Line) -> bool:
    ended = ENDED.search(last.text.rstrip()) is not None
    if _begins_item(line) or not ended:
        return not _begins_item(line)
    left = min((each.left for each in flow.recent), default=line.left)
    right = max(each.right for each in flow.recent)
    is_after_gap = last.bottom - line.bottom > 1.25 * flow.leading
    is_indented = line.left > left + _INDENT * line.size and line.left > last.left + _INDENT * line.size
    is_short = last.right < right - 1.5 * line.size
    is_item = _NUMBERED.match(line.text) is not None
    return not (is_after_gap or is_indented or is_short or is_item)


def _reference_goes_on(flow: _Flow, last: Line, line: Line) -> bool:
    if _REFERENCE.match(flow.paragraphs[-1][0].text):
        return _REFERENCE.match(line.text) is None
    first = flow.paragraphs[-1][0]
    is_hanging = line.left > first.left + 0.5 * line.size if not _is_moved(first, line) else line.left > last.left - 1
    if is_hanging:
        return True
    return (
        not ENDED.search(last.text.rstrip())
        and last.bottom - line.bottom < 1.25 * flow.leading
        and line.left > last.left - 1
    )


def _note_goes_on(_: _Flow, last: Line, line: Line) -> bool:
    return not _begins_item(line) and last.bottom - line.bottom < 2 * line.size


def _block_goes_on(_: _Flow, last: Line, line: Line) -> bool:
    """Whether a line is the next of a heading or caption."""
    is_alike = abs(line.size - last.size) < 0.7 and line.is_bold == last.is_bold
    return (is_alike or line.kind is Kind.CAPTION) and last.bottom - line.bottom < 2 * last.size


def _never(_: _Flow, last: Line, line: Line) -> bool:
    return False


_RULES = {
    Kind.BODY: _text_goes_on,
    Kind.REFERENCE: _reference_goes_on,
    Kind.NOTE: _note_goes_on,
    Kind.HEADING: _block_goes_on,
    Kind.CAPTION: _block_goes_on,
    Kind.FRONT: _block_goes_on,
    Kind.TABLE: _never,
    Kind.MARGIN: _never,
    Kind.ASIDE: _never,
}
