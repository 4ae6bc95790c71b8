"""What a check of the library found, to read, copy, and have put right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from reader.ui.look.labels import button
from reader.ui.look.style_sheet import restyle
from reader.ui.overlays.text_sheet import TextSheet


class CheckSheet(TextSheet):
    """The report of a check; one button does what can be done about it."""

    def __init__(self, window: QWidget, text: str, *, action: tuple[str, Callable[[], None]] | None = None) -> None:
        """``action`` is the button's text and what it does, once the sheet is gone. Opens at once."""
        super().__init__(window, "Check of the library", text, fixed_width_font=True)
        self.action_button = None
        if action is not None:
            label, self._act = action
            restyle(self.close_button, primary=False)
            self.action_button = button(label, self._run, primary=True)
            self.buttons.addWidget(self.action_button)

    def _run(self) -> None:
        self.dismiss()
        self._act()
