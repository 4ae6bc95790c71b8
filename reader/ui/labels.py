"""Labels and buttons as this program uses them: plain text only, named for screen readers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton


def plain_label(text: str, *, name: str = "", quiet: bool = False) -> QLabel:
    """A label that never takes its text for markup; ``name`` says what it tells, for screen readers."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    if name:
        label.setAccessibleName(name)
    if quiet:
        label.setProperty("quiet", True)
    return label


def button(text: str, *, name: str = "", primary: bool = False, quiet: bool = False) -> QPushButton:
    """A push button; ``primary`` for what most people will want, ``quiet`` for one in a line of text."""
    made = QPushButton(text.replace("&", "&&"))
    made.setAccessibleName(name or text)
    made.setProperty("primary", primary)
    made.setProperty("quiet", quiet)
    made.setAutoDefault(False)
    return made
