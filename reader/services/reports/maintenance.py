"""The output of ``lectern backup``, ``restore`` and ``check``: JSON for scripts and text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from reader.domain.backups import Backup, CountedDifference, RestorePreview
from reader.domain.checks import Aspect, CheckReport, Finding
from reader.domain.numerals import counted
from reader.services.copies.salvage import SalvageReport, offer_recovery
from reader.services.latex_to_unicode import shown_line

_FINDING_FIELDS = ("aspect", "sentence", "count", "repaired")
_GOING_BACK = {"": ("would go", "would come back", "would change")}
_MERGING = {
    "": ("", "would be added", "would be updated"),
    "notes": ("", "would be added", "would get the backup's text added"),
}
"""What would become of things only in the library, only in the backup, and different in the two; by kind."""


def backup_as_json(backup: Backup) -> dict[str, Any]:
    """A backup as ``lectern backup --json`` prints it."""
    return {
        "path": str(backup.path),
        "time": backup.time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "kind": backup.kind.value,
        "papers": backup.paper_count,
        "bytes": backup.size,
    }


def backup_as_line(backup: Backup) -> str:
    """A backup on one line of a terminal."""
    size = f"{backup.size / 1e6:,.1f} MB"
    time = f"{backup.time.astimezone():%Y-%m-%d %H:%M}"
    return f"{time}  {backup.kind.value:<16}  {backup.paper_count:>8,} papers  {size:>10}  {backup.path.name}"


def preview_as_json(preview: RestorePreview) -> dict[str, Any]:
    """What a restore would change, as ``lectern restore --preview --json`` prints it."""
    return {
        "path": str(preview.path),
        "same": preview.is_same,
        "differences": [asdict(found) for found in preview.differences],
        "lost_titles": list(preview.lost_titles),
        "merges": preview.merges,
        "joined_titles": list(preview.joined_titles),
    }


def preview_as_text(preview: RestorePreview) -> str:
    """What a restore would change, for a person."""
    if preview.is_same and preview.merges:
        return "The library has everything in this backup; nothing would change."
    if preview.is_same:
        return "Identical to the library now; nothing would change."
    if preview.merges:
        about = ["This backup holds annotations only. Restoring it adds them to the library; nothing is removed."]
        words, heading = _MERGING, "Papers whose note would get the backup's text added:"
    else:
        about, words, heading = [], _GOING_BACK, "Papers that would go, or whose note would change:"
    titles = [f"  {shown_line(title)}" for title in (*preview.lost_titles, *preview.joined_titles)]
    return "\n".join([*about, *_difference_lines(preview.differences, words), *([heading] if titles else []), *titles])


def check_as_json(report: CheckReport) -> dict[str, Any]:
    """A check as ``lectern check --json`` prints it."""
    return {
        "sound": report.is_sound,
        "checked": [aspect.value for aspect in report.checked],
        "findings": [
            {**{name: getattr(found, name) for name in _FINDING_FIELDS}, "harmless": found.is_harmless}
            for found in report.findings
        ],
    }


def check_as_text(report: CheckReport, *, advises: bool = True) -> str:
    """A check for a person; ``advises`` adds the command that repairs."""
    lines = [_finding_as_line(found) for found in report.findings]
    open_ones = [found for found in report.findings if not found.repaired and not found.is_harmless]
    if not report.findings:
        return "No problems found."
    if advises and open_ones and report.checked != (Aspect.INTEGRITY,):
        lines.append("“lectern check --repair” repairs what can be repaired.")
    return "\n".join(lines)


def damage_report(sentence: str) -> CheckReport:
    """The report on a database that cannot be opened."""
    return CheckReport((Aspect.INTEGRITY,), (Finding(Aspect.INTEGRITY, sentence),))


def after_salvage(before: CheckReport, after: CheckReport) -> CheckReport:
    """The report on a library that was salvaged: the damage, mended, and whatever is left."""
    mended = tuple(replace(found, repaired=True) for found in before.findings if found.aspect is Aspect.INTEGRITY)
    return CheckReport(after.checked, mended + after.findings)


def salvage_as_text(report: SalvageReport) -> str:
    """What salvage did, for a person."""
    lines = [
        f"{counted(report.saved, 'paper was', 'papers were')} saved from the damaged database, "
        f"{report.from_backups:,} from backups; "
        f"{report.listings_read_again:,} imported files were imported again.",
        *report.problems,
    ]
    if report.files_left:
        lines += ["Imported files of listings that neither the database nor a backup knows were left out:"]
        lines += [f"  {path}" for path in report.files_left]
    return "\n".join([*lines, f"The damaged database is kept in {report.aside}."])


def recovery_as_text(folder: Path) -> str:
    """The ways back from a damaged database, for a person."""
    offer = offer_recovery(folder)
    lines = ["“lectern check --repair” saves what can be read, and adds what backups and imported files have."]
    if offer.backup is not None:
        lines.append(f"“lectern restore {offer.backup.path.name}” goes back to {backup_as_line(offer.backup).strip()}")
        lines += _difference_lines(offer.differences or (), _GOING_BACK)
    return "\n".join(lines)


def _difference_lines(
    differences: Iterable[CountedDifference], words: dict[str, tuple[str, str, str]]
) -> Iterator[str]:
    for found in differences:
        counts = (found.only_here, found.only_there, found.changed)
        parts = [
            f"{count:,} {word}" for count, word in zip(counts, words.get(found.what, words[""]), strict=True) if count
        ]
        if parts:
            yield f"{found.what}: {', '.join(parts)}"


def _finding_as_line(found: Finding) -> str:
    state = "repaired" if found.repaired else "harmless" if found.is_harmless else "FOUND"
    times = f" ({found.count:,})" if found.count > 1 else ""
    return f"{state:<9} {found.aspect.value:<12} {found.sentence}{times}."
