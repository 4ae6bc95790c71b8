"""A tour through the whole window with hostile texts in it, as a process of its own to be watched from outside.

``python -m tests.reliability.window_tour FOLDER KIND ROUNDS``, where the kind is ``window`` or ``naive``; the texts
come as JSON. The folder holds ``listing.json``; the library and all that is exported go there. ``naive`` shows the
texts as a careless program would, to prove that whoever watches would see it. Prints what it came by, as JSON.
"""

from __future__ import annotations

import faulthandler
import json
import os
import sys
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from click.testing import CliRunner
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QLineEdit, QMenu, QToolTip, QWidget
from shiboken6 import isValid

from reader.cli import cli
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.ui.app.browser import Opener
from reader.ui.app.environment import Environment
from reader.ui.app.file_dialogs import FileDialogs
from reader.ui.app.garbage_collection import CycleCollector
from reader.ui.app.window import MainWindow
from reader.ui.app.workspace import Workspace
from reader.ui.commands.table import COMMANDS, Where
from reader.ui.look.themes import Scheme, ThemeSwitch
from reader.ui.overlays.overlay import Overlay
from tests.patience import PATIENCE
from tests.services.support import finish

ALL = View(ViewKind.ALL)
_LEAVES = {"window.close", "view.full_screen", "library.sample"}
_CALLS = {"subscription.daily", "subscription.fetch", "subscription.fetch_all", "paper.complete"}
"""Commands with which a user asks for a service to be called."""
_TIME_LIMIT = 3 * PATIENCE


