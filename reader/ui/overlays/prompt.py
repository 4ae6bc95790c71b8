"""One question with a line to answer in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from reader.domain.errors import ReaderError
from reader.ui.look.labels import plain_label, text_line
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
        answered: Callable[[str], None],
        *,
        check: Callable[[str], object] = str,
        hint: str = "",
        reading: Callable[[str], str] | None = None,
    ) -> None:
        """``check`` raises a :class:`ReaderError` for what cannot be the answer; ``answered`` gets the answer.

        ``reading`` says how what is typed is understood, or nothing while it is not; then the ``hint`` stands there.
        """
        super().__init__(window, question, width=460)
        self._check = check
        self._answered = answered
        self._hint = hint or "Enter accepts, Esc cancels"
        self._reading = reading
        self.add_heading(question)
        self.edit = text_line(question, _LONGEST_ANSWER, text=value)
        self.edit.selectAll()
        self.edit.returnPressed.connect(self._answer)
        self.edit.textChanged.connect(self._read)
        self.complaint = plain_label(self._hint, quiet=True, wrap=True)
        self.add(self.edit, self.complaint)
        self.open(self.edit)

    def _read(self, text: str) -> None:
        """Say how what is typed is understood; a complaint about what was there before goes."""
        understood = self._reading(text.strip()) if self._reading is not None else ""
        self.complaint.setText(understood or self._hint)
        restyle(self.complaint, quiet=not understood, error=False)
        self._place()

    def _answer(self) -> None:
        text = self.edit.text().strip()
        try:
            self._check(text)
        except ReaderError as error:
            self.complaint.setText(str(error))
            restyle(self.complaint, quiet=False, error=True)
            self._place()
            return
        self.dismiss()
        self._answered(text)


def needed(sentence: str, text: str) -> None:
    """Refuse an empty answer: raises :class:`ReaderError` with ``sentence``."""
    if not text:
        raise ReaderError(sentence)


def check_digit(text: str) -> None:
    """Refuse all but a digit from 1 to 9 and nothing: raises :class:`ReaderError`."""
    if text not in {"", *"123456789"}:
        raise ReaderError("Write a digit from 1 to 9.")
