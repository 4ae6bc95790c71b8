"""How fast exports are with 10,000 annotated papers (``LECTERN_BENCHMARK_PAPERS`` sets another number).

The first export of a vault may take 20 s on two cores, and one after a single change 1 s beyond reading the folder;
what reading the folder takes stands beside it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.services import Library
from reader.services.export.plan import ExportForm, ExportOptions, ExportReport, ProfileName
from reader.services.export.vault_scan import scan_vault
from tests.benchmarks.storage_measuring import invented_records
from tests.storage.support import header, titled

PAPERS = int(os.environ.get("LECTERN_BENCHMARK_PAPERS", "10000"))


def finish(steps: Generator[Any, None, Any]) -> Any:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def export(library: Library, options: ExportOptions) -> ExportReport:
    exporter = library.exports
    begun = exporter.begin(options)
    report: ExportReport = finish(begun.write(finish(begun.plan(exporter.annotated()))))
    return report


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """A library in which every paper has a note, two highlights, tags and a place in the queue or none."""
    with Library(tmp_path_factory.mktemp("annotated")) as library:
        store = library._store
        listing = replace(header("large"), sha256="0" * 64)
        store.listings.add(listing, invented_records(PAPERS), store.begin_operation(titled("import"), "import"))
        ids = library.exports.everything()
        with store.step(titled("annotate")):
            for place, tag in enumerate(("method/one", "method/two", "to read", "cite", "odd")):
                library.tags.add(ids[place::5], [tag])
            for number, paper_id in enumerate(ids):
                store.notes.set(paper_id, f"A note on paper {number}.\n\n- one thing\n- another, **bold**")
                store.highlights.add_span(paper_id, "abstract", 0, 90, label="Claim")
                store.highlights.add_span(paper_id, "abstract", 200, 310, label="Result", comment="Is that so?")
        yield library


@pytest.fixture(scope="module")
def vault(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with every note in it."""
    folder = tmp_path_factory.mktemp("vault")
    export(library, ExportOptions(folder))
    return folder


def test_first_export(benchmark: BenchmarkFixture, library: Library, tmp_path: Path) -> None:
    targets = iter(tmp_path / f"vault {number}" for number in range(9))

    def first() -> ExportReport:
        return export(library, ExportOptions(next(targets)))

    report = benchmark.pedantic(first, rounds=2, iterations=1)
    assert len(report.written) == PAPERS


def test_reading_the_folder(benchmark: BenchmarkFixture, library: Library, vault: Path) -> None:
    records = library._store.exports.records(str(vault.resolve()))

    def read() -> int:
        *_, found = scan_vault(vault, records)
        return 0 if isinstance(found, int) else len(found.notes)

    assert benchmark.pedantic(read, rounds=5, iterations=1) == PAPERS


def test_export_after_one_change(benchmark: BenchmarkFixture, library: Library, vault: Path) -> None:
    paper_id = library.exports.everything()[PAPERS // 2]

    def change() -> None:
        library.notes.append(paper_id, "One line more.")

    def again() -> ExportReport:
        return export(library, ExportOptions(vault))

    report = benchmark.pedantic(again, setup=change, rounds=5, iterations=1)
    assert len(report.written) == 1


def test_export_after_a_template_changed(benchmark: BenchmarkFixture, library: Library, vault: Path) -> None:
    folder = library.folder / "export-templates"
    folder.mkdir()
    own = folder / "obsidian.md.j2"
    own.write_text('{% extends "lectern/obsidian.md.j2" %}{% block highlights %}## Marked{% endblock %}', "utf-8")
    try:
        report = benchmark.pedantic(lambda: export(library, ExportOptions(vault)), rounds=1, iterations=1)
    finally:
        shutil.rmtree(folder)
    assert len(report.written) == PAPERS


@pytest.mark.parametrize("form", list(ExportForm))
def test_one_file(benchmark: BenchmarkFixture, library: Library, tmp_path: Path, form: ExportForm) -> None:
    options = ExportOptions(tmp_path, form, ProfileName.ONE_FILE)
    report = benchmark.pedantic(lambda: export(library, options), rounds=1, iterations=1)
    assert len(report.written) == 1


def test_restoring_from_json_lines(benchmark: BenchmarkFixture, library: Library, tmp_path: Path) -> None:
    export(library, ExportOptions(tmp_path / "all.jsonl", ExportForm.JSON_LINES))
    with Library(tmp_path / "second") as second:

        def restore() -> int:
            return int(finish(second.imports.paths([tmp_path / "all.jsonl"])).total("new"))

        assert benchmark.pedantic(restore, rounds=1, iterations=1) == PAPERS
