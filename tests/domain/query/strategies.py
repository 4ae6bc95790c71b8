"""Random words, trees in normal form and query texts."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from reader.domain.papers import PaperState
from reader.domain.query import (
    ArxivTerm,
    DateField,
    DateRange,
    DoiTerm,
    Everything,
    Flag,
    FlagTerm,
    Fuzzy,
    LabelTerm,
    ListingTerm,
    Node,
    NumberField,
    NumberRange,
    Phrase,
    Prefix,
    StateTerm,
    TagTerm,
    TextField,
    Word,
    all_of,
    any_of,
    negation,
)
from reader.domain.words import search_words

TODAY = date(2026, 3, 5)

plain_words = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=9)
any_words = st.text(min_size=1, max_size=12).map(search_words).filter(bool).map(lambda words: words[0])
words = plain_words | any_words
fields = st.none() | st.sampled_from(TextField)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=15).map(str.strip).filter(bool)
days = st.dates(min_value=date(1000, 1, 1))


def _date_range(field: DateField, first: date | None, second: date | None) -> DateRange:
    if first and second and first > second:
        first, second = second, first
    return DateRange(field, first, second)


def _number_range(field: NumberField, first: int | None, second: int | None) -> NumberRange:
    if first is not None and second is not None and first > second:
        first, second = second, first
    return NumberRange(field, first, second)


text_leaves = st.one_of(
    st.builds(Word, words, fields),
    st.builds(Prefix, words, fields),
    st.builds(Fuzzy, words, fields),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=4).map(tuple), fields),
    st.builds(Phrase, st.lists(words, min_size=2, max_size=4).map(tuple), fields, st.just(True)),
)
filter_leaves = st.one_of(
    st.builds(TagTerm, names, st.booleans()),
    st.builds(LabelTerm, names),
    st.builds(ListingTerm, names),
    st.builds(DoiTerm, st.from_regex(r"10[.][0-9]{4,6}/[a-zA-Z0-9][-a-zA-Z0-9./()]{0,9}[a-z]", fullmatch=True)),
    st.builds(ArxivTerm, st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])\.[0-9]{4,5}", fullmatch=True).filter(str.isascii)),
    st.builds(StateTerm, st.sampled_from(PaperState)),
    st.builds(FlagTerm, st.sampled_from(Flag)),
    st.builds(_date_range, st.sampled_from(DateField), days, st.none() | days),
    st.builds(_date_range, st.sampled_from(DateField), st.none(), days),
    st.builds(_number_range, st.sampled_from(NumberField), st.integers(0, 10**9 - 1), st.none() | st.integers(0, 9999)),
    st.builds(_number_range, st.sampled_from(NumberField), st.none(), st.integers(0, 10**9 - 1)),
)


def _compound(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=4)
    return st.one_of(several.map(all_of), several.map(any_of), children.map(negation))


def trees(leaves: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Trees in normal form over some leaves."""
    return st.recursive(leaves, _compound, max_leaves=8)


nodes = st.just(Everything()) | trees(text_leaves | filter_leaves)

_PIECES = (
    'AND OR NOT - ( ) " “ ” * ~ : = title: note:( tag: tag:= is: is:unseen has:code date:<30d date:2025-01.. '
    "date:x comments:>5 sort:title sort:x seen:spring -tag:x foo:bar diff* mask~ naïve $\\mathbb{R}$ 中文 gpt-4 "
    "a word 2401.00001 \\ { } \x00 \ud7ff"
)
_pieces = st.one_of(
    st.sampled_from(_PIECES.split(" ")),
    st.text(max_size=6),
    plain_words,
)
query_texts = st.lists(_pieces, max_size=25).map(" ".join) | st.lists(_pieces, max_size=12).map("".join) | st.text()
