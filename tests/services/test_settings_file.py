"""The settings file: read with suspicion, changed to the letter."""

from __future__ import annotations

import errno
import os
import stat
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.settings import (
    SETTINGS,
    Density,
    KeyPreset,
    Scheme,
    SettingError,
    Settings,
    value_of,
    with_value,
)
from reader.services.settings.file import (
    SETTINGS_FILE,
    SettingsFileError,
    changed_text,
    read_settings,
    settings_of,
    starting_text,
    write_setting,
    write_settings,
)

EDITED = """\
# My own words, with “quotes” and = signs [not a table]
[appearance]
theme = "dark"   # at night
sparkle = true
text_size = "huge"

[keys]
preset = "no-bare-keys"
[keys.bindings]
paper.star = "F3"
"go.next" = [
  "j",  # down
  7,
]

[somebody.else]
a = '''
[keys]
theme = 1
'''
[export]
vault = 3
"""


def test_no_file_means_what_is_usual(tmp_path: Path) -> None:
    reading = read_settings(tmp_path)
    assert (reading.settings, reading.problems, reading.is_usable) == (Settings(), (), True)


def test_a_new_file_shows_every_setting_and_changes_none() -> None:
    text = starting_text()
    assert settings_of(text).settings == Settings()
    assert not settings_of(text).problems
    for facts in SETTINGS.values():
        if facts.name != "keys.bindings":
            assert f"# {facts.name.split('.')[1]} = " in text
            assert facts.help in text
    uncommented = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines())
    assert not settings_of(uncommented).problems
    assert len(settings_of(uncommented).given) == len(SETTINGS)


