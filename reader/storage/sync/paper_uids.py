"""A paper's uid: the name under which devices speak of it, made from what identifies it (decision "A paper's uid").

Two works must never get the same uid, because what is said of one would then be said of the other. One work may get two
uids, where listings gave it otherwise on two devices; such papers are found by the rule of identity and joined.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from reader.domain.doi import fold_doi
from reader.domain.keys import key_candidates, paper_identity
from reader.storage.content import EXPLICIT
from reader.storage.pages import listing_names
from reader.storage.schema import DELETE
from reader.storage.sync.families import Work
from reader.storage.sync.values import uid_of_text
from reader.storage.writer import Writer, id_list, text_list

_ROWS = """
SELECT id, key, arxiv_id, title, title_fold, abstract, doi, authors, published, published_certainty
FROM papers WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_JOINED = f"""
SELECT before FROM journal WHERE table_name = 'papers' AND action = {DELETE}
AND json_extract(before, '$.key') IN (SELECT value FROM json_each(?)) ORDER BY id
"""
_FORMER = """
SELECT title_fold FROM former_titles WHERE paper_id = (SELECT paper_id FROM paper_aliases WHERE key = ?)
"""
_OF_BYTES = "SELECT sha256, id FROM listings WHERE sha256 IN (SELECT value FROM json_each(?))"


def paper_text(row: Mapping[str, Any]) -> str:
    """What a paper's uid is made from: as for keys; for works that may share their title also what tells them apart.

    ``row`` has the columns of ``papers`` that identify a paper.
    """
    identity = paper_identity(row["arxiv_id"], row["title_fold"], row["title"], row["abstract"])
    if row["arxiv_id"]:
        return identity
    if row["doi"]:
        return f"doi:{fold_doi(row['doi'])}"
    authors = json.loads(row["authors"])
    if authors and row["published"] and row["published_certainty"] >= EXPLICIT:
        return f"{identity}\n{authors[0]}\n{row['published'][:4]}"
    return identity


def name_papers(work: Work, ids: Collection[int]) -> dict[int, str]:
    """The uids of papers that are here, by id; those without one are given it."""
    found = dict(work.uids_of("paper", ids))
    missing = [paper_id for paper_id in ids if paper_id not in found]
    if not missing:
        return found
    cursor = work.writer.execute(_ROWS, (id_list(missing),))
    names = [column[0] for column in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor]
    uids = [uid_of_text(paper_text(row)) for row in rows]
    taken = _taken(work, uids)
    for row, uid in zip(rows, uids, strict=True):
        # A second paper with the same facts was told apart by a person; its key tells it from the first.
        if uid in taken:
            uid = uid_of_text(f"{paper_text(row)}\nkey:{row['key']}")
        taken.add(uid)
        found[row["id"]] = uid
    work.name_entities("paper", [(found[row["id"]], row["id"], row["key"]) for row in rows])
    return found


def name_alias(work: Work, key: str) -> str | None:
    """The uid of a paper that was joined into another and had this key; None if nothing is known of it but the key."""
    known = work.uid_with_key(key)
    if known is not None:
        return known
    uid = None
    for (before,) in work.writer.execute(_JOINED, (text_list([key]),)):
        uid = uid_of_text(paper_text({"doi": None, "authors": "[]", **json.loads(before)}))
    for (fold,) in work.writer.execute(_FORMER, (key,)):
        if uid is None and key == next(key_candidates(f"title:{fold}")):
            uid = uid_of_text(f"title:{fold}")
    if uid is None or work.papers_of([uid]):
        return None
    work.name_entity("paper", uid, None, key)
    return uid


def name_listings(work: Work, ids: Iterable[int]) -> dict[int, str]:
    """The uids of listings that are here, by id: the page's name, else the digest of the file."""
    wanted = {listing_id for listing_id in ids if listing_id}
    found = dict(work.uids_of("listing", wanted))
    missing = wanted - found.keys()
    if missing:
        found.update(listing_names(work.writer.db.conn, missing))
        former = work.locals_of("listing", [found[listing_id] for listing_id in missing if listing_id in found])
        for listing_id in missing & found.keys():
            uid = found[listing_id]
            work.name_entity("listing", uid, listing_id)
            if uid in former:  # it was removed and imported again: the papers that it had brought are still its own
                sql = "UPDATE papers SET first_listing_id = ? WHERE first_listing_id = ?"
                work.writer.execute(sql, (listing_id, former[uid]))
    return found


def listing_ids(work: Work, uids: Collection[str]) -> dict[str, int]:
    """The ids of listings by uid; for those that are not here yet, ids that they will get.

    A file's listing that is a page's here, of the same bytes, is that.
    """
    found = dict(work.locals_of("listing", uids))
    found.update(work.writer.execute(_OF_BYTES, (text_list(uids),)).fetchall())
    for uid in sorted(set(uids) - found.keys()):
        found[uid] = _next_listing(work.writer)
        work.name_entity("listing", uid, found[uid])
    return found


def _next_listing(writer: Writer) -> int:
    """An id that no listing has or had, and that none will be given by SQLite."""
    row = writer.execute("SELECT seq FROM sqlite_sequence WHERE name = 'listings'").fetchone()
    if row is None:
        writer.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('listings', 1)")
        return 1
    writer.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'listings'")
    return int(row[0]) + 1


def _taken(work: Work, uids: Collection[str]) -> set[str]:
    """Those uids whose paper is here as another row."""
    return set(work.papers_of(uids))
