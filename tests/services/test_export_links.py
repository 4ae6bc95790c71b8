"""Links between papers in an exported vault lead to their notes, or to their pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from reader.domain.note_links import find_note_links
from reader.formats.export.front_matter import find_paper_key
from reader.services import Library
from reader.services.export.plan import ExportOptions, ExportStatus, ProfileName
from tests.services.exporting import counts, end, export, notes, plan, times
from tests.services.support import finish

TITLES = ("Alpha of Trees", "Beta on α Masks", "Gamma Waves")
"""The papers' titles as they are shown."""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    return folder


def note_of(vault: Path, library: Library, paper_id: int) -> Path:
    """The one note of a paper."""
    key = library.papers.get(paper_id).key
    (path,) = [path for path in vault.rglob("*.md") if find_paper_key(path.read_text("utf-8")) == key]
    return path


def link(library: Library, of: int, to: int, text: str = "See {}.") -> None:
    """Have a paper's note link to another paper."""
    library.notes.append(of, text.format(library.note_links.link_to(to)))


def test_a_link_names_the_linked_papers_note(annotated: Library, vault: Path) -> None:
    link(annotated, 1, 2)
    link(annotated, 2, 1, "Against {}, `[[not this]]`, [[no paper]].")
    key = annotated.papers.get(3).key
    annotated.notes.append(3, f"[[{key}|myself]] and [[{key}]] and [[{TITLES[0]}|the first]]")
    annotated.highlights.add_quote(3, "We study the invented subject", comment=f"as in [[{TITLES[0]}]]")
    report = export(annotated, vault)
    assert counts(report) == {"create": 3}
    first, second, third = (note_of(vault, annotated, number) for number in (1, 2, 3))
    assert f"See [[{second.stem}|{TITLES[1]}]]." in first.read_text("utf-8")
    assert f"Against [[{first.stem}|{TITLES[0]}]], `[[not this]]`, [[no paper]]." in second.read_text("utf-8")
    text = third.read_text("utf-8")
    assert f"[[{third.stem}|myself]] and [[{third.stem}|{TITLES[2]}]] and [[{first.stem}|the first]]" in text
    assert f"> as in [[{first.stem}|{TITLES[0]}]]" in text
    written = {path.stem for path in vault.rglob("*.md")}
    for path in (first, second, third):
        for found in find_note_links(path.read_text("utf-8")):
            assert found.inner == "no paper" or found.inner.split("|")[0] in written
    before = times(vault)
    assert counts(export(annotated, vault)) == {"unchanged": 3} and times(vault) == before


def test_a_paper_without_a_note_is_linked_by_its_page_until_it_has_one(annotated: Library, vault: Path) -> None:
    entry = "@misc{key, title = {Paged Papers [draft]}, year = 2026, url = {https://example.org/a_b(c)}}"
    finish(annotated.imports.text(entry, "more"))
    link(annotated, 1, 6)
    export(annotated, vault)
    page = r"See [Paged Papers \[draft\]](https://example.org/a_b%28c%29)."
    assert page in note_of(vault, annotated, 1).read_text("utf-8")
    annotated.tags.add([6], ["now too"])
    report = export(annotated, vault)
    assert counts(report) == {"create": 1, "update": 1}
    stem = note_of(vault, annotated, 6).stem
    assert f"See [[{stem}|Paged Papers draft]]." in note_of(vault, annotated, 1).read_text("utf-8")
    assert counts(export(annotated, vault, ids=[1])) == {"unchanged": 1}, "the note is in the vault all the same"


def test_links_follow_a_note_that_was_renamed(annotated: Library, vault: Path) -> None:
    link(annotated, 1, 2)
    annotated.tags.add([2], ["x"])
    export(annotated, vault)
    second = note_of(vault, annotated, 2)
    (vault / "Elsewhere").mkdir()
    moved = second.rename(vault / "Elsewhere" / "Mine.md")
    # Obsidian changes the links to a note that it renames; the block is then no edit of its owner's.
    first = note_of(vault, annotated, 1)
    first.write_text(first.read_text("utf-8").replace(f"[[{second.stem}|", "[[Mine|"), "utf-8")
    report = export(annotated, vault)
    assert counts(report) == {"unchanged": 2} and "[[Mine|" in first.read_text("utf-8")
    moved.rename(vault / "Elsewhere" / "Yours.md")
    assert counts(export(annotated, vault)) == {"update": 1, "unchanged": 1}
    assert f"[[Yours|{TITLES[1]}]]" in first.read_text("utf-8")
    (vault / "Yours.md").write_text("another note of that name", "utf-8")
    export(annotated, vault)
    assert f"[[Elsewhere/Yours|{TITLES[1]}]]" in first.read_text("utf-8")


def test_plain_markdown_has_relative_links(annotated: Library, vault: Path) -> None:
    link(annotated, 1, 2)
    annotated.tags.add([2], ["x"])
    options = ExportOptions(vault, profile=ProfileName.COMMONMARK)
    export(annotated, options)
    second = note_of(vault, annotated, 2)
    assert f"See [{TITLES[1]}]({second.name})." in note_of(vault, annotated, 1).read_text("utf-8")
    (vault / "My notes").mkdir()
    second.rename(vault / "My notes" / "A (b).md")
    export(annotated, options)
    assert f"See [{TITLES[1]}](../My%20notes/A%20%28b%29.md)." in note_of(vault, annotated, 1).read_text("utf-8")


def test_links_follow_what_is_chosen_in_the_preview(annotated: Library, vault: Path) -> None:
    link(annotated, 1, 2)
    annotated.tags.add([2], ["x"])
    export(annotated, vault)
    note_of(vault, annotated, 2).unlink()
    exporter = annotated.exports
    begun = exporter.begin(ExportOptions(vault))
    planned = end(begun.plan(exporter.annotated()))
    assert counts(planned) == {"update": 1, "not found": 1}
    options = ExportOptions(vault, recreate=frozenset({annotated.papers.get(2).key}))
    again = end(begun.plan_again(planned, options))
    assert counts(again) == {"unchanged": 1, "create": 1}
    (made,) = [file for file in again.files if file.status is ExportStatus.CREATE]
    end(begun.write(again))
    assert f"[[{Path(made.path).stem}|" in note_of(vault, annotated, 1).read_text("utf-8")


def test_a_link_that_can_go_nowhere_is_its_words(annotated: Library, vault: Path) -> None:
    link(annotated, 1, 2, "[[Nothing *of* ours]] and {}")
    export(annotated, vault)
    assert f"[[Nothing *of* ours]] and {TITLES[1]}\n" in note_of(vault, annotated, 1).read_text("utf-8")
    assert len(notes(vault)) == 1 and counts(plan(annotated, ExportOptions(vault))) == {"unchanged": 1}
