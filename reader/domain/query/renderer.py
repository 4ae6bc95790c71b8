"""The renderer of queries: text that parses back to the same tree."""

from __future__ import annotations

import re

from reader.domain.query.nodes import (
    TEXT_LEAVES,
    And,
    ArxivTerm,
    DateRange,
    DoiTerm,
    Everything,
    FilterLeaf,
    FlagTerm,
    Fuzzy,
    LabelTerm,
    ListingTerm,
    Node,
    Not,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    StateTerm,
    TagTerm,
    TextLeaf,
    Unknown,
)
from reader.domain.query.ranges import show_days, show_numbers

_BARE_VALUE = re.compile(r"[^\s()\"“”„=][^\s()\"“”„]*")


def render(node: Node) -> str:
    """The query text of ``node``; empty for Everything."""
    if isinstance(node, And):
        return " ".join(f"({render(child)})" if isinstance(child, Or) else render(child) for child in node.children)
    if isinstance(node, Or):
        return " OR ".join(f"({render(child)})" if isinstance(child, And) else render(child) for child in node.children)
    if isinstance(node, Not):
        return f"-({render(node.child)})" if isinstance(node.child, And | Or) else f"-{render(node.child)}"
    return _text(node) if isinstance(node, TEXT_LEAVES) else _filter(node)


def _filter(leaf: FilterLeaf) -> str:
    """The query text of a filter leaf."""
    match leaf:
        case Everything() | Unknown():
            return leaf.text if isinstance(leaf, Unknown) else ""
        case TagTerm():
            return f"tag:{'=' if leaf.exact else ''}{show_value(leaf.name)}"
        case LabelTerm():
            return f"label:{show_value(leaf.name)}"
        case ListingTerm():
            return f"listing:{show_value(leaf.text)}"
        case ArxivTerm() | DoiTerm():
            return f"arxiv:{leaf.arxiv_id}" if isinstance(leaf, ArxivTerm) else f"doi:{show_value(leaf.doi)}"
        case StateTerm():
            return f"is:{leaf.state.value}"
        case FlagTerm():
            return leaf.flag.value
        case DateRange():
            return f"{leaf.field.value}:{show_days(leaf.start, leaf.end)}"
        case NumberRange():
            return f"{leaf.field.value}:{show_numbers(leaf.minimum, leaf.maximum)}"


def _text(leaf: TextLeaf) -> str:
    """The query text of a text leaf."""
    field = f"{leaf.field.value}:" if leaf.field else ""
    if isinstance(leaf, Phrase):
        return f'{field}"{" ".join(leaf.words)}"{"*" if leaf.open_ended else ""}'
    if isinstance(leaf, Prefix):
        return f"{field}{leaf.text}{'' if leaf.typed else '*'}"
    return f"{field}{leaf.text}{'~' if isinstance(leaf, Fuzzy) else ''}"


def show_value(text: str, *, after_hash: bool = False) -> str:
    """A name as the value of a field word or ``#``; in quotes if it would otherwise mean something else."""
    if _BARE_VALUE.fullmatch(text) and (text[0].isalnum() or not after_hash):
        return text
    return '"' + text.replace('"', '""') + '"'
