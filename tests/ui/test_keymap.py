"""The keys in force: presets, the user's own, and what of them is not obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.settings import KeyPreset, Keys
from reader.services.settings.file import settings_of
from reader.ui.commands.key_chords import ChordMatcher, Key, Matched, Modifier, parse_chord, shown_chord
from reader.ui.commands.keys_in_force import Keymap, make_keymap, preset_chords, types_a_character
from reader.ui.commands.table import COMMANDS, COMMANDS_BY_ID, Menu

NO_BARE_KEYS = KeyPreset.NO_BARE_KEYS


def keymap(**bindings: object) -> Keymap:
    return make_keymap(Keys(bindings={name.replace("__", "."): tuple(keys) for name, keys in bindings.items()}))


def run_by(keys: Keymap, chord: str) -> str | None:
    """The command that a chord runs."""
    matcher = ChordMatcher(keys.trie)
    outcome = [matcher.press(key) for key in parse_chord(chord)][-1]
    return outcome.command if isinstance(outcome, Matched) else None


def test_letters_are_the_keys_of_the_table() -> None:
    bound = {(command, chord) for command, chords in preset_chords(KeyPreset.LETTERS).items() for chord in chords}
    assert bound == {(command.id, chord) for command in COMMANDS for chord in command.chords}
    assert make_keymap(Keys()).problems == ()


@pytest.mark.parametrize("preset", list(KeyPreset))
def test_every_chord_of_a_preset_can_be_typed(preset: KeyPreset) -> None:
    keys = make_keymap(Keys(preset))
    for command, chords in preset_chords(preset).items():
        for chord in chords:
            assert run_by(keys, " ".join(map(str, chord))) == command


def test_without_bare_keys_nothing_that_types_runs_anything() -> None:
    keys = [key for chords in preset_chords(NO_BARE_KEYS).values() for chord in chords for key in chord]
    assert [key for key in keys if types_a_character(key)] == []


def test_without_bare_keys_everything_with_keys_keeps_some() -> None:
    chords = preset_chords(NO_BARE_KEYS)
    assert [command.id for command in COMMANDS if command.keys and not chords[command.id]] == []


def test_no_preset_hides_the_letters_of_the_menus() -> None:
    letters = {menu.value[menu.value.index("&") + 1].lower() for menu in Menu}
    for preset in KeyPreset:
        used = {key for chords in preset_chords(preset).values() for chord in chords for key in chord}
        assert not {Key(letter, Modifier.ALT) for letter in letters} & used


def test_own_keys_take_the_place_of_the_usual_ones() -> None:
    keys = keymap(paper__star=["Ctrl+Alt+S", "F3"])
    assert keys.problems == ()
    assert run_by(keys, "F3") == run_by(keys, "Ctrl+Alt+S") == "paper.star"
    assert run_by(keys, "s") is None
    assert [shown_chord(chord) for chord in keys.chords("paper.star")] == ["Ctrl+Alt+S", "F3"]


def test_no_keys_at_all_are_possible() -> None:
    keys = keymap(paper__star=[])
    assert keys.chords("paper.star") == ()
    assert run_by(keys, "s") is None


def test_two_commands_may_exchange_their_keys() -> None:
    keys = keymap(paper__star=["e"], paper__done=["s"])
    assert keys.problems == ()
    assert (run_by(keys, "e"), run_by(keys, "s")) == ("paper.star", "paper.done")


@pytest.mark.parametrize(
    ("bindings", "command", "other", "words"),
    [
        ({"paper__star": ["d"]}, "paper.star", "paper.dismiss", ["“d”", "“Star” (paper.star)", "(paper.dismiss)"]),
        ({"paper__star": ["g"]}, "paper.star", "go.first", ["“g”", "(paper.star)", "(go.first)"]),
        ({"paper__star": ["j j"]}, "paper.star", "go.next", ["“j”", "(paper.star)", "(go.next)"]),
        ({"paper__star": ["q"], "paper__done": ["q"]}, "paper.done", "paper.star", ["“q”", "(paper.star)", "done)"]),
        ({"paper__star": ["q", "q w"]}, "paper.star", "paper.star", ["“q”", "unreachable"]),
        ({"paper__star": ["FF"]}, "paper.star", "", ["“FF” is not a key", "(paper.star)"]),
        ({"paper__star": [""]}, "paper.star", "", ["at least one key"]),
        ({"paper__star": ["S"]}, "paper.star", "", ["Shift+S"]),
        ({"paper__star": ["Hyper+s"]}, "paper.star", "", ["“Hyper” is not a modifier"]),
        ({"paper__stars": ["q"]}, "paper.stars", "", ["There is no command “paper.stars”"]),
        ({"paper__star": ["q Esc"]}, "paper.star", "", ["Esc would cancel"]),
        ({"paper__star": ["Alt+g"]}, "paper.star", "", ["opens a menu"]),
        ({"go__escape": ["q"]}, "go.escape", "", ["has to be Esc"]),
    ],
)  # fmt: skip
def test_what_cannot_be_obeyed_is_told_and_the_usual_keys_stay(
    bindings: dict[str, list[str]], command: str, other: str, words: list[str]
) -> None:
    keys = keymap(**bindings)
    (problem,) = keys.problems
    assert (problem.command, problem.other) == (command, other)
    assert [word for word in words if word not in problem.text] == []
    if command in COMMANDS_BY_ID:
        assert keys.chords(command) == COMMANDS_BY_ID[command].chords


def test_a_refused_command_that_wants_its_usual_keys_back_gets_them() -> None:
    """“Done” takes s from “Star”, whose own new keys are refused: so s is Star's again, and Done keeps e."""
    keys = keymap(paper__done=["s"], paper__star=["d"])
    assert {problem.command for problem in keys.problems} == {"paper.star", "paper.done"}
    assert (run_by(keys, "s"), run_by(keys, "e"), run_by(keys, "d")) == ("paper.star", "paper.done", "paper.dismiss")


def test_the_example_of_the_page_of_keys_is_obeyed() -> None:
    page = (Path(__file__).parents[2] / "docs" / "keys.md").read_text(encoding="utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    keys = make_keymap(settings_of(example).settings.keys)
    assert keys.problems == ()
    assert (run_by(keys, "Ctrl+Alt+S"), run_by(keys, "Delete"), run_by(keys, "b")) == (
        "paper.star",
        "paper.dismiss",
        None,
    )


_CHORDS = st.lists(
    st.sampled_from(["j", "d", "g", "g g", "g i", "Ctrl+K", "x x", "Esc", "F5", "Alt+l", "??", ""]), max_size=3
)


@given(
    st.sampled_from(KeyPreset),
    st.dictionaries(st.sampled_from([*COMMANDS_BY_ID, "no.such"]), _CHORDS.map(tuple), max_size=8),
)
def test_whatever_is_bound_every_chord_shown_can_be_typed(
    preset: KeyPreset, bindings: dict[str, tuple[str, ...]]
) -> None:
    keys = make_keymap(Keys(preset, bindings))
    refused = {problem.command for problem in keys.problems}
    for command_id in COMMANDS_BY_ID:
        for chord in keys.chords(command_id):
            assert run_by(keys, " ".join(map(str, chord))) == command_id
        if command_id in bindings and command_id not in refused:
            assert keys.chords(command_id) == tuple(dict.fromkeys(map(parse_chord, bindings[command_id])))
        else:
            assert keys.chords(command_id) == preset_chords(preset)[command_id]
