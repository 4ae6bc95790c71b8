"""The query language: text in, a tree of what it means out, and back.

Reading (:func:`parse_query`) is total and pure. The tree is answered by the index (text leaves) and by the library's
tables (filter leaves).
"""

from reader.domain.query.chips import remove_chip, with_order
from reader.domain.query.completion import Candidate, Completion, LibraryNames, complete
from reader.domain.query.marking import Marker, Snippet
from reader.domain.query.nodes import (
    And,
    ArxivTerm,
    DateField,
    DateRange,
    Everything,
    Family,
    FilterLeaf,
    Flag,
    FlagTerm,
    Fuzzy,
    LabelTerm,
    Leaf,
    ListingTerm,
    Node,
    Not,
    NumberField,
    NumberRange,
    Or,
    Phrase,
    Prefix,
    StateTerm,
    TagTerm,
    TextField,
    TextLeaf,
    Word,
    all_of,
    any_of,
    leaves,
    negation,
    wanted_texts,
)
from reader.domain.query.parsing import Chip, ParsedQuery, parse_query
from reader.domain.query.rendering import render
from reader.domain.query.rewriting import any_word_of, loosen, with_words_replaced
from reader.domain.query.vocabulary import SORTS

__all__ = [
    "SORTS",
    "And",
    "ArxivTerm",
    "Candidate",
    "Chip",
    "Completion",
    "DateField",
    "DateRange",
    "Everything",
    "Family",
    "FilterLeaf",
    "Flag",
    "FlagTerm",
    "Fuzzy",
    "LabelTerm",
    "Leaf",
    "LibraryNames",
    "ListingTerm",
    "Marker",
    "Node",
    "Not",
    "NumberField",
    "NumberRange",
    "Or",
    "ParsedQuery",
    "Phrase",
    "Prefix",
    "Snippet",
    "StateTerm",
    "TagTerm",
    "TextField",
    "TextLeaf",
    "Word",
    "all_of",
    "any_of",
    "any_word_of",
    "complete",
    "leaves",
    "loosen",
    "negation",
    "parse_query",
    "remove_chip",
    "render",
    "wanted_texts",
    "with_order",
    "with_words_replaced",
]
