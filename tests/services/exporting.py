"""What tests of exports share: a library with annotations, and running exports to their end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from reader.services import Library
from reader.services.export.plan import ExportOptions, ExportPlan, ExportProgress, ExportReport, PlannedFile

Result = TypeVar("Result")


def end(steps: Generator[ExportProgress, None, Result]) -> Result:
    """Run a step of an export to its end."""
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            result: Result = stop.value
            return result


def annotate(library: Library) -> None:
    """Annotate the first two of a library's papers: a note, tags, a star, two highlights."""
    library.notes.append(1, "A note of mine.")
    library.tags.add([1, 2], ["method/trees", "to try"])
    library.states.set_starred([1], True)
    library.highlights.add_quote(1, "We study the invented subject", label="Claim")
    library.highlights.add_quote(1, "Our method needs no data", label="Method", comment="Really?")


def plan(library: Library, options: ExportOptions, ids: list[int] | None = None) -> ExportPlan:
    """Plan an export of the annotated papers."""
    exporter = library.exports
    return end(exporter.begin(options).plan(exporter.annotated() if ids is None else ids))


def export(
    library: Library,
    target: Path | ExportOptions,
    ids: list[int] | None = None,
    only: Callable[[PlannedFile], bool] = lambda file: True,
    **changes: Any,
) -> ExportReport:
    """Export the annotated papers."""
    options = target if isinstance(target, ExportOptions) else ExportOptions(target)
    exporter = library.exports
    begun = exporter.begin(replace(options, **changes))
    planned = end(begun.plan(exporter.annotated() if ids is None else ids))
    return end(begun.write(planned, only))


def counts(outcome: ExportPlan | ExportReport) -> dict[str, int]:
    """The counts that are not nought."""
    return {status: count for status, count in outcome.counts().items() if count}


def notes(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes, by its place in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def times(folder: Path) -> dict[str, int]:
    """When every file and folder below a folder was last changed."""
    return {path.as_posix(): path.lstat().st_mtime_ns for path in [folder, *folder.rglob("*")]}


def rewrite(path: Path, old: str, new: str) -> None:
    """The owner's edit: one text replaced by another."""
    text = path.read_text("utf-8")
    assert text.count(old) == 1, (old, text)
    path.write_text(text.replace(old, new), "utf-8")
