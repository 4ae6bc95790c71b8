"""Merging notes that several devices changed at the same time: three-way, by lines; both sides of a clash are kept.

A paragraph on one line is one unit, so no sentence is made that nobody wrote. The result never lacks a line that one
side wrote. Sides are given in an order that all devices share (the earlier first), so that all make the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from operator import itemgetter

from reader.domain.sync import Json

MOST_BASES = 4
"""The number of earlier texts that a note's value carries."""
_MOST_PAIRS = 4_000_000
"""Equal pairs of lines up to which two texts are compared line by line; more take seconds."""


def merge_notes(values: Sequence[Json]) -> Json:
    """One note (``{"text", "created", "changed", "bases"}``) of several; a text wins over a deleted note."""
    notes = [value for value in values if isinstance(value, dict) and isinstance(value.get("text"), str)]
    written = [note for note in notes if note["text"]]
    if not written:
        return notes[-1] if notes else None
    merged = written[0]
    for note in written[1:]:
        merged = _merged(merged, note)
    return merged


def bases(shown: str, replaced: Sequence[Json]) -> list[str]:
    """The texts that a new text of a note comes from, the newest first: what was shown, and what that came from.

    The oldest is kept for as long as possible: another device may not have seen anything newer.
    """
    earlier = [text for note in replaced for text in (_text(note), *_bases(note))]
    texts = list(dict.fromkeys(text for text in (shown, *earlier) if text))
    return texts if len(texts) <= MOST_BASES else [*texts[: MOST_BASES - 1], texts[-1]]


def merge_texts(base: str | None, earlier: str, later: str) -> str:
    """One text of two that come from ``base``; without one the lines of both, unless one text contains the other."""
    if earlier == later or later == base:
        return earlier
    if earlier == base:
        return later
    if base is None and (earlier in later or later in earlier):
        return max(earlier, later, key=len)
    a, b = _lines(earlier), _lines(later)
    merged = _united(a, b) if base is None else _three_way(_lines(base), a, b)
    return "\n".join(merged).rstrip("\n")


def _merged(earlier: Mapping[str, Json], later: Mapping[str, Json]) -> dict[str, Json]:
    """One note of two; its bases are those of both, since only these are of use for a third."""
    mine, theirs = [_text(earlier), *_bases(earlier)], [_text(later), *_bases(later)]
    # Each once: papers that are one say the same several times, and what they all come from must not be pushed out.
    shared: list[Json] = [text for text in dict.fromkeys(mine) if text in theirs]
    merged = merge_texts(str(shared[0]) if shared else None, mine[0], theirs[0])
    times: dict[str, Json] = {}
    for name, choose in (("created", min), ("changed", max)):
        known = [time for time in (earlier.get(name), later.get(name)) if isinstance(time, int)]
        times[name] = choose(known, default=None)
    return {"text": merged, **times, "bases": shared}


def _text(note: object) -> str:
    text = note.get("text") if isinstance(note, dict) else None
    return text if isinstance(text, str) else ""


def _bases(note: object) -> list[str]:
    known = note.get("bases") if isinstance(note, dict) else None
    return [text for text in known if isinstance(text, str) and text] if isinstance(known, list) else []


def _lines(text: str) -> list[str]:
    text = text.rstrip("\n")
    return text.split("\n") if text else []


def _three_way(base: list[str], a: list[str], b: list[str]) -> list[str]:
    """Go from one line of the base that both sides kept to the next; between them, take the side that changed.

    Where both changed, what each added is kept, and lines of the base that either took out are left out.
    """
    in_a, in_b = dict(_matches(base, a)), dict(_matches(base, b))
    merged: list[str] = []
    at, at_a, at_b = 0, 0, 0
    for line in [*(i for i in in_a if i in in_b), len(base)]:
        to_a, to_b = in_a.get(line, len(a)), in_b.get(line, len(b))
        before, ours, theirs = base[at:line], a[at_a:to_a], b[at_b:to_b]
        if ours in (before, theirs):
            merged += theirs
        elif theirs == before:
            merged += ours
        else:
            added = [(place, 0, text) for place, text in _added(in_a, a, at, range(at_a, to_a))]
            added += [(place, 1, text) for place, text in _added(in_b, b, at, range(at_b, to_b))]
            added.sort(key=itemgetter(0, 1))
            _append(merged, [(side, text) for _, side, text in added])
        merged += base[line : line + 1]
        at, at_a, at_b = line + 1, to_a + 1, to_b + 1
    return merged


def _united(a: list[str], b: list[str]) -> list[str]:
    """The lines of both; those of ``b`` that ``a`` has as well stand where they stand in ``a``."""
    merged: list[tuple[int, str]] = []
    at_a, at_b = 0, 0
    for to_a, to_b in [*_matches(a, b), (len(a), len(b))]:
        merged += [(0, line) for line in a[at_a:to_a]] + [(1, line) for line in b[at_b:to_b]]
        merged += [(0, line) for line in a[to_a : to_a + 1]]
        at_a, at_b = to_a + 1, to_b + 1
    lines: list[str] = []
    _append(lines, merged)
    return lines


def _append(merged: list[str], lines: Sequence[tuple[int, str]]) -> None:
    """Append lines of side 0 and 1; without those of side 1 that side 0 has, and without a second empty line."""
    known = {line for side, line in lines if side == 0 and line.strip()}
    for side, line in lines:
        is_repeated = line in known if line.strip() else bool(merged) and not merged[-1].strip()
        if side == 0 or not is_repeated:
            merged.append(line)


def _added(matched: Mapping[int, int], side: Sequence[str], start: int, part: range) -> Iterator[tuple[int, str]]:
    """The lines in a part of a side that the base lacks, each with the base's line before which it stands."""
    bases_line = {place: line for line, place in matched.items()}
    place = start
    for at in part:
        if at in bases_line:
            place = bases_line[at] + 1
        else:
            yield place, side[at]


def _matches(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
    """Pairs of equal lines, in the order of both."""
    count = Counter(b)
    if sum(count[line] for line in a) > _MOST_PAIRS:
        equal = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
        return [(i, i) for i in range(equal)]
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]
