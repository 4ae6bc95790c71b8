"""The file ``settings.toml`` of a library: read with suspicion, and changed one value at a time (decision 15).

The file belongs to the user. It is read with the standard library's parser, value by value: an unknown or invalid value
is reported with its line and stays in the file, and the default is used. A change is made to the present file, keeps
everything else to the letter (comments, order, unknown settings), and is written only if a parser then reads exactly
the intended values. It replaces the whole file or nothing. A file that is not TOML is never changed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reader.domain.settings import BINDINGS, SETTINGS, SettingError, Settings, Value, check_chords, with_value
from reader.files import followed, write_file
from reader.services.settings.text import (
    SETTINGS_FILE,
    SettingProblem,
    SettingsFileError,
    changed_text,
    leaves,
    parse_problem,
    starting_text,
)
from reader.services.settings.toml_lines import KeyPath, lines_of_keys

_LARGEST = 1 << 18
_MOST_PROBLEMS = 200
_SHOWN_NAME = 60
_GROUPS = frozenset(name.split(".")[0] for name in SETTINGS)
_TOO_LARGE = f"{SETTINGS_FILE} is larger than 256 kilobytes, so it was not read; make it smaller."


@dataclass(frozen=True, slots=True)
class SettingsReading:
    """The settings read from a file, and the problems of the file.

    ``given`` are the names of the settings that the file has and that are used; ``lines`` has the line of every key and
    table. ``is_usable`` is False for a file of which nothing could be read.
    """

    settings: Settings
    problems: tuple[SettingProblem, ...] = ()
    given: frozenset[str] = frozenset()
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    is_usable: bool = True

    def line_of_binding(self, command: str) -> int:
        """The line of a command's keys, whether its id is written in quotes or as a dotted key; 0 for none."""
        table = tuple(BINDINGS.split("."))
        return self.lines.get((*table, command)) or self.lines.get((*table, *command.split(".")), 0)


def settings_path(folder: Path) -> Path:
    """The path of the settings file of the library in ``folder``."""
    return folder / SETTINGS_FILE


def read_settings(folder: Path) -> SettingsReading:
    """The settings of the library in ``folder``; never raises because of the file's content."""
    try:
        text = _read_text(folder)
        return settings_of(text) if text is not None else SettingsReading(Settings())
    except SettingsFileError as error:
        return SettingsReading(Settings(), (SettingProblem(0, str(error)),), is_usable=False)


def settings_of(text: str) -> SettingsReading:
    """The settings in a file's text; every invalid value is a problem and has no effect."""
    try:
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return SettingsReading(Settings(), (parse_problem(error),), is_usable=False)
    lines = lines_of_keys(text)
    settings, problems, given = Settings(), [], set()

    def report(path: KeyPath, said: str) -> None:
        problems.append(SettingProblem(_line_of(lines, path), said))

    for path, value in _values(content):
        name = ".".join(path)
        if name not in SETTINGS or len(path) == 1:
            report(path, _unknown(path))
            continue
        try:
            if name == BINDINGS and isinstance(value, dict):
                value, wrong = _sound_bindings(value)
                for place, said in wrong:
                    report((*path, *place), said)
            settings = with_value(settings, name, value)
            given.add(name)
        except SettingError as error:
            report(path, f"“{name}” {error}; it is ignored.")
    problems.sort(key=lambda problem: problem.line)
    if len(problems) > _MOST_PROBLEMS:
        more = f"And {len(problems) - _MOST_PROBLEMS:,} more like these."
        problems[_MOST_PROBLEMS:] = [SettingProblem(problems[_MOST_PROBLEMS].line, more)]
    return SettingsReading(settings, tuple(problems), frozenset(given), lines)


def write_setting(folder: Path, name: str, value: Value | None) -> None:
    """Change one setting in the file, or remove it (None) so that the default is used.

    ``name`` is a setting's, or ``keys.bindings.<command>`` for one command's keys. Raises :class:`SettingError` for a
    value that does not fit and :class:`SettingsFileError` if the file cannot be changed; it then stays as it was.
    """
    write_settings(folder, {name: value})


def write_settings(folder: Path, changes: Mapping[str, Value | None]) -> None:
    """Change several settings like :func:`write_setting`, all of them or, if one cannot be changed, none."""
    before = _read_text(folder)
    text = starting_text() if before is None else before
    for name, value in changes.items():
        text = changed_text(text, name, value)
    if changes and text != before:
        _replace(settings_path(folder), text)


def make_settings_file(folder: Path) -> Path:
    """The path of the settings file; a missing file is created, with every setting as a comment, for editing.

    Raises :class:`SettingsFileError`.
    """
    path = settings_path(folder)
    if _read_text(folder) is None:
        _replace(path, starting_text())
    return path


def _line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """The line of a key, or of the table it would be in; 0 for none."""
    return next((lines[path[:end]] for end in range(len(path), 0, -1) if path[:end] in lines), 0)


def _read_text(folder: Path) -> str | None:
    """The file's text, None if there is none; raises :class:`SettingsFileError`."""
    path = settings_path(folder)
    try:
        if not path.exists():
            return None
        if not path.is_file():
            raise SettingsFileError(f"{path} is not a file; move it away. The defaults are used.")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except (OSError, RuntimeError) as error:  # a RuntimeError for links in a circle
        raise SettingsFileError(f"{path} cannot be read: {_reason(error)}. The defaults are used.") from error
    if len(data) > _LARGEST:
        raise SettingsFileError(_TOO_LARGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsFileError(f"{SETTINGS_FILE} is not UTF-8 (line {line}); save it as UTF-8.") from error


def _values(content: dict[str, Any]) -> Iterator[tuple[KeyPath, Value]]:
    """The path and value of each setting in a file; a top-level key that is not a group has a path of one."""
    for group, items in content.items():
        if group in _GROUPS and isinstance(items, dict):
            yield from (((group, item), value) for item, value in items.items())
        else:
            yield (group,), items


def _unknown(path: KeyPath) -> str:
    name = ".".join(path)[:_SHOWN_NAME]
    if path[0] in _GROUPS and len(path) == 1:
        return f"“{name}” is written as [{name}], with its settings below; this is ignored."
    return f"There is no setting “{name}”; it is ignored."


def _sound_bindings(table: dict[str, Any]) -> tuple[dict[str, tuple[str, ...]], list[tuple[KeyPath, str]]]:
    """The valid bindings of a table, and the problems of the others, each with its path.

    ``paper.star = …`` and ``"paper.star" = …`` mean the same: a dotted key makes a table in a table.
    """
    sound: dict[str, tuple[str, ...]] = {}
    wrong: list[tuple[KeyPath, str]] = []
    for path, value in leaves(table):
        command = ".".join(path)
        try:
            sound |= {command: check_chords(value)} if value != {} else {}
        except SettingError as error:
            wrong.append((path, f"The keys of “{command[:_SHOWN_NAME]}” {error}; they are ignored."))
    return sound, wrong


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _replace(path: Path, text: str) -> None:
    """Replace the file, or the file that a link leads to; raises :class:`SettingsFileError`."""
    try:
        write_file(followed(path) if path.is_symlink() else path, text.encode("utf-8"))
    except (OSError, RuntimeError) as error:
        raise SettingsFileError(f"{path} cannot be written: {_reason(error)}.") from error
