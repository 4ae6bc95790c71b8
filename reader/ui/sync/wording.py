"""Synchronising in words: what setting up would do, how it stands, and what it is at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from reader.domain.sync import WaitingFor
from reader.domain.sync_reports import SyncFigures, SyncPhase, SyncPreview, SyncProgress, SyncReport, SyncStatus
from reader.services.latex_to_unicode import shown_line
from reader.ui.look.wording import counted, joined

ABOUT = (
    "Two machines share a library through a folder that a service of yours carries: Syncthing, Nextcloud, Dropbox, a "
    "USB stick. Each annotates offline; nothing is lost when they meet. Nothing goes anywhere else."
)
PASSPHRASE = (
    "Encrypts the files in the shared folder; every machine needs it. If it is lost, the folder can no longer be read; "
    "your libraries stay as they are."
)
_NAME_LIMIT = 60
_DEVICES_SHOWN = 3
_WAIT_UNTOLD = timedelta(days=1)
_PHASES = {
    SyncPhase.LOOKING: "Looking at the folder…",
    SyncPhase.COLLECTING: "Collecting changes…",
    SyncPhase.SENDING: "Sending…",
    SyncPhase.RECEIVING: "Receiving…",
    SyncPhase.TIDYING: "Tidying up…",
}


def preview_words(preview: SyncPreview) -> str:
    """What setting up would do, in figures."""
    here = figures_words(preview.here)
    if not preview.joins:
        size = size_words(preview.here.bytes)
        return f"Begins a shared folder: {here}{f', about {size}' if size else ''}."
    name = f"“{_shown(preview.name)}”" if preview.name else "this shared folder"
    who = f" ({names_words(preview.devices)})" if preview.devices else ""
    if preview.needs_passphrase:
        return f"{name}{who} is protected by a passphrase. Type it to join."
    if preview.there is None:
        return f"Joins {name}{who}. Here: {here}. Both libraries get what the other has."
    size = size_words(preview.there.bytes)
    there = f"{figures_words(preview.there)}{f', {size}' if size else ''}"
    return f"Joins {name}{who}: {there} there; {here} here. Both get what the other has; nothing is removed."


def move_words(preview: SyncPreview) -> str:
    """What going on in another target would do."""
    if preview.joins:
        name = f"“{_shown(preview.name)}”" if preview.name else "this shared folder"
        return f"Goes on in {name}, if it is a copy of the present folder. The present one keeps its files."
    return "Goes on in an empty folder, into which each machine writes what it said. The present one keeps its files."


def figures_words(figures: SyncFigures) -> str:
    """How much a library has: ``12,431 papers, 812 notes``."""
    return f"{counted(figures.papers, 'paper')}, {counted(figures.notes, 'note')}"


def size_words(size: int) -> str:
    """A number of bytes; empty for none."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1e3)):,} kB" if size else ""
    return f"{round(size / 1e6):,} MB"


def names_words(names: Sequence[str]) -> str:
    """Devices by name: ``Laptop, Desktop and 2 more``."""
    shown = ", ".join(_shown(name) for name in names[:_DEVICES_SHOWN])
    return f"{shown} and {len(names) - _DEVICES_SHOWN:,} more" if len(names) > _DEVICES_SHOWN else shown


def progress_words(progress: SyncProgress) -> str:
    """What a run is at."""
    return _PHASES[progress.phase]


def status_word(status: SyncStatus, now: datetime, *, is_running: bool, is_missing: bool, trouble: str) -> str:
    """How things stand, in a word or some: for the status line."""
    if is_running:
        standing = "Syncing…"
    elif is_missing:
        standing = "Sync: no connection" if status.is_remote else "Sync: folder missing"
    elif trouble:
        standing = "Sync: problem"
    else:
        standing = f"Sync: {status.pending_out:,} to send" if status.pending_out else "Synced"
    return joined((standing, beside_words(status), waiting_words(status.waiting, now)))


def beside_words(status: SyncStatus) -> str:
    """How many values are kept beside; empty for none."""
    return f"kept beside ({status.kept_beside:,})" if status.kept_beside else ""


def waiting_words(waiting: Sequence[WaitingFor], now: datetime) -> str:
    """Files that are awaited for longer than a carrier usually needs; empty for none."""
    late = [each for each in waiting if now - datetime.fromisoformat(each.since) >= _WAIT_UNTOLD]
    return joined(f"waiting for {awaited_words(each, now)}" for each in late)


def awaited_words(each: WaitingFor, now: datetime) -> str:
    """Files that are awaited: ``a file from Laptop since Tuesday``."""
    files = "a file" if each.files == 1 else f"{each.files:,} files"
    return f"{files} from {_shown(each.device)} since {since_words(each.since, now)}"


def since_words(moment: str, now: datetime) -> str:
    """A moment that has passed, as it is said: ``9:30``, ``yesterday``, ``Tuesday``, ``Nov 3``."""
    here = datetime.fromisoformat(moment).astimezone(now.tzinfo)
    days = (now.date() - here.date()).days
    if days <= 0:
        return f"{here:%H:%M}"
    if days == 1:
        return "yesterday"
    return f"{here:%A}" if days < 7 else f"{here:%b} {here.day}"


def last_words(status: SyncStatus, now: datetime) -> str:
    """When the last run ended well."""
    if status.last is None:
        return "not yet"
    here = datetime.fromisoformat(status.last).astimezone(now.tzinfo)
    days = (now.date() - here.date()).days
    day = {0: "today", 1: "yesterday"}.get(days, f"{here:%b} {here.day}")
    return f"{day} {here:%H:%M}"


def report_words(report: SyncReport) -> str:
    """What a run did that somebody asked for."""
    if report.cancelled:
        return "Sync cancelled; what was sent and received stays"
    if report.troubles:
        return report.troubles[0]
    done = [f"sent {counted(report.sent, 'change')}"] if report.sent else []
    done += [f"received {counted(report.received, 'change')}"] if report.received else []
    return f"Synced: {', '.join(done)}" if done else "Synced: nothing new"


def _shown(name: str) -> str:
    return shown_line(name, _NAME_LIMIT)
