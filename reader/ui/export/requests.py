"""Export requests from the sheet, and their plans, made on a reader thread."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from reader.domain.settings import Export as ExportSettings
from reader.services import Library
from reader.services.export.plan import (
    Export,
    ExportOptions,
    ExportPlan,
    ExportProgress,
    ProfileName,
)
from reader.ui.app.tasks import CancelToken
from reader.ui.export.forms import FormChoice
from reader.ui.export.scopes import Scope


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """The choices made in the sheet; ``days`` is the number of days in a digest."""

    choice: FormChoice
    scope: Scope
    everything: bool
    options: ExportOptions
    days: int


@dataclass(frozen=True, slots=True)
class PlannedExport:
    """An export that was begun, and its plan."""

    export: Export
    plan: ExportPlan


Planning = Generator[ExportProgress, None, PlannedExport]


def plan_request(library: Library, request: ExportRequest, token: CancelToken) -> Planning:
    """Begin an export and plan it; raises :class:`~reader.domain.errors.ReaderError` if it is not possible."""
    exporter, choice, target = library.exports, request.choice, request.options.target
    options = replace(request.options, since=exporter.today() - timedelta(days=request.days))
    export = exporter.begin(options, cancelled=token.cancelled)
    everything = request.everything or choice.takes_all(whole_library=request.scope.paper_ids is None)
    papers = request.scope.papers(library, everything=everything, vault=target if choice.is_vault else None)
    plan = yield from export.plan(papers)
    return PlannedExport(export, plan)


def plan_again(planned: PlannedExport, options: ExportOptions) -> Planning:
    """Plan again with other choices for single papers."""
    plan = yield from planned.export.plan_again(planned.plan, options)
    return PlannedExport(planned.export, plan)


def vault_of(settings: ExportSettings) -> Path | None:
    """The vault's folder, or None if none is set; a relative path in the settings starts at the user's home."""
    if not settings.vault:
        return None
    try:
        return Path.home() / Path(settings.vault).expanduser()
    except (
        RuntimeError
    ):  # another user's home, of a user that there is not; the folder is then not found, and asked for
        return Path.home() / settings.vault


def vault_options(settings: ExportSettings) -> ExportOptions | None:
    """Options for an export to the vault in the settings; None if none is set."""
    vault = vault_of(settings)
    if vault is None:
        return None
    return ExportOptions(
        vault,
        profile=ProfileName(settings.profile.value),
        folder=settings.folder,
        deleted=settings.deleted,
        make_target=False,
        names=settings.names,
    )
