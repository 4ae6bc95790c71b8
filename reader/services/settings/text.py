"""Changes of one value in a settings file's text, which keep everything else to the letter (decision 34)."""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reader.domain.errors import ReaderError
from reader.domain.settings import BINDINGS, SETTINGS, SettingError, Settings, Value, value_of, with_value
from reader.services.settings.toml_lines import KeyPath, statements

SETTINGS_FILE = "settings.toml"
_GROUP_WITH_TABLES = "keys"
"""The group that comes last in a new file, because its table ends the group."""
_PLACE_IN_TEXT = re.compile(r" \(at (?:line (\d+)|end of document).*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_REASON = 200


class SettingsFileError(ReaderError):
    """A settings file that cannot be changed as asked and is left as it was; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """Something in the file that is ignored: a sentence, and its line, from 1 (0 if there is none)."""

    line: int
    text: str

    def __str__(self) -> str:
        """The problem with its line."""
        return f"Line {self.line}: {self.text}" if self.line else self.text


def changed_text(text: str, name: str, value: Value | None) -> str:
    """A file's text with one setting changed (None: removed) and everything else as it was.

    ``name`` is a setting's, or ``keys.bindings.<command>`` for one command's keys. Raises :class:`SettingError` for a
    value that does not fit and :class:`SettingsFileError` if the text cannot be changed without loss.
    """
    plain = None if value is None else _plain(name, value)
    before = dict(leaves(_parsed(text)))
    path = _path_in_file(before, name)
    for length in range(1, len(path)):
        if before.get(path[:length], {}) != {}:
            raise SettingsFileError(
                f"“{path[length - 1]}” in {SETTINGS_FILE} is not a table, so “{'.'.join(path)}” has no place; mend it."
            )
    for changed in _edits(text, path, plain):
        if _comments(text) <= _comments(changed) and _reads_as(changed, before, path, plain):
            return changed
    raise SettingsFileError(
        f"{SETTINGS_FILE} is written in a way that keeps “{name}” from being changed; edit it by hand."
    )


def starting_text() -> str:
    """A new file, in which every setting is a comment that shows its default."""
    lines = [
        "# Lectern's settings. They take effect as soon as this file is saved; docs/settings.md explains them.",
        "# Lines that begin with # only show the defaults.",
    ]
    for group in sorted(dict.fromkeys(name.split(".")[0] for name in SETTINGS), key=_GROUP_WITH_TABLES.__eq__):
        lines += ["", f"[{group}]"]
        for name, facts in SETTINGS.items():
            if name.startswith(f"{group}.") and name != BINDINGS:
                lines += [f"# {facts.help}: {facts.allowed}", f"# {name.split('.')[1]} = {facts.default_as_toml}"]
    lines += ["", f"[{BINDINGS}]", "# your own keys, by command; docs/keys.md names the commands"]
    return "\n".join([*lines, '# "paper.star" = ["s", "Ctrl+Shift+S"]', ""])


def leaves(table: Mapping[str, Any], path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every value of a table and of the tables in it with the keys that lead there; an empty table is a value."""
    for name, value in table.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, name))
        else:
            yield (*path, name), value


def parse_problem(error: Exception) -> SettingProblem:
    """The problem that keeps a file from being parsed. Only the parser's message has the line."""
    said = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    place = _PLACE_IN_TEXT.search(said)
    reason = _PLACE_IN_TEXT.sub("", said)[:_LONGEST_REASON]
    line = int(place[1] or 0) if place else 0
    return SettingProblem(line, f"This is not TOML ({reason}), so none of {SETTINGS_FILE} is used until it is mended.")


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        problem = parse_problem(error)
        where = f" (line {problem.line})" if problem.line else ""
        raise SettingsFileError(
            f"{SETTINGS_FILE} is not TOML{where}, so nothing was changed in it; mend it first."
        ) from error


