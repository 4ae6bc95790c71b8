"""Take pictures of the window with the sample listing, drawn by the real window without a screen.

``python scripts/screenshots.py`` makes those of the documentation, in ``docs/screenshots``;
``python scripts/screenshots.py FOLDER`` makes one of every view in light and dark, at 1440x900 and 900x600, in FOLDER:
look at them after every change to the window.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from reader.domain.changes import Change, Field
from reader.domain.errors import FetchError
from reader.domain.papers import PaperState
from reader.domain.selection import SortBy
from reader.domain.settings import Scheme
from reader.domain.subscriptions import SubscriptionKind
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.highlights import sentences_of
from reader.services.resources import resource_path
from reader.services.settings.file import write_setting
from reader.storage.subscriptions import SubscriptionCheck
from reader.ui.app.application import make_application
from reader.ui.app.environment import Environment
from reader.ui.app.garbage_collection import CycleCollector
from reader.ui.app.window import MainWindow
from reader.ui.app.workspace import Workspace
from reader.ui.export.preview import ExportPreview
from reader.ui.listings.import_flow import Paths, Text
from reader.ui.look.themes import ThemeSwitch
from reader.ui.overlays.overlay import Overlay
from reader.ui.statistics.view import StatisticsView
from reader.ui.sync.set_up_sheet import SetUpSheet
from reader.web.answers import Answer
from scripts.invented_field import invented_field

_LAPTOP_STATES = (PaperState.DISMISSED, PaperState.QUEUED, PaperState.DONE)
_DESKTOP_STATES = (PaperState.READING, PaperState.DISMISSED, PaperState.QUEUED)
SIZES = ((1440, 900), (900, 600))
DOCUMENTATION = Path(__file__).resolve().parents[1] / "docs" / "screenshots"
PICTURES = {
    "listing-light-1440": "window-light",
    "listing-dark-1440": "window-dark",
    "listing-light-900": "window-small",
    "focus-light-1440": "focus-reading",
    "keys-light-1440": "keys",
    "palette-dark-1440": "palette",
    "labels-light-1440": "highlighting",
    "highlights-dark-1440": "highlights",
    "triage-light-1440": "triage",
    "export-light-1440": "export",
    "statistics-light-1440": "statistics",
    "note-light-1440": "note",
    "tags-dark-1440": "tags",
    "welcome-light-1440": "welcome",
    "subscriptions-light-1440": "subscriptions-light",
    "subscriptions-dark-1440": "subscriptions-dark",
    "foryou-light-1440": "for-you-light",
    "foryou-dark-1440": "for-you-dark",
    "reasons-light-1440": "reasons-light",
    "reasons-dark-1440": "reasons-dark",
    "learned-light-1440": "learned-light",
    "learned-dark-1440": "learned-dark",
    "meaning-light-1440": "search-by-meaning-light",
    "meaning-dark-1440": "search-by-meaning-dark",
    "sync-light-1440": "sync",
    "beside-dark-1440": "kept-beside",
    "map-light-1440": "map",
    "map-picture-dark-1440": "map-picture",
}
_NOTE = """# What holds

The appointment book is the whole trick; **nothing is pruned**. Compare [[{other}]].

> A head that is not called need not be fast.

- ask whether the book itself is ever read
- the figure in section 4 is `n = 3`
"""
TODAY = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)
TAGS = {
    "agents": 0.3,
    "benchmarks": 0.15,
    "diffusion": 0.5,
    "llm/reasoning": 0.7,
    "rl": 0.6,
    "speech": 0.2,
    "vision": 0.4,
}
"""The tags of the statistics' picture, each with the share of its papers that is kept."""
SCHOOLS = ("University of Lower Saxony Street", "Institute for Slow Science", "Harbour Lab", "Quiet Systems Group")


