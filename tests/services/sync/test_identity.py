"""Copies of a library, and older ones put back, go on under names of their own, and nobody loses anything."""

from __future__ import annotations

import shutil

import pytest

from reader.services import Library
from reader.storage.sync.stored import StoredSync
from tests.services.sync.machines import Machines, correct, said, say


def name_of(library: Library) -> str:
    """The name under which a library writes."""
    status = library.sync.status()
    assert status is not None
    return status.device


def test_a_library_keeps_its_name(meeting: Machines) -> None:
    (laptop,) = meeting.set_up("laptop")
    before = name_of(laptop)
    for word in ("ants", "bees"):
        say(laptop, word)
        meeting.meet()
        meeting.close()
        laptop = meeting.library("laptop")
    assert name_of(laptop) == before


def test_a_copied_library_takes_a_new_name(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    copy = meeting.copy("laptop", "copy")
    laptop = meeting.library("laptop")
    before = name_of(laptop)
    say(copy, "bees")
    copy.sync.run()  # before it can see that another writes under its name
    assert name_of(copy) != before
    say(laptop, "cats")
    meeting.meet()
    assert name_of(laptop) == before
    assert set(said(copy)) == set(said(laptop)) == set(said(desktop)) == {"ants", "bees", "cats"}


def test_clones_that_wrote_the_same_numbers_before_they_met_lose_nothing(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    meeting.meet()
    clone = meeting.copy("laptop", "clone", unnoticed=True)
    laptop = meeting.library("laptop")
    name = name_of(laptop)
    assert name_of(clone) == name
    say(laptop, "bees")
    correct(laptop, "ants", "abs:ants")
    laptop.sync.run()
    first = meeting.files()[-1]
    desktop.sync.run()
    first.rename(meeting.root / "on its way")  # the clone's carrier has not brought it yet
    say(clone, "cats")
    correct(clone, "ants", "author:ants")
    clone.sync.run()
    (meeting.root / "on its way").rename(first.with_name("conflict.lecs"))
    meeting.meet()
    assert len({name_of(laptop), name_of(clone), name}) == 3
    assert said(laptop) == said(clone) == said(desktop)
    assert set(said(laptop)) == {"ants", "bees", "cats"}
    values = {said(desktop)["ants"], *(each.value for each in desktop.sync.kept_beside())}
    assert values == {"abs:ants", "author:ants"}


def test_an_older_database_put_back_under_its_name_gets_what_it_had_said(meeting: Machines) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    say(laptop, "ants")
    laptop.sync.run()
    meeting.close("laptop")
    shutil.copy(meeting.root / "laptop" / "library.db", meeting.root / "older")
    laptop = meeting.library("laptop")
    before = name_of(laptop)
    say(laptop, "bees")
    meeting.meet()
    meeting.close("laptop")
    with (meeting.root / "laptop" / "library.db").open("wb") as file:  # the same file, as a disk put back
        file.write((meeting.root / "older").read_bytes())
    laptop = meeting.library("laptop")
    say(laptop, "cats")
    meeting.meet()
    assert name_of(laptop) != before
    assert set(said(laptop)) == set(said(desktop)) == {"ants", "bees", "cats"}
    assert not laptop.sync.kept_beside()


def test_a_crash_between_writing_and_recording_is_no_new_name(
    meeting: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop, desktop = meeting.set_up("laptop", "desktop")
    before = name_of(laptop)
    say(laptop, "ants")
    with monkeypatch.context() as crash:
        crash.setattr(StoredSync, "mark_published", _stop)
        with pytest.raises(KeyboardInterrupt):
            laptop.sync.run()
    say(laptop, "bees")
    meeting.meet()
    assert name_of(laptop) == before
    assert set(said(desktop)) == {"ants", "bees"}


def _stop(*_: object) -> None:
    raise KeyboardInterrupt
