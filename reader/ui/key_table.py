"""The table of keys for the guide, made from the table of commands. Pure."""

from __future__ import annotations

from reader.ui.commands import COMMANDS, Command, Menu
from reader.ui.keys import shown_chord

BEGIN, END = "<!-- keys: begin -->", "<!-- keys: end -->"
_ORDER = (Menu.GO, Menu.PAPER, Menu.LIBRARY, Menu.VIEW, Menu.HELP, None)


def keys_as_markdown() -> str:
    """Every command that has keys, in the order of the key sheet."""
    rows = [_row(command) for menu in _ORDER for command in COMMANDS if command.menu is menu and command.keys]
    return "\n".join(["| Keys | Command | |", "|---|---|---|", *rows])


def with_keys(guide: str) -> str:
    """The guide's text with its table brought up to date; raises :class:`ValueError` where it has no place for one."""
    before, begin, rest = guide.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"The guide lacks {BEGIN} or {END}.")
    return f"{before}{BEGIN}\n{keys_as_markdown()}\n{END}{after}"


def _row(command: Command) -> str:
    keys = " ".join(f"`{shown_chord(chord)}`" for chord in command.chords)
    return f"| {keys} | {command.title} | {command.help} |".replace("|  |", "| |")
