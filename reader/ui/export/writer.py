"""Writing exports on the library thread, between other work; one at a time, and it can be cancelled."""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from reader.services.export.plan import ExportProgress, ExportReport
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Workspace
from reader.ui.export.wording import ExportOutcome
from reader.ui.shell.status_line import StatusLine

Steps = Callable[[], Generator[ExportProgress, None, ExportReport]]


class ExportWriting(QObject):
    """Runs an export; meanwhile no other is planned, as the files it would be compared with are changing."""

    ended = Signal()
    """Nothing is being written any more."""

    def __init__(self, workspace: Workspace, status: StatusLine) -> None:
        """Progress is shown in ``status``, unless it shows other work."""
        super().__init__(workspace)
        self._workspace, self._status = workspace, status
        self._token: CancelToken | None = None
        self._is_shown = False

    @property
    def is_running(self) -> bool:
        """Whether an export is being written."""
        return self._token is not None

    def run(
        self,
        steps: Steps,
        token: CancelToken,
        written: Callable[[ExportOutcome], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run an export, which ``token`` cancels; none may be running.

        ``written`` receives the outcome.
        """
        self._token = token
        self._workspace.tasks.write_steps(
            partial(_in_words, steps),
            *(self._show, partial(self._end, written)),
            failed=partial(self._end, failed),
            gives_way=True,
        )

    def cancel(self) -> None:
        """Cancel the export; files already written stay."""
        if self._token is not None:
            self._token.cancel()

    def _show(self, progress: ExportProgress) -> None:
        if not self._is_shown and not self._status.is_working:
            self._is_shown = True
            self._status.begin_work("Exporting…", self.cancel)
        if self._is_shown:
            done = f" {progress.done:,} of {progress.total:,}" if progress.done else ""
            self._status.show_work(f"Exporting{done}", progress.done, progress.total if progress.done else 0)

    def _end(self, call: Callable[[Any], None], outcome: Any) -> None:
        self._token = None
        if self._is_shown:
            self._is_shown = False
            self._status.end_work()
        call(outcome)
        self.ended.emit()


def _in_words(steps: Steps) -> Generator[ExportProgress, None, ExportOutcome]:
    """Run the steps on the library thread and put their report into words."""
    report = yield from steps()
    return ExportOutcome.of(report)
