"""What notes in a vault are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.settings import NoteNames
from reader.formats.export.front_matter import find_paper_key
from reader.services import Library
from reader.services.export.plan import ExportOptions
from tests.services.annotating import bring
from tests.services.exporting import counts, end, export, notes, plan, times

TITLES = ("Alpha of Trees", "Beta on α Masks")
"""The first two papers' titles as they are shown."""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    (folder / "Lectern").mkdir(parents=True)
    return folder


def options(vault: Path, names: NoteNames, *, rename: bool = False) -> ExportOptions:
    return ExportOptions(vault, names=names, rename=rename)


def test_notes_are_named_by_title_or_citation_key(annotated: Library, tmp_path: Path) -> None:
    annotated.tags.add([1, 2], ["x"])
    export(annotated, options(tmp_path / "titles", NoteNames.TITLE))
    assert sorted(notes(tmp_path / "titles")) == sorted(f"Lectern/{title}.md" for title in TITLES[:2])
    export(annotated, options(tmp_path / "keys", NoteNames.CITATION_KEY))
    given = annotated.exports.bibtex([1, 2])
    assert len(notes(tmp_path / "keys")) == 2
    for path in notes(tmp_path / "keys"):
        assert f"{{{Path(path).stem},\n" in given, "the name is the key that the bibliography has, and stays it"


def test_a_name_that_any_file_has_gets_the_key_at_its_end(annotated: Library, vault: Path) -> None:
    annotated.tags.add([1, 2], ["x"])
    (vault / "Notes").mkdir()
    (vault / "Notes" / f"{TITLES[0].upper()}.md").write_text("a note of mine", "utf-8")
    (vault / "Lectern" / f"{TITLES[1]}.md").mkdir()
    report = export(annotated, options(vault, NoteNames.TITLE))
    keys = [annotated.papers.get(number).key for number in (1, 2)]
    assert sorted(report.written) == sorted(
        f"Lectern/{title} {key}.md" for title, key in zip(TITLES[:2], keys, strict=True)
    )
    assert (vault / "Notes" / f"{TITLES[0].upper()}.md").read_text("utf-8") == "a note of mine"
    assert counts(export(annotated, options(vault, NoteNames.TITLE, rename=True))) == {"unchanged": 2}


def test_two_papers_of_one_name_get_two_files(annotated: Library, vault: Path) -> None:
    long = (
        "A Study of the Very Same Tides in the Very Same Harbours and of What They Said Who Saw Them Come and Go Again"
    )
    ids = bring(annotated, f"{long} and Go", f"{long.upper()} and Stay", f"{long}?", name="other", heading="Mar 4")[5:]
    annotated.tags.add(ids, ["x"])
    report = export(annotated, options(vault, NoteNames.TITLE), ids=ids)
    assert len(report.written) == 3 == len({path.casefold() for path in report.written})
    keys = {find_paper_key(data.decode()) for data in notes(vault).values()}
    assert keys == {annotated.papers.get(number).key for number in ids}


def test_existing_notes_are_renamed_only_when_asked(annotated: Library, vault: Path) -> None:
    annotated.tags.add([1, 2], ["x"])
    annotated.notes.append(1, f"See {annotated.note_links.link_to(2)}.")
    export(annotated, vault)
    (slug,) = [path for path in notes(vault) if annotated.papers.get(1).key in path]
    (vault / "Mine").mkdir()
    (vault / slug).rename(vault / "Mine" / "first.md")
    with (vault / "Mine" / "first.md").open("a") as note:
        note.write("my own words")
    export(annotated, vault)
    before = times(vault)
    assert counts(export(annotated, options(vault, NoteNames.TITLE))) == {"unchanged": 2} and times(vault) == before
    report = export(annotated, options(vault, NoteNames.TITLE, rename=True))
    assert counts(report) == {"update": 2} and not report.failed
    assert {file.renames for file in report.files} == {
        "Mine/first.md",
        *(p for p in notes_before(before, vault) if "Lectern" in p),
    }
    assert set(notes(vault)) == {f"Mine/{TITLES[0]}.md", f"Lectern/{TITLES[1]}.md"}
    text = (vault / "Mine" / f"{TITLES[0]}.md").read_text("utf-8")
    assert text.endswith("my own words") and f"See [[{TITLES[1]}|{TITLES[1]}]]." in text
    assert counts(export(annotated, options(vault, NoteNames.TITLE, rename=True))) == {"unchanged": 2}
    annotated.tags.add([1], ["later"])
    assert counts(export(annotated, vault)) == {"update": 1, "unchanged": 1}, "the note is known by its key"


def notes_before(before: dict[str, int], vault: Path) -> list[str]:
    """The notes of a vault as its times had them, by their place in it."""
    return [Path(path).relative_to(vault).as_posix() for path in before if path.endswith(".md")]


def test_a_rename_loses_nothing_to_what_happened_in_between(annotated: Library, vault: Path) -> None:
    annotated.tags.add([1, 2], ["x"])
    export(annotated, vault)
    exporter = annotated.exports
    begun = exporter.begin(options(vault, NoteNames.TITLE, rename=True))
    planned = end(begun.plan(exporter.annotated()))
    assert counts(plan(annotated, options(vault, NoteNames.TITLE, rename=True))) == {"update": 2}
    one, other = sorted(planned.files, key=lambda file: file.path != f"Lectern/{TITLES[0]}.md")
    (vault / one.path).write_text("somebody was faster", "utf-8")
    with (vault / other.renames).open("a") as note:
        note.write("written meanwhile")
    report = end(begun.write(planned))
    assert not report.failed and (vault / one.path).read_text("utf-8") == "somebody was faster"
    found = notes(vault)
    assert len(found) == 3 and f"Lectern/{TITLES[0]} {annotated.papers.get(1).key}.md" in found
    assert found[f"Lectern/{TITLES[1]}.md"].decode().endswith("written meanwhile")


def test_a_name_that_differs_in_case_only_is_changed(annotated: Library, vault: Path) -> None:
    annotated.tags.add([1], ["x"])
    export(annotated, options(vault, NoteNames.TITLE))
    (vault / "Lectern" / f"{TITLES[0]}.md").rename(vault / "Lectern" / f"{TITLES[0].upper()}.md")
    assert counts(export(annotated, options(vault, NoteNames.TITLE, rename=True))) == {"update": 1}
    assert set(notes(vault)) == {f"Lectern/{TITLES[0]}.md"}
