"""What may be typed next, in a small list below the box; Tab puts it in place, Tab again the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QWidget

from reader.domain.query import Candidate, LibraryNames, complete
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.labels import plain_label
from reader.ui.look.style_sheet import restyle

_MOST = 8
_LEAST_LETTERS = 2
_NAME_LIMIT = 60


class CompletionList(QFrame):
    """Candidates in lines, one of them marked; never has the focus."""

    def __init__(self, parent: QWidget) -> None:
        """Hidden at first; lies over ``parent``."""
        super().__init__(parent)
        self.setObjectName("completion")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(6, 6, 6, 6)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(1)
        self._grid.setColumnStretch(1, 1)
        self._rows = [(plain_label(""), plain_label("", quiet=True)) for _ in range(_MOST)]
        for number, (text, note) in enumerate(self._rows):
            self._grid.addWidget(text, number, 0)
            self._grid.addWidget(note, number, 1)
        self.hide()

    def show_candidates(self, candidates: Sequence[Candidate], marked: int | None, below: QWidget) -> None:
        """Show candidates below a widget."""
        for number, (text, note) in enumerate(self._rows):
            shown = number < len(candidates)
            text.setVisible(shown)
            note.setVisible(shown)
            if shown:
                text.setText(shown_line(candidates[number].text, _NAME_LIMIT))
                note.setText("Tab" if number == 0 and marked is None else candidates[number].help)
                self._mark(text, number == marked)
        self.adjustSize()
        self.resize(max(self.width(), min(below.width(), 320)), self.sizeHint().height())
        self.move(below.mapTo(below.window(), QPoint(0, below.height() + 2)))
        self.show()
        self.raise_()

    def _mark(self, label: QWidget, marked: bool) -> None:
        if label.property("marked") != marked:
            restyle(label, marked=marked)


class Completer:
    """Offers candidates for the word at a field's cursor, and puts them in place one after the other."""

    def __init__(self, edit: QLineEdit) -> None:
        """``edit`` is the field; its window is what the list lies over."""
        self._edit = edit
        self._list: CompletionList | None = None
        self._candidates: tuple[Candidate, ...] = ()
        self._start = self._end = 0
        self._at: int | None = None
        self.names = LibraryNames()

    @property
    def is_open(self) -> bool:
        """Whether candidates are shown."""
        return self._list is not None and not self._list.isHidden()

    @property
    def candidates(self) -> tuple[str, ...]:
        """The candidates' texts, the best first."""
        return tuple(candidate.text for candidate in self._candidates) if self.is_open else ()

    def offer(self) -> None:
        """Show what could stand in place of the word at the cursor, where that is more than what stands there."""
        text = self._edit.text()
        found = complete(text, _characters(text, self._edit.cursorPosition()), self.names, limit=_MOST)
        word = text[found.start : found.end]
        is_begun = len(word) >= _LEAST_LETTERS and [one.text for one in found.candidates] != [word]
        self._candidates = found.candidates if is_begun else ()
        self._start, self._end, self._at = found.start, found.end, None
        self._show()

    def take_next(self, by: int = 1) -> None:
        """Put the next candidate in place."""
        count = len(self._candidates)
        self._at = (0 if by > 0 else count - 1) if self._at is None else (self._at + by) % count
        candidate, text = self._candidates[self._at].text, self._edit.text()
        self._edit.setText(f"{text[: self._start]}{candidate}{text[self._end :]}")
        self._end = self._start + len(candidate)
        self._edit.setCursorPosition(_units(self._edit.text(), self._end))
        if count == 1 and candidate.endswith(":"):
            self.offer()
        else:
            self._show()

    def close(self) -> bool:
        """Take the list away; tells whether it was there."""
        was_open = self.is_open
        if self._list is not None:
            self._list.hide()
        return was_open

    def _show(self) -> None:
        if not self._candidates:
            self.close()
            return
        if self._list is None:
            self._list = CompletionList(self._edit.window())
        self._list.show_candidates(self._candidates, self._at, self._edit)


def _characters(text: str, units: int) -> int:
    """How many characters a number of UTF-16 code units are, which Qt counts in."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))


def _units(text: str, characters: int) -> int:
    return len(text[:characters].encode("utf-16-le")) // 2
