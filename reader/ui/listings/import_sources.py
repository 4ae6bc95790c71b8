"""Bringing files in: chosen, dropped, pasted or given from outside, and going to what they brought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication

from reader.domain.reports import ImportReport
from reader.domain.views import View
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.listings.import_flow import ImportFlow, Paths, Source, source_of


class Importing(Part):
    """Begins imports, and shows what came in unless the user has gone elsewhere meanwhile."""

    def __init__(
        self,
        context: Context,
        imports: ImportFlow,
        take_bundles: Callable[[Sequence[Path]], Sequence[Path]],
        take_documents: Callable[[Sequence[Path], int | None], Sequence[Path]],
    ) -> None:
        """``take_bundles`` asks about bundles among files and returns the other files.

        So does ``take_documents`` with PDF files, which it attaches to a paper, if one is given.
        """
        super().__init__(context)
        self._imports = imports
        self._chooser = context.environment.chooser
        self._state = context.state
        self._take_bundles, self._take_documents = take_bundles, take_documents
        self._place_before: tuple[View | None, int | None] = (None, None)
        self._has_opened = False
        self._navigator.opened.connect(self._view_opened)
        imports.began.connect(self._begun)
        imports.imported.connect(self._show)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "import.files": self._choose_files,
            "import.seen": partial(self._choose_files, as_seen=True),
            "import.folder": self._choose_folder,
            "import.paste": self._paste,
        }

    def take_files(self, files: Sequence[Path], paper_id: int | None = None) -> None:
        """Import files that were given from outside; a bundle is no listing, but asked about.

        PDF files are attached: to a paper if they were given for one.
        """
        given = Paths(tuple(self._take_documents(self._take_bundles(files), paper_id)))
        if not given.paths:
            return
        if self._has_opened:
            self._imports.begin(given)
        else:
            # Only once the view is there: whoever is shown another place afterwards has not moved from this one.
            begin = partial(self._begin_given, given)
            self._navigator.opened.connect(begin, Qt.ConnectionType.SingleShotConnection)

    def take_report(self, report: ImportReport) -> None:
        """Something else than this window imported: say so, and offer to show it."""
        self._place_before = (None, None)
        self._imports.take_report(report)

    def takes(self, data: QMimeData) -> bool:
        """Whether what is dragged over the window could be imported."""
        return source_of(data, "") is not None

    def drop(self, data: QMimeData, paper_id: int | None = None) -> bool:
        """Import what was dropped, on a paper perhaps; False if it is nothing to import."""
        source = source_of(data, _named("Dropped"))
        if source is not None:
            self._begin(source, paper_id)
        return source is not None

    def _begin(self, source: Source, paper_id: int | None = None) -> None:
        if isinstance(source, Paths):
            self.take_files(source.paths, paper_id)
        else:
            self._imports.begin(source)

    def _choose_files(self, *, as_seen: bool = False) -> None:
        paths = self._chooser.listing_files(self._window, self._folder())
        if paths:
            self._state.import_folder = str(paths[0].parent)
            self._imports.begin(Paths(tuple(paths), as_seen=as_seen))

    def _choose_folder(self) -> None:
        path = self._chooser.listing_folder(self._window, self._folder())
        if path is not None:
            self._state.import_folder = str(path)
            self._imports.begin(Paths((path,)))

    def _folder(self) -> Path:
        return Path(self._state.import_folder or Path.home())

    def _paste(self) -> None:
        source = source_of(QGuiApplication.clipboard().mimeData(), _named("Pasted"))
        if source is not None:
            self._begin(source)
        else:
            self._panes.status.say("The clipboard holds neither files nor the text of a listing")

    def _begin_given(self, given: Paths, _: object) -> None:
        self._imports.begin(given)

    def _view_opened(self, _: View) -> None:
        self._has_opened = True

    def _begun(self) -> None:
        self._place_before = self._place()

    def _place(self) -> tuple[View | None, int | None]:
        """Where the user is."""
        return self._navigator.view, self._panes.papers.current_paper_id

    def _show(self, report: ImportReport) -> None:
        """Go to what came in, unless the user has gone elsewhere meanwhile: then offer to."""
        fresh = [file.listing_id for file in report.files if file.listing_id is not None and not file.already_imported]
        show = partial(self._open, tuple(fresh))
        stayed = self._place() == self._place_before and not self._imports.was_unattended
        if fresh and stayed:
            show()
        self._imports.announce(report, *([("Show", show)] if fresh and not stayed else []))

    def _open(self, listing_ids: tuple[int, ...]) -> None:
        self._panes.show_welcome(False)
        self._panes.set_focus_reading(False)
        self._navigator.open_import(listing_ids)
        self._panes.pane.focus_list()


def _named(how: str) -> str:
    return f"{how} {datetime.now():%Y-%m-%d %H:%M:%S}"
