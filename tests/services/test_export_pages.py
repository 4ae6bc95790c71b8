"""Pages of documents in exports: where links lead as the setting has it, and that nothing else changes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from reader.domain.documents import ReadDocument
from reader.domain.highlight_runs import paper_order
from reader.services import Library
from reader.services.documents.copies import DocumentCopies
from reader.services.export.plan import ExportForm, ExportOptions, ProfileName
from reader.services.settings.text import SETTINGS_FILE
from tests.documents import found, read_of
from tests.services.annotating import SetClock, open_library
from tests.services.exporting import annotate, counts, export, notes, times
from tests.services.support import finish

LINK = re.compile(r"\(\[p\. ([^\]]+)\]\(([^)]*)\)\)")


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "my vault").mkdir()
    return tmp_path / "my vault"


def attach(library: Library, path: Path, read: ReadDocument, *, keep_copy: bool = False) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("paper", "utf-8")
    library.documents.attach(1, read, path, labels={}, keep_copy=keep_copy)


def choose(library: Library, links: str) -> None:
    (library.folder / SETTINGS_FILE).write_text(f'[export]\npage_links = "{links}"\n', "utf-8")


def links_in(folder: Path) -> list[tuple[str, str]]:
    return [link for data in notes(folder).values() for link in LINK.findall(data.decode())]


def test_the_default_needs_no_file_and_old_blocks_stay(annotated: Library, vault: Path, tmp_path: Path) -> None:
    annotate(annotated)
    annotated.papers.set_arxiv_id(1, "2501.00001")
    export(annotated, vault)
    before = notes(vault)
    attach(annotated, tmp_path / "a.pdf", read_of("paper", found("Of page three.", page=2), found("Of page one.")))
    assert counts(export(annotated, vault)) == {"update": 1, "unchanged": 1}
    assert links_in(vault) == [
        ("1", "https://arxiv.org/pdf/2501.00001#page=1"),
        ("3", "https://arxiv.org/pdf/2501.00001#page=3"),
    ]
    for name, data in before.items():  # every line that stood there stands there still, in the same order
        lines = iter(notes(vault)[name].decode().split("\n"))
        assert all(line in lines for line in data.decode().split("\n")), name
    left = times(vault)
    assert counts(export(annotated, vault)) == {"unchanged": 2}
    assert times(vault) == left


def test_a_file_that_was_annotated_further_is_one_text_with_the_earlier(annotated: Library, tmp_path: Path) -> None:
    late, early = found("Of page three.", page=2), found("Of page one.")
    attach(annotated, tmp_path / "a.pdf", read_of("first", late, text="one text"))
    attach(annotated, tmp_path / "a.pdf", read_of("second", early, late, text="one text"))
    stored = annotated.papers.get(1).highlights
    assert [mark.exact for mark in stored] == ["Of page one.", "Of page three."]
    assert paper_order(stored) == list(stored)


def test_two_files_of_a_paper_come_one_after_the_other(annotated: Library, tmp_path: Path) -> None:
    for name in ("paper", "supplement"):
        marks = [found(f"{name}, page {page + 1}.", page=page) for page in range(2)]
        attach(annotated, tmp_path / "a.pdf", read_of(name, *marks))
    stored = annotated.papers.get(1).highlights
    assert [mark.exact for mark in stored] == [
        f"{name}, page {page}." for name in ("paper", "supplement") for page in (1, 2)
    ]
    assert paper_order(stored) == list(stored)


def test_without_an_arxiv_id_the_page_stands_alone(annotated: Library, vault: Path, tmp_path: Path) -> None:
    attach(annotated, tmp_path / "a.pdf", read_of("paper", found("Of page one.")))
    export(annotated, vault)
    (text,) = notes(vault).values()
    assert b"> Of page one. (p. 1)\n" in text


def test_links_lead_to_the_copy_or_to_ones_own_file(annotated: Library, vault: Path, tmp_path: Path) -> None:
    annotated.papers.set_arxiv_id(1, "2501.00001")
    own = tmp_path / "read (2025)" / "a #1 100%.pdf"
    read = read_of("paper", found("Of page one."))
    attach(annotated, own, read)
    choose(annotated, "copy")
    export(annotated, vault)
    assert links_in(vault) == [], "there is no copy"
    choose(annotated, "own")
    assert counts(export(annotated, vault)) == {"update": 1}
    ((_, address),) = links_in(vault)
    assert address == f"{Path(os.path.realpath(own)).as_uri()}#page=1"
    assert unquote(address).endswith("/read (2025)/a #1 100%.pdf#page=1")
    own.unlink()
    assert counts(export(annotated, vault)) == {"unchanged": 1}, "a file that is away for a while changes no notes"
    choose(annotated, "copy")
    attach(annotated, own, read, keep_copy=True)
    assert counts(export(annotated, vault)) == {"update": 1}
    copy = DocumentCopies(annotated.folder).path(read.sha256)
    assert links_in(vault) == [("1", f"{Path(os.path.realpath(copy)).as_uri()}#page=1")]
    left = times(vault)
    assert counts(export(annotated, vault)) == {"unchanged": 1}
    assert times(vault) == left


def test_a_file_in_the_vault_is_linked_from_wherever_the_note_is(
    annotated: Library, vault: Path, tmp_path: Path
) -> None:
    attach(annotated, vault / "papers" / "a b.pdf", read_of("paper", found("Of page one.")))
    choose(annotated, "own")
    (written,) = export(annotated, vault).written
    assert links_in(vault) == [("1", "../papers/a%20b.pdf#page=1")]
    (vault / written).rename(vault / "note.md")
    export(annotated, vault)
    assert links_in(vault) == [("1", "papers/a%20b.pdf#page=1")]
    assert counts(export(annotated, vault)) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("options", "linked"),
    [
        ({"profile": ProfileName.ONE_FILE}, "([p. 1](papers/a%20b.pdf#page=1))"),
        ({"form": ExportForm.HTML}, '(<a href="papers/a%20b.pdf#page=1" rel="noreferrer noopener">p. 1</a>)'),
        ({"form": ExportForm.CSV}, "Of page one. (p. 1)"),
        ({"form": ExportForm.RIS}, "“Of page one.” (p. 1)"),
    ],
)
def test_files_of_many_papers_name_the_page(
    annotated: Library, tmp_path: Path, options: dict[str, ExportForm | ProfileName], linked: str
) -> None:
    target = tmp_path / "out"
    attach(annotated, target / "papers" / "a b.pdf", read_of("paper", found("Of page one.")))
    choose(annotated, "own")
    (name,) = export(annotated, ExportOptions(target, **options)).written  # type: ignore[arg-type]
    assert linked in (target / name).read_text("utf-8")
    assert counts(export(annotated, ExportOptions(target, **options))) == {"unchanged": 1}  # type: ignore[arg-type]


def test_the_digest_names_the_page(annotated: Library, tmp_path: Path) -> None:
    attach(annotated, tmp_path / "a.pdf", read_of("paper", found("Of page one.", created=None)))
    day = annotated.exports.today()
    assert "> Of page one. (p. 1)" in annotated.exports.digest(day)
    choose(annotated, "own")
    own = Path(os.path.realpath(tmp_path / "a.pdf")).as_uri()
    assert f"> Of page one. ([p. 1]({own}#page=1))" in annotated.exports.digest(day)
    assert f'(<a href="{own}#page=1"' in annotated.exports.digest(day, html=True)


def test_json_lines_bring_highlights_in_documents_to_another_library(
    annotated: Library, tmp_path: Path, set_clock: SetClock
) -> None:
    late, twice = found("Of page three.", page=2, comment="Why?"), found("Of page three.", page=3)
    read = read_of("paper", late, twice)
    attach(annotated, tmp_path / "a.pdf", read)
    lines = tmp_path / "all.jsonl"
    export(annotated, ExportOptions(lines, ExportForm.JSON_LINES), annotated.exports.everything())
    with open_library(tmp_path / "other", set_clock) as other:
        finish(other.imports.paths([lines]))
        assert other.papers.get(1).highlights == annotated.papers.get(1).highlights
        steps = len(other.history.steps())
        finish(other.imports.paths([lines]))
        assert len(other.history.steps()) == steps
        report, _ = other.documents.attach(1, read, tmp_path / "a.pdf", labels={}, keep_copy=False)
        assert (report.added, report.known) == (0, 2)


def test_a_hostile_place_of_a_transfer_is_a_problem_of_its_line(
    annotated: Library, tmp_path: Path, set_clock: SetClock
) -> None:
    attach(annotated, tmp_path / "a.pdf", read_of("paper", found("Of page one.")))
    lines = tmp_path / "all.jsonl"
    export(annotated, ExportOptions(lines, ExportForm.JSON_LINES), annotated.exports.everything())
    text = lines.read_text("utf-8")
    sha256 = read_of("paper").sha256
    for old, new in ((sha256, "../../x"), ('"page":0', '"page":-1'), ('"kind":"highlight"', '"kind":"launch"')):
        assert old in text
        changed = tmp_path / "changed.jsonl"
        changed.write_text(text.replace(old, new), "utf-8")
        with open_library(tmp_path / new.strip("./")[:5].replace('"', ""), set_clock) as other:
            report = finish(other.imports.paths([changed]))
            assert [len(file.problems) for file in report.files] == [1], new
            assert other.papers.ids_of_keys([]) == [] and not list(other.search("in:document").paper_ids)
