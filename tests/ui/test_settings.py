"""Settings in the window: read at the start, changed in it, followed when edited outside; keys above all."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from reader.domain.papers import PaperState
from reader.domain.settings import Density, ReadingFont, Scheme, SettingError, Settings
from reader.services.settings.file import read_settings
from reader.ui.app.application import Application
from reader.ui.app.window import MainWindow
from reader.ui.commands.key_mentions import spelled, usual_keymap
from reader.ui.commands.key_sheet import KeySheet
from reader.ui.commands.table import COMMANDS, COMMANDS_BY_ID
from tests.ui.conftest import WindowMaker, World, settle
from tests.ui.pressing import Hands
from tests.ui.test_commands import entries

REMAPPED = """\
[keys.bindings]
paper.star = ["z"]      # instead of s
paper.done = ["g"]      # hides g g
paper.fly = ["q"]
paper.queue = ["Hyper+q"]
paper.dismiss = ["z"]
"""


def menu_keys(window: MainWindow) -> dict[str, str]:
    """The keys that the menus show, by command."""
    menus = [action.menu() for action in window.menuBar().actions()]
    for menu in menus:
        assert isinstance(menu, QMenu)
        menu.aboutToShow.emit()
    return {action.data(): action.text().partition("\t")[2] for menu in menus for action in entries(menu)}


def state_of(window: MainWindow) -> PaperState:
    assert window.reader.paper is not None
    return window.reader.paper.state


@pytest.fixture
def remapped(folder: Path, open_window: WindowMaker) -> MainWindow:
    (folder / "settings.toml").write_text(REMAPPED)
    return open_window(folder)


def hands_on(qtbot: QtBot, window: MainWindow) -> Hands:
    return Hands(qtbot, window, lambda: settle(window))


def test_a_remapped_key_runs_its_command_and_the_usual_one_does_not(qtbot: QtBot, remapped: MainWindow) -> None:
    hands = hands_on(qtbot, remapped)
    hands.press("s")
    assert remapped.reader.paper is not None
    assert not remapped.reader.paper.starred
    hands.press("z")
    assert remapped.reader.paper.starred


def test_what_is_not_obeyed_keeps_its_usual_keys_and_is_told_with_its_line(qtbot: QtBot, remapped: MainWindow) -> None:
    found = [(problem.line, problem.text) for problem in remapped.preferences.problems]
    assert [line for line, _ in found] == [3, 4, 5, 6]
    for (_, text), words in zip(
        found,
        (
            ["(paper.done)", "(go.first)", "“g”"],
            ["paper.fly"],
            ["Hyper", "(paper.queue)"],
            ["(paper.dismiss)", "(paper.star)"],
        ),
        strict=True,
    ):
        assert all(word in text for word in words), text
    assert "settings.toml: Line 3" in remapped.panes.notice.text.text()
    assert "3 more problems" in remapped.panes.notice.text.text()
    hands = hands_on(qtbot, remapped)
    title = hands.title
    hands.press("j", "g g")
    assert hands.title == title
    hands.press("a")
    assert state_of(remapped) is PaperState.QUEUED


def test_menus_palette_sheet_and_tool_tips_show_the_keys_in_force(qtbot: QtBot, remapped: MainWindow) -> None:
    assert menu_keys(remapped)["paper.star"] == "z"
    assert {item.title: item.keys for item in remapped.help.palette_items()}["Star"] == "z"
    hands_on(qtbot, remapped).press("?")
    (sheet,) = remapped.findChildren(KeySheet)
    assert {row.title: row.keys for column in sheet.table.rows.columns for row in column}["Star"] == ("z",)
    remapped.settings.set("keys.bindings.import.files", ["Ctrl+Shift+I"])
    assert any("(Ctrl+Shift+I)" in made.toolTip() for made in remapped.panes.welcome._buttons)


def test_the_hint_after_a_prefix_shows_the_keys_in_force(window: MainWindow, hands: Hands, qtbot: QtBot) -> None:
    window.settings.set("keys.bindings.go.inbox", ["Ctrl+J i"])
    window.settings.set("keys.bindings.go.queue", ["Ctrl+J q"])
    hands.press("Ctrl+J")
    qtbot.waitUntil(window.hint.isVisible)
    assert {label.text() for label in window.hint.findChildren(QLabel)} == {"i", "Inbox", "q", "Queue"}
    hands.press("q")
    assert window.navigator.view is not None
    assert window.navigator.view.kind.value == "queue"


def test_without_bare_keys_letters_do_nothing(window: MainWindow, hands: Hands) -> None:
    window.settings.set("keys.preset", "no-bare-keys")
    before = (hands.title, window.navigator.view, window.panes.papers.selected_count)
    for command in COMMANDS:
        for chord in command.chords:
            if all(key.is_bare and len(key.name) == 1 for key in chord):
                hands.press(" ".join(map(str, chord)))
                assert QApplication.focusWidget() is window.panes.papers, chord
                assert (hands.title, window.navigator.view, window.panes.papers.selected_count) == before, chord
    assert state_of(window) is PaperState.INBOX


def test_without_bare_keys_all_goes_by_chords(window: MainWindow, hands: Hands) -> None:
    window.settings.set("keys.preset", "no-bare-keys")
    hands.press("Alt+S", "Alt+A")
    assert window.reader.paper is not None
    assert window.reader.paper.starred
    hands.press("Ctrl+G Ctrl+Q")
    assert window.navigator.view is not None
    assert window.navigator.view.kind.value == "queue"
    hands.press("Ctrl+F")
    assert window.panes.pane.search.edit.hasFocus()
    hands.type("sja")
    assert window.panes.pane.search.edit.text() == "sja"
    assert menu_keys(window)["paper.star"] == "Alt+S"


def test_what_has_no_keys_is_in_the_palette_or_on_a_menu(window: MainWindow) -> None:
    window.settings.set("keys.preset", "no-bare-keys")
    offered = {item.title for item in window.help.palette_items()}
    keys = window.runner.keymap
    unreachable = [
        command.id
        for command in COMMANDS
        if not keys.chords(command.id) and command.menu is None and window.runner.title(command.id) not in offered
    ]
    assert unreachable == []


def test_a_change_holds_at_once_and_is_kept(window: MainWindow, folder: Path) -> None:
    seen: list[Settings] = []
    window.settings.changed.connect(seen.append)
    window.settings.set("export.vault", "/home/ada/Notes")
    window.settings.set("backups.megabytes", 300)
    assert [settings.export.vault for settings in seen] == ["/home/ada/Notes", "/home/ada/Notes"]
    assert window.workspace.library.backups.limits.total == 300 << 20
    window.close()
    assert read_settings(folder).settings == seen[-1]


def test_what_does_not_fit_is_refused(window: MainWindow, folder: Path) -> None:
    with pytest.raises(SettingError):
        window.settings.set("appearance.theme", "pink")
    assert window.settings.settings == Settings()
    settle(window)
    assert not (folder / "settings.toml").exists()


def test_a_file_edited_outside_is_taken_in(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    (folder / "settings.toml").write_text('appearance.theme = "dark"\n[keys.bindings]\n"paper.star" = "z"\n')
    qtbot.waitUntil(lambda: window.appearance.look.theme.dark)
    assert window.runner.keys("paper.star") == "z"
    new = folder / "settings.new"
    new.write_text('appearance.theme = "light"\nsparkle = 1\n')
    new.replace(folder / "settings.toml")
    qtbot.waitUntil(lambda: not window.appearance.look.theme.dark)
    assert window.runner.keys("paper.star") == "s"
    assert [problem.line for problem in window.preferences.problems] == [2]


def test_a_file_broken_outside_changes_nothing_but_what_is_told(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    window.settings.set("appearance.theme", "dark")
    settle(window)
    qtbot.wait(200)
    broken = 'appearance.theme = "light\n'
    (folder / "settings.toml").write_text(broken)
    qtbot.waitUntil(lambda: bool(window.preferences.problems))
    assert window.settings.settings.appearance.theme is Scheme.DARK
    window.settings.set("appearance.density", "compact")
    settle(window)
    assert (folder / "settings.toml").read_text() == broken
    assert "mend it first" in window.panes.status.message.text() + window.panes.notice.text.text()


def test_what_is_told_of_the_file_goes_once_it_is_mended(folder: Path, remapped: MainWindow, qtbot: QtBot) -> None:
    """The bar stayed until somebody closed it."""
    notice, path = remapped.panes.notice, folder / "settings.toml"
    assert not notice.isHidden()
    qtbot.wait(200)
    path.write_text(REMAPPED.replace('["g"]', '["F7"]'))
    qtbot.waitUntil(lambda: "2 more problems" in notice.text.text())
    remapped.preferences.open()
    path.write_text("")
    qtbot.waitUntil(notice.isHidden)
    assert remapped.preferences.problems == []


def test_other_news_stays_when_the_file_is_mended(folder: Path, remapped: MainWindow, qtbot: QtBot) -> None:
    remapped.panes.notice.show_text("3 papers came in")
    qtbot.wait(200)
    (folder / "settings.toml").write_text("")
    qtbot.waitUntil(lambda: not remapped.preferences.problems)
    settle(remapped)
    assert remapped.panes.notice.text.text() == "3 papers came in"
    assert not remapped.panes.notice.isHidden()


@pytest.mark.parametrize(
    "content",
    [b"\x00" * 1_000, b"a = " + b"[" * 50_000, b"#" * 3_000_000, b"keys.bindings = 3\nappearance = []\n",
     b"[keys.bindings]\n" + b"".join(b'a%d = ["g"]\n' % number for number in range(900)),
     b'[keys.bindings]\n"go.next" = ["\\u0000", "\xf0\x9f\x98\x80 +", "+", "++", "Ctrl+"]\n', b"\xff\xfe\x00"],
    ids=["nul", "nesting", "huge", "types", "bindings", "keys", "bytes"],
)  # fmt: skip
def test_hostile_settings_never_keep_the_window_from_opening(
    folder: Path, open_window: WindowMaker, content: bytes
) -> None:
    (folder / "settings.toml").write_bytes(content)
    window = open_window(folder)
    assert window.preferences.problems
    assert window.runner.keys("go.next") == "j   ↓"
    assert not window.panes.notice.isHidden()
    window.close()
    assert (folder / "settings.toml").read_bytes() == content


def test_the_sample_keeps_no_settings(folder: Path, open_window: WindowMaker) -> None:
    window = open_window(folder, is_sample=True)
    window.runner.run("view.theme_dark")
    settle(window)
    assert window.appearance.look.theme.dark
    assert not (folder / "settings.toml").exists()


def test_the_typeface_is_a_command(window: MainWindow) -> None:
    serif = window.appearance.look.typography.reading().family()
    window.runner.run("view.reading_font")
    assert window.settings.settings.appearance.reading_font is ReadingFont.SANS
    sans = window.appearance.look.typography.reading().family()
    assert sans == window.appearance.look.typography.interface().family()
    window.runner.run("view.reading_font")
    assert window.appearance.look.typography.reading().family() == serif


def test_density_is_a_command_and_gives_rows_less_room(window: MainWindow) -> None:
    papers = window.panes.papers
    before = papers.rowHeight(0)
    window.runner.run("view.density")
    assert window.settings.settings.appearance.density is Density.COMPACT
    assert papers.rowHeight(0) < before * 0.75
    window.runner.run("view.density")
    assert papers.rowHeight(0) == before


def test_high_contrast_is_a_command(window: MainWindow) -> None:
    window.runner.run("view.theme_high_contrast")
    page = window.panes.detail.grab().toImage().pixelColor(5, 100)
    assert page == Qt.GlobalColor.black
    assert window.appearance.look.theme.name == "High contrast"


def test_every_command_of_the_table_is_known_to_the_keymap(window: MainWindow) -> None:
    for command_id in COMMANDS_BY_ID:
        assert window.runner.chords(command_id) == COMMANDS_BY_ID[command_id].chords


def test_messages_and_empty_views_name_the_keys_in_force(window: MainWindow, hands: Hands) -> None:
    window.settings.set("keys.bindings.edit.undo", ["F6"])
    window.settings.set("keys.bindings.paper.star", [])
    hands.press("j")
    window.runner.run("paper.queue")
    hands.settle()
    assert hands.said.endswith("F6 undoes")
    hands.press("g s")
    assert "Press “Star” on a paper" in window.panes.pane.empty.text()
    window.settings.set("keys.bindings.paper.star", ["z"])
    assert "Press z on a paper" in window.panes.pane.empty.text()


def test_the_paper_s_links_name_the_keys_in_force(window: MainWindow) -> None:
    window.settings.set("keys.bindings.paper.page", ["Ctrl+Alt+P"])
    assert "Ctrl+Alt+P" in window.panes.detail.toPlainText()


def test_braces_of_others_stay_as_they_are() -> None:
    keymap = usual_keymap()
    assert spelled("{edit.undo} {no.such} {} {{edit}} {edit.undo", keymap) == "u {no.such} {} {{edit}} {edit.undo"


def test_the_sample_looks_as_one_is_used_to_and_changes_nothing_of_it(
    qapp: QApplication, world: World, folder: Path, qtbot: QtBot
) -> None:
    (folder / "settings.toml").write_text(
        'appearance.theme = "dark"\nexport.vault = "/home/ada/Notes"\nkeys.bindings."paper.star" = "z"\n'
    )
    before = (folder / "settings.toml").read_text()
    program = Application(qapp, world.environment())
    program.open(folder)
    home = program.window
    program.switch_sample()
    qtbot.waitUntil(lambda: program.window is not home)
    sample = program.window
    assert sample is not None
    settle(sample)
    assert sample.appearance.look.theme.dark
    assert sample.runner.keys("paper.star") == "z"
    assert sample.settings.settings.export.vault == "", "the sample's papers have no business in a vault"
    sample.runner.run("view.theme_light")
    assert not sample.appearance.look.theme.dark
    program.switch_sample()
    qtbot.waitUntil(lambda: program.window is home)
    assert home is not None
    assert home.appearance.look.theme.dark
    settle(home)
    program.close()
    program._themes.choose(Scheme.SYSTEM)  # the application outlives this test
    assert (folder / "settings.toml").read_text() == before
