"""Documents: the PDF files of papers, what was read in them, and highlights made of their annotations.

A document is known by the SHA-256 of its file; what is stored of it never changes, and stays when no paper has it any
more, so that steps can be undone whatever came after. Files of which the text without white space is the same are one
text: what was imported from one of them is not imported again from another. ``documents.annotations`` names all
annotations that were ever imported from a file, each by its own id and by what it says. A highlight that was deleted
here is therefore not made again by attaching the file once more.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from reader.domain.annotations import PaperTitle, check_color
from reader.domain.changes import Change, Field
from reader.domain.colors import nearest_color
from reader.domain.document_matching import Candidate, DocumentNames
from reader.domain.documents import (
    AnnotationKind,
    AttachReport,
    ColorChoice,
    Document,
    DocumentPlace,
    FoundAnnotation,
    ReadDocument,
    positions_between,
)
from reader.domain.errors import NotFoundError
from reader.domain.step_titles import StepKind, StepTitle
from reader.domain.transfer import TransferDocument
from reader.storage.highlights import NO_TEXT, label_id_of, read_labels
from reader.storage.subject import Subject, changing, step
from reader.storage.writer import Writer, id_list, text_list

OF_PAPERS = """
SELECT pd.paper_id, d.id, d.sha256, d.size, d.page_count, d.path, d.is_stored, pd.attached
FROM paper_documents pd JOIN documents d ON d.id = pd.document_id
WHERE pd.paper_id IN (SELECT value FROM json_each(?)) ORDER BY pd.paper_id, pd.attached DESC, pd.id DESC
"""
"""The documents of papers by id, those of each paper from the one attached last."""
_KNOW = """
INSERT INTO documents (sha256, size, page_count, text_sha256) VALUES (:sha256, :size, :page_count, :text_sha256)
ON CONFLICT (sha256) DO UPDATE SET size = :size, page_count = :page_count, text_sha256 = :text_sha256
WHERE text_sha256 = ''
"""
SAME_TEXT = f"""
SELECT other.id FROM documents this JOIN documents other ON other.id = this.id
    OR (other.text_sha256 = this.text_sha256 AND this.text_sha256 NOT IN ('', '{NO_TEXT}')) WHERE this.id = :document
