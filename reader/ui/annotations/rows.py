"""What a row of the lists of highlights and notes says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reader.domain.annotations import PaperHighlight, PaperNote
from reader.domain.highlight_runs import NO_QUOTE, place_remark
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import joined

_QUOTE_LIMIT = 600
_TITLE_LIMIT = 300
_HEADING_MARKS = "#> -*"


@dataclass(frozen=True, slots=True)
class AnnotationRow:
    """One highlight or note, ready to be drawn. ``id`` is the highlight's, or that of the paper a note is on."""

    id: int
    paper_id: int
    text: str
    label: str
    comment: str
    facts: str

    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = (f"{self.label}: {self.text}" if self.label else self.text, self.comment, self.facts)
        return ". ".join(part for part in parts if part)


def highlight_row(found: PaperHighlight) -> AnnotationRow:
    """A highlight's row: its quote, its comment, and the paper it is in."""
    highlight = found.highlight
    return AnnotationRow(
        id=highlight.id,
        paper_id=found.paper.id,
        text=shown_line(highlight.exact, _QUOTE_LIMIT) or NO_QUOTE,
        label=shown_line(highlight.label, 60),
        comment=shown_line(highlight.comment, _QUOTE_LIMIT),
        facts=joined(
            (
                place_remark(highlight),
                _day(highlight.created),
                shown_line(found.paper.title, _TITLE_LIMIT),
            )
        ),
    )


def note_row(found: PaperNote) -> AnnotationRow:
    """A note's row: its first line, then what follows, and the paper it is on."""
    lines = [line.strip() for line in found.text.split("\n") if line.strip()]
    first = lines[0].lstrip(_HEADING_MARKS) or lines[0] if lines else ""
    return AnnotationRow(
        id=found.paper.id,
        paper_id=found.paper.id,
        text=shown_line(first, _QUOTE_LIMIT),
        label="",
        comment=shown_line(" ".join(lines[1:]), _QUOTE_LIMIT),
        facts=joined((_day(found.changed), shown_line(found.paper.title, _TITLE_LIMIT))),
    )


def _day(time: str) -> str:
    """The day of a time (ISO 8601, UTC) where the user is."""
    return f"{datetime.fromisoformat(time).astimezone():%Y-%m-%d}"
