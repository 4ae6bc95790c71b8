"""Highlights of one annotation on two papers that are merged: the file was attached to both."""

from __future__ import annotations

from reader.domain.text_merge import merge_texts
from reader.storage.highlights import NO_TEXT
from reader.storage.writer import Writer

_TWINS = f"""
WITH imported AS (
    SELECT h.id, h.paper_id, h.origin, h.label_id, h.comment, h.changed,
        iif(d.text_sha256 IN ('', '{NO_TEXT}'), d.sha256, d.text_sha256) AS text, e.uid
    FROM highlights h JOIN documents d ON d.id = h.document_id
    LEFT JOIN sync_entities e ON e.kind = (SELECT id FROM sync_kinds WHERE name = 'highlight') AND e.local = h.id
    WHERE h.paper_id IN (:keep, :other) AND h.origin <> ''
)
SELECT stays.id, goes.id, stays.label_id, goes.label_id, stays.comment, goes.comment, stays.changed, goes.changed
FROM imported stays JOIN imported goes ON goes.text = stays.text AND goes.origin = stays.origin
    AND goes.paper_id <> stays.paper_id
    AND (stays.uid IS NULL, coalesce(stays.uid, ''), stays.id) < (goes.uid IS NULL, coalesce(goes.uid, ''), goes.id)
ORDER BY stays.id, goes.id
"""
"""Of two, which one stays does not depend on the device, since each may merge the papers before it hears of another."""


def unite_twins(writer: Writer, keep: int, other: int) -> None:
    """Make one of each two highlights that were imported from one annotation, on papers about to be merged.

    It has the label that was changed last and what either comment says.
    """
    united: set[int] = set()
    rows = writer.execute(_TWINS, {"keep": keep, "other": other}).fetchall()
    for stays, goes, label, other_label, comment, other_comment, changed, other_changed in rows:
        if not united.isdisjoint((stays, goes)):
            continue
        united |= {stays, goes}
        ours, theirs = (changed, label, comment), (other_changed, other_label, other_comment)
        earlier, later = (theirs, ours) if changed >= other_changed else (ours, theirs)
        merged = (later[1], merge_texts(None, earlier[2], later[2]), later[0])
        writer.execute("DELETE FROM highlights WHERE id = ?", (goes,))
        if merged != (label, comment, changed):
            sql = "UPDATE highlights SET label_id = ?, comment = ?, changed = ? WHERE id = ?"
            writer.execute(sql, (*merged, stays))