"""
"""The documents with the text of one, itself included."""
LINKED = f"SELECT 1 FROM paper_documents WHERE paper_id = :paper AND document_id IN ({SAME_TEXT})"
"""Whether a paper has a file of a document's text."""
SAME_ORIGIN = f"""
SELECT id FROM highlights
WHERE paper_id = :paper AND origin = :origin AND origin <> '' AND document_id IN ({SAME_TEXT})
"""
"""The highlight of an annotation, imported from any file of its text."""
_KNOW_WHOLE = """
INSERT INTO documents (sha256, size, page_count, text_sha256, origin, address)
VALUES (:sha256, :size, :page_count, :text_sha256, :origin, :address)
ON CONFLICT (sha256) DO UPDATE SET size = :size, page_count = :page_count, text_sha256 = :text_sha256
WHERE text_sha256 = ''
"""
_KNOWN_NAMES = f"""
SELECT DISTINCT name.value FROM paper_documents pd JOIN documents d ON d.id = pd.document_id
JOIN json_each(d.annotations) AS name WHERE pd.paper_id = :paper AND d.id IN ({SAME_TEXT})
"""
_PLACES = f"""
SELECT page, kind, exact, comment, origin, position FROM highlights
WHERE paper_id = :paper AND document_id IN ({SAME_TEXT}) ORDER BY page, position, id
"""
_COLORS = "SELECT c.color, l.name FROM label_colors c JOIN highlight_labels l ON l.id = c.label_id"
_REMEMBER = """
INSERT INTO label_colors (color, label_id) VALUES (:color, :label)
ON CONFLICT (color) DO UPDATE SET label_id = :label WHERE label_id <> :label
"""
_START = 8
"""So many letters of a title are looked up first; a shorter one is no title that a text can be told by."""
_STARTS_THERE = "substr(replace({fold}, ' ', ''), 1, :length) IN (SELECT value FROM json_each(:starts))"
"""Whether a folded title may stand in a text; to look for each title in all of the text takes ten times as long."""
_STANDS_THERE = f"{_STARTS_THERE} AND instr(:beginning, replace({{fold}}, ' ', '')) > 0"
_IS_TITLED = f"{{fold}} <> '' AND ({{fold}} = :title OR ({_STANDS_THERE}))"
_CANDIDATES = f"""
SELECT id, key, title, title_fold, arxiv_id, doi FROM papers
WHERE arxiv_id IN (SELECT value FROM json_each(:arxiv))
UNION ALL
SELECT id, key, title, title_fold, arxiv_id, doi FROM papers
WHERE doi IS NOT NULL AND lower(doi) IN (SELECT value FROM json_each(:dois))
UNION ALL
SELECT p.id, p.key, p.title, p.title_fold, p.arxiv_id, f.doi FROM further_dois f JOIN papers p ON p.id = f.paper_id
WHERE lower(f.doi) IN (SELECT value FROM json_each(:dois))
UNION ALL
SELECT id, key, title, title_fold, arxiv_id, doi FROM papers
WHERE id IN (SELECT id FROM papers INDEXED BY papers_title WHERE {_IS_TITLED.format(fold="title_fold")})
UNION ALL
SELECT p.id, p.key, p.title, f.title_fold, p.arxiv_id, p.doi FROM former_titles f JOIN papers p ON p.id = f.paper_id
WHERE {_IS_TITLED.format(fold="f.title_fold")}
"""
_HIGHLIGHTED = """
SELECT DISTINCT h.paper_id, d.sha256, d.path, d.is_stored FROM highlights h JOIN documents d ON d.id = h.document_id
ORDER BY h.paper_id, d.id
"""


