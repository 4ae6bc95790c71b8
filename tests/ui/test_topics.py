"""The map by key: topics as a list and a picture, their papers, and what is done with them; in a real window."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from reader.domain.topics import Topic, TopicMap, TopicPlan, Trend, share_of
from reader.domain.views import ViewKind
from reader.services import Library
from reader.ui.app.window import MainWindow
from reader.ui.commands.palette import Palette
from reader.ui.look.themes import Scheme, ThemeSwitch
from reader.ui.overlays.overlay import Overlay
from reader.ui.overlays.prompt import Prompt
from reader.ui.topics.picture import TopicPicture
from reader.ui.topics.rows import TopicModel
from reader.ui.topics.sheet import MapSheet
from reader.ui.topics.update_sheet import UpdateSheet
from reader.ui.topics.wording import plan_words, share_words, size_words, spoken_topic, summary, trend_words
from tests.meaning.invented_topics import as_bibtex, invented_papers
from tests.services.support import finish
from tests.ui.conftest import TODAY, WindowMaker, settle
from tests.ui.pressing import Hands

Opened = tuple[MainWindow, Hands]


@pytest.fixture(scope="module")
def with_vectors(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of twelve invented topics, with vectors and without a map."""
    folder = tmp_path_factory.mktemp("map") / "library"
    with Library(folder, clock=lambda: TODAY) as library:
        finish(library.imports.text(as_bibtex(invented_papers(per_topic=10)), "first"))
        assert library.meaning.space(complete=True) is not None
        for _ in library.index.update():
            pass
    return folder


@pytest.fixture
def opened(open_window: WindowMaker, qtbot: QtBot, with_vectors: Path, tmp_path: Path) -> Opened:
    window = open_window(Path(shutil.copytree(with_vectors, tmp_path / "library")))
    return window, Hands(qtbot, window, lambda: settle(window))


def sheet_of(window: MainWindow) -> MapSheet:
    assert window.topics.sheet is not None
    return window.topics.sheet


def names(window: MainWindow) -> list[str]:
    return [topic.name for topic in sheet_of(window).model.map.topics]


def marked(window: MainWindow) -> Topic:
    topic = sheet_of(window).topic
    assert topic is not None
    return topic


def steps(window: MainWindow) -> list[str]:
    return [str(step.title) for step in window.workspace.library.history.steps() if not step.undone]


def overlay(window: MainWindow, kind: type[Overlay]) -> Overlay:
    (found,) = [each for each in window.findChildren(kind) if each.isVisible()]
    return found


