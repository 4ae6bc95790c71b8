"""The keys in force: those of a preset, with the user's own in the place of what they are at odds with nowhere. Pure.

What the user binds is obeyed command by command: a command whose keys are not written as keys are, could never be
typed, or are another command's, keeps its usual ones, and that is told. Two commands may exchange their keys, because
only what comes out is judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

from reader.domain.settings import KeyPreset, Keys
from reader.ui.commands.key_chords import (
    Chord,
    Key,
    KeyConflictError,
    KeyFormatError,
    KeyTrie,
    Modifier,
    parse_chord,
    shown_chord,
)
from reader.ui.commands.table import COMMANDS, COMMANDS_BY_ID, Menu

Chords = dict[str, tuple[Chord, ...]]
_ESCAPE = Key("Esc")
_BACK_OUT = "go.escape"
_MENU_LETTERS = frozenset(menu.value[menu.value.index("&") + 1].lower() for menu in Menu)
"""With Alt they open a menu, before anything else could see them."""
_WITHOUT_BARE_KEYS = {
    "go.find": ("Ctrl+F",),
    "view.settings": ("Ctrl+,",),
    "edit.repeat": ("Ctrl+.",),
    "select.all": ("Ctrl+A",),
    "select.none": ("Ctrl+Shift+A",),
    "highlight.sentences": ("Ctrl+H",),
    "highlight.next": ("Alt+PgDown",),
    "highlight.previous": ("Alt+PgUp",),
    "highlight.forward": ("Alt+Shift+PgDown",),
    "highlight.back": ("Alt+Shift+PgUp",),
    "paper.pdf": ("Ctrl+Shift+O",),
}
"""The keys of commands for which the rule of :func:`_without_bare_keys` finds none, or none that are good."""


@dataclass(frozen=True, slots=True)
class KeyProblem:
    """Keys of a ``command`` that are not obeyed, and why; ``other`` is the command that they are at odds with."""

    command: str
    text: str
    other: str = ""


class Keymap:
    """Which chords run which command."""

    def __init__(self, chords: Mapping[str, tuple[Chord, ...]], problems: tuple[KeyProblem, ...] = ()) -> None:
        """Raises ``KeyConflictError`` if two of the chords are at odds."""
        self._chords = chords
        self.problems = problems
        self.trie = KeyTrie((chord, command) for command, bound in chords.items() for chord in bound)

    def chords(self, command_id: str) -> tuple[Chord, ...]:
        """A command's chords, the one to show first; none if it has none."""
        return self._chords.get(command_id, ())

    def __eq__(self, other: object) -> bool:
        """Whether two keymaps have the same keys and problems."""
        return isinstance(other, Keymap) and (self._chords, self.problems) == (other._chords, other.problems)

    __hash__ = None  # type: ignore[assignment]  # how Python says that it cannot be hashed


def make_keymap(keys: Keys) -> Keymap:
    """The keys in force with these settings; what of them is not obeyed is told in ``problems``."""
    usual = preset_chords(keys.preset)
    own: Chords = {}
    problems = []
    for command, texts in keys.bindings.items():
        try:
            own[command] = _checked(command, texts)
        except KeyFormatError as error:
            problems.append(KeyProblem(command, str(error)))
    while (conflict := _conflict(usual | own)) is not None:
        refused, other, chord = _to_refuse(own, *conflict)
        problems.append(KeyProblem(refused, _conflict_text(refused, other, chord), other))
        del own[refused]
    return Keymap(usual | own, tuple(problems))


@cache
def preset_chords(preset: KeyPreset) -> Chords:
    """The chords of every command in a preset."""
    chords = {command.id: command.chords for command in COMMANDS}
    if preset is KeyPreset.NO_BARE_KEYS:
        return {command: _without_bare_keys(command, usual) for command, usual in chords.items()}
    return chords


def _without_bare_keys(command: str, usual: tuple[Chord, ...]) -> tuple[Chord, ...]:
    """A command's chords without characters alone: those that need none, else each letter with Alt or Ctrl.

    ``g i`` becomes ``Ctrl+G Ctrl+I``, to be typed in one go; ``e`` becomes ``Alt+E``.
    """
    if command in _WITHOUT_BARE_KEYS:
        return tuple(parse_chord(text) for text in _WITHOUT_BARE_KEYS[command])
    kept = tuple(chord for chord in usual if not any(map(types_a_character, chord)))
    changed = (_with_modifier(chord) for chord in usual)
    return kept or tuple(chord for chord in changed if chord is not None)