def test_what_is_wrong_is_told_with_its_line_and_not_obeyed(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text(EDITED)
    reading = read_settings(tmp_path)
    assert [(problem.line, problem.text) for problem in reading.problems] == [
        (4, "There is no setting “appearance.sparkle”; it is ignored."),
        (5, "“appearance.text_size” must be a whole number from -4 to 5; it is ignored."),
        (11, 'The keys of “go.next” must be a list of keys such as ["s", "Ctrl+Shift+S"]; they are ignored.'),
        (16, "There is no setting “somebody”; it is ignored."),
        (22, "“export.vault” must be a folder's path, or empty, in quotes, on one line; it is ignored."),
    ]
    assert reading.settings.appearance.theme is Scheme.DARK
    assert reading.settings.appearance.text_size == 0
    assert reading.settings.keys.preset is KeyPreset.NO_BARE_KEYS
    assert reading.settings.keys.bindings == {"paper.star": ("F3",)}
    assert reading.line_of_binding("paper.star") == 10


def test_changing_keeps_everything_else_to_the_letter(tmp_path: Path) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_text(EDITED)
    write_setting(tmp_path, "appearance.theme", Scheme.LIGHT)
    assert path.read_text() == EDITED.replace('theme = "dark"', 'theme = "light"')
    write_setting(tmp_path, "keys.bindings.paper.star", ("s", "F4"))
    assert path.read_text() == EDITED.replace('theme = "dark"', 'theme = "light"').replace('"F3"', '["s", "F4"]')
    write_setting(tmp_path, "keys.bindings.paper.star", None)
    write_setting(tmp_path, "appearance.text_size", 2)
    assert "paper.star" not in path.read_text()
    assert "text_size = 2\n" in path.read_text()
    assert "sparkle = true" in path.read_text()
    assert read_settings(tmp_path).settings.appearance.text_size == 2


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    write_settings(tmp_path, {"export.vault": "/home/ada/Notes", "appearance.density": Density.COMPACT})
    assert stat.S_IMODE((tmp_path / SETTINGS_FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [SETTINGS_FILE]
    settings = read_settings(tmp_path).settings
    assert (settings.export.vault, settings.appearance.density) == ("/home/ada/Notes", Density.COMPACT)


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    home = tmp_path / "dotfiles"
    home.mkdir()
    (home / "lectern.toml").write_text("# mine\n")
    library = tmp_path / "library"
    library.mkdir()
    (library / SETTINGS_FILE).symlink_to(home / "lectern.toml")
    write_setting(library, "backups.megabytes", 500)
    assert (library / SETTINGS_FILE).is_symlink()
    assert (home / "lectern.toml").read_text().startswith("# mine\n")
    assert read_settings(library).settings.backups.megabytes == 500


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"[appearance]\ntheme = = 1\n", 2),
        (b"a = 1\na = 2\n", 2),
        (b"theme = \"da\x00rk\"\n", 1),
        (b"a = \"open\n", 1),
        (b"a = " + b"[" * 100_000, 0),
        (b"a = " + b"{b = " * 20_000, 0),
        (b"\xff\xfe[\x00a\x00", 0),
        (b"a = '\xed\xa0\x80'\n", 0),
        (b"#" * (1 << 20) + b"\n", 0),
        (b"[" * 50, 1),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_left_alone(tmp_path: Path, content: bytes, line: int) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_bytes(content)
    reading = read_settings(tmp_path)
    assert reading.settings == Settings()
    assert not reading.is_usable
    (problem,) = reading.problems
    assert problem.line == line
    with pytest.raises(SettingsFileError):
        write_setting(tmp_path, "appearance.theme", "dark")
    assert path.read_bytes() == content


def test_very_many_problems_are_told_in_few_words() -> None:
    reading = settings_of("".join(f"k{number} = 1\n" for number in range(5_000)))
    assert len(reading.problems) == 201
    assert reading.problems[-1].text == "And 4,800 more like these."


@pytest.mark.skipif(os.name != "posix", reason="links and pipes are made otherwise there")
@pytest.mark.parametrize(
    "make", [lambda path: path.symlink_to(path), lambda path: os.mkfifo(path)], ids=["circle", "pipe"]
)
def test_what_is_no_file_is_told_and_never_waited_for(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / SETTINGS_FILE)
    assert read_settings(tmp_path).settings == Settings()
    with pytest.raises(SettingsFileError):
        write_setting(tmp_path, "appearance.theme", "dark")


def test_a_link_to_nowhere_is_told_on_writing(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).symlink_to(tmp_path / "gone" / "settings.toml")
    assert read_settings(tmp_path).problems == ()
    with pytest.raises(SettingsFileError, match="cannot be written"):
        write_setting(tmp_path, "appearance.theme", "dark")


def test_a_full_or_closed_folder_leaves_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_setting(tmp_path, "appearance.theme", "light")
    before = (tmp_path / SETTINGS_FILE).read_text()

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("reader.files.os.open", full)
    with pytest.raises(SettingsFileError, match="No space left"):
        write_setting(tmp_path, "appearance.theme", "dark")
    monkeypatch.undo()
    assert (tmp_path / SETTINGS_FILE).read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == [SETTINGS_FILE]


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).mkdir()
    assert "is not a file" in read_settings(tmp_path).problems[0].text
    with pytest.raises(SettingsFileError):
        write_setting(tmp_path, "appearance.theme", "dark")


@pytest.mark.parametrize(
    "text",
    [
        "appearance = 3\n",
        "keys = [1, 2]\n",
        "keys = { bindings = 3 }\n",
        "[[export]]\nvault = 'x'\n",
        "[keys.bindings]\npaper = [{a = 1}]\n[keys.bindings.go]\nnext = true\n",
        "appearance.theme.deeper = 1\n",
        "[appearance]\ntheme = 2020-01-01\ntext_size = 99999999999999999999999\n",
        "[reading]\nseen_after_seconds = nan\nseen_on_moving_on = 1\n",
        "[reading]\nseen_after_seconds = inf\n",
        '"appearance.theme" = "dark"\n',
        '"keys.bindings" = {"paper.star" = "x"}\n',
        '"" = 1\n["a.b"]\n',
        "[keys.bindings]\n" + "".join(f"a{number} = 's'\n" for number in range(2_000)),
        "[keys.bindings]\n'paper.star' = ['" + "x" * 5_000 + "']\n",
        '[export]\nvault = "a\\nb"\n',
        '[imports]\nwatched_folder = "\\u0000"\n',
    ],
)
def test_hostile_values_change_nothing(text: str) -> None:
    reading = settings_of(text)
    assert reading.settings == Settings()
    assert reading.problems
    assert all(problem.line > 0 and len(problem.text) < 300 for problem in reading.problems)


def test_a_group_that_is_no_table_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / SETTINGS_FILE).write_text("appearance = 3\n")
    with pytest.raises(SettingsFileError, match="is not a table"):
        write_setting(tmp_path, "appearance.theme", "dark")
    assert (tmp_path / SETTINGS_FILE).read_text() == "appearance = 3\n"


