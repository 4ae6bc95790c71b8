"""What every search index must do: the same papers as looking through all texts, whatever happened before."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from pyroaring import BitMap

from reader.domain.query import And, Node, Not, Or, Prefix, TagTerm, Word, parse_query
from reader.domain.selection import AnnotationText, IndexedText, IndexPart
from reader.index import SearchCancelledError
from reader.index.builder import build_part, compact_part
from reader.index.home import IndexHome
from tests.domain.query.strategies import TODAY
from tests.examples import examples

from . import strategies
from .conftest import OpenIndex
from .library import MemoryLibrary, looked_through


def small_library() -> MemoryLibrary:
    """Five invented papers, two of them annotated."""
    library = MemoryLibrary()
    library.put(
        IndexedText(1, "Sparse masks for tides", "We mask models.", ("Ada Quell",), ("tide-lab", "Lab of Tides"))
    )
    library.put(IndexedText(2, "Diffusion of ink", "A diffusive model, with sparsity.", ("Bo Quell", "Cy Ade"), ()))
    library.put(IndexedText(3, r"$\mathbb{USCD}$: a naïve bound", "Sparse. Masks are dense.", (), ()))
    library.put(IndexedText(4, "RLHF without reward", "Learning from rl, gpt-4 and 模型.", (), ("tide-lab",)))
    library.put(IndexedText(7, "An empty one", "", (), ()))
    library.annotate(AnnotationText(2, "Compare with sparse masks", ("ink spreads",)))
    library.annotate(AnnotationText(4, "", ("reward hacking",)))
    library.tags = {1: frozenset({"x"}), 2: frozenset({"x", "y"})}
    return library


def bring_up_to_date(index, library: MemoryLibrary) -> None:  # type: ignore[no-untyped-def]
    for part in IndexPart:
        texts, removed = library.take_pending(part)
        index.update(part, texts, removed)


@pytest.mark.parametrize("indexed", [False, True])
@pytest.mark.parametrize(
    ("query", "papers"),
    [
        ("", [1, 2, 3, 4, 7]),
        ("sparse", [1, 2, 3]),
        ("title:sparse", [1]),
        ("note:sparse", [2]),
        ("models", [1, 2]),
        ('"models"', [1]),
        ('"sparse masks"', [1, 2, 3]),
        ('title:"sparse masks"', [1]),
        ("diffus*", [2]),
        ("difusion~", [2]),
        ("mask -note:sparse", [1, 3]),
        ("ink OR tides", [1, 2, 4]),
        ("NOT sparse", [4, 7]),
        ("naive", [3]),
        ("uscd", [3]),
        ("USCD bound", [3]),
        ("gpt-4", [4]),
        ("模", [4]),
        ("模型", [4]),
        ("author:quell", [1, 2]),
        ('author:"quell cy"', []),
        ('author:"ada quell"', [1]),
        ("org:tide-lab", [1, 4]),
        ("highlight:reward", [4]),
        ("reward", [4]),
        ("tag:x -tag:y", [1]),
        ("tag:x ink", [2]),
        ("sparsity", [2]),
        ("nothinglikeit", []),
    ],
)
def test_operators(tmp_path: Path, open_index: OpenIndex, query: str, papers: list[int], indexed: bool) -> None:
    index, library = open_index(tmp_path), small_library()
    if indexed:
        bring_up_to_date(index, library)
    found = index.matching_ids(parse_query(query, today=TODAY).node, library)
    assert found == BitMap(papers) == looked_through(library, parse_query(query, today=TODAY).node)


def test_the_word_being_typed_goes_on(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), small_library()
    bring_up_to_date(index, library)

    def typed(text: str) -> list[int]:
        return list(index.matching_ids(parse_query(text, typing=True, today=TODAY).node, library))

    assert typed("r") == [4]  # titles only
    assert typed("rl") == [4]
    assert typed("le") == []
    assert typed("lea") == [4]
    assert typed("sparse mas") == [1, 2, 3]
    assert typed("modelled") == [1, 2]
    assert typed('"sparse mas') == [1, 2, 3]
    assert typed("-spa") == [1, 2, 3, 4, 7]


def test_what_is_removed_or_changed_is_never_found_by_what_it_was(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), small_library()
    bring_up_to_date(index, library)
    library.put(IndexedText(1, "Other", "", (), ()))
    library.remove(2)
    library.annotate(AnnotationText(4, "", ()))
    for _ in range(2):
        assert list(index.matching_ids(Word("sparse"), library)) == [3]
        assert list(index.matching_ids(Word("other"), library)) == [1]
        assert list(index.matching_ids(Word("hacking"), library)) == []
        assert index.coverage(library).unsearchable == 0
        bring_up_to_date(index, library)
    assert list(index.indexed_ids(IndexPart.PAPERS)) == [1, 3, 4, 7]
    assert list(index.indexed_ids(IndexPart.ANNOTATIONS)) == []


def test_up_to_2000_papers_are_searched_without_an_index(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), MemoryLibrary()
    for paper in range(1, 2_101):
        library.put(IndexedText(paper, f"tide number{paper}", "", (), ()))
    assert len(index.matching_ids(Word("tide"), library)) == 2_000
    coverage = index.coverage(library)
    assert (coverage.indexed, coverage.direct, coverage.unsearchable) == (0, 2_000, 100)
    assert list(index.matching_ids(Word("number2100"), library)) == [2_100]  # the latest change
    read = library.texts_read
    index.matching_ids(Word("tides"), library)
    assert library.texts_read == read  # what did not change is not read again
    texts, _ = library.take_pending(IndexPart.PAPERS)
    index.update(IndexPart.PAPERS, texts)
    assert len(index.matching_ids(Word("tide"), library)) == 2_100
    assert index.coverage(library).indexed == 2_100


def test_papers_beyond_the_limit_are_found_by_their_older_text(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), MemoryLibrary()
    for paper in range(1, 2_101):
        library.put(IndexedText(paper, "tide", "", (), ()))
    bring_up_to_date(index, library)
    for paper in range(1, 2_101):
        library.put(IndexedText(paper, "ebb", "", (), ()))
    assert len(index.matching_ids(Word("ebb"), library)) == 2_000
    assert len(index.matching_ids(Word("tide"), library)) == 100
    assert index.coverage(library).unsearchable == 0


def test_a_cancelled_search_ends(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), small_library()
    with pytest.raises(SearchCancelledError):
        index.matching_ids(Word("sparse"), library, lambda: True)
    calls = iter([False] * 4 + [True] * 1_000)
    with pytest.raises(SearchCancelledError):
        index.matching_ids(And(tuple(Word("sparse") for _ in range(30))), library, lambda: next(calls))
    assert len(index.matching_ids(Word("sparse"), library)) == 3


def test_errors_of_the_library_are_its_own(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path), small_library()
    bring_up_to_date(index, library)

    class Broken(MemoryLibrary):
        def filter_ids(self, leaf):  # type: ignore[no-untyped-def]
            raise OSError("the library's disk")

    with pytest.raises(OSError, match="the library's disk"):
        index.matching_ids(TagTerm("x"), Broken(library.papers))
    assert list(index.indexed_ids(IndexPart.PAPERS)) == [1, 2, 3, 4, 7]


def test_the_stamp_tells_commits_and_indexes_apart(tmp_path: Path, open_index: OpenIndex) -> None:
    index, library = open_index(tmp_path / "one"), small_library()
    before = index.state()
    assert before.documents[IndexPart.PAPERS] == 0
    assert before.needs_build == frozenset(IndexPart)
    bring_up_to_date(index, library)
    after = index.state()
    assert after.documents == {IndexPart.PAPERS: 5, IndexPart.ANNOTATIONS: 2}
    assert after.stamp[IndexPart.PAPERS] != before.stamp[IndexPart.PAPERS]
    assert open_index(tmp_path / "one").state() == after
    assert open_index(tmp_path / "two").state().stamp != before.stamp


class ChangingLibrary(RuleBasedStateMachine):
    """Any sequence of changes, updates, buildings and compactings; at any time queries find what is there."""

    opening: OpenIndex

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="index-"))
        self.index = type(self).opening(self.folder)
        self.library = MemoryLibrary(tags={1: frozenset("x"), 2: frozenset("xy"), 13: frozenset("y")})
        self.home = IndexHome(self.folder)

    @rule(papers=st.lists(strategies.papers, min_size=1, max_size=4))
    def put(self, papers: list[IndexedText]) -> None:
        for paper in papers:
            self.library.put(paper)

    @rule(annotation=strategies.annotations)
    def annotate(self, annotation: AnnotationText) -> None:
        if annotation.id in self.library.papers:
            self.library.annotate(annotation)

    @rule(paper=st.integers(1, 14))
    def remove(self, paper: int) -> None:
        self.library.remove(paper)

    @rule(part=st.sampled_from(IndexPart))
    def update(self, part: IndexPart) -> None:
        texts, removed = self.library.take_pending(part)
        self.index.update(part, texts, removed)

    @rule(part=st.sampled_from(IndexPart))
    def compact(self, part: IndexPart) -> None:
        assert list(compact_part(self.home, part))

    @rule(part=st.sampled_from(IndexPart))
    def build(self, part: IndexPart) -> None:
        list(build_part(self.home, part, lambda: self.library.all_texts(part), sizes=(2, 3)))

    @precondition(lambda self: self.library.papers)
    @rule()
    def open_again(self) -> None:
        self.index.close()
        self.index = type(self).opening(self.folder)

    @rule(nodes=st.lists(strategies.queries, min_size=1, max_size=4))
    def query(self, nodes: list[Node]) -> None:
        for node in nodes:
            assert self.index.matching_ids(node, self.library) == looked_through(self.library, node)

    @invariant()
    def every_word_is_found(self) -> None:
        if hasattr(self, "index"):
            for node in (Word("model"), Prefix("m", typed=True), Not(Or((Word("mask"), Word("rl"))))):
                assert self.index.matching_ids(node, self.library) == looked_through(self.library, node)
            assert self.index.coverage(self.library).unsearchable == 0

    def teardown(self) -> None:
        if hasattr(self, "index"):
            self.index.close()
            shutil.rmtree(self.folder)


def test_any_sequence_of_changes(open_index: OpenIndex) -> None:
    machine = type("Machine", (ChangingLibrary,), {"opening": staticmethod(open_index)})
    run_state_machine_as_test(machine, settings=examples(40, stateful_step_count=20))


@given(
    st.lists(strategies.papers, max_size=14),
    st.lists(strategies.annotations, max_size=5),
    st.lists(strategies.queries, min_size=8, max_size=16),
)
@examples(40, HealthCheck.function_scoped_fixture)
def test_every_query(
    open_index: OpenIndex, papers: list[IndexedText], annotations: list[AnnotationText], nodes: list[Node]
) -> None:
    library = MemoryLibrary(tags={1: frozenset("x"), 2: frozenset("xy"), 13: frozenset("y")})
    for paper in papers:
        library.put(paper)
    for annotation in annotations:
        if annotation.id in library.papers:
            library.annotate(annotation)
    with tempfile.TemporaryDirectory() as folder:
        index = open_index(Path(folder))
        bring_up_to_date(index, library)
        for node in nodes:
            assert index.matching_ids(node, library) == looked_through(library, node)
        index.close()
