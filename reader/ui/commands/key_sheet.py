"""The sheet of keys: every command with its keys, what is valid here first, and a line to search it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations, pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

from reader.ui.commands.key_chords import Chord, shown_chord
from reader.ui.commands.key_events import is_key_press
from reader.ui.commands.key_table_view import KeyRow, KeyTableView
from reader.ui.commands.synonyms import words_for
from reader.ui.commands.table import Command, Menu
from reader.ui.detail.document import Look
from reader.ui.look.labels import text_line
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
        text = f"{command.title} {words_for(command)} {command.help} {keys}".casefold()
        return bool(chords) and all(word in text for word in words)

    found = [command for command in commands if matches(command)]
    groups = [
        (menu.replace("&", ""), [command for command in found if command.menu is menu and is_valid(command.id)])
        for menu in (Menu.GO, Menu.PAPER, Menu.LIBRARY, Menu.VIEW, Menu.HELP)
    ]
    groups.append(("Everywhere", [command for command in found if command.menu is None and is_valid(command.id)]))
    groups.append(("Not available now", [command for command in found if not is_valid(command.id)]))
    return [(title, members) for title, members in groups if members]


class KeySheet(Overlay):
    """Shows the keys; typing searches, Esc or ``?`` on an empty line leaves."""

    def __init__(
        self,
        window: QWidget,
        commands: Sequence[Command],
        is_valid: Callable[[str], bool],
        chords_of: ChordsOf,
        look: Look,
    ) -> None:
        """Opens at once."""
        super().__init__(window, "Keys", width=_WIDTH, height=_HEIGHT)
        self._commands = commands
        self._is_valid = is_valid
        self._chords_of = chords_of
        self.edit = text_line("Search the keys", _QUERY_LIMIT, placeholder="Search the keys")
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._fill)
        self.table = KeyTableView(look)
        self.add(self.edit, self.table, grows=self.table)
        self._fill("")
        self.open(self.edit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows and pages scroll; ``?`` closes what ``?`` opened."""
        if watched is self.edit and is_key_press(event):
            bar = self.table.verticalScrollBar()
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
        count = min(max((self._window.width() - 40) // _COLUMN_WIDTH, 1), _MOST_COLUMNS)
        columns = [self._rows(part) for part in _balanced(groups, count)] if groups else [[self._nothing()]]
        self.table.show_columns(columns)

    def _rows(self, groups: Sequence[Group]) -> list[KeyRow]:
        """The rows of a column: groups under their headings, an empty row before each but the first."""
        rows: list[KeyRow] = []
        for title, commands in groups:
            rows += [KeyRow("")] if rows else []
            rows.append(KeyRow(title))
            rows += [
                KeyRow(command.title, tuple(map(shown_chord, self._chords_of(command.id)))) for command in commands
            ]
        return rows

    def _nothing(self) -> KeyRow:
        palette = " ".join(map(shown_chord, self._chords_of("view.palette")[:1])) or "The menu"
        return KeyRow(f"No command matches. {palette} finds every command.")


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