@pytest.mark.parametrize("line", ["a.k{} = 1\n", "k{} = [1, '''x\ny'''] # {{\n", "[a.k{}]\n"])
def test_a_file_of_very_many_keys_is_changed_in_no_time(line: str) -> None:
    """The library for TOML took 165 seconds for 5,000 dotted keys, on the thread that writes everything else."""
    text = "".join(map(line.format, range(8_000)))
    begin = time.process_time()
    changed = changed_text(changed_text(text, "appearance.theme", "dark"), "keys.bindings.paper.star", ["z"])
    assert time.process_time() - begin < 10
    assert settings_of(changed).settings.appearance.theme is Scheme.DARK
    assert changed_text(changed_text(changed, "appearance.theme", None), "keys.bindings.paper.star", None) == (
        f"{text}\n[appearance]\n\n[keys.bindings]\n"
    )


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("# mine\n[appearance] # how\n# theme = 'light'\n", "# mine\n[appearance] # how\n{}# theme = 'light'\n"),
        ("[appearance]\nmine = [\n 1, # one\n]\n\n[export]\n", "[appearance]\nmine = [\n 1, # one\n]\n{}\n[export]\n"),
        ("x = 1\n[export]", "x = 1\n[export]\n\n[appearance]\n{}"),
        ("", "\n[appearance]\n{}"),
        ("appearance.text_size = 1 # dotted\n[export]\n", "appearance.text_size = 1 # dotted\nappearance.{}[export]\n"),
        ("x = nan\n[appearance]\n", "x = nan\n[appearance]\n{}"),
    ],
    ids=["comments", "end", "new", "empty", "dotted", "nan"],
)  # fmt: skip
def test_a_new_setting_stands_where_its_table_ends(text: str, changed: str) -> None:
    assert changed_text(text, "appearance.theme", "dark") == changed.format('theme = "dark"\n')