def _plain(name: str, value: Value) -> Value:
    """A value in the form that the file has; raises :class:`SettingError` if the setting cannot have it."""
    if name == BINDINGS:
        raise SettingError(f"“{name}” cannot be set as a whole.")
    settings = with_value(Settings(), name, value)
    if name.startswith(f"{BINDINGS}."):
        return list(*settings.keys.bindings.values())
    checked = value_of(settings, name)
    return str(checked) if isinstance(checked, str) else checked


def _path_in_file(values: Mapping[KeyPath, Any], name: str) -> KeyPath:
    """The path of a setting in a file; a command's may be written as a dotted key."""
    dotted = tuple(name.split("."))
    quoted = (*BINDINGS.split("."), name.removeprefix(f"{BINDINGS}."))
    is_binding = name.startswith(f"{BINDINGS}.")
    return quoted if is_binding and (quoted in values or dotted not in values) else dotted


def _edits(text: str, path: KeyPath, value: Value | None) -> Iterator[str]:
    """Candidates for the text with the new value at ``path``, the tidiest first; the caller checks them."""
    ends: dict[KeyPath, int] = {(): 0}
    for item in statements(text):
        start, end = text.rfind("\n", 0, item.start) + 1, text.find("\n", item.end) + 1 or len(text)
        ends[item.table] = end
        if item.is_heading or item.path != path[: len(item.path)]:
            continue
        if item.path != path:
            changed = _changed_inline_table(text[item.value : item.end], path[len(item.path) :], value)
            yield text[: item.value] + changed + text[item.end :]
        elif value is None:
            yield text[:start] + text[end:]
        else:
            yield text[: item.value] + _as_toml(value) + text[item.end :]
    if value is None:
        yield text
        return
    for table in (path[:-1], None, *(path[:length] for length in range(len(path) - 2, -1, -1))):
        if table is None:
            yield _inserted(text, len(text), f"\n[{_dotted(path[:-1])}]\n{_dotted(path[-1:])} = {_as_toml(value)}\n")
        elif table in ends:
            yield _inserted(text, ends[table], f"{_dotted(path[len(table) :])} = {_as_toml(value)}\n")


def _inserted(text: str, at: int, lines: str) -> str:
    """The text with lines inserted at a place, which begin on a new line."""
    before = text[:at]
    return before + ("" if not before or before.endswith("\n") else "\n") + lines + text[at:]


def _changed_inline_table(text: str, path: KeyPath, value: Value | None) -> str:
    """An inline table with one key changed; the others keep their form. Unchanged if tomlkit cannot do it."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        table: Any = (whole := tomlkit.value(text))
        for part in path[:-1]:
            table = table.setdefault(part, tomlkit.inline_table())
        if value is None:
            table.pop(path[-1], None)
        else:
            table[path[-1]] = value
        return whole.as_string()
    except (TOMLKitError, ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return text


def _as_toml(value: Value) -> str:
    """A setting's value in TOML; for strings, numbers, booleans and lists of strings that is the same as JSON."""
    return json.dumps(value, ensure_ascii=False)


def _dotted(path: KeyPath) -> str:
    return ".".join(part if _BARE_KEY.fullmatch(part) else _as_toml(part) for part in path)


def _reads_as(text: str, before: Mapping[KeyPath, Any], path: KeyPath, value: Value | None) -> bool:
    """Whether a parser reads the new value from the text, and every other value as before."""
    try:
        after = dict(leaves(tomllib.loads(text)))
    except (ValueError, RecursionError):
        return False
    return after.get(path) == value and _others(after, path) == _others(before, path)


def _others(values: Mapping[KeyPath, Any], path: KeyPath) -> dict[KeyPath, str]:
    """Every value except the one at ``path`` and empty tables around it; as text, because no nan equals another."""
    return {place: repr(value) for place, value in values.items() if place != path[: len(place)]}


def _comments(text: str) -> Counter[str]:
    """The lines with only a comment; a change must not lose any."""
    return Counter(line for line in text.split("\n") if line.lstrip().startswith("#"))