def read_for_weeks(folder: Path) -> None:
    """Make a library of invented papers with which somebody worked for ten weeks."""
    chance = random.Random(7)
    present = TODAY - timedelta(days=70)
    with Library(folder, clock=lambda: present) as library:
        for day in range(71):
            present = TODAY - timedelta(days=70 - day)
            if present.weekday() < 5 and day % 3:
                brought = chance.randint(9, 26)
                school = partial(chance.choice, SCHOOLS)
                entries = [
                    {
                        "title": f"Paper {number} of Day {day}",
                        "publishedAt": f"{present:%Y-%m-%d}T00:00:00.000Z",
                        "organization": {"name": (name := school()).lower().replace(" ", "-"), "fullname": name},
                        "paper": {"id": f"{present:%y%m}.{day:02}{number:03}", "summary": f"What {number} is about."},
                    }
                    for number in range(brought)
                ]
                for _ in library.imports.text(json.dumps(entries), f"day {day}"):
                    pass
            inbox = list(library.views.paper_ids(View(ViewKind.INBOX)))
            for paper_id in chance.sample(inbox, min(len(inbox), chance.randint(0, 18))):
                tag = chance.choice(tuple(TAGS))
                library.states.set_seen([paper_id], True)
                if chance.random() < 0.6:
                    library.tags.add([paper_id], [tag])
                if chance.random() < 0.85:
                    kept = PaperState.QUEUED if chance.random() < 0.5 else PaperState.DONE
                    library.states.set([paper_id], kept if chance.random() < TAGS[tag] else PaperState.DISMISSED)


def decide_by_topic(library: Library) -> None:
    """Decide as somebody would who likes two topics and not three others, mostly."""
    chance = random.Random(5)
    topics = [topic.id for topic in library.topics.stored()]
    for topic_id in topics[:5]:
        is_liked = topic_id in topics[1:3]
        for paper_id in library.topics.paper_ids(topic_id)[:22]:
            if chance.random() < 0.9:
                kept = PaperState.DONE if chance.random() < 0.6 else PaperState.QUEUED
                library.states.set([paper_id], kept if is_liked else PaperState.DISMISSED)


class InventedNetwork:
    """Stands in for the network: each page of Daily Papers, and each search, finds papers of the sample."""

    def __init__(self, entries: list[dict[str, object]]) -> None:
        """``entries`` are papers as Hugging Face writes them."""
        self._entries = entries

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def hold(self, *_: object) -> None:
        """Nobody asks for a pause."""

    def held(self) -> dict[str, tuple[float, str]]:
        """No host asks for one."""
        return {}

    def get(self, address: str, **_: object) -> Answer:
        """Answer a search with some papers, and a day with others; a feed does not answer."""
        if "example.org" in address:
            raise FetchError("example.org did not answer in time. Try again later.", 3_600)
        found = self._entries[:6] if "search" in address else self._entries[6:32]
        return Answer(200, {}, json.dumps(found).encode(), address)


def sample_entries() -> list[dict[str, object]]:
    """The papers of the sample as Hugging Face writes them."""
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder) / "library", clock=lambda: TODAY) as library:
        for _ in library.imports.paths([resource_path("sample", "daily-papers-sample.txt")]):
            pass
        papers = list(library.papers.read(library.views.paper_ids(View(ViewKind.ALL))))
    return [
        {
            "title": paper.title,
            "numComments": paper.comments or 0,
            "paper": {
                "id": f"2604.{number:05}",
                "title": paper.title,
                "summary": paper.abstract,
                "upvotes": paper.upvotes or 0,
                "publishedAt": f"{TODAY:%Y-%m-%d}T00:00:00.000Z",
                "authors": [{"name": name} for name in paper.authors],
            },
        }
        for number, paper in enumerate(papers, start=101)
    ]


