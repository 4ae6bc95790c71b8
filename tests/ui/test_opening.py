"""The browser is handed safe addresses only; without an arXiv id there is a search for the title, and it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from reader.domain.links import is_safe_url
from reader.domain.papers import Paper, PaperState
from reader.domain.step_titles import StepKind
from reader.services.library.history import shown_step
from reader.ui.app.browser import Opener, page_url, title_search_url
from reader.ui.app.window import MainWindow
from tests.ui.conftest import World
from tests.ui.pressing import Hands

HOSTILE_ADDRESSES = [
    "javascript:alert(1)", "file:///etc/passwd", "FILE:/etc/passwd", "data:text/html,<script>", "smb://host/share",
    "https://user:word@example.org/", "https://user@example.org/", "https:///no-host", "http:", "", "//example.org",
    "vscode://open?x", "ms-word:ofe|u|https://example.org", "https://example.org/a b", "https://example.org/\n",
    "mailto:a@example.org", "https://exa\x00mple.org", "lectern-command:window.close",
]  # fmt: skip


def _paper(window: MainWindow) -> Paper:
    assert window.reader.paper is not None
    return window.reader.paper


def _read(window: MainWindow) -> str:
    """What the step of beginning to read the current paper is called."""
    return shown_step(StepKind.STARTED_READING(papers=_paper(window).title))


def test_o_searches_for_the_title_and_says_so(window: MainWindow, hands: Hands, world: World) -> None:
    hands.press("o")
    (address,) = world.opened
    assert address == title_search_url(_paper(window).title)
    assert address.startswith("https://huggingface.co/papers?q=")
    assert hands.said == f"No arXiv id: searching for the title  ·  {_read(window)}  ·  u undoes"


def test_v_without_an_arxiv_id_says_there_is_no_pdf(window: MainWindow, hands: Hands, world: World) -> None:
    hands.press("v")
    assert len(world.opened) == 1
    assert hands.said == f"No arXiv id, so no PDF: searching for the title  ·  {_read(window)}  ·  u undoes"


def test_o_and_v_open_arxiv(window: MainWindow, hands: Hands, world: World) -> None:
    QGuiApplication.clipboard().setText("2601.12345")
    window.runner.run("paper.set_arxiv_id")
    hands.settle()
    hands.press("o", "v")
    assert world.opened == ["https://arxiv.org/abs/2601.12345", "https://arxiv.org/pdf/2601.12345"]


def test_c_opens_the_code_of_the_abstract(window: MainWindow, hands: Hands, world: World) -> None:
    while not _paper(window).code_urls:
        hands.press("j")
    hands.press("c")
    assert world.opened == [_paper(window).code_urls[0]]


def test_c_without_code_says_so(window: MainWindow, hands: Hands, world: World) -> None:
    while _paper(window).code_urls:
        hands.press("j")
    hands.press("c")
    assert world.opened == []
    assert "No link to code" in hands.said


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_hostile_addresses_never_reach_the_browser(address: str) -> None:
    opened: list[str] = []
    opener = Opener(lambda one: opened.append(one) is None)
    assert not opener.open(address)
    assert opened == []


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_a_link_to_a_hostile_address_is_refused_in_words(
    window: MainWindow, hands: Hands, world: World, address: str
) -> None:
    window.panes.detail.anchorClicked.emit(QUrl(address))
    hands.settle()
    assert world.opened == [one for one in world.opened if is_safe_url(one)]


def test_a_listing_s_own_address_is_opened_only_if_safe(window: MainWindow) -> None:
    paper = _paper(window)
    assert page_url(replace(paper, url="javascript:alert(1)")) is None
    assert page_url(replace(paper, url="https://example.org/p")) == "https://example.org/p"


def test_titles_are_quoted_in_searches() -> None:
    address = title_search_url('a&b=c #1 "x" <y> é 日本 ' + "z" * 1_000)
    assert is_safe_url(address)
    assert "&" not in address
    assert "#" not in address


def _state(window: MainWindow) -> PaperState:
    return window.workspace.library.papers.get(_paper(window).id).state


def test_an_opened_paper_is_being_read_and_one_key_takes_it_back(window: MainWindow, hands: Hands) -> None:
    hands.press("a", "o")
    assert _state(window) is PaperState.READING
    hands.press("o")
    assert hands.said == "No arXiv id: searching for the title"
    hands.press("u")
    assert _state(window) is PaperState.QUEUED


def test_what_was_decided_stays_so_when_it_is_opened(window: MainWindow, hands: Hands) -> None:
    hands.press("e", "k", "v")
    assert _state(window) is PaperState.DONE


def test_focus_reading_and_the_code_start_nothing(window: MainWindow, hands: Hands) -> None:
    hands.press("Enter", "c", "Esc")
    assert _state(window) is PaperState.INBOX


def test_settings_may_leave_an_opened_paper_as_it_is(window: MainWindow, hands: Hands, world: World) -> None:
    window.settings.set("reading.start_on_opening", False)
    hands.press("o")
    assert len(world.opened) == 1
    assert _state(window) is PaperState.INBOX


def test_an_address_that_was_not_opened_starts_nothing(window: MainWindow, hands: Hands, world: World) -> None:
    world.has_browser = False
    hands.press("o")
    assert hands.said.startswith("Address not opened (no browser started): https://")
    assert _state(window) is PaperState.INBOX


def test_an_address_that_was_not_opened_can_be_copied(window: MainWindow, hands: Hands, world: World) -> None:
    """It was cut off, and a notice cannot be selected by key."""
    world.has_browser = False
    window.resize(900, 600)
    address = "https://example.org/" + "a" * 150
    window.opening.open_address(address)
    (copy,) = [each for each in window.panes.notice.findChildren(QPushButton) if each.text() == "Copy"]
    copy.click()
    assert QGuiApplication.clipboard().text().endswith(address)
    window.opening.open_address("file:///etc/hostname" + "/x" * 80)
    assert "not a safe web address" in window.panes.notice.text.text()
