"""Bring the tables of keys and settings in ``docs/`` up to date with the code: ``python scripts/key_table.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.domain.settings import SETTINGS, KeyPreset, SettingFacts
from reader.ui.commands.key_chords import Chord, shown_chord
from reader.ui.commands.keys_in_force import preset_chords
from reader.ui.commands.table import COMMANDS, Command, Menu

ROOT = Path(__file__).resolve().parents[1]
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


def settings_as_markdown() -> str:
    """Every setting with its purpose, its values and its default."""
    rows = map(_setting_row, SETTINGS.values())
    return "\n".join(["| Setting | Purpose | Values | Default |", "|---|---|---|---|", *rows])


def _setting_row(facts: SettingFacts) -> str:
    default = f"`{facts.default_as_toml}`" if facts.default != {} else "none"
    return f"| `{facts.name}` | {facts.help} | {facts.allowed} | {default} |"


TABLES = {
    "guide.md": ("keys", keys_as_markdown),
    "keys.md": ("keys", all_keys_as_markdown),
    "settings.md": ("settings", settings_as_markdown),
}
"""The pages with a table: the name in the marks around it, and what makes it."""


def renewed(name: str, page: str) -> str:
    """A page's text with its table brought up to date; raises :class:`ValueError` where it has no place for one."""
    mark, table = TABLES[name]
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    before, begun, rest = page.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"The page lacks {begin} or {end}.")
    return f"{before}{begin}\n{table()}\n{end}{after}"


def main() -> None:
    """Rewrite the parts of the pages between their marks."""
    for name in TABLES:
        path = ROOT / "docs" / name
        path.write_text(renewed(name, path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
