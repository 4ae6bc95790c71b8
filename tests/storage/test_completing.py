"""Records that complete papers: what they bring, what they leave alone, and that it is one step."""

from __future__ import annotations

from reader.domain.dates import PartialDate
from reader.domain.papers import Paper
from reader.domain.preparation import SOURCE_RANK, TEXT_RANK
from reader.storage.completion import StoredCompletion
from reader.storage.store import LibraryStore
from tests.storage.support import add, content, fill, listing_ids, paper, titled

TITLE = "Silt and Song of the Lower River"
WHOLE = paper(
    TITLE,
    "Another abstract, from elsewhere.",
    authors=("Ann Bee", "Cai Dee"),
    arxiv_id="2501.00007",
    published=PartialDate(2025, 1, 3),
    categories=("cs.CL",),
    code_urls=("https://github.com/bee/silt",),
    upvotes=7,
    comments=2,
)


def _complete(store: LibraryStore, paper_id: int, record=WHOLE, rank: int = SOURCE_RANK) -> StoredCompletion:
    operation = store.begin_operation(titled("Completed papers"))
    return store.completions.add(paper_id, record, rank, operation, frozenset())


def _paper(store: LibraryStore, paper_id: int) -> Paper:
    return next(store.papers.read([paper_id]))


def _added(store: LibraryStore, *records, name: str = "page") -> list[int]:
    return listing_ids(store, add(store, name, *records).listing_id)


def test_a_record_brings_what_was_missing_and_no_sighting(store: LibraryStore) -> None:
    (paper_id,) = _added(store, paper(TITLE, "As the page had it."))
    stored = _complete(store, paper_id)
    now = _paper(store, paper_id)
    assert set(stored.fields) == {"authors", "arxiv_id", "published", "categories", "code_urls"}
    assert (now.authors, now.arxiv_id, now.published) == (("Ann Bee", "Cai Dee"), "2501.00007", "2025-01-03")
    assert now.abstract == "As the page had it."
    assert (now.upvotes, now.comments) == (None, None)
    assert len(now.sightings) == 1
    assert len(store.listings.all()) == 1


def test_it_is_one_step_that_names_the_papers_and_is_undone_whole(store: LibraryStore) -> None:
    ids = fill(store, 3)
    before = content(store)
    operation = store.begin_operation(titled("Completed papers"))
    completed: frozenset[int] = frozenset()
    for number, paper_id in enumerate(ids):
        record = paper(f"On page subject {number}", "", authors=(f"Ann Bee {number}",))
        store.completions.add(paper_id, record, SOURCE_RANK, operation, completed)
        completed |= {paper_id}
    assert str(store.history.steps()[0].title) == "Completed 3 papers"
    store.history.undo()
    assert content(store) == before
    store.history.redo()
    assert _paper(store, ids[2]).authors == ("Ann Bee 2",)


def test_one_paper_is_named_and_a_record_that_says_nothing_new_is_no_step(store: LibraryStore) -> None:
    (paper_id,) = _added(store, paper(TITLE))
    _complete(store, paper_id)
    steps = store.history.steps()
    assert str(steps[0].title) == f"Completed “{TITLE}”"
    assert not _complete(store, paper_id).has_changed
    assert store.history.steps() == steps


def test_a_rehearsal_says_the_same_and_changes_nothing(store: LibraryStore) -> None:
    (paper_id,) = _added(store, paper(TITLE))
    before = content(store)
    rehearsed = store.completions.rehearse(paper_id, WHOLE, SOURCE_RANK)
    assert content(store) == before
    assert rehearsed == _complete(store, paper_id)


def test_a_better_source_keeps_what_it_said(store: LibraryStore) -> None:
    stored = add(store, "api", paper(TITLE, authors=("Ann M. Bee",), url="https://x.org/1"), rank=SOURCE_RANK)
    (paper_id,) = listing_ids(store, stored.listing_id)
    from_a_bibliography = paper(TITLE, authors=("Bee, A.",), doi="10.1/silt", url="https://doi.org/10.1/silt")
    assert _complete(store, paper_id, from_a_bibliography, TEXT_RANK).fields == ("doi",)
    assert _paper(store, paper_id).authors == ("Ann M. Bee",)


def test_words_of_the_user_stay_and_a_highlight_moves_into_a_new_title(store: LibraryStore) -> None:
    (paper_id,) = _added(store, paper("Silt and Song of the Lowr River", "An abstract of the usual kind."))
    store.notes.set(paper_id, "Read this twice.")
    store.tags.add([paper_id], ["rivers"])
    store.highlights.add_span(paper_id, "title", 0, 4, comment="mud")
    store.highlights.add_span(paper_id, "abstract", 3, 11)
    _complete(store, paper_id)
    now = _paper(store, paper_id)
    assert (now.title, now.note, now.tags) == (TITLE, "Read this twice.", ("rivers",))
    assert [(found.target, found.start, found.end) for found in now.highlights] == [
        ("title", 0, 4),
        ("abstract", 3, 11),
    ]


def test_a_stub_gets_its_title_and_abstract(store: LibraryStore) -> None:
    (paper_id,) = _added(store, paper("arXiv:2501.00007", "", arxiv_id="2501.00007"))
    _complete(store, paper_id)
    now = _paper(store, paper_id)
    assert (now.title, now.abstract) == (TITLE, "Another abstract, from elsewhere.")


def test_a_paper_with_the_identifier_is_merged_as_by_importing(store: LibraryStore) -> None:
    (paper_id,) = _added(store, paper(TITLE))
    (stub_id,) = _added(store, paper("arXiv:2501.00007", "", arxiv_id="2501.00007"), name="ids")
    store.notes.set(stub_id, "Somebody sent me this.")
    before = content(store)
    stub = _paper(store, stub_id)
    stored = _complete(store, paper_id)
    now = _paper(store, paper_id)
    assert (stored.paper_id, stored.other) == (paper_id, stub.key)
    assert (now.arxiv_id, now.note, now.aliases) == ("2501.00007", "Somebody sent me this.", (stub.key,))
    assert len(now.sightings) == 2
    store.history.undo()
    assert content(store) == before


def test_a_paper_that_is_told_apart_keeps_its_identifier(store: LibraryStore) -> None:
    (other,) = _added(store, paper("Editorial", authors=("Eve Fox",), doi="10.1/silt", published=PartialDate(2001)))
    (paper_id,) = _added(store, paper(TITLE, doi="10.1/other"), name="second")
    before = content(store)
    stored = _complete(store, paper_id, paper(TITLE, doi="10.1/silt"))
    assert stored.is_told_apart and stored.other == _paper(store, other).key
    assert content(store) == before


def test_a_paper_that_is_gone_changes_nothing(store: LibraryStore) -> None:
    assert not _complete(store, 99).has_changed
