"""Annotations that arrive where more has to be done than to take a value over: queue, notes, highlights, and others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.annotations import NoteConflictError
from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.subscriptions import SubscriptionKind
from reader.storage.store import LibraryStore
from tests.storage.support import add, check_derived, paper, query, write
from tests.storage.sync.devices import TABLES, Devices


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path, papers=9)
    made.begin()
    yield made
    for store in made.stores.values():
        check_derived(store)
    made.close()


def order(devices: Devices, name: str) -> list[int]:
    """The queue as the places of its papers in the page."""
    rows = query(devices[name], "SELECT paper_id FROM queue ORDER BY position, paper_id")
    return [devices.ids[name].index(row[0]) for row in rows]


def queued(devices: Devices, name: str, *places: int) -> None:
    devices[name].states.set([devices.ids[name][place] for place in places], PaperState.QUEUED)


def journal_end(store: LibraryStore) -> int:
    return int(query(store, "SELECT coalesce(max(id), 0) FROM journal")[0][0])


def test_different_papers_moved_on_two_devices_are_where_each_was_moved(devices: Devices) -> None:
    queued(devices, "a", 0, 1, 2, 3, 4, 5, 6, 7)
    devices.exchange()
    devices["a"].queue.move_to([devices.ids["a"][7]], 1)
    devices["b"].queue.move_to([devices.ids["b"][0]], 8)
    devices.exchange()
    devices.check_equal()
    assert order(devices, "b") == [7, 1, 2, 3, 4, 5, 6, 0]


def test_a_paper_moved_to_the_top_is_one_mark_here_and_one_row_there(devices: Devices) -> None:
    queued(devices, "a", *range(9))
    devices.exchange()
    devices["a"].queue.move_to([devices.ids["a"][8]], 1)
    assert query(devices["a"], "SELECT field, a FROM sync_dirty") == [("queue", devices.ids["a"][8])]
    last = journal_end(devices["b"])
    devices.exchange()
    images = "SELECT count(*) FROM journal WHERE table_name = 'queue' AND id > ?"
    assert query(devices["b"], images, last) == [(1,)]
    devices["b"].queue.move_to([devices.ids["b"][7], devices.ids["b"][5]], 1)
    devices.exchange()
    devices.check_equal()
    assert order(devices, "a") == [5, 7, 8, 0, 1, 2, 3, 4, 6]


def test_a_moved_paper_is_one_write(devices: Devices) -> None:
    queued(devices, "a", *range(9))
    devices.exchange()
    devices["a"].queue.move_to([devices.ids["a"][8]], 1)
    assert devices["a"].sync.flush() == 1
    devices["a"].queue.move_by([devices.ids["a"][0]], 3)
    assert devices["a"].sync.flush() == 1


def test_only_places_that_change_are_written(devices: Devices) -> None:
    queued(devices, "a", *range(9))
    devices.exchange()
    devices["a"].states.set([devices.ids["a"][0]], PaperState.DONE)
    before = journal_end(devices["b"])
    devices.exchange()
    assert order(devices, "b") == list(range(1, 9))
    changed = query(devices["b"], "SELECT table_name FROM journal WHERE id > ?", before)
    assert changed == [("states",), ("queue",)]


def test_papers_queued_on_both_and_taken_out_on_one(devices: Devices) -> None:
    queued(devices, "a", 3, 1, 4)
    queued(devices, "b", 5, 1, 2)
    devices.exchange()
    devices.check_equal()
    devices["a"].states.set([devices.ids["a"][4]], PaperState.INBOX)
    devices["b"].queue.move_to([devices.ids["b"][4]], 1)
    devices.exchange()
    devices.check_equal()
    assert 4 not in order(devices, "a")


def test_a_queue_sorted_on_one_device(devices: Devices) -> None:
    queued(devices, "a", *range(9))
    devices.exchange()
    devices["b"].queue.set_order([devices.ids["b"][place] for place in (4, 2, 8, 0, 1, 3, 5, 6, 7)])
    devices.exchange()
    devices.check_equal()
    assert order(devices, "a") == [4, 2, 8, 0, 1, 3, 5, 6, 7]


def test_lines_written_into_one_note_on_both_devices_stand(devices: Devices) -> None:
    a, b = devices["a"], devices["b"]
    a.notes.set(devices.ids["a"][0], "one\n\ntwo\n\nthree")
    devices.exchange()
    a.notes.set(devices.ids["a"][0], "zero\n\none\n\ntwo\n\nthree")
    b.notes.set(devices.ids["b"][0], "one\n\nnew\n\nthree")
    devices.exchange()
    devices.check_equal()
    assert a.notes.of(devices.ids["a"][0]).text == "zero\n\none\n\nnew\n\nthree"
    kept = [each.text for each in b.notes.revisions(devices.ids["b"][0])]
    assert "one\n\nnew\n\nthree" in kept
    assert devices["a"].sync.kept_beside() == []


def test_a_note_deleted_here_and_changed_there_stays(devices: Devices) -> None:
    devices["a"].notes.set(devices.ids["a"][0], "text")
    devices.exchange()
    devices["a"].notes.set(devices.ids["a"][0], "")
    devices["b"].notes.set(devices.ids["b"][0], "text\n\nmore")
    devices.exchange()
    devices.check_equal()
    assert devices["a"].notes.of(devices.ids["a"][0]).text == "text\n\nmore"


def test_an_open_note_is_not_saved_over_one_that_arrived(devices: Devices) -> None:
    paper = devices.ids["a"][0]
    devices["a"].notes.set(paper, "old")
    devices.exchange()
    opened = devices["a"].notes.of(paper).revision
    devices["b"].notes.set(devices.ids["b"][0], "new")
    devices.exchange()
    with pytest.raises(NoteConflictError):
        devices["a"].notes.set(paper, "old and mine", opened)
    assert devices["a"].notes.of(paper).text == "new"


def test_the_same_note_saved_again_is_not_said_again(devices: Devices) -> None:
    devices["a"].notes.set(devices.ids["a"][0], "text")
    devices.exchange()
    devices["a"].notes.set(devices.ids["a"][0], "other")
    devices["a"].history.undo()
    assert devices["a"].sync.flush() == 0


def test_a_highlight_is_found_in_a_longer_text_and_unplaced_in_another(tmp_path: Path) -> None:
    devices = Devices(tmp_path)
    better = [
        paper("On subject 0", "Earlier words. We study On subject 0. It works."),
        paper("On subject 1", "Something else."),
    ]
    add(devices["b"], "better", *better, rank=SOURCE_RANK)
    for each in devices.ids["a"][:2]:
        devices["a"].highlights.add_span(each, "abstract", 3, 8)
    devices.begin()
    devices.say("a")
    devices.hear("b", "a")
    shown = (
        'SELECT exact, start, substr(abstract, start + 1, "end" - start) FROM highlights '
        "JOIN papers ON papers.id = paper_id ORDER BY title"
    )
    assert query(devices["b"], shown) == [("study", 18, "study"), ("study", None, None)]
    devices["b"].highlights.update(
        query(devices["b"], "SELECT id FROM highlights WHERE start IS NULL")[0][0], comment="?"
    )
    devices.exchange()
    devices.check_equal()
    assert query(devices["a"], shown) == query(devices["b"], shown)
    devices.close()


def test_label_and_comment_of_a_highlight_change_on_two_devices(devices: Devices) -> None:
    made, _ = devices["a"].highlights.add_span(devices.ids["a"][0], "abstract", 3, 8)
    devices.exchange()
    devices["a"].highlights.update(made, label="Result")
    there = query(devices["b"], "SELECT id FROM highlights")[0][0]
    devices["b"].highlights.update(there, comment="Compare.")
    devices.exchange()
    devices.check_equal()
    sql = "SELECT name, comment FROM highlights JOIN highlight_labels l ON l.id = label_id"
    assert query(devices["b"], sql) == [("Result", "Compare.")]


def test_a_highlight_deleted_here_and_commented_there_is_deleted_and_comes_back_with_its_comment(
    devices: Devices,
) -> None:
    made, _ = devices["a"].highlights.add_span(devices.ids["a"][0], "abstract", 3, 8)
    devices.exchange()
    devices["a"].highlights.delete(made)
    devices["b"].highlights.update(query(devices["b"], "SELECT id FROM highlights")[0][0], comment="Compare.")
    devices.exchange()
    devices.check_equal()
    devices["a"].history.undo()
    devices.exchange()
    assert query(devices["a"], "SELECT comment FROM highlights") == [("Compare.",)]
    devices.check_equal()


def test_a_subscription_ended_and_made_again_is_the_same_everywhere(devices: Devices) -> None:
    for _ in range(2):
        made, _ = devices["a"].subscriptions.add(SubscriptionKind.ARXIV, "cs.CL new", "Language", 24)
        devices.exchange()
        devices.check_equal()
        devices["a"].subscriptions.remove(made)
        devices.exchange()
    devices["a"].subscriptions.add(SubscriptionKind.ARXIV, "cs.CL new", "Language", 24)
    devices.exchange()
    devices.check_equal()


def test_a_subscription_that_arrives_is_due(devices: Devices) -> None:
    made, _ = devices["a"].subscriptions.add(SubscriptionKind.ARXIV, "cs.CL new", "Language", 24)
    devices.exchange()
    devices.check_equal()
    status = devices["b"].subscriptions.statuses()[0]
    assert (status.subscription.name, status.last_fetched, status.next_try) == ("Language", None, None)
    devices["b"].subscriptions.set_every(status.subscription.id, 0)
    devices["b"].subscriptions.rename(status.subscription.id, "Speech")
    devices.exchange()
    devices.check_equal()
    devices["a"].subscriptions.remove(made)
    devices.exchange()
    assert devices["b"].subscriptions.all() == []
    devices["a"].history.undo()
    devices["b"].subscriptions.add(SubscriptionKind.ARXIV, "cs.CL new", "Again", 12)
    devices.exchange()
    devices.check_equal()


def test_searches_and_rules_change_and_go(devices: Devices) -> None:
    a, b = devices["a"], devices["b"]
    a.searches.add("One", "tag:a", number=1)
    b.searches.add("Two", "tag:b", number=1)
    a.mutes.add("Crypto", "blockchain")
    devices.exchange()
    devices.check_equal()
    a.searches.order([each.id for each in reversed(a.searches.all())])
    rule = b.mutes.all()[0]
    write(b, "UPDATE mute_rules SET enabled = 0 WHERE id = ?", rule.id)
    devices.exchange()
    devices.check_equal()
    assert not a.mutes.all()[0].enabled
    b.searches.delete(b.searches.all()[0].id)
    b.mutes.delete(rule.id)
    devices.exchange()
    devices.check_equal()
    assert len(a.searches.all()) == 1
    assert a.mutes.all() == []


def test_a_rule_made_again_with_the_same_words(devices: Devices) -> None:
    made, _ = devices["a"].mutes.add("Crypto", "blockchain")
    devices["a"].mutes.add("Crypto", "blockchain")
    devices.exchange()
    devices.check_equal()
    assert len(devices["b"].mutes.all()) == 2
    devices["a"].mutes.delete(made)
    devices.exchange()
    devices.check_equal()


def test_rows_that_are_right_are_not_written(devices: Devices) -> None:
    for name in "ab":
        store, ids = devices[name], devices.ids[name]
        store.tags.add(ids[:3], ["rl"])
        write(store, "UPDATE tags SET created = '2026-03-01T00:00:00Z'")
        write(store, "UPDATE paper_tags SET created = '2026-03-01T00:00:00Z'")
    before = journal_end(devices["b"])
    devices.exchange()
    devices.check_equal()
    written = {row[0] for row in query(devices["b"], "SELECT table_name FROM journal WHERE id > ?", before)}
    assert not written & TABLES.keys()


def test_a_tag_that_comes_back_by_undo_has_what_others_said_of_it(devices: Devices) -> None:
    devices["a"].tags.add(devices.ids["a"][:1], ["rl"])
    devices.exchange()
    devices["a"].tags.delete("rl")
    devices["b"].tags.set_description("rl", "Learning")
    devices.exchange()
    devices.check_equal()
    devices["a"].history.undo()
    devices.exchange()
    devices.check_equal()
    assert [tag.description for tag in devices["a"].tags.all()] == ["Learning"]
