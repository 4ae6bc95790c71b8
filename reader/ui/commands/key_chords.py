"""Keys as values: parsed and validated once, matched by a trie. Pure; Qt's events become keys in ``key_events``.

A key is written as the character it types (``j``, ``?``, ``[``) or its name (``Space``, ``PgDown``), with modifiers
before it (``Ctrl+K``, ``Shift+M``). Capitals are written with ``Shift+``, because Qt holds ``m`` and ``M`` for one
key; other characters never carry Shift, because which of them need it depends on the keyboard. A chord is one or more
keys pressed one after the other, written with spaces between them (``g g``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import IntFlag

NAMED_KEYS = frozenset(
    {"Space", "Enter", "Esc", "Tab", "Backspace", "Delete", "Insert", "Home", "End", "PgUp", "PgDown", "Up", "Down"}
    | {"Left", "Right"}
    | {f"F{number}" for number in range(1, 13)}
)
_SHOWN_NAMES = {"Up": "↑", "Down": "↓", "Left": "←", "Right": "→"}


class Modifier(IntFlag):
    """The modifiers a key may be pressed with, in the order they are written in."""

    NONE = 0
    CTRL = 1
    ALT = 2
    META = 4
    SHIFT = 8


_MODIFIER_NAMES = {Modifier.CTRL: "Ctrl", Modifier.ALT: "Alt", Modifier.META: "Meta", Modifier.SHIFT: "Shift"}
_MODIFIERS_BY_NAME = {name: modifier for modifier, name in _MODIFIER_NAMES.items()}


class KeyFormatError(ValueError):
    """A key that is not written as keys are; the message says how it is."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key press: a character in lower case or one of :data:`NAMED_KEYS`, and its modifiers."""

    name: str
    modifiers: Modifier = Modifier.NONE

    @classmethod
    def parse(cls, text: str) -> Key:
        """Read one key (``Ctrl+Shift+Z``); raises :class:`KeyFormatError` if it is not written as keys are."""
        name, modifiers = text, Modifier.NONE
        while "+" in name[:-1]:
            word, rest = name.split("+", 1)
            modifier = _MODIFIERS_BY_NAME.get(word)
            if modifier is None or modifiers & modifier:
                raise KeyFormatError(f"“{text}”: “{word}” is not a modifier (Ctrl, Alt, Meta, Shift), or is repeated.")
            modifiers |= modifier
            name = rest
        return cls(_checked_name(name, modifiers, text), modifiers)

    @property
    def is_bare(self) -> bool:
        """Whether the key would type a character or move a cursor in a text field."""
        return not self.modifiers & (Modifier.CTRL | Modifier.ALT | Modifier.META) and not self._is_function_key

    @property
    def _is_function_key(self) -> bool:
        return len(self.name) > 1 and self.name[0] == "F" and self.name[1:].isdigit()

    def shown(self) -> str:
        """The key as people read it: ``Ctrl+K``, ``Shift+M``, ``↓``."""
        name = _SHOWN_NAMES.get(self.name, self.name)
        if len(name) == 1 and self.modifiers:
            name = name.upper()
        names = [word for modifier, word in _MODIFIER_NAMES.items() if self.modifiers & modifier]
        return "+".join([*names, name])

    def __str__(self) -> str:
        """The key as :meth:`parse` reads it."""
        return "+".join([*(word for modifier, word in _MODIFIER_NAMES.items() if self.modifiers & modifier), self.name])


def _checked_name(name: str, modifiers: Modifier, text: str) -> str:
    """The normal form of a key's name; raises :class:`KeyFormatError`."""
    if name in NAMED_KEYS:
        return name
    if len(name) != 1 or not name.isprintable() or name == " ":
        raise KeyFormatError(f"“{text}” is not a key. Write a character, or one of {', '.join(sorted(NAMED_KEYS))}.")
    if name.isupper() and not modifiers:
        raise KeyFormatError(f"“{text}”: write Shift+{name} for the capital.")
    if modifiers & Modifier.SHIFT and not name.isalpha():
        raise KeyFormatError(f"“{text}”: write the character that Shift makes, not Shift.")
    return name.lower()


Chord = tuple[Key, ...]


def parse_chord(text: str) -> Chord:
    """Read a chord (``g g``); raises :class:`KeyFormatError`."""
    keys = tuple(Key.parse(word) for word in text.split())
    if not keys:
        raise KeyFormatError("A chord needs at least one key.")
    return keys


def shown_chord(chord: Iterable[Key]) -> str:
    """A chord as people read it: ``g g``."""
    return " ".join(key.shown() for key in chord)


class KeyConflictError(ValueError):
    """Two commands on one chord, or one on the beginning of another's; the message names both."""


@dataclass(slots=True)
class _Node:
    command: str | None = None
    next: dict[Key, _Node] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Continuation:
    """What a further key leads to while a chord is pending: the rest of the chord, and its command."""

    keys: Chord
    command: str


class KeyTrie:
    """Which chord runs which command. No chord may be the beginning of another, which could then never be typed."""

    def __init__(self, bindings: Iterable[tuple[Chord, str]] = ()) -> None:
        """Build from pairs of a chord and a command's id; raises :class:`KeyConflictError`."""
        self.root = _Node()
        """The node from which matching starts; only :class:`ChordMatcher` needs it."""
        for chord, command in bindings:
            self.add(chord, command)

    def add(self, chord: Chord, command: str) -> None:
        """Bind a chord; raises :class:`KeyConflictError` where it could not be typed, or would hide another."""
        node = self.root
        for key in chord:
            if node.command is not None:
                raise KeyConflictError(_conflict(chord, command, node.command))
            node = node.next.setdefault(key, _Node())
        if node.command is not None or node.next:
            other = node.command or next(_continuations(node, ())).command
            raise KeyConflictError(_conflict(chord, command, other))
        node.command = command


def _conflict(chord: Chord, command: str, other: str) -> str:
    return f"{shown_chord(chord)}: both {command} and {other} want it, and only one of them could be typed."


def _continuations(node: _Node, keys: Chord) -> Iterator[Continuation]:
    for key, following in node.next.items():
        if following.command is not None:
            yield Continuation((*keys, key), following.command)
        yield from _continuations(following, (*keys, key))


@dataclass(frozen=True, slots=True)
class Matched:
    """A chord is complete and runs ``command``."""

    command: str


@dataclass(frozen=True, slots=True)
class Pending:
    """A chord has begun; ``continuations`` are the ways to go on."""

    keys: Chord
    continuations: tuple[Continuation, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """No command; ``keys`` are those pressed in vain, more than one if they broke off a chord."""

    keys: Chord


Outcome = Matched | Pending | Unmatched


class ChordMatcher:
    """Follows key presses through a trie."""

    def __init__(self, trie: KeyTrie) -> None:
        """Match against ``trie``."""
        self.trie = trie
        """What is matched against."""
        self._node = trie.root
        self.pending: Chord = ()
        """The keys of the chord begun so far."""

    def press(self, key: Key) -> Outcome:
        """Take one key; a complete or broken chord starts over."""
        keys = (*self.pending, key)
        node = self._node.next.get(key)
        if node is None:
            self.reset()
            return Unmatched(keys)
        if node.command is not None:
            self.reset()
            return Matched(node.command)
        self._node, self.pending = node, keys
        return Pending(keys, tuple(_continuations(node, ())))

    def reset(self) -> None:
        """Forget a chord that has begun."""
        self._node, self.pending = self.trie.root, ()
