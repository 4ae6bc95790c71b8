"""The pages of the settings window that are made from the settings themselves: a row for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from reader.domain.settings import (
    SETTINGS,
    AutomaticExport,
    DeletedHighlights,
    Density,
    KeyPreset,
    NoteNames,
    ReadingFont,
    Scheme,
    Settings,
    VaultProfile,
    value_of,
)
from reader.ui.look.flow_layout import FlowRow
from reader.ui.look.labels import button
from reader.ui.look.typography import LARGEST_STEP, SMALLEST_STEP
from reader.ui.settings.controls import Choice, Row, TextLine, complaint_of, number_of
from reader.ui.settings.keeper import SettingsKeeper

ChooseFolder = Callable[[str], Path | None]
"""Asks for a folder, beginning at a path; None if the user thinks better of it."""
_YES_NO = ((True, "Yes"), (False, "No"))
_SIZES = tuple((step, f"{step:+d}" if step else "usual") for step in range(SMALLEST_STEP, LARGEST_STEP + 1))
OPTIONS: dict[str, tuple[tuple[Any, str], ...]] = {
    "appearance.theme": (
        (Scheme.SYSTEM, "System"),
        (Scheme.LIGHT, "Light"),
        (Scheme.DARK, "Dark"),
        (Scheme.HIGH_CONTRAST, "High contrast"),
    ),
    "appearance.reading_font": ((ReadingFont.SERIF, "Serif"), (ReadingFont.SANS, "Sans")),
    "appearance.text_size": _SIZES,
    "appearance.density": ((Density.COMFORTABLE, "Comfortable"), (Density.COMPACT, "Compact")),
    "reading.seen_on_moving_on": _YES_NO,
    "reading.start_on_opening": _YES_NO,
    "keys.preset": ((KeyPreset.LETTERS, "Letters"), (KeyPreset.NO_BARE_KEYS, "No bare keys")),
    "export.profile": ((VaultProfile.OBSIDIAN, "Obsidian"), (VaultProfile.COMMONMARK, "CommonMark")),
    "export.names": (
        (NoteNames.SLUG, "Words and key"),
        (NoteNames.TITLE, "Title"),
        (NoteNames.CITATION_KEY, "Citation key"),
    ),
    "export.deleted": ((DeletedHighlights.REMOVE, "Take out"), (DeletedHighlights.STRIKE, "Strike through")),
    "export.automatic": (
        (AutomaticExport.OFF, "Never"),
        (AutomaticExport.AFTER_SESSION, "On closing"),
        (AutomaticExport.ON_SAVE, "As you go"),
    ),
}
"""The values that are chosen from, and what they are called."""
TITLES = {
    "appearance.theme": "Theme",
    "appearance.reading_font": "Typeface for reading",
    "appearance.text_size": "Text size",
    "appearance.density": "List density",
    "reading.seen_after_seconds": "Seconds until seen",
    "reading.seen_on_moving_on": "Mark as seen on moving on",
    "reading.start_on_opening": "Reading on opening",
    "keys.preset": "Key preset",
    "export.vault": "Vault",
    "export.folder": "Folder in the vault",
    "export.profile": "Flavour",
    "export.names": "Names of new notes",
    "export.deleted": "Deleted highlights",
    "export.automatic": "Export automatically",
    "imports.watched_folder": "Watched folder",
    "backups.megabytes": "Megabytes for backups",
}
_FOLDERS = frozenset({"export.vault", "imports.watched_folder"})
_NUMBERS = frozenset({"reading.seen_after_seconds", "backups.megabytes"})


class Page(QScrollArea):
    """A column of rows that scrolls; what has the focus is scrolled into view."""

    def __init__(self, name: str) -> None:
        """``name`` is for screen readers; empty at first."""
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(6, 2, 14, 6)
        self.column.setSpacing(20)
        self.setWidget(self.body)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """No key scrolls here: ↑ and ↓ walk the rows, which the overlay does."""
        event.ignore()

    def stops(self) -> list[QWidget]:
        """What ↑ and ↓ walk, from above to below."""
        return [row.control for row in self.body.findChildren(Row) if not row.isHidden()]

    def add_actions(self, actions: Sequence[tuple[str, Callable[[], None]]]) -> None:
        """Put buttons after the rows; each is a text and what it does."""
        row = FlowRow(self.body)
        for text, act in actions:
            made = button(text)
            made.setParent(row)
            made.clicked.connect(act)
            made.show()
        row.place()
        self.column.insertWidget(self.column.count() - 1, row)

    def leave(self) -> None:
        """The window is closed: nothing that is still being read is wanted any more."""

    def focus_first(self) -> None:
        """Give the focus to the first row."""
        for stop in self.stops()[:1]:
            stop.setFocus()


class SettingsPage(Page):
    """Rows for some settings; what is changed holds at once."""

    def __init__(self, name: str, settings: SettingsKeeper, names: list[str], choose_folder: ChooseFolder) -> None:
        """``names`` are the settings' names."""
        super().__init__(name)
        self._settings = settings
        self._choose_folder = choose_folder
        self.rows: dict[str, Row] = {}
        for setting in names:
            row = self.rows[setting] = self._row(setting)
            row.back_wanted.connect(partial(self._set, setting, None))
            self.column.addWidget(row)
        self.column.addStretch(1)
        settings.changed.connect(self._show)
        self._show(settings.settings)

    def _row(self, name: str) -> Row:
        title, help_ = TITLES[name], _sentence(SETTINGS[name].help)
        if name in OPTIONS:
            choice = Choice(OPTIONS[name], title)
            choice.chosen.connect(partial(self._set, name))
            choice.back_wanted.connect(partial(self._set, name, None))
            return Row(title, help_, choice)
        line = TextLine(title, placeholder="None" if name in _FOLDERS else "")
        line.entered.connect(partial(self._enter, name))
        if name in _FOLDERS:
            choose = button("Choose…", name=f"{title}: choose a folder")
            choose.clicked.connect(partial(self._choose, name))
            line.row.addWidget(choose)
        return Row(title, help_, line)

    def _show(self, settings: Settings) -> None:
        for name, row in self.rows.items():
            value = value_of(settings, name)
            if isinstance(row.control, Choice):
                row.control.show_value(value)
            elif isinstance(row.control, TextLine):
                row.control.show_text(f"{value:g}" if isinstance(value, float) else str(value))
            row.show_state(is_usual=value == SETTINGS[name].usual)

    def _set(self, name: str, value: object) -> None:
        complaint = complaint_of(name, partial(self._settings.set, name, value))
        is_usual = value_of(self._settings.settings, name) == SETTINGS[name].usual
        self.rows[name].show_state(is_usual=is_usual, complaint=complaint)

    def _enter(self, name: str, text: str) -> None:
        if name not in _NUMBERS:
            self._set(name, text)
            return
        complaint = complaint_of(name, lambda: self._settings.set(name, number_of(text)))
        is_usual = value_of(self._settings.settings, name) == SETTINGS[name].usual
        self.rows[name].show_state(is_usual=is_usual, complaint=complaint)

    def _choose(self, name: str) -> None:
        folder = self._choose_folder(value_of(self._settings.settings, name))
        if folder is not None:
            self._set(name, str(folder))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
