"""The user's settings: what can be chosen, the defaults, and which values are allowed.

Every setting is a field of one of the groups below, which also states its purpose and its allowed values. The file, the
settings window and the documentation are all made from these fields; a setting's name is ``group.field`` as in
``export.vault``. Keys are kept as text here; what they mean is the window's business.
"""
# ruff: noqa: RUF009 (the functions called for the fields' defaults are those that describe a field)

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from reader.domain.errors import ReaderError
from reader.domain.pdf_readers import check_command

BINDINGS = "keys.bindings"
MOST_BOUND_CHORDS = 20
_LONGEST_TEXT = 4_096
_LONGEST_CHORD = 60
_MOST_BINDINGS = 1_000
_NO_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Unicode categories that a line of text may not contain: controls, surrogates, line and paragraph separators."""


class SettingError(ReaderError):
    """A value that is not allowed, or a setting that does not exist; the sentence says what is allowed."""


class Scheme(StrEnum):
    """The colours to use: the system's choice, or one of Lectern's themes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


class ReadingFont(StrEnum):
    """The typeface of titles and abstracts."""

    SERIF = "serif"
    SANS = "sans"


class Density(StrEnum):
    """The space that a paper takes in a list."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


class KeyPreset(StrEnum):
    """The default keys: with single letters among them, or without."""

    LETTERS = "letters"
    NO_BARE_KEYS = "no-bare-keys"


class VaultProfile(StrEnum):
    """The flavour of Markdown in a vault."""

    OBSIDIAN = "obsidian"
    COMMONMARK = "commonmark"


class NoteNames(StrEnum):
    """How new notes in a vault are named; a slug is the title's words and the paper's unique key."""

    SLUG = "slug"
    TITLE = "title"
    CITATION_KEY = "citation-key"


class DeletedHighlights(StrEnum):
    """What happens to a deleted highlight in notes that were already exported."""

    REMOVE = "remove"
    STRIKE = "strike"


class PageLinks(StrEnum):
    """Where links to a document's pages lead: arXiv's PDF, the library's copy of the file, or the user's own file."""

    ARXIV = "arxiv"
    COPY = "copy"
    OWN = "own"


class AutomaticExport(StrEnum):
    """When annotated papers are exported automatically."""

    OFF = "off"
    AFTER_SESSION = "after-session"
    ON_SAVE = "on-save"


Value = Any
Check = Callable[[Value], Value]
"""Converts input from the file or the user into the setting's value; raises :class:`SettingError`."""


@dataclass(frozen=True, slots=True)
class SettingFacts:
    """One setting: its ``name`` (``group.field``), its purpose, its values in words, its default and its check."""

    name: str
    help: str
    allowed: str
    default: Value
    check: Check

    @property
    def default_as_toml(self) -> str:
        """The default as written in the file; defaults contain no quotes."""
        if isinstance(self.default, bool):
            return str(self.default).lower()
        return f'"{self.default}"' if isinstance(self.default, str) else str(self.default)


def _setting(default: Value, help_: str, allowed: str, accept: Check, note: str = "") -> Any:
    """A field of a group.

    ``help_`` describes it briefly, ``allowed`` says in words which values are allowed and ``note`` how they are
    written. ``accept`` returns the setting's value, or None for a value that is not allowed.
    """

    def check(value: Value) -> Value:
        accepted = accept(value)
        if accepted is None:
            raise SettingError(f"must be {allowed}{note}")
        return accepted

    return field(default_factory=lambda: default, metadata={"facts": SettingFacts("", help_, allowed, default, check)})


def _choice(default: StrEnum, help_: str) -> Any:
    """One of an enumeration's values."""
    kind = type(default)
    allowed = " or ".join(f'"{member.value}"' for member in kind)
    return _setting(default, help_, allowed, lambda value: next((each for each in kind if each == value), None))


def _flag(default: bool, help_: str) -> Any:
    """True or false."""
    return _setting(default, help_, "true or false", lambda value: value if isinstance(value, bool) else None)


def _number(default: float, help_: str, least: float, most: float) -> Any:
    """A number from ``least`` to ``most``; a whole number if the default is one."""
    kind = type(default)

    def accept(value: Value) -> float | None:
        is_number = isinstance(value, (int, kind)) and not isinstance(value, bool)
        return kind(value) if is_number and least <= value <= most else None

    return _setting(default, help_, f"a {'whole ' * (kind is int)}number from {least:,} to {most:,}", accept)


def _text(default: str, help_: str, allowed: str) -> Any:
    """One line of text; surrounding spaces are dropped."""

    def accept(value: Value) -> str | None:
        return value.strip() if isinstance(value, str) and _is_line(value) else None

    return _setting(default, help_, allowed, accept, ", in quotes, on one line")


def _is_line(text: str) -> bool:
    """Whether a text is one line, and not too long."""
    return len(text) <= _LONGEST_TEXT and _NO_LINE.isdisjoint(map(unicodedata.category, text))


def _accept_bindings(value: Value) -> dict[str, tuple[str, ...]] | None:
    if not isinstance(value, Mapping) or len(value) > _MOST_BINDINGS:
        return None
    return {str(command): check_chords(chords) for command, chords in value.items()}


def check_chords(value: Value) -> tuple[str, ...]:
    """The keys of one command, as text; raises :class:`SettingError` for a value that is not a list of keys."""
    chords = (value,) if isinstance(value, str) else value
    if not isinstance(chords, list | tuple) or not all(isinstance(chord, str) for chord in chords):
        raise SettingError('must be a list of keys such as ["s", "Ctrl+Shift+S"]')
    if len(chords) > MOST_BOUND_CHORDS or any(len(chord) > _LONGEST_CHORD for chord in chords):
        raise SettingError(f"must be at most {MOST_BOUND_CHORDS} keys of {_LONGEST_CHORD} characters at most")
    return tuple(map(str, chords))


