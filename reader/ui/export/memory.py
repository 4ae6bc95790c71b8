"""What the window remembers of exports between runs, in ``exports.json`` of the library's folder."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from reader.files import recall, remember

_FILE_NAME = "exports.json"
_MOST_LINES = 500
_LONGEST = 4_096


@dataclass(slots=True)
class ExportChoices:
    """The form that was chosen last, the folder for files, and what an export at the last closing has to say.

    ``told`` is a sentence, ``left`` a line for each file that was left alone. Losing all this costs nothing.
    """

    form: str = "obsidian"
    files_folder: str = ""
    grouping: str = "tag"
    told: str = ""
    left: list[str] = field(default_factory=list)


def load_choices(folder: Path) -> ExportChoices:
    """Read the remembered choices; missing or damaged ones have their defaults."""
    content, choices = recall(folder / _FILE_NAME), ExportChoices()
    if not isinstance(content, dict):
        return choices
    for item in fields(ExportChoices):
        value = content.get(item.name)
        if item.name == "left":
            if isinstance(value, list):
                choices.left = [line for line in value[:_MOST_LINES] if isinstance(line, str)]
        elif isinstance(value, str) and len(value) <= _LONGEST:
            setattr(choices, item.name, value)
    return choices


def save_choices(folder: Path, choices: ExportChoices) -> bool:
    """Remember choices, from any thread; returns False if the folder cannot be written to."""
    return remember(folder / _FILE_NAME, asdict(choices) | {"left": choices.left[:_MOST_LINES]})
