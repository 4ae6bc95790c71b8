"""The engine by two small families: what devices say of papers reaches the others, in whatever order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from reader.domain.changes import Field, NewsKind
from reader.domain.errors import ReaderError
from reader.domain.sync import Cell, Json, PackRef, Segment, WaitingFor, Write
from reader.storage.sync import engine
from tests.storage.support import fill
from tests.storage.sync.conftest import Make
from tests.storage.sync.support import Replica, Stars, Titles, meet, use_families


def test_papers_and_stars_reach_an_empty_library(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 5)
    a.star(*a.paper_keys()[1:3])
    meet(a, b)
    assert b.starred() == a.starred() == a.paper_keys()[1:3]
    assert a.heads() == b.heads()
    titles = "SELECT title FROM papers ORDER BY key"
    assert b.store.rows(titles) == a.store.rows(titles)


def test_what_was_there_before_is_adopted_in_portions(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = make("a"), make("b")
    a.store.sync.end()
    fill(a.store, 50)
    a.star(*a.paper_keys())
    monkeypatch.setattr(engine.flush, "__defaults__", (7,))
    a.store.sync.begin("lab", "a-2", "a", "memory", "")
    assert a.store.sync.pending() == 100
    meet(a, b)
    assert a.store.sync.pending() == 0
    assert b.starred() == a.starred() == a.paper_keys()


def test_small_segments_and_packs_together_are_all(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 40)
    a.star(*a.paper_keys())
    a.store.sync.flush()
    portions = list(a.store.sync.outgoing(0, 400))
    assert len(portions) > 5
    assert [each.segment.first for each in portions[1:]] == [each.segment.last + 1 for each in portions[:-1]]
    packs = {pack.sha256: pack.rows for each in portions for pack in each.packs}
    for each in portions:
        assert b.store.sync.apply(each.segment, packs.get) is not None
    assert b.starred() == a.starred() == a.paper_keys()
    again = list(a.store.sync.own(1, portions[-1].segment.last))
    assert [write for each in again for write in each.segment.writes] == [
        write for each in portions for write in each.segment.writes
    ]
    assert not any(each.packs for each in again)


@pytest.mark.parametrize("seed", range(5))
def test_libraries_are_equal_in_whatever_order_files_come(make: Make, seed: int) -> None:
    dice = random.Random(seed)
    replicas = [make(name) for name in "abc"]
    fill(replicas[0].store, 3)
    meet(*replicas)
    keys = replicas[0].paper_keys()
    for _ in range(60):
        one, other = dice.sample(replicas, 2)
        one.star(dice.choice(keys), on=dice.random() < 0.5)
        if dice.random() < 0.5:
            one.publish()
        for segment in dice.sample(other.segments, min(3, len(other.segments))):
            one.store.sync.apply(segment, other.packs.get)
    meet(*replicas)
    assert replicas[0].starred() == replicas[1].starred() == replicas[2].starred()
    assert replicas[0].heads() == replicas[1].heads() == replicas[2].heads()


def test_a_segment_waits_for_the_one_before(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 2)
    a.publish()
    a.star(a.paper_keys()[0])
    a.publish()
    first, second = a.segments
    assert b.store.sync.apply(second, a.packs.get) is None
    assert b.store.sync.vector() == {"b-1": 0}
    assert b.store.sync.apply(first, a.packs.get)
    assert b.store.sync.apply(second, a.packs.get)
    assert b.starred() == a.starred()
    assert b.store.sync.vector() == {"a-1": second.last, "b-1": 0}


def test_the_same_again_changes_nothing(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 3)
    a.star(a.paper_keys()[0])
    meet(a, b)
    before = b.heads()
    number = b.store.sync.vector()
    for arrived in b.take(a):
        assert arrived is not None
        assert not arrived.change
        assert not arrived.counts
    assert b.heads() == before
    assert b.store.sync.flush() == 0
    assert b.store.sync.vector() == number


def test_a_device_passes_over_its_own_segments(make: Make) -> None:
    a = make("a")
    fill(a.store, 3)
    a.publish()
    before = a.heads()
    assert not any(arrived is None or arrived.change for arrived in a.take(a))
    assert a.heads() == before


def test_a_write_that_was_replaced_before_it_was_published_does_not_go_out(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 3)
    meet(a, b)
    for on in (True, False, True):
        a.star(a.paper_keys()[0], on=on)
        a.store.sync.flush()
    assert a.store.sync.pending() == 1
    me = a.store.sync.me()
    assert me is not None
    (portion,) = a.store.sync.outgoing(me.published)
    assert [write.number for write in portion.segment.writes] == [me.number]
    assert (portion.segment.first, portion.segment.last) == (me.number - 2, me.number)
    assert a.store.sync.living()(me.number - 2, me.number) == 1
    meet(a, b)
    assert b.starred() == a.paper_keys()[:1]
    assert a.store.rows("SELECT count(*) FROM sync_unpublished") == [(0,)]


def test_contexts_that_no_write_has_any_more_are_forgotten(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 2)
    for on in (True, False, True):
        a.star(a.paper_keys()[0], on=on)
        meet(a, b)
        b.star(b.paper_keys()[1], on=on)
        meet(a, b)
    heads = a.heads()
    assert a.store.sync.forget_contexts() > 0
    assert a.store.sync.forget_contexts() == 0
    assert a.heads() == heads
    b.star(b.paper_keys()[0], on=False)
    meet(a, b)
    assert a.starred() == b.starred() == a.paper_keys()[1:2]


def test_there_and_back_is_no_write(make: Make) -> None:
    a = make("a")
    fill(a.store, 3)
    a.star(a.paper_keys()[0])
    a.publish()
    a.star(a.paper_keys()[0], on=False)
    a.star(a.paper_keys()[0])
    assert a.store.sync.pending() == 1
    assert a.store.sync.flush() == 0
    assert a.publish() == []


def test_a_star_set_just_before_others_come_is_kept(make: Make) -> None:
    """Nobody has turned it into a write yet, and what comes says otherwise."""
    a, b = make("a"), make("b")
    fill(a.store, 1)
    key = a.paper_keys()[0]
    a.star(key)
    meet(a, b)
    a.star(key, on=False)
    a.publish()
    b.star(key, on=False)
    b.publish()
    b.star(key)
    b.take(a)
    meet(a, b)
    assert a.starred() == b.starred() == [key]


def test_a_write_covers_all_heads(make: Make) -> None:
    a, b, c = make("a"), make("b"), make("c")
    fill(a.store, 1)
    key = a.paper_keys()[0]
    a.star(key)
    meet(a, b, c)
    a.star(key, on=False)
    b.star(key, on=False)
    b.star(key)
    b.publish()
    b.star(key, on=False)
    meet(a, b, c)
    stars = [row for row in c.heads() if row[2] == "star"]
    assert {row[3] for row in stars} == {"a-1", "b-1"}
    c.star(key)
    meet(a, b, c)
    for each in (a, b, c):
        assert [row[3] for row in each.heads() if row[2] == "star"] == ["c-1"]
        assert each.starred() == [key]


def test_what_a_replaced_write_had_seen_stays_replaced(make: Make) -> None:
    """C replaces B's write, which had replaced A's, before C has ever seen A's."""
    a, b, c = make("a"), make("b"), make("c")
    fill(a.store, 1)
    key = a.paper_keys()[0]
    meet(a, b, c)
    a.star(key)
    a.publish()
    b.take(a)
    b.star(key, on=False)
    b.publish()
    c.take(b)
    c.star(key)
    c.star(key, on=False)
    number = c.store.sync.vector()["c-1"]
    c.store.sync.flush()
    assert c.store.sync.vector()["c-1"] == number
    c.star(key)
    c.publish()
    c.star(key, on=False)
    c.publish()
    meet(a, b, c)
    assert a.starred() == b.starred() == c.starred() == []
    assert a.heads() == b.heads() == c.heads()