@dataclass(frozen=True, slots=True)
class Appearance:
    """The look of the window. ``text_size`` counts steps from the default size."""

    theme: Scheme = _choice(Scheme.SYSTEM, "the system's colours, or always the same ones")
    reading_font: ReadingFont = _choice(ReadingFont.SERIF, "the typeface of titles and abstracts")
    text_size: int = _number(0, "steps larger or smaller than the default", -4, 5)
    density: Density = _choice(Density.COMFORTABLE, "how much room each paper has in a list")


@dataclass(frozen=True, slots=True)
class Reading:
    """When a paper counts as seen, and when its state becomes reading."""

    seen_after_seconds: float = _number(1.0, "how long a paper must be shown to count as seen", 0, 600)
    seen_on_moving_on: bool = _flag(True, "whether a paper is marked when you move on, or as soon as the time is up")
    start_on_opening: bool = _flag(True, "whether opening a paper's page or PDF marks it as “reading”")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that run commands. ``bindings`` are the chords of each remapped command (by id), as written."""

    preset: KeyPreset = _choice(KeyPreset.LETTERS, "the default keys, with or without bare letters")
    bindings: Mapping[str, tuple[str, ...]] = _setting(
        {}, "your own keys, by command", "a table of commands and lists of keys", _accept_bindings
    )


@dataclass(frozen=True, slots=True)
class Export:
    """Where annotations are exported. ``vault`` is a folder's path, or empty; ``folder`` is a folder inside it."""

    vault: str = _text("", "the folder that holds your notes, such as an Obsidian vault", "a folder's path, or empty")
    folder: str = _text("Lectern", "where in the vault new notes are put", "a folder's name inside the vault")
    profile: VaultProfile = _choice(VaultProfile.OBSIDIAN, "links as Obsidian writes them, or in plain Markdown")
    names: NoteNames = _choice(NoteNames.SLUG, "what new notes are named after")
    deleted: DeletedHighlights = _choice(DeletedHighlights.REMOVE, "what happens to deleted highlights in the vault")
    page_links: PageLinks = _choice(
        PageLinks.ARXIV, "where links to pages lead: arXiv, Lectern's copy, or your own file"
    )
    automatic: AutomaticExport = _choice(AutomaticExport.OFF, "when to export without being asked")


@dataclass(frozen=True, slots=True)
class Imports:
    """Automatic imports. ``watched_folder`` is a folder's path, empty for none; ``complete`` calls services."""

    watched_folder: str = _text("", "new listing files in this folder are imported", "a folder's path, or empty")
    complete: bool = _flag(
        False, "whether new papers that lack something are completed from arXiv, Crossref and Hugging Face"
    )


def _accept_command(value: Value) -> str | None:
    """A command for PDF files, or an empty line."""
    if not isinstance(value, str) or not _is_line(value):
        return None
    try:
        if value.strip():
            check_command(value)
    except ReaderError:
        return None
    return value.strip()


@dataclass(frozen=True, slots=True)
class Documents:
    """The PDF files of papers. ``open_with`` is a command with ``{file}`` and ``{page}``; empty is the system's."""

    open_with: str = _setting(
        "",
        "the command that opens a paper's PDF; empty for the system's program",
        "a command with {file} and {page}, or empty",
        _accept_command,
    )
    keep_copy: bool = _flag(True, "whether an attached PDF is copied into the library or stays only where it is")


@dataclass(frozen=True, slots=True)
class Backups:
    """The disk space that backups may take, in megabytes (1,048,576 bytes)."""

    megabytes: int = _number(2_048, "the disk space that all backups may take together", 20, 1_000_000)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; immutable, so that two states can be compared."""

    appearance: Appearance = field(default_factory=Appearance)
    reading: Reading = field(default_factory=Reading)
    keys: Keys = field(default_factory=Keys)
    export: Export = field(default_factory=Export)
    imports: Imports = field(default_factory=Imports)
    documents: Documents = field(default_factory=Documents)
    backups: Backups = field(default_factory=Backups)


SETTINGS: Mapping[str, SettingFacts] = {
    name: replace(item.metadata["facts"], name=name)
    for group in fields(Settings)
    for item in fields(getattr(Settings(), group.name))
    for name in [f"{group.name}.{item.name}"]
}
"""All settings by name, in the order of the file."""


def value_of(settings: Settings, name: str) -> Value:
    """The value of the setting ``name``; raises :class:`SettingError` for an unknown setting."""
    group, item = _split(name)
    return getattr(getattr(settings, group), item)


def with_value(settings: Settings, name: str, value: Value | None) -> Settings:
    """The settings with one of them changed, or reset to its default if ``value`` is None.

    ``name`` is a setting's, or ``keys.bindings.<command>`` for one command's keys. Raises :class:`SettingError` for an
    unknown setting or a value that is not allowed.
    """
    if name.startswith(f"{BINDINGS}."):
        command = name.removeprefix(f"{BINDINGS}.")
        others = {other: chords for other, chords in settings.keys.bindings.items() if other != command}
        name, value = BINDINGS, others if value is None else others | {command: value}
    group, item = _split(name)
    facts = SETTINGS[name]
    checked = facts.default if value is None else facts.check(value)
    return replace(settings, **{group: replace(getattr(settings, group), **{item: checked})})


def _split(name: str) -> tuple[str, str]:
    if name not in SETTINGS:
        raise SettingError(f"There is no setting “{name}”.")
    group, item = name.split(".")
    return group, item