class StoredDocuments(Subject):
    """The documents of a library's papers."""

    def of(self, paper_id: int) -> list[Document]:
        """A paper's documents, the one attached last first."""
        return [document_of(row[1:]) for row in self._rows(OF_PAPERS, (id_list((paper_id,)),))]

    def colors(self, read: ReadDocument) -> list[ColorChoice]:
        """The colours of a file's annotations, the commonest first, with the labels that they may stand for."""
        counts = Counter(each.color for each in read.annotations if each.color is not None)
        remembered = dict(self._rows(_COLORS))
        labels = {label.color: label.name for label in reversed(self._read(read_labels))}
        return [
            ColorChoice(color, count, remembered.get(color), labels[nearest_color(color, labels)])
            for color, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ]

    def place(self, document_id: int) -> int | None:
        """The page (from 0) at which a document was last read here; None if it never was."""
        rows = self._rows("SELECT page FROM document_places WHERE document_id = ?", (document_id,))
        return rows[0][0] if rows else None

    def set_place(self, document_id: int, page: int) -> None:
        """Remember the page (from 0) at which a document is read; that is no step."""
        with self._store.unrecorded() as writer:
            writer.execute(
                "INSERT INTO document_places (document_id, page, changed) SELECT id, :page, :now FROM documents "
                "WHERE id = :id ON CONFLICT (document_id) DO UPDATE SET page = :page, changed = :now",
                {"id": document_id, "page": page, "now": writer.now},
            )

    def candidates(self, names: DocumentNames) -> dict[int, tuple[PaperTitle, Candidate]]:
        """The papers by id that something in a document names, present and former titles included."""
        wanted = {
            "arxiv": text_list((*names.own_arxiv_ids, *names.arxiv_ids)),
            "dois": text_list(names.dois),
            "title": names.title,
            "beginning": names.beginning,
            "length": _START,
            "starts": text_list({names.beginning[place : place + _START] for place in range(len(names.beginning))}),
        }
        found: dict[int, tuple[PaperTitle, Candidate]] = {}
        for paper_id, key, title, fold, arxiv_id, doi in self._rows(_CANDIDATES, wanted):
            found.setdefault(paper_id, (PaperTitle(paper_id, key, title), Candidate(paper_id, fold, arxiv_id, doi)))
        return found

    def highlighted(self) -> list[tuple[int, str, str | None, bool]]:
        """Papers with the documents in which they have highlights: the paper's id, the document's SHA-256, where the
        user's own file lay, and whether the library has a copy.
        """
        return [(row[0], row[1], row[2], bool(row[3])) for row in self._rows(_HIGHLIGHTED)]

    def stored_copies(self) -> list[tuple[str, int]]:
        """The SHA-256 and size in bytes of each document of which the library has a copy."""
        return self._rows("SELECT sha256, size FROM documents WHERE is_stored = 1 ORDER BY id")

    def path_of(self, sha256: str) -> str | None:
        """Where a document was attached from on this device; None if it came otherwise."""
        rows = self._rows("SELECT path FROM documents WHERE sha256 = ?", (sha256,))
        return rows[0][0] if rows else None

    def forget_copy(self, sha256: str) -> None:
        """The library has no copy of a document any more; that is no step."""
        with self._store.unrecorded() as writer:
            writer.execute("UPDATE documents SET is_stored = 0 WHERE sha256 = ?", (sha256,))

    @changing
    def add(
        self, paper_id: int, read: ReadDocument, path: str, *, labels: Mapping[str, str], is_stored: bool
    ) -> tuple[AttachReport, Change]:
        """Attach a document to a paper, with a highlight for each annotation that is new; one step.

        ``path`` is where its file lies on this device. ``labels`` are names of labels by colour, which are remembered;
        a colour that has none gets the label of the nearest colour, and what has no colour the first label.
        """
        with self._store.step() as taken:
            writer = taken.writer
            if writer.execute("SELECT 1 FROM papers WHERE id = ?", (paper_id,)).fetchone() is None:
                raise NotFoundError("This paper is no longer in the library.")
            attaching = _Attaching(writer, paper_id, read)
            attaching.place_file(path, is_stored=is_stored)
            was_attached = attaching.link()
            attaching.remember(labels)
            added = attaching.import_annotations()
            taken.title = _attached_title(writer, paper_id, added, was_attached=was_attached)
        document = next(each for each in self.of(paper_id) if each.sha256 == read.sha256)
        known = len(read.annotations) - added
        report = AttachReport(document, added, known, was_attached, attaching.is_newer)
        here = Change(paper_ids=frozenset((paper_id,)), fields=frozenset((Field.DOCUMENTS,)))
        return report, taken.change.joined_with(here)

    @step
    def detach(self, paper_id: int, document_id: int) -> StepTitle:
        """Take a document off a paper, with its highlights unless another file of the same text stays.

        Attaching it again imports its annotations again. Its file stays where it lies.
        """
        writer = self._writer
        given = {"paper": paper_id, "document": document_id}
        sql = "DELETE FROM paper_documents WHERE paper_id = :paper AND document_id = :document"
        if not writer.execute(sql, given).rowcount:
            raise NotFoundError("This PDF is not attached to the paper any more.")
        deleted = 0
        if writer.execute(LINKED, given).fetchone() is None:
            sql = f"DELETE FROM highlights WHERE paper_id = :paper AND document_id IN ({SAME_TEXT})"
            deleted = writer.execute(sql, given).rowcount
        paper = writer.name_papers((paper_id,))
        return StepKind.DETACHED_WITH(papers=paper, highlights=deleted) if deleted else StepKind.DETACHED(papers=paper)


