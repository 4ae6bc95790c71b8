"""What ``lectern backup``, ``restore`` and ``check`` print: JSON for scripts and text for people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from reader.domain.backups import Backup, CountedDifference, RestorePreview
from reader.domain.checks import Aspect, CheckReport, Finding
from reader.services.copies.salvage import SalvageReport, offer_recovery
from reader.services.latex_to_unicode import shown_line


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
    if preview.merges:
        return _merge_as_text(preview)
    if preview.is_same:
        return "Identical to the library now; nothing would change."
    lines = _difference_lines(preview.differences)
    titles = [f"  {shown_line(title)}" for title in preview.lost_titles]
    return "\n".join([*lines, *(["Papers that would go, or whose note would be another:"] if titles else []), *titles])


def _merge_as_text(preview: RestorePreview) -> str:
    """What merging a backup of annotations would do, for a person."""
    if preview.is_same:
        return "The library has everything in this backup; nothing would change."
    changes = {"states": "would be updated", "notes": "would get the backup's text added"}
    lines = ["This backup holds annotations only. Restoring it adds them to the library; nothing is removed."]
    for found in preview.differences:
        parts = [f"{found.only_there:,} would be added"] if found.only_there else []
        parts += [f"{found.changed:,} {changes[found.what]}"] if found.changed else []
        if parts:
            lines.append(f"{found.what}: {', '.join(parts)}")
    titles = [f"  {shown_line(title)}" for title in preview.joined_titles]
    return "\n".join([*lines, *(["Papers whose note would get the backup's text added:"] if titles else []), *titles])


def check_as_json(report: CheckReport) -> dict[str, Any]:
    """A check as ``lectern check --json`` prints it."""
    return {
        "sound": report.is_sound,
        "checked": [aspect.value for aspect in report.checked],
        "findings": [
            {
                "aspect": found.aspect.value,
                "sentence": found.sentence,
                "count": found.count,
                "repaired": found.repaired,
                "harmless": found.is_harmless,
            }
            for found in report.findings
        ],
    }


def check_as_text(report: CheckReport, *, advises: bool = True) -> str:
    """A check for a person; ``advises`` adds the command that repairs."""
    lines = [_finding_as_line(found) for found in report.findings]
    open_ones = [found for found in report.findings if not found.repaired and not found.is_harmless]
    if not report.findings:
        return "All is well."
    if advises and open_ones and report.checked != (Aspect.INTEGRITY,):
        lines.append("“lectern check --repair” puts right what can be put right.")
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
        f"{report.saved:,} papers were saved from the damaged database, {report.from_backups:,} from backups; "
        f"{report.listings_read_again:,} imported files were read once more.",
        *report.problems,
    ]
    if report.files_left:
        lines += ["Imported files of listings that neither the database nor a backup knows were left out:"]
        lines += [f"  {path}" for path in report.files_left]
    return "\n".join([*lines, f"The damaged database is kept in {report.aside}."])


def recovery_as_text(folder: Path) -> str:
    """The ways back from a damaged database, for a person."""
    offer = offer_recovery(folder)
    lines = ["“lectern check --repair” saves what can be read of it, and fills the rest from backups and sources."]
    if offer.backup is not None:
        lines.append(f"“lectern restore {offer.backup.path.name}” goes back to {backup_as_line(offer.backup).strip()}")
        lines += _difference_lines(offer.differences or ())
    return "\n".join(lines)


def _difference_lines(differences: Iterable[CountedDifference]) -> list[str]:
    lines = []
    for found in differences:
        parts = [
            f"{count:,} {word}"
            for count, word in (
                (found.only_here, "would go"),
                (found.only_there, "would come back"),
                (found.changed, "would be others"),
            )
            if count
        ]
        if parts:
            lines.append(f"{found.what}: {', '.join(parts)}")
    return lines


def _finding_as_line(found: Finding) -> str:
    state = "repaired" if found.repaired else "harmless" if found.is_harmless else "FOUND"
    times = f" ({found.count:,})" if found.count > 1 else ""
    return f"{state:<9} {found.aspect.value:<12} {found.sentence}{times}."
