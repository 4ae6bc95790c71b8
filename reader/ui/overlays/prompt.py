"""One question with a line to answer in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLineEdit, QWidget

from reader.ui.look.labels import limit_text, plain_label
from reader.ui.look.style_sheet import restyle
from reader.ui.overlays.overlay import Overlay

_LONGEST_ANSWER = 500


class Prompt(Overlay):
    """Asks for one line; Enter answers, Esc does not."""

    def __init__(
        self,
        window: QWidget,
        question: str,
        value: str,
        *,
        check: Callable[[str], str],
        answered: Callable[[str], None],
        hint: str = "",
        reading: Callable[[str], str] | None = None,
    ) -> None:
        """``check`` returns a sentence for what cannot be the answer, else nothing; ``answered`` gets the answer.

        ``reading`` says how what is typed is understood, or nothing while it is not; then the ``hint`` stands there.
        """
        super().__init__(window, question, width=460)
        self._check = check
        self._answered = answered
        self._hint = hint or "Enter accepts, Esc cancels"
        self._reading = reading
        self.add_heading(question)
        self.edit = QLineEdit(value)
        self.edit.setAccessibleName(question)
        limit_text(self.edit, _LONGEST_ANSWER)
        self.edit.selectAll()
        self.edit.returnPressed.connect(self._answer)
        self.edit.textChanged.connect(self._read)
        self.complaint = plain_label(self._hint, quiet=True, wrap=True)
        self.content.addWidget(self.edit)
        self.content.addWidget(self.complaint)
        self.open(self.edit)

    def _read(self, text: str) -> None:
        """Say how what is typed is understood; a complaint about what was there before goes."""
        understood = self._reading(text.strip()) if self._reading is not None else ""
        self.complaint.setText(understood or self._hint)
        restyle(self.complaint, quiet=not understood, error=False)
        self._place()

    def _answer(self) -> None:
        text = self.edit.text().strip()
        complaint = self._check(text)
        if complaint:
            self.complaint.setText(complaint)
            restyle(self.complaint, quiet=False, error=True)
            self._place()
            return
        self.dismiss()
        self._answered(text)
