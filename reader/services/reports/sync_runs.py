"""What ``lectern sync`` prints: JSON for scripts and text for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from reader.domain.kept_words import describe_field, describe_kept, describe_shown
from reader.domain.numerals import counted
from reader.domain.step_titles import StepKind
from reader.domain.sync import KeptBeside
from reader.domain.sync_reports import SyncFigures, SyncPreview, SyncReport, SyncStatus
from reader.services.latex_to_unicode import shown_line
from reader.services.reports.subscriptions import shown_time

NOT_SET_UP = "This library is not synchronised. “lectern sync --target FOLDER” sets that up."
_VALUE_LIMIT = 120


def status_as_json(status: SyncStatus | None, kept: Sequence[KeptBeside]) -> dict[str, Any]:
    """How things stand as ``lectern sync --status --json`` prints it."""
    if status is None:
        return {"device": None, "target": None, "pending_out": 0, "waiting": [], "kept_beside": []}
    return {
        "device": status.device,
        "name": status.name,
        "target": status.target,
        "pending_out": status.pending_out,
        "waiting": [asdict(each) for each in status.waiting],
        "kept_beside": [
            {
                "key": each.key,
                "field": each.field,
                "device": each.device,
                "time": each.time,
                "id": each.id,
                "kind": each.kind,
                "title": each.title,
                "value": each.value,
                "shown": each.shown,
            }
            for each in kept
        ],
        "devices": list(status.devices),
        "last": status.last,
        "trouble": status.trouble or None,
        "sealed": status.is_sealed,
    }


def status_as_text(status: SyncStatus | None, kept: Sequence[KeptBeside], now: datetime) -> str:
    """How things stand, for a person; ``now`` is the present moment where that person is."""
    if status is None:
        return NOT_SET_UP
    sealed = " (with a passphrase)" if status.is_sealed else ""
    lines = [f"{shown_line(status.name)} synchronises with {shown_line(status.target)}{sealed}"]
    if status.devices:
        lines.append(f"Other devices: {', '.join(map(shown_line, status.devices))}")
    lines.append(f"Last: {shown_time(status.last)}" if status.last else "Not synchronised yet")
    if status.pending_out:
        lines.append(f"To send: {counted(status.pending_out, 'change')}")
    for waiting in status.waiting:
        files = counted(waiting.files, "file")
        lines.append(f"Waiting for {files} from {shown_line(waiting.device)} since {shown_time(waiting.since)}")
    if status.trouble:
        lines.append(f"Trouble: {shown_line(status.trouble, 1_000)}")
    if kept:
        lines.append(f"Kept beside ({len(kept):,}); --take ID shows such a value instead, --keep ID lets it go:")
        lines.extend(f"    {_kept_as_line(each, now)}" for each in kept)
    return "\n".join(lines)


def _kept_as_line(kept: KeptBeside, now: datetime) -> str:
    """A value kept beside, on one line: ``12.1.2.40  k3v9x2mp  Title: State: Reading; beside: Done (Laptop, …)``."""
    name = f"{kept.key}  {shown_line(kept.title)}" if kept.kind == "paper" else shown_line(kept.title)
    shown = shown_line(describe_shown(kept, now.date(), now.tzinfo), _VALUE_LIMIT)
    beside = shown_line(describe_kept(kept, now.date(), now.tzinfo), _VALUE_LIMIT)
    return f"{kept.id}  {name}: {shown_line(describe_field(kept))}: {shown}; beside: {beside}"


def preview_as_json(preview: SyncPreview) -> dict[str, Any]:
    """What setting up would do as ``lectern sync --dry-run --json`` prints it."""
    return asdict(preview) | {"devices": list(preview.devices)}


def preview_as_text(preview: SyncPreview, target: str, *, moves: bool = False) -> str:
    """What setting up would do, for a person; ``moves`` tells that the library is synchronised elsewhere already."""
    here = _figures(preview.here)
    if moves and preview.joins:
        return f"Goes on in {shown_line(target)} if it is a copy of the present target, which keeps its files."
    if moves:
        return f"Goes on in {shown_line(target)}: {here} will be written there. The present target keeps its files."
    if not preview.joins:
        return f"Begins in {shown_line(target)}: {here} will be written, about {_size(preview.here.bytes)}."
    devices = f" of {', '.join(map(shown_line, preview.devices))}" if preview.devices else ""
    there = _figures(preview.there or SyncFigures())
    return (
        f"Joins “{shown_line(preview.name)}”{devices} in {shown_line(target)}: {there} there, {here} here. "
        "Both get what the other has; nothing is removed."
    )


def report_as_json(report: SyncReport, status: SyncStatus, set_up: str | None) -> dict[str, Any]:
    """What a run did as ``lectern sync --json`` prints it; ``set_up`` tells whether it ``began`` or ``joined``."""
    return {
        "device": status.device,
        "name": status.name,
        "target": status.target,
        "set_up": set_up,
        "sent": report.sent,
        "received": report.received,
        "arrived": {name: dict(counts) for name, counts in report.arrived.items()},
        "waiting": [asdict(each) for each in status.waiting],
        "kept_beside": status.kept_beside,
        "troubles": list(report.troubles),
    }


def report_as_text(report: SyncReport, status: SyncStatus) -> str:
    """What a run did, for a person."""
    lines = [
        StepKind.ARRIVED(device=name or "other devices", **counts).sentence(shown_line)
        for name, counts in report.arrived.items()
    ]
    done = [f"sent {counted(report.sent, 'change')}"] if report.sent else []
    done += [f"received {counted(report.received, 'change')}"] if report.received else []
    lines.append(f"Synchronised: {', '.join(done) or 'nothing new'}")
    lines.extend(f"Waiting for {counted(each.files, 'file')} from {shown_line(each.device)}" for each in status.waiting)
    if status.kept_beside:
        lines.append(f"Kept beside ({status.kept_beside:,}); “lectern sync --status” lists them.")
    return "\n".join(lines)


def _figures(figures: SyncFigures) -> str:
    parts = (counted(figures.papers, "paper"), counted(figures.notes, "note"), counted(figures.tags, "tag"))
    return f"{parts[0]}, {parts[1]} and {parts[2]}"


def _size(size: int) -> str:
    return f"{size / 1e6:,.0f} MB" if size >= 1e6 else f"{max(size // 1000, 1):,} kB"
