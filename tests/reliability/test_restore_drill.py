"""The restore drill: a library with every kind of annotation is lost in several ways, and comes back identical."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reader.domain.backups import BackupKind
from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.library.highlights import TargetSpan
from reader.storage.taste import Example
from tests.documents import YELLOW, found, read_of
from tests.reliability.figures import record
from tests.services.fetching import FIRST, fetch_all, subscribe_daily
from tests.services.support import clock, finish, listing_text
from tests.storage.support import ASIDE, read_tables
from tests.storage.test_topics import invented as invented_topic
from tests.web.papers import invent
from tests.web.server import WebServer, playing

ROOT = Path(__file__).parents[2]
ALL = View(ViewKind.ALL)
TITLES = [f"Invented Paper {number}" for number in range(30)]
FAULTY = ROOT / "tests" / "formats" / "fixtures" / "plain_faults.txt"
EMPTY_AT_REST = {"handled", "host_pauses", "index_pending", "index_stamps", "exports", "citation_keys", "recording",
                 "unfinished", "page_copies"}  # fmt: skip
"""Tables that are derived, or say nothing that a user said."""


def annotate_in_every_way(library: Library) -> None:
    """Make use of everything with which a person can say something of a paper, a listing or a search."""
    finish(library.imports.text(listing_text(*TITLES), "first"))
    finish(library.imports.text(listing_text("Second Listing's Paper", heading="Dec 9"), "second"))
    finish(library.imports.paths([FAULTY]))
    ids = sorted(library.views.paper_ids(ALL))
    for place, state in enumerate(PaperState):
        library.states.set(ids[2 * place : 2 * place + 2], state)
    library.queue.add(ids[12:16])
    library.queue.move_to_top(ids[14:15])
    library.states.set_starred(ids[3:9], True)
    library.states.set_seen(ids[5:12], True)
    library.states.bury(ids[16:18], "3d")
    library.tags.add(ids[1:5], ["method/sparse", "ünïcode tag", "to-try"])
    library.tags.set_color("to-try", "#336699")
    library.tags.set_description("to-try", "Worth an *evening*.")
    library.tags.set_favorite("to-try", 3)
    library.notes.save(ids[0], "First text of the note.", revision=None)
    library.notes.save(ids[0], "# A note\n\nwith [[links]], `code`, ünïcode, 日本語 and\n\n> quotes.", revision=None)
    library.labels.add("Doubt", "#aa3300")
    library.highlights.add_quote(ids[0], "no data, no model", label="Doubt", comment="Really? 🙂")
    library.highlights.add_quote(ids[1], "improves upon itself", label="", comment="")
    library.highlights.add(ids[2], [TargetSpan("title", 0, 8)], comment="In the title.")
    library._store.taste.set_forgotten("stones", True)
    library._store.taste.add_examples([Example("key", "A Liked Paper", "a liked paper", "", None, None, None)], "a.bib")
    library._store.topics.store_first([invented_topic("stones")])
    library._store.topics.rename(1, "Stones, and what they say")
    own = library.folder.parent / "own.pdf"
    own.write_bytes(b"own.pdf")
    attached, _ = library.documents.attach(
        ids[3], read_of("own.pdf", found("marked elsewhere")), own, labels={YELLOW: "Doubt"}, keep_copy=False
    )
    library.documents.set_place(attached.document.id, 4)
    library.searches.add("Mine", "tag:to-try is:starred", sort="title", number=2)
    library.mutes.add("Nothing about stones", "stones")
    library.papers.merge(ids[20], ids[21])
    library.papers.set_arxiv_id(ids[22], "2401.00022")
    library.listings.rename(library.listings.all()[0].id, "A name of my own")
    library.listings.set_year(library.listings.all()[1].id, 2023)
    entry = "@article{%s, title={Two Prints of Stones}, eprint={2401.00077}, doi={10.1000/%s}}"
    finish(library.imports.text("\n".join(entry % (name, name) for name in ("one", "two")), "prints"))
    library.states.set_starred(ids[9:10], True)
    library.history.undo()


def everything(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return read_tables(folder / "library.db", leave_out=("index_pending", "index_stamps"))


def said(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of what listings and the user said, without the history."""
    return read_tables(folder / "library.db", leave_out={*ASIDE, "index_stamps"})


def fetch_on_two_days(library: Library, server: WebServer, now: list[datetime]) -> None:
    """Subscribe to a page, which shows other figures a day later."""
    subscribe_daily(library)
    shown = [invent(number, FIRST) for number in range(3)]
    for server.pages[FIRST.isoformat()] in (shown, [replace(each, upvotes=each.upvotes + 7) for each in shown]):
        assert fetch_all(library, days=1).pages[0].file.error is None
        now[0] += timedelta(days=1)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    now = [clock()]
    with playing(monkeypatch) as server, Library(tmp_path / "library", clock=lambda: now[0]) as library:
        annotate_in_every_way(library)
        fetch_on_two_days(library, server, now)
        (library.folder / "settings.toml").write_text('[appearance]\ntheme = "dark" # mine\n', "utf-8")
        (library.folder / "settings.toml").chmod(0o600)
    return tmp_path / "library"


