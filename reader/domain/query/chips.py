"""Edits of a query's text: remove one part, or change the order."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from reader.domain.query.lexer import MEANING, meaning_mark, tokens_of
from reader.domain.query.nodes import Node, all_of, any_of
from reader.domain.query.parser import Chip, ParsedQuery, parse_query
from reader.domain.query.renderer import render
from reader.domain.query.vocabulary import SORT_WORD

_JOINING_BEFORE = re.compile(r"(?:^|(?<=[\s()]))(?:AND|OR)\s*$")
_JOINING_AFTER = re.compile(r"^\s*(?:AND|OR)(?=[\s()]|$)")


def remove_chip(text: str, chip: Chip, *, today: date) -> str:
    """The query ``text`` without one of its top-level parts; the rest stays as typed if possible.

    A chip that does not belong to ``text`` changes nothing.
    """
    mark = meaning_mark(text)
    if mark:
        rest = remove_chip(text[mark:], replace(chip, start=chip.start - mark, end=chip.end - mark), today=today)
        return f"{MEANING}{rest}" if rest else ""
    parsed = parse_query(text, today=today)
    spans = [(other.start, other.end) for other in parsed.chips]
    if (chip.start, chip.end) not in spans:
        return text
    index = spans.index((chip.start, chip.end))
    wanted = _without(parsed, index)
    # An order inside the part is removed with it; one elsewhere stays.
    sort = parse_query(text[: chip.start] + " " * (chip.end - chip.start) + text[chip.end :], today=today).sort
    shortened = _cut(text, parsed.chips[index])
    again = parse_query(shortened, today=today)
    if again.node == wanted and again.sort == sort:
        return shortened
    return " ".join(part for part in (render(wanted), f"sort:{sort}" if sort else "") if part)


def with_order(text: str, name: str | None) -> str:
    """The query ``text`` with ``sort:name`` as its only order, at the front; None removes every order.

    It goes to the front (behind the tilde of a search by meaning) so that a word still being typed stays last.
    """
    mark = meaning_mark(text)
    if mark:
        return f"{MEANING}{with_order(text[mark:], name)}"
    for token in reversed(tokens_of(text)):
        if token.field == SORT_WORD:
            text = _joined(text[: token.start], text[token.end :])
    return _joined(f"{SORT_WORD}:{name}" if name else "", text)


def with_meaning(text: str, by_meaning: bool) -> str:
    """The query ``text`` as a search by meaning, or as one for its words alone."""
    words = text[meaning_mark(text) :].lstrip()
    return f"{MEANING}{words}" if by_meaning else words


def _without(parsed: ParsedQuery, index: int) -> Node:
    """The node of a query without one of its parts."""
    nodes = [chip.node for i, chip in enumerate(parsed.chips) if i != index and chip.node is not None]
    return any_of(nodes) if parsed.are_alternatives else all_of(nodes)


def _cut(text: str, chip: Chip) -> str:
    """The text without a span and without the operator that joined it to its neighbour."""
    before, after = text[: chip.start].rstrip(), text[chip.end :].lstrip()
    shorter = _JOINING_BEFORE.sub("", before)
    if shorter == before:
        after = _JOINING_AFTER.sub("", after)
    return _joined(shorter, after)


def _joined(before: str, after: str) -> str:
    """Two pieces of a query, separated by a space unless there is a parenthesis."""
    before, after = before.rstrip(), after.strip()
    if not (before and after) or before.endswith("(") or after.startswith(")"):
        return before + after
    return f"{before} {after}"