class Chooser(FileDialogs):
    """Answers every question for a file or folder with a place in one folder, whatever is asked."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._count = 0

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("_"):
            return object.__getattribute__(self, name)
        return lambda *arguments, **named: self._answer(name)

    def _answer(self, name: str) -> Any:
        if "files" in name:
            return [self._place / "listing.json"]
        if "folder" in name:
            return self._place / "out"
        self._count += 1
        return self._place / "out" / f"{name}-{self._count}" if "target" in name else None


class Tour:
    """Goes everywhere in one window."""

    def __init__(self, folder: Path, window: MainWindow) -> None:
        self.folder, self.window = folder, window
        self.found = {"papers": 0, "commands": 0, "overlays": 0, "tips": 0, "menus": 0, "rows": 0}

    def settle(self) -> None:
        """Wait until nothing is under way, then look at everything."""
        end, still = time.monotonic() + PATIENCE, 0
        while still < 2 and time.monotonic() < end:
            QApplication.processEvents()
            still = still + 1 if self.window.workspace.tasks.is_idle else 0
            if not still:
                time.sleep(0.001)

    def look(self) -> None:
        """Paint all there is."""
        for widget in QApplication.topLevelWidgets():
            if widget.isVisible():
                widget.grab()

    def read_papers(self) -> None:
        """Every paper, one after the other."""
        self.window.runner.run("go.all")
        self.settle()
        for _ in range(self.window.panes.paper_model.rowCount()):
            self.window.runner.run("go.next")
            self.settle()
            self.window.panes.detail.grab()
            self.found["papers"] += self.window.reader.paper is not None

    def run_commands(self, rounds: int) -> None:
        """Every command of the table, so that those to come are covered too, on papers with notes and highlights."""
        for number in range(rounds):
            for command in COMMANDS:
                if command.id in _LEAVES | _CALLS:
                    continue
                self.go_to(number, listing=command.where is Where.LISTING)
                self.window.runner.run(command.id)
                self.settle()
                self.found["commands"] += 1
                if self.found["commands"] % 10 == 0:
                    self.look()
                self.go_through_overlays(command.id)
                self.leave()

    def go_to(self, number: int, *, listing: bool) -> None:
        """A paper, in its listing if need be."""
        if listing:
            (first, *_) = self.window.workspace.library.listings.all() or [None]
            self.window.navigator.open(View(ViewKind.LISTING, (first.id,)) if first else ALL)
        elif self.window.navigator.view != ALL:
            self.window.navigator.open(ALL)
        self.settle()
        papers = self.window.panes.papers
        if papers.model().rowCount() > number:
            papers.setCurrentIndex(papers.model().index(number, 0))
        papers.setFocus()
        self.settle()

    def go_through_overlays(self, command: str) -> None:
        """What opened: its tips, what typing into it shows, and what Tab and Down lead to."""
        overlays = [overlay for overlay in self.window.findChildren(Overlay) if overlay.isVisible()]
        self.found["overlays"] += len(overlays)
        focus = QApplication.focusWidget()
        if not overlays or focus is None:
            return
        if isinstance(focus, QLineEdit):
            self.press(Qt.Key.Key_A, "a")
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Tab):
            self.press(key)
        self.settle()
        self.tips()
        self.look()
        if not command.startswith(("library.", "listing.remove", "tag.delete", "import.")):
            self.press(Qt.Key.Key_Return)
            self.settle()
            self.look()

    def press(self, key: Qt.Key, text: str = "") -> None:
        """Press a key wherever the focus is."""
        event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
        QApplication.sendEvent(QApplication.focusWidget() or self.window, event)

    def leave(self) -> None:
        """Back to the list, with nothing over it."""
        for _ in range(3):
            self.press(Qt.Key.Key_Escape)
            QApplication.processEvents()
        for overlay in self.window.findChildren(Overlay):
            overlay.dismiss()
        self.window.runner.run("go.escape")
        self.settle()

    def tips(self) -> None:
        """Ask every widget, and every row of every list, for its tool tip, as resting the pointer there does."""
        for view in self.window.findChildren(QAbstractItemView):
            if not view.isVisible() or view.model() is None:
                continue
            for row in range(min(view.model().rowCount(), 80)):
                index = view.model().index(row, 0)
                for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.StatusTipRole):
                    index.data(role)
                self.found["rows"] += 1
                if view.visualRect(index).intersects(view.viewport().rect()):
                    self.rest_on(view.viewport(), view.visualRect(index).center())
        self.rest_on_all(self.window.findChildren(QWidget))

    def rest_on_all(self, widgets: Sequence[QWidget]) -> None:
        """Rest the pointer on each, if it is there still: tips are labels that a later tip or nothing replaces."""
        for widget in widgets:
            if isValid(widget) and widget.isVisible():
                self.rest_on(widget, widget.rect().center())

    def rest_on(self, widget: QWidget, at: QPoint) -> None:
        """Rest the pointer somewhere."""
        QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
        if QToolTip.isVisible():
            self.found["tips"] += 1
            for shown in QApplication.topLevelWidgets():
                if shown.inherits("QTipLabel"):
                    shown.grab()
            QToolTip.hideText()

    def menus(self) -> None:
        """Every menu, open."""
        self.window.panes.papers.menu_wanted.emit(QPoint(5, 5))
        for menu in self.window.findChildren(QMenu):
            menu.aboutToShow.emit()
            menu.popup(QPoint(0, 0))
            QApplication.processEvents()
            menu.grab()
            for action in menu.actions():
                menu.setActiveAction(action)
            menu.hide()
            self.found["menus"] += 1

    def say(self, text: str) -> None:
        """A text as a message, a failure, a notice with a button, and a name for screen readers."""
        self.window.workspace.said.emit(text)
        self.window.workspace.failed.emit(text)
        self.window.panes.notice.show_text(text, ("Do it", lambda: None))
        self.window.panes.status.say(text)
        QApplication.processEvents()
        self.window.panes.notice.grab()
        self.window.panes.status.grab()
        self.rest_on_all(
            [*self.window.panes.notice.findChildren(QLabel), *self.window.panes.status.findChildren(QLabel)]
        )


def fill(library: Library, folder: Path, hostile: list[str]) -> None:
    """A library in which everything that can be a text is one of these."""
    finish(library.imports.paths([folder / "listing.json"]))
    finish(library.imports.text("\n\n".join(["Dec 8", *hostile]), hostile[0][:60]))
    ids = list(library.views.paper_ids(ALL))
    for number, paper_id in enumerate(ids):
        library.notes.save(paper_id, f"{hostile[number % len(hostile)]}\n\n{hostile[0]}", revision=None)
    for number, text in enumerate(hostile[:20]):
        name = " ".join(text.split())[:60].replace(",", "").strip("/ #")
        try:
            library.tags.add(ids[:4], [name])
            library.searches.add(f"{number} {name}", "a")
        except Exception as error:
            assert "Error" in type(error).__name__
        paper = library.papers.get(ids[number])
        library.highlights.add_quote(paper.id, paper.abstract[:12], label="", comment=text)
    library.listings.rename(library.listings.all()[0].id, hostile[0])


def tour(folder: Path, hostile: list[str], rounds: int) -> dict[str, int]:
    """Open the window on a library of such texts and go everywhere."""
    application = QApplication([])
    application.setStyle("Fusion")
    collector = CycleCollector(application)
    (folder / "out").mkdir()
    with Library(folder / "library") as library:
        fill(library, folder, hostile)
    environment = Environment(
        opener=Opener(lambda address: True), chooser=Chooser(folder), start_window=lambda folder: True
    )
    workspace = Workspace(Library(folder / "library"))
    window = MainWindow(workspace, ThemeSwitch(application, Scheme.LIGHT), environment)
    window.show()
    window.activateWindow()
    window.begin()
    trip = Tour(folder, window)
    trip.settle()
    QApplication.clipboard().setText(hostile[0])
    trip.read_papers()
    trip.run_commands(rounds)
    trip.leave()
    trip.menus()
    trip.tips()
    for text in hostile:
        trip.say(text)
    window.close()
    QApplication.processEvents()
    collector.stop()
    trip.found["exports"] = export(folder)
    return trip.found


def export(folder: Path) -> int:
    """Everything that the command line writes, in all its forms, and what it prints; then read what it wrote."""
    out = folder / "out"
    runs = [
        *(["export", "--all", "--to", str(out / name)] for name in ("x.bib", "x.ris", "x.json", "x.csv", "x.jsonl")),
        *(["export", "--all", "--to", str(out / name), *more] for name, *more in (
            ["x.html"], ["vault"], ["plain", "--profile", "commonmark"], ["report", "--profile", "one-file"],
        )),
        ["digest"], ["digest", "--html"], ["papers"], ["papers", "--json"], ["listings"], ["tags"], ["history"],
        ["show", "1"], ["check"], ["backup"], ["bundle", str(out / "x.lectern")], ["stats"],
        *(["import", str(out / name)] for name in ("x.bib", "x.ris", "x.jsonl", "x.html")),
    ]  # fmt: skip
    for run in runs:
        done = CliRunner().invoke(cli, ["--library", str(folder / "library"), *run])
        assert done.exception is None or isinstance(done.exception, SystemExit), (run, done.exception)
    assert len(list(out.rglob("*.md"))) > 60
    return len(runs)


def be_naive(hostile: list[str]) -> dict[str, int]:
    """Show the texts as labels and fetch the first address, as no program should."""
    import urllib.request

    QApplication([])
    for text in hostile:
        label = QLabel(text)
        label.show()
        label.grab()
    address = next(word.strip("'\">") for text in hostile for word in text.split("src=") if "http://127" in word)
    with suppress(OSError):
        urllib.request.urlopen(address, timeout=1)
    return {"labels": len(hostile)}


def main() -> None:
    """Go, and end at once whatever happens: a window that failed leaves threads that would wait for it."""
    faulthandler.dump_traceback_later(_TIME_LIMIT, exit=True)
    folder, kind, rounds, hostile = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), json.loads(sys.stdin.read())
    try:
        print(json.dumps(be_naive(hostile) if kind == "naive" else tour(folder, hostile, rounds)), flush=True)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


if __name__ == "__main__":
    main()
