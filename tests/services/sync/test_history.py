"""The history of libraries that meet: what arrived is in it, undo passes it by, and taking it back travels."""

from __future__ import annotations

from reader.domain.papers import PaperState
from reader.services import Library
from tests.services.annotating import all_ids, bring
from tests.services.sync.machines import Machines


def title_to_id(library: Library) -> dict[str, int]:
    return {paper.title: paper.id for paper in library.papers.read(all_ids(library))}


def states(library: Library) -> dict[str, PaperState]:
    return {paper.title: paper.state for paper in library.papers.read(all_ids(library))}


def arrived(library: Library) -> list[str]:
    return [str(step.title) for step in library.history.steps() if step.kind == "sync"]


def test_what_arrived_is_taken_back_here_and_there(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    bring(laptop, "Ants", "Bees", "Cats")
    meeting.meet()
    laptop.states.set([title_to_id(laptop)[title] for title in ("Ants", "Bees")], PaperState.DISMISSED)
    laptop.tags.add([title_to_id(laptop)["Ants"]], ["there"])
    meeting.meet()
    step = desktop.history.steps(1)[0]
    assert str(step.title) == "From laptop: 2 states, 1 paper tagged, 1 tag"
    desktop.states.set([title_to_id(desktop)["Bees"]], PaperState.READING)
    taken = desktop.history.take_back(step.id)
    assert taken.stayed.paper_ids == {title_to_id(desktop)["Bees"]}
    meeting.meet()
    expected = {"Ants": PaperState.INBOX, "Bees": PaperState.READING, "Cats": PaperState.INBOX}
    assert states(laptop) == states(desktop) == expected
    assert laptop.tags.all() == desktop.tags.all() == []
    desktop.history.undo()
    meeting.meet()
    assert states(laptop) == states(desktop) == expected | {"Ants": PaperState.DISMISSED}
    assert [tag.name for tag in laptop.tags.all()] == ["there"]


def test_undo_leaves_what_the_other_device_changed_and_names_it(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    bring(laptop, "Ants", "Bees", "Cats")
    meeting.meet()
    desktop.states.set(all_ids(desktop), PaperState.DISMISSED)
    meeting.meet()
    laptop.states.set([title_to_id(laptop)["Bees"]], PaperState.READING)
    meeting.meet()
    undone = desktop.history.undo()
    assert undone is not None
    assert (undone.stayed.paper_ids, undone.stayed.devices) == ({title_to_id(desktop)["Bees"]}, ("laptop",))
    meeting.meet()
    expected = {"Ants": PaperState.INBOX, "Bees": PaperState.READING, "Cats": PaperState.INBOX}
    assert states(laptop) == states(desktop) == expected


def test_steps_from_before_joining_are_not_refused(meeting: Machines) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    for library in (laptop, desktop):
        bring(library, "Ants", "Bees", "Cats")
    desktop.states.set(all_ids(desktop), PaperState.DISMISSED)
    laptop.states.set([title_to_id(laptop)["Bees"]], PaperState.READING)
    meeting.set_up("laptop", "desktop")
    meeting.meet()
    assert states(desktop)["Bees"] == PaperState.READING
    assert len(arrived(desktop)) == 1, "the first download is one line, of which nothing more is kept"
    undone = desktop.history.undo()
    assert undone is not None
    assert states(desktop) == {"Ants": PaperState.INBOX, "Bees": PaperState.READING, "Cats": PaperState.INBOX}
    assert desktop.history.undo() is not None, "the import, whose papers the other device has as well"
    meeting.meet()
    assert states(laptop) == states(desktop)
    wrong = [found for found in desktop.checks.run().findings if not found.is_harmless]
    assert wrong == []


def test_an_import_undone_here_and_annotated_there_can_be_redone(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    bring(laptop, "Ants", "Bees", "Cats")
    meeting.meet()
    desktop.tags.add([title_to_id(desktop)["Bees"]], ["there"])
    laptop.history.undo()
    assert states(laptop) == {}
    meeting.meet()
    assert "Bees" in states(laptop)
    assert laptop.history.redo() is not None
    meeting.meet()
    assert sorted(states(laptop)) == sorted(states(desktop)) == ["Ants", "Bees", "Cats"]
    for library in (laptop, desktop):
        assert [found for found in library.checks.run().findings if not found.is_harmless] == []
        positions = library._store.rows("SELECT count(*), count(DISTINCT listing_id || ' ' || position) FROM sightings")
        assert len(set(positions[0])) == 1, "no sighting twice"
        assert [tag.name for tag in library.tags.all()] == ["there"]
