"""Two libraries that were both in use before they met: nothing that either had is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.subscriptions import SubscriptionKind
from tests.storage.support import query
from tests.storage.sync.devices import Devices

SOON, LATER = (datetime(2026, 3, day, 6, tzinfo=UTC) for day in (3, 9))


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path)
    yield made
    made.close()


def meet(devices: Devices) -> None:
    devices.begin()
    devices.exchange()
    devices.check_equal()


def test_of_two_states_the_one_of_more_interest_is_shown_and_the_other_kept_beside(devices: Devices) -> None:
    ids = devices.ids
    devices["a"].states.set(ids["a"][:1], PaperState.READING)
    devices["b"].states.set(ids["b"][:1], PaperState.DISMISSED)
    meet(devices)
    for name in "ab":
        assert query(devices[name], "SELECT state FROM states") == [("reading",)]
        assert [(each.field, each.device) for each in devices[name].sync.kept_beside()] == [("state", "B")]


def test_tags_of_one_name_are_one_and_papers_have_the_tags_of_both(devices: Devices) -> None:
    devices["a"].tags.add(devices.ids["a"][:2], ["RL", "vision"])
    devices["b"].tags.add(devices.ids["b"][1:3], ["rl", "audio"])
    devices["a"].tags.set_favorite("vision", 1)
    devices["b"].tags.set_favorite("audio", 1)
    meet(devices)
    assert [tag.name.lower() for tag in devices["b"].tags.all()] == ["audio", "rl", "vision"]
    assert len(query(devices["a"], "SELECT * FROM paper_tags")) == 7
    assert [tag.name for tag in devices["a"].tags.all() if tag.favorite == 1] == ["audio"]


def test_notes_of_both_stand_in_one(devices: Devices) -> None:
    devices["a"].notes.set(devices.ids["a"][0], "Same.\nOf a.")
    devices["b"].notes.set(devices.ids["b"][0], "Same.\nOf b.")
    meet(devices)
    text = devices["a"].notes.of(devices.ids["a"][0]).text
    assert sorted(text.splitlines()) == ["Of a.", "Of b.", "Same."]
    for name, own in (("a", "Same.\nOf a."), ("b", "Same.\nOf b.")):
        texts = [each.text for each in devices[name].notes.revisions(devices.ids[name][0])]
        assert own in texts
        assert text in texts


def test_queues_are_one_with_the_order_of_each(devices: Devices) -> None:
    a, b = devices.ids["a"], devices.ids["b"]
    devices["a"].states.set([a[3], a[0], a[5]], PaperState.QUEUED)
    devices["b"].states.set([b[4], b[1]], PaperState.QUEUED)
    meet(devices)
    order = [row[0] for row in query(devices["a"], "SELECT paper_id FROM queue ORDER BY position")]
    assert [each for each in order if each in (a[3], a[0], a[5])] == [a[3], a[0], a[5]]
    assert [each for each in order if each in (a[4], a[1])] == [a[4], a[1]]


def test_highlights_of_both_are_there_and_those_of_a_copy_are_not_doubled(tmp_path: Path) -> None:
    devices = Devices(tmp_path)
    devices.clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    devices["a"].highlights.add_span(devices.ids["a"][0], "abstract", 0, 5, label="Claim")
    devices.clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    devices["b"].highlights.add_span(devices.ids["b"][0], "abstract", 0, 5, label="Claim")
    devices["b"].highlights.add_span(devices.ids["b"][0], "abstract", 3, 8, label="Result")
    meet(devices)
    assert len(query(devices["a"], "SELECT * FROM highlights")) == 2
    devices.close()


def test_other_things_of_both_are_there(devices: Devices) -> None:
    a, b = devices["a"], devices["b"]
    for store in (a, b):
        store.searches.add("Mine", "tag:rl", number=1)
        store.mutes.add("Crypto", "blockchain")
        store.subscriptions.add(SubscriptionKind.DAILY, "day", "Daily", 24)
    a.searches.add("Of a", "tag:a", number=2)
    b.searches.add("Of b", "tag:b", number=2)
    a.subscriptions.add(SubscriptionKind.SEARCH, "tides", "News", 24)
    b.subscriptions.add(SubscriptionKind.SEARCH, "waves", "news", 12)
    b.labels.add("Doubt", "#123456")
    a.labels.add("Idea", "#123457")
    meet(devices)
    assert [each.name for each in a.searches.all()] == [each.name for each in b.searches.all()]
    assert sorted(each.name for each in a.searches.all()) == ["Mine", "Of a", "Of b"]
    assert len([each for each in a.searches.all() if each.number == 2]) == 1
    assert len(a.mutes.all()) == 1
    assert sorted(each.name for each in a.subscriptions.all()) == ["Daily", "News", "news (2)"]
    assert [label.name for label in a.labels.all()] == [label.name for label in b.labels.all()]
    assert {"Doubt", "Idea"} < {label.name for label in a.labels.all()}


def test_of_two_snoozes_one_is_shown(devices: Devices) -> None:
    devices["a"].states.bury_until(devices.ids["a"][:1], LATER)
    devices["b"].states.bury_until(devices.ids["b"][:1], SOON)
    meet(devices)
    assert len(devices["a"].sync.kept_beside()) == 1


def test_a_second_meeting_changes_nothing(devices: Devices) -> None:
    devices["a"].tags.add(devices.ids["a"], ["rl"])
    devices["b"].notes.set(devices.ids["b"][0], "Text")
    meet(devices)
    before = devices.tables("a")
    devices.exchange()
    assert devices.check_equal() == before
