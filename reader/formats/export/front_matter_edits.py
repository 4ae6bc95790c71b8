"""Bringing a note's front matter up to date, key by key, without touching a byte that is not ours.

Most of our keys are replaced. ``tags`` and ``aliases`` belong to both sides and are merged three-way against what was
written last: what was taken away in Lectern goes, what was added comes, and what the note's owner added or took away
stays as it is. The keys of a bibliography, which people write themselves, yield to a value that we did not write. A key
of ours that the owner deleted is not put back. Every other key is left alone, and after the edit the result is read
again: if anything else had changed, the edit is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from reader.formats.export.front_matter import PAPER_KEY, Entry, Item, Span, UnreadableError, read_entries
from reader.formats.export.yaml_text import yaml_entry, yaml_scalar

Value = str | bool | list[str]
MERGED_KEYS = frozenset({"tags", "aliases"})
YIELDING_KEYS = ("doi", "venue", "volume", "number", "pages", "publisher", "entry_type", "cite_key_given")
"""Keys that are brought up to date only while they hold what was written last."""
_SEPARATORS = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class FrontMatterUpdate:
    """A note's text with its front matter brought up to date; ``removed_keys`` are ours that its owner deleted."""

    text: str
    removed_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Put ``text`` in the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def update_front_matter(
    text: str, span: Span, values: Mapping[str, Value], last: Mapping[str, Value] | None, newline: str
) -> FrontMatterUpdate:
    """Bring the keys of ``values`` up to date in the front matter at ``span``.

    ``last`` is what was written last, None if nothing is known of that; its keys that are no longer in ``values`` go,
    unless the owner changed them. Raises :class:`UnreadableError` where that cannot be done safely.
    """
    if last is not None and text[span.start : span.end] == _written(last, newline):
        # All of it is as it was written, so it needs no reading, which takes most of the time of an export.
        kept = {PAPER_KEY: last[PAPER_KEY]} if PAPER_KEY in last else {}
        return FrontMatterUpdate(text[: span.start] + _written({**values, **kept}, newline) + text[span.end :], ())
    entries = read_entries(text, span)
    column = entries[0].key_start - _line_start(text, entries[0].key_start) if entries else 0
    update = _Update(text, {entry.key: entry for entry in entries}, last or {}, " " * column, newline)
    for key in [*values, *(key for key in update.known if key not in values)]:
        update.take(key, values.get(key))
    if not update.edits and not update.added:
        return FrontMatterUpdate(text, tuple(update.removed))
    updated = _apply(text, [*update.edits, _Edit(span.end, span.end, update.added)])
    _verify(text, entries, updated, Span(span.start, span.end + len(updated) - len(text)), update.touched)
    return FrontMatterUpdate(updated, tuple(update.removed))


class _Update:
    """The edits of one update while they are collected; ``touched`` has changed keys' new values, None if they go."""

    def __init__(
        self, text: str, entries: Mapping[str, Entry], known: Mapping[str, Value], indent: str, newline: str
    ) -> None:
        self.known = known
        self.edits: list[_Edit] = []
        self.added = ""
        self.removed: list[str] = []
        self.touched: dict[str, Value | None] = {}
        self._text, self._entries, self._indent, self._newline = text, entries, indent, newline

    def take(self, key: str, value: Value | None) -> None:
        """Bring one key to a value; None for a key that is to go."""
        entry = self._entries.get(key)
        if entry is None:
            self._add(key, value)
        elif key == PAPER_KEY:
            return
        elif value is None:
            self._remove(entry)
        else:
            self._change(entry, value)

    def _add(self, key: str, value: Value | None) -> None:
        """Put in a key that is not there, unless its owner took it out."""
        missing = _missing_value(value, self.known.get(key), key)
        if missing is not None:
            self.added += yaml_entry(key, missing, indent=self._indent, newline=self._newline)
            self.touched[key] = missing
        elif value is not None and key not in MERGED_KEYS:
            self.removed.append(key)

    def _remove(self, entry: Entry) -> None:
        """Take out a key that has no value any more, if it has the one that was written."""
        if _says(entry, self.known[entry.key]):
            self.edits += _removal(self._text, entry)
            self.touched[entry.key] = None

    def _change(self, entry: Entry, value: Value) -> None:
        """Give a key its value, merged with the owner's where both have a part in it."""
        if entry.key in YIELDING_KEYS and not entry.is_empty and not _says(entry, self.known.get(entry.key, "")):
            return
        wanted = _merged(entry, value, self.known.get(entry.key)) if entry.key in MERGED_KEYS else value
        if not _says(entry, wanted):
            self.edits += _replacement(self._text, entry, wanted, self._indent, self._newline)
            self.touched[entry.key] = wanted


