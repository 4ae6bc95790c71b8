"""Exporting into a vault that its owner lives in."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import unicodedata
from dataclasses import replace
from json import dumps
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.settings import DeletedHighlights
from reader.formats.export.front_matter import find_paper_key
from reader.formats.export.splice import RemarkKind
from reader.formats.export.template_errors import ExportTemplateError
from reader.services import Library
from reader.services.export.plan import (
    ExportError,
    ExportForm,
    ExportOptions,
    ExportStatus,
    ProfileName,
    outcome_as_json,
)
from reader.services.export.vault_scan import Vault, scan_vault
from reader.services.process.sharing import SharedLibrary
from tests.formats.export.test_names import hostile_names, is_legal
from tests.services.annotating import SetClock, all_ids, bring
from tests.services.exporting import annotate, counts, end, export, notes, plan, rewrite, times
from tests.services.owning import owned_library
from tests.services.support import finish


@pytest.fixture
def library(annotated: Library) -> Library:
    annotate(annotated)
    return annotated


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "Diary.md").write_text("# Mine\n---\nnothing of yours\n", "utf-8")
    return folder


def note_of(vault: Path, key: str) -> Path:
    """The one note of a paper."""
    (path,) = [path for path in vault.rglob("*.md") if find_paper_key(path.read_text("utf-8")) == key]
    return path


def test_annotated_papers_become_notes_and_again_nothing_is_written(library: Library, vault: Path) -> None:
    report = export(library, vault)
    assert counts(report) == {"create": 2} and len(report.written) == 2
    assert set(notes(vault)) == {"Diary.md", *report.written}
    for path in report.written:
        assert path.startswith("Lectern/") and is_legal(path.removeprefix("Lectern/"))
    text = note_of(vault, library.papers.get(1).key).read_text("utf-8")
    for piece in (
        "> We study the invented subject\n",
        "> Really?\n",
        "A note of mine.\n",
        "  - to-try\n",
        "starred: true",
    ):
        assert piece in text
    before = times(vault)
    again = export(library, vault)
    assert counts(again) == {"unchanged": 2} and again.written == ()
    assert times(vault) == before


def test_no_time_of_exporting_stands_in_the_text(library: Library, vault: Path, set_clock: SetClock) -> None:
    export(library, vault)
    first = notes(vault)
    shutil.rmtree(vault)
    set_clock.advance(days=400)
    export(library, vault, recreate=True)
    assert {path: data for path, data in first.items() if path != "Diary.md"} == notes(vault)


def test_planning_writes_nothing_and_says_what_would_change(library: Library, vault: Path) -> None:
    before = times(vault.parent)
    planned = plan(library, ExportOptions(vault))
    assert times(vault.parent) == before
    assert counts(planned) == {"create": 2} and planned.writes == 2
    as_json = outcome_as_json(planned)
    assert as_json["counts"]["create"] == 2 and as_json["dry_run"] is True
    difference = as_json["files"][0]["diff"]
    assert difference.startswith("--- a/Lectern/") and "\n+paper-key: " in difference
    export(library, vault)
    library.states.set_starred([1], False)
    (changed,) = [file for file in plan(library, ExportOptions(vault)).files if file.writes]
    lines = [line for line in changed.difference().splitlines()[2:] if line[0] in "+-"]
    assert (changed.status, lines) == (ExportStatus.UPDATE, ["-starred: true", "+starred: false"])


def test_a_note_is_found_wherever_it_was_moved_and_whatever_it_is_called(library: Library, vault: Path) -> None:
    key = library.papers.get(1).key
    export(library, vault)
    moved = vault / "Deep" / "er" / "My name for it.md"
    moved.parent.mkdir(parents=True)
    note_of(vault, key).rename(moved)
    library.notes.append(1, "More.")
    report = export(library, vault)
    assert counts(report) == {"update": 1, "unchanged": 1} and report.written == ("Deep/er/My name for it.md",)
    assert "More." in moved.read_text("utf-8")
    moved.rename(vault / "again.md")
    assert counts(export(library, vault)) == {"unchanged": 2}
    assert counts(export(library, vault)) == {"unchanged": 2}


def test_a_deleted_note_is_not_made_again_unasked(library: Library, vault: Path) -> None:
    key = library.papers.get(1).key
    export(library, vault)
    note_of(vault, key).unlink()
    library.notes.append(1, "More.")
    report = export(library, vault)
    assert counts(report) == {"unchanged": 1, "not found": 1} and report.written == ()
    assert counts(export(library, vault, recreate=frozenset({key}))) == {"create": 1, "unchanged": 1}
    assert "More." in note_of(vault, key).read_text("utf-8")


def test_a_note_in_the_bin_counts_as_deleted(library: Library, vault: Path) -> None:
    key = library.papers.get(1).key
    export(library, vault)
    (vault / ".trash").mkdir()
    binned = note_of(vault, key).rename(vault / ".trash" / "x.md")
    before = binned.read_bytes()
    library.notes.append(1, "More.")
    assert counts(export(library, vault)) == {"unchanged": 1, "not found": 1}
    assert binned.read_bytes() == before


def test_a_merged_papers_note_is_found_by_its_old_key(library: Library, vault: Path) -> None:
    old = library.papers.get(2).key
    export(library, vault, [2])
    library.papers.merge(3, 2)
    library.notes.append(3, "After the merge.")
    report = export(library, vault, [3])
    assert counts(report) == {"update": 1}
    assert "After the merge." in note_of(vault, old).read_text("utf-8")
    assert counts(export(library, vault, [3])) == {"unchanged": 1}


def test_of_two_notes_with_one_key_the_one_that_was_written_is_updated(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    copy = vault / "A copy.md"
    shutil.copy(note, copy)
    before = copy.read_bytes()
    library.notes.append(1, "More.")
    report = export(library, vault)
    assert copy.read_bytes() == before and "More." in note.read_text("utf-8")
    (remark,) = [remark for file in report.files for remark in file.remarks]
    assert (remark.kind, remark.subject) == (RemarkKind.OTHER_NOTE, "A copy.md")


def test_edits_in_the_region_are_left_and_everything_else_arrives(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    rewrite(note, "> Really?", "> Really? I looked it up.")
    note.write_text(note.read_text("utf-8") + "\nMy own thoughts.\n", "utf-8")
    assert counts(plan(library, ExportOptions(vault))) == {"unchanged": 1, "edited by you": 1}
    library.notes.append(1, "More.")
    (highlight,) = [mark for mark in library.highlights.of(1) if mark.comment]
    library.highlights.update(highlight.id, comment="No.")
    report = export(library, vault)
    text = note.read_text("utf-8")
    assert counts(report) == {"unchanged": 1, "edited by you": 1}
    assert "> Really? I looked it up." in text and "More." in text and "> No." not in text
    assert text.endswith("\nMy own thoughts.\n")
    (remark,) = [remark for file in report.files for remark in file.remarks]
    assert (remark.kind, remark.withheld) == (RemarkKind.BLOCK_EDITED, True)
    assert counts(export(library, vault)) == {"unchanged": 1, "edited by you": 1}
    assert note.read_text("utf-8") == text
    export(library, vault, beside=frozenset({library.papers.get(1).key}))
    text = note.read_text("utf-8")
    assert "> Really? I looked it up." in text and "> No." in text
    assert counts(export(library, vault)) == {"unchanged": 2}


def test_exporting_by_itself_leaves_edited_notes_alone_and_lists_them(library: Library, vault: Path) -> None:
    exporter = library.exports
    end(exporter.export_untouched(ExportOptions(vault), exporter.annotated()))
    note = note_of(vault, library.papers.get(1).key)
    rewrite(note, "> Really?", "> Really? I looked it up.")
    before = note.read_bytes()
    library.notes.append(1, "More.")
    library.notes.append(2, "Other.")
    report = end(exporter.export_untouched(ExportOptions(vault), exporter.annotated()))
    assert note.read_bytes() == before
    assert "Other." in note_of(vault, library.papers.get(2).key).read_text("utf-8")
    assert [file.key for file in report.files if file.status is ExportStatus.EDITED] == [library.papers.get(1).key]


def test_deleted_highlights_go_or_are_struck_through(library: Library, vault: Path) -> None:
    options = ExportOptions(vault, deleted=DeletedHighlights.STRIKE)
    export(library, options)
    first, second = library.highlights.of(1)
    library.highlights.delete(first.id)
    export(library, options)
    text = note_of(vault, library.papers.get(1).key).read_text("utf-8")
    assert "> ~~We study the invented subject~~" in text
    before = times(vault)
    export(library, options)
    assert times(vault) == before
    library.highlights.delete(second.id)
    export(library, options, deleted=DeletedHighlights.REMOVE)
    assert "> Our method needs no data\n" not in note_of(vault, library.papers.get(1).key).read_text("utf-8")


def test_undo_shows_in_the_next_export(library: Library, vault: Path) -> None:
    export(library, vault)
    before = notes(vault)
    library.notes.append(1, "A mistake.")
    export(library, vault)
    assert notes(vault) != before
    library.history.undo()
    export(library, vault)
    assert notes(vault) == before


def test_a_note_that_names_the_paper_is_offered_and_adopted_on_request(library: Library, vault: Path) -> None:
    library.papers.set_arxiv_id(1, "2603.01234")
    own = vault / "Trees.md"
    own.write_text("---\nrating: 5\n---\nSee https://arxiv.org/abs/2603.01234v2 and my thoughts", "utf-8")
    (vault / "List.md").write_text("arXiv:2603.01234 and arXiv:2603.09999", "utf-8")
    key = library.papers.get(1).key
    planned = plan(library, ExportOptions(vault))
    assert {file.key: file.adoptable for file in planned.files}[key] == ("Trees.md",)
    report = export(library, vault, adopt={key: "Trees.md"})
    assert report.written[0] == "Trees.md" or "Trees.md" in report.written
    text = own.read_text("utf-8")
    assert text.startswith("---\nrating: 5\npaper-key: ") and "and my thoughts\n\n%%lectern%%\n" in text
    assert counts(export(library, vault)) == {"unchanged": 2}
    assert "arXiv:2603.09999" in (vault / "List.md").read_text("utf-8")


def test_choices_for_single_papers_plan_just_those_again(library: Library, vault: Path) -> None:
    library.papers.set_arxiv_id(1, "2603.01234")
    export(library, vault, [2])
    second = note_of(vault, library.papers.get(2).key)
    second.unlink()
    (vault / "Trees.md").write_text("See arXiv:2603.01234", "utf-8")
    one, two = library.papers.get(1).key, library.papers.get(2).key
    begun = library.exports.begin(ExportOptions(vault))
    first = end(begun.plan([1, 2]))
    assert [file.status for file in first.files] == [ExportStatus.CREATE, ExportStatus.NOT_FOUND]
    chosen = replace(ExportOptions(vault), adopt={one: "Trees.md"}, recreate=frozenset({two}))
    again = end(begun.plan_again(first, chosen))
    assert [(file.status, file.path) for file in again.files] == [
        (ExportStatus.UPDATE, "Trees.md"),
        (ExportStatus.CREATE, f"Lectern/{second.name}"),
    ]
    assert again.files[0].adoptable == ("Trees.md",)
    back = end(begun.plan_again(again, ExportOptions(vault)))
    assert [(file.status, file.path) for file in back.files] == [(file.status, file.path) for file in first.files]
    report = end(begun.write(end(begun.plan_again(back, chosen))))
    assert set(report.written) == {"Trees.md", f"Lectern/{second.name}"}
    assert counts(export(library, vault)) == {"unchanged": 2}


def test_ours_is_put_beside_an_edit_once_that_was_chosen(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    rewrite(note, "A note of mine.", "A note of somebody.")
    library.notes.append(1, "More.")
    begun = library.exports.begin(ExportOptions(vault))
    planned = end(begun.plan([1, 2]))
    assert planned.files[0].status is ExportStatus.EDITED
    key = library.papers.get(1).key
    again = end(begun.plan_again(planned, ExportOptions(vault, beside=frozenset({key}))))
    assert again.files[1] is planned.files[1]
    end(begun.write(again))
    assert "A note of somebody." in note.read_text("utf-8") and "More." in note.read_text("utf-8")


def test_exporting_by_itself_makes_no_note_beside_one_that_names_the_paper(library: Library, vault: Path) -> None:
    library.papers.set_arxiv_id(1, "2603.01234")
    (vault / "Trees.md").write_text("See arXiv:2603.01234", "utf-8")
    report = end(library.exports.export_untouched(ExportOptions(vault), [1, 2]))
    (written,) = report.written
    assert library.papers.get(2).key in written
    assert end(library.exports.begin(ExportOptions(vault)).plan([1])).files[0].adoptable == ("Trees.md",)


def test_a_paper_without_arxiv_id_is_offered_by_its_address(library: Library, vault: Path) -> None:
    address = "https://example.invalid/paper/17"
    bib = f"@misc{{x, title={{Zeta of Addresses}}, url={{{address}}}, abstract={{An invented abstract.}}}}"
    finish(library.imports.text(bib, "x.bib"))
    (paper_id,) = [number for number in all_ids(library) if library.papers.get(number).url == address]
    (vault / "Web.md").write_text(f"read {address} one day", "utf-8")
    (file,) = plan(library, ExportOptions(vault), [paper_id]).files
    assert file.adoptable == ("Web.md",)


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_symbolic_links_are_not_followed(library: Library, vault: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    key = library.papers.get(1).key
    planted = outside / "planted.md"
    planted.write_text(f"---\npaper-key: {key}\n---\n%%lectern%%\n%%/lectern%%\n", "utf-8")
    before = notes(outside)
    (vault / "linked folder").symlink_to(outside)
    (vault / "linked note.md").symlink_to(planted)
    assert counts(export(library, vault)) == {"create": 2}
    assert notes(outside) == before
    path = note_of(vault / "Lectern", key)
    path.unlink()
    path.symlink_to(planted)
    report = export(library, vault, recreate=True)
    assert notes(outside) == before and path.is_symlink()
    assert [name for name, _ in report.failed] == [f"Lectern/{path.name}"] and "symbolic link" in report.failed[0][1]


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_a_folder_for_new_notes_that_is_a_link_is_refused(library: Library, vault: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (vault / "Lectern").symlink_to(tmp_path / "outside")
    with pytest.raises(ExportError, match="symbolic link"):
        export(library, vault)
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("folder", ["../elsewhere", "/elsewhere", "a/../../b", "C:\\x", "\\\\server\\share"])
def test_new_notes_stay_inside_the_vault(library: Library, vault: Path, folder: str) -> None:
    with pytest.raises(ExportError, match="is outside the folder"):
        export(library, vault, folder=folder)


def test_hostile_titles_and_tags_make_files_inside_the_target(annotated: Library, vault: Path) -> None:
    titles = [title for title in hostile_names() if title.strip()][:240]
    records = ",".join(
        f'{{"paper": {{"id": "2601.{number:05d}", "title": {dumps(title)}, "summary": "Invented.", "authors": []}}}}'
        for number, title in enumerate(titles)
    )
    finish(annotated.imports.text(f"[{records}]", "day.json"))
    ids = all_ids(annotated)
    for number, title in enumerate(titles[:60]):
        tag = " ".join(title.replace("/", " ").split())[:60]
        if tag.isprintable():
            annotated.tags.add([ids[number]], [tag])
    report = export(annotated, vault, ids)
    assert counts(report) == {"create": len(ids)} and not report.failed and len(ids) >= 200
    written = [path.relative_to(vault) for path in vault.rglob("*") if path.is_file() and path.name != "Diary.md"]
    assert len(written) == len(ids) and {path.parent for path in written} == {Path("Lectern")}
    assert all(is_legal(path.name) for path in written)
    assert len({unicodedata.normalize("NFKC", path.name).casefold() for path in written}) == len(ids)
    assert counts(export(annotated, vault, ids)) == {"unchanged": len(ids)}


def test_a_note_changed_between_planning_and_writing_is_planned_again(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    library.notes.append(1, "More.")
    begun = library.exports.begin(ExportOptions(vault))
    planned = end(begun.plan([1]))
    note.write_text(note.read_text("utf-8") + "Just typed.\n", "utf-8")
    end(begun.write(planned))
    text = note.read_text("utf-8")
    assert "More." in text and text.endswith("Just typed.\n")
    library.notes.append(1, "And more.")
    begun = library.exports.begin(ExportOptions(vault))
    planned = end(begun.plan([1]))
    note.unlink()
    report = end(begun.write(planned))
    assert counts(report) == {"not found": 1} and not note.exists()


def test_a_file_that_appeared_where_a_note_was_to_go_is_kept(library: Library, vault: Path) -> None:
    begun = library.exports.begin(ExportOptions(vault))
    planned = end(begun.plan([1]))
    taken = vault / planned.files[0].path
    taken.parent.mkdir()
    taken.write_text("mine", "utf-8")
    report = end(begun.write(planned))
    assert (
        taken.read_text("utf-8") == "mine" and len(report.written) == 1 and report.written[0] != planned.files[0].path
    )
    assert counts(export(library, vault, [1])) == {"unchanged": 1}


def test_what_cannot_be_written_is_reported_and_the_rest_is_written(library: Library, vault: Path) -> None:
    first = plan(library, ExportOptions(vault)).files[0]
    (vault / "Lectern").mkdir()
    (vault / first.path).mkdir()
    report = export(library, vault)
    assert [path for path, _ in report.failed] == [first.path] and len(report.written) == 1
    assert not list(vault.rglob("*.tmp"))
    (vault / first.path).rmdir()
    assert counts(export(library, vault)) == {"create": 1, "unchanged": 1}


def test_a_vault_that_is_a_file_is_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(ExportError, match="is a file"):
        library.exports.begin(ExportOptions(tmp_path / "file"))


def test_cancelling_stops_between_files_and_leaves_whole_ones(library: Library, vault: Path) -> None:
    stop = False
    begun = library.exports.begin(ExportOptions(vault), cancelled=lambda: stop)
    planned = end(begun.plan([1, 2]))
    stop = True
    report = end(begun.write(planned))
    assert report.cancelled and report.written == () and set(notes(vault)) == {"Diary.md"}
    begun = library.exports.begin(ExportOptions(vault), cancelled=lambda: True)
    assert end(begun.plan([1, 2])).cancelled


def test_progress_goes_from_nothing_to_all(library: Library, vault: Path) -> None:
    begun = library.exports.begin(ExportOptions(vault))
    planning = begun.plan([1, 2])
    steps = list(iter(lambda: next(planning, None), None))
    assert steps and steps[-1].done == steps[-1].total == 2


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_a_notes_permissions_stay(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    note.chmod(0o640)
    library.notes.append(1, "More.")
    export(library, vault)
    assert note.stat().st_mode & 0o777 == 0o640


def test_a_vault_that_was_moved_is_still_known(library: Library, vault: Path, tmp_path: Path) -> None:
    export(library, vault)
    moved = vault.rename(tmp_path / "elsewhere")
    library.notes.append(1, "More.")
    report = export(library, moved)
    assert counts(report) == {"update": 1, "unchanged": 1}
    assert "More." in note_of(moved, library.papers.get(1).key).read_text("utf-8")
    assert counts(export(library, moved)) == {"unchanged": 2}


def test_a_library_that_forgot_overwrites_nothing(library: Library, vault: Path) -> None:
    export(library, vault)
    keys = [library.papers.get(number).key for number in (1, 2)]
    library._store.exports.forget(str(vault.resolve()), keys)
    before = notes(vault)
    assert counts(export(library, vault)) == {"unchanged": 2} and notes(vault) == before
    library._store.exports.forget(str(vault.resolve()), keys)
    (highlight,) = [mark for mark in library.highlights.of(1) if mark.comment]
    library.highlights.update(highlight.id, comment="No.")
    assert counts(export(library, vault)) == {"unchanged": 1, "edited by you": 1}
    assert "> Really?" in note_of(vault, keys[0]).read_text("utf-8")


def test_a_template_of_ones_own_is_used_and_its_faults_stop_everything(library: Library, vault: Path) -> None:
    export(library, vault)
    folder = library.folder / "export-templates"
    folder.mkdir()
    own = folder / "obsidian.md.j2"
    own.write_text(
        '{% extends "lectern/obsidian.md.j2" %}\n{% block highlight %}\n- {{ highlight.quote }}\n{% endblock %}\n',
        "utf-8",
    )
    assert counts(export(library, vault)) == {"update": 1, "unchanged": 1}
    text = note_of(vault, library.papers.get(1).key).read_text("utf-8")
    assert "- We study the invented subject\n\n^h-" in text and "# Alpha of Trees" in text
    own.write_text("{% block paper %}\n{{ paper.nothing }}\n{% endblock %}\n", "utf-8")
    before = notes(vault)
    with pytest.raises(ExportTemplateError, match=r"obsidian\.md\.j2 has a fault in line 2, column 9"):
        export(library, vault)
    assert notes(vault) == before
    own.write_bytes(b"\xff\xfe\xff")
    with pytest.raises(ExportError, match="UTF-8"):
        export(library, vault)


def test_plain_markdown_has_marks_that_no_reader_shows(library: Library, vault: Path) -> None:
    options = ExportOptions(vault, profile=ProfileName.COMMONMARK, folder="")
    report = export(library, options)
    assert all("/" not in path for path in report.written)
    text = note_of(vault, library.papers.get(1).key).read_text("utf-8")
    assert "<!--lectern-->" in text and '<a id="note"></a>' in text and "%%" not in text and "[!" not in text
    assert counts(export(library, options)) == {"unchanged": 2}


def test_that_the_last_annotation_went_arrives_too(library: Library, vault: Path, tmp_path: Path) -> None:
    library.states.set_starred([3], True)
    export(library, vault)
    note = note_of(vault, library.papers.get(3).key)
    assert "starred: true" in note.read_text("utf-8")
    library.states.set_starred([3], False)
    assert 3 not in library.exports.annotated() and 3 not in library.exports.annotated(tmp_path / "other")
    assert library.exports.only_annotated([4, 3, 1], vault) == [3, 1]
    report = export(library, vault, library.exports.annotated(vault))
    assert report.written == (note.relative_to(vault).as_posix(),) and "starred: false" in note.read_text("utf-8")


def test_a_paper_that_was_merged_is_still_one_of_the_exported(library: Library, vault: Path) -> None:
    export(library, vault, [4])
    library.papers.merge(3, 4)
    assert 3 not in library.exports.annotated() and 3 in library.exports.annotated(vault)


def test_notes_keep_the_flavour_they_have_when_another_is_chosen(library: Library, vault: Path) -> None:
    export(library, vault, [1])
    library.notes.append(1, "Arrives all the same.")
    library.states.set_starred([3], True)
    report = export(library, vault, [1, 3], profile=ProfileName.COMMONMARK)
    assert counts(report) == {"create": 1, "update": 1}
    first, third = (note_of(vault, library.papers.get(number).key).read_text("utf-8") for number in (1, 3))
    assert "Arrives all the same.\n\n^note" in first and "<!--lectern-->" not in first
    assert "<!--lectern-->" in third and "%%lectern%%" not in third
    for profile in (ProfileName.COMMONMARK, ProfileName.OBSIDIAN):
        assert counts(export(library, vault, [1, 3], profile=profile)) == {"unchanged": 2}


def test_looking_for_notes_can_be_stopped_where_there_are_none(tmp_path: Path) -> None:
    for number in range(900):
        (tmp_path / "many" / f"{number}").mkdir(parents=True)
    asked = []

    def stop() -> bool:
        asked.append(True)
        return True

    *steps, vault = scan_vault(tmp_path, cancelled=stop)
    assert steps == [0] and asked == [True] and isinstance(vault, Vault)
    assert len(list(scan_vault(tmp_path))) == 1 + 901 // 400


def test_which_papers_are_exported_unless_named(library: Library) -> None:
    library.states.set([4], PaperState.QUEUED)
    library.states.set([5], PaperState.DISMISSED)
    assert sorted(library.exports.annotated()) == [1, 2, 4]
    assert library.exports.only_annotated([5, 4, 3, 1]) == [4, 1]
    assert sorted(library.exports.everything()) == [1, 2, 3, 4, 5]


def test_notes_hold_what_they_held_when_another_program_rewrote_their_line_ends(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    note.write_bytes(note.read_bytes().replace(b"\n", b"\r\n"))
    assert counts(export(library, vault)) == {"unchanged": 2}
    library.notes.append(1, "More.")
    export(library, vault)
    data = note.read_bytes()
    assert b"More.\r\n" in data and data.count(b"\n") == data.count(b"\r\n")


def test_a_read_only_note_is_replaced_as_a_whole_or_not_at_all(library: Library, vault: Path) -> None:
    export(library, vault)
    note = note_of(vault, library.papers.get(1).key)
    os.link(note, vault / "hard link.txt")
    library.notes.append(1, "More.")
    export(library, vault)
    assert "More." not in (vault / "hard link.txt").read_text("utf-8"), "the old file was not written into"


def test_options_are_values(vault: Path) -> None:
    options = ExportOptions(vault)
    assert replace(options, beside=frozenset({"a"})).asks(frozenset({"a"}), "a")
    assert not options.asks(options.beside, "a") and options.asks(True, "")


def test_importing_more_changes_no_notes(library: Library, vault: Path) -> None:
    export(library, vault)
    before = times(vault)
    bring(library, "Alpha of Trees", "Zeta of Nothing", name="later", heading="Mar 4")
    assert counts(export(library, vault)) == {"unchanged": 2}
    assert times(vault) == before


def test_a_command_exports_while_a_window_has_the_library(tmp_path: Path, vault: Path) -> None:
    with Library(tmp_path / "library") as library:
        bring(library, "Alpha of Trees", "Beta of Masks", "Gamma Waves")
        annotate(library)
    with owned_library(tmp_path / "library") as (_, window):
        with SharedLibrary(tmp_path / "library", wait=5) as command:
            assert counts(export(command, vault)) == {"create": 2}
            assert counts(export(command, vault)) == {"unchanged": 2}
            key = command.exports.bibtex([1]).split("{")[1].split(",")[0]
            assert export(command, ExportOptions(tmp_path / "refs.bib", ExportForm.BIBTEX)).written == ("refs.bib",)
        assert f"@misc{{{key}," in (tmp_path / "refs.bib").read_text("utf-8")
        assert window.run(lambda: window.library.exports.bibtex([1])).startswith(f"@misc{{{key},")
        window.run(lambda: window.library.notes.append(1, "More."))
        assert counts(window.run(lambda: export(window.library, vault))) == {"update": 1, "unchanged": 1}


def test_a_full_disk_leaves_the_old_notes_and_no_remains(
    library: Library, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(library, vault)
    before = notes(vault)
    library.notes.append(1, "More.")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr("reader.files.os.fsync", full)
        begun = library.exports.begin(ExportOptions(vault))
        writing = begun.write(end(begun.plan([1])))
        next(writing)
        report = end(writing)
    assert report.written == () and [reason for _, reason in report.failed] == ["No space left on device"]
    assert notes(vault) == before
    assert counts(export(library, vault)) == {"update": 1, "unchanged": 1}