class Photographer:
    """Drives one window and takes its pictures."""

    def __init__(
        self, application: QApplication, folder: Path, library: Path, wanted: dict[str, str] | None = None
    ) -> None:
        """``library`` is a folder for throwaway libraries; of the pictures only the ``wanted`` are kept, renamed."""
        self._folder = folder
        self._wanted = wanted
        self._themes = ThemeSwitch(application)
        self._scheme = Scheme.LIGHT
        self._library = library
        folder.mkdir(parents=True, exist_ok=True)

    def take_all(self) -> None:
        """Every picture."""
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            self._scheme = scheme
            for size in SIZES:
                name = f"{scheme.value}-{size[0]}"
                self._take_empty(size, name)
                self._take_views(size, name)
                self._take_statistics(size, name)
                self._take_subscriptions(size, name)
                self._take_map(size, name)
                self._take_taste(size, name)
                self._take_sync(size, name)

    def _window(self, size: tuple[int, int], folder: str) -> MainWindow:
        library = Library(self._library / folder, clock=lambda: TODAY)
        write_setting(library.folder, "appearance.theme", self._scheme)
        window = MainWindow(Workspace(library), self._themes, Environment())
        window.resize(*size)
        window.panes.spread(size[0])
        window.show()
        window.begin()
        self._settle(window)
        return window

    def _take_empty(self, size: tuple[int, int], name: str) -> None:
        window = self._window(size, f"empty-{name}")
        self._save(window, f"welcome-{name}")
        window.imports.begin(Text(_undated_page(), "pasted page"))
        self._settle(window)
        self._save(window, f"preview-{name}")
        window.close()

    def _take_views(self, size: tuple[int, int], name: str) -> None:
        window = self._window(size, f"sample-{name}")
        window.imports.begin(Paths((resource_path("sample", "daily-papers-sample.txt"),)))
        self._settle(window)
        self._save(window, f"import-{name}")
        self._live_in(window)
        self._save(window, f"listing-{name}")
        shots: list[tuple[str, Callable[[], None]]] = [
            ("focus", lambda: window.runner.run("paper.read")),
            ("palette", lambda: window.runner.run("view.palette")),
            ("keys", lambda: window.runner.run("help.keys")),
            ("settings", lambda: window.runner.run("view.settings")),
            ("about", lambda: window.runner.run("help.about")),
            ("prompt", lambda: window.runner.run("listing.rename")),
        ]
        for shot, act in shots:
            act()
            self._settle(window)
            self._save(window, f"{shot}-{name}")
            for overlay in window.findChildren(Overlay):
                overlay.dismiss()
            window.panes.set_focus_reading(False)
            self._settle(window)
        for kind in (ViewKind.INBOX, ViewKind.QUEUE, ViewKind.STARRED, ViewKind.READING):
            window.navigator.open(View(kind))
            self._settle(window)
            self._save(window, f"{kind.value}-{name}")
        self._take_meaning(window, name)
        self._take_highlights(window, name)
        self._take_export(window, name)
        self._take_triage(window, name)
        self._take_notes(window, name)
        window.close()

    def _take_meaning(self, window: MainWindow, name: str) -> None:
        """A search by meaning with the papers it thought of, and papers like the first that it found."""
        window.navigator.open(View(ViewKind.ALL))
        for _ in window.workspace.library.index.update():
            pass
        window.searching.show("~sparse attention")
        self._settle(window)
        self._save(window, f"meaning-{name}")
        window.runner.run("paper.similar")
        self._settle(window)
        self._save(window, f"like-{name}")

    def _take_export(self, window: MainWindow, name: str) -> None:
        """The sheet, and the look at what would change in a vault in which somebody went on writing."""
        vault = self._library / f"vault-{name}" / "Notes"
        vault.mkdir(parents=True)
        window.settings.set("export.vault", str(vault))
        self._look_at_export(window, f"export-sheet-{name}").accept()
        self._settle(window)
        edited, deleted, *_ = sorted(vault.rglob("*.md"))
        edited.write_text(edited.read_text("utf-8").replace("\n^paper\n", "\nTo be read again.\n\n^paper\n"), "utf-8")
        deleted.unlink()
        library = window.workspace.library
        ids = library.exports.annotated()
        library.tags.add(ids[:5], ["to try"])
        library.notes.append(ids[2], "The appointment book is what makes this work. Ask for the code.")
        library.states.set_starred(list(library.views.paper_ids(View(ViewKind.ALL)))[20:24], True)
        preview = self._look_at_export(window, f"export-again-{name}")
        rows = [preview.model.file(row) for row in range(preview.model.rowCount())]
        preview.files.go_to(next(row for row, file in enumerate(rows) if file and file.paper_id == ids[2]))
        self._settle(window)
        self._save(window, f"export-{name}")
        preview.dismiss()
        self._settle(window)

    def _look_at_export(self, window: MainWindow, name: str) -> ExportPreview:
        """Take a picture of the sheet and go on to the preview."""
        window.runner.run("export.open")
        self._settle(window)
        self._save(window, name)
        assert window.exports.sheet is not None
        window.exports.sheet.preview()
        self._settle(window)
        assert window.exports.preview is not None
        return window.exports.preview

    def _take_triage(self, window: MainWindow, name: str) -> None:
        """In the middle of a triage, and its end."""
        window.navigator.open(View(ViewKind.INBOX))
        self._settle(window)
        for command in ("triage.begin", "paper.dismiss", "paper.queue", "paper.dismiss"):
            window.runner.run(command)
            self._settle(window)
        self._save(window, f"triage-{name}")
        window.runner.run("go.escape")
        self._settle(window)
        self._save(window, f"tally-{name}")
        for overlay in window.findChildren(Overlay):
            overlay.dismiss()
        self._settle(window)

    def _take_statistics(self, size: tuple[int, int], name: str) -> None:
        """How somebody read for some weeks, as pictures and as tables."""
        folder = f"read-{name}"
        read_for_weeks(self._library / folder)
        window = self._window(size, folder)
        window.runner.run("go.statistics")
        self._settle(window)
        self._save(window, f"statistics-{name}")
        for view in window.findChildren(StatisticsView):
            view.toggle_tables()
        self._save(window, f"tables-{name}")
        window.close()

    def _take_map(self, size: tuple[int, int], name: str) -> None:
        """The topics of an invented field, as a list and as a picture, and what an update would change."""
        folder = f"field-{name}"
        with Library(self._library / folder, clock=lambda: TODAY) as library:
            for _ in library.imports.text(invented_field(), "field"):
                pass
            library.topics.make(complete=True)
            for _ in library.imports.text(invented_field(90, seed=8), "more of it"):
                pass
            library.meaning.space(complete=True)
        window = self._window(size, folder)
        window.runner.run("go.map")
        self._settle(window)
        self._save(window, f"map-{name}")
        assert window.topics.sheet is not None
        window.topics.sheet.toggle_picture()
        self._settle(window)
        self._save(window, f"map-picture-{name}")
        window.runner.run("topic.update")
        self._settle(window)
        self._save(window, f"map-update-{name}")
        window.close()

    def _take_taste(self, size: tuple[int, int], name: str) -> None:
        """The inbox "for you", why a paper is there, what came of some decisions, and what was learned."""
        folder = f"taste-{name}"
        with Library(self._library / folder, clock=lambda: TODAY) as library:
            for _ in library.imports.text(invented_field(480), "field"):
                pass
            library.topics.make(complete=True)
            decide_by_topic(library)
            assert library.meaning.space(complete=True) is not None
        window = self._window(size, folder)
        window.arranging.sort_by(SortBy.FOR_YOU)
        self._settle(window)
        for command in ("go.first", *["go.next"] * 9):
            window.runner.run(command)
        self._wait(window, lambda: bool(window.panes.reasons.words.text()))
        self._save(window, f"foryou-{name}")
        window.runner.run("go.first")
        self._settle(window)
        window.runner.run("paper.reasons")
        self._settle(window)
        self._save(window, f"reasons-{name}")
        for overlay in window.findChildren(Overlay):
            overlay.dismiss()
        for command in ("paper.dismiss", "paper.queue", "paper.dismiss"):
            window.runner.run(command)
            self._settle(window)
        self._wait(window, lambda: "since" in window.panes.pane.foot.text())
        self._save(window, f"since-{name}")
        window.runner.run("taste.learned")
        self._settle(window)
        self._save(window, f"learned-{name}")
        window.close()

    def _take_subscriptions(self, size: tuple[int, int], name: str) -> None:
        """Subscriptions over what they brought, one of them in trouble, and a line that is understood."""
        window = self._window(size, f"subscribed-{name}")
        library = window.workspace.library
        network = InventedNetwork(sample_entries())
        library.subscriptions.make_client = lambda _: network  # type: ignore[assignment,return-value]
        for kind, argument in (
            (SubscriptionKind.DAILY, "day"),
            (SubscriptionKind.SEARCH, "appointment book"),
            (SubscriptionKind.FEED, "https://example.org/journal/feed.xml"),
        ):
            library.subscriptions.add(kind, argument)
        made, _ = library.subscriptions.add(SubscriptionKind.ARXIV, "cs.CL+cs.LG")
        window.workspace.announce(Change.of(Field.SUBSCRIPTIONS))
        self._settle(window)
        window.subscriptions.fetching.fetch_due()
        self._settle(window)
        library.subscriptions.note_check(made, SubscriptionCheck("2026-04-02T07:30:00Z"))
        window.workspace.announce(Change.of(Field.SUBSCRIPTIONS))
        window.panes.notice.dismiss()
        window.panes.status.say("")
        window.navigator.open(View(ViewKind.SUBSCRIPTION, subscription_id=1))
        self._settle(window)
        window.runner.run("subscription.add")
        assert window.subscriptions.sheet is not None
        window.subscriptions.sheet.line.setText("stat.ML")
        self._settle(window)
        self._save(window, f"subscriptions-{name}")
        window.close()

    def _take_sync(self, size: tuple[int, int], name: str) -> None:
        """Joining a shared folder, and what two machines said differently."""
        target = self._library / f"shared-{name}"
        target.mkdir()
        with Library(self._library / f"laptop-{name}" / "Anna’s papers", clock=lambda: TODAY) as laptop:
            for _ in laptop.imports.paths([resource_path("sample", "daily-papers-sample.txt")]):
                pass
            ids = list(laptop.views.paper_ids(View(ViewKind.ALL)))
            laptop.tags.add(ids[:5], ["method/diffusion"])
            laptop.sync.begin(str(target), "Laptop")
            laptop.sync.run()
            window = self._window(size, f"desktop-{name}")
            window.runner.run("sync.open")
            (sheet,) = window.findChildren(SetUpSheet)
            sheet.name.setText("Desktop")
            sheet.target.setText(str(target))
            self._wait(window, sheet.do_button.isEnabled)
            sheet.target.blockSignals(True)
            sheet.target.setText("/home/anna/Nextcloud/Lectern")
            self._save(window, f"sync-{name}")
            sheet.dismiss()
            desktop = window.workspace.library
            desktop.sync.join(str(target), "Desktop")
            desktop.sync.run()
            laptop.tags.set_color("method/diffusion", "#3b78c4")
            desktop.tags.set_color("method/diffusion", "#c0413f")
            for library, states in ((laptop, _LAPTOP_STATES), (desktop, _DESKTOP_STATES)):
                for number, state in enumerate(states):
                    key = laptop.papers.get(ids[number]).key
                    library.states.set([library.papers.with_key(key).id], state)
            laptop.sync.run()
            desktop.sync.run()
        window.sync.begin()
        window.workspace.read_all()
        window.navigator.open(View(ViewKind.ALL))
        self._settle(window)
        window.runner.run("go.beside")
        self._settle(window)
        self._save(window, f"beside-{name}")
        window.close()

    def _take_highlights(self, window: MainWindow, name: str) -> None:
        """Letters on the sentences of a paper with highlights, and the view of all highlights."""
        library = window.workspace.library
        ids = library.views.paper_ids(View(ViewKind.ALL))
        for paper_id, number, label, comment in (
            (ids[5], 2, "Claim", ""),
            (ids[4], 1, "Method", "The appointment book again, in other words."),
            (ids[1], 2, "Method", ""),
            (ids[1], 3, "Result", "Does anybody look at a status page?"),
            (ids[1], 7, "Question", ""),
        ):
            sentences = sentences_of(library.papers.get(paper_id))
            library.highlights.add(paper_id, [sentences[number % len(sentences)]], label=label, comment=comment)
        window.workspace.refresh_counts()
        window.navigator.open(View(ViewKind.ALL), ids[1])
        self._settle(window)
        for _ in range(50):  # until the search index has learned of them, which the status line shows
            if not window.panes.status.is_working:
                break
            self._settle(window)
        window.runner.run("highlight.sentences")
        self._settle(window)
        self._save(window, f"labels-{name}")
        window.highlights.leave()
        window.runner.run("go.highlights")
        self._settle(window)
        self._save(window, f"highlights-{name}")

    def _take_notes(self, window: MainWindow, name: str) -> None:
        """A note with what it looks like beside it, and the line that tags some papers."""
        library = window.workspace.library
        ids = list(library.views.paper_ids(View(ViewKind.ALL)))
        for tag, color, papers in (
            ("method/diffusion", "#3b78c4", ids[:4]),
            ("rl", "#c0413f", ids[1:7]),
            ("rl/bandits", None, ids[2:3]),
            ("to-try", "#3d8b46", ids[3:9]),
        ):
            library.tags.add(papers, [tag])
            library.tags.set_color(tag, color)
        library.tags.set_favorite("to-try", 1)
        other = library.papers.get(ids[4]).title
        library.notes.save(ids[2], _NOTE.format(other=other), revision=None)
        window.workspace.refresh_counts()
        window.navigator.open(View(ViewKind.ALL), ids[2])
        self._settle(window)
        for command in ("note.edit", "note.preview"):
            window.runner.run(command)
            self._settle(window)
        self._save(window, f"note-{name}")
        window.notes.leave()
        window.panes.papers.select_papers(ids[1:5])
        window.runner.run("tag.edit")
        self._settle(window)
        self._save(window, f"tags-{name}")

    def _live_in(self, window: MainWindow) -> None:
        """Decide some papers, as if the library had been in use for a while."""
        library = window.workspace.library
        listing = library.listings.all()[0]
        view = View(ViewKind.LISTING, listing_ids=(listing.id,))
        ids = list(library.views.paper_ids(view))
        library.listings.rename(listing.id, "Daily Papers")
        window.workspace.refresh_listings()
        library.states.set_seen(ids[:5] + ids[8:11], True)
        library.states.set(ids[1:3] + ids[12:15], PaperState.QUEUED)
        library.states.set([ids[3]], PaperState.DISMISSED)
        library.states.set([ids[5]], PaperState.DONE)
        library.states.set([ids[6]], PaperState.READING)
        library.states.set_starred([ids[2], ids[7], ids[13]], True)
        window.panes.notice.dismiss()
        window.workspace.refresh_counts()
        window.navigator.open(view, ids[1])
        self._settle(window)

    def _settle(self, window: MainWindow) -> None:
        """Wait until nothing is going on any more."""
        loop = QEventLoop()
        timer = QTimer()
        timer.setInterval(60)
        quiet = 0

        def look() -> None:
            nonlocal quiet
            quiet = quiet + 1 if window.workspace.tasks.is_idle else 0
            if quiet >= 3:
                loop.quit()

        timer.timeout.connect(look)
        timer.start()
        loop.exec()

    def _wait(self, window: MainWindow, holds: Callable[[], bool]) -> None:
        """Wait until something is shown that comes a moment later."""
        for _ in range(50):
            self._settle(window)
            if holds():
                return

    def _save(self, window: QWidget, name: str) -> None:
        if self._wanted is not None and name not in self._wanted:
            return
        path = self._folder / f"{name if self._wanted is None else self._wanted[name]}.png"
        if not window.grab().save(str(path)):
            raise OSError(f"{path} could not be written")


def _undated_page() -> str:
    """The sample's beginning without its dates, and a line that belongs nowhere."""
    sample = resource_path("sample", "daily-papers-sample.txt").read_text(encoding="utf-8")
    blocks = [block for block in sample.split("\n\n")[:20] if "\n·\n" not in block]
    return "\n\n".join([*blocks, "A line that belongs to nothing"])


def main() -> None:
    """Take every picture into the folder given, else those of the documentation."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENTATION
    wanted = None if len(sys.argv) > 1 else PICTURES
    application = make_application(["lectern"])
    collector = CycleCollector(application)
    with tempfile.TemporaryDirectory() as libraries:
        Photographer(application, folder, Path(libraries), wanted).take_all()
    collector.stop()


if __name__ == "__main__":
    main()
