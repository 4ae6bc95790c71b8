"""Cells of highlights. What was quoted never changes; label and comment do.

Where a highlight stands in its text follows from the text, which may differ between devices for a while. It is placed
when it comes, by the same rules as after a change of the text, and is unplaced where it is not found. Where one stands
in a document is said in a cell of its own, by the SHA-256 of the file, which need not be here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from reader.domain.cells import shown
from reader.domain.documents import AnnotationKind
from reader.domain.quote_placing import Quote
from reader.domain.sync import Cell, Head, Json
from reader.domain.text_merge import merge_texts
from reader.storage.highlight_anchors import place_again
from reader.storage.highlights import NO_TEXT
from reader.storage.sync.documents import are_quads, is_sha256, known_documents
from reader.storage.sync.families import Mark, Watch, Work
from reader.storage.sync.labels import Labels
from reader.storage.sync.together import Said, said_by_others, shown_together, spread
from reader.storage.sync.values import as_number, as_text, as_time, part, seconds_sql, uid_of_text
from reader.storage.writer import id_list

_ROWS = f"""
SELECT h.id, h.paper_id, h.target, h.exact, h.prefix, h.suffix, h.start, h."end", {seconds_sql("h.created")},
    iif(h.approximate AND h.start IS NOT NULL,
        substr(iif(h.target = 'title', p.title, p.abstract), h.start + 1, h."end" - h.start), NULL),
    h.label_id, h.comment, {seconds_sql("h.changed")},
    d.sha256, h.page, h.page_label, h.quads, h.kind, h.origin, h.position, d.text_sha256
FROM highlights h JOIN papers p ON p.id = h.paper_id LEFT JOIN documents d ON d.id = h.document_id
WHERE h.id IN (SELECT value FROM json_each(?))
"""
_PRESENT = """
SELECT id, paper_id, label_id, comment, created, document_id, page, page_label, quads, kind, origin, position
FROM highlights WHERE id IN (SELECT value FROM json_each(?))
"""
_TEXTS = "SELECT id, title, abstract FROM papers WHERE id IN (SELECT value FROM json_each(?))"
_UPDATE = """
UPDATE highlights SET paper_id = :paper_id, label_id = :label_id, comment = :comment, created = :created,
    changed = :changed, document_id = :document_id, page = :page, page_label = :page_label, quads = :quads,
    kind = :kind, origin = :origin, position = :position WHERE id = :id
