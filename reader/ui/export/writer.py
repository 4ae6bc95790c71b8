"""Writing what was planned, on the library thread between other work: one export at a time, and it can be stopped."""

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
    """Runs the steps that write; meanwhile nothing else is planned, as what it is compared with is about to change."""

    ended = Signal()
    """Nothing is being written any more."""

    def __init__(self, workspace: Workspace, status: StatusLine) -> None:
        """Progress goes to ``status``, unless other work is shown there."""
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
        """Run steps that stop once ``token`` is cancelled; for when nothing else is running.

        ``written`` gets what there is to tell.
        """
        self._token = token
        self._workspace.tasks.write_steps(
            partial(_in_words, steps),
            *(self._show, partial(self._end, written)),
            failed=partial(self._end, failed),
            gives_way=True,
        )

    def cancel(self) -> None:
        """Stop; files that are written stay."""
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
    """On the library thread: the steps, and then their report in words."""
    report = yield from steps()
    return ExportOutcome.of(report)
