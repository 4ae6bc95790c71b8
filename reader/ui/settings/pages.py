"""The pages of the settings window that are made from the settings themselves: a row for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from reader.domain.settings import (
    SETTINGS,
    AutomaticExport,
    DeletedHighlights,
    Density,
    KeyPreset,
    NoteNames,
    PageLinks,
    ReadingFont,
    Scheme,
    SettingError,
    Settings,
    VaultProfile,
    value_of,
)
from reader.ui.look.flow_layout import FlowRow
from reader.ui.look.labels import button, column_of
from reader.ui.look.typography import LARGEST_STEP, SMALLEST_STEP
from reader.ui.settings.controls import Choice, Row, TextLine, number_of
from reader.ui.settings.keeper import SettingsKeeper

ChooseFolder = Callable[[str], Path | None]
"""Asks for a folder, beginning at a path; None if the user cancels."""
Options = tuple[tuple[Any, str], ...]


def _named(values: Iterable[Any], *names: str) -> Options:
    return tuple(zip(values, names, strict=True))


OPTIONS: dict[str, Options] = {
    "appearance.theme": _named(Scheme, "System", "Light", "Dark", "High contrast"),
    "appearance.reading_font": _named(ReadingFont, "Serif", "Sans"),
    "appearance.text_size": tuple(
        (step, f"{step:+d}" if step else "default") for step in range(SMALLEST_STEP, LARGEST_STEP + 1)
    ),
    "appearance.density": _named(Density, "Comfortable", "Compact"),
    "reading.seen_on_moving_on": _named((True, False), "When moving on", "When time is up"),
    "reading.start_on_opening": _named((True, False), "Yes", "No"),
    "keys.preset": _named(KeyPreset, "Letters", "No bare keys"),
    "imports.complete": _named((False, True), "By hand only", "After each import"),
    "documents.keep_copy": _named((True, False), "Copy into the library", "Leave where it is"),
    "export.profile": _named(VaultProfile, "Obsidian", "CommonMark"),
    "export.names": _named(NoteNames, "Words and key", "Title", "Citation key"),
    "export.deleted": _named(DeletedHighlights, "Remove", "Strike through"),
    "export.page_links": _named(PageLinks, "arXiv", "Lectern's copy", "Your own file"),
    "export.automatic": _named(AutomaticExport, "Never", "On closing", "As you go"),
}
"""The values of each choice and their labels."""
TITLES = {
    "appearance.theme": "Theme",
    "appearance.reading_font": "Reading typeface",
    "appearance.text_size": "Text size",
    "appearance.density": "List density",
    "reading.seen_after_seconds": "Seconds until seen",
    "reading.seen_on_moving_on": "Mark as seen",
    "reading.start_on_opening": "Mark as reading on opening",
    "keys.preset": "Key preset",
    "export.vault": "Vault",
    "export.folder": "Folder in the vault",
    "export.profile": "Markdown flavour",
    "export.names": "Names of new notes",
    "export.deleted": "Deleted highlights",
    "export.page_links": "Links to pages",
    "export.automatic": "Export automatically",
    "imports.watched_folder": "Watched folder",
    "imports.complete": "Complete new papers",
    "documents.open_with": "Open PDFs with",
    "documents.keep_copy": "Attached PDFs",
    "backups.megabytes": "Megabytes for backups",
}
_FOLDERS = frozenset({"export.vault", "imports.watched_folder"})
_PLACEHOLDERS = dict.fromkeys(_FOLDERS, "None") | {"documents.open_with": "The system's program"}


class Page(QScrollArea):
    """A scrolling column of rows; the focused row is scrolled into view."""

    def __init__(self) -> None:
        """Empty at first."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body = QWidget()
        self.column = column_of(spacing=20, margins=(6, 2, 14, 6))
        self.body.setLayout(self.column)
        self.setWidget(self.body)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave all keys to the overlay, in which ↑ and ↓ move through the rows."""
        event.ignore()

    def stops(self) -> list[QWidget]:
        """The widgets that ↑ and ↓ move through, from top to bottom."""
        return [row.control for row in self.body.findChildren(Row) if not row.isHidden()]

    def add_actions(self, actions: Sequence[tuple[str, Callable[[], None]]]) -> None:
        """Add buttons after the rows; each has a text and an action."""
        row = FlowRow(self.body)
        for text, act in actions:
            made = button(text)
            made.setParent(row)
            made.clicked.connect(act)
            made.show()
        row.place()
        self.column.insertWidget(self.column.count() - 1, row)

    def leave(self) -> None:
        """Stop reading; the window is closed."""

    def focus_first(self) -> None:
        """Give the focus to the first row."""
        for stop in self.stops()[:1]:
            stop.setFocus()


class SettingsPage(Page):
    """Rows for some settings; changes take effect at once."""

    def __init__(self, settings: SettingsKeeper, group: str, choose_folder: ChooseFolder) -> None:
        """Rows for the settings of a group, such as ``export``."""
        super().__init__()
        self._settings = settings
        self._choose_folder = choose_folder
        self.rows = {name: self._row(name) for name in TITLES if name.startswith(f"{group}.")}
        self.column.addStretch(1)
        settings.changed.connect(self._show)
        self._show(settings.settings)

    def _row(self, name: str) -> Row:
        """A setting's row, with a choice or a line of text, and a button to choose a folder."""
        title, facts = TITLES[name], SETTINGS[name]
        if name in OPTIONS:
            row = Row(title, _sentence(facts.help), Choice(OPTIONS[name], title))
        else:
            line = TextLine(title, read=str if isinstance(facts.default, str) else number_of)
            line.edit.setPlaceholderText(_PLACEHOLDERS.get(name, ""))
            row = Row(title, _sentence(facts.help), line)
            if name in _FOLDERS:
                choose = button("Choose…", name=f"{title}: choose a folder")
                choose.clicked.connect(partial(self._choose, name))
                line.row.addWidget(choose)
        row.chosen.connect(partial(self._set, name))
        row.back_wanted.connect(partial(self._set, name, None))
        self.column.addWidget(row)
        return row

    def _show(self, settings: Settings) -> None:
        for name, row in self.rows.items():
            value = value_of(settings, name)
            row.control.show_value(value)
            row.show_state(is_default=value == SETTINGS[name].default)

    def _set(self, name: str, value: object) -> None:
        """Change a setting; a value that does not fit is explained below it."""
        facts, complaint = SETTINGS[name], ""
        try:
            self._settings.set(name, value)
        except SettingError:
            complaint = f"This must be {facts.allowed}."
        is_default = value_of(self._settings.settings, name) == facts.default
        self.rows[name].show_state(is_default=is_default, complaint=complaint)

    def _choose(self, name: str) -> None:
        folder = self._choose_folder(value_of(self._settings.settings, name))
        if folder is not None:
            self._set(name, str(folder))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."
