"""The fields of the two indexes, and the form in which papers and annotations are indexed.

Only words are indexed, folded as by :func:`reader.domain.words.search_words`. Stems are grouped when a segment is
written (see :mod:`reader.index.lexicon`), so that prefixes, stems and typing errors all work on the same words.
Positions are not stored, because they would make the index three times as large and slow; phrases are verified against
the texts. Each document has its paper's id in a column of numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from whoosh import columns, fields, formats

from reader.domain.query import TextField
from reader.domain.selection import AnnotationText, IndexedText, IndexPart
from reader.domain.words import search_words

ID_COLUMN = "id"
FIELDS: dict[IndexPart, tuple[TextField, ...]] = {
    IndexPart.PAPERS: (TextField.TITLE, TextField.ABSTRACT, TextField.AUTHOR, TextField.ORGANIZATION),
    IndexPart.ANNOTATIONS: (TextField.NOTE, TextField.HIGHLIGHT),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A paper's texts (or its annotations' texts), one tuple of pieces for each field of its part.

    A phrase never spans two pieces.
    """

    id: int
    pieces: tuple[tuple[str, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to find."""
        return not any(piece for pieces in self.pieces for piece in pieces)


def document_of(text: IndexedText | AnnotationText) -> Document:
    """The document of a text in its part."""
    if isinstance(text, IndexedText):
        return Document(text.id, ((text.title,), (text.abstract,), text.names, text.organization))
    return Document(text.id, ((text.note,), text.highlights))


def words_of(pieces: Sequence[str]) -> list[str]:
    """All words of a field's pieces."""
    return [word for piece in pieces for word in search_words(piece)]


def schema_of(part: IndexPart) -> fields.Schema:
    """The Whoosh schema of a part."""
    schema = fields.Schema(**{ID_COLUMN: fields.COLUMN(columns.NumericColumn("I"))})
    for field in FIELDS[part]:
        schema.add(field.value, fields.FieldType(format=formats.Existence(), analyzer=None, scorable=True))
    return schema
