"""The guide within the program: its pages, pictures and links, and nothing from anywhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QImage, QTextDocument
from PySide6.QtTest import QTest

from reader.services.resources import documentation_folder
from reader.ui.app.window import MainWindow
from reader.ui.notes.html import documentation_html
from reader.ui.overlays.guide_sheet import GuideSheet
from tests.ui.conftest import World
from tests.ui.pressing import Hands

IMAGE = QTextDocument.ResourceType.ImageResource.value
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")


@pytest.fixture
def sheet(window: MainWindow, hands: Hands) -> GuideSheet:
    hands.press("Ctrl+K")
    hands.type("guide")
    hands.press("Enter")
    (sheet,) = window.findChildren(GuideSheet)
    return sheet


def test_the_palette_opens_it_and_esc_leaves(window: MainWindow, hands: Hands, sheet: GuideSheet) -> None:
    assert sheet.view.toPlainText().startswith("Guide")
    hands.press("Esc")
    assert not window.findChildren(GuideSheet)


def test_it_fits_a_small_window_and_breaks_lines_where_that_does(
    window: MainWindow, hands: Hands, sheet: GuideSheet
) -> None:
    """Lines ended where those of the file do, and tables stood over the edge."""
    assert "\u2028" not in sheet.view.document().toRawText()
    for name in ("guide.md", "keys.md", "searching.md"):
        window.resize(900, 600)
        sheet.view.show_page(name)
        hands.settle()
        assert sheet.view.horizontalScrollBar().maximum() <= 7, name


def test_links_lead_to_pages_and_back(sheet: GuideSheet, hands: Hands) -> None:
    sheet.view.anchorClicked.emit(QUrl("searching.md"))
    assert sheet.view.toPlainText().startswith("Searching")
    hands.press("Alt+Left")
    assert sheet.view.toPlainText().startswith("Guide")


def test_an_address_of_the_web_goes_to_the_browser(sheet: GuideSheet, world: World) -> None:
    sheet.view.anchorClicked.emit(QUrl("https://example.org/a"))
    assert world.opened == ["https://example.org/a"]


def test_pictures_of_its_own_fit(sheet: GuideSheet) -> None:
    picture = sheet.view.loadResource(IMAGE, QUrl("screenshots/window-light.png"))
    assert isinstance(picture, QImage)
    assert 100 < picture.width() / picture.devicePixelRatio() <= sheet.view.viewport().width()


@pytest.mark.parametrize(
    "address", ["../resources/icons/lectern.svg", "/etc/hostname", "file:///etc/hostname", "https://example.org/x.png"]
)
def test_nothing_else_is_read(sheet: GuideSheet, address: str) -> None:
    picture = sheet.view.loadResource(IMAGE, QUrl(address))
    assert isinstance(picture, QImage)
    assert picture.width() == 1
    assert not sheet.view.show_page(address)


def test_every_page_is_there_with_its_pictures_and_headings() -> None:
    """From the guide, along every link."""
    folder = documentation_folder()
    to_read, read = ["guide.md"], set()
    while to_read:
        name = to_read.pop()
        read.add(name)
        for target in LINK.findall((folder / name).read_text("utf-8")):
            if "://" in target:
                continue
            page, _, heading = target.partition("#")
            path = (folder / name).parent / page if page else folder / name
            assert path.exists(), f"{name} refers to {target}"
            if heading:
                assert f'name="{heading}"' in documentation_html(path.read_text("utf-8")), f"{name}: {target}"
            if path.suffix == ".md" and path.parent == Path(folder) and path.name not in read:
                to_read.append(path.name)
    assert "searching.md" in read


def test_leaving_by_the_button(sheet: GuideSheet) -> None:
    QTest.keyClick(sheet.close_button, " ")
    assert sheet.isHidden()
