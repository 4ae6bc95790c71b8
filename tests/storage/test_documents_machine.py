"""Documents under random steps: attaching, annotating, detaching, merging, undo and redo, against a plain model.

Two rules hold whatever happens: undo and redo go to exactly the states that were, and an annotation whose highlight was
deleted comes back only by undo, or by attaching again after the paper had no file of its text.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reader.storage.store import LibraryStore
from tests.documents import GREEN, YELLOW, found, read_of
from tests.storage.support import TickingClock, check_derived, content, fill, query

PAPERS = st.integers(0, 2)
TEXTS = st.sampled_from(("paper", "supplement"))
WORDS = ("One.", "Two.", "Three.", "Four.")
SAVES = st.sets(st.sampled_from(range(len(WORDS))))
"""Which annotations a file has."""

Marks = dict[tuple[str, str], str]
"""The comment of each highlight of a paper, by text and words."""


class Documents(RuleBasedStateMachine):
    """One library, and for each paper its links, its highlights, and what was imported."""

    @initialize()
    def open(self) -> None:
        """A library of three papers."""
        self.folder = tempfile.TemporaryDirectory()
        self.store = LibraryStore(Path(self.folder.name) / "library.db", clock=TickingClock())
        self.papers = fill(self.store, 3)
        self.states = [content(self.store)]
        self.undone = 0

    def teardown(self) -> None:
        """Close the library."""
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()

    def _marks(self, paper: int) -> Marks:
        shas = dict(query(self.store, "SELECT sha256, text_sha256 FROM documents"))
        return {
            (shas[each.place.document], each.exact): each.comment
            for each in (row.highlight for row in self.store.highlights.with_papers([paper]))
            if each.place is not None
        }

    def _stepped(self) -> None:
        """Note the state after a step, which ends what could be redone."""
        now = content(self.store)
        if now != self.states[-1 - self.undone]:
            del self.states[len(self.states) - self.undone :]
            self.states.append(now)
            self.undone = 0

    @rule(place=PAPERS, text=TEXTS, which=SAVES, remembers=st.booleans())
    def attach(self, place: int, text: str, which: set[int], remembers: bool) -> None:
        """Attach a save of a text: what a file of it had for this paper before is not imported."""
        paper = self.papers[place]
        read = read_of(f"{text} {sorted(which)}", *(found(WORDS[each], page=each) for each in sorted(which)), text=text)
        before = self._marks(paper)
        linked = {
            name
            for names, sha in query(
                self.store,
                "SELECT annotations, text_sha256 FROM paper_documents JOIN documents d ON d.id = document_id "
                "WHERE paper_id = ?",
                paper,
            )
            if sha == read.text_sha256
            for name in WORDS
            if f'"nm-{name}"' in names
        }
        labels = {YELLOW: "Method", GREEN: "Result"} if remembers else {}
        report, _ = self.store.documents.add(paper, read, "/x.pdf", labels=labels, is_stored=False)
        after = self._marks(paper)
        new = {WORDS[each] for each in which} - linked - {exact for sha, exact in before if sha == read.text_sha256}
        assert report.added == len(new)
        assert after == before | {(read.text_sha256, exact): "" for exact in new}
        self._stepped()

    @rule(place=PAPERS, number=st.integers(0, 5), comment=st.sampled_from(("", "a", "b")), deletes=st.booleans())
    def annotate(self, place: int, number: int, comment: str, deletes: bool) -> None:
        """Change or delete a highlight."""
        rows = self.store.highlights.with_papers([self.papers[place]])
        if rows:
            chosen = rows[number % len(rows)].highlight
            if deletes:
                self.store.highlights.delete(chosen.id)
            elif comment != chosen.comment:
                self.store.highlights.update(chosen.id, comment=comment)
            self._stepped()

    @rule(place=PAPERS, number=st.integers(0, 3))
    def detach(self, place: int, number: int) -> None:
        """Take a file off: the highlights of its text go with the last file of it."""
        paper = self.papers[place]
        documents = self.store.documents.of(paper)
        if not documents:
            return
        chosen = documents[number % len(documents)]
        texts = dict(query(self.store, "SELECT sha256, text_sha256 FROM documents"))
        stays = [each for each in documents if each != chosen and texts[each.sha256] == texts[chosen.sha256]]
        before = self._marks(paper)
        self.store.documents.detach(paper, chosen.id)
        kept = {key: value for key, value in before.items() if stays or key[0] != texts[chosen.sha256]}
        assert self._marks(paper) == kept
        self._stepped()

    @rule()
    def merge(self) -> None:
        """Merge the last two papers, if they are two."""
        _, kept, other = self.papers
        if len(set(self.papers)) == len(self.papers):
            files = {each.sha256 for paper in (kept, other) for each in self.store.documents.of(paper)}
            self.store.papers.merge(kept, other)
            assert {each.sha256 for each in self.store.documents.of(kept)} == files
            self._stepped()
            self.papers = self._present()

    @rule(steps=st.integers(1, 3))
    def undo(self, steps: int) -> None:
        """Undo some steps: exactly the state before them is back."""
        steps = min(steps, len(self.states) - 1 - self.undone)
        if steps:
            self.store.history.undo(steps)
            self.undone += steps
            assert content(self.store) == self.states[-1 - self.undone]
            self.papers = self._present()

    @rule(steps=st.integers(1, 3))
    def redo(self, steps: int) -> None:
        """Redo some of what was undone."""
        steps = min(steps, self.undone)
        if steps:
            self.store.history.redo(steps)
            self.undone -= steps
            assert content(self.store) == self.states[-1 - self.undone]
            self.papers = self._present()

    def _present(self) -> list[int]:
        """Three papers to choose from; one stands for two that were merged."""
        present = [row[0] for row in query(self.store, "SELECT id FROM papers ORDER BY id")]
        return (present * 2)[:3] if len(present) < 3 else present

    @invariant()
    def is_sound(self) -> None:
        """Nothing refers to nothing, and no highlight in a document lacks one of its text on the paper."""
        if not hasattr(self, "store"):
            return
        assert query(self.store, "PRAGMA foreign_key_check") == []
        lost = query(
            self.store,
            "SELECT h.id FROM highlights h JOIN documents d ON d.id = h.document_id WHERE NOT EXISTS (SELECT 1 FROM "
            "paper_documents pd JOIN documents o ON o.id = pd.document_id WHERE pd.paper_id = h.paper_id "
            "AND o.text_sha256 = d.text_sha256)",
        )
        assert lost == []
        check_derived(self.store)


Documents.TestCase.settings = settings(
    max_examples=6, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
)
TestDocuments = Documents.TestCase
