"""How SQLite means to answer: through indexes, without sorting what an index has in order already."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reader.domain.document_matching import document_names
from reader.domain.papers import PaperState
from reader.domain.preparation import SOURCE_RANK
from reader.domain.selection import ALL_PAPERS, INBOX, PaperFilter, PaperSort, SortBy
from reader.storage.store import LibraryStore
from tests.documents import read_of
from tests.storage.support import add, fill, paper, query


def reading_plan(store: LibraryStore, read: Callable[[], object]) -> list[str]:
    """The plans of all the queries that a read makes."""
    connection = store._readers.get()
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    read()
    connection.set_trace_callback(None)
    asked = [sql for sql in statements if sql.lstrip().startswith("SELECT")]
    assert asked
    return [row[3] for sql in asked for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("by", [SortBy.DATE, SortBy.ADDED, SortBy.TITLE, SortBy.COMMENTS, SortBy.UPVOTES])
@pytest.mark.parametrize("which", [ALL_PAPERS, INBOX], ids=["all", "inbox"])
def test_orders_come_from_indexes_that_hold_all_they_need(
    store: LibraryStore, which: PaperFilter, by: SortBy, reverse: bool
) -> None:
    fill(store)
    plan = reading_plan(store, lambda: store.papers.ids(which, PaperSort(by, reverse)))
    index = {"date": "papers_date", "added": "papers_added", "title": "papers_title"}.get(
        by.value, f"papers_{by.value}"
    )
    assert f"SCAN p USING COVERING INDEX {index}" in plan
    assert not [step for step in plan if "TEMP B-TREE" in step]


def test_rows_and_papers_are_found_by_their_keys(store: LibraryStore) -> None:
    ids = fill(store)
    for read in (lambda: store.papers.rows(ids), lambda: list(store.papers.read(ids))):
        plan = reading_plan(store, read)
        assert "SEARCH p USING INTEGER PRIMARY KEY (rowid=?)" in plan
        whole = {step for step in plan if step.startswith("SCAN ")}
        allowed = ("given", "json_each", "subquery", "SCAN b")  # b is the queue: places are counted
        assert not {step for step in whole if not any(part in step for part in allowed)}


def test_counts_never_read_whole_papers(store: LibraryStore) -> None:
    fill(store)
    plan = reading_plan(store, store.views.counts)
    assert not [step for step in plan if step in {"SCAN papers", "SCAN p"}]


def test_a_record_finds_its_paper_by_index(store: LibraryStore) -> None:
    statements: list[str] = []
    store.writer.db.conn.set_trace_callback(statements.append)
    add(store, "page", paper("One", arxiv_id="2501.00001"), paper("Two"), rank=SOURCE_RANK)
    store.writer.db.conn.set_trace_callback(None)
    asked = [sql for sql in statements if sql.startswith("SELECT") and " WHERE " in sql and "FROM papers" in sql]
    plans = [row[3] for sql in asked for row in store.writer.db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
    assert "SEARCH papers USING INDEX sqlite_autoindex_papers_2 (arxiv_id=?)" in plans
    assert "SEARCH papers USING INDEX papers_title (title_fold=?)" in plans
    assert not [step for step in plans if step.startswith("SCAN papers")]


def test_the_paper_of_a_pdf_is_looked_for_in_indexes(store: LibraryStore) -> None:
    names = document_names(read_of("file", first_page="Tide Tables of the North\nAda Byron"), "file.pdf")
    plan = reading_plan(store, lambda: store.documents.candidates(names))
    assert "SCAN papers USING COVERING INDEX papers_title" in plan
    assert "SCAN papers" not in plan


def test_every_reference_is_indexed(store: LibraryStore) -> None:
    """Else removing a paper reads whole tables to see that nothing points at it."""
    for (table,) in query(store, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        columns = query(store, f"PRAGMA table_info({table})")
        indexed = {row[1] for row in columns if row[5] == 1}
        for index in query(store, f"PRAGMA index_list({table})"):
            column = query(store, f"PRAGMA index_info({index[1]})")[0][2]
            made = "".join(
                row[0] or "" for row in query(store, "SELECT sql FROM sqlite_master WHERE name = ?", index[1])
            )
            # A partial index finds whatever points at a row, if it leaves out only what points nowhere.
            if not index[4] or made.rstrip().endswith(f"WHERE {column} IS NOT NULL"):
                indexed.add(column)
        referring = {row[3] for row in query(store, f"PRAGMA foreign_key_list({table})")}
        assert referring <= indexed, table


def test_a_change_of_one_paper_reads_no_table_whole(store: LibraryStore) -> None:
    ids = fill(store)
    statements: list[str] = []
    store.writer.db.conn.set_trace_callback(statements.append)
    for few_or_many in (ids[:1], ids[:1] * 50):
        store.states.set(few_or_many, PaperState.DONE)
    store.writer.db.conn.set_trace_callback(None)
    changing = [
        sql for sql in statements if sql.startswith(("UPDATE states", "INSERT INTO states", "DELETE FROM queue"))
    ]
    assert changing
    for sql in changing:
        plan = [row[3] for row in store.writer.db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()]
        read_whole = [step for step in plan if step.startswith("SCAN")]
        assert not [step for step in read_whole if not any(part in step for part in ("given", "json_each"))], sql
