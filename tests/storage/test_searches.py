"""Saved searches, mute rules, and the papers they hide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, PaperFilter
from reader.storage.store import LibraryStore
from tests.storage.support import content, fill


def test_searches_are_saved_changed_ordered_and_deleted(store: LibraryStore) -> None:
    before = content(store)
    first, change = store.searches.add("Diffusion", "diffusion -video", "upvotes", 1)
    second, _ = store.searches.add(" By\n me ", "author:me", number=1)
    assert change.touches(Field.SEARCHES)
    assert str(change.title) == "Saved search “Diffusion”"
    searches = store.searches.all()
    assert [(search.id, search.name, search.number) for search in searches] == [
        (first, "Diffusion", None),
        (second, "By me", 1),
    ]
    store.searches.order([second, first])
    assert [search.id for search in store.searches.all()] == [second, first]
    store.searches.update(replace(searches[0], query="diffusion", number=1, name="D"))
    assert [(search.name, search.number) for search in store.searches.all()] == [("By me", None), ("D", 1)]
    store.searches.delete(second)
    assert [search.name for search in store.searches.all()] == ["D"]
    store.history.undo(5)
    assert content(store) == before


def test_what_is_gone_or_has_no_name_is_refused(store: LibraryStore) -> None:
    store.searches.add("A", "a")
    (search,) = store.searches.all()
    with pytest.raises(NotFoundError):
        store.searches.update(replace(search, id=99))
    with pytest.raises(NotFoundError):
        store.searches.delete(99)
    with pytest.raises(ReaderError, match="name"):
        store.searches.update(replace(search, name=""))
    with pytest.raises(ReaderError, match="1 to 9"):
        store.searches.add("B", "b", number=0)


def test_mute_rules_are_kept(store: LibraryStore) -> None:
    rule_id, change = store.mutes.add("No crypto", "crypto OR blockchain")
    assert (str(change.title), change.touches(Field.MUTE_RULES)) == ("Muted “No crypto”", True)
    (rule,) = store.mutes.all()
    assert (rule.id, rule.query, rule.enabled) == (rule_id, "crypto OR blockchain", True)
    store.mutes.update(replace(rule, enabled=False))
    assert not store.mutes.all()[0].enabled
    store.mutes.delete(rule_id)
    assert store.mutes.all() == []
    store.history.undo(2)
    assert store.mutes.all() == [rule]


def test_muted_papers_leave_the_inbox_without_a_step(store: LibraryStore) -> None:
    ids = fill(store)
    store.states.set(ids[4:], PaperState.DONE)
    steps = store.history.steps()
    assert store.mutes.set_papers([ids[0], ids[4], 999]).paper_ids == {ids[0], ids[4]}
    assert list(store.papers.ids(INBOX)) == ids[1:4]
    assert (store.views.counts().inbox, store.views.counts().muted) == (3, 2)
    assert list(store.papers.ids(PaperFilter(muted=True))) == [ids[0], ids[4]]
    assert store.mutes.set_papers([ids[0], ids[1]]).paper_ids == {ids[1], ids[4]}
    assert not store.mutes.set_papers([ids[1], ids[0]])
    assert store.history.steps() == steps


def test_a_removed_paper_is_no_longer_muted(store: LibraryStore) -> None:
    ids = fill(store)
    store.mutes.set_papers(ids)
    store.listings.remove(1)
    assert store.views.counts().muted == 0
    store.history.undo()
    assert store.views.counts().all == 5
