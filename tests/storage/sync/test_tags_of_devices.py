"""Tags and labels that are renamed, merged and deleted on one device while another uses them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.storage.store import LibraryStore
from tests.storage.support import query
from tests.storage.sync.devices import Devices


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path, "abc")
    made.begin()
    made["a"].tags.add(made.ids["a"][:2], ["rl", "nlp"])
    made.exchange()
    yield made
    made.close()


def names(store: LibraryStore) -> dict[str, int]:
    """Each tag's number of papers."""
    return {tag.name: tag.paper_count for tag in store.tags.all()}


def test_a_deleted_tag_goes_everywhere(devices: Devices) -> None:
    devices["a"].tags.delete("rl")
    devices.exchange()
    devices.check_equal()
    assert names(devices["b"]) == {"nlp": 2}


def test_a_tag_is_used_by_one_device_and_its_maker_is_heard_later(devices: Devices) -> None:
    devices["a"].tags.add(devices.ids["a"][:1], ["late"])
    devices.say("a")
    devices.hear("b", "a")
    devices["b"].tags.add(devices.ids["b"][2:4], ["late"])
    devices.say("b")
    devices.hear("c", "b")
    devices.hear("c", "a")
    assert names(devices["c"])["late"] == 3
    devices.exchange()
    devices.check_equal()


def test_a_deleted_tag_that_a_paper_got_meanwhile_stands(devices: Devices) -> None:
    devices["a"].tags.delete("rl")
    devices["b"].tags.add(devices.ids["b"][3:4], ["rl"])
    devices.exchange()
    devices.check_equal()
    assert names(devices["a"]) == {"nlp": 2, "rl": 1}
    devices["b"].tags.remove(devices.ids["b"][3:4], ["rl"])
    devices.exchange()
    devices.check_equal()


def test_a_deleted_tag_goes_once_no_paper_has_it(devices: Devices) -> None:
    devices["a"].tags.delete("rl")
    devices["b"].tags.add(devices.ids["b"][3:4], ["rl"])
    devices["c"].tags.set_color("rl", "#112233")
    devices.exchange()
    devices.check_equal()
    devices["c"].tags.delete("rl")
    devices.exchange()
    devices.check_equal()
    assert names(devices["a"]) == {"nlp": 2}


def test_a_tag_made_again_after_it_was_deleted(devices: Devices) -> None:
    devices["a"].tags.delete("rl")
    devices["a"].tags.add(devices.ids["a"][4:5], ["RL"])
    devices["b"].tags.add(devices.ids["b"][3:4], ["rl"])
    devices.exchange()
    devices.check_equal()
    assert {name.lower(): count for name, count in names(devices["c"]).items()} == {"nlp": 2, "rl": 2}


def test_two_renamed_onto_each_other_are_one_and_part_again(devices: Devices) -> None:
    devices["a"].tags.add(devices.ids["a"][4:5], ["vision"])
    devices.exchange()
    devices["a"].tags.rename("rl", "agents")
    devices["b"].tags.rename("nlp", "Agents")
    devices["c"].tags.add(devices.ids["c"][5:], ["rl"])
    devices.exchange()
    devices.check_equal()
    assert {name.lower(): count for name, count in names(devices["b"]).items()} == {"agents": 3, "vision": 1}
    devices["a"].tags.remove(devices.ids["a"][:1], ["agents"])
    devices["c"].tags.rename("agents", "planning")
    devices.exchange()
    devices.check_equal()
    assert names(devices["b"]) == {"planning": 2, "vision": 1}
    devices["b"].tags.delete("planning")
    devices.exchange()
    devices.check_equal()
    assert names(devices["a"]) == {"vision": 1}


def test_names_that_change_places(devices: Devices) -> None:
    store = devices["a"]
    store.tags.rename("rl", "other")
    store.tags.rename("nlp", "rl")
    store.tags.rename("other", "nlp")
    devices.exchange()
    devices.check_equal()


def test_a_new_tag_of_a_name_that_another_had_first(devices: Devices) -> None:
    devices["a"].tags.rename("rl", "agents")
    devices["a"].tags.add(devices.ids["a"][3:], ["rl"])
    devices.exchange()
    devices.check_equal()
    assert names(devices["c"]) == {"agents": 2, "nlp": 2, "rl": 3}


def test_tags_merged_here_while_used_there(devices: Devices) -> None:
    devices["a"].tags.merge("nlp", "rl")
    devices["b"].tags.add(devices.ids["b"][4:5], ["nlp"])
    devices.exchange()
    devices.check_equal()
    assert names(devices["c"]) == {"nlp": 1, "rl": 2}


def test_undo_of_a_deletion_that_arrived_meanwhile(devices: Devices) -> None:
    devices["a"].tags.delete("rl")
    devices.exchange()
    devices["a"].history.undo()
    devices.exchange()
    devices.check_equal()
    assert names(devices["c"]) == {"nlp": 2, "rl": 2}


