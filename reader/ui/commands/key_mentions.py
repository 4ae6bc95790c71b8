"""Messages that name commands, with the keys in force: ``{edit.undo} undoes`` is shown as “u undoes”. Pure."""

from __future__ import annotations

import re
from functools import cache

from reader.domain.settings import Keys
from reader.ui.commands.key_chords import shown_chord
from reader.ui.commands.keys_in_force import Keymap, make_keymap
from reader.ui.commands.table import COMMANDS_BY_ID

_COMMAND = re.compile(r"\{([a-z]+\.[a-z_0-9]+)\}")


def spelled(text: str, keymap: Keymap) -> str:
    """A message with each command's first keys in the place of ``{its.id}``, or its title if it has none."""
    return _COMMAND.sub(lambda match: _told(match.group(1), keymap) or match.group(), text)


def first_keys(command_id: str, keymap: Keymap) -> str:
    """A command's first keys as people read them; empty if it has none."""
    return next(map(shown_chord, keymap.chords(command_id)), "")


@cache
def usual_keymap() -> Keymap:
    """The keys in force where no settings say otherwise."""
    return make_keymap(Keys())


def _told(command_id: str, keymap: Keymap) -> str:
    command = COMMANDS_BY_ID.get(command_id)
    return (first_keys(command_id, keymap) or f"“{command.title.rstrip('…')}”") if command is not None else ""
