"""Updates of a note's front matter, key by key, without touching any other byte.

Most of Lectern's keys are replaced. ``tags`` and ``aliases`` belong to both sides and are merged three-way against what
was last written: items removed in Lectern are removed, new ones are added, and the owner's own changes stay. The keys
of a bibliography, which people write themselves, keep any value that Lectern did not write. A key of Lectern's that the
owner deleted is not put back. All other keys stay untouched. After the edit the result is read again; if anything else
had changed, the edit is refused. See ``docs/decisions/0013-a-note-has-two-owners.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from reader.formats.export.front_matter import PAPER_KEY, Entry, Item, Span, UnreadableError, read_entries
from reader.formats.export.yaml_text import yaml_entry, yaml_scalar

Value = str | bool | list[str]
MERGED_KEYS = frozenset({"tags", "aliases"})
YIELDING_KEYS = ("doi", "venue", "volume", "number", "pages", "publisher", "entry_type", "cite_key_given")
"""Keys that are brought up to date only while they hold what was written last."""
_SEPARATORS = re.compile(r"[\s,]+")


_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True, slots=True)
class _Edit:
    """Put ``text`` in the place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def update_front_matter(
    text: str, span: Span, values: Mapping[str, Value], last: Mapping[str, Value] | None, newline: str
) -> tuple[str, list[str]]:
    """Bring the keys of ``values`` up to date in the front matter at ``span``.

    Returns the note's new text, and the keys of ours that its owner deleted. ``last`` is what was written last, None if
    nothing is known of that; its keys that are no longer in ``values`` go, unless the owner changed them. Raises
    :class:`UnreadableError` where that cannot be done safely.
    """
    if last is not None and text[span.start : span.end] == _written(last, newline):
        # Untouched front matter is replaced without reading it: the YAML reader takes most of the time of an export.
        kept = {PAPER_KEY: last[PAPER_KEY]} if PAPER_KEY in last else {}
        return text[: span.start] + _written({**values, **kept}, newline) + text[span.end :], []
    entries = {entry.key: entry for entry in read_entries(text, span)}
    start = next((entry.key_start for entry in entries.values()), 0)
    indent = " " * (start - _line_start(text, start))
    edits: list[_Edit] = []
    added: dict[str, Value] = {}
    changed: dict[str, Value | None] = {}
    removed = []
    for key in {**values, **(last or {})}:
        entry, value, known = entries.get(key), values.get(key), (last or {}).get(key)
        if entry is None:
            missing = _missing_value(value, known, key)
            if missing is not None:
                added[key] = missing
            elif value is not None and key not in MERGED_KEYS:
                removed.append(key)
        elif _is_ours(entry, value, known):
            wanted = _merged(entry, value, known) if value is not None and key in MERGED_KEYS else value
            if wanted is None or not _says(entry, wanted):
                changed[key] = wanted
                edits += _edits(text, entry, wanted, indent, newline)
    if not edits and not added:
        return text, removed
    lines = "".join(yaml_entry(key, value, indent=indent, newline=newline) for key, value in added.items())
    updated = _apply(text, [*edits, _Edit(span.end, span.end, lines)])
    _verify(text, entries, updated, Span(span.start, span.end + len(updated) - len(text)), {**changed, **added})
    return updated, removed


def _is_ours(entry: Entry, value: Value | None, known: Value | None) -> bool:
    """Whether an entry may be changed, or removed if it no longer has a value."""
    if entry.key == PAPER_KEY:
        return False
    if value is not None and (entry.key not in YIELDING_KEYS or entry.is_empty):
        return True
    return _says(entry, known if known is not None else "")


def new_front_matter(values: Mapping[str, Value], newline: str = "\n") -> str:
    """Front matter for a note that has none."""
    return f"---{newline}{_written(values, newline)}---{newline}"


def _written(values: Mapping[str, Value], newline: str) -> str:
    """Keys and values as written into new front matter."""
    return "".join(yaml_entry(key, value, newline=newline) for key, value in values.items())


def _missing_value(value: Value | None, known: Value | None, key: str) -> Value | None:
    """The value to add for a missing key; None if its owner removed it."""
    if value is None or known is None:
        return value
    if key in MERGED_KEYS and isinstance(value, list) and isinstance(known, list):
        return _without(value, known) or None
    return None


def _merged(entry: Entry, value: Value, known: Value | None) -> Value:
    """A list merged from both sides: the note's items without those removed in Lectern, then the added ones."""
    ours = value if isinstance(value, list) else [str(value)]
    base = known if isinstance(known, list) else []
    theirs = _listed(entry)
    if theirs is None:
        raise UnreadableError(f"its key “{entry.key}” is not a list")
    return _without(theirs, _without(base, ours)) + _without(_without(ours, base), theirs)


def _listed(entry: Entry) -> list[str] | None:
    """A list's items, also of one written as words; None for a mapping or a reference."""
    if entry.said is None:
        return None
    if not isinstance(entry.said, str):
        return [item.text for item in entry.said]
    if entry.is_empty:
        return []
    return [entry.said] if entry.key == "aliases" else list(filter(None, _SEPARATORS.split(entry.said)))


