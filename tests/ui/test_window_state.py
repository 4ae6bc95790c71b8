"""A restart resumes at the exact paper; whatever is damaged of what was remembered is as if it were new."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from reader.domain.papers import PaperState
from reader.domain.settings import Appearance, Scheme
from reader.domain.views import View, ViewKind
from reader.services.settings.file import read_settings
from reader.ui.app.window import MainWindow
from reader.ui.app.window_state import WindowState, load_state, save_state
from tests.examples import examples
from tests.ui.conftest import WindowMaker, settle
from tests.ui.pressing import Hands


def test_a_restart_resumes_at_the_exact_paper(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("[")
    hands.press(*"jjjjjjj")
    title, view = hands.title, window.navigator.view
    window.resize(760, 610)
    window.panes.splitter.setSizes([180, 270, 310])
    QApplication.processEvents()
    sizes = window.panes.splitter.sizes()
    hands.press("Ctrl++")
    window.close()
    again = open_window(folder)
    assert again.navigator.view == view
    assert again.reader.paper is not None
    assert again.reader.paper.title == title
    assert again.panes.papers.current_row == 7
    assert (again.width(), again.height()) == (760, 610)
    assert again.panes.splitter.sizes() == pytest.approx(sizes, abs=2)
    assert again.appearance.text_step == 1


def test_a_tag_s_view_is_resumed(window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker) -> None:
    window.workspace.library.tags.change([3, 7, 9], add=["ml/vision"], remove=[])
    window.navigator.open(View(ViewKind.TAG, tag="ml"))
    hands.settle()
    hands.press("j")
    title = hands.title
    window.close()
    again = open_window(folder)
    assert again.navigator.view == View(ViewKind.TAG, tag="ml")
    assert again.panes.paper_model.rowCount() == 3
    assert again.reader.paper is not None
    assert again.reader.paper.title == title


def test_a_search_is_resumed_over_its_view(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("g a")
    hands.press("/")
    hands.type("mode")
    hands.settle()
    hands.press("Enter")
    hands.press("j", "j", "j")
    rows, title = list(window.panes.paper_model.entries.rows), hands.title
    window.close()
    again = open_window(folder)
    assert again.searching.text == "mode"
    assert list(again.panes.paper_model.entries.rows) == rows
    assert again.reader.paper is not None
    assert again.reader.paper.title == title
    hands.window = again
    hands.settle = lambda: settle(again)
    assert again.panes.papers.hasFocus()
    hands.press("Esc")
    assert (again.searching.text, again.navigator.view) == ("", View(ViewKind.ALL))


def test_a_listing_opens_where_one_stopped(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("[")
    hands.press("j", "j", "j")
    title = hands.title
    hands.press("g i")
    hands.press("[")
    assert hands.title == title
    hands.press("g i")
    window.close()
    again = open_window(folder)
    hands.window, hands.settle = again, lambda: settle(again)
    hands.press("[")
    assert hands.title == title


def test_a_listing_that_was_never_opened_begins_at_what_is_new(window: MainWindow, hands: Hands) -> None:
    library = window.workspace.library
    ids = library.views.paper_ids(View(ViewKind.LISTING, listing_ids=(library.listings.all()[0].id,)))
    library.states.set_seen(ids[:2], True)
    library.states.set([ids[2]], PaperState.QUEUED)
    hands.press("[")
    assert window.panes.papers.current_paper_id == ids[3]
    library.states.set_seen(ids, True)
    window.navigator.clear()
    window.navigator.open_listing(library.listings.all()[0].id)
    hands.settle()
    assert window.panes.papers.current_paper_id == ids[0]


def test_a_paper_that_left_its_view_is_no_trouble(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("j", "d", "k")
    window.close()
    again = open_window(folder)
    assert again.navigator.view == View(ViewKind.INBOX)
    assert again.panes.paper_model.rowCount() == 39
    assert again.reader.paper is not None


def test_focus_reading_does_not_spoil_the_panes(
    window: MainWindow, hands: Hands, folder: Path, open_window: WindowMaker
) -> None:
    hands.press("Enter")
    window.close()
    again = open_window(folder)
    assert min(again.panes.splitter.sizes()) > 100


def test_the_state_file_is_the_user_s_alone(window: MainWindow, folder: Path) -> None:
    window.close()
    assert stat.S_IMODE((folder / "window.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"view_kind": 3}', "\x00" * 50, "[" * 100_000])
def test_damaged_state_is_as_new(tmp_path: Path, content: str) -> None:
    (tmp_path / "window.json").write_text(content)
    assert load_state(tmp_path) == WindowState()


def test_a_huge_state_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "window.json").write_text(json.dumps({"view_kind": "done", "geometry": "x" * 2_000_000}))
    assert load_state(tmp_path) == WindowState()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4),
)


@examples(100, HealthCheck.function_scoped_fixture)
@given(st.dictionaries(st.sampled_from([*WindowState.__slots__, "else"]), JSON))
def test_any_state_makes_a_view(tmp_path: Path, content: dict[str, object]) -> None:
    (tmp_path / "window.json").write_text(json.dumps(content))
    state = load_state(tmp_path)
    assert isinstance(state.view, View)
    assert all(
        type(getattr(state, name)) is type(getattr(WindowState(), name)) for name in ("geometry", "import_folder")
    )


@pytest.mark.parametrize(
    "state", [WindowState(geometry="bm90IGEgZ2VvbWV0cnk=", splitter=[0, 0, 0], paper_id=99_999, view_kind="listing",
                          listing_ids=[77])],
)  # fmt: skip
def test_nonsense_that_looks_right_does_no_harm(folder: Path, open_window: WindowMaker, state: WindowState) -> None:
    assert save_state(folder, state)
    window = open_window(folder)
    assert min(window.panes.splitter.sizes()) > 0
    assert window.navigator.view is not None


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    assert not save_state(tmp_path / "missing", WindowState())


def test_what_was_preferred_before_there_were_settings_is_taken_over_once(
    folder: Path, open_window: WindowMaker
) -> None:
    (folder / "window.json").write_text(json.dumps({"text_step": 2, "scheme": "dark"}))
    window = open_window(folder)
    assert window.appearance.look.theme.dark
    assert window.appearance.text_step == 2
    window.close()
    assert "scheme" not in json.loads((folder / "window.json").read_text())
    assert read_settings(folder).settings.appearance == Appearance(Scheme.DARK, text_size=2)


def test_settings_that_are_there_outweigh_what_was_preferred_before(folder: Path, open_window: WindowMaker) -> None:
    (folder / "window.json").write_text(json.dumps({"text_step": 99, "scheme": "dark"}))
    (folder / "settings.toml").write_text('appearance.theme = "light"\n')
    window = open_window(folder)
    assert not window.appearance.look.theme.dark
    assert window.appearance.text_step == 0
    window.close()
    assert (folder / "settings.toml").read_text() == 'appearance.theme = "light"\n'