@dataclass(slots=True)
class _Attaching:
    """The parts of one attaching, in their order."""

    writer: Writer
    paper_id: int
    read: ReadDocument
    document_id: int = 0
    is_newer: bool = False
    _known: set[str] = field(default_factory=set)
    """The names of annotations that were imported for the paper before."""

    @property
    def _given(self) -> dict[str, int]:
        return {"paper": self.paper_id, "document": self.document_id}

    def place_file(self, path: str, *, is_stored: bool) -> None:
        """Know the document, and where its file lies."""
        read = self.read
        known = {"size": read.size, "page_count": read.page_count, "text_sha256": read.text_sha256}
        self.writer.execute(_KNOW, known | {"sha256": read.sha256})
        self.document_id = self.writer.execute(
            "UPDATE documents SET path = ?, is_stored = max(is_stored, ?) WHERE sha256 = ? RETURNING id",
            (path, int(is_stored), read.sha256),
        ).fetchone()[0]

    def link(self) -> bool:
        """Make the document one of the paper's; whether it was that before."""
        self._known = {row[0] for row in self.writer.execute(_KNOWN_NAMES, self._given)}
        sql = f"SELECT document_id FROM paper_documents WHERE paper_id = :paper AND document_id IN ({SAME_TEXT})"
        linked = {row[0] for row in self.writer.execute(sql, self._given)}
        if self.document_id in linked:
            return True
        self.is_newer = bool(linked)
        row = {"paper_id": self.paper_id, "document_id": self.document_id, "attached": self.writer.now}
        self.writer.insert("paper_documents", row)
        return False

    def remember(self, labels: Mapping[str, str]) -> None:
        """Remember which labels colours stand for."""
        for color, label in labels.items():
            row = {"color": check_color(color), "label": label_id_of(self.writer, label)}
            self.writer.execute(_REMEMBER, row)

    def import_annotations(self) -> int:
        """Make highlights of the annotations that are new; how many."""
        places = self._known_places()
        self._known |= places.keys()
        annotations = _with_names(self.read.annotations, self._known)
        positions = positions_between([next(filter(None, map(places.get, names)), None) for _, names in annotations])
        new = [
            (annotation, names[0], position)
            for (annotation, names), position in zip(annotations, positions, strict=True)
            if self._known.isdisjoint(names)
        ]
        labels = self._labels_of({annotation.color for annotation, _, _ in new})
        for annotation, origin, position in new:
            self._insert(annotation, origin, position, labels[annotation.color])
        _name_annotations(self.writer, self.document_id, {name for _, names in annotations for name in names})
        return len(new)

    def _known_places(self) -> dict[str, int]:
        """The positions of highlights that are there already, by the names of their annotations."""
        places: dict[str, int] = {}
        used: Counter[str] = Counter()
        for page, kind, exact, comment, origin, position in self.writer.execute(_PLACES, self._given):
            content = _numbered(_content_name(page, kind, exact, comment), used)
            places |= {origin: position, content: position}
        return places

    def _insert(self, annotation: FoundAnnotation, origin: str, position: int, label_id: int) -> None:
        place = replace(annotation.place, document=self.read.sha256, origin=origin, position=position)
        now = self.writer.now
        created = annotation.created or annotation.changed or now
        self.writer.insert(
            "highlights",
            {
                "paper_id": self.paper_id,
                "exact": annotation.exact,
                "prefix": annotation.prefix,
                "suffix": annotation.suffix,
                "label_id": label_id,
                "comment": annotation.comment.strip(),
                "created": created,
                "changed": annotation.changed or created,
                **place_columns(self.writer, place),
            },
        )

    def _labels_of(self, colors: Iterable[str | None]) -> dict[str | None, int]:
        """The ids of the labels that colours stand for; that of no colour is the first."""
        connection = self.writer.db.conn
        remembered = dict(connection.execute(_COLORS).fetchall())
        labels = {label.color: label.name for label in reversed(read_labels(connection))}
        names = {
            color: "" if color is None else remembered.get(color) or labels[nearest_color(color, labels)]
            for color in colors
        }
        return {color: label_id_of(self.writer, name) for color, name in names.items()}


