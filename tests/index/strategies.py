"""Random papers over few words, so that queries meet them, and random queries over the same words."""

from __future__ import annotations

from hypothesis import strategies as st

from reader.domain.query import (
    Everything,
    Family,
    Flag,
    FlagTerm,
    Fuzzy,
    Phrase,
    Prefix,
    TagTerm,
    TextField,
    Word,
)
from reader.domain.selection import AnnotationText, IndexedText
from reader.domain.words import search_words
from tests.domain.query.strategies import trees

_TOKENS = (
    "sparse sparsity sparsify mask masks masked masking diffusion diffuse diffusive model models modelling rl rlhf "
    "the of a an gpt 4 naïve naive Ångström $\\mathbb{USCD}$ $\\ell_p$ état- 模型 model-based x'y DIFFUSION é"
)
TOKENS = tuple(_TOKENS.split())
SPACES = st.sampled_from([" ", " ", " ", "-", ". ", "\n", "_"])
texts = st.lists(st.tuples(st.sampled_from(TOKENS), SPACES), max_size=9).map(lambda parts: "".join(map("".join, parts)))
papers = st.builds(
    IndexedText,
    st.integers(1, 14),
    texts,
    texts,
    st.lists(texts, max_size=2).map(tuple),
    st.lists(texts, max_size=1).map(tuple),
)
annotations = st.builds(AnnotationText, st.integers(1, 14), texts, st.lists(texts, max_size=2).map(tuple))

_words = sorted({word for token in TOKENS for word in search_words(token)})
words = st.sampled_from(_words)
beginnings = st.sampled_from(sorted({word[:length] for word in _words for length in range(1, len(word) + 1)}))
misspelt = st.builds(lambda word, at: word[:at] + word[at + 1 :] or word, words, st.integers(0, 8)) | words
fields = st.none() | st.sampled_from(TextField)

leaves = st.one_of(
    st.builds(Word, words, fields),
    st.builds(Prefix, beginnings, fields),
    st.builds(Prefix, beginnings, fields, st.just(True)),
    st.builds(Fuzzy, misspelt, fields),
    st.builds(Family, words, fields),
    st.builds(Phrase, st.lists(words, min_size=1, max_size=3).map(tuple), fields),
    st.builds(
        lambda start, last, field: Phrase((*start, last), field, open_ended=True),
        st.lists(words, min_size=1, max_size=2),
        beginnings,
        fields,
    ),
    st.builds(TagTerm, st.sampled_from(["x", "y"])),
    st.just(FlagTerm(Flag.NOTE)),
)
queries = st.just(Everything()) | trees(leaves)
