"""The user's settings: what can be chosen, what is usual, and which values are allowed.

Every setting is a field of one of the groups below, with what it is for and what it may be beside it. The file, the
settings window and the documentation are all made from these fields; a setting's name is ``group.field`` as in
``export.vault``. Keys are kept as text here; what they mean is the window's business.
"""
# ruff: noqa: RUF009 (the functions called for the fields' defaults are those that describe a field)

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, TypeVar

from reader.domain.errors import ReaderError

MOST_BOUND_CHORDS = 20
_LONGEST_TEXT = 4_096
_LONGEST_CHORD = 60
_MOST_BINDINGS = 1_000
_NO_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode's categories of what has no place in a line: controls, surrogates, separators of lines."""


class SettingError(ReaderError):
    """A value that a setting cannot have, or a setting that does not exist; the sentence says what it may be."""


class Scheme(StrEnum):
    """Which colours to use: the system's choice, or one of ours."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


class ReadingFont(StrEnum):
    """The typeface of titles and abstracts."""

    SERIF = "serif"
    SANS = "sans"


class Density(StrEnum):
    """How much room a paper has in a list."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class KeyPreset(StrEnum):
    """The keys to begin with: single letters as everywhere in this program, or none without Ctrl or Alt."""

    LETTERS = "letters"
    NO_BARE_KEYS = "no-bare-keys"


class VaultProfile(StrEnum):
    """The flavour of Markdown in a vault."""

    OBSIDIAN = "obsidian"
    COMMONMARK = "commonmark"


class NoteNames(StrEnum):
    """What new notes in a vault are named by: slug has the title's words and the paper's key, which is unique."""

    SLUG = "slug"
    TITLE = "title"
    CITATION_KEY = "citation-key"


class DeletedHighlights(StrEnum):
    """What becomes of a deleted highlight in notes that were exported before."""

    REMOVE = "remove"
    STRIKE = "strike"


class AutomaticExport(StrEnum):
    """When annotated papers are exported without being asked to."""

    OFF = "off"
    AFTER_SESSION = "after-session"
    ON_SAVE = "on-save"


Value = Any
Check = Callable[[Value], Value]
"""Takes what a file or a user gave and returns the setting's value; raises :class:`SettingError` saying what fits."""
_Group = TypeVar("_Group")


def _setting(usual: Value, help_: str, check: Check, allowed: str) -> Any:
    """A field of a group; ``help_`` is half a sentence, ``allowed`` says in words what the value may be."""
    facts = {"help": help_, "check": check, "allowed": allowed}
    if isinstance(usual, dict):
        return field(default_factory=dict, metadata=facts)
    return field(default=usual, metadata=facts)


def _choice(usual: StrEnum, help_: str) -> Any:
    """One of an enumeration's values."""
    kind = type(usual)
    allowed = " or ".join(f'"{member.value}"' for member in kind)

    def check(value: Value) -> StrEnum:
        if not isinstance(value, str) or value not in list(kind):
            raise SettingError(f"must be {allowed}")
        return kind(value)

    return _setting(usual, help_, check, allowed)


def _flag(usual: bool, help_: str) -> Any:
    """Yes or no."""

    def check(value: Value) -> bool:
        if not isinstance(value, bool):
            raise SettingError("must be true or false")
        return value

    return _setting(usual, help_, check, "true or false")


def _whole(usual: int, help_: str, least: int, most: int) -> Any:
    """A whole number within a range."""
    allowed = f"a whole number from {least:,} to {most:,}"

    def check(value: Value) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise SettingError(f"must be {allowed}")
        return int(value)

    return _setting(usual, help_, check, allowed)


def _number(usual: float, help_: str, least: float, most: float) -> Any:
    """A number within a range."""
    allowed = f"a number from {least:g} to {most:g}"

    def check(value: Value) -> float:
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not math.isfinite(value) or not least <= value <= most:
            raise SettingError(f"must be {allowed}")
        return float(value)

    return _setting(usual, help_, check, allowed)


def _text(usual: str, help_: str, allowed: str) -> Any:
    """One line of text; surrounding blanks are dropped."""

    def check(value: Value) -> str:
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT or _is_broken(value):
            raise SettingError(f"must be {allowed}, in quotes, on one line")
        return value.strip()

    return _setting(usual, help_, check, allowed)


def _is_broken(text: str) -> bool:
    """Whether a text holds what has no place in a line."""
    return not _NO_LINE.isdisjoint(map(unicodedata.category, text))


def _check_bindings(value: Value) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, Mapping) or len(value) > _MOST_BINDINGS:
        raise SettingError("must be a table of commands and their keys")
    return {str(command): check_chords(chords) for command, chords in value.items()}


def check_chords(value: Value) -> tuple[str, ...]:
    """The keys of one command, as text; raises :class:`SettingError` for what is no list of keys."""
    chords = (value,) if isinstance(value, str) else value
    if not isinstance(chords, list | tuple) or not all(isinstance(chord, str) for chord in chords):
        raise SettingError('must be a list of keys such as ["s", "Ctrl+Shift+S"]')
    if len(chords) > MOST_BOUND_CHORDS or any(len(chord) > _LONGEST_CHORD for chord in chords):
        raise SettingError(f"must be at most {MOST_BOUND_CHORDS} keys of {_LONGEST_CHORD} characters at most")
    return tuple(str(chord) for chord in chords)


