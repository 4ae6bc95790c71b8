"""A sheet of plain text to read, scroll and copy."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QWidget

from reader.ui.look.labels import button, read_only_text, row_of
from reader.ui.overlays.overlay import Overlay


class TextSheet(Overlay):
    """Shows a text; it can be copied whole, for a report or a question."""

    def __init__(
        self,
        window: QWidget,
        title: str,
        text: str,
        *,
        fixed_width_font: bool = False,
        action: tuple[str, Callable[[], None]] | None = None,
    ) -> None:
        """``action`` is a further button's text and what it does, once the sheet is gone. Opens at once."""
        super().__init__(window, title, width=760, height=560)
        self.add_heading(title)
        self.text = read_only_text(title, text)
        if fixed_width_font:
            self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.copy = button("Copy all", self._copy)
        self.close_button = button("Close", self.dismiss, primary=action is None)
        self.buttons = row_of(self.copy, None, self.close_button)
        self.action_button = None
        if action is not None:
            label, self._act = action
            self.action_button = button(label, self._leave_to_act, primary=True)
            self.buttons.addWidget(self.action_button)
        self.add(self.text, self.buttons, grows=self.text)
        self.open(self.text)

    def _leave_to_act(self) -> None:
        self.dismiss()
        self._act()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy.setText("Copied")
