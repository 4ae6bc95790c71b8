"""The commands that maintain the library, and the maintenance that runs without being asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import QTimer, Signal

from reader.domain.backups import Backup, BackupLimits
from reader.domain.cancellation import Cancelled
from reader.domain.checks import Aspect, CheckReport
from reader.domain.errors import LibraryDamagedError, WorkCancelledError
from reader.domain.settings import Settings
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.commands.runner import Acts
from reader.ui.listings.import_flow import ImportFlow
from reader.ui.look.wording import counted
from reader.ui.maintenance.backup_timer import BackupTimer
from reader.ui.maintenance.bundles import Bundles
from reader.ui.maintenance.long_work import LongWork
from reader.ui.maintenance.restore import Restoring
from reader.ui.overlays.text_sheet import TextSheet

_LOG = logging.getLogger(__name__)
_CHECK_AFTER_MS = 3_000
"""Launching, and the first look at the papers, go before the check after a crash."""


class CrashChecker(Protocol):
    """The check after an unclean exit: :class:`~reader.services.process.ownership.Owner`."""

    def check_after_crash(self, cancelled: Cancelled) -> None:
        """Check the database; raises LibraryDamagedError if it is damaged."""


class LibraryKeeping(Part):
    """Backups, bundles, checks and what to do about damage."""

    damage_found = Signal(object)
    """The :class:`LibraryDamagedError` of a database that cannot be worked with."""

    def __init__(self, context: Context, restoring: Restoring, imports: ImportFlow) -> None:
        """Nothing happens by itself before :meth:`start`."""
        super().__init__(context)
        self._restoring = restoring
        self._imports = imports
        self._notice = context.panes.notice
        self._token = CancelToken()
        self.work = LongWork(self._workspace, context.panes.status, lambda: imports.is_running)
        self.bundles = Bundles(context, self.work)
        self.backups = BackupTimer(self._workspace)
        self._workspace.damaged.connect(self._tell_damage)
        self._settings.changed.connect(self._limit_backups)
        self._limit_backups(self._settings.settings)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "library.restore": self.restore,
            "library.back_up": self.back_up,
            "library.check": self.check,
        }

    @property
    def is_working(self) -> bool:
        """Whether long work is shown, or wants to be."""
        return self._imports.is_running or self.work.is_running

    def start(self) -> None:
        """Make backups from now on; the sample's library has none."""
        self.backups.start()

    def close(self) -> None:
        """Cancel what is running, and make the backup that is due at the end."""
        self._token.cancel()
        self.work.cancel()
        self._restoring.close()
        self.backups.close()

    def restore(self) -> None:
        """Go back to a backup; not during an import, whose files would be split between two libraries."""
        if self.is_working:
            self._say("Other work on the library is running; wait for it to end, or cancel it")
        else:
            self._restoring.open()

    def back_up(self) -> None:
        """Make a backup of everything now."""
        self.work.begin("Backing up…", self._library.backups.make, self._backed_up)

    def check(self) -> None:
        """Check the whole library."""
        self.work.begin("Checking the library…", self._library.checks.run, self._checked)

    def repair(self) -> None:
        """Repair what can be repaired."""
        self._restoring.run_alone("Repairing…", self._library.checks.repair, self._show_report)

    def recover(self) -> None:
        """Check the library's own database; where it is damaged, offer to recover it."""
        sound = partial(self._say_sound, "The library’s own database is sound")
        self._workspace.tasks.read(self._library.checks.run_quick, sound, failed=self._is_damaged)

    def look_after_crash(self, checker: CrashChecker) -> None:
        """Check the database in the background, because the last window did not end properly."""
        QTimer.singleShot(_CHECK_AFTER_MS, self, partial(self._check_after_crash, checker))

    def _limit_backups(self, settings: Settings) -> None:
        """Apply the user's limit on the room for backups, from the next backup on."""
        self._library.backups.limits = BackupLimits(total=settings.backups.megabytes << 20)

    def _backed_up(self, backup: Backup) -> None:
        size = f"{backup.size / 1e6:,.1f} MB"
        self._say(f"Backed up: {counted(backup.paper_count, 'paper')}, {size}")

    def _checked(self, report: CheckReport) -> None:
        action = None
        if report.checked == (Aspect.INTEGRITY,):
            action = ("Recover…", self.recover)
        elif not report.is_sound:
            action = ("Repair", self.repair)
        self._show_report(report, action)

    def _show_report(self, report: CheckReport, action: tuple[str, Callable[[], None]] | None = None) -> None:
        # Only now: what it imports knows all formats, which takes longer than opening the window may.
        from reader.services.reports.maintenance import check_as_text

        text = check_as_text(report, advises=False)
        TextSheet(self._window, "Check of the library", text, fixed_width_font=True, action=action)

    def _check_after_crash(self, checker: CrashChecker) -> None:
        look = partial(checker.check_after_crash, self._token.cancelled)
        words = "Lectern was not closed properly last time; the library was checked, and is sound"
        self._workspace.tasks.read(look, partial(self._say_sound, words), failed=self._not_found_sound)

    def _say_sound(self, words: str, _: object) -> None:
        self._say(words)

    def _not_found_sound(self, error: Exception) -> None:
        if not isinstance(error, WorkCancelledError):
            _LOG.warning("the check after a crash failed: %s", type(error).__name__)
            self._workspace.report_failure(error)

    def _tell_damage(self, sentence: str) -> None:
        self._notice.show_text(sentence, ("Recover…", self.recover))

    def _is_damaged(self, error: Exception) -> None:
        if isinstance(error, LibraryDamagedError):
            self.damage_found.emit(error)
        else:
            self._workspace.report_failure(error)