def new_front_matter(values: Mapping[str, Value], newline: str = "\n") -> str:
    """Front matter for a note that has none."""
    return f"---{newline}{_written(values, newline)}---{newline}"


def _written(values: Mapping[str, Value], newline: str) -> str:
    """Keys and values as they are written where there is nothing else."""
    return "".join(yaml_entry(key, value, newline=newline) for key, value in values.items())


def _missing_value(value: Value | None, known: Value | None, key: str) -> Value | None:
    """What to add for a key that is not there; None if it is to stay away."""
    if value is None or known is None:
        return value
    if key in MERGED_KEYS and isinstance(value, list) and isinstance(known, list):
        return _without(value, known) or None
    return None


def _merged(entry: Entry, value: Value, known: Value | None) -> Value:
    """Both sides' items: the note's without those that we took away, then those that we added."""
    ours = value if isinstance(value, list) else [str(value)]
    base = known if isinstance(known, list) else []
    theirs = _listed(entry)
    if theirs is None:
        raise UnreadableError(f"its key “{entry.key}” is no list")
    taken_away = {_fold(item) for item in _without(base, ours)}
    kept = [item for item in theirs if item is None or _fold(item) not in taken_away]
    new = _without(_without(ours, base), [item for item in theirs if item is not None])
    return [item if item is not None else _OPAQUE for item in kept] + new


_OPAQUE = "\x00"
"""Stands for an item that is a list or mapping itself, which stays where it is."""


def _listed(entry: Entry) -> list[str | None] | None:
    """A list's items (None for what is no text), also of one written as words; None for a mapping or a reference."""
    if entry.items is not None:
        return [item.text for item in entry.items]
    if entry.text is None:
        return None
    if entry.is_empty:
        return []
    return [entry.text] if entry.key == "aliases" else [word for word in _SEPARATORS.split(entry.text) if word]


def _fold(item: str) -> str:
    """How items are compared: tags as Obsidian does, case and a leading ``#`` ignored."""
    return item.lstrip("#").casefold()


def _without(items: Iterable[str], others: Iterable[str]) -> list[str]:
    folded = {_fold(other) for other in others}
    return [item for item in items if _fold(item) not in folded]


def _says(entry: Entry, value: Value) -> bool:
    """Whether an entry already has this value, however it is written."""
    if isinstance(value, bool):
        return entry.text is not None and entry.text.lower() == str(value).lower()
    if isinstance(value, str):
        return entry.text == value
    if entry.items is None:
        return _listed(entry) == value if entry.key in MERGED_KEYS else entry.is_empty and not value
    return [_OPAQUE if item.text is None else item.text for item in entry.items] == value


def _removal(text: str, entry: Entry) -> list[_Edit]:
    """Take a key out with its lines; comments between the lines of a list stay."""
    start = _line_start(text, entry.key_start)
    if entry.items and not entry.flow:
        first = _Edit(start, _line_end(text, entry.key_end), "")
        return [first, *(_Edit(*lines, "") for lines in _item_lines(text, entry.items))]
    return [_Edit(start, _line_end(text, _value_end(text, entry)), "")]


def _item_lines(text: str, items: tuple[Item, ...]) -> list[tuple[int, int]]:
    """Where the lines of each item of a block list start, and where they end."""
    return [
        (
            _line_start(text, text.rfind("-", 0, item.start + 1)),
            _line_end(text, _trimmed(text, item.start, item.end)),
        )
        for item in items
    ]