def test_a_number_that_two_tags_want_is_one_tags(devices: Devices) -> None:
    devices["a"].tags.set_favorite("rl", 1)
    devices["b"].tags.set_favorite("nlp", 1)
    devices.exchange()
    devices.check_equal()
    assert [tag.name for tag in devices["a"].tags.all() if tag.favorite] == ["nlp"]
    devices["c"].tags.set_favorite("nlp", None)
    devices.exchange()
    devices.check_equal()
    assert not [tag.name for tag in devices["a"].tags.all() if tag.favorite]


def test_the_number_of_a_deleted_tag_does_not_go_to_another(devices: Devices) -> None:
    devices["a"].tags.set_favorite("rl", 1)
    devices["b"].tags.set_favorite("nlp", 1)
    devices.exchange()
    devices["c"].tags.delete("nlp")
    devices.exchange()
    devices.check_equal()
    assert not [tag.name for tag in devices["a"].tags.all() if tag.favorite]


def test_a_deleted_label_that_a_highlight_got_meanwhile_stands(devices: Devices) -> None:
    devices["a"].labels.add("Doubt", "#123456")
    devices.exchange()
    devices["a"].labels.delete(query(devices["a"], "SELECT id FROM highlight_labels WHERE name = 'Doubt'")[0][0])
    devices["b"].highlights.add_span(devices.ids["b"][0], "title", 0, 2, label="Doubt")
    devices["b"].highlights.add_span(devices.ids["b"][0], "title", 3, 5, label="Claim")
    devices["c"].labels.delete(1)
    devices.exchange()
    devices.check_equal()
    assert {"Doubt", "Claim"} < set(devices["a"].labels.counts())


@pytest.mark.parametrize("goes", ["relabelled", "deleted"])
def test_a_deleted_label_goes_with_the_last_highlight_that_has_it(devices: Devices, goes: str) -> None:
    devices["a"].labels.add("Doubt", "#123456")
    devices.exchange()
    devices["a"].labels.delete(query(devices["a"], "SELECT id FROM highlight_labels WHERE name = 'Doubt'")[0][0])
    devices["c"].highlights.add_span(devices.ids["c"][0], "title", 0, 2, label="Doubt")
    devices.say("c")
    devices.hear("a", "c")
    devices.say("a")
    (made,) = devices["c"].highlights.with_papers()
    if goes == "deleted":
        devices["c"].highlights.delete(made.highlight.id)
    else:
        devices["c"].highlights.update(made.highlight.id, label="Claim")
    devices.exchange()
    devices.check_equal()
    assert [name for name in "abc" if "Doubt" in devices[name].labels.counts()] == []


def test_labels_of_one_name_are_one(devices: Devices) -> None:
    for name in "ab":
        devices[name].labels.add("Doubt", f"#12345{'ab'.index(name)}")
        devices[name].highlights.add_span(devices.ids[name][0], "abstract", 3, 8 + "ab".index(name), label="Doubt")
    devices["c"].labels.update(2, name="doubt")
    devices.exchange()
    devices.check_equal()
    assert devices["a"].labels.counts()["Doubt"] == 2
    devices["a"].labels.update(
        query(devices["a"], "SELECT id FROM highlight_labels WHERE fold = 'doubt'")[0][0], name="X"
    )
    devices.exchange()
    devices.check_equal()


def test_a_label_keeps_the_place_that_it_got_beside_another(devices: Devices) -> None:
    devices["a"].labels.add("Doubt", "#123456")
    devices["b"].labels.add("Idea", "#123456")
    devices.exchange()
    devices["c"].labels.delete(query(devices["c"], "SELECT id FROM highlight_labels WHERE name = 'Doubt'")[0][0])
    devices.exchange()
    devices.check_equal()


def test_one_label_stays_when_each_device_deletes_others(devices: Devices) -> None:
    for label in (1, 2, 3):
        devices["a"].labels.delete(label)
    for label in (2, 3, 4):
        devices["b"].labels.delete(label)
    devices.exchange()
    devices.check_equal()
    assert len(devices["c"].labels.all()) == 1


@pytest.mark.parametrize("deletes", [False, True])
def test_a_label_and_a_tag_used_by_a_device_that_is_heard_before_their_maker(devices: Devices, deletes: bool) -> None:
    devices["a"].labels.add("Doubt", "#123456")
    devices["a"].tags.add(devices.ids["a"][:1], ["Fresh"])
    devices.say("a")
    devices.hear("b", "a")
    devices["b"].highlights.add_span(devices.ids["b"][0], "title", 0, 2, label="Doubt")
    devices["b"].tags.add(devices.ids["b"][3:4], ["fresh"])
    if deletes:
        devices["a"].labels.delete(query(devices["a"], "SELECT id FROM highlight_labels WHERE name = 'Doubt'")[0][0])
        devices["a"].tags.delete("fresh")
        devices.say("a")
    devices.say("b")
    devices.hear("c", "b")
    assert devices["c"].labels.counts()["doubt"] == 1
    devices.hear("c", "a")
    devices.hear("a")
    devices.exchange()
    devices.check_equal()
    assert devices["c"].labels.counts()["Doubt"] == 1
    assert names(devices["c"])["Fresh"] == (1 if deletes else 2)
