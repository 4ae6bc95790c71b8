"""The sheet of keys: every command with its keys, what is valid here first, and a line to search it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from reader.ui.commands import Command, Menu
from reader.ui.keys import Chord, shown_chord
from reader.ui.labels import plain_label
from reader.ui.overlays.overlay import Overlay

_WIDTH, _HEIGHT = 1220, 690
_COLUMN_WIDTH = 390
_MOST_COLUMNS = 3
_QUERY_LIMIT = 100
Group = tuple[str, list[Command]]
ChordsOf = Callable[[str], Sequence[Chord]]
"""The chords in force of a command's id."""


def sheet_groups(
    commands: Sequence[Command], is_valid: Callable[[str], bool], query: str, chords_of: ChordsOf
) -> list[Group]:
    """The commands with keys that match ``query``, by menu; those that are not valid here come last, apart."""
    words = query.casefold().split()

    def matches(command: Command) -> bool:
        chords = chords_of(command.id)
        keys = " ".join(map(shown_chord, chords))
        text = f"{command.title} {command.help} {keys}".casefold()
        return bool(chords) and all(word in text for word in words)

    found = [command for command in commands if matches(command)]
    groups = [
        (menu.replace("&", ""), [command for command in found if command.menu is menu and is_valid(command.id)])
        for menu in (Menu.GO, Menu.PAPER, Menu.LIBRARY, Menu.VIEW, Menu.HELP)
    ]
    groups.append(("Everywhere", [command for command in found if command.menu is None and is_valid(command.id)]))
    groups.append(("Not possible just now", [command for command in found if not is_valid(command.id)]))
    return [(title, members) for title, members in groups if members]


class KeySheet(Overlay):
    """Shows the keys; typing searches, Esc or ``?`` on an empty line leaves."""

    def __init__(
        self, window: QWidget, commands: Sequence[Command], is_valid: Callable[[str], bool], chords_of: ChordsOf
    ) -> None:
        """Opens at once."""
        super().__init__(window, "Keys", width=_WIDTH, height=_HEIGHT)
        self._commands = commands
        self._is_valid = is_valid
        self._chords_of = chords_of
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("Search the keys")
        self.edit.setAccessibleName("Search the keys")
        self.edit.setMaxLength(_QUERY_LIMIT)
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._fill)
        self.area = QScrollArea()
        self.area.setAccessibleName("Keys")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.content.addWidget(self.edit)
        self.content.addWidget(self.area, 1)
        self._fill("")
        self.open(self.edit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and pages scroll; ``?`` closes what ``?`` opened."""
        if watched is self.edit and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            bar = self.area.verticalScrollBar()
            steps = {
                Qt.Key.Key_Down: bar.singleStep() * 2,
                Qt.Key.Key_Up: -bar.singleStep() * 2,
                Qt.Key.Key_PageDown: bar.pageStep(),
                Qt.Key.Key_PageUp: -bar.pageStep(),
            }
            step = steps.get(Qt.Key(event.key()))
            if step is not None:
                bar.setValue(bar.value() + step)
                return True
            if event.text() == "?" and not self.edit.text():
                self.dismiss()
                return True
        return super().eventFilter(watched, event)

    def _fill(self, query: str) -> None:
        groups = sheet_groups(self._commands, self._is_valid, query, self._chords_of)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(4, 4, 12, 4)
        columns.setSpacing(36)
        count = min(max((self.parentWidget().width() - 40) // _COLUMN_WIDTH, 1), _MOST_COLUMNS)
        for part in _balanced(groups, count) if groups else ():
            column = QVBoxLayout()
            column.setSpacing(6)
            for title, commands in part:
                heading = plain_label(title, quiet=True)
                heading.setContentsMargins(0, 10, 0, 2)
                column.addWidget(heading)
                column.addLayout(_rows(commands, self._chords_of))
            column.addStretch(1)
            columns.addLayout(column, 1)
        if not groups:
            palette = " ".join(map(shown_chord, self._chords_of("view.palette")[:1])) or "The menu"
            columns.addWidget(plain_label(f"No key does that. {palette} finds every command.", quiet=True))
        self.area.setWidget(body)


def _rows(commands: Sequence[Command], chords_of: ChordsOf) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, command in enumerate(commands):
        keys = QHBoxLayout()
        keys.setSpacing(4)
        for chord in chords_of(command.id):
            chip = plain_label(shown_chord(chord))
            chip.setProperty("key", True)
            keys.addWidget(chip)
        keys.addStretch(1)
        title = plain_label(command.title)
        title.setToolTip("")
        grid.addLayout(keys, row, 0)
        grid.addWidget(title, row, 1)
    return grid


def _balanced(groups: list[Group], count: int) -> list[list[Group]]:
    """Groups in order, dealt to columns so that the longest is as short as can be."""
    heights = [len(commands) + 2 for _, commands in groups]
    best: list[list[Group]] = [groups]
    least = sum(heights) + 1
    for cuts in combinations(range(1, len(groups)), min(count, len(groups)) - 1):
        edges = (0, *cuts, len(groups))
        tallest = max(sum(heights[start:end]) for start, end in pairwise(edges))
        if tallest < least:
            least = tallest
            best = [groups[start:end] for start, end in pairwise(edges)]
    return best
