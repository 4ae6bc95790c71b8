"""Notes: saving without losing anybody's text, earlier texts, templates, quotes; links between notes."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from reader.domain.annotations import NoteConflictError
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.note_links import find_note_links
from reader.services import Library
from reader.services.library.notes import TEMPLATE_FOLDER, joined_texts
from reader.storage.notes import StoredNotes
from reader.storage.store import LibraryStore
from tests.examples import examples
from tests.services.annotating import SetClock, bring, paper, state_of, titles
from tests.services.support import finish

NOT_THERE = 999


class TestSaving:
    def test_ticks_of_a_visit_are_one_step_and_one_text(self, annotated: Library) -> None:
        before = state_of(annotated)
        revision = annotated.notes.of(1).revision
        for text in ("F", "Fir", "First.", "First. "):
            saved = annotated.notes.save(1, text, revision=revision, visit="a")
            assert saved.note == annotated.notes.of(1)
            revision = saved.note.revision
        assert titles(annotated)[0] == "Note on “Alpha of Trees”"
        assert [each.text for each in annotated.notes.revisions(1)] == ["First. "]
        annotated.history.undo()
        assert state_of(annotated) == before
        annotated.history.redo()
        assert annotated.notes.of(1).text == "First. "

    def test_the_next_visit_is_another_step(self, annotated: Library) -> None:
        saved = annotated.notes.save(1, "One.", revision=0, visit="a")
        annotated.notes.save(1, "Two.", revision=saved.note.revision, visit="b")
        annotated.history.undo()
        assert annotated.notes.of(1).text == "One."
        assert [each.text for each in annotated.notes.revisions(1)] == ["Two.", "One."]

    def test_a_newer_text_elsewhere_is_met_not_overwritten(self, annotated: Library) -> None:
        saved = annotated.notes.save(1, "Mine.", revision=0, visit="a")
        annotated.notes.append(1, "Theirs.")
        with pytest.raises(NoteConflictError) as conflict:
            annotated.notes.save(1, "Mine, longer.", revision=saved.note.revision, visit="a")
        assert conflict.value.current.text == annotated.notes.of(1).text == "Mine.\n\nTheirs."
        kept = annotated.notes.revisions(1)
        assert ("Mine, longer.", True) in {(each.text, each.refused) for each in kept}
        both = joined_texts("Mine, longer.", conflict.value.current.text)
        annotated.notes.save(1, both, revision=conflict.value.current.revision, visit="a")
        assert annotated.notes.of(1).text == "Mine, longer.\n\n---\n\nMine.\n\nTheirs."

    def test_a_save_that_another_one_follows_at_once_does_not_take_its_text_for_its_own(
        self, annotated: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Between saving and reading back, another process may save: the next save has to meet that text."""
        read = StoredNotes.of
        other = LibraryStore(annotated.folder / "library.db")

        def read_late(notes: StoredNotes, paper_id: int) -> object:
            other.notes.set(paper_id, "Theirs.")
            return read(notes, paper_id)

        monkeypatch.setattr(StoredNotes, "of", read_late)
        saved = annotated.notes.save(1, "Mine.", revision=0)
        monkeypatch.undo()
        other.close()
        assert saved.note.text == "Mine."
        with pytest.raises(NoteConflictError) as conflict:
            annotated.notes.save(1, "Mine too.", revision=saved.note.revision)
        assert conflict.value.current.text == "Theirs."

    def test_an_empty_text_removes_the_note(self, annotated: Library) -> None:
        saved = annotated.notes.save(1, "Text.", revision=0)
        gone = annotated.notes.save(1, " \n", revision=saved.note.revision)
        assert (gone.note.revision, gone.note.text) == (0, "")
        assert not annotated.notes.save(1, "", revision=0).change
        annotated.history.undo()
        assert annotated.notes.of(1).text == "Text."

    def test_a_paper_that_is_gone_is_told(self, annotated: Library) -> None:
        with pytest.raises(NotFoundError, match="copy the note's text"):
            annotated.notes.save(NOT_THERE, "Text.", revision=0)
        with pytest.raises(NotFoundError):
            annotated.notes.append(NOT_THERE, "Text.")

    def test_appending_loses_nothing_whoever_writes(self, annotated: Library) -> None:
        assert not annotated.notes.append(1, " \n")
        with Library(annotated.folder) as other:
            threads = [
                threading.Thread(target=append, args=(library, name))
                for library, name in ((annotated, "a"), (other, "b"))
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        paragraphs = annotated.notes.of(1).text.split("\n\n")
        assert sorted(paragraphs) == sorted(f"{name}{number}" for name in "ab" for number in range(8))

    def test_an_earlier_text_is_restored_in_place_of_what_is_shown(self, annotated: Library) -> None:
        first = annotated.notes.save(1, "One.", revision=0).note.revision
        second = annotated.notes.save(1, "Two.", revision=first).note.revision
        assert annotated.notes.restore(1, first, instead_of=second).note.text == "One."
        with pytest.raises(NoteConflictError):
            annotated.notes.restore(1, second, instead_of=second)
        with pytest.raises(NotFoundError, match="no longer kept"):
            annotated.notes.restore(1, 12345, instead_of=second)
        annotated.history.undo()
        assert annotated.notes.of(1).text == "Two."

    def test_earlier_texts_are_kept_for_thirty_days(self, annotated: Library, set_clock: SetClock) -> None:
        for number in range(3):
            annotated.notes.save(1, f"Text {number}.", revision=None)
        set_clock.advance(days=29)
        annotated.tidy()
        assert len(annotated.notes.revisions(1)) == 3
        set_clock.advance(days=2)
        annotated.tidy()
        assert [each.text for each in annotated.notes.revisions(1)] == ["Text 2."]

    def test_all_notes_are_listed_last_changed_first(self, annotated: Library, set_clock: SetClock) -> None:
        for paper_id in (1, 2, 1):
            set_clock.advance(minutes=1)
            annotated.notes.append(paper_id, "Text.")
        assert [note.paper.title for note in annotated.notes.all()] == ["Alpha of Trees", "Beta on $\\alpha$ Masks"]


def append(library: Library, name: str) -> None:
    for number in range(8):
        library.notes.append(1, f"{name}{number}")
    library.release_thread()


class TestTemplatesAndQuotes:
    def test_lecterns_own_templates_fill_for_any_paper(self, annotated: Library) -> None:
        own = annotated.notes.templates()
        assert len(own) >= 2
        filled = "".join(annotated.notes.filled_template(template, 1) for template in own)
        assert "Alpha of Trees" in filled and "2026-03-04" in filled
        assert "{title}" not in filled

    def test_the_users_templates_go_before_lecterns(self, annotated: Library) -> None:
        folder = annotated.folder / TEMPLATE_FOLDER
        folder.mkdir()
        name = annotated.notes.templates()[0].name
        (folder / f"{name}.md").write_text("\ufeffMine: {key} {unknown}", "utf-8")
        (folder / "Another.md").write_text("{tags}", "utf-8")
        (folder / "no template.txt").write_text("x", "utf-8")
        found = {template.name: template for template in annotated.notes.templates()}
        annotated.tags.add([2], ["b", "a"])
        assert annotated.notes.filled_template(found[name], 2) == f"Mine: {paper(annotated, 2).key} {{unknown}}"
        assert annotated.notes.filled_template(found["Another"], 2) == "a, b"
        assert "no template" not in found
        with pytest.raises(NotFoundError):
            annotated.notes.filled_template(found["Another"], NOT_THERE)

    @pytest.mark.parametrize("content", [b"\xff\xfe\xfd", b"x" * 200_000])
    def test_a_template_that_is_no_text_is_told_by_name(self, annotated: Library, content: bytes) -> None:
        folder = annotated.folder / TEMPLATE_FOLDER
        folder.mkdir()
        (folder / "bad.md").write_bytes(content)
        with pytest.raises(ReaderError, match=r"bad\.md"):
            annotated.notes.templates()

    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may read everything")
    def test_an_unreadable_template_is_told_by_name(self, annotated: Library) -> None:
        folder = annotated.folder / TEMPLATE_FOLDER
        folder.mkdir()
        (folder / "bad.md").touch(mode=0)
        with pytest.raises(ReaderError, match=r"bad\.md"):
            annotated.notes.templates()

    def test_pasted_quotes_know_the_papers_own_words(self, annotated: Library) -> None:
        assert annotated.notes.quoted("Our me-\nthod needs", 1) == "> Our method needs"
        assert annotated.notes.quoted("Plain.", NOT_THERE) == "> Plain."


class TestLinks:
    def test_links_mean_papers_by_key_title_and_arxiv_id(self, annotated: Library) -> None:
        annotated.papers.set_arxiv_id(3, "2501.00003")
        text = (
            f"[[{paper(annotated, 1).key.upper()}]] [[beta on α masks]] [[Beta on $\\alpha$ masks|so]] "
            "[[arXiv:2501.00003v2]] [[Nothing]] `[[Gamma Waves]]`"
        )
        resolved = annotated.note_links.resolve(text)
        assert [each.paper.id if each.paper else None for each in resolved] == [1, None, 2, 3, None]
        assert resolved[2].link.shown == "so"
        assert annotated.note_links.resolve("none") == []

    def test_backlinks_name_the_note_and_its_line(self, annotated: Library, set_clock: SetClock) -> None:
        annotated.notes.append(1, "Unlike [[Gamma Waves]], fine.\n\nMore on [[Gamma Waves]].")
        set_clock.advance(minutes=1)
        long = f"{'word ' * 60}[[{paper(annotated, 3).key}|them]] {'more ' * 60}"
        annotated.notes.append(2, long)
        annotated.notes.append(3, "Itself: [[Gamma Waves]]")
        annotated.notes.append(4, "Only in code: `[[Gamma Waves]]`, and [[Gamma]]")
        found = annotated.note_links.backlinks(3)
        assert [each.paper.id for each in found] == [2, 1]
        assert found[1].excerpt == "Unlike [[Gamma Waves]], fine."
        assert f"[[{paper(annotated, 3).key}|them]]" in found[0].excerpt
        assert len(found[0].excerpt) < 200 and found[0].excerpt.startswith("…") and found[0].excerpt.endswith("…")
        assert annotated.note_links.backlinks(5) == annotated.note_links.backlinks(NOT_THERE) == []

    def test_links_outlive_merging(self, annotated: Library) -> None:
        annotated.notes.append(1, f"[[{paper(annotated, 4).key}]] and [[Delta Rivers]]")
        annotated.papers.merge(3, 4)
        assert [each.paper.id for each in annotated.note_links.resolve(annotated.notes.of(1).text) if each.paper] == [
            3,
            3,
        ]
        assert [each.paper.id for each in annotated.note_links.backlinks(3)] == [1]

    def test_a_link_by_a_name_of_two_papers_means_the_oldest_and_is_written_by_key(self, annotated: Library) -> None:
        annotated.papers.set_arxiv_id(1, "2501.00001")
        ids = bring(annotated, "Zeta", name="more", heading="Mar 4")
        twin = ids[-1]
        annotated.papers.set_arxiv_id(twin, "2501.00002")
        annotated.papers.merge(twin, 5)
        key = paper(annotated, twin).key
        assert annotated.note_links.link_to(1) == "[[Alpha of Trees]]"
        assert annotated.note_links.link_to(twin) == "[[Zeta]]"
        bring(annotated, "Epsilon Stones", name="again", heading="Mar 2")
        assert annotated.note_links.backlinks(twin) == []
        for paper_id in all_of(annotated):
            (resolved,) = annotated.note_links.resolve(annotated.note_links.link_to(paper_id))
            assert resolved.paper is not None and resolved.paper.id == paper_id
        assert key in {title.key for title in annotated.note_links.complete(key)}
        with pytest.raises(NotFoundError):
            annotated.note_links.link_to(NOT_THERE)

    def test_completion_takes_parts_of_words_keys_and_ids(self, annotated: Library) -> None:
        annotated.papers.set_arxiv_id(5, "2501.00005")
        assert [each.title for each in annotated.note_links.complete("wav gam")] == ["Gamma Waves"]
        assert [each.id for each in annotated.note_links.complete(paper(annotated, 4).key)] == [4]
        assert [each.id for each in annotated.note_links.complete("2501.00005")] == [5]
        assert annotated.note_links.complete("a")[0].title == "Alpha of Trees"
        assert len(annotated.note_links.complete("a", limit=2)) == 2
        assert annotated.note_links.complete("  ") == []


def all_of(library: Library) -> list[int]:
    return [paper_id for paper_id in range(1, 12) if library.papers.rows([paper_id])]


@examples(25, HealthCheck.function_scoped_fixture)
@given(
    names=st.lists(
        st.text(st.sampled_from("abAB []|`$\\*_x2é:0"), min_size=1, max_size=12).filter(str.strip),
        min_size=1,
        max_size=4,
    )
)
@example(names=["0", "0|"])
def test_every_link_written_leads_to_its_paper_and_back(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    """Whatever titles papers have: the link written to one means just that one, which sees the note."""
    folder: Path = tmp_path_factory.mktemp("links")
    with Library(folder / "library") as library:
        entries = [{"id": f"2501.0000{number}", "title": name, "summary": "Text."} for number, name in enumerate(names)]
        bring_entries(library, entries)
        ids = all_of(library)
        for paper_id in ids:
            link = library.note_links.link_to(paper_id)
            assert len(find_note_links(link)) == 1
            (resolved,) = library.note_links.resolve(f"See {link}.")
            assert resolved.paper is not None and resolved.paper.id == paper_id
        if len(ids) > 1:
            library.notes.append(ids[0], library.note_links.link_to(ids[-1]))
            assert [each.paper.id for each in library.note_links.backlinks(ids[-1])] == [ids[0]]


def bring_entries(library: Library, entries: list[dict[str, str]]) -> None:
    """Import a file of the page's API, in which a paper has its arXiv id: titles may then be the same."""
    days = [{"paper": entry | {"authors": [], "publishedAt": "2026-01-01T00:00:00.000Z"}} for entry in entries]
    report = finish(library.imports.text(json.dumps(days), "day.json"))
    assert report.failed == 0, report