def run(folder: Path, *arguments: str, home: Path | None = None) -> str:
    """A command of the program, as a process; on a machine of its own if ``home`` is given."""
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data")} if home else dict(os.environ)
    done = subprocess.run(
        [sys.executable, "main.py", "--library", str(folder), *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_kind_of_annotation_is_in_the_drill(folder: Path) -> None:
    """A table that is added later, and filled by nothing here, fails this test.

    Those of synchronising stay empty until it is set up, and have a drill of their own (services/sync/test_copies.py).
    """
    empty = {
        name for name, rows in everything(folder).items() if not rows and not name.startswith(("sqlite_", "sync_"))
    }
    assert empty - EMPTY_AT_REST <= {"muted"}


def test_a_backup_restores_identically_whatever_was_done_since(folder: Path) -> None:
    with Library(folder, clock=clock) as library:
        backup = library.backups.make()
        before = everything(folder)
        ids = list(library.views.paper_ids(ALL))
        library.states.set(ids, PaperState.DISMISSED)
        library.tags.delete("to-try")
        library.notes.save(ids[-1], "Something else.", revision=None)
        library.listings.remove(library.listings.all()[0].id)
        assert everything(folder) != before
        library.backups.restore(backup.path)
        assert everything(folder) == before
        assert library.history.undo() is not None, "the history came back too"
        assert library.history.redo() is not None
    assert said(folder) == {name: rows for name, rows in before.items() if name in said(folder)}


def test_the_command_line_restores_after_the_database_is_gone(folder: Path) -> None:
    run(folder, "backup")
    before = everything(folder)
    (folder / "library.db").write_bytes(b"\xa5" * 50_000)
    run(folder, "restore", "newest")
    run(folder, "check")
    assert everything(folder) == before
    (aside,) = (folder / "aside").iterdir()
    assert (aside / "library.db").read_bytes() == b"\xa5" * 50_000


def test_a_bundle_makes_an_empty_machine_the_same(folder: Path, tmp_path: Path) -> None:
    before, bundle = everything(folder), tmp_path / "mine.lectern"
    sources = {path.name for path in (folder / "sources").rglob("*") if path.is_file()}
    run(folder, "bundle", str(bundle))
    shutil.rmtree(folder)
    elsewhere = tmp_path / "other machine"
    elsewhere.mkdir()
    moved = Path(shutil.move(bundle, elsewhere / "theirs.lectern"))
    target = elsewhere / "library"
    run(target, "bundle", "--open", str(moved), str(target), home=elsewhere)
    theirs, private = everything(target), {"taste_wishes", "taste_examples"}
    assert not any(theirs[name] for name in private)
    own = str(folder.parent / "own.pdf")
    assert own in before["documents"][0] and own not in theirs["documents"][0], "where a file lies is of the machine"
    before["documents"] = [tuple(None if value == own else value for value in row) for row in before["documents"]]
    with_their_steps = {*private, "journal", "operations", "news"}
    for name in before.keys() - with_their_steps:
        assert theirs[name] == before[name], name
    for name in with_their_steps - private:
        assert set(theirs[name]) <= set(before[name]), name
    assert {path.name for path in (target / "sources").rglob("*") if path.is_file()} == sources
    assert "# mine" in (target / "settings.toml").read_text("utf-8")
    run(target, "check", home=elsewhere)
    record("restore drill", f"{len(before)} tables restored row by row, from a backup and on an empty machine")


def test_annotations_alone_bring_everything_that_was_said_into_an_empty_library(folder: Path, tmp_path: Path) -> None:
    with Library(folder, clock=clock) as library:
        backup = library.backups.make(BackupKind.ANNOTATIONS)
        old = {paper.key: paper for paper in library.papers.read(library.views.paper_ids(ALL))}
        searches = [(each.name, each.query, each.sort, each.number) for each in library.searches.all()]
        rules = [(each.name, each.query, each.enabled) for each in library.mutes.all()]
        tags = [(tag.name, tag.color, tag.description) for tag in library.tags.all()]
    with Library(tmp_path / "new", clock=clock) as new:
        new.backups.restore(backup.path)
        finish(new.imports.text(listing_text(*TITLES), "first"))
        finish(new.imports.text(listing_text("Second Listing's Paper", heading="Dec 9"), "second"))
        finish(new.imports.paths([FAULTY]))
        come = {paper.key: paper for paper in new.papers.read(new.views.paper_ids(ALL))}
        assert [(each.name, each.query, each.sort, each.number) for each in new.searches.all()] == searches
        assert [(each.name, each.query, each.enabled) for each in new.mutes.all()] == rules
        assert [(tag.name, tag.color, tag.description) for tag in new.tags.all()] == tags
    for key, paper in old.items():
        annotated = paper.note or paper.tags or paper.highlights or paper.starred or paper.state is not PaperState.INBOX
        if annotated:
            other = come[key]
            for name in ("state", "starred", "tags", "note", "queue_position", "buried_until"):
                assert getattr(other, name) == getattr(paper, name), (key, name)
            told = [[(h.exact, h.label, h.comment, h.target) for h in one.highlights] for one in (other, paper)]
            assert told[0] == told[1]
