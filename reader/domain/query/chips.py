"""Taking one part out of a query."""

from __future__ import annotations

import re
from datetime import date

from reader.domain.query.nodes import Node, Or, all_of, any_of
from reader.domain.query.parsing import Chip, ParsedQuery, parse_query
from reader.domain.query.rendering import render

_JOINING_BEFORE = re.compile(r"(?:^|(?<=[\s()]))(?:AND|OR)\s*$")
_JOINING_AFTER = re.compile(r"^\s*(?:AND|OR)(?=[\s()]|$)")


def remove_chip(text: str, chip: Chip, *, today: date) -> str:
    """The query ``text`` without one of its top-level parts, what is left standing as it was typed where possible.

    A chip that is not one of ``text`` changes nothing.
    """
    parsed = parse_query(text, today=today)
    spans = [(other.start, other.end) for other in parsed.chips]
    if (chip.start, chip.end) not in spans:
        return text
    index = spans.index((chip.start, chip.end))
    wanted, sort = _without(parsed, index)
    shortened = _cut(text, parsed.chips[index])
    again = parse_query(shortened, today=today)
    if again.node == wanted and again.sort == sort:
        return shortened
    return " ".join(part for part in (render(wanted), f"sort:{sort}" if sort else "") if part)


def _without(parsed: ParsedQuery, index: int) -> tuple[Node, str | None]:
    """What a query means without one of its parts."""
    rest = [chip for i, chip in enumerate(parsed.chips) if i != index]
    nodes = [chip.node for chip in rest if chip.node is not None]
    node = any_of(nodes) if isinstance(parsed.node, Or) else all_of(nodes)
    sorts = [chip.text.rpartition(":")[2].strip('="“”„ ').lower() for chip in rest if chip.node is None]
    return node, sorts[-1] if sorts else None


def _cut(text: str, chip: Chip) -> str:
    """The text without a span and without the operator that joined it to its neighbour."""
    before, after = text[: chip.start].rstrip(), text[chip.end :].lstrip()
    shorter = _JOINING_BEFORE.sub("", before)
    if shorter == before:
        after = _JOINING_AFTER.sub("", after)
    before, after = shorter.rstrip(), after.strip()
    if not (before and after) or before.endswith("(") or after.startswith(")"):
        return before + after
    return f"{before} {after}"