"""
_PLACE = """
UPDATE highlights SET start = :start, "end" = :end, prefix = :prefix, suffix = :suffix, approximate = :approximate
WHERE id = :id
"""
_TARGETS = ("title", "abstract")
_FIELDS = ("quote", "place", "label", "comment")
_DOCUMENT = 12
"""Where the columns of a row of ``_ROWS`` without its id begin that a place in a document consists of."""
_DOCUMENT_COLUMNS = ("page", "page_label", "quads", "kind", "origin", "position")
_NOWHERE = {
    **{"document_id": None, "page": None, "page_label": "", "quads": "[]", "kind": "highlight", "origin": ""},
    "position": 0,
}
"""The columns of a place in a document, of highlights elsewhere."""
_COMPARED = ("paper_id", "label_id", "comment", "created", "document_id", *_DOCUMENT_COLUMNS)
_KINDS = frozenset(kind.value for kind in AnnotationKind)


class Highlights:
    """Highlights of papers' titles and abstracts, and in their documents."""

    tables: tuple[str, ...] = ("highlights",)
    fields: tuple[str, ...] = _FIELDS
    kinds: tuple[str, ...] = ("highlight",)
    large: tuple[str, ...] = ()

    def __init__(self, labels: Labels) -> None:
        """``labels`` is the family of the labels that highlights have."""
        self._labels = labels

    def watches(self) -> Iterator[Watch]:
        """New and deleted highlights, and changed labels and comments; not where a highlight stands."""
        for event, row in (("INSERT", "NEW"), ("DELETE", "OLD")):
            yield Watch(f"highlights_{event.lower()}", f"{event} ON highlights", (("quote", f"{row}.id"),))
        for mark, column in (("quote.label", "label_id"), ("quote.comment", "comment")):
            differs = f"OLD.{column} <> NEW.{column}"
            yield Watch(f"highlights_{column}", f"UPDATE OF {column} ON highlights", ((mark, "NEW.id"),), differs)

    def everything(self) -> Iterator[str]:
        """Every highlight."""
        yield "SELECT 'quote', id, 0 FROM highlights"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """``label``, ``comment`` and ``quote``: [paper, target, exact, prefix, suffix, start, end, created].

        One that was placed by likeness has the words at its place as well; one in a document a ``place``: [SHA-256,
        page, its label, quads, kind, origin, position].
        """
        ids = {int(mark.a) for mark in marks}
        rows = {row[0]: row[1:] for row in work.writer.execute(_ROWS, (id_list(ids),))}
        papers = work.uids_of("paper", {row[0] for row in rows.values()})
        uids = _name(work, ids, rows, papers)
        labels = self._labels.uids_of(work, {row[9] for row in rows.values()})
        back = [uids[row_id] for row_id in rows if row_id in uids]
        news = said_by_others(work, [Cell("highlight", uid, name) for uid in back for name in ("label", "comment")])
        used: dict[str, int] = {}
        said: list[Said] = []
        for mark in marks:
            uid, row = uids.get(int(mark.a)), rows.get(int(mark.a))
            if uid is None:
                continue
            if row is None:
                said += [Said([Cell("highlight", uid, "quote")], None, mark.time)] if mark.field == "quote" else []
                continue
            for name in _FIELDS if mark.field == "quote" else (mark.field.partition(".")[2],):
                if name == "place" and row[_DOCUMENT] is None:
                    continue
                time = mark.time or (row[7] if name in ("quote", "place") else row[11]) * 1000
                value = _value(name, row, papers, labels)
                if Cell("highlight", uid, name) in news and mark.field == "quote":
                    value = _with_news(work, Cell("highlight", uid, name), value)
                said.append(Said([Cell("highlight", uid, name)], value, time))
                used |= {str(value): time} if name == "label" else {}
        yield from spread(work, said)
        yield from self._read_used(work, used)
        if said:
            self._labels.touch_deleted(work)

    def _read_used(self, work: Work, times: Mapping[str, int]) -> Iterator[tuple[Cell, Json, int]]:
        """Labels that were deleted elsewhere but are used here since: they are there again."""
        standing = shown_together(work, {uid: [Cell("label", uid, "label")] for uid in times})
        for uid, value in standing.items():
            if not self._labels.stands(uid, {"label": value}):
                yield Cell("label", uid, "label"), 1, times[uid]

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Insert, change and delete highlights. Those of papers that are not here wait for them."""
        shown_values = _shown(work, {cell.uid for cell in cells})
        papers = work.papers_of({str(part(each["quote"], 0)) for each in shown_values.values() if each["quote"]})
        labels = {str(each["label"]) for each in shown_values.values() if each["quote"] and each["label"]}
        rows = self._rows_of_labels(work, labels)
        first = work.writer.execute("SELECT id FROM highlight_labels ORDER BY position, id LIMIT 1").fetchone()[0]
        ids = work.locals_of("highlight", shown_values)
        present = {row[0]: row[1:] for row in work.writer.execute(_PRESENT, (id_list(ids.values()),))}
        texts = {row[0]: row[1:] for row in work.writer.execute(_TEXTS, (id_list(papers.values()),))}
        made: list[tuple[str, int | None, None]] = []
        updated: list[dict[str, Any]] = []
        moved: list[dict[str, Any]] = []
        gone: list[tuple[int]] = []
        for uid, values in shown_values.items():
            row_id = ids.get(uid)
            here = None if row_id is None else present.get(row_id)
            paper = papers.get(str(part(values["quote"], 0)))
            if values["quote"] and paper is None:
                work.await_entity(str(part(values["quote"], 0)), Cell("highlight", uid, "quote"))
            wanted = _wanted(work, values, paper, rows.get(str(values["label"]), first))
            if wanted is None:
                gone += [(row_id,)] if here is not None and row_id is not None else []
            elif here is None:
                row = wanted | _placed(values["quote"], texts[wanted["paper_id"]])
                known = {} if row_id is None else {"id": row_id}
                made.append((uid, work.writer.insert("highlights", row | known), None))
            elif here != tuple(wanted[column] for column in _COMPARED):
                updated.append(wanted | {"id": row_id})
                if here[0] != wanted["paper_id"]:
                    moved.append(_placed(values["quote"], texts[wanted["paper_id"]]) | {"id": row_id})
        work.name_entities("highlight", made)
        for row in updated:
            work.writer.execute(_UPDATE, row)
        for row in moved:
            work.writer.execute(_PLACE, row)
        work.writer.executemany("DELETE FROM highlights WHERE id = ?", gone)
        changed = len(made) + len(updated) + len(gone)
        if updated or gone:
            self._labels.touch_deleted(work)
        return {"highlights": changed} if changed else {}

    def _rows_of_labels(self, work: Work, uids: Collection[str]) -> dict[str, int]:
        """The rows of labels, which are made where they were deleted."""
        sql = "SELECT id FROM highlight_labels"
        here = {row[0] for row in work.writer.execute(sql)}
        rows = work.locals_of("label", uids)
        if any(rows.get(uid) not in here for uid in uids):
            self._labels.write_for(work, uids)
            rows = work.locals_of("label", uids)
        return dict(rows)

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """No value is large."""
        return {}


def _name(
    work: Work, ids: Collection[int], rows: Mapping[int, Sequence[Any]], papers: Mapping[int, str]
) -> dict[int, str]:
    """The uids of highlights. A new one's is made of what it quotes and when it was made.

    So highlights are one that two libraries have because one was a copy of the other. In a document it is made of the
    text and of the annotation's own id, so that highlights are one that both imported from one file.
    """
    uids = dict(work.uids_of("highlight", ids))
    first = {}
    for row_id in sorted(rows.keys() - uids.keys()):
        if rows[row_id][0] in papers:
            first[row_id] = uid_of_text("\x00".join(_identity(rows[row_id], papers)))
    taken = set(work.known("highlight", first.values()))
    for row_id, uid in first.items():
        if uid in taken:
            uid = f"{uid}#{work.device}:{row_id}"
        taken.add(uid)
        uids[row_id] = uid
    work.name_entities("highlight", [(uids[row_id], row_id, None) for row_id in first])
    return uids


def _identity(row: Sequence[Any], papers: Mapping[int, str]) -> tuple[str, ...]:
    """What a highlight's first uid is made of."""
    paper, target, exact, *_ = row
    document, *place, text = row[_DOCUMENT:]
    origin = place[_DOCUMENT_COLUMNS.index("origin")]
    if document is None or not origin:
        return papers[paper], target, exact, str(row[7])
    return target, document if text in ("", NO_TEXT) else text, origin