@dataclass(frozen=True, slots=True)
class Appearance:
    """How the window looks. ``text_size`` counts steps from the usual size."""

    theme: Scheme = _choice(Scheme.SYSTEM, "the colours; the system's, or always the same")
    reading_font: ReadingFont = _choice(ReadingFont.SERIF, "the typeface of titles and abstracts")
    text_size: int = _whole(0, "steps larger or smaller than usual", -4, 5)
    density: Density = _choice(Density.COMFORTABLE, "the room each paper has in a list")


@dataclass(frozen=True, slots=True)
class Reading:
    """What counts as having seen and as reading a paper."""

    seen_after_seconds: float = _number(1.0, "how long a paper must be shown to count as seen", 0, 600)
    seen_on_moving_on: bool = _flag(True, "whether it counts once you go on to another; else as soon as the time is up")
    start_on_opening: bool = _flag(True, "whether opening a paper's page or PDF makes it “reading”")


@dataclass(frozen=True, slots=True)
class Keys:
    """Which keys run commands. ``bindings`` are the chords of each remapped command (by id), as they are written."""

    preset: KeyPreset = _choice(KeyPreset.LETTERS, "the keys to begin with; or nothing on bare letters")
    bindings: Mapping[str, tuple[str, ...]] = _setting(
        {}, "keys of your own, by command", _check_bindings, "a table of commands and lists of keys"
    )


@dataclass(frozen=True, slots=True)
class Export:
    """Where annotations go. ``vault`` is a folder's path, empty for none; ``folder`` is a place inside of it."""

    vault: str = _text("", "the folder that holds your notes, such as an Obsidian vault", "a folder's path, or empty")
    folder: str = _text("Lectern", "where in the vault new notes are put", "a folder's name inside the vault")
    profile: VaultProfile = _choice(VaultProfile.OBSIDIAN, "the flavour of Markdown")
    names: NoteNames = _choice(NoteNames.SLUG, "what new notes are named by")
    deleted: DeletedHighlights = _choice(DeletedHighlights.REMOVE, "what becomes of deleted highlights in the vault")
    automatic: AutomaticExport = _choice(AutomaticExport.OFF, "when to export without being asked")


@dataclass(frozen=True, slots=True)
class Imports:
    """What is imported without being asked. ``watched_folder`` is a folder's path, empty for none."""

    watched_folder: str = _text("", "new listing files in this folder are imported", "a folder's path, or empty")


@dataclass(frozen=True, slots=True)
class Backups:
    """How much room backups may take, in megabytes (1,048,576 bytes)."""

    megabytes: int = _whole(2_048, "the room that all backups together may take", 20, 1_000_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; immutable, so that whoever holds one can compare it with the next."""

    appearance: Appearance = field(default_factory=Appearance)
    reading: Reading = field(default_factory=Reading)
    keys: Keys = field(default_factory=Keys)
    export: Export = field(default_factory=Export)
    imports: Imports = field(default_factory=Imports)
    backups: Backups = field(default_factory=Backups)


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """One setting: its ``name`` (``group.field``), what it is for, what it may be, and its usual value."""

    name: str
    help: str
    allowed: str
    usual: Value
    check: Check


def _facts() -> dict[str, SettingFacts]:
    found = {}
    for group in fields(Settings):
        assert group.default_factory is not MISSING
        for item in fields(group.default_factory()):
            name = f"{group.name}.{item.name}"
            usual = item.default if item.default is not MISSING else {}
            data = item.metadata
            found[name] = SettingFacts(name, data["help"], data["allowed"], usual, data["check"])
    return found


SETTINGS: Mapping[str, SettingFacts] = _facts()
"""Every setting by its name, in the order of the file."""


def value_of(settings: Settings, name: str) -> Value:
    """The value of the setting called ``name``; raises :class:`SettingError` if there is none."""
    group, item = _split(name)
    return getattr(getattr(settings, group), item)


def with_value(settings: Settings, name: str, value: Value | None) -> Settings:
    """The settings with one of them changed, to the usual if ``value`` is None.

    Raises :class:`SettingError` if it cannot have that value.
    """
    group, item = _split(name)
    facts = SETTINGS[name]
    checked = facts.usual if value is None else facts.check(value)
    return replace(settings, **{group: replace(getattr(settings, group), **{item: checked})})


def with_binding(settings: Settings, command: str, chords: Value | None) -> Settings:
    """The settings with other keys for a command, its usual ones if ``chords`` is None; raises like ``with_value``."""
    bindings = {other: keys for other, keys in settings.keys.bindings.items() if other != command}
    if chords is not None:
        bindings[command] = check_chords(chords)
    return replace(settings, keys=replace(settings.keys, bindings=bindings))


def _split(name: str) -> tuple[str, str]:
    if name not in SETTINGS:
        raise SettingError(f"There is no setting “{name}”.")
    group, item = name.split(".")
    return group, item
