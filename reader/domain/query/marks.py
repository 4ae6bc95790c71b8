"""The positions of a query's words in a displayed text."""

from __future__ import annotations

from dataclasses import dataclass

from reader.domain.query.matches import asks_in, phrase_starts, word_test
from reader.domain.query.nodes import Node, Phrase, TextField, wanted_texts
from reader.domain.words import word_spans


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text: its start and end, and the marked spans inside it, all as offsets in the whole text."""

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]


class Marker:
    """Finds a query's words in texts; made once per query and called for every text shown."""

    def __init__(self, node: Node) -> None:
        """Prepare for the words that ``node`` wants; words that it excludes are never marked."""
        self._leaves = tuple(dict.fromkeys(wanted_texts(node)))

    def spans(self, text: str, field: TextField) -> tuple[tuple[int, int], ...]:
        """The spans to mark in ``text`` (a text of kind ``field``), in order; none touches another."""
        leaves = [leaf for leaf in self._leaves if asks_in(leaf, field)]
        if not leaves:
            return ()
        found = word_spans(text)
        words = [word for word, _, _ in found]
        marked: list[tuple[int, int]] = []
        for leaf in leaves:
            if isinstance(leaf, Phrase):
                last = len(leaf.words) - 1
                marked += [(found[start][1], found[start + last][2]) for start in phrase_starts(words, leaf)]
            else:
                test = word_test(leaf, field)
                matching = {word for word in dict.fromkeys(words) if test(word)}
                marked += [(start, end) for word, start, end in found if word in matching]
        return _merged(marked)

    def snippet(self, text: str, field: TextField, *, length: int) -> Snippet:
        """The piece of at most ``length`` characters with the most marked spans (the first of these), at word ends."""
        spans = self.spans(text, field)
        if len(text) <= length:
            return Snippet(0, len(text), spans)
        best, most = 0, 0
        for first, (start, _) in enumerate(spans):
            count = sum(end <= start + length for _, end in spans[first:])
            if count > most:
                best, most = start, count
        start = _word_start(text, max(0, min(best - length // 8, len(text) - length)))
        end = _word_end(text, min(len(text), start + length))
        return Snippet(start, end, tuple(span for span in spans if start <= span[0] and span[1] <= end))


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans in order, with overlapping or touching ones merged."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _word_start(text: str, position: int) -> int:
    """The first position from ``position`` at which a word begins; ``position`` itself if there is none nearby."""
    space = text.find(" ", position - 1, position + 40) if position else -1
    return space + 1 if space >= 0 else position


def _word_end(text: str, position: int) -> int:
    """The last position up to ``position`` at which a word ends; ``position`` itself if there is none nearby."""
    if position >= len(text):
        return len(text)
    space = text.rfind(" ", max(0, position - 40), position + 1)
    return space if space > 0 else position
