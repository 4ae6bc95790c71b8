"""Subscriptions from and to OPML files, by which programs exchange them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.files import write_file
from reader.services import Library
from reader.services.imports.source_archive import read_small
from reader.services.latex_to_unicode import shown_line
from reader.services.subscriptions.subscriptions import OpmlReport
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted, told
from reader.ui.overlays.text_sheet import TextSheet
from reader.ui.subscriptions.statuses import SubscriptionStatuses
from reader.ui.subscriptions.timer import FetchTimer
from reader.ui.subscriptions.wording import NONE_YET

_TITLE = "Subscribe from an OPML file"
_NAME_LIMIT = 60


class OpmlFiles(Part):
    """The commands on OPML files; whom a file's sources call is shown before they are subscribed to."""

    def __init__(self, context: Context, statuses: SubscriptionStatuses, timer: FetchTimer) -> None:
        """``timer`` fetches what is new."""
        super().__init__(context)
        self._chooser, self._statuses, self._timer = context.environment.chooser, statuses, timer

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"subscription.import": self._choose, "subscription.export": self._save}

    def _choose(self) -> None:
        path = self._chooser.opml_file(self._window, Path.home())
        if path is not None:
            self._workspace.tasks.read(partial(_read, self._library, path), partial(self._offer, path.name))

    def _offer(self, name: str, read: tuple[bytes, OpmlReport]) -> None:
        """Show what a file brings, and subscribe to it if the user still wants that."""
        content, report = read
        if not (report.added or report.problems):
            known = counted(report.known, "known source")
            self._say(f"Nothing to subscribe to in {shown_line(name, _NAME_LIMIT)}: {known}")
            return
        subscribe = ("Subscribe", partial(self._subscribe, content)) if report.added else None
        TextSheet(self._window, _TITLE, _brought(report), action=subscribe)

    def _subscribe(self, content: bytes) -> None:
        if self._context.is_sample:
            self._say("The sample fetches nothing; close it to subscribe in your own library")
        else:
            self._workspace.perform(partial(_added, self._library, content), said=told, then=self._fetch)

    def _fetch(self, _: object) -> None:
        self._timer.look()

    def _save(self) -> None:
        if not self._statuses.all:
            self._say(NONE_YET)
            return
        target = self._chooser.opml_target(self._window, Path.home() / "subscriptions.opml")
        if target is None:
            return
        if (
            not target.suffix and (target := target.with_suffix(".opml")).exists()
        ):  # the dialog asked about another name
            self._workspace.failed.emit(
                f"{shown_line(target.name, _NAME_LIMIT)} exists already. Choose it to replace it."
            )
            return
        self._workspace.tasks.read(partial(_write, self._library, target), self._say)


def _read(library: Library, path: Path) -> tuple[bytes, OpmlReport]:
    """On a reader thread: a file and what it brings."""
    content = read_small(path)
    return content, library.subscriptions.read_opml(content)


def _added(library: Library, content: bytes) -> Change:
    """On the library thread."""
    return library.subscriptions.add_opml(content)[1]


def _write(library: Library, target: Path) -> str:
    """On a reader thread: write the subscriptions, and say so."""
    content, name = library.subscriptions.as_opml(), shown_line(target.name, _NAME_LIMIT)
    try:
        write_file(target, content.encode(), private=False)
    except OSError as error:
        raise ReaderError(f"{name} cannot be written: {error.strerror or error}. Choose another place.") from error
    return f"Saved {counted(content.count('<outline '), 'subscription')} to {name}, without secrets"


def _brought(report: OpmlReport) -> str:
    """What a file brings, in lines."""
    lines = [f"Already subscribed: {report.known:,}"] if report.known else []
    if report.added:
        lines += [f"{counted(report.added, 'new source')}. Fetching calls:"]
        lines += [f"  {shown_line(address)}" for address in report.addresses]
    if report.problems:
        lines += [f"{counted(len(report.problems), 'problem')}:"]
        lines += [f"  {shown_line(problem)}" for problem in report.problems]
    return "\n".join(lines)
