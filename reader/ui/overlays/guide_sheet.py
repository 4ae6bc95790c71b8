"""The guide with its pictures, and the pages it refers to, over the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from reader.services.resources import documentation_folder
from reader.ui.detail.document import Look
from reader.ui.look.labels import button, row_of
from reader.ui.look.sealed_browser import SealedBrowser
from reader.ui.notes.html import documentation_html
from reader.ui.overlays.overlay import Overlay

_FIRST_PAGE = "guide.md"
_MARGIN = 14
_PICTURE_MARGIN = 90


class GuideView(SealedBrowser):
    """Shows pages of the program's own documentation; reads no file outside of its folder."""

    page_wanted = Signal(str)
    """The name of a page that a link leads to, with the heading to go to after ``#``."""
    back_wanted = Signal()
    """The page before is to be shown again."""
    address_wanted = Signal(str)
    """An address of the web."""

    def __init__(self, folder: Path, look: Look) -> None:
        """Empty at first; ``folder`` holds the pages and, below it, their pictures."""
        super().__init__("note_view", "Guide")
        self._folder = folder.resolve()
        # What tables stand over by is the padding of their last column.
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFont(look.typography.reading())
        self.document().setDocumentMargin(_MARGIN)
        texts = look.theme.texts
        self.document().setDefaultStyleSheet(
            f"a {{ color: {texts.accent.name()}; text-decoration: none; }} th {{ text-align: left; }}"
            "td, th { padding: 3px 7px 3px 0; } p, li { line-height: 128%; }"
            f"code {{ color: {texts.accent.name()}; }}"
        )
        self.anchorClicked.connect(self._follow)

    def show_page(self, name: str) -> bool:
        """Show a page (``guide.md#keys`` goes to a heading of it); False if there is none of that name."""
        page, _, heading = name.partition("#")
        path = self._inside(page)
        if path is None or path.suffix != ".md":
            return False
        self.setHtml(documentation_html(path.read_text(encoding="utf-8")))
        if heading:
            self.scrollToAnchor(heading)
        return True

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """A picture of ours, no wider than there is room for; anything else is nothing."""
        url = QUrl(name)
        path = self._inside(url.path()) if not url.scheme() and not url.host() else None
        picture = QImage(str(path)) if path is not None and path.suffix == ".png" else QImage()
        if picture.isNull():
            return super().loadResource(kind, name)
        ratio = self.devicePixelRatioF()
        room = int(max(self.viewport().width() - _PICTURE_MARGIN, 200) * ratio)
        if picture.width() > room:
            picture = picture.scaledToWidth(room, Qt.TransformationMode.SmoothTransformation)
        picture.setDevicePixelRatio(ratio)
        return picture

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+← goes back; the browser's own history knows nothing of our pages."""
        if event.matches(QKeySequence.StandardKey.Back):
            self.back_wanted.emit()
        else:
            super().keyPressEvent(event)

    def _inside(self, name: str) -> Path | None:
        """A file of the folder, or None for whatever lies elsewhere or is not there."""
        path = (self._folder / name).resolve()
        return path if path.is_relative_to(self._folder) and path.is_file() else None

    def _follow(self, url: QUrl) -> None:
        if url.scheme():
            self.address_wanted.emit(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        else:
            self.page_wanted.emit(url.toString())


class GuideSheet(Overlay):
    """Opens at the guide; Alt+← goes back to the page before."""

    def __init__(self, window: QWidget, look: Look) -> None:
        """Opens at once."""
        super().__init__(window, "Guide", width=940, height=1200)
        self.view = GuideView(documentation_folder(), look)
        self._pages = [_FIRST_PAGE]
        self.view.page_wanted.connect(self._go_to)
        self.view.back_wanted.connect(self.go_back)
        self.back = button("Back", self.go_back)
        self.back.setEnabled(False)
        self.close_button = button("Close", self.dismiss, primary=True)
        self.add(self.view, row_of(self.back, None, self.close_button), grows=self.view)
        self.open(self.view)
        self.view.show_page(_FIRST_PAGE)

    def go_back(self) -> None:
        """Show the page before."""
        if len(self._pages) > 1:
            self._pages.pop()
            self.view.show_page(self._pages[-1])
        self.back.setEnabled(len(self._pages) > 1)

    def _go_to(self, name: str) -> None:
        if name.startswith("#"):
            self.view.scrollToAnchor(name[1:])
        elif self.view.show_page(name):
            self._pages.append(name)
            self.back.setEnabled(True)
