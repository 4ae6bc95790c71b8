"""What an empty library shows: how to begin."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from reader.ui.commands.key_chords import shown_chord
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.commands.table import COMMANDS_BY_ID
from reader.ui.look.labels import button, column_of, icon_label, plain_label, row_of

_ICON_SIZE = 80
_WIDEST = 270
"""Pixels of a choice with its words, at the usual text size."""
_CHOICES = {
    "subscription.daily": ("Daily Papers", "The papers of the day at Hugging Face, now and every new day."),
    "subscription.arxiv": (
        "arXiv category…",
        "What arXiv announces in categories such as cs.CL, now and every new day.",
    ),
    "import.files": (
        "A file…",
        "Saved pages, mails, feeds, BibTeX, RIS. Or drop files here, or paste a page’s text.",
    ),
}
"""The likeliest ways to begin: what stands on the button, and what it brings."""
_OTHERS = ("library.sample", "library.restore", "sync.open")


class WelcomePage(QWidget):
    """Subscriptions or files side by side; below them the sample, a backup, or another machine's library."""

    def __init__(self, run: Callable[[str], None], parent: QWidget | None = None) -> None:
        """``run`` runs a command by its id."""
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Welcome")
        self._run = run
        self._buttons: dict[QPushButton, str] = {}
        icon = icon_label(_ICON_SIZE)
        self.title = plain_label("Nothing to read yet")
        self.words = plain_label(
            "Lectern fetches only what you subscribe to. Until then it calls nobody.", quiet=True, wrap=True
        )
        self.calls = {command_id: plain_label("", quiet=True, wrap=True) for command_id in _CHOICES}
        self.calls["import.files"].setText("Calls nobody.")
        self.trouble = plain_label("", name="What went wrong", error=True, wrap=True)
        self.trouble.hide()
        for label in (icon, self.title, self.words, self.trouble):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        choices = self._choices()
        others = [self._button(command_id, COMMANDS_BY_ID[command_id].title, quiet=True) for command_id in _OTHERS]
        layout = column_of(
            *(None, icon, self.title, self.words, 14, choices, self.trouble, 10),
            *(row_of(None, *others, None), None),
            spacing=12,
        )
        layout.setContentsMargins(32, 24, 32, 24)
        self.setLayout(layout)

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys in the tool tips."""
        for made, command_id in self._buttons.items():
            chords = keymap.chords(command_id)
            keys = f" ({shown_chord(chords[0])})" if chords else ""
            made.setToolTip(f"{COMMANDS_BY_ID[command_id].help}{keys}")

    def set_title_font(self, font: QFont) -> None:
        """Set the title in the reading face."""
        self.title.setFont(font)

    def show_hosts(self, words: dict[str, str]) -> None:
        """Say under the choices whom each calls."""
        for command_id, text in words.items():
            self.calls[command_id].setText(f"{text}.")

    def show_trouble(self, sentences: Sequence[str]) -> None:
        """Say why what was subscribed to is not here; nothing where all is well."""
        self.trouble.setText("\n".join(sentences))
        self.trouble.setVisible(bool(sentences))

    def focus_first(self) -> None:
        """Give the focus to the likeliest choice."""
        next(iter(self._buttons)).setFocus(Qt.FocusReason.OtherFocusReason)

    def _choices(self) -> QHBoxLayout:
        columns: list[QWidget] = []
        for command_id, (title, words) in _CHOICES.items():
            made = self._button(command_id, title, primary=not columns)
            what, calls = plain_label(words, wrap=True), self.calls[command_id]
            columns.append(self._column(made, what, calls))
        return row_of(None, *columns, None, spacing=22)

    def _column(self, made: QPushButton, what: QLabel, calls: QLabel) -> QWidget:
        """A choice, what it brings, and whom it calls."""
        column = QWidget()
        column.setMaximumWidth(_WIDEST)
        for label in (what, calls):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column.setLayout(column_of(made, what, calls, None, spacing=8))
        return column

    def _button(self, command_id: str, title: str, *, primary: bool = False, quiet: bool = False) -> QPushButton:
        made = button(title, self._clicked, primary=primary, quiet=quiet)
        self._buttons[made] = command_id
        return made

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._run(self._buttons[sender])