def _value(name: str, row: Sequence[Any], papers: Mapping[int, str], labels: Mapping[int, Sequence[str]]) -> Json:
    """A field's value in a row of :data:`_ROWS` without its id."""
    if name == "comment":
        return row[10] or None
    if name == "label":
        return labels[row[9]][0]
    if name == "place":
        return list(row[_DOCUMENT:-1])
    quote: list[Json] = [papers.get(row[0], ""), *row[1:8]]
    return quote if row[8] is None else [*quote, row[8]]


def _with_news(work: Work, cell: Cell, value: Json) -> Json:
    """The label or comment of a highlight that came back by undo, after others said another: theirs; both comments."""
    work.touch([cell])
    theirs = shown_together(work, {cell: [cell]})[cell]
    if cell.field == "label" or not isinstance(value, str):
        return theirs
    return merge_texts(None, as_text(theirs) or "", value)


def _shown(work: Work, uids: Collection[str]) -> dict[str, dict[str, Any]]:
    """What is shown of highlights, and since when (``time``, in milliseconds), by uid."""
    heads = work.heads(Cell("highlight", uid, name) for uid in uids for name in _FIELDS)
    values: dict[str, dict[str, Any]] = {}
    for uid in uids:
        found: dict[str, Sequence[Head]] = {name: heads.get(Cell("highlight", uid, name), ()) for name in _FIELDS}
        values[uid] = {name: shown(name, each) for name, each in found.items()}
        values[uid]["time"] = max((head.time for each in found.values() for head in each), default=0)
    return values


def _wanted(work: Work, values: Mapping[str, Any], paper: int | None, label: int) -> dict[str, Any] | None:
    """A highlight's row without its place in a text; None if there is none."""
    quote = values["quote"]
    target, exact, created = part(quote, 1), as_text(part(quote, 2)), as_time(part(quote, 7))
    if paper is None or created is None:
        return None
    if target == "document":
        if exact is None or not _is_place(values["place"]):
            return None
    elif target not in _TARGETS or not exact:
        return None
    row = {"paper_id": paper, "target": target, "exact": exact, "label_id": label, "created": created}
    row |= _in_document(work, values["place"]) if target == "document" else _NOWHERE
    changed = as_time(values["time"] // 1000)
    return row | {"comment": as_text(values["comment"]) or "", "changed": max(created, changed or created)}


def _placed(value: Json, texts: tuple[str, str]) -> dict[str, Any]:
    """Where a highlight stands in its paper's title or abstract; in a document it has no offsets."""
    exact, prefix, suffix = (as_text(part(value, place)) or "" for place in (2, 3, 4))
    names = ("start", "end", "prefix", "suffix", "approximate")
    if part(value, 1) not in _TARGETS:
        return dict(zip(names, (None, None, prefix, suffix, 0), strict=True))
    text = texts[_TARGETS.index(str(part(value, 1)))]
    start, end = as_number(part(value, 5)), as_number(part(value, 6))
    similar = as_text(part(value, 8))
    if start is not None and end is not None and 0 <= start < end and text[start:end] in (exact, similar):
        return dict(zip(names, (start, end, prefix, suffix, int(text[start:end] != exact)), strict=True))
    quote = Quote(exact, prefix, suffix, None if end is None else start, end)
    return dict(zip(names, place_again(text, quote, None, approximate=False), strict=True))


def _is_place(value: Json) -> bool:
    """Whether a value says a place in a document."""
    page, kind = as_number(part(value, 1)), part(value, 4)
    return is_sha256(part(value, 0)) and page is not None and page >= 0 and kind in _KINDS


def _in_document(work: Work, value: Json) -> dict[str, Any]:
    """The columns of a place in a document."""
    sha256, page, page_label, quads, kind, origin, position = (part(value, place) for place in range(7))
    return {
        "document_id": known_documents(work.writer, [str(sha256)])[str(sha256)],
        "page": page,
        "page_label": as_text(page_label) or "",
        "quads": quads if are_quads(quads) else "[]",
        "kind": kind,
        "origin": as_text(origin) or "",
        "position": as_number(position) or 0,
    }
