"""Keys are parsed and validated once; chords are matched by a trie in which none hides another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.ui.commands.key_chords import (
    NAMED_KEYS,
    ChordMatcher,
    Key,
    KeyConflictError,
    KeyFormatError,
    KeyTrie,
    Matched,
    Modifier,
    Pending,
    Unmatched,
    parse_chord,
    shown_chord,
)

_PLAIN = st.sampled_from([*"abcdefghijklmnopqrstuvwxyz0123456789?:/[]{}<>#*.,+-=", *sorted(NAMED_KEYS)])


@st.composite
def keys(draw: st.DrawFn) -> Key:
    name = draw(_PLAIN)
    modifiers = Modifier(draw(st.integers(0, 15)))
    if len(name) == 1 and not name.isalpha():
        modifiers &= ~Modifier.SHIFT
    return Key(name, modifiers)


@given(keys())
def test_a_key_is_written_as_it_is_read(key: Key) -> None:
    assert Key.parse(str(key)) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("j", Key("j")),
        ("Shift+M", Key("m", Modifier.SHIFT)),
        ("Ctrl++", Key("+", Modifier.CTRL)),
        ("+", Key("+")),
        ("Ctrl+Shift+Z", Key("z", Modifier.CTRL | Modifier.SHIFT)),
        ("Shift+Space", Key("Space", Modifier.SHIFT)),
        ("F11", Key("F11")),
    ],
)
def test_reads_keys(text: str, key: Key) -> None:
    assert Key.parse(text) == key


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("M", "write Shift+M"),
        ("Shift+?", "the character that Shift makes"),
        ("Hyper+x", "“Hyper” is not a modifier"),
        ("Ctrl+Ctrl+x", "is repeated"),
        ("PageDown", "is not a key"),
        ("", "is not a key"),
        (" ", "is not a key"),
        ("\x07", "is not a key"),
    ],
)
def test_refuses_what_is_no_key(text: str, says: str) -> None:
    with pytest.raises(KeyFormatError, match=says.replace("+", r"\+")):
        Key.parse(text)


def test_a_chord_needs_a_key() -> None:
    with pytest.raises(KeyFormatError):
        parse_chord("  ")


def test_keys_are_shown_as_people_write_them() -> None:
    assert shown_chord(parse_chord("g g")) == "g g"
    assert shown_chord(parse_chord("Ctrl+k")) == "Ctrl+K"
    assert shown_chord(parse_chord("Down")) == "↓"


@pytest.mark.parametrize("second", ["g g", "g", "g g x"])
def test_no_chord_may_hide_another(second: str) -> None:
    trie = KeyTrie([(parse_chord("g g"), "go.first")])
    with pytest.raises(KeyConflictError, match=r"go\.first") as caught:
        trie.add(parse_chord(second), "other")
    assert "other" in str(caught.value)


def test_a_beginning_shows_how_it_goes_on() -> None:
    matcher = ChordMatcher(KeyTrie([(parse_chord("g g"), "first"), (parse_chord("g i"), "inbox")]))
    outcome = matcher.press(Key("g"))
    assert isinstance(outcome, Pending)
    assert {(shown_chord(way.keys), way.command) for way in outcome.continuations} == {("g", "first"), ("i", "inbox")}
    assert matcher.press(Key("i")) == Matched("inbox")
    assert matcher.pending == ()


def test_a_broken_chord_is_swallowed_whole() -> None:
    matcher = ChordMatcher(KeyTrie([(parse_chord("g g"), "first"), (parse_chord("j"), "next")]))
    matcher.press(Key("g"))
    assert matcher.press(Key("j")) == Unmatched((Key("g"), Key("j")))
    assert matcher.press(Key("j")) == Matched("next")


@given(st.lists(st.lists(keys(), min_size=1, max_size=3).map(tuple), max_size=12))
def test_every_chord_that_is_accepted_can_be_typed(chords: list[tuple[Key, ...]]) -> None:
    trie = KeyTrie()
    accepted = {}
    for number, chord in enumerate(chords):
        try:
            trie.add(chord, str(number))
        except KeyConflictError:
            continue
        accepted[chord] = str(number)
    for chord, command in accepted.items():
        matcher = ChordMatcher(trie)
        outcomes = [matcher.press(key) for key in chord]
        assert outcomes[-1] == Matched(command)
        assert all(isinstance(outcome, Pending) for outcome in outcomes[:-1])
