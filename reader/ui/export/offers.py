"""The choices for single files of a plan, and the options that a choice leads to. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from reader.services.export.plan import ExportOptions, ExportPlan, ExportStatus, PlannedFile, RemarkKind

Switch = Literal["beside", "recreate"]
"""A choice that is on or off: Lectern's text beside what the owner edited, a deleted note made again."""
_EDITS = frozenset({RemarkKind.BLOCK_EDITED, RemarkKind.BLOCK_REMOVED})
_APPLIES: dict[Switch, Callable[[PlannedFile], bool]] = {
    "beside": lambda file: file.status is ExportStatus.EDITED and any(item.kind in _EDITS for item in file.remarks),
    "recreate": lambda file: file.status is ExportStatus.NOT_FOUND,
}


def is_on(switch: Switch, file: PlannedFile, options: ExportOptions) -> bool:
    """Whether something is chosen for a file."""
    return options.asks(getattr(options, switch), file.key)


def is_offered(switch: Switch, file: PlannedFile, options: ExportOptions) -> bool:
    """Whether something can be chosen for a file, or taken back."""
    return _APPLIES[switch](file) or is_on(switch, file, options)


def switched(switch: Switch, file: PlannedFile, options: ExportOptions) -> ExportOptions:
    """The options with another choice for one file."""
    before = getattr(options, switch)
    keys = frozenset[str]() if isinstance(before, bool) else before
    return _with(options, switch, keys ^ {file.key}) if is_offered(switch, file, options) else options


def switched_for_all(switch: Switch, plan: ExportPlan) -> ExportOptions:
    """The options with a choice for every file it is offered for; for none, if that is what is chosen."""
    offered = frozenset(file.key for file in plan.files if is_offered(switch, file, plan.options))
    chosen = frozenset(file.key for file in plan.files if is_on(switch, file, plan.options))
    return _with(plan.options, switch, frozenset() if chosen == offered else offered)


def adopting_next(file: PlannedFile, options: ExportOptions) -> ExportOptions:
    """The options with the next of the owner's notes for a file; after the last, with none."""
    notes = [None, *file.adoptable, None]
    following = notes[notes.index(options.adopt.get(file.key)) + 1]
    kept = {key: path for key, path in options.adopt.items() if key != file.key}
    return replace(options, adopt={**kept, file.key: following} if following is not None else kept)


def _with(options: ExportOptions, switch: Switch, keys: frozenset[str]) -> ExportOptions:
    return replace(options, beside=keys) if switch == "beside" else replace(options, recreate=keys)
