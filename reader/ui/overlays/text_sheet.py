"""A sheet of plain text to read, scroll and copy."""

from __future__ import annotations

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from reader.ui.look.labels import button, row_of
from reader.ui.overlays.overlay import Overlay


class TextSheet(Overlay):
    """Shows a text; it can be copied whole, for a report or a question."""

    def __init__(self, window: QWidget, title: str, text: str, *, fixed_width_font: bool = False) -> None:
        """Opens at once."""
        super().__init__(window, title, width=760, height=560)
        self.add_heading(title)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(title)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        if fixed_width_font:
            self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setPlainText(text)
        self.copy = button("Copy all", self._copy)
        self.close_button = button("Close", self.dismiss, primary=True)
        self.buttons = row_of(self.copy, None, self.close_button)
        self.content.addWidget(self.text, 1)
        self.content.addLayout(self.buttons)
        self.open(self.text)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText("Copied")
