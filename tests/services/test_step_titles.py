"""What every kind of step is called: each is done once, and its sentence is in the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from reader.domain.backups import BackupKind
from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.selection import PaperSort, SortBy
from reader.domain.step_titles import UNTITLED, StepKind
from reader.domain.subscriptions import SubscriptionKind
from reader.domain.topics import TopicPlan
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.storage.taste import Example
from tests.documents import YELLOW, found, read_of
from tests.services.annotating import bring
from tests.services.annotating import paper as paper_of
from tests.services.annotating import titles as sentences
from tests.services.fetching import run
from tests.services.support import finish, listing_text
from tests.storage.support import paper
from tests.storage.test_topics import invented
from tests.web.papers import invent
from tests.web.server import playing

ALPHA = "“Alpha of Trees”"
QUOTE = f"“Alpha of Trees” in {ALPHA}"
"""A highlighted title, in its paper."""


def decide(library: Library) -> None:
    states = library.states
    for state in (*list(PaperState)[1:], PaperState.INBOX):
        states.set([1], state)
    states.set_starred([1], True)
    states.set_starred([1], False)
    states.set_seen([1, 2])
    states.set_seen([1], False)
    states.bury([1], "2027-01-01")
    states.unbury([1])
    states.start_reading([2, 3])


def queue(library: Library) -> None:
    library.states.set([1, 2, 3, 4], PaperState.QUEUED)
    library.queue.move([1], 1)
    library.queue.move([1, 3], -1)
    library.queue.move_to_top([4])
    library.queue.remove([4])
    library.queue.take_next()
    library.queue.set_order([2, 3])
    library.queue.sort(PaperSort(SortBy.TITLE, reverse=True))


def tag(library: Library) -> None:
    tags = library.tags
    tags.change([1, 2], add=["a", "b"], remove=[])
    tags.change([1], add=["c"], remove=["a"])
    tags.rename("c", "d")
    tags.merge("d", "b")
    tags.set_color("a", "#112233")
    tags.set_description("a", "First.")
    tags.set_favorite("a", 3)
    tags.set_favorite("a", None)
    tags.delete("a")


def annotate(library: Library) -> None:
    library.notes.save(1, "Sound.", revision=None)
    first = library.highlights.add(1, [TargetSpan("title", 0, len("Alpha of Trees"))], label="Method")[0][0]
    library.highlights.update(first, comment="Which?")
    library.highlights.delete(first)
    library.labels.add("Doubt", "#112233")
    label = next(each.id for each in library.labels.all() if each.name == "Doubt")
    library.labels.update(label, name="Hunch")
    library.labels.delete(label)


def attach(library: Library) -> None:
    bare, marked = read_of("bare"), read_of("marked", found("One."))
    for read in (bare, marked, replace(marked, annotations=(*marked.annotations, found("Two.")))):
        library._store.documents.add(1, read, "/there/file.pdf", labels={}, is_stored=False)
    library._store.documents.add(1, marked, "/there/file.pdf", labels={YELLOW: "Method"}, is_stored=False)
    for document in library.documents.of(1):
        library.documents.detach(1, document.id)


def keep_searches(library: Library) -> None:
    first, _ = library.searches.add("Trees", "trees")
    second, _ = library.searches.add("Rivers", "rivers")
    library.searches.update(replace(library.searches.all()[0], query="tree"))
    library.searches.order([second, first])
    library.searches.delete(first)
    rule, _ = library.mutes.add("Noise", "noise")
    library.mutes.update(replace(library.mutes.all()[0], enabled=False))
    library.mutes.delete(rule)


def curate(library: Library) -> None:
    listing = library.listings.all()[0].id
    library.listings.rename(listing, "Monday")
    library.listings.set_year(listing, 2024)
    library.papers.set_arxiv_id(1, "2501.00001")
    other = paper_of(library, 2).key
    library.papers.merge(1, 2)
    library.papers.split(other)
    record = paper("Gamma Waves", "", authors=("Ann Bee",))
    library._store.completions.add(3, record, SOURCE_RANK, library._store.begin_operation(UNTITLED), frozenset())
    library.listings.remove(listing)


def bring_in(library: Library) -> None:
    paths = [library.folder.parent / name for name in ("one.txt", "two.txt", "three.txt")]
    for path in paths:
        path.write_text(listing_text(f"Paper {path.stem}"), encoding="utf-8")
    finish(library.imports.paths(paths[:1]))
    finish(library.imports.paths(paths[1:]))


def merge_others(library: Library) -> None:
    with Library(library.folder.parent / "other") as other:
        bring(other, "Zeta Sands")
        other.bundles.write(library.folder.parent / "other.zip")
    library.bundles.merge(library.folder.parent / "other.zip")
    library.states.set_starred([1], True)
    backup = library.backups.make(BackupKind.ANNOTATIONS)
    library.history.undo()
    library.backups.restore(backup.path)


def subscribe(library: Library) -> None:
    subscriptions = library._store.subscriptions
    made, _ = subscriptions.add(SubscriptionKind.DAILY, "day", "Daily", 6)
    subscriptions.rename(made, "Morning")
    for hours in (12, 1, 0):
        subscriptions.set_every(made, hours)
    subscriptions.remove(made)


def fetch(library: Library) -> None:
    listed = b'<opml version="2.0"><body><outline text="Daily" xmlUrl="https://huggingface.co/papers"/></body></opml>'
    library.subscriptions.add_opml(listed)
    with pytest.MonkeyPatch.context() as patch, playing(patch) as server:
        server.pages[library._store.clock().date().isoformat()] = [invent(1), invent(2)]
        run(library.subscriptions.fetch(library.subscriptions.all()))


def wish(library: Library) -> None:
    taste = library._store.taste
    taste.set_forgotten("tides", True)
    taste.set_forgotten("tides", False)
    taste.set_since(date(2026, 2, 1))
    taste.set_since(None)
    taste.add_examples([Example("key", "Liked", "liked", "", None, None, None)], "liked.bib")
    taste.forget_examples()
    taste.start_over()
    taste.switch(False)
    taste.switch(True)


def sort_topics(library: Library) -> None:
    topics = library._store.topics
    topics.store_first([invented("masks"), invented("waves", 1)])
    topics.rename(1, "Masks")
    before = topics.stored()
    topics.store_split(TopicPlan(before, (replace(before[0], centres=(b"8888",)), before[1], invented("sands", 2))))
    before = topics.stored()
    into = replace(before[1], centres=before[1].centres * 2, examples=before[1].examples * 2)
    topics.store_merge(TopicPlan(before, (before[0], into)))
    topics.update(TopicPlan(topics.stored(), topics.stored()[:1], moved=3))


def catch_up(library: Library) -> None:
    library._store._clock.advance(days=30)
    library.triage.catch_up("2w")


EXPECTED = {
    decide: [
        f"Queued: {ALPHA}", f"Reading: {ALPHA}", f"Done: {ALPHA}", f"Dismissed: {ALPHA}", f"Back in the inbox: {ALPHA}",
        f"Starred: {ALPHA}", f"Star taken off: {ALPHA}", "Marked seen: 2 papers", f"Marked unseen: {ALPHA}",
        f"Snoozed until Fri 1 Jan 2027: {ALPHA}", f"No longer snoozed: {ALPHA}", "Started reading: 2 papers",
    ],
    queue: [
        "Queued: 4 papers", f"Moved down the queue: {ALPHA}", "Moved up the queue: 2 papers",
        "Moved in the queue: “Delta Rivers”", "Taken out of the queue: “Delta Rivers”",
        f"Taken from the queue: {ALPHA}", "Sorted the queue", "Sorted the queue by title",
    ],
    tag: [
        "Tagged 2 papers “a”, “b”", f"Tagged “c”: {ALPHA} and untagged “a”: {ALPHA}", "Renamed tag “c” to “d”",
        "Merged tag “d” into “b”", "Coloured tag “a”", "Described tag “a”", "Made “a” favourite tag 3",
        "“a” is no favourite tag", "Deleted tag “a” from 1 paper",
    ],
    annotate: [
        f"Note on {ALPHA}", f"Highlighted {QUOTE}", f"Changed highlight {QUOTE}", f"Deleted highlight {QUOTE}",
        "Added label “Doubt”", "Changed label “Doubt”", "Deleted label “Hunch”",
    ],
    attach: [
        f"Attached a PDF to {ALPHA}", f"Attached a PDF to {ALPHA}; 1 highlight",
        f"Took 1 highlight from a PDF of {ALPHA}",
        "Changed the labels of colours in PDFs", f"Detached a PDF from {ALPHA}; 2 highlights deleted",
        f"Detached a PDF from {ALPHA}",
    ],
    keep_searches: [
        "Saved search “Trees”", "Saved search “Rivers”", "Changed saved search “Trees”", "Sorted the saved searches",
        "Deleted saved search “Trees”", "Muted “Noise”", "Changed mute rule “Noise”", "Unmuted “Noise”",
    ],
    curate: [
        "Renamed listing “day” to “Monday”", "Set the year of “Monday” to 2024",
        f"Set the arXiv id of {ALPHA} to 2501.00001", f"Merged “Beta on $\\alpha$ Masks” into {ALPHA}",
        f"Separated {ALPHA}", "Completed “Gamma Waves”", "Removed listing “Monday”",
    ],
    bring_in: ["Imported one.txt", "Imported 2 files"],
    merge_others: ["Merged the bundle other.zip", "Restored annotations of 2026-03-04 12:00"],
    subscribe: [
        "Subscribed to “Daily”", "Renamed subscription “Daily” to “Morning”",
        "Set “Morning” to be fetched every 12 hours", "Set “Morning” to be fetched every hour",
        "Set “Morning” to be fetched only when asked", "Unsubscribed from “Morning”",
    ],
    fetch: ["Subscribed to 1 source", "Fetched “Daily”: 1 page, 2 papers"],
    wish: [
        "Made “for you” forget “tides”", "Made “for you” count “tides” again",
        "Made “for you” leave out decisions before 2026-02-01", "Made “for you” count all decisions",
        "Learned from liked.bib: 1 paper", "Forgot the examples of liked papers", "Made “for you” start over",
        "Switched “for you” off", "Switched “for you” on",
    ],
    sort_topics: [
        "Renamed topic “masks, masks two” to “Masks”", "Split topic “Masks” into “Masks” and “sands, sands two”",
        "Merged topic “sands, sands two” into “waves, waves two”", "Updated the topics: 3 papers moved",
    ],
    catch_up: ["Dismissed to catch up: 5 papers"],
}  # fmt: skip


@pytest.mark.parametrize("work", EXPECTED, ids=lambda work: work.__name__)
def test_what_steps_are_called(annotated: Library, work) -> None:
    before = len(sentences(annotated))
    work(annotated)
    assert sentences(annotated)[::-1][before:] == EXPECTED[work]


def test_every_kind_is_that_of_some_step(annotated: Library) -> None:
    kinds = set()
    works = (
        annotate,
        attach,
        decide,
        queue,
        tag,
        keep_searches,
        bring_in,
        subscribe,
        merge_others,
        catch_up,
        sort_topics,
        wish,
        curate,
        fetch,
    )
    for work in works:
        work(annotated)
    for step in annotated.history.steps(None):
        kinds |= {part.kind for part in step.title.parts}
    of_other_devices = {StepKind.ARRIVED, StepKind.TAKEN_BACK, StepKind.TOOK_BESIDE}
    assert set(StepKind) - kinds == {StepKind.TEXT, *of_other_devices}
