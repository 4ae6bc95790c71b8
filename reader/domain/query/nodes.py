"""The meaning of a query as a tree of frozen nodes.

There are two kinds of leaves. Text leaves (:data:`TextLeaf`) ask for words, and the index answers them; filter leaves
(:data:`FilterLeaf`) ask for anything else, and the library's tables answer them. The functions at the end build trees
in normal form: no And within an And, no Or within an Or, no Not within a Not, at least two children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from reader.domain.papers import PaperState


class TextField(StrEnum):
    """The texts of a paper that have a name in queries; a leaf without a field asks for all of them."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"
    ORGANIZATION = "org"
    NOTE = "note"
    HIGHLIGHT = "highlight"


class Flag(StrEnum):
    """Conditions without a value, as they are typed."""

    UNSEEN = "is:unseen"
    STARRED = "is:starred"
    BURIED = "is:buried"
    NOTE = "has:note"
    HIGHLIGHT = "has:highlight"
    CODE = "has:code"
    TAGS = "has:tags"
    DOCUMENT = "in:document"


class DateField(StrEnum):
    """The dates of a paper: published, added (first imported), seen (first seen by the user)."""

    PUBLISHED = "date"
    ADDED = "added"
    SEEN = "seen"


class NumberField(StrEnum):
    """The numbers of a paper."""

    COMMENTS = "comments"
    UPVOTES = "upvotes"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paper; the meaning of an empty query."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No paper; the meaning of a query with a part that was not understood, such as ``is:odd`` (decision 27).

    It spreads to the whole query, even through a Not or an Or (:func:`negation`, :func:`any_of`): nobody can tell which
    papers were meant, so the query must select none. ``text`` is the part as typed; all nodes of this kind are equal.
    """

    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A word with the same stem as ``text`` (a folded word)."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins with ``text`` (a folded word).

    ``typed`` marks the word that is still being typed. It also matches words with the same stem (``models`` finds
    "model"), and with one or two letters and no field it is searched in titles only.
    """

    text: str
    field: TextField | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word a few typing errors away from ``text``; see :func:`reader.domain.query.matches.typing_errors`."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """These folded words in a row, without stemming; the last may be incomplete if ``open_ended``."""

    words: tuple[str, ...]
    field: TextField | None = None
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A word of the wider family of ``text`` (sparse, sparsity); never typed, but used if too little was found."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class TagTerm:
    """Papers with a tag, or with a tag below it unless ``exact``."""

    name: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class LabelTerm:
    """Papers with a highlight that has this label."""

    name: str


@dataclass(frozen=True, slots=True)
class ListingTerm:
    """Papers in a listing with this name, or with this heading date (ISO 8601, possibly of reduced precision)."""

    text: str


@dataclass(frozen=True, slots=True)
class ArxivTerm:
    """The paper with this arXiv identifier."""

    arxiv_id: str


@dataclass(frozen=True, slots=True)
class DoiTerm:
    """The paper with this DOI, main or further, without regard to case."""

    doi: str


@dataclass(frozen=True, slots=True)
class StateTerm:
    """Papers in a state; with ``unmuted``, the inbox includes papers hidden by mute rules."""

    state: PaperState
    unmuted: bool = False


@dataclass(frozen=True, slots=True)
class FlagTerm:
    """Papers for which a condition without a value holds."""

    flag: Flag


@dataclass(frozen=True, slots=True)
class DateRange:
    """Papers with a date between two days, both included; None for an open side, never on both sides.

    A date of reduced precision (published in 2024) is in the range if any of its days is.
    """

    field: DateField
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Papers with a known number between two bounds, both included; None for an open side."""

    field: NumberField
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Papers that ``child`` does not match."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Papers that all of the children match."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Papers that any of the children matches."""

    children: tuple[Node, ...]


TextLeaf: TypeAlias = Word | Prefix | Fuzzy | Phrase | Family
FilterLeaf: TypeAlias = (
    Everything
    | Unknown
    | TagTerm
    | LabelTerm
    | ListingTerm
    | ArxivTerm
    | DoiTerm
    | StateTerm
    | FlagTerm
    | DateRange
    | NumberRange
)
Leaf: TypeAlias = TextLeaf | FilterLeaf
Node: TypeAlias = Leaf | Not | And | Or
TEXT_LEAVES = (Word, Prefix, Fuzzy, Phrase, Family)


def all_of(nodes: Iterable[Node]) -> Node:
    """The conjunction of nodes; Everything for no nodes, Unknown if any of them is."""
    return _joined(And, (node for node in nodes if not isinstance(node, Everything)))


def any_of(nodes: Iterable[Node]) -> Node:
    """The disjunction of nodes; Everything for no nodes or if any of them is, Unknown if any of them is."""
    joined = _joined(Or, nodes)
    return Everything() if isinstance(joined, Or) and Everything() in joined.children else joined


def _joined(kind: type[And | Or], nodes: Iterable[Node]) -> Node:
    """Nodes joined by an operator; Everything for no nodes, Unknown if any of them is."""
    children: list[Node] = []
    for node in nodes:
        if isinstance(node, Unknown):
            return node
        children += node.children if isinstance(node, kind) else (node,)
    return kind(tuple(children)) if len(children) > 1 else children[0] if children else Everything()


def negation(node: Node) -> Node:
    """The negation of ``node``; Unknown stays Unknown."""
    if isinstance(node, Unknown):
        return node
    return node.child if isinstance(node, Not) else Not(node)


def sequence(words: tuple[str, ...], field: TextField | None = None, *, open_ended: bool = False) -> TextLeaf:
    """The words in a row; a single open-ended word is a prefix."""
    if len(words) == 1 and open_ended:
        return Prefix(words[0], field)
    return Phrase(words, field, open_ended)


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, in order."""
    if isinstance(node, Not):
        yield from leaves(node.child)
    elif isinstance(node, And | Or):
        for child in node.children:
            yield from leaves(child)
    else:
        yield node


def wanted_texts(node: Node) -> tuple[TextLeaf, ...]:
    """The text leaves that can match a paper, in order: those not under a Not."""
    if isinstance(node, And | Or):
        return tuple(leaf for child in node.children for leaf in wanted_texts(child))
    return (node,) if isinstance(node, TEXT_LEAVES) else ()
