"""A library in memory for the index's tests, and the answers that looking through every text gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyroaring import BitMap
from rapidfuzz.distance import OSA

from reader.domain.query import (
    And,
    Everything,
    Family,
    FilterLeaf,
    Flag,
    FlagTerm,
    Fuzzy,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    TagTerm,
    TextField,
    TextLeaf,
    Word,
)
from reader.domain.selection import AnnotationText, IndexedText, IndexPart
from reader.domain.stemmer import family, stem
from reader.domain.words import search_words

IndexText = IndexedText | AnnotationText


@dataclass
class MemoryLibrary:
    """Papers and annotations that change, with what is pending since the last commit of the index."""

    papers: dict[int, IndexedText] = field(default_factory=dict)
    annotations: dict[int, AnnotationText] = field(default_factory=dict)
    tags: dict[int, frozenset[str]] = field(default_factory=dict)
    changes: int = 0
    changed: dict[IndexPart, dict[int, int]] = field(default_factory=lambda: {part: {} for part in IndexPart})
    texts_read: int = 0

    def put(self, paper: IndexedText) -> None:
        """Add or change a paper."""
        self.papers[paper.id] = paper
        self._note(IndexPart.PAPERS, paper.id)

    def annotate(self, annotation: AnnotationText) -> None:
        """Add or change a paper's annotations."""
        self.annotations[annotation.id] = annotation
        self._note(IndexPart.ANNOTATIONS, annotation.id)

    def remove(self, paper: int) -> None:
        """Take a paper out with everything of it."""
        if self.papers.pop(paper, None) is not None:
            self._note(IndexPart.PAPERS, paper)
        if self.annotations.pop(paper, None) is not None:
            self._note(IndexPart.ANNOTATIONS, paper)

    def take_pending(self, part: IndexPart) -> tuple[list[IndexText], list[int]]:
        """What an update of the index would be given: texts, and papers to take out; nothing is pending then."""
        ids = self.changed[part]
        texts = list(self._texts(part, ids))
        self.changed[part] = {}
        return texts, [paper for paper in ids if paper not in {text.id for text in texts}]

    def all_texts(self, part: IndexPart) -> Iterator[IndexText]:
        """Every text of a part, the newest paper first."""
        return self._texts(part, sorted(self.papers, reverse=True))

    # what an index asks

    def indexable_ids(self, part: IndexPart) -> BitMap:
        """The papers that belong into a part."""
        return BitMap(self.papers if part is IndexPart.PAPERS else self.annotations)

    def filter_ids(self, leaf: FilterLeaf) -> BitMap:
        """Tags, and papers with a note."""
        if isinstance(leaf, TagTerm):
            return BitMap(paper for paper, tags in self.tags.items() if leaf.name in tags and paper in self.papers)
        assert isinstance(leaf, FlagTerm) and leaf.flag is Flag.NOTE
        return BitMap(paper for paper, annotation in self.annotations.items() if annotation.note)

    def pending(self, part: IndexPart) -> Mapping[int, int]:
        """The papers changed since the last commit."""
        return dict(self.changed[part])

    def texts(self, part: IndexPart, ids: Sequence[int]) -> Iterable[IndexText]:
        """Some texts."""
        self.texts_read += len(ids)
        return self._texts(part, ids)

    def _texts(self, part: IndexPart, ids: Iterable[int]) -> Iterator[IndexText]:
        known: Mapping[int, IndexText] = self.papers if part is IndexPart.PAPERS else self.annotations
        return (known[paper] for paper in list(ids) if paper in known)

    def _note(self, part: IndexPart, paper: int) -> None:
        self.changes += 1
        self.changed[part][paper] = self.changes


def looked_through(library: MemoryLibrary, node: Node) -> BitMap:
    """The papers that ``node`` means, found by looking at every text."""
    return BitMap(paper for paper in library.papers if _means(library, paper, node))


def _means(library: MemoryLibrary, paper: int, node: Node) -> bool:
    match node:
        case And():
            return all(_means(library, paper, child) for child in node.children)
        case Or():
            return any(_means(library, paper, child) for child in node.children)
        case Not():
            return not _means(library, paper, node.child)
        case Everything():
            return True
        case Word() | Prefix() | Fuzzy() | Phrase() | Family():
            texts = _pieces(library, paper)
            fields = [node.field] if node.field else list(TextField)
            return any(_holds(search_words(piece), node, name) for name in fields for piece in texts[name])
        case _:
            return paper in library.filter_ids(node)


def _pieces(library: MemoryLibrary, paper: int) -> dict[TextField, tuple[str, ...]]:
    text = library.papers[paper]
    annotation = library.annotations.get(paper, AnnotationText(paper, "", ()))
    return {
        TextField.TITLE: (text.title,),
        TextField.ABSTRACT: (text.abstract,),
        TextField.AUTHOR: text.names,
        TextField.ORGANIZATION: text.organization,
        TextField.NOTE: (annotation.note,),
        TextField.HIGHLIGHT: annotation.highlights,
    }


def _holds(words: list[str], leaf: TextLeaf, name: TextField) -> bool:
    if isinstance(leaf, Phrase):
        length = len(leaf.words)
        for start in range(len(words) - length + 1):
            window = words[start : start + length]
            if leaf.open_ended and window[-1].startswith(leaf.words[-1]):
                window[-1] = leaf.words[-1]
            if tuple(window) == leaf.words:
                return True
        return False
    if isinstance(leaf, Word):
        return any(stem(word) == stem(leaf.text) for word in words)
    if isinstance(leaf, Family):
        return any(family(word) == family(leaf.text) for word in words)
    if isinstance(leaf, Fuzzy):
        errors = (0, 0, 0, 1, 1, 1)[len(leaf.text)] if len(leaf.text) < 6 else 2
        return any(OSA.distance(word, leaf.text) <= errors for word in words)
    begins = any(word.startswith(leaf.text) for word in words)
    if not leaf.typed:
        return begins
    if len(leaf.text) <= 2 and leaf.field is None and name is not TextField.TITLE:
        begins = False
    return begins or any(stem(word) == stem(leaf.text) for word in words)
