"""What a query means: a tree of frozen nodes.

Leaves are of two kinds. Text leaves (:data:`TextLeaf`) ask for words and are answered by the index; filter leaves
(:data:`FilterLeaf`) ask for anything else and are answered by the library's tables. The functions at the end build
trees in normal form: no And within an And, no Or within an Or, no Not within a Not, at least two children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from reader.domain.papers import PaperState


class TextField(StrEnum):
    """The texts of a paper that can be asked for by name; a leaf without one asks for all of them."""

    TITLE = "title"
    ABSTRACT = "abstract"
    AUTHOR = "author"
    ORGANIZATION = "org"
    NOTE = "note"
    HIGHLIGHT = "highlight"


class Flag(StrEnum):
    """The yes-or-no conditions, as they are typed."""

    UNSEEN = "is:unseen"
    STARRED = "is:starred"
    BURIED = "is:buried"
    NOTE = "has:note"
    HIGHLIGHT = "has:highlight"
    CODE = "has:code"
    TAGS = "has:tags"


class DateField(StrEnum):
    """The dates of a paper: published, added (imported first), seen (first seen by the user)."""

    PUBLISHED = "date"
    ADDED = "added"
    SEEN = "seen"


class NumberField(StrEnum):
    """The figures of a paper."""

    COMMENTS = "comments"
    UPVOTES = "upvotes"
    AUTHORS = "authors"


@dataclass(frozen=True, slots=True)
class Everything:
    """Every paper: what an empty query asks for."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No paper: what a query means that holds something not understood, such as ``is:odd``.

    It spreads to whatever it stands in, a Not and an Or included (:func:`negation`, :func:`any_of`): nobody can tell
    which papers were meant, so none may be decided by it. ``text`` is how it was typed; all of them are equal.
    """

    text: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that shares the stem of ``text`` (a folded word)."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Prefix:
    """A word that begins with ``text`` (a folded word).

    ``typed`` marks the word that is still being typed: it also means the word itself with its stem (``models`` finds
    "model"), and with one or two letters and no field its beginnings are looked for in titles only.
    """

    text: str
    field: TextField | None = None
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """A word at most a few typing errors away from ``text``; see :func:`reader.domain.query.matches.typing_errors`."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Just these folded words in a row, without stems; the last may go on if ``open_ended``."""

    words: tuple[str, ...]
    field: TextField | None = None
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """A word of the wider family of ``text`` (sparse, sparsity); not typed, but made where too little was found."""

    text: str
    field: TextField | None = None


@dataclass(frozen=True, slots=True)
class TagTerm:
    """Papers with a tag, or with one below it unless ``exact``."""

    name: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class LabelTerm:
    """Papers with a highlight that has this label."""

    name: str


@dataclass(frozen=True, slots=True)
class ListingTerm:
    """Papers sighted in a listing of this name, or with this heading date (ISO 8601, possibly of reduced precision)."""

    text: str


@dataclass(frozen=True, slots=True)
class ArxivTerm:
    """The paper with this arXiv identifier."""

    arxiv_id: str


@dataclass(frozen=True, slots=True)
class DoiTerm:
    """The paper with this DOI, its own or a further one, whatever the case of its letters."""

    doi: str


@dataclass(frozen=True, slots=True)
class StateTerm:
    """Papers in a state; of the inbox also those that mute rules hide, if ``unmuted``."""

    state: PaperState
    unmuted: bool = False


@dataclass(frozen=True, slots=True)
class FlagTerm:
    """Papers of which a yes-or-no condition holds."""

    flag: Flag


@dataclass(frozen=True, slots=True)
class DateRange:
    """Papers whose date lies between two days, both included; None where a side is open, never on both.

    A date of reduced precision (published in 2024) lies in the range if any of its days does.
    """

    field: DateField
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Papers whose figure is known and lies between two numbers, both included; None where a side is open."""

    field: NumberField
    minimum: int | None
    maximum: int | None


@dataclass(frozen=True, slots=True)
class Not:
    """Papers that ``child`` does not mean."""

    child: Node


@dataclass(frozen=True, slots=True)
class And:
    """Papers that all of the children mean."""

    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Papers that any of the children means."""

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
    """What all of the nodes mean together; everything where there are none, unknown where any of them is."""
    children: list[Node] = []
    for node in nodes:
        if isinstance(node, Unknown):
            return node
        children += node.children if isinstance(node, And) else () if isinstance(node, Everything) else (node,)
    return And(tuple(children)) if len(children) > 1 else children[0] if children else Everything()


def any_of(nodes: Iterable[Node]) -> Node:
    """What any of the nodes means; everything where there are none, unknown where any of them is."""
    children: list[Node] = []
    for node in nodes:
        if isinstance(node, Unknown):
            return node
        children += node.children if isinstance(node, Or) else (node,)
    if any(isinstance(child, Everything) for child in children):
        return Everything()
    return Or(tuple(children)) if len(children) > 1 else children[0] if children else Everything()


def negation(node: Node) -> Node:
    """What ``node`` does not mean; what is unknown stays so."""
    if isinstance(node, Unknown):
        return node
    return node.child if isinstance(node, Not) else Not(node)


def sequence(words: tuple[str, ...], field: TextField | None = None, *, open_ended: bool = False) -> TextLeaf:
    """The words in a row; one open-ended word is a prefix."""
    if len(words) == 1 and open_ended:
        return Prefix(words[0], field)
    return Phrase(words, field, open_ended)


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, in order."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Not):
            stack.append(current.child)
        elif isinstance(current, And | Or):
            stack.extend(reversed(current.children))
        else:
            yield current


def wanted_texts(node: Node) -> tuple[TextLeaf, ...]:
    """The text leaves a paper may be found by, in order: those that stand under no Not."""
    found: list[TextLeaf] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, And | Or):
            stack.extend(reversed(current.children))
        elif isinstance(current, TEXT_LEAVES):
            found.append(current)
    return tuple(found)