def test_unknown_fields_are_kept_and_shown_by_a_later_version(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 2)
    a.star(a.paper_keys()[0])
    a.publish()
    use_families(monkeypatch, Titles())
    b.take(a)
    assert b.starred() == []
    assert not b.store.sync.take_packs(a.packs.get).counts
    assert b.heads() == a.heads()
    use_families(monkeypatch, Titles(), Stars())
    arrived = b.store.sync.take_packs(a.packs.get)
    assert b.starred() == a.starred()
    assert arrived.change.touches(Field.STARS)
    assert not b.store.sync.take_packs(a.packs.get).change


def test_large_values_of_unknown_fields_come_when_they_are_known(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 2)
    a.publish()
    use_families(monkeypatch, Stars())
    b.take(a)
    use_families(monkeypatch, Titles(), Stars())
    b.store.sync.take_packs(a.packs.get)
    assert b.paper_keys() == a.paper_keys()


def test_content_waits_for_its_pack(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 3)
    a.star(*a.paper_keys())
    a.publish()
    for segment in a.segments:
        assert b.store.sync.apply(segment, lambda _: None)
    assert b.paper_keys() == []
    waiting = b.store.sync.waiting()
    assert [(each.device, each.files) for each in waiting] == [("a", len(a.packs))]
    assert not b.store.sync.take_packs(lambda _: None).counts
    arrived = b.store.sync.take_packs(a.packs.get)
    assert arrived.counts == {"papers": 3, "stars": 3}
    assert b.paper_keys() == a.paper_keys() == b.starred()
    assert b.store.sync.waiting() == []
    assert [step.title.sentence() for step in b.store.history.steps()] == ["From a: 3 papers, 3 stars"]


