"""The positions of a query's words in a displayed text."""

from __future__ import annotations

from reader.domain.query.matches import asks_in, phrase_starts, word_test
from reader.domain.query.nodes import Node, Phrase, TextField, wanted_texts
from reader.domain.words import word_spans


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


def _merged(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The spans in order, with overlapping or touching ones merged."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
