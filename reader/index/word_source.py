"""The questions that a collection of indexed papers answers, on disk or in memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

from pyroaring import BitMap
from rapidfuzz import process
from rapidfuzz.distance import OSA

from reader.domain.query import Family, Fuzzy, Phrase, Prefix, TextField, TextLeaf, Word
from reader.domain.query.matches import asks_in, is_short, typing_errors
from reader.domain.stemmer import family, stem


class WordSource(ABC):
    """Papers with the words of their fields. Ids are those of all papers that were added, including deleted ones."""

    fields: Sequence[TextField]

    @abstractmethod
    def beginning_with(
        self, prefix: str, fields: Sequence[TextField] | None = None, *, limit: int | None = None
    ) -> list[str]:
        """The words that begin with ``prefix`` (in any of the fields, if given); the first ``limit``."""

    @abstractmethod
    def of_stem(self, root: str) -> list[str]:
        """The words with a stem."""

    @abstractmethod
    def of_family(self, root: str) -> list[str]:
        """The words of a family."""

    @abstractmethod
    def all_words(self) -> list[str]:
        """Every word."""

    @abstractmethod
    def ids_of(self, words: Iterable[str], fields: Sequence[TextField]) -> BitMap:
        """The papers with any of the words in any of the fields."""

    def stored_ids(self, prefix: str, *, titles_only: bool) -> BitMap | None:
        """The papers with a word that begins with ``prefix``, if that set is stored."""
        return None

    def leaf_ids(self, leaf: TextLeaf) -> BitMap:
        """The papers that match a leaf; for a phrase of several words, those that may match."""
        fields = [field for field in self.fields if asks_in(leaf, field)]
        if not fields:
            return BitMap()
        if isinstance(leaf, Phrase):
            return self._phrase_ids(leaf, fields)
        if isinstance(leaf, Prefix):
            return self._prefix_ids(leaf, fields)
        return self.ids_of(self.words_of(leaf), fields)

    def words_of(self, leaf: TextLeaf) -> list[str]:
        """The words by which a leaf finds papers."""
        if isinstance(leaf, Word):
            return self.of_stem(stem(leaf.text))
        if isinstance(leaf, Family):
            return self.of_family(family(leaf.text))
        if isinstance(leaf, Prefix):
            begun = [] if is_short(leaf) else self.beginning_with(leaf.text)
            return begun + (self.of_stem(stem(leaf.text)) if leaf.typed else [])
        if isinstance(leaf, Fuzzy):
            return self.near(leaf.text, typing_errors(leaf.text))
        return list(leaf.words)

    def near(self, text: str, errors: int) -> list[str]:
        """The words with at most so many typing errors from ``text``, the nearest first."""
        found = process.extract(text, self.all_words(), scorer=OSA.distance, score_cutoff=errors, limit=None)
        return [word for word, _, _ in found]

    def _prefix_ids(self, leaf: Prefix, fields: Sequence[TextField]) -> BitMap:
        """The papers with a word with this prefix; for the word being typed, also those with its stem."""
        titles_only = is_short(leaf)
        searched = [field for field in fields if not titles_only or field is TextField.TITLE]
        found = BitMap()
        if searched:
            in_titles = titles_only or leaf.field is TextField.TITLE
            is_kept = leaf.field is None or in_titles
            stored = self.stored_ids(leaf.text, titles_only=in_titles) if is_kept else None
            found = self.ids_of(self.beginning_with(leaf.text, searched), searched) if stored is None else stored
        if leaf.typed:
            found = found | self.ids_of(self.of_stem(stem(leaf.text)), fields)
        return found

    def _phrase_ids(self, leaf: Phrase, fields: Sequence[TextField]) -> BitMap:
        """The papers with all the words in one field."""
        found = BitMap()
        for field in fields:
            together: BitMap | None = None
            for index, word in enumerate(leaf.words):
                if together is not None and not together:
                    break
                last = index == len(leaf.words) - 1
                words = self.beginning_with(word, [field]) if last and leaf.open_ended else [word]
                ids = self.ids_of(words, [field])
                together = ids if together is None else together & ids
            found |= together or BitMap()
        return found