@pytest.mark.parametrize(
    ("name", "value"),
    [("appearance.theme", "pink"), ("no.such", 1), ("keys.bindings", {}), ("keys.bindings.go.next", 3),
     ("reading.seen_after_seconds", float("nan")), ("backups.megabytes", True), ("export.vault", "a\nb")],
)  # fmt: skip
def test_only_values_that_fit_are_written(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(SettingError):
        write_setting(tmp_path, name, value)
    assert not (tmp_path / SETTINGS_FILE).exists()


@pytest.mark.parametrize(
    "text",
    [
        "appearance.theme = 'dark' # dotted\n",
        "appearance = { theme = 'dark', sparkle = 1 } # inline\n",
        "[appearance]\n[export]\n[keys]\n[keys.bindings]\n",
        "[keys.bindings]\na = 'x'\n[appearance]\ntheme = 'dark'\n[keys]\npreset = 'letters'\n",
        "\ufeff# with a byte order mark\n",
        "",
        "# no end of line",
        "[appearance]\r\ntheme = 'dark'\r\n",
    ],
)
def test_every_way_to_write_a_table_can_be_changed(tmp_path: Path, text: str) -> None:
    path = tmp_path / SETTINGS_FILE
    path.write_bytes(text.encode())
    wanted = {
        "appearance.theme": "light",
        "keys.bindings.paper.star": ("F3",),
        "export.vault": "/v",
        "keys.preset": "letters",
    }
    write_settings(tmp_path, wanted)
    settings = read_settings(tmp_path).settings
    assert settings.appearance.theme is Scheme.LIGHT
    assert settings.keys.bindings["paper.star"] == ("F3",)
    assert settings.export.vault == "/v"
    for name in wanted:
        write_setting(tmp_path, name, None)
    assert read_settings(tmp_path).settings.appearance.theme is Scheme.SYSTEM


_NAMES = [name for name in SETTINGS if name != "keys.bindings"]
_VALUES = {
    "appearance.theme": st.sampled_from(list(Scheme)),
    "appearance.text_size": st.integers(-4, 5),
    "appearance.density": st.sampled_from(list(Density)),
    "reading.seen_after_seconds": st.floats(0, 600),
    "reading.seen_on_moving_on": st.booleans(),
    "export.vault": st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=40),
    "backups.megabytes": st.integers(20, 1_000_000),
    "keys.preset": st.sampled_from(list(KeyPreset)),
    "keys.bindings.paper.star": st.lists(st.text("aFjk3+ \"'\\", max_size=8), max_size=3),
    "keys.bindings.go.next": st.lists(st.text("aFjk3+ ", max_size=8), max_size=3),
}
_CHANGES = st.sampled_from(sorted(_VALUES)).flatmap(
    lambda name: st.tuples(st.just(name), st.none() | _VALUES[name])
)  # fmt: skip
_COMMENTS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30).map("# {}".format)
_FOREIGN = st.sampled_from(
    [
        "mine = 1",
        "a.b.c = [1, 2, {x = 'y'}]",
        "when = 2020-01-01T10:00:00Z",
        "text = '''\nlong # no comment\n'''",
        "x = 0x1F",
    ]
)


@st.composite
def _texts(draw: st.DrawFn) -> str:
    """Files with tables of ours and of others in any order, with comments everywhere."""
    lines = draw(st.lists(_COMMENTS, max_size=3))
    groups = draw(st.permutations(["appearance", "reading", "export", "keys", "keys.bindings", "others", "backups"]))
    for group in groups[: draw(st.integers(0, 7))]:
        lines += [draw(_COMMENTS), "", f"[{group}]  {draw(_COMMENTS)}"]
        if draw(st.booleans()) and not group.startswith("keys"):
            lines += [f"{draw(_FOREIGN)}  {draw(_COMMENTS)}"]
    return "\n".join([*lines, ""])


@given(_texts(), st.lists(_CHANGES, max_size=8))
def test_changes_are_read_back_and_unknown_text_stays(text: str, changes: list[tuple[str, object]]) -> None:
    settings, now = settings_of(text).settings, text
    foreign = _without_ours(tomllib.loads(text))
    for name, value in changes:
        now = changed_text(now, name, value)
        settings = with_value(settings, name, value)
        assert settings_of(now).settings == settings
    assert _without_ours(tomllib.loads(now)) == foreign
    comments = [line for line in text.split("\n") if line.startswith("#")]
    assert [line for line in now.split("\n") if line.startswith("#")] == comments
    for name in _NAMES:
        assert value_of(settings_of(now).settings, name) == value_of(settings, name)


def _without_ours(content: dict[str, object]) -> dict[str, object]:
    """What of a file is none of our settings."""
    tables = {group: items for group, items in content.items() if isinstance(items, dict) and group != "keys"}
    others = {
        group: {name: value for name, value in items.items() if f"{group}.{name}" not in SETTINGS}
        for group, items in tables.items()
    }
    return {group: items for group, items in others.items() if items}


@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_no_text_at_all_makes_reading_fail(text: str) -> None:
    settings_of(text)


@given(
    st.lists(
        st.sampled_from(["[keys", "[", "]", "=", '"', "'''", '"""', "\n", "#", "a", ".", "{", "}", "1", ",", " "]),
        max_size=30,
    )
)
def test_no_pieces_of_toml_make_reading_fail(pieces: list[str]) -> None:
    settings_of("".join(pieces))
