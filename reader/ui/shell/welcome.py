"""What an empty library shows: how to begin."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from reader.ui.commands.key_chords import shown_chord
from reader.ui.commands.keys_in_force import Keymap
from reader.ui.commands.table import COMMANDS_BY_ID
from reader.ui.look.labels import button, icon_label, plain_label

_ICON_SIZE = 96
_CHOICES = ("import.files", "library.sample", "library.restore")


class WelcomePage(QWidget):
    """Import, the sample, or a backup."""

    def __init__(self, run: Callable[[str], None], parent: QWidget | None = None) -> None:
        """``run`` runs a command by its id."""
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName("Welcome")
        self._run = run
        self._buttons: dict[QPushButton, str] = {}
        icon = icon_label(_ICON_SIZE)
        icon.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.title = plain_label("Nothing to read yet")
        self.title.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words = plain_label(
            "Import saved pages of paper listings: drop files or folders here, paste a page’s text, or choose files.\n"
            "Plain text, Markdown, HTML, arXiv mail, Atom, BibTeX and RIS are understood.",
            quiet=True,
        )
        self.words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 32, 32, 32)
        layout.setSpacing(14)
        layout.addStretch(2)
        for widget in (icon, self.title, self.words):
            layout.addWidget(widget)
        layout.addSpacing(10)
        layout.addLayout(self._choices())
        layout.addStretch(3)

    def set_keymap(self, keymap: Keymap) -> None:
        """Name these keys in the tool tips."""
        for made, command_id in self._buttons.items():
            chords = keymap.chords(command_id)
            keys = f" ({shown_chord(chords[0])})" if chords else ""
            made.setToolTip(f"{COMMANDS_BY_ID[command_id].help}{keys}")

    def set_title_font(self, font: QFont) -> None:
        """Set the title in the reading face."""
        self.title.setFont(font)

    def focus_first(self) -> None:
        """Give the focus to the likeliest choice."""
        next(iter(self._buttons)).setFocus(Qt.FocusReason.OtherFocusReason)

    def _choices(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addStretch(1)
        for number, command_id in enumerate(_CHOICES):
            command = COMMANDS_BY_ID[command_id]
            made = button(command.title, primary=number == 0)
            made.clicked.connect(self._clicked)
            self._buttons[made] = command_id
            row.addWidget(made)
        row.addStretch(1)
        return row

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, QPushButton):
            self._run(self._buttons[sender])
