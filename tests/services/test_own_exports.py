"""A folder with a library's own exports, imported: nothing changes, whatever their form."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from reader.domain.errors import NotFoundError
from reader.services import Library
from reader.services.export.plan import ExportForm, ExportOptions
from tests.services.exporting import annotate, export
from tests.services.support import clock, finish, listing_text
from tests.services.test_importing import counts, dump, write

FORMS = [form for form in ExportForm if form is not ExportForm.MARKDOWN]
TITLES = (r"$\alpha$-Lamps and $\mathbb{M}$oths", "Slow Boats", "Moths & Lamps")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.paths([write(tmp_path / "day.txt", listing_text(*TITLES))]))
        annotate(opened)
        yield opened


def _rows(library: Library) -> list[str]:
    """Every row; the counters of rows that were taken back again do not matter."""
    return [line for line in dump(library) if "sqlite_sequence" not in line]


def _export_everything(library: Library, folder: Path) -> None:
    for form in FORMS:
        export(library, ExportOptions(folder / form.value, form=form), ids=[1, 2, 3])
    export(library, folder / "vault", ids=[1, 2, 3])


def test_nothing_changes(library: Library, tmp_path: Path) -> None:
    _export_everything(library, tmp_path / "out")
    before = _rows(library)
    report = finish(library.imports.paths([tmp_path / "out"]))
    assert [file.error for file in report.files if file.error] == []
    assert all(file.already_imported for file in report.files)
    assert (report.total("new"), report.total("updated")) == (0, 0)
    assert _rows(library) == before


def test_notes_that_were_edited_change_nothing_either(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path / "vault", ids=[1, 2, 3])
    before = _rows(library)
    for note in (tmp_path / "vault").rglob("*.md"):
        note.write_text(note.read_text().replace("title:", "mine: yes\ntitle:") + "\nMore of mine.\n")
    report = finish(library.imports.paths([tmp_path / "vault"]))
    assert counts(report) == (3, 0, 0, 3)
    assert _rows(library) == before


def test_a_table_that_was_sorted_anew_changes_nothing(library: Library, tmp_path: Path) -> None:
    export(library, ExportOptions(tmp_path / "papers.csv", form=ExportForm.CSV), ids=[1, 2, 3])
    with (tmp_path / "papers.csv").open(newline="") as file:
        heading, *rows = csv.reader(file)
    with (tmp_path / "sorted.csv").open("w", newline="") as file:
        csv.writer(file).writerows([heading, *reversed(rows)])
    before = _rows(library)
    assert counts(finish(library.imports.paths([tmp_path / "sorted.csv"]))) == (3, 0, 0, 3)
    assert _rows(library) == before


@pytest.mark.parametrize(
    "form", [ExportForm.CSV, ExportForm.BIBTEX, ExportForm.RIS, ExportForm.CSL_JSON, ExportForm.JSON_LINES]
)
def test_another_library_reads_them(library: Library, tmp_path: Path, form: ExportForm) -> None:
    export(library, ExportOptions(tmp_path / "out", form=form), ids=[1, 2, 3])
    with Library(tmp_path / "other", clock=clock) as other:
        report = finish(other.imports.paths([tmp_path / "out"]))
        assert counts(report) == (3, 3, 0, 0)
        assert report.files[0].problems == ()


def test_another_library_reads_notes(library: Library, tmp_path: Path) -> None:
    export(library, tmp_path / "vault", ids=[1, 2, 3])
    with Library(tmp_path / "other", clock=clock) as other:
        assert counts(finish(other.imports.paths([tmp_path / "vault"]))) == (3, 3, 0, 0)
        papers = {paper.title: paper.abstract for paper in map(other.papers.get, (1, 2, 3)) if paper}
        assert papers["Slow Boats"] == " ".join(library.papers.get(2).abstract.split())  # type: ignore[union-attr]


def test_papers_that_are_gone_come_back(library: Library, tmp_path: Path) -> None:
    export(library, ExportOptions(tmp_path / "out", form=ExportForm.CSL_JSON), ids=[2, 3])
    while library.history.undo() is not None:
        pass
    with pytest.raises(NotFoundError):
        library.papers.get(2)
    assert counts(finish(library.imports.paths([tmp_path / "out"]))) == (2, 2, 0, 0)