def know_document(writer: Writer, document: TransferDocument) -> int:
    """The id of a document that another library has; what that knows of it is known here too."""
    columns = ("sha256", "size", "page_count", "text_sha256", "address")
    row = {column: getattr(document, column) for column in columns}
    writer.execute(_KNOW_WHOLE, row | {"origin": "fetched" if document.origin == "fetched" else "file"})
    document_id = _id_of(writer, document.sha256)
    _name_annotations(writer, document_id, set(document.annotations))
    return document_id


def place_columns(writer: Writer, place: DocumentPlace) -> dict[str, Any]:
    """The columns of a highlight at a place in a document, which is known at least by name afterwards."""
    writer.execute("INSERT OR IGNORE INTO documents (sha256) VALUES (?)", (place.document,))
    return {
        "target": "document",
        "document_id": _id_of(writer, place.document),
        "page": max(place.page, 0),
        "page_label": place.page_label,
        "quads": json.dumps(place.quads, separators=(",", ":")),
        "kind": place.kind.value,
        "origin": place.origin,
        "position": place.position,
    }


def _id_of(writer: Writer, sha256: str) -> int:
    return int(writer.execute("SELECT id FROM documents WHERE sha256 = ?", (sha256,)).fetchone()[0])


def _name_annotations(writer: Writer, document_id: int, names: set[str]) -> None:
    """Name annotations that were imported from a document."""
    sql = "SELECT annotations FROM documents WHERE id = ?"
    known = set(json.loads(writer.execute(sql, (document_id,)).fetchone()[0]))
    if names - known:
        row = (text_list(sorted(names | known)), document_id)
        writer.execute("UPDATE documents SET annotations = ? WHERE id = ?", row)


def document_of(row: Sequence[Any]) -> Document:
    """A document from a row of :data:`OF_PAPERS`, without the paper's id."""
    document_id, sha256, size, page_count, path, is_stored, attached = row
    return Document(document_id, sha256, size, page_count, path, bool(is_stored), attached)


def _with_names(
    annotations: Sequence[FoundAnnotation], known: Collection[str]
) -> list[tuple[FoundAnnotation, tuple[str, str]]]:
    """Annotations with their names in the file: an id of their own, and what they say.

    Where a file uses one id twice, as copied annotations do, the second gets a number; so does the second that says the
    same on its page. Those whose id is ``known`` have the first numbers, so that another one is not taken for them.
    """
    ids: Counter[str] = Counter()
    said: Counter[str] = Counter()
    contents = [
        _content_name(each.place.page, each.place.kind, each.exact, each.comment.strip()) for each in annotations
    ]
    origins = [
        _numbered(each.place.origin or content, ids) for each, content in zip(annotations, contents, strict=True)
    ]
    for place in sorted(range(len(annotations)), key=lambda place: origins[place] not in known):
        contents[place] = _numbered(contents[place], said)
    return list(zip(annotations, zip(origins, contents, strict=True), strict=True))


def _numbered(name: str, used: Counter[str]) -> str:
    """A name, with its number from the second time on that it is used."""
    used[name] += 1
    return name if used[name] == 1 else f"{name}#{used[name]}"


def _content_name(page: int, kind: str, exact: str, comment: str) -> str:
    """The name of an annotation by what it says, for files whose ids change when they are saved.

    A comment belongs to it only where the comment is all that there is; people write comments on highlights later.
    """
    said = comment if kind in (AnnotationKind.NOTE, AnnotationKind.FREE_TEXT) else ""
    text = "\x00".join((str(page), kind, " ".join(exact.split()), said))
    return f"={hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def _attached_title(writer: Writer, paper_id: int, added: int, *, was_attached: bool) -> StepTitle:
    paper = writer.name_papers((paper_id,))
    if was_attached:
        return StepKind.TAKEN_FROM_PDF(papers=paper, highlights=added) if added else StepKind.COLORS_LABELLED()
    return StepKind.ATTACHED_WITH(papers=paper, highlights=added) if added else StepKind.ATTACHED(papers=paper)