def _replacement(text: str, entry: Entry, value: Value, indent: str, newline: str) -> list[_Edit]:
    """Give a key another value; of a list, only the items that differ are touched."""
    if isinstance(value, list) and value and entry.items:
        return (_flow_edits if entry.flow else _block_edits)(text, entry.items, value, newline)
    end = _value_end(text, entry)
    if not isinstance(value, list):
        start = entry.start if entry.text is not None else _after_colon(text, entry)
        gap = "" if start and text[start - 1] in " \t" else " "
        return [_Edit(start, end, gap + yaml_scalar(value, entry.key))]
    if not value and entry.items and not entry.flow:
        empty = _Edit(_after_colon(text, entry), _after_colon(text, entry), " []")
        return [empty, *(_Edit(*lines, "") for lines in _item_lines(text, entry.items))]
    if not value:
        return [_Edit(_after_colon(text, entry), end, " []")]
    items = "".join(f"{newline}{indent}  - {yaml_scalar(item)}" for item in value if item != _OPAQUE)
    return [_Edit(_after_colon(text, entry), end, items)]


def _flow_edits(text: str, items: tuple[Item, ...], wanted: list[str], newline: str) -> list[_Edit]:
    """The edits that turn a list in brackets into ``wanted``."""
    edits = []
    steps = _steps(items, wanted)
    if all(step[0] != "equal" for step in steps):
        return [_Edit(items[0].start, items[-1].end, ", ".join(map(yaml_scalar, wanted)))]
    for kind, first, last, new in steps:
        if kind == "equal":
            continue
        if new:
            before = items[first - 1].end if first else items[0].start
            listed = ", ".join(map(yaml_scalar, new))
            edits.append(_Edit(before, before, f", {listed}" if first else f"{listed}, "))
        if last > first:
            at_end = last == len(items)
            start = items[first - 1].end if at_end else items[first].start
            edits.append(_Edit(start, items[last - 1].end if at_end else items[last].start, ""))
    return edits


def _block_edits(text: str, items: tuple[Item, ...], wanted: list[str], newline: str) -> list[_Edit]:
    """The edits that turn a list of lines into ``wanted``."""
    edits = []
    lines = _item_lines(text, items)
    top = lines[0][0]
    prefix = text[top : text.index("-", top)] + "- "
    for kind, first, last, new in _steps(items, wanted):
        if kind == "equal":
            continue
        at = lines[first - 1][1] if first else top
        if new:
            edits.append(_Edit(at, at, "".join(f"{prefix}{yaml_scalar(item)}{newline}" for item in new)))
        edits += [_Edit(*lines[index], "") for index in range(first, last)]
    return edits


def _steps(items: tuple[Item, ...], wanted: list[str]) -> list[tuple[str, int, int, list[str]]]:
    """How a list becomes another: (kind, first item, item after the last, what comes in their place)."""
    present = [_OPAQUE if item.text is None else item.text for item in items]
    matcher = SequenceMatcher(None, present, wanted, autojunk=False)
    return [(kind, i1, i2, wanted[j1:j2]) for kind, i1, i2, j1, j2 in matcher.get_opcodes()]


def _after_colon(text: str, entry: Entry) -> int:
    return text.index(":", entry.key_end) + 1


def _value_end(text: str, entry: Entry) -> int:
    """Where a value's last visible character ends; the reader counts a block text's blank lines to it."""
    return _trimmed(text, max(entry.start, entry.key_end), entry.end) if entry.end > entry.start else entry.end


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return end


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def _line_end(text: str, position: int) -> int:
    """Where the line after this one starts."""
    match = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)").match(text, position)
    return match.end() if match else len(text)


def _apply(text: str, edits: list[_Edit]) -> str:
    """All edits at once; they lie apart, and of those at one place the insertion comes first."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[position : edit.start], edit.text]
        position = max(position, edit.end)
    return "".join([*pieces, text[position:]])


def _verify(old: str, entries: list[Entry], new: str, span: Span, touched: Mapping[str, Value | None]) -> None:
    """Make sure that only the touched keys changed, and to what they should be."""
    after = {entry.key: entry for entry in read_entries(new, span)}
    expected = {entry.key for entry in entries} | touched.keys()
    expected -= {key for key, value in touched.items() if value is None}
    untouched = [entry for entry in entries if entry.key not in touched]
    kept = all(
        entry.key in after
        and new[after[entry.key].key_start : after[entry.key].end] == old[entry.key_start : entry.end]
        for entry in untouched
    )
    said = all(_says(after[key], value) for key, value in touched.items() if value is not None and key in after)
    if after.keys() != expected or not kept or not said:
        raise UnreadableError("it is written in a way that cannot be edited safely")
