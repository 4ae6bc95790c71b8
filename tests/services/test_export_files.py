"""Exporting into files of every form, what the copy commands copy, the digest, and the way back in."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import rispy

from reader.domain.errors import ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import ALL_PAPERS
from reader.domain.transfer import TransferPaper
from reader.formats.bibtex import parse as parse_bibtex
from reader.formats.export.json_lines import header_line, item_line
from reader.services import Library
from reader.services.export.exporter import since_day
from reader.services.export.plan import (
    ExportError,
    ExportForm,
    ExportGrouping,
    ExportOptions,
    MissingTargetError,
    ProfileName,
)
from tests.services.annotating import SetClock, all_ids, bring, open_library, state_of
from tests.services.exporting import annotate, counts, end, export, notes, plan, rewrite, times
from tests.services.support import finish

FILES = {
    ExportForm.BIBTEX: "lectern.bib",
    ExportForm.RIS: "lectern.ris",
    ExportForm.CSL_JSON: "lectern.csl.json",
    ExportForm.CSV: "lectern.csv",
    ExportForm.JSON_LINES: "lectern.jsonl",
    ExportForm.HTML: "lectern.html",
    ExportForm.MARKDOWN: "lectern.md",
    ExportForm.DIGEST: "lectern-digest-2026-03-04.md",
}


@pytest.fixture
def library(annotated: Library) -> Library:
    annotate(annotated)
    return annotated


def options(target: Path, form: ExportForm) -> ExportOptions:
    return ExportOptions(target, form, ProfileName.ONE_FILE)


@pytest.mark.parametrize("form", list(ExportForm))
def test_a_file_is_made_left_as_it_is_and_brought_up_to_date(
    library: Library, tmp_path: Path, form: ExportForm
) -> None:
    target = tmp_path / "out"
    assert counts(export(library, options(target, form))) == {"create": 1}
    assert list(notes(target)) == [FILES[form]]
    before = times(target)
    again = export(library, options(target, form))
    assert counts(again) == {"unchanged": 1} and again.written == () and times(target) == before
    library.notes.append(1, "More of it.")
    library.tags.add([3], ["new-tag"])
    assert counts(export(library, options(target, form))) == {"update": 1}
    assert notes(target)[FILES[form]] and times(target) != before


@pytest.mark.parametrize("form", [form for form in ExportForm if form is not ExportForm.MARKDOWN])
def test_a_file_that_was_changed_is_left_alone_and_the_new_one_put_beside_on_request(
    library: Library, tmp_path: Path, form: ExportForm
) -> None:
    target = tmp_path / "out"
    export(library, options(target, form))
    path = target / FILES[form]
    path.write_bytes(path.read_bytes() + b"mine")
    before = path.read_bytes()
    report = export(library, options(target, form))
    assert counts(report) == {"edited by you": 1} and report.written == () and path.read_bytes() == before
    beside = export(library, options(target, form), beside=True)
    assert len(beside.written) == 1 and beside.written[0] != path.name and path.read_bytes() == before
    assert (target / beside.written[0]).read_bytes() + b"mine" == before


def test_a_file_of_someone_elses_is_not_overwritten(library: Library, tmp_path: Path) -> None:
    mine = tmp_path / "refs.bib"
    mine.write_text("% mine", "utf-8")
    report = export(library, ExportOptions(mine, ExportForm.BIBTEX))
    assert counts(report) == {"edited by you": 1} and mine.read_text("utf-8") == "% mine"
    with pytest.raises(ExportError, match="is a file"):
        export(library, ExportOptions(mine, ExportForm.CSV))
    other = tmp_path / "other.bib"
    assert export(library, ExportOptions(other, ExportForm.BIBTEX)).written == ("other.bib",)


def test_a_file_that_changed_since_it_was_planned_is_left_alone(library: Library, tmp_path: Path) -> None:
    begun = library.exports.begin(ExportOptions(tmp_path / "x.csv", ExportForm.CSV))
    planned = end(begun.plan([1]))
    (tmp_path / "x.csv").write_text("mine", "utf-8")
    report = end(begun.write(planned))
    assert counts(report) == {"edited by you": 1} and (tmp_path / "x.csv").read_text("utf-8") == "mine"


def test_the_new_file_is_put_beside_once_the_choice_was_made(library: Library, tmp_path: Path) -> None:
    for form in ExportForm:
        target = tmp_path / form.value
        chosen = options(target, form)
        export(library, chosen)
        path = target / FILES[form]
        before = path.read_bytes().replace(b"Beta", b"My Beta") + b"mine"
        path.write_bytes(before)
        begun = library.exports.begin(chosen)
        planned = end(begun.plan(library.exports.annotated()))
        assert planned.writes == 0, form
        again = end(begun.plan_again(planned, replace(chosen, beside=frozenset({""}))))
        assert again.writes == 1 and len(again.files) == 1, form
        assert len(end(begun.write(again)).written) == 1
        assert (form is ExportForm.MARKDOWN) is (path.read_bytes() != before), form
        assert b"My Beta" in path.read_bytes() or form is ExportForm.DIGEST


def test_a_folder_that_is_gone_is_not_made_again_unasked(library: Library, tmp_path: Path) -> None:
    for form in (ExportForm.MARKDOWN, ExportForm.CSV):
        target = tmp_path / form.value
        with pytest.raises(MissingTargetError, match="does not exist"):
            export(library, ExportOptions(target, form, make_target=False))
        target.mkdir()
        begun = library.exports.begin(ExportOptions(target, form, make_target=False))
        planned = end(begun.plan([1]))
        target.rmdir()
        with pytest.raises(MissingTargetError):
            end(begun.write(planned))
        assert not target.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_links_in_a_circle_are_no_folder(library: Library, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(ExportError, match="cannot be found; choose another"):
        export(library, ExportOptions(tmp_path / "circle", ExportForm.MARKDOWN))


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_a_file_that_is_a_link_is_not_followed(library: Library, tmp_path: Path) -> None:
    (tmp_path / "outside.bib").write_text("outside", "utf-8")
    target = tmp_path / "out"
    target.mkdir()
    (target / "lectern.bib").symlink_to(tmp_path / "outside.bib")
    with pytest.raises(ExportError, match="symbolic link"):
        export(library, ExportOptions(target, ExportForm.BIBTEX))
    assert (tmp_path / "outside.bib").read_text("utf-8") == "outside"


def test_planning_a_file_writes_nothing_and_keeps_no_citation_keys(library: Library, tmp_path: Path) -> None:
    before = state_of(library)
    planned = plan(library, ExportOptions(tmp_path / "out", ExportForm.BIBTEX))
    assert "+@misc{" in planned.files[0].difference() and not (tmp_path / "out").exists()
    assert state_of(library) == before


def test_forms_hold_the_papers(library: Library, tmp_path: Path) -> None:
    for form in ExportForm:
        export(library, options(tmp_path, form))
    titles = {library.papers.get(number).title for number in (1, 2)}
    records = parse_bibtex((tmp_path / "lectern.bib").read_bytes()).records
    assert {record.title for record in records} == titles
    keys = [line[6:-1] for line in (tmp_path / "lectern.bib").read_text("utf-8").splitlines() if line.startswith("@")]
    entries = rispy.loads((tmp_path / "lectern.ris").read_text("utf-8"))
    items = json.loads((tmp_path / "lectern.csl.json").read_text("utf-8"))
    assert [entry["id"] for entry in entries] == [item["id"] for item in items] == keys
    rows = list(csv.DictReader(io.StringIO((tmp_path / "lectern.csv").read_text("utf-8"), newline="")))
    assert {row["key"] for row in rows} == {library.papers.get(number).key for number in (1, 2)}
    assert "Beta on α Masks" in (tmp_path / "lectern.html").read_text("utf-8")
    report = (tmp_path / "lectern.md").read_text("utf-8")
    assert report.count("### Beta on α Masks") == 2 and "## method/trees" in report


def test_the_report_is_grouped_as_asked_and_keeps_what_stands_around(library: Library, tmp_path: Path) -> None:
    asked = options(tmp_path, ExportForm.MARKDOWN)
    export(library, asked, grouping=ExportGrouping.LABEL)
    path = tmp_path / "lectern.md"
    assert "## Claim\n" in path.read_text("utf-8")
    path.write_text(f"Mine\n\n{path.read_text('utf-8')}Mine, too\n", "utf-8")
    export(library, asked, grouping=ExportGrouping.DAY)
    text = path.read_text("utf-8")
    assert text.startswith("Mine\n\n%%lectern%%") and text.endswith("Mine, too\n") and "## 2026-03-03\n" in text
    rewrite(path, "# Papers from Lectern", "# My papers")
    before = path.read_bytes()
    assert counts(export(library, asked)) == {"edited by you": 1} and path.read_bytes() == before


def test_citation_keys_are_given_once_and_stay(library: Library, tmp_path: Path) -> None:
    bring(library, "Alpha of Forests", name="other")
    first = library.exports.bibtex([1])
    key = first.split("{")[1].split(",")[0]
    again = library.exports.bibtex(all_ids(library))
    keys = [line[6:-1] for line in again.splitlines() if line.startswith("@misc{")]
    assert keys[0] == key and len(set(keys)) == len(keys) == 6
    library.papers.set_arxiv_id(1, "2603.01234")
    export(library, ExportOptions(tmp_path, ExportForm.BIBTEX))
    assert f"@misc{{{key}," in (tmp_path / "lectern.bib").read_text("utf-8")
    assert library.exports.bibtex([1]).startswith(f"@misc{{{key},")


def test_equal_citation_keys_get_letters(annotated: Library) -> None:
    ids = bring(annotated, "Zeta of Things: One", "Zeta of Things! Two", "Zeta of things (three)", name="other")[5:]
    texts = annotated.exports.bibtex(ids)
    keys = [line[6:-1] for line in texts.splitlines() if line.startswith("@misc{")]
    assert len(set(keys)) == 3


def test_the_copy_commands_copy(library: Library) -> None:
    exporter = library.exports
    assert exporter.citation([2]) == "“Beta on α Masks”"
    assert exporter.citation([1, 2]).splitlines() == ["“Alpha of Trees”", "“Beta on α Masks”"]
    assert exporter.markdown([2]) == "Beta on α Masks"
    assert exporter.markdown([1, 2]).splitlines() == ["- Alpha of Trees", "- Beta on α Masks"]
    assert exporter.bibtex([2]).startswith("@misc{") and "$\\alpha$" in exporter.bibtex([2])
    assert exporter.citation([]) == exporter.markdown([]) == exporter.bibtex([]) == ""


def test_the_digest_tells_what_came_and_what_was_done(library: Library, set_clock: SetClock) -> None:
    library.states.set([4], PaperState.QUEUED)
    set_clock.advance(days=10)
    bring(library, "Zeta of Nothing", "Alpha of Trees", name="later", heading="Mar 13")
    library.states.set([3], PaperState.DONE)
    digest = library.exports.digest(date(2026, 3, 10))
    assert digest.startswith("# Digest, 2026-03-10 to 2026-03-14\n\n1 new paper in 1 listing · 1 kept · 0 highlighted")
    assert "### later, 2026-03-13\n\n- Zeta of Nothing\n" in digest
    assert "## Kept\n\n- Gamma Waves\n" in digest and "## Queue\n\n- Delta Rivers\n" in digest
    everything = library.exports.digest(date(2026, 3, 1))
    assert "6 new papers in 2 listings · 4 kept · 1 highlighted" in everything
    assert "  > We study the invented subject — **Claim**" in everything
    page = library.exports.digest(date(2026, 3, 1), html=True)
    assert page.startswith("<!DOCTYPE html>") and "<h3>later, 2026-03-13</h3>" in page
    with pytest.raises(ReaderError, match="in the future"):
        library.exports.digest(date(2026, 4, 1))


def test_a_digest_is_written_under_its_day(library: Library, tmp_path: Path, set_clock: SetClock) -> None:
    chosen = ExportOptions(tmp_path, ExportForm.DIGEST)
    assert export(library, chosen).written == ("lectern-digest-2026-03-04.md",)
    text = (tmp_path / "lectern-digest-2026-03-04.md").read_text("utf-8")
    assert text.rstrip() == library.exports.digest(date(2026, 2, 25)).rstrip()
    set_clock.advance(days=3)
    assert export(library, chosen, since=date(2026, 3, 6)).written == ("lectern-digest-2026-03-07.md",)
    assert (tmp_path / "lectern-digest-2026-03-04.md").read_text("utf-8") == text


def test_spans_of_days() -> None:
    today = date(2026, 3, 14)
    assert since_day("7d", today) == date(2026, 3, 7)
    assert since_day("2w", today) == date(2026, 2, 28)
    assert since_day("2026-01-31", today) == date(2026, 1, 31)
    for text in ("", "d", "7", "7x", "tomorrow", "-3d", "99999999d", "2026-13-01"):
        with pytest.raises(ReaderError, match="not a number of days"):
            since_day(text, today)


# The way back in


def everything(library: Library) -> tuple[list[object], list[TransferPaper]]:
    """All that a library holds, as values; papers by key."""
    transfers = library._store.transfers
    items: list[object] = [
        replace(item, id=0) if hasattr(item, "id") else item
        for item in transfers.items()  # type: ignore[type-var]
    ]
    ids = list(library._store.papers.ids(ALL_PAPERS))
    return items, sorted(transfers.papers(ids), key=lambda paper: paper.key)


@pytest.fixture
def full(library: Library, set_clock: SetClock) -> Library:
    """A library with every kind of annotation."""
    library.tags.set_color("to try", "#123456")
    library.tags.set_description("to try", "later")
    library.tags.set_favorite("to try", 3)
    library.labels.add("Doubt", "#abcdef")
    library.highlights.add_quote(2, "matters more", label="Doubt", comment="Does it?")
    library.notes.append(2, "---\n\n# A note\n\nwith `code` and [[links]]")
    set_clock.advance(hours=1)
    library.states.set([5, 3, 4], PaperState.QUEUED)
    library.states.set([4], PaperState.DONE)
    library.states.bury([3], "2026-04-01")
    library.states.set_seen([1, 2], True)
    library.states.set_starred([5], True)
    library.papers.set_arxiv_id(5, "2603.01234")
    library.papers.merge(1, 2)
    library._store.searches.add("mine", "tag:rl", "date", 2)
    library._store.mutes.add("less", "title:stones")
    library.exports.bibtex([1, 5])
    bring(library, "Alpha of Trees", "Zeta of Nothing", name="later", heading="Mar 4")
    return library


def exported(library: Library, target: Path) -> Path:
    export(library, ExportOptions(target, ExportForm.JSON_LINES), library.exports.everything())
    return target


def test_json_lines_restore_everything_in_an_empty_library(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    file = exported(full, tmp_path / "all.jsonl")
    with open_library(tmp_path / "second", set_clock) as second:
        report = finish(second.imports.paths([file]))
        (of_file,) = report.files
        assert (of_file.format, of_file.papers, of_file.new, of_file.error) == ("lectern", 5, 5, None)
        assert of_file.account is not None and of_file.account.total == of_file.account.records + 1
        assert everything(second) == everything(full)
        restored = {paper.key: paper.highlights for paper in second.papers.read(all_ids(second))}
        assert restored == {paper.key: paper.highlights for paper in full.papers.read(all_ids(full))}
        assert second.papers.with_key(full.papers.get(1).aliases[0]).key == full.papers.get(1).key
        again = exported(second, tmp_path / "again.jsonl")
        assert again.read_bytes() == file.read_bytes()
        empty = len(all_ids(second))
        before = state_of(second)
        assert finish(second.imports.paths([file])).files[0].known == empty
        assert state_of(second) == before


def test_a_restored_library_goes_on_with_the_same_vault(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    vault = tmp_path / "vault"
    export(full, vault)
    before = notes(vault)
    file = exported(full, tmp_path / "all.jsonl")
    with open_library(tmp_path / "second", set_clock) as second:
        finish(second.imports.paths([file]))
        report = export(second, vault)
        assert set(counts(report)) == {"unchanged"} and notes(vault) == before


def test_a_restore_is_one_step(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    file = exported(full, tmp_path / "all.jsonl")
    with open_library(tmp_path / "second", set_clock) as second:
        bring(second, "Something Else Entirely")
        before = state_of(second)
        finish(second.imports.paths([file]))
        after = everything(second)
        undone = second.history.undo()
        assert undone is not None and str(undone.title) == "Imported all.jsonl"
        assert len(all_ids(second)) == 1
        kept = {"citation_keys", "note_revisions"}
        assert {name: rows for name, rows in state_of(second).items() if name not in kept} == {
            name: rows for name, rows in before.items() if name not in kept
        }
        second.history.redo()
        assert everything(second) == after


def test_a_library_that_has_the_papers_keeps_what_it_has(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    file = exported(full, tmp_path / "all.jsonl")
    with open_library(tmp_path / "second", set_clock) as second:
        bring(second, "Alpha of Trees", "Gamma Waves", name="day")
        second.notes.append(1, "My note here.")
        second.tags.add([1], ["Here", "TO TRY"])
        second.states.set([1], PaperState.DISMISSED)
        second.states.set([2], PaperState.READING)
        second.highlights.add_quote(1, "Our method", label="Result")
        finish(second.imports.paths([file]))
        alpha, gamma = second.papers.get(1), second.papers.get(2)
        assert alpha.note.startswith("My note here.\n\n---\n\nA note of mine.")
        assert set(alpha.tags) == {"Here", "TO TRY", "method/trees"}
        assert alpha.state is PaperState.DISMISSED and alpha.starred
        assert {mark.exact for mark in alpha.highlights} >= {"Our method", "We study the invented subject"}
        assert gamma.state is PaperState.READING
        before = state_of(second)
        finish(second.imports.paths([file]))
        assert state_of(second) == before


def test_a_dry_run_restores_nothing(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    file = exported(full, tmp_path / "all.jsonl")
    with open_library(tmp_path / "second", set_clock) as second:
        before = state_of(second)
        report = finish(second.imports.paths([file], dry_run=True))
        assert report.total("new") == 5 and state_of(second) == before


def test_lines_that_are_not_understood_are_problems_and_a_newer_file_is_refused(
    full: Library, tmp_path: Path, set_clock: SetClock
) -> None:
    file = exported(full, tmp_path / "all.jsonl")
    lines = file.read_text("utf-8").splitlines(keepends=True)
    broken = tmp_path / "broken.jsonl"
    broken.write_text("".join([*lines[:3], "{nonsense\n", *lines[3:]]), "utf-8")
    newer = tmp_path / "newer.jsonl"
    newer.write_text('{"type": "lectern", "version": 99}\n', "utf-8")
    with open_library(tmp_path / "second", set_clock) as second:
        report = finish(second.imports.paths([broken, newer]))
        assert [file.error is None for file in report.files] == [True, False]
        (problem,) = report.files[0].problems
        assert (problem.lines.first, problem.text) == (4, "{nonsense") and report.files[0].new == 5
        assert "newer Lectern" in str(report.files[1].error)


def test_cancelling_a_restore_leaves_nothing_of_it(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    file = exported(full, tmp_path / "all.jsonl")
    asked = iter([False, *[True] * 1_000])
    with open_library(tmp_path / "second", set_clock) as second:
        report = finish(second.imports.paths([file], cancelled=lambda: next(asked)))
        assert report.cancelled and all_ids(second) == []


def test_a_transfer_may_be_larger_than_a_listing(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    (first, *_) = full._store.transfers.papers([1])
    big = tmp_path / "big.jsonl"
    with big.open("w", encoding="utf-8") as file:
        file.write(header_line())
        for number in range(22):
            key = f"aaaaaa{chr(97 + number)}{chr(97 + number)}"
            made = replace(first, key=key, title=f"Big {number}", abstract="long " * 200_000, arxiv_id=None)
            file.write(item_line(replace(made, aliases=(), citation_key=None, highlights=(), sightings=())))
    assert big.stat().st_size > 20 * 1024**2
    with open_library(tmp_path / "second", set_clock) as second:
        assert finish(second.imports.paths([big])).total("new") == 22


def test_hostile_keys_of_a_file_do_not_become_keys(full: Library, tmp_path: Path, set_clock: SetClock) -> None:
    (first, *_) = full._store.transfers.papers([1])
    bad = replace(first, key="../../etc/passwd", aliases=("x" * 5_000,), tags=("/", "ok", "a\u2028b"), arxiv_id=None)
    file = tmp_path / "bad.jsonl"
    file.write_text(header_line() + item_line(bad), "utf-8")
    with open_library(tmp_path / "second", set_clock) as second:
        assert finish(second.imports.paths([file])).total("new") == 1
        (paper,) = second.papers.read(all_ids(second))
        assert len(paper.key) == 8 and paper.key.isalnum() and paper.aliases == () and paper.tags == ("ok",)
