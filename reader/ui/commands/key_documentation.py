"""The tables of keys for the guide and for ``docs/keys.md``, made from the table of commands. Pure."""

from __future__ import annotations

from reader.domain.settings import KeyPreset
from reader.ui.commands.key_chords import Chord, shown_chord
from reader.ui.commands.keys_in_force import preset_chords
from reader.ui.commands.table import COMMANDS, Command, Menu

BEGIN, END = "<!-- keys: begin -->", "<!-- keys: end -->"
_ORDER = (Menu.GO, Menu.PAPER, Menu.LIBRARY, Menu.VIEW, Menu.HELP, None)


def keys_as_markdown() -> str:
    """Every command that has keys, in the order of the key sheet."""
    rows = [_row(command) for menu in _ORDER for command in COMMANDS if command.menu is menu and command.keys]
    return "\n".join(["| Keys | Command | |", "|---|---|---|", *rows])


def all_keys_as_markdown() -> str:
    """Every command with its name in the settings file and its keys in each preset, by menu."""
    parts = []
    for menu in _ORDER:
        title = menu.value.replace("&", "") if menu is not None else "Without a menu"
        head = f"## {title}\n\n| Command | Name | Letters | No bare keys | |\n|---|---|---|---|---|"
        rows = [_full_row(command) for command in COMMANDS if command.menu is menu]
        parts.append("\n".join([head, *rows]))
    return "\n\n".join(parts)


def with_keys(guide: str, table: str | None = None) -> str:
    """A page's text with its table brought up to date; raises :class:`ValueError` where it has no place for one.

    ``table`` is the guide's, if none is given.
    """
    before, begin, rest = guide.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The page lacks {BEGIN} or {END}.")
    return f"{before}{BEGIN}\n{table or keys_as_markdown()}\n{END}{after}"


def _row(command: Command) -> str:
    return f"| {_keys(command.chords)} | {command.title} | {command.help} |".replace("|  |", "| |")


def _full_row(command: Command) -> str:
    cells = (
        command.title.rstrip("…"),
        f"`{command.id}`",
        *(_keys(preset_chords(preset)[command.id]) for preset in KeyPreset),
        command.help,
    )
    return f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |")


def _keys(chords: tuple[Chord, ...]) -> str:
    return " ".join(f"`{shown_chord(chord)}`" for chord in chords)
