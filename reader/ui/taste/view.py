"""The line above a paper that says why it stands where it does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame

from reader.ui.commands.key_mentions import spelled, usual_keymap
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.look.labels import ElidingLabel, plain_label, row_of
from reader.ui.look.wording import joined


class FittingLabel(ElidingLabel):
    """Shows the fullest of several texts that has room on one line."""

    def __init__(self, name: str) -> None:
        """Shows nothing at first; ``name`` says what it tells, for screen readers."""
        super().__init__(name)
        self._texts: tuple[str, ...] = ("",)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show one of these, from the fullest to the shortest."""
        self._texts = tuple(texts) or ("",)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room, width = self.contentsRect().width(), self.fontMetrics().horizontalAdvance
        self.setText(next((text for text in self._texts if width(text) <= room), self._texts[-1]))


class ReasonsLine(QFrame):
    """The largest reasons on one line, and the key that says more; always of one height, so that nothing jumps."""

    def __init__(self) -> None:
        """Hidden until papers are sorted "for you"."""
        super().__init__()
        self.setObjectName("reasons")
        self.setAccessibleName("Why this paper is here")
        self.words = FittingLabel("Why this paper is here")
        self.hint = plain_label("", name="Key that says more", quiet=True)
        self.setLayout(row_of(self.words, self.hint, spacing=12, margins=(36, 7, 14, 7), grows=self.words))
        self._news = ""
        self.set_keymap(usual_keymap())
        self.hide()

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys."""
        self._keymap = keymap
        self.hint.setText(spelled(joined((self._news, "{paper.reasons} says why")), keymap))

    def set_news(self, news: str) -> None:
        """Say what the order has learned since, where the list is not in sight that says so below it."""
        self._news = news
        self.set_keymap(self._keymap)