def test_of_several_contents_all_are_kept(make: Make) -> None:
    """The tables show one of them; which of the others is left when a device takes it back?"""
    a, b = make("a"), make("b")
    fill(a.store, 1)
    key = a.paper_keys()[0]
    meet(a, b)
    for each in (a, b):
        with each.store.step(kind="automatic") as taken:
            taken.writer.execute("UPDATE papers SET title = ?", (f"By {each.name}",))
    meet(a, b)
    c = make("c")
    c.take(a, b)
    titles = {each.name: each.store.rows("SELECT title FROM papers")[0][0] for each in (a, b, c)}
    assert len(set(titles.values())) == 1
    assert a.heads() == b.heads() == c.heads()
    heads = {row[3]: row for row in c.heads() if row[:3] == ("paper", key, "content")}
    assert heads.keys() == {"a-1", "b-1"}
    kept = c.store.rows("SELECT count(*) FROM sync_heads WHERE value LIKE '%By a%' OR value LIKE '%By b%'")
    assert kept == [(2,)]


def test_a_single_content_is_stored_once(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 3)
    meet(a, b)
    for each in (a, b):
        assert all(row[0] < 20 for row in each.store.rows("SELECT length(value) FROM sync_heads"))


def test_what_comes_before_its_paper_waits_for_it(make: Make) -> None:
    a, b, c = make("a"), make("b"), make("c")
    fill(a.store, 2)
    meet(a, b)
    b.star(b.paper_keys()[0])
    b.publish()
    c.take(b)
    assert c.starred() == []
    c.take(a)
    assert c.starred() == b.starred()


def test_what_was_never_shown_is_not_replaced(make: Make) -> None:
    """A star waits for its paper, which is then imported here, and has its star taken away before the two meet."""
    a, b, c = make("a"), make("b"), make("c")
    fill(a.store, 1)
    meet(a, b)
    key = a.paper_keys()[0]
    b.star(key)
    b.publish()
    c.take(b)
    fill(c.store, 1)
    assert c.paper_keys() == [key]
    c.star(key)
    c.star(key, on=False)
    c.store.sync.flush()
    assert {row[3] for row in c.heads() if row[2] == "star"} == {"b-1", "c-1"}
    c.store.sync.take_packs(a.packs.get)
    meet(a, b, c)
    assert a.heads() == b.heads() == c.heads()
    assert {row[3] for row in a.heads() if row[2] == "star"} == {"b-1", "c-1"}
    assert a.starred() == b.starred() == c.starred() == [key]


def test_what_waited_is_shown_once_the_paper_is_imported_here(make: Make) -> None:
    a, b, c = make("a"), make("b"), make("c")
    fill(a.store, 1)
    meet(a, b)
    b.star(b.paper_keys()[0])
    b.publish()
    c.take(b)
    fill(c.store, 1)
    c.store.sync.flush()
    assert c.starred() == []
    arrived = c.store.sync.take_packs(a.packs.get)
    assert c.starred() == b.starred()
    assert arrived.change.touches(Field.STARS)
    assert arrived.change.kind is NewsKind.AUTOMATIC


def test_what_arrives_is_told_and_in_the_history(make: Make) -> None:
    a, b = make("a"), make("b")
    ids = fill(a.store, 3)
    meet(a, b)
    other = b.store.news.since(None).number
    a.store.states.set_starred(ids[:2], True)
    a.publish()
    (*_, arrived) = b.take(a)
    assert arrived is not None
    assert arrived.counts["stars"] == 2
    assert arrived.change.fields == {Field.STARS}
    assert arrived.change.paper_ids == {b.paper(key) for key in b.starred()}
    assert arrived.change.kind is NewsKind.ARRIVED
    assert b.store.history.steps()[0].title.sentence() == "From a: 2 stars"
    assert other is not None


