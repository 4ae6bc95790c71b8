r"""Stretches of a text that belong together whatever punctuation they hold: formulas, brackets and quotations.

Everything is found in time linear in the text, also in hostile text: no pattern looks past the next delimiter of its
kind.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from reader.domain.spans import Span

LONGEST_ENCLOSURE = 400
"""A longer stretch between two delimiters is taken for a slip (or two prices), not for one unit."""

_PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "（": "）",
    "［": "］",
    "「": "」",
    "『": "』",
    "《": "》",
    "【": "】",
    "“": "”",
    "«": "»",
}
_CLOSES = {closer: opener for opener, closer in _PAIRS.items()} | {"''": "``"}
# A dollar sign opens a formula before a character that is no space, and closes it after one and not before a digit:
# Pandoc's rule (https://pandoc.org/MANUAL.html#math), which leaves prices alone.
_FORMULA = re.compile(
    r"(?<!\\)(?:\$\$[^$]+\$\$|\$(?=[^\s$])[^$]*(?<=[^\s\\])\$(?!\d))"
    r"|\\\((?:[^\\]|\\[^()])*\\\)|\\\[(?:[^\\]|\\[^\[\]])*\\\]"
    # Passed over, so that the second backslash of two is not taken for the beginning of a formula.
    r"|(?P<no_formula>\\[^()\[\]])"
)
_MARK = re.compile(
    r"""[()\[\]{}（）［］「」『』《》【】“”«»]|``|''|(?<![\w"])"(?=[^\s"])|(?P<closing_quote>"(?![\w"]))"""
)
_PARAGRAPH_BREAK = re.compile(r"\n[ \t\r]*\n")


def find_formulas(text: str) -> list[Span]:
    """The formulas of a text, in order."""
    if "$" not in text and "\\" not in text:
        return []
    spans = (Span(*match.span()) for match in _FORMULA.finditer(text) if not match["no_formula"])
    return [span for span in spans if span.end - span.start <= LONGEST_ENCLOSURE]


def find_enclosures(text: str) -> list[Span]:
    """The outermost formulas, bracketed stretches and quotations, in order; one that spans paragraphs is none.

    Brackets that have no partner count for nothing, so that enumerations (``1) … 2) …``) do no harm.
    """
    formulas = find_formulas(text)
    breaks = [match.start() for match in _PARAGRAPH_BREAK.finditer(text)]
    found = formulas + _bracketed(text, formulas)
    return _outermost([span for span in found if not _spans_paragraphs(span, breaks)])


def _spans_paragraphs(span: Span, breaks: list[int]) -> bool:
    """Whether one of the (sorted) paragraph breaks lies in the span."""
    place = bisect_left(breaks, span.start)
    return place < len(breaks) and breaks[place] < span.end


def _bracketed(text: str, formulas: list[Span]) -> list[Span]:
    """The stretches from a bracket or opening quotation mark to its partner; marks inside formulas do not count."""
    found: list[Span] = []
    waiting: list[tuple[str, int]] = []
    open_now: Counter[str] = Counter()
    place = 0
    for match in _MARK.finditer(text):
        while place < len(formulas) and formulas[place].end <= match.start():
            place += 1
        if place < len(formulas) and formulas[place].holds(match.start()):
            continue
        opener = '"' if match["closing_quote"] else _CLOSES.get(match[0])
        if opener is None:
            waiting.append((match[0], match.start()))
            open_now[match[0]] += 1
        elif open_now[opener]:
            start = _close(opener, waiting, open_now)
            if match.end() - start <= LONGEST_ENCLOSURE:
                found.append(Span(start, match.end()))
    return found


def _close(opener: str, waiting: list[tuple[str, int]], open_now: Counter[str]) -> int:
    """Take the newest ``opener`` off the waiting marks, and with it what was left open inside; where it stood."""
    while True:
        mark, start = waiting.pop()
        open_now[mark] -= 1
        if mark == opener:
            return start


def _outermost(spans: list[Span]) -> list[Span]:
    """The spans that lie in no other one, in order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