def types_a_character(key: Key) -> bool:
    """Whether a key without Ctrl, Alt or Meta writes something; Space, which scrolls, does not count."""
    return key.is_bare and len(key.name) == 1


def _with_modifier(chord: Chord) -> Chord | None:
    """A chord of letters and digits with Alt (one key) or Ctrl (several); None for other characters."""
    if not all(key.name.isalnum() and len(key.name) == 1 for key in chord):
        return None
    modifier = Modifier.ALT if len(chord) == 1 else Modifier.CTRL
    return tuple(Key(key.name, key.modifiers | modifier) for key in chord)


def _checked(command: str, texts: tuple[str, ...]) -> tuple[Chord, ...]:
    """A user's chords for a command; raises :class:`KeyFormatError` for what is no command, no key or out of reach."""
    if command not in COMMANDS_BY_ID:
        raise KeyFormatError(f"There is no command “{command[:60]}”; its keys are ignored.")
    title = _named(command)
    try:
        chords = tuple(dict.fromkeys(parse_chord(text) for text in texts))
    except KeyFormatError as error:
        raise KeyFormatError(f"{title} keeps its usual keys: {error}") from error
    if command == _BACK_OUT and (_ESCAPE,) not in chords:
        raise KeyFormatError(f"{title} keeps its usual keys: one of them has to be Esc.")
    for chord in chords:
        if _ESCAPE in chord[1:]:
            raise KeyFormatError(f"{title} keeps its usual keys: Esc would cancel “{shown_chord(chord)}” halfway.")
        if any(key.modifiers == Modifier.ALT and key.name in _MENU_LETTERS for key in chord):
            raise KeyFormatError(f"{title} keeps its usual keys: “{shown_chord(chord)}” opens a menu.")
    return chords


def _conflict(chords: Chords) -> tuple[str, str, Chord] | None:
    """Two commands of which only one could be typed, and the chord that decides it; None if all can."""
    trie = KeyTrie()
    bound: dict[Chord, str] = {}
    for command, of_command in chords.items():
        for chord in of_command:
            try:
                trie.add(chord, command)
            except KeyConflictError:
                other = next(known for known in bound if known[: len(chord)] == chord or chord[: len(known)] == known)
                return command, bound[other], min(chord, other, key=len)
            bound[chord] = command
    return None


def _to_refuse(own: Chords, one: str, two: str, chord: Chord) -> tuple[str, str, Chord]:
    """Of two commands at odds the one that goes back to its usual keys, which the user bound (last), and the other."""
    order = list(own)
    refused = max((command for command in (one, two) if command in own), key=order.index)
    return refused, two if refused == one else one, chord


def _conflict_text(refused: str, other: str, chord: Chord) -> str:
    keys = shown_chord(chord)
    if refused == other:
        return f"{_named(refused)} keeps its usual keys: “{keys}” makes a longer one of its own unreachable."
    return f"“{keys}” already belongs to {_named(other)}; {_named(refused)} keeps its usual keys."


def _titled(command: str) -> str:
    return f"“{COMMANDS_BY_ID[command].title.rstrip('…')}”"


def _named(command: str) -> str:
    return f"{_titled(command)} ({command})"


def with_chords(keys: Keys, changes: Mapping[str, Iterable[Chord]]) -> Keys:
    """The settings of the keys with other chords for some commands."""
    texts = {command: tuple(" ".join(map(str, chord)) for chord in chords) for command, chords in changes.items()}
    return replace(keys, bindings={**keys.bindings, **texts})


def taken_from(keymap: Keymap, command: str, chord: Chord) -> str:
    """The one other command that has a chord, its beginning or its continuation; empty if none or several have."""
    found = {
        other
        for other in COMMANDS_BY_ID
        for bound in keymap.chords(other)
        if other != command and (bound[: len(chord)] == chord or chord[: len(bound)] == bound)
    }
    return found.pop() if len(found) == 1 else ""
