"""Documents and the highlights in them on two devices: one each, whoever attached what, and files only of here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.documents import AttachReport, ReadDocument
from reader.domain.papers import Highlight
from tests.documents import GREEN, found, read_of
from tests.storage.support import query
from tests.storage.sync.devices import Devices

FILE = read_of("file", found("One."), found("Two.", page=3, color=GREEN, comment="why", created=None))


@pytest.fixture
def devices(tmp_path: Path) -> Iterator[Devices]:
    made = Devices(tmp_path)
    made.begin()
    made.exchange()
    yield made
    made.check_equal()
    made.close()


def attach(devices: Devices, name: str, read: ReadDocument, place: int = 0) -> AttachReport:
    store, paper = devices[name], devices.ids[name][place]
    return store.documents.add(paper, read, f"/{name}/{read.sha256}", labels={}, is_stored=True)[0]


def highlights(devices: Devices, name: str, place: int = 0) -> list[Highlight]:
    return [each.highlight for each in devices[name].highlights.with_papers([devices.ids[name][place]])]


def test_a_document_and_its_highlights_arrive_without_its_file(devices: Devices) -> None:
    attach(devices, "a", FILE)
    devices.exchange()
    (document,) = devices["b"].documents.of(devices.ids["b"][0])
    assert (document.sha256, document.page_count, document.size) == (FILE.sha256, FILE.page_count, FILE.size)
    assert (document.path, document.is_stored) == (None, False)
    one, two = highlights(devices, "b")
    assert one.place is not None and one.place.quads == FILE.annotations[0].place.quads
    assert (two.label, two.comment) == ("Result", "why")
    devices["b"].highlights.update(two.id, comment="because")
    devices.exchange()
    assert highlights(devices, "a")[1].comment == "because"


def test_two_that_import_one_file_have_one_highlight_for_each_annotation(devices: Devices) -> None:
    for name in "ab":
        assert attach(devices, name, FILE).added == 2
    devices.exchange()
    assert [each.exact for each in highlights(devices, "a")] == ["One.", "Two."]


def test_two_that_import_different_saves_of_one_text_have_one_highlight_for_each_annotation(devices: Devices) -> None:
    attach(devices, "a", read_of("v1", found("One."), text="t"))
    attach(devices, "b", read_of("v2", found("One."), found("Two."), text="t"))
    devices.exchange()
    assert [each.exact for each in highlights(devices, "a")] == ["One.", "Two."]
    assert len(devices["a"].documents.of(devices.ids["a"][0])) == 2


def test_what_was_deleted_elsewhere_is_not_imported_here(devices: Devices) -> None:
    attach(devices, "a", FILE)
    devices["a"].highlights.delete(highlights(devices, "a")[0].id)
    devices.exchange()
    report = attach(devices, "b", FILE)
    assert (report.added, report.known, report.document.path) == (0, 2, f"/b/{FILE.sha256}")
    devices.exchange()
    assert [each.exact for each in highlights(devices, "a")] == ["Two."]
    assert devices["a"].documents.of(devices.ids["a"][0])[0].path == f"/a/{FILE.sha256}", "each has its own file"


def test_detaching_undoing_and_redoing_arrive(devices: Devices) -> None:
    attach(devices, "a", FILE)
    devices.exchange()
    store = devices["b"]
    (document,) = store.documents.of(devices.ids["b"][0])
    store.documents.detach(devices.ids["b"][0], document.id)
    for expected in (0, 2, 0):
        devices.exchange()
        assert len(highlights(devices, "a")) == expected
        assert len(devices["a"].documents.of(devices.ids["a"][0])) == bool(expected)
        _ = store.history.undo() if expected == 0 else store.history.redo()
    devices.exchange()


def test_attached_again_after_being_detached_elsewhere(devices: Devices) -> None:
    attach(devices, "a", FILE)
    devices.exchange()
    (document,) = devices["b"].documents.of(devices.ids["b"][0])
    devices["b"].documents.detach(devices.ids["b"][0], document.id)
    devices.exchange()
    assert attach(devices, "a", FILE).added == 2
    devices.exchange()
    assert [each.exact for each in highlights(devices, "b")] == ["One.", "Two."]


def test_further_annotations_of_one_file_are_told(devices: Devices) -> None:
    attach(devices, "a", read_of("file", found("One.")))
    devices.exchange()
    attach(devices, "a", FILE)
    devices.exchange()
    assert query(devices["b"], "SELECT annotations FROM documents") == query(
        devices["a"], "SELECT annotations FROM documents"
    )
    assert attach(devices, "b", FILE).added == 0


def test_a_version_that_knows_no_documents_keeps_what_is_said_of_them(devices: Devices) -> None:
    """What it does not know waits, as any field; here, a place that comes after its quote."""
    attach(devices, "a", FILE)
    devices.say("a")
    (segment,) = devices.sent["a"][-1:]
    places = [write for write in segment.writes if write.cell.field == "place"]
    assert len(places) == 2 and all(write.cell.kind == "highlight" for write in places)
    devices.exchange()


def test_papers_that_are_joined_have_the_documents_of_both(devices: Devices) -> None:
    attach(devices, "a", read_of("one", found("One.")), 0)
    attach(devices, "a", FILE, 1)
    devices.exchange()
    devices["a"].papers.merge(devices.ids["a"][0], devices.ids["a"][1])
    devices.exchange()
    assert len(devices["b"].documents.of(devices.ids["b"][0])) == 2
    assert len(highlights(devices, "b")) == 3
    assert not any(devices["b"].sync.render_all().counts.values())


@pytest.mark.parametrize("mergers", ["a", "b", "ab"])
def test_highlights_of_one_annotation_are_one_wherever_their_papers_are_merged(devices: Devices, mergers: str) -> None:
    for place in (0, 1):
        attach(devices, "a", FILE, place)
    devices.exchange()
    devices["b"].highlights.update(highlights(devices, "b", 1)[0].id, comment="mine")
    devices.exchange()
    for name in mergers:
        devices[name].papers.merge(*devices.ids[name][:2])
    devices.exchange()
    for name in "ab":
        assert [(each.exact, each.comment) for each in highlights(devices, name)] == [("One.", "mine"), ("Two.", "why")]


def test_undo_leaves_a_highlight_in_a_document_that_was_changed_elsewhere(devices: Devices) -> None:
    attach(devices, "a", FILE)
    devices.exchange()
    devices["a"].highlights.update(highlights(devices, "a")[1].id, comment="here")
    devices.exchange()
    devices["b"].highlights.update(highlights(devices, "b")[1].id, comment="there")
    devices.exchange()
    undone = devices["a"].history.undo()
    assert undone is not None and undone.stayed.paper_ids == {devices.ids["a"][0]}
    assert highlights(devices, "a")[1].comment == "there"
    devices.exchange()
