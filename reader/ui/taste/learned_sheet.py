"""What Lectern has learned: the words that speak for and against a paper, and what the reader wishes about them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from reader.domain.taste import Learned, TasteStatus, WordPart
from reader.services.latex_to_unicode import shown_line
from reader.services.reports.taste import foretelling_sentence
from reader.ui.commands.key_events import key_of
from reader.ui.commands.runner import CommandRunner
from reader.ui.detail.document import Look
from reader.ui.look.flow_layout import FlowRow
from reader.ui.look.labels import ElidingLabel, button, chip_button, column_of, plain_label, row_of
from reader.ui.overlays.overlay import Overlay
from reader.ui.taste.rows import PartRow, PartTable
from reader.ui.taste.wording import PRIVACY, learned_text, topics_text

TITLE = "What Lectern has learned"
_FROM_BELOW = ("edit.undo", "edit.redo")
_WORD_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the page lets the reader do; each is a step that undo takes back."""

    forget: Callable[[str], None]
    recall: Callable[[str], None]
    leave_out: Callable[[], None]
    count_all: Callable[[], None]
    learn_from_file: Callable[[], None]
    forget_examples: Callable[[], None]
    start_over: Callable[[], None]
    switch: Callable[[bool], None]


class LearnedSheet(Overlay):
    """Shows what was learned; :meth:`show_learned` shows it again after every step."""

    def __init__(self, window: QWidget, look: Look, runner: CommandRunner, wishes: Wishes) -> None:
        """Opens at once and waits for what was learned."""
        super().__init__(window, TITLE, width=860, height=640)
        self._runner, self._wishes = runner, wishes
        self._learned_status = TasteStatus.UNREADY
        self.add_heading(TITLE)
        self.facts = plain_label("Reading your decisions…", name="What it was learned from", wrap=True)
        self.told = plain_label("", name="How well it has foretold", wrap=True, quiet=True)
        self.topics = ElidingLabel("Topics that you decided about", quiet=True)
        self.words_for = PartTable("Words that speak for a paper", look)
        self.words_against = PartTable("Words that speak against a paper", look)
        self.forgotten = FlowRow()
        self.forgotten_title = plain_label("Forgotten words; choose one to count it again:", quiet=True)
        self.words = QWidget()
        self.words.setLayout(row_of(self.words_for, self.words_against, spacing=12, grows=self.words_for))
        self.words.layout().setStretch(1, 1)  # type: ignore[union-attr]  # it was just set
        self.lists = QWidget()
        self.lists.setLayout(column_of(self.words, self.forgotten_title, self.forgotten, spacing=6, grows=self.words))
        self._make_buttons()
        self.hint = plain_label("", quiet=True)
        self.privacy = plain_label(PRIVACY, name="Privacy", quiet=True, wrap=True)
        self.add(
            self.facts, self.told, self.topics, self.lists, self.buttons, self.privacy, self.hint, grows=self.lists
        )
        for table in (self.words_for, self.words_against):
            table.removed.connect(partial(self._forget, table))
        self.lists.hide()
        self.topics.hide()
        self.hint.setText(self._hint_text())
        self.open(self.file_button)

    def _make_buttons(self) -> None:
        wishes = self._wishes
        self.switch_button = button("Switch off", self._switch)
        self.file_button = button("Learn from a file…", wishes.learn_from_file)
        self.examples_button = button("Remove examples", wishes.forget_examples)
        self.since_button = button("Leave out old decisions…", wishes.leave_out)
        self.whole_button = button("Count all decisions", wishes.count_all)
        self.over_button = button("Start over", wishes.start_over)
        self.close_button = button("Close", self.dismiss, primary=True)
        self._shown_if_on = (self.file_button, self.since_button, self.over_button)
        self.buttons = row_of(
            *(self.file_button, self.examples_button, self.since_button, self.whole_button, self.over_button),
            *(self.switch_button, None, self.close_button),
            spacing=6,
        )

    def show_learned(self, learned: Learned) -> None:
        """Show what was learned."""
        if self.isHidden():
            return
        is_first = self.facts.text().endswith("…")
        self._learned_status = learned.status
        is_on, is_order = learned.status is not TasteStatus.OFF, learned.status.is_order
        self.facts.setText(learned_text(learned))
        self.told.setText(foretelling_sentence(learned.foretelling) if is_order else "")
        self.told.setVisible(is_order)
        self.topics.setText(topics_text(learned.topics))
        self.topics.setVisible(is_on and bool(learned.topics))
        self.lists.setVisible(is_on and (is_order or bool(learned.forgotten)))
        self.words.setVisible(is_order)
        self.words_for.show_rows(_rows("Speaks for a paper", learned.words_for))
        self.words_against.show_rows(_rows("Speaks against a paper", learned.words_against))
        self._show_forgotten(learned.forgotten)
        for each in self._shown_if_on:
            each.setVisible(is_on)
        self.examples_button.setVisible(is_on and bool(learned.examples))
        self.whole_button.setVisible(is_on and learned.since is not None)
        self.switch_button.setText("Switch off" if is_on else "Switch on")
        self.hint.setVisible(is_order)
        self._place()
        self._keep_focus(is_first)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo by their keys; Esc leaves."""
        key = key_of(event)
        command = next((each for each in _FROM_BELOW if key and (key,) in self._runner.chords(each)), None)
        if command is not None and not event.isAutoRepeat():
            self._runner.run(command)
            event.accept()
        else:
            super().keyPressEvent(event)

    def _keep_focus(self, is_first: bool) -> None:
        """Begin in the words where there are some; what had the focus may be gone by now."""
        focus = self.window().focusWidget()
        is_lost = focus is None or not self.isAncestorOf(focus) or not focus.isVisibleTo(self)
        if self.words_for.isVisibleTo(self) and (is_first or is_lost):
            self.words_for.setFocus()
        elif is_lost:
            self.switch_button.setFocus()

    def _show_forgotten(self, words: Iterable[str]) -> None:
        for chip in self.forgotten.flowing():
            chip.hide()
            chip.deleteLater()
        for word in words:
            shown = shown_line(word, _WORD_LIMIT)
            chip = chip_button(shown, partial(self._recall, word), name=f"Count “{shown}” again")
            chip.setCheckable(False)
            chip.setParent(self.forgotten)
            chip.show()
        self.forgotten_title.setVisible(bool(words))
        self.forgotten.place()

    def _forget(self, table: PartTable) -> None:
        row = table.current
        if row is not None and row.word:
            self._wishes.forget(row.word)

    def _recall(self, word: str, checked: bool = False) -> None:
        self._wishes.recall(word)

    def _switch(self) -> None:
        self._wishes.switch(self._learned_status is TasteStatus.OFF)

    def _hint_text(self) -> str:
        return f"Delete forgets a word  ·  Tab goes on  ·  {self._runner.told_keys('edit.undo')} undoes  ·  Esc closes"


def _rows(heading: str, words: Iterable[WordPart]) -> list[PartRow]:
    rows = [PartRow(shown_line(each.word, _WORD_LIMIT), each.part, word=each.word) for each in words]
    return [PartRow(heading), *(rows or [PartRow("No word stands out")])]
