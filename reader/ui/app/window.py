"""The window of one library: puts the parts together; the parts carry out the commands."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from reader.domain.papers import Listing
from reader.domain.selection import ViewCounts
from reader.domain.settings import Settings
from reader.domain.views import View, ViewKind
from reader.services.process.diagnostics import CrashReport
from reader.ui.annotations.commands import AnnotationViews
from reader.ui.app.context import Context, Part
from reader.ui.app.environment import Environment
from reader.ui.app.focus import FocusKeeping
from reader.ui.app.news import NewsWatch
from reader.ui.app.timers import make_timer
from reader.ui.app.window_state import WindowState, load_state, save_state
from reader.ui.app.workspace import Workspace
from reader.ui.commands.chord_popup import ChordHint
from reader.ui.commands.help import Help
from reader.ui.commands.key_chords import Chord, Pending, shown_chord
from reader.ui.commands.key_events import KeyDispatcher
from reader.ui.commands.menus import fill_menu_bar, paper_menu
from reader.ui.commands.runner import Acts, CommandRunner
from reader.ui.commands.table import COMMANDS_BY_ID, Where
from reader.ui.detail.document import Look
from reader.ui.documents.commands import DocumentCommands
from reader.ui.export.commands import ExportCommands
from reader.ui.highlights.commands import HighlightCommands
from reader.ui.history.undo import Undoing
from reader.ui.listings.catch_up import CatchUp
from reader.ui.listings.commands import ListingCommands
from reader.ui.listings.import_flow import ImportFlow
from reader.ui.listings.import_sources import Importing
from reader.ui.listings.watched_folder import WatchedFolder
from reader.ui.look.commands import Appearance
from reader.ui.look.themes import ThemeSwitch
from reader.ui.look.wording import joined
from reader.ui.maintenance.commands import LibraryKeeping
from reader.ui.maintenance.restore import Restoring
from reader.ui.maintenance.upkeep import Upkeep
from reader.ui.mute_rules.commands import Muting
from reader.ui.navigation.back_forward import Visits
from reader.ui.navigation.commands import Moves
from reader.ui.navigation.jump import Jumping
from reader.ui.navigation.navigator import ViewNavigator
from reader.ui.navigation.reader import Reader
from reader.ui.navigation.sort_and_group import Arranging
from reader.ui.notes.commands import NoteCommands
from reader.ui.overlays.overlay import renew_below
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.paper_actions.completion import Completing
from reader.ui.paper_actions.copy import Copying
from reader.ui.paper_actions.decisions import PaperOperations
from reader.ui.paper_actions.duplicates import Duplicates
from reader.ui.paper_actions.link_hints import LinkCommands
from reader.ui.paper_actions.open_in_browser import PaperOpening
from reader.ui.paper_actions.queue import QueueCommands
from reader.ui.paper_actions.repeat import Repeating
from reader.ui.paper_actions.snooze import Burying
from reader.ui.search.index_keeper import IndexKeeping
from reader.ui.search.index_news import IndexNews
from reader.ui.search.likeness import Likeness
from reader.ui.search.live_search import Searching
from reader.ui.search.saved import SavedSearches
from reader.ui.search.saved_editor import SavedSearchEditing
from reader.ui.settings.commands import SettingsCommands
from reader.ui.settings.keeper import SettingsKeeper
from reader.ui.shell.panes import Panes
from reader.ui.statistics.commands import StatisticsCommands
from reader.ui.subscriptions.commands import SubscriptionCommands
from reader.ui.sync.commands import SyncCommands
from reader.ui.tags.commands import TagCommands
from reader.ui.taste.commands import TasteCommands
from reader.ui.topics.commands import TopicCommands
from reader.ui.triage.commands import Triage

_SIZE = (1280, 820)
_LEAST_SIZE = (720, 480)
# The place is saved once the user has stayed there this long, so that a power cut loses none.
_STATE_KEPT_AFTER_MS = 1_500


class MainWindow(QMainWindow):
    """Shows one library until it is closed."""

    sample_wanted = Signal()
    """The user wants to see the sample, or is done with it."""
    closing = Signal()
    """The window is gone, and the library about to be closed."""
    closed = Signal()
    """The window is gone and the library closed."""

    def __init__(
        self,
        workspace: Workspace,
        themes: ThemeSwitch,
        environment: Environment,
        *,
        is_sample: bool = False,
        settings: Settings | None = None,
    ) -> None:
        """``is_sample`` tells that nothing of the library will be kept, nor of ``settings``, which then hold.

        Call :meth:`begin` to read the library.
        """
        super().__init__()
        self.workspace = workspace
        workspace.setParent(self)
        self._environment = environment
        self._is_sample = is_sample
        self._state = load_state(workspace.library.folder)
        self.settings = SettingsKeeper(workspace, given=settings or Settings() if is_sample else None)
        self.appearance = Appearance(self, themes, self.settings)
        self.runner = CommandRunner(self._is_here, self)
        self.panes = Panes(workspace.library.papers.rows, self.runner.run, self.appearance.look)
        self.setCentralWidget(self.panes)
        self.navigator = ViewNavigator(workspace, self.panes.sidebar_model, self.panes.pane)
        self.reader = Reader(workspace, self.panes.papers, self.panes.detail, environment.clock)
        self.searching = Searching(workspace, self.panes, self.navigator)
        self._make_parts(
            Context(
                window=self,
                environment=environment,
                state=self._state,
                is_sample=is_sample,
                workspace=workspace,
                settings=self.settings,
                appearance=self.appearance,
                runner=self.runner,
                panes=self.panes,
                navigator=self.navigator,
                reader=self.reader,
                searching=self.searching,
            )
        )
        self._connect()
        fill_menu_bar(self.menuBar(), self.runner)
        self._paper_menu = paper_menu(self, self.runner)
        self._dispatch_keys()
        self._take_shape()
        self._keep_state_soon = make_timer(self, self._save_state, _STATE_KEPT_AFTER_MS)

    def _make_parts(self, context: Context) -> None:
        """Make what carries out the commands, and bind these."""
        FocusKeeping(self.panes, self)
        self.moves = Moves(context)
        self.saved = SavedSearches(context)
        self.arranging, self.visits = Arranging(context), Visits(context)
        self.jumping = Jumping(context, self.saved)
        self.repeating = Repeating(context)
        self.operations = PaperOperations(context, self.repeating)
        self.queueing, self.copying = QueueCommands(context), Copying(context)
        self.burying = Burying(context, self.repeating)
        self.undoing = Undoing(context)
        self.tagging = TagCommands(context, self.repeating)
        self.opening = PaperOpening(context)
        self.documents = DocumentCommands(context, self.opening, lambda: self.highlights, lambda: self.keeping.work)
        self.notes = NoteCommands(context, self.opening.open_address)
        self.highlights = HighlightCommands(context, self.documents.open_at)
        self.annotations = AnnotationViews(context, self.moves, self.highlights)
        self.listings = ListingCommands(context, self._current_listing)
        self.imports = ImportFlow(context)
        self.indexing = IndexKeeping(self.workspace)
        self.upkeep = Upkeep(self.workspace, context.environment.clock)
        self.restoring = Restoring(context, self.indexing)
        self.keeping = LibraryKeeping(context, self.restoring, self.imports)
        self.importing = Importing(context, self.imports, self.keeping.bundles.take, self.documents.take)
        self.completing = Completing(context, self.imports, self.keeping.work)
        self.watched = WatchedFolder(context, self.imports)
        self.subscriptions = SubscriptionCommands(context, self._is_importing)
        self.subscriptions.fetching.fetched.connect(self.completing.take_new)
        self.topics = TopicCommands(context)
        self.exports = ExportCommands(context, self.notes.flush)
        self.preferences = SettingsCommands(context)
        self.taste = TasteCommands(context, self.arranging, partial(self.runner.run, "subscription.fetch_all"))
        self.sync = SyncCommands(context)
        self.help = Help(context, self.jumping, self.opening.open_address)
        self.triage = Triage(context)
        for part in (Muting, Duplicates, LinkCommands, CatchUp, StatisticsCommands, Likeness):
            part(context)
        SavedSearchEditing(context, self.saved)
        for made in self.workspace.findChildren(Part):
            self.runner.bind(made.acts())
        self.runner.bind(self.searching.acts() | self.appearance.acts() | self._acts())

    def begin(self, files: Sequence[Path] = ()) -> None:
        """Show the library where it was left, then import ``files``."""
        self.navigator.return_to_places(self._state.view_places)
        self.arranging.resume(self._state)
        self.visits.resume(self._state)
        self.workspace.read_all()
        self.subscriptions.begin()
        self.taste.begin()
        self.sync.begin()
        self.panes.pane.focus_list()
        self.panes.papers.current_changed.connect(self._keep_state_soon.start)
        self.indexing.start()
        self.notes.offer_drafts()
        if self._is_sample:
            self.panes.notice.show_text(
                "This is the sample: invented papers to try things on. Nothing here is kept.",
                ("Close the sample", self.close),
                closable=False,
            )
        elif self.workspace.library.warning:
            self.panes.notice.show_text(self.workspace.library.warning)
        if files:
            self.import_files(files)

    def import_files(self, files: Sequence[Path]) -> None:
        """Import files that were given from outside; a bundle is no listing, but asked about."""
        self.importing.take_files(files)

    def save(self) -> None:
        """Save notes and the place shown, without closing anything."""
        self.notes.flush()
        self._keep_state_soon.stop()
        self._save_state()

    def _acts(self) -> Acts:
        """The commands that concern the window itself."""
        return {
            "library.sample": self.sample_wanted.emit,
            "library.close_sample": self.close,
            "window.close": self.close,
        }

    def _connect(self) -> None:
        panes, status = self.panes, self.panes.status
        if self._is_sample:
            self.moves.outermost = self.close
            self.runner.set_title("window.close", "Back to your library")
            self.runner.set_note("window.close", "Close the sample")
        self.appearance.changed.connect(self._set_look)
        self._set_look(self.appearance.look)
        for part in (self.reader, self.opening):
            self.settings.changed.connect(part.use)
            part.use(self.settings.settings)
        self.workspace.said.connect(status.say)
        self.workspace.failed.connect(self._show_failure)
        self.workspace.crashed.connect(self.show_crash)
        panes.paper_model.read_failed.connect(self.workspace.report_failure)
        self.runner.refused.connect(status.say)
        self.workspace.counts_read.connect(self._show_counts)
        self.workspace.listings_read.connect(panes.sidebar_model.set_listings)
        self.workspace.listings_read.connect(self.navigator.listings_changed)
        self.subscriptions.statuses.arrived.connect(panes.sidebar_model.set_subscriptions)
        self.subscriptions.statuses.arrived.connect(self.navigator.subscriptions_changed)
        self.navigator.opened.connect(self._view_opened)
        self.reader.shown.connect(self._show_position)
        panes.papers.selection_changed.connect(self._show_position)
        self.indexing.caught_up.connect(self.searching.take_in_what_was_indexed)
        self.indexing.caught_up.connect(self.topics.read)
        self.indexing.caught_up.connect(self.taste.catch_up)
        IndexNews(self.indexing, status, lambda: self.keeping.is_working or self.exports.is_running, self._show_failure)
        self.closing.connect(self.exports.finish)
        self.closing.connect(self.watched.close)
        self.closing.connect(self.subscriptions.close)
        self.closing.connect(self.sync.close)
        self.restoring.beginning.connect(self.subscriptions.fetching.cancel)
        self.restoring.beginning.connect(self.sync.rest)
        self.restoring.ended.connect(self.sync.begin)
        self.news = NewsWatch(self.workspace, self.navigator, self.importing, self.subscriptions.fetching, self)
        self.closing.connect(self.news.close)
        self.restoring.ended.connect(self.news.begin)
        self.restoring.beginning.connect(self.navigator.clear)
        self.restoring.ended.connect(self._read_everything)
        panes.detail.link_chosen.connect(self.opening.open_address)
        panes.detail.command_chosen.connect(self.runner.run)
        panes.papers.menu_wanted.connect(self._show_paper_menu)
        for told in (self.settings.changed, self.workspace.changes_of(), self.navigator.opened):
            told.connect(self._renew_below)

    def _is_importing(self) -> bool:
        """Whether an import shows its progress."""
        return self.imports.is_running

    def _renew_below(self) -> None:
        """What is below an overlay may look otherwise now."""
        renew_below(self)

    def _dispatch_keys(self) -> None:
        self.keys = KeyDispatcher(self.runner.keymap.trie, self.runner.run, COMMANDS_BY_ID.__getitem__, self)
        self.hint = ChordHint(self, partial(self.saved.named, self.runner.title), self.saved.is_of_use)
        self.runner.keymap_changed.connect(self.keys.set_keymap)
        self.keys.pending_changed.connect(self._show_pending)
        self.keys.unmatched.connect(self._show_unmatched)
        panes = self.panes
        for widget in (self, panes.sidebar, panes.papers, panes.detail, panes.pane.empty, panes.pane.search.edit):
            self.keys.watch(widget)
        for other in (panes.note.editor, panes.note.view, self.annotations.pane.edit):
            self.keys.watch(other)

    def _take_shape(self) -> None:
        """Take the size and place of last time, where that is still on a screen."""
        self.setWindowTitle("Lectern — sample" if self._is_sample else "Lectern")
        self.setAcceptDrops(True)
        self.setMinimumSize(*_LEAST_SIZE)
        self.resize(*_SIZE)
        with suppress(ValueError):
            self.restoreGeometry(b64decode(self._state.geometry, validate=True))
        available = QGuiApplication.primaryScreen().availableGeometry()
        if not any(screen.availableGeometry().intersects(self.geometry()) for screen in QGuiApplication.screens()):
            self.setGeometry(QRect(available.topLeft(), self.size().boundedTo(available.size())))
        if len(self._state.splitter) == self.panes.splitter.count() and min(self._state.splitter) > 0:
            self.panes.splitter.setSizes(self._state.splitter)
        else:
            self.panes.spread(self.width())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the place, stop what is running and close the library."""
        if not self.notes.finish():
            event.ignore()
            return
        self.imports.cancel()
        self._keep_state_soon.stop()
        self._save_state()
        # What the index is learning just now may take a second to end; nobody should have to look at that.
        self.hide()
        self.closing.emit()
        self.keeping.close()
        self.indexing.close()
        self.workspace.close()
        self.closed.emit()
        event.accept()

    def _save_state(self) -> None:
        state = WindowState(
            geometry=b64encode(self.saveGeometry().data()).decode(),
            splitter=self.panes.splitter.sizes() if not self.panes.is_focus_reading else self._state.splitter,
            paper_id=self.panes.papers.current_paper_id,
            import_folder=self._state.import_folder,
        )
        state.remember_view(self.navigator.view or View(ViewKind.INBOX))
        state.remember_places(self.navigator.places())
        self.arranging.remember(state)
        self.visits.remember(state)
        save_state(self.workspace.library.folder, state)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files, folders and text can be dropped anywhere."""
        if self.importing.takes(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Import what was dropped; a PDF belongs to the paper that it was dropped on."""
        if self.importing.drop(event.mimeData(), self._paper_at(event.position().toPoint())):
            event.acceptProposedAction()

    def _paper_at(self, place: QPoint) -> int | None:
        """The paper of which a row, or the text, is shown at a place; None if none is."""
        under, panes, annotations = self.childAt(place), self.panes, self.annotations.pane
        if under is panes.papers.viewport():
            row = panes.papers.rowAt(under.mapFrom(self, place).y())
            return panes.paper_model.entries.paper_id(row) if row >= 0 else None
        if under is annotations.list.viewport():
            return annotations.model.paper_id(annotations.list.rowAt(under.mapFrom(self, place).y()))
        paper = panes.detail.paper if under is panes.detail.viewport() else None
        return paper.id if paper is not None else None

    def _read_everything(self) -> None:
        self.workspace.read_all()
        self.subscriptions.statuses.refresh()
        self.navigator.open(View(ViewKind.INBOX))

    def _show_counts(self, counts: ViewCounts) -> None:
        self.panes.sidebar_model.set_counts(counts)
        self.panes.show_welcome(counts.all == 0)

    def _view_opened(self, view: View) -> None:
        self.panes.sidebar.mark(view)

    def _show_position(self) -> None:
        row = self.panes.papers.current_row
        place, total = self.panes.paper_model.entries.position(row)
        where = f"{place:,} / {total:,}" if row >= 0 else ""
        where = self.annotations.position if self.annotations.is_shown else where
        papers = self.panes.papers
        selected = f"{papers.selected_count:,} selected" if papers.is_selecting else ""
        self.panes.status.show_position(joined((selected, where)))

    def _show_failure(self, sentence: str) -> None:
        """Where it cannot be overlooked, but in nobody's way."""
        if self.panes.status.has_room_for(sentence):
            self.panes.status.say_error(sentence)
        else:
            self.panes.notice.show_text(sentence, ("Copy", partial(QGuiApplication.clipboard().setText, sentence)))

    def show_crash(self, error: BaseException) -> None:
        """A fault of ours: noted, and shown the first time."""
        report = self._environment.record(error)
        if report is not None:
            self.show_report(report)

    def show_report(self, report: CrashReport) -> None:
        """Where a fault of ours happened, to be copied; what it was at work on is no part of that."""
        show = partial(TextSheet, self, "What went wrong", report.details, fixed_width_font=True)
        copy = partial(self._copy, report.details)
        self.panes.notice.show_text(
            f"Internal error ({report.summary}). Your saved work is safe, and you can go on.",
            ("Copy details", copy),
            ("Details", show),
        )

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.panes.status.say("Copied")

    def _show_pending(self, pending: Pending | None) -> None:
        self.panes.status.show_pending(shown_chord(pending.keys) if pending is not None else "")
        self.hint.follow(pending)

    def _show_unmatched(self, chord: Chord) -> None:
        self.panes.status.say(f"{shown_chord(chord)} does nothing here")

    def _show_paper_menu(self, position: QPoint) -> None:
        self._paper_menu.popup(position)

    def _set_look(self, look: Look) -> None:
        self.panes.set_look(look)

    def _is_here(self, where: Where) -> bool:
        if where is Where.PAPER:
            return not self.panes.is_welcome_shown and self.panes.papers.current_paper_id is not None
        if where is Where.SAMPLE:
            return self._is_sample
        return where is Where.ANYWHERE or self._current_listing() is not None

    def _current_listing(self) -> Listing | None:
        """The listing marked in the left pane while that has the focus, else the one that is shown."""
        panes = self.panes
        marked = panes.sidebar_model.row(panes.sidebar.currentIndex().row()) if panes.sidebar.hasFocus() else None
        if marked is not None and marked.view is not None and marked.view.kind is ViewKind.LISTING:
            return panes.sidebar_model.listing(marked.view.listing_ids[0])
        listing_id = self.navigator.current_listing_id()
        return panes.sidebar_model.listing(listing_id) if listing_id is not None else None
