"""Saved searches, mute rules, and the papers they hide."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.papers import PaperState
from reader.domain.selection import INBOX, PaperFilter
from reader.storage.store import LibraryStore
from tests.storage.support import content, fill


def test_searches_are_saved_changed_ordered_and_deleted(store: LibraryStore) -> None:
    before = content(store)
    first, change = store.save_search("Diffusion", "diffusion -video", "upvotes", 1)
    second, _ = store.save_search(" By\n me ", "author:me", number=1)
    assert change.rules_changed
    assert change.title == "Saved search “Diffusion”"
    searches = store.saved_searches()
    assert [(search.id, search.name, search.number) for search in searches] == [
        (first, "Diffusion", None),
        (second, "By me", 1),
    ]
    store.order_searches([second, first])
    assert [search.id for search in store.saved_searches()] == [second, first]
    store.update_search(replace(searches[0], query="diffusion", number=1, name="D"))
    assert [(search.name, search.number) for search in store.saved_searches()] == [("By me", None), ("D", 1)]
    store.delete_search(second)
    assert [search.name for search in store.saved_searches()] == ["D"]
    store.undo(5)
    assert content(store) == before


def test_what_is_gone_or_has_no_name_is_refused(store: LibraryStore) -> None:
    store.save_search("A", "a")
    (search,) = store.saved_searches()
    with pytest.raises(NotFoundError):
        store.update_search(replace(search, id=99))
    with pytest.raises(NotFoundError):
        store.delete_search(99)
    with pytest.raises(ReaderError, match="name"):
        store.update_search(replace(search, name=""))
    with pytest.raises(ReaderError, match="1 to 9"):
        store.save_search("B", "b", number=0)


def test_mute_rules_are_kept(store: LibraryStore) -> None:
    rule_id, change = store.add_mute_rule("No crypto", "crypto OR blockchain")
    assert (change.title, change.rules_changed) == ("Muted “No crypto”", True)
    (rule,) = store.mute_rules()
    assert (rule.id, rule.query, rule.enabled) == (rule_id, "crypto OR blockchain", True)
    store.update_mute_rule(replace(rule, enabled=False))
    assert not store.mute_rules()[0].enabled
    store.delete_mute_rule(rule_id)
    assert store.mute_rules() == []
    store.undo(2)
    assert store.mute_rules() == [rule]


def test_muted_papers_leave_the_inbox_without_a_step(store: LibraryStore) -> None:
    ids = fill(store)
    store.set_state(ids[4:], PaperState.DONE)
    steps = store.history()
    assert store.set_muted([ids[0], ids[4], 999]).paper_ids == {ids[0], ids[4]}
    assert list(store.paper_ids(INBOX)) == ids[1:4]
    assert (store.view_counts().inbox, store.view_counts().muted) == (3, 2)
    assert list(store.paper_ids(PaperFilter(muted=True))) == [ids[0], ids[4]]
    assert store.set_muted([ids[0], ids[1]]).paper_ids == {ids[1], ids[4]}
    assert not store.set_muted([ids[1], ids[0]])
    assert store.history() == steps


def test_a_removed_paper_is_no_longer_muted(store: LibraryStore) -> None:
    ids = fill(store)
    store.set_muted(ids)
    store.remove_listing(1)
    assert store.view_counts().muted == 0
    store.undo()
    assert store.view_counts().all == 5