def _fold(item: str) -> str:
    """An item for comparison, as Obsidian compares tags: ignoring case and a leading ``#``."""
    return item.lstrip("#").casefold()


def _without(items: Iterable[str], others: Iterable[str]) -> list[str]:
    folded = {_fold(other) for other in others}
    return [item for item in items if _fold(item) not in folded]


def _says(entry: Entry, value: Value) -> bool:
    """Whether an entry already has a value, in whatever notation."""
    if isinstance(value, list):
        is_list = entry.key in MERGED_KEYS or isinstance(entry.said, tuple)
        return _listed(entry) == value if is_list else entry.is_empty and not value
    if isinstance(value, bool):
        return isinstance(entry.said, str) and entry.said.lower() == str(value).lower()
    return entry.said == value


def _edits(text: str, entry: Entry, value: Value | None, indent: str, newline: str) -> Iterator[_Edit]:
    """Give a key another value, or with None take it out; of a list, only the items that differ are touched."""
    items = entry.said if isinstance(entry.said, tuple) else ()
    is_list = value is None or isinstance(value, list)
    if value is None:
        start = _line_start(text, entry.key_start)
        yield _Edit(start, _line_end(text, entry.colon if items and not entry.flow else entry.end), "")
    elif not isinstance(value, list):
        start = entry.start if isinstance(entry.said, str) else entry.colon
        gap = "" if text[start - 1] in " \t" else " "
        yield _Edit(start, entry.end, gap + yaml_scalar(value, entry.key))
    elif not value:
        yield _Edit(entry.colon, entry.colon if items and not entry.flow else entry.end, " []")
    elif not items:
        lines = "".join(f"{newline}{indent}  - {yaml_scalar(item)}" for item in value)
        yield _Edit(entry.colon, entry.end, lines)
    elif entry.flow:
        yield _flow_edit(text, items, value)
    if is_list and items and not entry.flow:
        yield _block_edit(text, items, value if isinstance(value, list) else [], newline)


def _flow_edit(text: str, items: tuple[Item, ...], wanted: list[str]) -> _Edit:
    """Turn a list in brackets into ``wanted``; items that stay are left as they are written."""
    written, last = "", -1
    for at, new in _aligned(items, wanted):
        between = text[items[last].end : items[at].start] if 0 < at == last + 1 else ", "
        written += between if written else ""
        written += text[items[at].start : items[at].end] if at >= 0 else yaml_scalar(new)
        last = at if at >= 0 else len(items)
    return _Edit(items[0].start, items[-1].end, written)


def _block_edit(text: str, items: tuple[Item, ...], wanted: list[str], newline: str) -> _Edit:
    """Turn a list of lines into ``wanted``; what stands between the items stays, comments for instance."""
    starts = [_line_start(text, text.rfind("-", 0, item.start + 1)) for item in items]
    ends = [_line_end(text, item.end) for item in items]
    prefix = text[starts[0] : text.index("-", starts[0])] + "- "
    between = [text[end:start] for end, start in zip([starts[0], *ends], [*starts, ends[-1]], strict=True)]
    written, done = "", 0
    for at, new in _aligned(items, wanted):
        if at < 0:
            written += f"{prefix}{yaml_scalar(new)}{newline}"
        else:
            written += "".join(between[done : at + 1]) + text[starts[at] : ends[at]]
            done = at + 1
    return _Edit(starts[0], ends[-1], written + "".join(between[done:]))


def _aligned(items: tuple[Item, ...], wanted: list[str]) -> Iterator[tuple[int, str]]:
    """What is wanted, in order, each with the number of the item that says it already; -1 for a new one."""
    matcher = SequenceMatcher(None, [item.text for item in items], wanted, autojunk=False)
    for kind, first, _, start, end in matcher.get_opcodes():
        yield from ((first + at - start if kind == "equal" else -1, wanted[at]) for at in range(start, end))


def _line_start(text: str, position: int) -> int:
    return max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1


def _line_end(text: str, position: int) -> int:
    """The start of the next line."""
    match = _LINE.match(text, position)
    return match.end() if match else len(text)


def _apply(text: str, edits: list[_Edit]) -> str:
    """Apply edits, which do not overlap; at the same position insertions come first."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        pieces += [text[position : edit.start], edit.text]
        position = max(position, edit.end)
    return "".join([*pieces, text[position:]])


def _verify(old: str, entries: Mapping[str, Entry], new: str, span: Span, changed: Mapping[str, Value | None]) -> None:
    """Raise :class:`UnreadableError` unless exactly the keys in ``changed`` have their new values (None: removed)."""
    after = {entry.key: entry for entry in read_entries(new, span)}
    expected = {key: changed.get(key, entry) for key, entry in entries.items()} | dict(changed)
    is_as_wanted = after.keys() == {key for key, wanted in expected.items() if wanted is not None} and all(
        new[after[key].key_start : after[key].end] == old[wanted.key_start : wanted.end]
        if isinstance(wanted, Entry)
        else _says(after[key], wanted)
        for key, wanted in expected.items()
        if wanted is not None
    )
    if not is_as_wanted:
        raise UnreadableError("it is written in a way that cannot be edited safely")