def test_of_the_first_download_there_are_no_images(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 3)
    a.publish()
    (arrived,) = [b.store.sync.apply(segment, a.packs.get, recorded=False) for segment in a.segments]
    assert arrived is not None
    assert arrived.change.fields == set(Field)
    assert [step.title.sentence() for step in b.store.history.steps()] == ["From a: 3 papers"]
    assert b.store.rows("SELECT table_name, before, after FROM journal") == [("*", None, None)]
    assert b.paper_keys() == a.paper_keys()


def test_an_undo_here_travels(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 1)
    a.star(a.paper_keys()[0])
    meet(a, b)
    assert b.starred() == a.starred() != []
    a.store.history.undo()
    meet(a, b)
    assert b.starred() == a.starred() == []


class _TroubleError(Exception):
    pass


def test_what_was_interrupted_goes_on_where_it_was(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """In several transactions, of which the third fails; meanwhile somebody has taken a star away."""
    a, b = make("a"), make("b")
    fill(a.store, 30)
    a.star(*a.paper_keys())
    a.publish()
    monkeypatch.setattr("reader.storage.sync.arrival._FIRST", 10)
    monkeypatch.setattr("reader.storage.sync.arrival._MOST", 10)
    monkeypatch.setattr("reader.storage.sync.arrival._FEWEST", 10)
    times: list[object] = []

    def receive(*given: object) -> None:
        times.append(given)
        if len(times) == 5:
            raise _TroubleError
        original(*given)  # type: ignore[arg-type]

    original = engine.receive
    monkeypatch.setattr(engine, "receive", receive)
    with pytest.raises(_TroubleError):
        b.take(a)
    starred = b.starred()
    assert len(b.paper_keys()) == 30
    assert len(starred) == 10
    assert b.store.sync.vector()["b-1"] == 0
    b.star(starred[0], on=False)
    b.take(a)
    meet(a, b)
    assert a.starred() == b.starred() == [key for key in a.paper_keys() if key != starred[0]]
    assert a.heads() == b.heads()


def _clash(a: Replica, b: Replica) -> str:
    """Have one take a star away and the other one put it on again, at the same time; the paper."""
    fill(a.store, 1)
    key = a.paper_keys()[0]
    a.star(key)
    meet(a, b)
    a.star(key, on=False)
    a.publish()
    b.star(key, on=False)
    b.publish()
    b.star(key)
    b.publish()
    meet(a, b)
    return key


def test_what_is_not_shown_is_kept_beside(make: Make) -> None:
    a, b = make("a"), make("b")
    key = _clash(a, b)
    for each in (a, b):
        (kept,) = each.store.sync.kept_beside()
        assert (kept.kind, kept.key, kept.field, kept.device) == ("paper", key, "star", "a")
        assert kept.title == "On page subject 0"
        assert (kept.value, kept.shown) == ([0, None], [1, None])
        assert each.starred() == [key]


def test_a_value_kept_beside_can_be_taken_and_that_undone(make: Make) -> None:
    a, b = make("a"), make("b")
    key = _clash(a, b)
    (kept,) = b.store.sync.kept_beside()
    change = b.store.sync.take(kept.id)
    assert change.paper_ids == {b.paper(key)}
    assert b.starred() == []
    assert b.store.sync.kept_beside() == []
    meet(a, b)
    assert a.starred() == []
    assert a.store.sync.kept_beside() == []
    b.store.history.undo()
    meet(a, b)
    assert a.starred() == b.starred() == [key]


def test_what_is_shown_can_be_kept(make: Make) -> None:
    a, b = make("a"), make("b")
    key = _clash(a, b)
    (kept,) = a.store.sync.kept_beside()
    assert not a.store.sync.keep_shown(kept.id)
    meet(a, b)
    assert a.starred() == b.starred() == [key]
    assert a.store.sync.kept_beside() == b.store.sync.kept_beside() == []
    with pytest.raises(ReaderError, match="no longer kept beside"):
        a.store.sync.take(kept.id)


def test_a_library_restored_under_a_new_name_loses_nothing(make: Make) -> None:
    """Others have writes under the old name which this library never made."""
    a, b = make("a"), make("b")
    fill(a.store, 4)
    first, second, third, fourth = a.paper_keys()
    a.star(first)
    meet(a, b)
    twin = [_star("a-1", a.store.sync.vector()["a-1"] + 1, second)]
    assert b.store.sync.apply(Segment("a-1", "a", twin[0].number, twin[0].number, tuple(twin)), a.packs.get)
    a.star(third)
    a.store.sync.flush()
    a.store.sync.become("a-2", restamp_from=twin[0].number, fingerprint="other")
    me = a.store.sync.me()
    assert me is not None
    assert (me.device, me.number, me.published, me.fingerprint) == ("a-2", 1, 0, "other")
    a.star(fourth)
    meet(a, b)
    assert a.store.sync.apply(Segment("a-1", "a", twin[0].number, twin[0].number, tuple(twin)), a.packs.get)
    assert a.starred() == b.starred() == [first, second, third, fourth]
    assert a.heads() == b.heads()


def test_a_library_under_a_new_name_has_seen_all_it_said_before(make: Make) -> None:
    """A context names an earlier write of its own device where it replaced what another said after that."""
    a, b = make("a"), make("b")
    fill(a.store, 1)
    (key,) = a.paper_keys()
    a.star(key)
    meet(a, b)
    b.star(key, on=False)
    meet(a, b)
    a.star(key)
    meet(a, b)
    said = a.store.sync.vector()["a-1"]
    a.star(key, on=False)
    a.store.sync.flush()
    a.store.sync.become("a-2", restamp_from=said + 1, fingerprint="other")
    meet(a, b)
    assert a.heads() == b.heads()
    assert a.starred() == b.starred() == []


def _star(device: str, number: int, key: str) -> Write:
    return Write(number, 5_000, {device: 0}, Cell("paper", key, "star"), [1, None])


def test_after_the_end_nothing_is_left(make: Make) -> None:
    a, b = make("a"), make("b")
    fill(a.store, 2)
    a.star(a.paper_keys()[0])
    meet(a, b)
    a.store.sync.end()
    assert a.store.sync.me() is None
    tables = [row[0] for row in a.store.rows("SELECT name FROM sqlite_master WHERE name LIKE 'sync\\_%' ESCAPE '\\'")]
    triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'sync%'"
    assert a.store.rows(triggers) == [(0,)]
    kinds = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'sync\\_%' ESCAPE '\\'"
    for (table,) in a.store.rows(kinds):
        if table not in ("sync_fields", "sync_kinds"):
            assert a.store.rows(f"SELECT count(*) FROM {table}") == [(0,)], tables
    assert a.starred() != []


def test_lost_packs_are_made_again(make: Make) -> None:
    a, b, c = make("a"), make("b"), make("c")
    fill(a.store, 3)
    a.publish()
    b.take(a)
    lost = set(a.packs)
    assert a.store.sync.own_packs() == lost
    a.packs.clear()
    a.segments.clear()
    assert a.store.sync.forget_packs(lost) == 3
    (again,) = a.publish()
    assert a.packs
    c.store.sync.apply(replace(again, first=1), a.packs.get)
    b.take(a)
    assert a.paper_keys() == b.paper_keys() == c.paper_keys()
    assert a.heads() == b.heads() == c.heads()


def test_a_line_that_a_pack_does_not_have_is_waited_for(make: Make) -> None:
    a = make("a")
    writes = tuple(
        Write(number, 1, {}, Cell("paper", f"paper{number}", "content"), PackRef("ab" * 32, number))
        for number in (1, 2)
    )
    rows: Sequence[Json] = [{}, {"title": "One", "abstract": ""}]
    assert a.store.sync.apply(Segment("z", "", 1, 2, writes), lambda _: rows)
    assert a.paper_keys() == ["paper1"]
    assert [each.files for each in a.store.sync.waiting()] == [1]
    a.store.sync.take_packs(lambda _: rows)
    assert a.paper_keys() == ["paper1"]


def test_an_earlier_segment_that_is_missing_is_waited_for(make: Make) -> None:
    a = make("a")
    with a.store.unrecorded() as writer:
        row = {
            "name": "devices/z/x",
            "mark": "1",
            "device": "z",
            "first": 5,
            "last": 9,
            "since": "2026-03-01T00:00:00Z",
        }
        writer.insert("sync_files", row)
    assert a.store.sync.waiting() == [WaitingFor("z", 1, "2026-03-01T00:00:00Z")]
