"""What can be chosen for one file of a plan. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from reader.services.export.plan import ExportOptions, ExportStatus, PlannedFile, RemarkKind

_BESIDE = frozenset({RemarkKind.BLOCK_EDITED, RemarkKind.BLOCK_REMOVED})


@dataclass(frozen=True, slots=True)
class Offers:
    """``beside``: ours can be put beside what the owner edited; ``again``: a deleted note can be made again;
    ``adoptable``: notes that could become the paper's, of which ``adopted`` is chosen. ``is_…`` tells what is chosen.
    """

    beside: bool = False
    is_beside: bool = False
    again: bool = False
    is_again: bool = False
    adoptable: tuple[str, ...] = ()
    adopted: str | None = None


def offers_of(file: PlannedFile, options: ExportOptions) -> Offers:
    """What can be chosen for a file, given what was chosen before."""
    is_beside, is_again, adopted = options.choices(file.key)
    edited = file.status is ExportStatus.EDITED and any(remark.kind in _BESIDE for remark in file.remarks)
    return Offers(
        *(edited or is_beside, is_beside),
        *(file.status is ExportStatus.NOT_FOUND or is_again, is_again),
        *(file.adoptable, adopted),
    )