def test_the_first_look_makes_the_map(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    assert len(names(window)) == 6
    assert sum(topic.papers for topic in sheet_of(window).model.map.topics) == 120
    assert sheet_of(window).facts.text() == "6 topics  ·  120 papers"
    assert sheet_of(window).table.hasFocus()
    assert steps(window) == ["Imported first"]
    first = names(window)
    hands.press("Esc")
    assert window.topics.sheet is None
    hands.press("g p")
    assert names(window) == first


def test_enter_lists_a_topics_papers_and_back_returns(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("j", "j")
    topic = marked(window)
    assert topic.name == names(window)[2]
    hands.press("Enter")
    assert window.topics.sheet is None
    assert window.panes.pane.title.text() == topic.name
    assert len(window.panes.paper_model.entries) == topic.papers
    assert window.panes.papers.hasFocus()
    hands.press("j")
    assert hands.title
    hands.press("g p")
    assert marked(window).id == topic.id
    hands.press("Esc")
    hands.press("Alt+Left")
    assert window.navigator.view is not None and window.navigator.view.kind is ViewKind.INBOX
    hands.press("Alt+Right")
    assert window.panes.pane.title.text() == topic.name


def test_keys_go_through_the_list(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("Shift+G")
    assert sheet_of(window).table.current_row == 5
    hands.press("g", "g")
    assert sheet_of(window).table.current_row == 5
    hands.press("Home")
    assert sheet_of(window).table.current_row == 0
    hands.press("Down", "Down", "k")
    assert sheet_of(window).table.current_row == 1


def test_the_picture_is_walked_and_opens_what_is_marked(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("p")
    sheet = sheet_of(window)
    assert sheet.is_picture and sheet.picture.hasFocus()
    seen = {marked(window).id}
    for _ in range(3):
        for key in ("l", "Down", "h", "Up", "Right", "j", "Left", "k"):
            before = marked(window)
            hands.press(key)
            now = marked(window)
            seen.add(now.id)
            if now.id != before.id:
                right, down = now.place[0] - before.place[0], now.place[1] - before.place[1]
                moved = {"l": right, "Right": right, "h": -right, "Left": -right, "j": down, "Down": down}
                assert moved.get(key, -down) > 0
    assert len(seen) > 2
    assert sheet.picture.accessibleDescription() == spoken_topic(marked(window), 120)
    name = marked(window).name
    hands.press("p")
    assert not sheet.is_picture and sheet.table.hasFocus() and marked(window).name == name
    hands.press("p")
    hands.press("Enter")
    assert window.panes.pane.title.text() == name


def test_every_topic_of_the_picture_is_under_its_pointer(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("p")
    picture = sheet_of(window).picture
    for topic in sheet_of(window).model.map.topics:
        hands.click(picture, picture._at(topic).toPoint())
        assert marked(window).id == topic.id


def test_new_papers_move_nothing_on_the_picture(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("p")
    before = {topic.id: topic.place for topic in sheet_of(window).model.map.topics}
    library = window.workspace.library
    finish(library.imports.text(as_bibtex(invented_papers(range(3), 2, seed=8)), "second"))
    assert library.meaning.space(complete=True) is not None
    window.topics.read()
    settle(window)
    found = sheet_of(window).model.map
    assert found.placed == 126
    assert {topic.id: topic.place for topic in found.topics} == before


def test_a_topic_is_renamed_and_named_by_its_words_again(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("j")
    topic = marked(window)
    hands.press("F2")
    prompt = overlay(window, Prompt)
    assert isinstance(prompt, Prompt) and prompt.edit.text() == topic.name
    hands.type("Walking machines")
    hands.press("Enter")
    assert marked(window).name == "Walking machines" and marked(window).is_named
    assert steps(window)[0] == f"Renamed topic “{topic.name}” to “Walking machines”"
    hands.press("u")
    assert marked(window).name == topic.name
    hands.press("Shift+U")
    hands.press("F2")
    edit = overlay(window, Prompt).findChild(QLineEdit)
    assert edit is not None
    edit.clear()
    hands.press("Enter")
    assert marked(window).name == topic.name and not marked(window).is_named


def test_the_open_topic_follows_its_name_and_what_becomes_of_it(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("Enter")
    hands.press("F2")
    hands.type("Machines")
    hands.press("Enter")
    assert window.panes.pane.title.text() == "Machines"
    hands.press("u")
    assert window.panes.pane.title.text() != "Machines"


def test_a_split_and_a_merge_by_key_are_undone(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    before, topic = names(window), marked(window)
    hands.press("s")
    assert len(names(window)) == 7
    assert steps(window)[0].startswith(f"Split topic “{topic.name}” into")
    new = next(name for name in names(window) if name not in before and name not in steps(window)[0].split("”")[1])
    hands.press("m")
    chooser = overlay(window, Palette)
    assert isinstance(chooser, Palette)
    hands.press("Enter")
    assert len(names(window)) == 6, new
    assert steps(window)[0].startswith("Merged topic “")
    hands.press("u", "u")
    assert names(window) == before


def test_an_update_says_what_it_would_do_first(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("r")
    sheet = overlay(window, UpdateSheet)
    assert isinstance(sheet, UpdateSheet)
    assert sheet.preview.text() == "The topics are up to date: sorting the papers again changes nothing."
    assert not sheet.do_button.isEnabled() and sheet.leave_button.hasFocus()
    before = steps(window)
    hands.press("Enter")
    assert steps(window) == before
    library = window.workspace.library
    finish(library.imports.text(as_bibtex(invented_papers(range(12), 20, seed=3)), "three times as many"))
    assert library.meaning.space(complete=True) is not None
    hands.press("r")
    sheet = overlay(window, UpdateSheet)
    assert isinstance(sheet, UpdateSheet) and "move" in sheet.preview.text() and "New: “" in sheet.preview.text()
    assert steps(window)[0] == "Imported three times as many"
    hands.press("Tab")
    assert sheet.leave_button.hasFocus()
    hands.press("Enter")
    assert steps(window)[0] == "Imported three times as many"
    hands.press("r")
    hands.press("Enter")
    assert steps(window)[0].startswith("Updated the topics: ")
    assert len(names(window)) == 9
    hands.press("u")
    assert len(names(window)) == 6


def test_commands_without_a_map_ask_for_a_topic_or_say_that_there_is_none(opened: Opened) -> None:
    window, hands = opened
    for command in ("topic.rename", "topic.split", "topic.merge", "topic.update"):
        window.runner.run(command)
        settle(window)
        assert hands.said == "No topics yet: g p makes them"
    hands.press("g p")
    hands.press("Esc")
    window.runner.run("topic.split")
    settle(window)
    assert isinstance(overlay(window, Palette), Palette)
    hands.press("Enter")
    assert steps(window)[0].startswith("Split topic “")


@pytest.mark.parametrize("papers", [0, 12])
def test_a_small_library_says_what_is_missing(
    open_window: WindowMaker, qtbot: QtBot, tmp_path: Path, papers: int
) -> None:
    with Library(tmp_path / "small", clock=lambda: TODAY) as library:
        finish(library.imports.text(as_bibtex(invented_papers(per_topic=1)[:papers]), "few"))
    window = open_window(tmp_path / "small")
    hands = Hands(qtbot, window, lambda: settle(window))
    window.runner.run("go.map")
    settle(window)
    sheet = sheet_of(window)
    assert sheet.missing.text() == f"A map needs 60 papers; this library has {papers}."
    assert sheet.missing.hasFocus()
    hands.press("p", "s", "m", "r", "j", "Enter")
    assert sheet.missing.isVisible()
    hands.press("Esc")
    assert window.topics.sheet is None


def test_the_map_comes_by_itself_once_vectors_are_there(open_window: WindowMaker, qtbot: QtBot, tmp_path: Path) -> None:
    with Library(tmp_path / "fresh", clock=lambda: TODAY) as library:
        finish(library.imports.text(as_bibtex(invented_papers(per_topic=6)), "all"))
    window = open_window(tmp_path / "fresh")
    window.runner.run("go.map")
    settle(window)
    if sheet_of(window).missing.isVisible():
        assert "still reading" in sheet_of(window).missing.text()
    qtbot.waitUntil(lambda: sheet_of(window).model.count() > 0)
    assert sheet_of(window).table.isVisible()


def test_a_topic_is_no_part_of_a_launch(opened: Opened, open_window: WindowMaker) -> None:
    window, hands = opened
    hands.press("g p")
    hands.press("Enter")
    folder = window.workspace.library.folder
    window.close()
    again = open_window(folder)
    assert again.navigator.view is not None and again.navigator.view.kind is ViewKind.INBOX


def test_details_give_way_in_a_narrow_window(opened: Opened) -> None:
    window, hands = opened
    hands.press("g p")
    sheet = sheet_of(window)
    assert sheet.details.isVisible() == (sheet.panel.width() >= 780)
    window.resize(760, 560)
    settle(window)
    assert not sheet.details.isVisible() and sheet.table.isVisible()
    window.resize(1200, 800)
    settle(window)
    assert sheet.details.isVisible()


SHARES = tuple(share_of(f"2025 Q{number}", count, 200) for number, count in enumerate((4, 6, 30, 40), 1))
TOPIC = Topic(1, "robots, arms", ("robots", "arms"), 80, (1, 2), False, SHARES, Trend.RISING, (0.25, 0.5))
OTHER = Topic(2, "Mine", ("tides",), 20, (3,), True, (), Trend.FALLING, (0.75, 0.5))
MAP = TopicMap((TOPIC, OTHER), 104, 100, (0.25, 0.5, 0.75, 0.5), (0, 1))


def test_topics_in_words() -> None:
    assert size_words(TOPIC, 100) == "80 papers  ·  80.0 % of the library"
    assert spoken_topic(TOPIC, 100) == "robots, arms: 80 papers, 80.0 % of the library, rising"
    assert share_words(SHARES[3]) == "2025 Q4: 40 of 200 papers, 20.0 % (between 15.0 % and 26.1 %)"
    assert trend_words(TOPIC).startswith("Rising: ") and trend_words(OTHER) == ""
    assert summary(MAP) == "2 topics  ·  104 papers  ·  4 not in the map yet"
    plan = TopicPlan((), (), 37, ("on-policy distillation",), ("old",), (("a, b", "a, c"),))
    assert plan_words(plan).splitlines() == [
        "37 papers move to another topic.",
        "New: “on-policy distillation”.",
        "Gone: “old”.",
        "Renamed: “a, b” to “a, c”.",
    ]
    many = TopicPlan((), (), 1, tuple("abcdef"), (), tuple((name, name * 2) for name in "abcdef"))
    assert plan_words(many).splitlines()[:2] == [
        "1 paper moves to another topic.",
        "New: “a”, “b”, “c”, “d” and 2 more.",
    ]
    assert plan_words(many).splitlines()[-1] == "2 more are renamed."


def test_rows_are_a_sound_model(qapp: QApplication) -> None:
    model = TopicModel(qapp)
    ModelTester(model)
    model.show(MAP, {})
    assert model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole) == spoken_topic(TOPIC, 100)
    assert model.row_of(2) == 1 and model.row_of(9) is None
    model.show(TopicMap((OTHER,), 20, 20), {})
    assert model.count() == 1


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.HIGH_CONTRAST])
def test_trends_and_the_mark_have_their_colours(
    opened: Opened, themes: ThemeSwitch, scheme: Scheme, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: themes.choose(Scheme.LIGHT))
    window, _ = opened
    themes.choose(scheme)
    look = window.appearance.look
    picture = TopicPicture(look)
    picture.resize(600, 400)
    picture.show_map(MAP, 1)
    image = picture.grab().toImage()
    assert has_color(image, look.theme.marks.accent), "the mark around the second topic"
    assert has_color(image, look.theme.texts.text, 60), "names"
    picture.mark(0)
    assert picture.accessibleDescription() == spoken_topic(TOPIC, 100)


def has_color(image: QImage, color: QColor, tolerance: int = 30) -> bool:
    """Whether any pixel has about this colour."""
    for x in range(0, image.width()):
        for y in range(0, image.height()):
            pixel = image.pixelColor(x, y)
            apart = max(
                abs(pixel.red() - color.red()), abs(pixel.green() - color.green()), abs(pixel.blue() - color.blue())
            )
            if apart <= tolerance and pixel.alpha() > 200:
                return True
    return False
