"""Highlighting by sentence: every sentence bears letters, and typing them highlights it."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from reader.domain.letter_hints import LabelChoice, LabelTyping, make_labels
from reader.domain.papers import Paper
from reader.services.library.highlights import sentences_of, spans_between
from reader.ui.commands.key_chords import Key, Modifier
from reader.ui.highlights.actions import Typed
from reader.ui.highlights.bar import is_letter
from reader.ui.highlights.geometry import line_boxes, starts_at_right
from reader.ui.highlights.layer import draw_chip
from reader.ui.highlights.modes import Mode, Tools, scroll

_MOST_SENTENCES = 400


class SentenceLabels(Mode):
    """Letters on the sentences of a paper. Typing goes on from one to the next until Esc or Enter."""

    def __init__(self, tools: Tools, paper: Paper) -> None:
        """Every sentence of title and abstract gets letters."""
        super().__init__(tools, paper)
        self._paper_id = paper.id
        self._sentences = sentences_of(paper)[:_MOST_SENTENCES]
        self._typing = LabelTyping(make_labels(len(self._sentences)))
        self._typed = Typed()
        self._starts: list[int | None] = []
        self._find_places()

    @property
    def hint(self) -> str:
        """What the keys do; first of all what was typed of a label."""
        if self._typing.pending:
            return f"{self._typing.pending} …"
        if self._typing.waits_for_end:
            return "to which sentence?"
        words = "letters highlight a sentence  ·  Shift comments  ·  Tab label  ·  Esc"
        return words.replace("  ·  Shift", "  ·  - begins a range  ·  Shift") if self._can_range else words

    @property
    def _can_range(self) -> bool:
        return self._typing.typed("-").waits_for_end

    def press(self, key: Key, *, held: bool = False) -> bool:
        """Letters, the range's sign, and the keys that change the label, scroll, or leave."""
        if held and key.is_bare:
            scroll(self._view, key)
        elif key in {Key("Esc"), Key("Enter")}:
            self._tools.leave()
        elif key.name == "Tab":
            self._tools.labels.step(-1 if key.modifiers & Modifier.SHIFT else 1)
        elif key == Key("Backspace"):
            self._typing = self._typing.erased()
        elif key == Key("-"):
            self._typing = self._typing.typed("-")
        elif is_letter(key):
            self._type(key)
        elif not key.is_bare:
            return False
        else:
            scroll(self._view, key)
        return True

    def draw(self, painter: QPainter) -> None:
        """The letters, each at the beginning of its sentence; those that no longer fit what was typed are gone."""
        theme, typography = self._view.look.theme, self._view.look.typography
        font = QFont(typography.small())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        height = metrics.height() - 1
        colors = (theme.surfaces.overlay, theme.marks.accent, theme.texts.accent)
        for number in self._typing.fitting():
            at = self._starts[number]
            boxes = line_boxes(self._view, at, at + 1) if at is not None else []
            if at is None or not boxes:
                continue
            box = boxes[0]
            if box.bottom() < 0 or box.top() > self._view.viewport().height():
                continue
            text = self._typing.labels[number]
            width = max(metrics.horizontalAdvance(text) + 7, height)
            # Over the space before the sentence, so that its first letters can still be read.
            left = box.right() - 1 if starts_at_right(self._view, at) else box.left() - width + 1
            draw_chip(painter, QRectF(left, box.top() - 2, width, height), text, font, colors)

    def _find_places(self) -> None:
        found = (self._view.places.ranges(span) for span in self._sentences)
        self._starts = [ranges[0][0] if ranges else None for ranges in found]

    def _type(self, key: Key) -> None:
        shifted = bool(key.modifiers & Modifier.SHIFT)
        self._typing = self._typing.typed(key.name.upper() if shifted else key.name)
        if self._typing.choice is not None:
            self._choose(self._typing.choice)

    def _choose(self, choice: LabelChoice) -> None:
        spans = spans_between(self._sentences, choice.first, choice.last)
        if not choice.is_range:
            self._typed = Typed()
        if choice.shifted:
            self._tools.actions.add_to_comment(self._paper_id, spans, self.label, self._typed, self._tools.edit)
        elif choice.is_range:
            self._tools.actions.add_range(self._paper_id, spans, self.label, self._typed)
        else:
            self._tools.actions.toggle(self._paper_id, spans, self.label, self._typed)
