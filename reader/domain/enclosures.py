r"""Formulas, brackets and quotations in a text, which belong together whatever punctuation they contain.

The time is linear in the length of the text, even for hostile text: no pattern looks past the next delimiter of its
kind.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter

from reader.domain.spans import Span

LONGEST_ENCLOSURE = 400
"""The most characters between two delimiters. A longer stretch is a typing error, or lies between two prices."""

_PAIRS = "()[]{}（）［］「」『』《》【】“”«»"
_CLOSES = dict(zip(_PAIRS[1::2], _PAIRS[::2], strict=True)) | {"''": "``"}
"""Opening marks by the mark that closes them."""
# A dollar sign opens a formula if the next character is not a space, and closes it if the one before is not a space and
# no digit follows. This is Pandoc's rule (https://pandoc.org/MANUAL.html#math); it leaves prices alone.
_FORMULA = re.compile(
    r"(?<!\\)(?:\$\$[^$]+\$\$|\$(?=[^\s$])[^$]*(?<=[^\s\\])\$(?!\d))"
    r"|\\\((?:[^\\]|\\[^()])*\\\)|\\\[(?:[^\\]|\\[^\[\]])*\\\]"
    # Skipped, so that the second of two backslashes does not begin a formula.
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
    """The outermost formulas, brackets and quotations, in order; none of them spans paragraphs.

    Brackets without a partner are ignored, so that enumerations (``1) … 2) …``) do no harm.
    """
    formulas = find_formulas(text)
    breaks = [match.start() for match in _PARAGRAPH_BREAK.finditer(text)]
    found = formulas + _bracketed(text, formulas)
    return _outermost([span for span in found if not _spans_paragraphs(span, breaks)])


def _spans_paragraphs(span: Span, breaks: list[int]) -> bool:
    """Whether the span contains one of the (sorted) paragraph breaks."""
    place = bisect_left(breaks, span.start)
    return place < len(breaks) and breaks[place] < span.end


def _bracketed(text: str, formulas: list[Span]) -> list[Span]:
    """Spans from a bracket or opening quotation mark to its partner; marks inside formulas do not count."""
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
    """Close the innermost ``opener``, which must exist, and drop the marks left open inside it; its position."""
    while True:
        mark, start = waiting.pop()
        open_now[mark] -= 1
        if mark == opener:
            return start


def _outermost(spans: list[Span]) -> list[Span]:
    """The spans that are not inside another, in order."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return kept
