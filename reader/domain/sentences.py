"""Sentences of titles and abstracts, as spans of the stored text.

Each full stop is judged from both sides. The text before it says which beginnings would make it the end of a sentence:
none after "e.g.", only a word such as "We" after "U.S.", nearly any after an ordinary word. The text after it shows
which kind of beginning follows. Formulas, brackets in the middle of a sentence and quotations are never cut. Numbered
points within a sentence ("1) …; 2) …") stay together; a marker at a sentence's start belongs to it. The time is linear
in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.domain.enclosures import find_enclosures
from reader.domain.sentence_beginnings import Beginning, beginning_at
from reader.domain.sentence_endings import possible_beginnings
from reader.domain.spans import Span, trimmed_pieces

# A space is missing in "models.We" and "utilization.The" but not in "torch.Tensor". So these count only between a word
# and one that begins sentences, or between a word with a common ending and any capitalised word.
_COMMON_OPENERS = (
    "We|The|This|These|In|Our|To|However|It|For|Experiments|Extensive|Moreover|Furthermore|Finally|Additionally|"
    "Specifically|Code|While|Although|When|Existing|Recent"
)
_COMMON_ENDINGS = "tion|sion|ions|ings|ment|ents|ance|ence|ness|ency|dels|hods|asks|ults"
_OTHER_STOPS = "。！？｡؟۔।॥።։"
_OTHER_CLOSERS = r"\"'”’»)\]」』）》】"
_CANDIDATE = re.compile(
    # A stop, then what closes after it (marks, the number of a citation), then white space or the end.
    r"""(?P<stop>(?<![.!?…])[.!?…]+)[\"'”’»)\]}*_`$]*(?:\[\d{1,3}(?:[,–-]\s?\d{1,3}){0,5}\])?(?=\s|$)"""
    rf"|(?P<missing_space>(?<=[a-z][a-z]|[a-z]\))[.!?](?=(?:{_COMMON_OPENERS}),?\s)"
    rf"|(?<={_COMMON_ENDINGS})\.(?=[A-Z][A-Za-z]{{2,30}},?\s))"
    # Stops of scripts that write no space after them or have no capitals: all of them in a row, and all closing marks.
    rf"|(?P<other_script>(?<![{_OTHER_STOPS}])[{_OTHER_STOPS}]+(?:[{_OTHER_CLOSERS}]+(?![{_OTHER_CLOSERS}])"
    rf"|(?![{_OTHER_STOPS}{_OTHER_CLOSERS}])))(?!\s*[，、；])"
    r"|(?P<paragraph>\n[ \t\r]*\n\s*)"
    r"|(?P<list_line>(?<=[.:;!?])\n(?=[ \t]*(?:[-*•–]|\(?\d{1,2}[.)])[ \t]))"
)
_NOT_SPACE = re.compile(r"\S")


def split_sentences(text: str) -> list[Span]:
    """The sentences of a text, in order. They contain all of it except the white space between them."""
    return trimmed_pieces(text, _cuts(text))


def _cuts(text: str) -> Iterator[int]:
    """The offsets at which sentences end."""
    enclosures = find_enclosures(text)
    place = start = 0
    for match in _CANDIDATE.finditer(text):
        end = match.end()
        while place < len(enclosures) and enclosures[place].end < end:
            place += 1
        around = enclosures[place] if place < len(enclosures) else None
        if around is not None and around.start < end < around.end:
            continue
        within = around if around is not None and around.start < match.start() and around.end == end else None
        if match["other_script"] and within is not None and match["other_script"][0] in "！？؟":
            continue
        if match["stop"] is None or _ends_sentence(text, start, match.span("stop"), end, within):
            yield end
            following = _NOT_SPACE.search(text, end)
            start = following.start() if following else len(text)


def _ends_sentence(text: str, start: int, stop: tuple[int, int], end: int, within: Span | None) -> bool:
    """Whether the sentence begun at ``start`` ends at ``end``, after a stop and the marks that close after it.

    ``within`` is the enclosure that ends at ``end`` and contains the stop, if any.
    """
    following = _NOT_SPACE.search(text, end)
    if following is None:
        return True
    beginning = beginning_at(text, following.start())
    if beginning is Beginning.NONE:
        return False
    if within is not None and within.start > start and _is_aside(text, stop, within):
        return beginning is Beginning.OPENER
    return beginning in possible_beginnings(text, start, stop, following.start())


def _is_aside(text: str, stop: tuple[int, int], within: Span) -> bool:
    """Whether a stop belongs to a bracket or a quoted question rather than to the sentence around it."""
    mark = text[within.start]
    return mark in "([" or (mark in '"“«`' and text[stop[0] : stop[1]] != ".")
