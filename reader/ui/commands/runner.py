"""Commands meet the methods that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from reader.domain.settings import Keys
from reader.ui.commands.key_chords import Chord, shown_chord
from reader.ui.commands.keys_in_force import Keymap, make_keymap
from reader.ui.commands.table import COMMANDS_BY_ID, Where

Act = Callable[[], object]
"""What a command does; what it returns is ignored."""
Acts = dict[str, Act]
"""What commands do, by their ids."""
_NEEDS = {Where.PAPER: "a paper", Where.LISTING: "a listing", Where.SAMPLE: "the sample"}


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of working, such as triage, in which some commands do something else and others rest.

    ``acts`` are what commands do instead, ``allows`` tells which others go on as ever; ``name`` stands in a sentence.
    """

    name: str
    acts: Mapping[str, Act]
    allows: Callable[[str], bool]


class CommandRunner(QObject):
    """Runs commands by id, where they are valid."""

    refused = Signal(str)
    """A sentence: a command cannot run just now."""
    keymap_changed = Signal(object)
    """The new :class:`Keymap`."""

    def __init__(self, is_here: Callable[[Where], bool], parent: QObject | None = None) -> None:
        """``is_here`` tells whether there is a paper or a listing to act on."""
        super().__init__(parent)
        self._is_here = is_here
        self._acts: Acts = {}
        self._titles: dict[str, str] = {}
        self._notes: dict[str, str] = {}
        self._hidden: frozenset[str] = frozenset()
        self._mode: Mode | None = None
        self.keymap = make_keymap(Keys())
        """The keys in force."""

    @property
    def bound(self) -> frozenset[str]:
        """The commands that have a method."""
        return frozenset(self._acts)

    def bind(self, acts: Mapping[str, Act]) -> None:
        """Say which method carries out which command; raises :class:`ValueError` for unknown or doubled ids."""
        for command_id, act in acts.items():
            if command_id not in COMMANDS_BY_ID or command_id in self._acts:
                raise ValueError(f"no such command, or bound twice: {command_id}")
            self._acts[command_id] = act

    def set_mode(self, mode: Mode | None) -> None:
        """Work in a mode from now on, or as usual again."""
        self._mode = mode

    def is_valid(self, command_id: str) -> bool:
        """Whether a command can run now."""
        return not self._rests(command_id) and self._is_here(COMMANDS_BY_ID[command_id].where)

    def _rests(self, command_id: str) -> bool:
        return self._mode is not None and not (command_id in self._mode.acts or self._mode.allows(command_id))

    def set_hidden(self, command_ids: frozenset[str]) -> None:
        """Show these commands nowhere, such as those of what is switched off; their keys go on working."""
        self._hidden = command_ids

    def is_shown(self, command_id: str) -> bool:
        """Whether menus, palette and the sheet of keys show a command."""
        return command_id not in self._hidden

    def run(self, command_id: str) -> None:
        """Run a command, or say why not."""
        command = COMMANDS_BY_ID[command_id]
        if self._mode is not None and self._rests(command_id):
            self.refused.emit(f"“{command.title.rstrip('…')}” is not available during {self._mode.name}; Esc ends it.")
        elif self.is_valid(command_id):
            instead = self._mode.acts if self._mode is not None else {}
            instead.get(command_id, self._acts[command_id])()
        else:
            self.refused.emit(f"“{command.title.rstrip('…')}” needs {_NEEDS[command.where]}.")

    def title(self, command_id: str) -> str:
        """What a command is called now."""
        return self._titles.get(command_id) or COMMANDS_BY_ID[command_id].title

    def set_title(self, command_id: str, title: str) -> None:
        """Call a command by what it would do just now, such as the tag of a number; empty: as the table does."""
        self._titles[command_id] = title

    def note(self, command_id: str) -> str:
        """A word on what a command does, or would do just now."""
        return self._notes.get(command_id) or COMMANDS_BY_ID[command_id].help

    def menu_title(self, command_id: str) -> str:
        """What a command is called where nothing else is told of it: with what it would do just now."""
        note = self._notes.get(command_id)
        return f"{self.title(command_id)}: {note}" if note else self.title(command_id)

    def set_note(self, command_id: str, note: str) -> None:
        """Say what a command would do just now, such as the step that undo takes back; empty: nothing in particular.

        Not part of its title: a listing's name in the palette must not find the undo of its import.
        """
        self._notes[command_id] = note

    def set_keymap(self, keymap: Keymap) -> None:
        """Have other keys from now on."""
        if keymap != self.keymap:
            self.keymap = keymap
            self.keymap_changed.emit(keymap)

    def chords(self, command_id: str) -> tuple[Chord, ...]:
        """A command's chords in force, the one to show first."""
        return self.keymap.chords(command_id)

    def keys(self, command_id: str) -> str:
        """A command's keys in force, as menus and palette show them."""
        return "   ".join(map(shown_chord, self.chords(command_id)))

    def told_keys(self, command_id: str) -> str:
        """How to get to a command, in a sentence: its first keys, else its title in the palette."""
        chords = self.chords(command_id)
        return shown_chord(chords[0]) if chords else f"“{self.title(command_id).rstrip('…')}”"
