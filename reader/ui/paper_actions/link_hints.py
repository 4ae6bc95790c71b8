"""Links by letters: every link in sight of a paper and its note bears some, and typing them follows it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, QUrl
from PySide6.QtGui import QFocusEvent, QFont, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QTextBrowser, QWidget

from reader.domain.letter_hints import make_labels
from reader.ui.app.context import Context, Part
from reader.ui.commands.key_events import key_of
from reader.ui.commands.runner import Acts
from reader.ui.highlights.layer import draw_chip
from reader.ui.shell.panes import Panes

_MOST_LINKS = 400
_PADDING = 5


@dataclass(frozen=True, slots=True)
class _Link:
    """A link in sight: the view it is in, where its first letter stands in the view's viewport, and where it leads."""

    view: QTextBrowser
    at: QRectF
    address: str


class LinkHints(QWidget):
    """Lies over a paper and its note while their links bear letters, and has the focus meanwhile. Other keys leave."""

    def __init__(self, panes: Panes, links: list[_Link]) -> None:
        """Opens at once; scrolling, another text or going elsewhere ends it."""
        super().__init__(panes)
        self.setObjectName("linkLabels")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._look = panes.detail.look
        self._links = dict(zip(make_labels(len(links)), links, strict=True))
        self._typed = ""
        self._has_left = False
        self._focus_before = QApplication.focusWidget()
        self.setAccessibleName("Links")
        self.setAccessibleDescription(
            ", ".join(f"{letters}: {link.address}" for letters, link in self._links.items())[:2_000]
        )
        for view in _views(panes):
            view.verticalScrollBar().valueChanged.connect(self.leave)
            view.textChanged.connect(self.leave)
            view.viewport().installEventFilter(self)
        right = panes.right
        self.setGeometry(right.rect().translated(right.mapTo(panes, QPoint())))
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    @property
    def labels(self) -> dict[str, str]:
        """The letters and where each of them leads."""
        return {letters: link.address for letters, link in self._links.items()}

    def leave(self) -> None:
        """Take the letters away and give the focus back."""
        if self._has_left:
            return
        self._has_left = True
        if self._focus_before is not None and self._focus_before.isVisible():
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self.deleteLater()

    def event(self, event: QEvent) -> bool:
        """Keys that would be commands elsewhere are letters here."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter narrows what is meant, Backspace widens it; what fits no label leaves."""
        key = key_of(event)
        event.accept()
        if key is None:
            return
        if key.name == "Backspace" and self._typed:
            self._typed = self._typed[:-1]
        elif len(key.name) == 1 and not key.modifiers and self._fits(self._typed + key.name):
            self._typed += key.name
        else:
            self.leave()
            return
        self.update()
        if self._typed in self._links:
            link = self._links[self._typed]
            self.leave()
            link.view.anchorClicked.emit(QUrl(link.address))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Going elsewhere leaves; a window that comes to the front does not."""
        super().focusOutEvent(event)
        passing = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason}
        if not self._has_left and event.reason() not in passing:
            self._focus_before = None
            self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What has moved bears no letters."""
        if event.type() == QEvent.Type.Resize:
            self.leave()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The letters still to be typed, on the links they fit."""
        look = self._look
        font = QFont(look.typography.small())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        colors = (look.theme.marks.accent, look.theme.marks.accent, look.theme.texts.on_accent)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for letters, link in self._links.items():
                if not letters.startswith(self._typed):
                    continue
                text = letters[len(self._typed) :].upper()
                width, height = metrics.horizontalAdvance(text) + 2 * _PADDING, metrics.height() + 1
                left = max(link.at.left() - width - 1, 1)
                chip = QRectF(left, link.at.center().y() - height / 2, width, height)
                view = link.view.viewport()
                draw_chip(painter, chip.translated(self.mapFromGlobal(view.mapToGlobal(QPoint()))), text, font, colors)

    def _fits(self, typed: str) -> bool:
        return any(letters.startswith(typed) for letters in self._links)


class LinkCommands(Part):
    """Puts letters on the links of the paper that is shown, and of its note."""

    def __init__(self, context: Context) -> None:
        """Nothing is labelled yet."""
        super().__init__(context)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"paper.links": self.label}

    def label(self) -> None:
        """Put letters on the links in sight."""
        self._reader.show_current_if_due()
        links = [link for view in _views(self._panes) for link in links_in_sight(view)]
        if links:
            LinkHints(self._panes, links)
        else:
            self._say("No links in sight")


def _views(panes: Panes) -> list[QTextBrowser]:
    """What shows texts with links, from above to below."""
    return [view for view in (panes.detail, panes.note.view) if view.isVisible()]


def links_in_sight(view: QTextBrowser) -> list[_Link]:
    """The links of a text of which the beginning is in sight, from the top; each once."""
    links: list[_Link] = []
    shown, block, last = QRectF(view.viewport().rect()), view.document().begin(), ""
    while block.isValid() and len(links) < _MOST_LINKS:
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            address = fragment.charFormat().anchorHref() if fragment.charFormat().isAnchor() else ""
            # A link that goes on in another format, as where some of it is highlighted, is still one.
            if address and address != last:
                cursor = QTextCursor(view.document())
                cursor.setPosition(fragment.position())
                box = QRectF(view.cursorRect(cursor))
                if shown.contains(box.center()):
                    links.append(_Link(view, box, address))
            last = address
            iterator += 1
        block = block.next()
        last = ""
    return links
