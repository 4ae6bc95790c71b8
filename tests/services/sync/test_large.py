"""Libraries that go out in many portions."""

from __future__ import annotations

import pytest

from reader.storage.sync import engine
from tests.services.annotating import TITLES, all_ids, bring
from tests.services.sync.machines import Machines


def test_a_queue_of_papers_that_go_out_in_several_portions_keeps_its_order(
    meeting: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_CHUNK", 2)
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    ids = bring(laptop, *TITLES)
    order = [ids[3], ids[0], ids[4], ids[1]]
    for paper_id in order:
        laptop.queue.add([paper_id])
    meeting.set_up("laptop", "desktop")
    titles = {desktop.papers.get(paper_id).title: paper_id for paper_id in bring(desktop, *TITLES)}
    wanted = [titles[laptop.papers.get(paper_id).title] for paper_id in order]
    assert list(desktop.queue.ids()) == wanted


@pytest.mark.parametrize("loss", ["deleted", "emptied", "damaged"])
def test_content_whose_packs_were_lost_is_written_again(meeting: Machines, loss: str) -> None:
    laptop = meeting.library("laptop")
    bring(laptop, *TITLES)
    meeting.set_up("laptop")
    packs = meeting.files(".lecp")
    assert packs
    for pack in packs:
        if loss == "deleted":
            pack.unlink()
        else:
            pack.write_bytes(b"" if loss == "emptied" else pack.read_bytes()[:-1])
    meeting.close()  # another process, which has seen none of them
    for _ in packs:
        meeting.library("laptop").sync.run()
    (desktop,) = meeting.set_up("desktop")
    titles = {desktop.papers.get(paper_id).title for paper_id in all_ids(desktop)}
    assert titles == set(TITLES)
    status = desktop.sync.status()
    assert status is not None and status.waiting == ()


def test_a_listing_that_arrives_counts_once_and_not_by_its_papers(meeting: Machines) -> None:
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    bring(laptop, *TITLES)
    meeting.set_up("laptop")
    desktop.sync.join(str(meeting.folder), "desktop")
    counts = desktop.sync.run().arrived["laptop"]
    assert (counts["papers"], counts["listings"]) == (len(TITLES), 1)
    assert counts.get("listings_changed", 0) <= 1


def test_packs_of_values_that_are_kept_are_missed_as_well(meeting: Machines) -> None:
    """A long value of which there are several heads is stored itself, together with its place in a pack."""
    laptop, desktop = meeting.library("laptop"), meeting.library("desktop")
    bring(laptop, *TITLES)
    meeting.clock.advance(days=1)
    bring(desktop, *TITLES, name="another day", heading="Mar 4")
    meeting.set_up("laptop", "desktop")
    meeting.meet()
    store = desktop._store
    assert store.rows("SELECT 1 FROM sync_heads WHERE typeof(value) = 'blob' AND length(value) > 5")
    with store.sync._working() as work:
        expected = set(engine.own_packs(work))
    assert store.sync.own_packs() == expected != set()
