"""Highlighting word by word: a cursor that moves by words, and a selection between it and its starting point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat
from PySide6.QtWidgets import QTextEdit

from reader.domain.highlight_runs import TARGETS
from reader.domain.papers import Paper
from reader.domain.sentences import split_sentences
from reader.domain.spans import Span
from reader.domain.word_selection import find_words, nearest_word
from reader.services.library.highlights import TargetSpan
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.highlights.actions import Typed
from reader.ui.highlights.geometry import line_boxes
from reader.ui.highlights.layer import selection
from reader.ui.highlights.modes import Mode, Tools
from reader.ui.highlights.tones import selection_ground

_STEPS = {"l": 1, "w": 1, "e": 1, "Right": 1, "h": -1, "b": -1, "Left": -1}
_LINES = {"j": 1, "Down": 1, "k": -1, "Up": -1}
_SENTENCES = {")": 1, "(": -1}
_WORDS_OF_A_LINE = 60
_LINE_ENDS = {"0": -1, "^": -1, "Home": -1, "$": 1, "End": 1}


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of one of the texts, and the sentence of that text it is in."""

    target: str
    span: Span
    sentence: int


class WordSelection(Mode):
    """Words to choose from by key; Enter highlights them and ends the mode."""

    def __init__(self, tools: Tools, paper: Paper) -> None:
        """Begins at the first word of the abstract that is in sight, or with what the mouse has selected."""
        super().__init__(tools, paper)
        self._paper_id = paper.id
        self._words = _words_of(paper)
        self._cursor = self._anchor = 0
        self._extends = False
        self._places: dict[int, tuple[int, int] | None] = {}
        if self._words:
            self._begin()

    @property
    def is_possible(self) -> bool:
        """Whether there is any word."""
        return bool(self._words)

    @property
    def hint(self) -> str:
        """What the keys do."""
        grow = "v stops" if self._extends else "v or Shift selects"
        return f"h j k l move  ·  {grow}  ·  Enter highlights  ·  Shift+Enter comments  ·  Tab label  ·  Esc"

    @property
    def selected(self) -> TargetSpan:
        """What is selected now: words of one text and all between them."""
        first, last = sorted((self._anchor, self._cursor))
        return TargetSpan(self._words[first].target, self._words[first].span.start, self._words[last].span.end)

    def press(self, key: Key, *, held: bool = False) -> bool:
        """Move, select, highlight, leave."""
        shifted = bool(key.modifiers & Modifier.SHIFT)
        if key == Key("Esc"):
            self._tools.leave()
        elif key.name == "Enter":
            self._highlight(comments=shifted)
        elif key.name == "Tab":
            self._tools.labels.step(-1 if shifted else 1)
        elif not key.is_bare:
            return False
        elif key in {Key("v"), Key("Space"), Key("o")} and held:
            return True
        elif key in {Key("v"), Key("Space")}:
            self._extends = not self._extends
            self._anchor = self._anchor if self._extends else self._cursor
        elif key == Key("o"):
            self._anchor, self._cursor = self._cursor, self._anchor
        else:
            self._move(key.name, extends=shifted or self._extends)
        return True

    def layer(self) -> Sequence[QTextEdit.ExtraSelection]:
        """The selected words on a ground of their own."""
        style = QTextCharFormat()
        style.setBackground(selection_ground(self._view.look.theme))
        return [selection(self._view, *one, style) for one in self._view.places.ranges(self.selected)]

    def draw(self, painter: QPainter) -> None:
        """A frame around the word at the cursor."""
        place = self._place(self._cursor)
        if place is not None:
            painter.setPen(QPen(self._view.look.theme.marks.accent, 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for box in line_boxes(self._view, *place):
                painter.drawRoundedRect(box.adjusted(-2, -1, 2, 1), 3, 3)

    def _find_places(self) -> None:
        self._places.clear()

    def _place(self, number: int) -> tuple[int, int] | None:
        """Where a word stands in the document."""
        if number not in self._places:
            word = self._words[number]
            found = self._view.places.ranges(TargetSpan(word.target, *word.span))
            self._places[number] = (found[0][0], found[-1][1]) if found else None
        return self._places[number]

    def _begin(self) -> None:
        cursor = self._view.textCursor()
        spans = self._view.places.spans(cursor.selectionStart(), cursor.selectionEnd()) if cursor.hasSelection() else []
        if spans:
            self._anchor = self._nearest(spans[-1].target, spans[-1].start)
            self._cursor = self._nearest(spans[-1].target, spans[-1].end - 1)
            self._extends = True
            return
        in_sight = self._view.places.spans(self._view.first_in_sight(), self._view.document().characterCount())
        if in_sight:
            first = self._nearest(in_sight[-1].target, in_sight[-1].start)
            near = range(first, min(first + _WORDS_OF_A_LINE, len(self._words)))
            # The topmost line may be cut off.
            self._cursor = self._anchor = next((number for number in near if self._is_in_sight(number)), first)

    def _nearest(self, target: str, offset: int) -> int:
        numbers = [number for number, word in enumerate(self._words) if word.target == target]
        at = nearest_word([self._words[number].span for number in numbers], offset)
        return numbers[at] if at is not None else 0

    def _is_in_sight(self, number: int) -> bool:
        box = self._box(number)
        return box is not None and box.top() >= 0 and box.bottom() <= self._view.viewport().height()

    def _box(self, number: int) -> QRectF | None:
        place = self._place(number)
        boxes = line_boxes(self._view, *place) if place is not None else []
        return boxes[0] if boxes else None

    def _move(self, name: str, *, extends: bool) -> None:
        """Move the cursor by what a key means, within the text it began in if the selection grows."""
        to: int | None = None
        if name in _STEPS:
            to = self._cursor + _STEPS[name]
        elif name in _LINES:
            to = self._word_below(_LINES[name])
        elif name in _SENTENCES:
            to = self._sentence_beyond(_SENTENCES[name])
        elif name in _LINE_ENDS:
            to = self._end_of_line(_LINE_ENDS[name])
        if to is None or not 0 <= to < len(self._words):
            return
        if extends and self._words[to].target != self._words[self._anchor].target:
            return
        self._cursor = to
        if not extends:
            self._anchor = to
        self._show_cursor()

    def _word_below(self, by: int) -> int | None:
        """The word on the next line (or the line before) that stands nearest below (or above) the cursor."""
        here = self._box(self._cursor)
        if here is None:
            return None
        found: list[tuple[float, int]] = []
        line = None
        number = self._cursor + by
        while 0 <= number < len(self._words):
            box = self._box(number)
            if box is not None and abs(box.top() - here.top()) > 1:
                if line is not None and abs(box.top() - line) > 1:
                    break
                line = box.top()
                found.append((abs(box.center().x() - here.center().x()), number))
            number += by
        return min(found)[1] if found else None

    def _sentence_beyond(self, by: int) -> int | None:
        """The first word of the next sentence, of the one before, or of the cursor's own if it is not there yet."""
        keys = [(word.target, word.sentence) for word in self._words]
        here = keys[self._cursor]
        first = keys.index(here)
        if by > 0:
            return next((number for number in range(self._cursor, len(keys)) if keys[number] != here), None)
        if self._cursor > first:
            return first
        return keys.index(keys[first - 1]) if first else None

    def _end_of_line(self, by: int) -> int | None:
        here, number = self._box(self._cursor), self._cursor
        while here is not None and 0 <= number + by < len(self._words):
            box = self._box(number + by)
            if box is None or abs(box.top() - here.top()) > 1:
                break
            number += by
        return number

    def _show_cursor(self) -> None:
        """Scroll to the cursor where it is out of sight."""
        place = self._place(self._cursor)
        if place is not None and not self._is_in_sight(self._cursor):
            self._view.reveal(place[0])

    def _highlight(self, *, comments: bool) -> None:
        if comments:
            self._tools.actions.add_to_comment(self._paper_id, [self.selected], self.label, Typed(), self._tools.edit)
        else:
            self._tools.actions.toggle(self._paper_id, [self.selected], self.label)
        self._tools.leave()


def _words_of(paper: Paper) -> list[_Word]:
    """The words of title and abstract, in reading order."""
    words = []
    for target, text in zip(TARGETS, (paper.title, paper.abstract), strict=True):
        sentences = split_sentences(text)
        number = 0
        for span in find_words(text):
            while number + 1 < len(sentences) and span.start >= sentences[number].end:
                number += 1
            words.append(_Word(target, span, number))
    return words
