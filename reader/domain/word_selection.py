r"""The words of a title or abstract as a reader selects them, one key press each.

Each of these is one word: a hyphenated term (``state-of-the-art``), a number (``3,700``, ``4.5%``), a name with marks
in it (``Node.js``, ``Pass@1``, ``C++``), a formula (``$x + y$``, ``L^{2}``), a command with its arguments
(``\emph{x}``), an address. A script without spaces has one word per character. White space and punctuation belong to no
word. (Search has its own words, :mod:`reader.domain.words`: folded, and without marks.)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from reader.domain.enclosures import find_formulas
from reader.domain.links import find_links
from reader.domain.spans import Span

_SPACELESS = "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Any character except white space and punctuation (so marks, symbols and emoji too); joiners inside emoji count.
_CHARACTER = (
    r"[^\s!-/:-@\[-^`{-~\u00a1\u00a7\u00ab\u00b6\u00b7\u00bb\u00bf\u060c\u061b\u061f\u06d4\u0964\u0965"
    rf"\u2000-\u200b\u200e-\u206f\u3000-\u3004\u3008-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65{_SPACELESS}]"
)
_WORD = re.compile(
    rf"[{_SPACELESS}]"
    r"|\\[A-Za-z]+(?:\{[^{}\s]{0,100}\})*"
    # A full stop or a minus sign may begin a name or a number (".NET", "-5"); "%", "+" and "#" may end one ("C++").
    rf"|(?:(?<![^\s(])[.−-])?{_CHARACTER}+(?:(?:[-.'’\u2010\u2011@&^_:]|,(?=\d{{3}}\b)){_CHARACTER}+|(?:\^|(?<=_))\{{[^{{}}\s]{{0,100}}\}})*"
    r"(?:\\?%|[+#]{1,2}(?![^\s.,;:!?)]))?"
)


def find_words(text: str) -> list[Span]:
    """The words of a text, in order."""
    links = [Span(start, end) for start, end, _ in find_links(text)]
    words: list[Span] = []
    place = 0
    for whole in [*sorted(links + find_formulas(text)), Span(len(text), len(text))]:
        if whole.start < place:
            continue
        words += [Span(*match.span()) for match in _WORD.finditer(text, place, whole.start)]
        if whole.end > whole.start:
            words.append(whole)
        place = whole.end
    return words


def nearest_word(words: Sequence[Span], offset: int) -> int | None:
    """The number of the word at ``offset``, else of the next word, else of the last; None without words."""
    if not words:
        return None
    place = bisect_right(words, offset, key=lambda word: word.start) - 1
    if place >= 0 and offset < words[place].end:
        return place
    return min(place + 1, len(words) - 1)
