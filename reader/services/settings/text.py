"""One value of a settings file's text changed, and all else of the text kept to the letter."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reader.domain.errors import ReaderError
from reader.domain.settings import (
    SETTINGS,
    SettingError,
    SettingFacts,
    Settings,
    Value,
    check_chords,
    value_of,
    with_value,
)
from reader.services.settings.toml_lines import Path, statements

SETTINGS_FILE = "settings.toml"
BINDINGS = "keys.bindings"
_GROUP_WITH_TABLES = "keys"
"""The last in a new file, because the table in it ends the group."""


class SettingsFileError(ReaderError):
    """The file cannot be changed as asked; the sentence says why and what to do, and the file is as it was."""


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """Something in the file that is not obeyed: a sentence, and the line it stands on, from 1 (0 if none does)."""

    line: int
    text: str

    def __str__(self) -> str:
        """The problem with its line."""
        return f"Line {self.line}: {self.text}" if self.line else self.text


def changed_text(text: str, name: str, value: Value | None) -> str:
    """A file's text with one setting changed (None: taken out) and all else as it was.

    ``name`` is a setting's, or ``keys.bindings.<command>`` for one command's keys. Raises :class:`SettingError` for a
    value that does not fit and :class:`SettingsFileError` where the text cannot be changed without harm.
    """
    plain = None if value is None else _as_toml(name, value)
    path = _path_in_file(_parsed(text), name)
    wanted = _with(_parsed(text), path, plain)
    for change in (_without_line, _edited):
        changed = change(text, path, plain)
        if changed is not None and _comments(text) <= _comments(changed) and _reads_as(changed, wanted, path):
            return changed
    raise SettingsFileError(
        f"{SETTINGS_FILE} is written in a way that keeps “{name}” from being changed; edit it by hand."
    )


def starting_text() -> str:
    """A file in which every setting stands as a comment with its usual value, for whoever writes the first one."""
    lines = [
        "# Lectern's settings. They hold as soon as this file is saved; docs/settings.md explains them.",
        "# Lines that begin with # only show what is usual.",
    ]
    groups: dict[str, list[SettingFacts]] = {}
    for facts in SETTINGS.values():
        groups.setdefault(facts.name.split(".")[0], []).append(facts)
    for group in sorted(groups, key=_GROUP_WITH_TABLES.__eq__):
        lines += ["", f"[{group}]"]
        for facts in groups[group]:
            if facts.name != BINDINGS:
                lines += [f"# {facts.help}: {facts.allowed}", f"# {facts.name.split('.')[1]} = {_shown(facts.usual)}"]
    lines += ["", f"[{BINDINGS}]", "# keys of your own, by command; docs/keys.md names the commands"]
    lines += ['# "paper.star" = ["s", "Ctrl+Shift+S"]']
    return "\n".join([*lines, ""])


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        problem = parse_problem(error)
        where = f" (line {problem.line})" if problem.line else ""
        raise SettingsFileError(
            f"{SETTINGS_FILE} is not TOML{where}, so nothing was changed in it; mend it first."
        ) from error


def _path_in_file(content: dict[str, Any], name: str) -> Path:
    """Where a setting stands in a file, or is to stand."""
    if not name.startswith(f"{BINDINGS}."):
        return tuple(name.split("."))
    command = name[len(BINDINGS) + 1 :]
    bindings = content.get("keys", {})
    bindings = bindings.get("bindings", {}) if isinstance(bindings, dict) else {}
    paths = [path for path, _ in leaves(bindings)] if isinstance(bindings, dict) else []
    dotted = tuple(command.split("."))
    return ("keys", "bindings", *(dotted if dotted in paths and (command,) not in paths else (command,)))


def _with(content: dict[str, Any], path: Path, value: Value | None) -> dict[str, Any]:
    """What a parser is to read once the change is made."""
    table = content
    for part in path[:-1]:
        if part not in table and value is None:
            return content
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            raise SettingsFileError(
                f"“{part}” in {SETTINGS_FILE} is no table, so “{'.'.join(path)}” has no place; mend it."
            )
    if value is None:
        table.pop(path[-1], None)
    else:
        table[path[-1]] = value
    return content


def _without_empty(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """A file's content without the tables on the way to ``path`` that hold nothing: a dotted key leaves none behind."""
    if len(path) > 1 and isinstance(content.get(path[0]), dict):
        inner = _without_empty(content[path[0]], path[1:])
        return {name: value for name, value in (content | {path[0]: inner}).items() if name != path[0] or inner}
    return content


def _reads_as(text: str, wanted: dict[str, Any], path: Path) -> bool:
    """Whether a parser reads from a text what it is to."""
    try:
        return _without_empty(tomllib.loads(text), path) == _without_empty(wanted, path)
    except (ValueError, RecursionError):
        return False


def _comments(text: str) -> Counter[str]:
    """The lines that are nothing but a comment, none of which may be lost."""
    return Counter(line for line in text.split("\n") if line.lstrip().startswith("#"))


def _without_line(text: str, path: Path, value: Value | None) -> str | None:
    """A text without the line that sets ``path``; None where something is to be set, or no line is that setting's."""
    found = [] if value is not None else [item for item in statements(text) if item.path == path and not item.is_table]
    if not found:
        return None
    start, end = text.rfind("\n", 0, found[0].start) + 1, text.find("\n", found[0].end)
    return text[:start] + (text[end + 1 :] if end >= 0 else "")


def _edited(text: str, path: Path, value: Value | None) -> str | None:
    """A text changed by the library that keeps comments and order; None if it cannot."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(text)
        _put(document, path, value)
        return tomlkit.dumps(document)
    except (TOMLKitError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def _put(document: Any, path: Path, value: Value | None) -> None:
    import tomlkit

    table = document
    for number, part in enumerate(path[:-1]):
        if part not in table:
            if value is None:
                return
            table[part] = tomlkit.table(is_super_table=number == 0 and len(path) > 2)
        table = table[part]
    if value is not None:
        table[path[-1]] = value
    elif path[-1] in table:
        del table[path[-1]]


def _as_toml(name: str, value: Value) -> Value:
    """A value as the file has it; raises :class:`SettingError` if the setting cannot have it."""
    if name.startswith(f"{BINDINGS}."):
        return list(check_chords(value))
    if name == BINDINGS or name not in SETTINGS:
        raise SettingError(f"“{name}” cannot be set as a whole.")
    checked = value_of(with_value(Settings(), name, value), name)
    return str(checked) if isinstance(checked, str) else checked


def leaves(table: Mapping[str, Any], path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of a table and of the tables in it, with the keys that lead there."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def parse_problem(error: Exception) -> SettingProblem:
    """What keeps the file from being parsed. The parser tells the line in its sentence only."""
    said = str(error)
    reason, _, place = said.rpartition(" (at ")
    words = place.rstrip(")").replace(",", "").split()
    line = int(words[1]) if words[:1] == ["line"] and len(words) > 1 and words[1].isdigit() else 0
    reason = "nested too deeply" if isinstance(error, RecursionError) else (reason or said)[:200]
    return SettingProblem(line, f"This is not TOML ({reason}), so none of {SETTINGS_FILE} is used until it is mended.")


def _shown(value: Value) -> str:
    """A usual value as it is written in TOML; only for our own defaults, which hold no quotes."""
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
