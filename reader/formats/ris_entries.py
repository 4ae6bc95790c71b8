"""The entries of a RIS file: tags with their values, in whichever form their lines are written.

The standard line is ``TI  - Title``. How a file writes its lines otherwise (one blank, a tab, an en dash, small
letters, indented) is learnt from its ``TY`` and ``ER`` lines, so that no line of an abstract that begins with a word of
two letters and a dash is taken for a tag. An entry ends at ``ER`` or before the next ``TY``, which may stand anywhere
in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_STANDARD = re.compile(r"([A-Z][A-Z0-9])  -[ \t]?(.*)")
_LOOSE = re.compile(r"[ \t\u00a0\ufeff]{0,40}([A-Za-z][A-Za-z0-9])([ \t\u00a0]{0,6})([-–—−])[ \t\u00a0]{0,6}(.*)")
_TYPE = re.compile(r"[A-Za-z]{2,8}\s{0,9}")
_KNOWN_TAGS = """
A1 A2 A3 A4 A5 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CR CT CY DA DB DI DO DP ED EP ER ET H1 H2 ID IS J1 J2
JA JF JO KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NO NV OP PB PP PY RD RI RN RP SE SF SN SP SR ST SV T1 T2 T3 TA TI TT TY
U1 U2 U3 U4 U5 UR VL VO Y1 Y2
"""
_KNOWN = frozenset(_KNOWN_TAGS.split())
_USUAL_SHAPE = (True, "  ", "-")
_ONCE = frozenset(["TI", "T1", "PY", "Y1", "DA", "JO", "JF", "T2", "AB", "N2", "DO", "VL", "IS", "SP"])

Shape = tuple[bool, str, str]


@dataclass(slots=True)
class Entry:
    """One entry: its tags with the lines of their values, the first without the tag, and all its lines as they are.

    One without tags is text between entries. ``first_line`` counts from 1; ``type_place`` is where ``TY`` stands among
    the tags, None without one. ``closed`` tells that ``ER`` or another entry follows.
    """

    first_line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    type_place: int | None = None
    closed: bool = False
    _by_tag: dict[str, list[list[str]]] = field(default_factory=dict)

    def values(self, *names: str) -> list[list[str]]:
        """The values of these tags, in the order of the names."""
        if not self._by_tag:
            for tag, value in self.tags:
                self._by_tag.setdefault(tag, []).append(value)
        if len(names) == 1:
            return self._by_tag.get(names[0], [])
        return [value for name in names if name in self._by_tag for value in self._by_tag[name]]

    def texts(self, *names: str) -> list[str]:
        """The values of these tags that are not empty, each on one line."""
        values = self.values(*names)
        if not values:
            return []
        joined = (" ".join(" ".join(lines).split()) for lines in values)
        return [text for text in joined if text]

    def text(self, *names: str) -> str:
        """The first of these texts; empty if there is none."""
        for value in self.values(*names):
            if text := " ".join((value[0] if len(value) == 1 else " ".join(value)).split()):
                return text
        return ""


def split_entries(lines: Sequence[str]) -> Iterator[Entry]:
    """The entries of a file and the text between them, in order; blank text is left out."""
    shapes = _shapes(lines)
    entry = Entry(1)
    is_usual = len(shapes) == 1
    for number, line in enumerate(lines, start=1):
        if is_usual and line[2:5] != "  -" and line[:1].isalnum() and line[:2] != "ER" and entry.tags:
            entry.tags[-1][1].append(line)  # by far the most of the lines of abstracts
            entry.lines.append(line)
            continue
        found = _tag(line, shapes)
        if found is None:
            if entry.tags and line.strip():
                entry.tags[-1][1].append(line)
            if entry.tags or line.strip():
                entry.lines.append(line)
            continue
        tag, value = found
        if (tag == "TY" and entry.type_place is not None) or (entry.lines and not entry.tags):
            entry.closed = True
            yield from _finished(entry)
            entry = Entry(number)
        if not entry.tags:
            entry.first_line = number
        entry.lines.append(line)
        if tag == "ER":
            entry.closed = True
            yield from _finished(entry)
            entry = Entry(number + 1)
            continue
        if tag == "TY":
            entry.type_place = len(entry.tags)
        entry.tags.append((tag, [value]))
    yield from _finished(entry)


def looks_like_ris(lines: Sequence[str]) -> bool:
    """Whether a line says the type of an entry."""
    return any(_says_type(line) for line in lines)


def _says_type(line: str) -> bool:
    match = _LOOSE.fullmatch(line)
    return bool(match and match[1].upper() == "TY" and (_STANDARD.match(line) or _TYPE.fullmatch(match[4])))


def _shapes(lines: Sequence[str]) -> frozenset[Shape]:
    """In which shapes a file writes its tags, as its types and ends show."""
    shapes = {_USUAL_SHAPE}
    for line in lines:
        if line[2:5] == "  -" and line[:2].isupper():
            continue
        if line[:40].lstrip(" \t\u00a0\ufeff")[:2].upper() in {"TY", "ER"} and (match := _LOOSE.fullmatch(line)):
            is_end = match[1].upper() == "ER" and not match[4].strip()
            if is_end or _TYPE.fullmatch(match[4]):
                shapes.add(_shape(match))
    return frozenset(shapes)


def _shape(match: re.Match[str]) -> Shape:
    return match[1].isupper() or (match[1][1:].isdigit() and match[1][0].isupper()), match[2], match[3]


def _tag(line: str, shapes: frozenset[Shape]) -> tuple[str, str] | None:
    """The tag that a line has, and its value; None for a line without one."""
    if match := _STANDARD.match(line):
        return match[1], match[2]
    if len(shapes) == 1 and not line[:1].isspace() and not line.startswith(("ER", "\ufeff")):
        return None
    if line.strip() == "ER":
        return "ER", ""
    match = _LOOSE.fullmatch(line)
    if match is None or match[1].upper() not in _KNOWN or _shape(match) not in shapes:
        return None
    return match[1].upper(), match[4]


def _finished(entry: Entry) -> Iterator[Entry]:
    """An entry if it has any line that is not blank; tags of another one that stand before it apart from it."""
    place = entry.type_place
    if place and {tag for tag, _ in entry.tags[:place]} & {tag for tag, _ in entry.tags[place:]} & _ONCE:
        tags = entry.tags
        cut = next(number for number, line in enumerate(entry.lines) if _says_type(line))
        yield Entry(entry.first_line, tags[:place], entry.lines[:cut], closed=True)
        entry = Entry(entry.first_line + cut, tags[place:], entry.lines[cut:], 0, entry.closed)
    if any(line.strip() for line in entry.lines):
        yield entry
