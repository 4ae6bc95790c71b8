"""Cells of papers' documents: which PDF files a paper has, and what these are.

The files themselves are not synchronised. A document that is known from elsewhere has no file here until it is attached
here too; nothing is imported from it then that was imported there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from reader.domain.sync import Cell, Json
from reader.storage.sync.families import NOW, Mark, Watch, Work
from reader.storage.sync.together import Said, members_of_rows, shown_of_papers, spread
from reader.storage.sync.values import as_number, as_text, as_time, part, seconds_sql
from reader.storage.writer import Writer, id_list, text_list

PREFIX = "document:"
_MARK = "attached"
_SHA256 = re.compile("[0-9a-f]{64}")
_DOCUMENTS = """
SELECT id, sha256, size, page_count, text_sha256, annotations, origin, address FROM documents
WHERE id IN (SELECT value FROM json_each(?))
"""
_LINKS = f"""
SELECT paper_id, document_id, {seconds_sql("attached")} FROM paper_documents
WHERE document_id IN (SELECT value FROM json_each(?))
"""
_DESCRIBE = """
UPDATE documents SET size = :size, page_count = :page_count, text_sha256 = :text_sha256, annotations = :annotations,
    origin = :origin, address = :address WHERE id = :id
"""
_LINK = """
INSERT INTO paper_documents (paper_id, document_id, attached) VALUES (?, ?, ?)
ON CONFLICT (paper_id, document_id) DO UPDATE SET attached = excluded.attached WHERE attached <> excluded.attached
"""
_UNLINK = "DELETE FROM paper_documents WHERE paper_id = ? AND document_id = ?"
_AGAIN = f"""
INSERT OR REPLACE INTO sync_dirty (field, a, b, time)
SELECT '{_MARK}', paper_id, document_id, {NOW} FROM paper_documents WHERE document_id = NEW.id
"""


class Documents:
    """Which documents papers have, as one cell of the paper for each: ``document:`` and the file's SHA-256."""

    tables: tuple[str, ...] = ("paper_documents",)
    fields: tuple[str, ...] = (_MARK, PREFIX)
    kinds: tuple[str, ...] = ("paper",)
    large: tuple[str, ...] = ()

    def watches(self) -> Iterator[Watch]:
        """Documents attached and detached, and further annotations imported from them."""
        for event, rows in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
            marks = tuple((_MARK, f"{row}.paper_id", f"{row}.document_id") for row in rows)
            yield Watch(f"paper_documents_{event.lower()}", f"{event} ON paper_documents", marks)
        differs = "OLD.annotations <> NEW.annotations"
        yield Watch("documents_annotations", "UPDATE OF annotations ON documents", (), differs, _AGAIN)

    def everything(self) -> Iterator[str]:
        """Every document of every paper."""
        yield f"SELECT '{_MARK}', paper_id, document_id FROM paper_documents"

    def read(self, work: Work, marks: Sequence[Mark]) -> Iterator[tuple[Cell, Json, int]]:
        """[attached, size, pages, hash of the text, names of imported annotations, origin, address]."""
        given = (id_list({mark.b for mark in marks}),)
        documents = {row[0]: row[1:] for row in work.writer.execute(_DOCUMENTS, given)}
        attached = {row[:2]: row[2] for row in work.writer.execute(_LINKS, given)}
        members = members_of_rows(work, {int(mark.a) for mark in marks})
        said = []
        for mark in marks:
            if mark.b in documents:
                sha256, *facts = documents[mark.b]
                time = attached.get((mark.a, mark.b))
                value: Json = None if time is None else [time, *facts]
                cells = [Cell("paper", uid, f"{PREFIX}{sha256}") for uid in members.get(int(mark.a), ())]
                said.append(Said(cells, value, mark.time or (time or 0) * 1000))
        yield from spread(work, said)

    def render(self, work: Work, cells: Sequence[Cell]) -> Mapping[str, int]:
        """Write which documents papers have, and what those are that were not known yet."""
        changed = 0
        for field, papers in shown_of_papers(work, cells).items():
            sha256 = field.removeprefix(PREFIX)
            if not is_sha256(sha256):
                continue
            document = known_documents(work.writer, [sha256])[sha256]
            for paper, value in papers.items():
                attached = as_time(part(value, 0))
                if attached is None:
                    changed += work.writer.execute(_UNLINK, (paper, document)).rowcount
                else:
                    _describe(work.writer, document, value)
                    changed += work.writer.execute(_LINK, (paper, document, attached)).rowcount
        return {"documents": changed} if changed else {}

    def stored(self, work: Work, cells: Sequence[Cell]) -> Mapping[Cell, Json]:
        """No value is large."""
        return {}


def is_sha256(text: Json) -> bool:
    """Whether what came is a SHA-256 in hexadecimal."""
    return isinstance(text, str) and _SHA256.fullmatch(text) is not None


def known_documents(writer: Writer, files: Collection[str]) -> dict[str, int]:
    """The rows of documents by SHA-256, made where nothing is known of them but that."""
    sql = "SELECT sha256, id FROM documents WHERE sha256 IN (SELECT value FROM json_each(?))"
    known: dict[str, int] = dict(writer.execute(sql, (text_list(files),)).fetchall())
    for sha256 in files:
        if sha256 not in known:
            known[sha256] = writer.insert("documents", {"sha256": sha256})
    return known


def _describe(writer: Writer, document: int, value: Json) -> None:
    """Store what a document is."""
    annotations = as_text(part(value, 4)) or "[]"
    address = as_text(part(value, 6))
    writer.execute(
        _DESCRIBE,
        {
            "id": document,
            "size": as_number(part(value, 1)) or 0,
            "page_count": as_number(part(value, 2)) or 0,
            "text_sha256": as_text(part(value, 3)) or "",
            "annotations": annotations if _are_names(annotations) else "[]",
            "origin": "fetched" if part(value, 5) == "fetched" else "file",
            "address": address,
        },
    )


def _are_names(text: str) -> bool:
    """Whether a text is a list of names in JSON."""
    names = _read_json(text)
    return isinstance(names, list) and all(isinstance(name, str) for name in names)


def are_quads(text: Json) -> bool:
    """Whether what came is a list of quads in JSON: eight numbers each."""
    quads = _read_json(text)
    return isinstance(quads, list) and all(
        isinstance(quad, list) and len(quad) == 8 and all(isinstance(each, int | float) for each in quad)
        for quad in quads
    )


def _read_json(text: Json) -> Json:
    """The value of a text in JSON; None if it is none."""
    try:
        value: Json = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
    return value
