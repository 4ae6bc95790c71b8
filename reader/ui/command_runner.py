"""Commands meet the methods that carry them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from reader.ui.commands import COMMANDS_BY_ID, Where
from reader.ui.keys import shown_chord

Act = Callable[[], None]
_NEEDS = {Where.PAPER: "a paper", Where.LISTING: "a listing"}


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

    def __init__(self, is_here: Callable[[Where], bool], parent: QObject | None = None) -> None:
        """``is_here`` tells whether there is a paper or a listing to act on."""
        super().__init__(parent)
        self._is_here = is_here
        self._acts: dict[str, Act] = {}
        self._titles: dict[str, str] = {}
        self._mode: Mode | None = None

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

    def run(self, command_id: str) -> None:
        """Run a command, or say why not."""
        command = COMMANDS_BY_ID[command_id]
        if self._mode is not None and self._rests(command_id):
            self.refused.emit(f"“{command.title.rstrip('…')}” rests during {self._mode.name}; Esc leaves it.")
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

    @staticmethod
    def keys(command_id: str) -> str:
        """A command's keys, as menus and palette show them."""
        return "   ".join(shown_chord(chord) for chord in COMMANDS_BY_ID[command_id].chords)
