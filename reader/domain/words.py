r"""The words of a text as search sees them, and their positions.

Search folds text as titles are folded (:func:`reader.domain.folding.fold_text`: NFKC, case, LaTeX) and also drops
accents, so that ``naive`` finds "naïve" and ``USCD`` finds ``$\mathbb{USCD}$``. In scripts without spaces (Chinese,
Japanese) each character becomes a word; a word of such a script is then found as a sequence of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TypeAlias

from reader.domain.folding import fold_text

_ASCII_WORD = re.compile(r"[a-z0-9]+")
_CHUNK = re.compile(r"\S+")
_LATEX = re.compile(r"[\\${}]")
_MARKS = re.compile("[\u0300-\u036f]")
_SPACELESS = re.compile(
    "([\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff])"
)
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n", "ŧ": "t"}
)
# LaTeX that stands for nothing, for a plain mark or for one character; the last alternative is any other character.
_LATEX_PIECE = re.compile(
    r"""\\(?P<accent>[`'^~"=.])\s*\{?\s*\\?(?P<letter>[A-Za-z])\s*\}?|(?P<command>\\[A-Za-z]+\*?)"""
    r"|(?P<delimiter>\\[()\[\]]|[${}])|(?P<other>.)",
    re.DOTALL,
)


SpannedText: TypeAlias = tuple[str, int, int]
"""A word or a character with the start and end of its source."""


def search_words(text: str) -> list[str]:
    """The folded words of ``text``, in order."""
    if text.isascii() and not _LATEX.search(text):
        return _ASCII_WORD.findall(text.lower())
    if _LATEX.search(text):
        return _finish(fold_text(text))
    words: list[str] = []
    for chunk in text.split():
        words += _ASCII_WORD.findall(chunk.lower()) if chunk.isascii() else _chunk_words(chunk)
    return words


def with_folded_words(text: str) -> str:
    """A text without LaTeX with its words separated, those that are not ASCII folded, and case kept.

    Folded ASCII words that :func:`search_words` gives in a row are in a row here too, with only punctuation between
    them.
    """
    return " ".join(chunk if chunk.isascii() else " ".join(_chunk_words(chunk)) for chunk in text.split())


def word_spans(text: str) -> list[SpannedText]:
    """The folded words of ``text``, in order, with the start and end of their source.

    The words are those of :func:`search_words`; the spans are offsets in the given text, LaTeX included.
    """
    if _LATEX.search(text):
        return _aligned(search_words(text), _spans_of(_latex_characters(text)), text, 0)
    if text.isascii():
        return [(match[0], match.start(), match.end()) for match in _ASCII_WORD.finditer(text.lower())]
    spans: list[SpannedText] = []
    for match in _CHUNK.finditer(text):
        start, chunk = match.start(), match[0]
        found = _spans_of([(char, start + i, start + i + 1) for i, char in enumerate(chunk)])
        spans += _aligned(search_words(chunk), found, chunk, start)
    return spans


@lru_cache(maxsize=16_384)
def _chunk_words(chunk: str) -> tuple[str, ...]:
    """The words of one chunk without spaces that is not ASCII; cached, because few chunks differ."""
    return tuple(_finish(fold_text(chunk)))


def _finish(folded: str) -> list[str]:
    """The words of a folded text: accents dropped, scripts without spaces split."""
    if folded.isascii():
        return folded.split()
    bare = _MARKS.sub("", unicodedata.normalize("NFD", folded)).translate(_UNDECOMPOSED)
    return _SPACELESS.sub(r" \1 ", unicodedata.normalize("NFC", bare)).split()


def _latex_characters(text: str) -> list[SpannedText]:
    """The characters that LaTeX text stands for, each with its source span."""
    characters: list[SpannedText] = []
    for match in _LATEX_PIECE.finditer(text):
        start, end = match.span()
        if match["letter"]:
            characters.append((match["letter"], start, end))
        elif match["command"]:
            if fold_text(match["command"]):
                characters += [(" ", start, start)] + [(text[i], i, i + 1) for i in range(start + 1, end)]
        elif match["other"]:
            characters.append((match["other"], start, end))
    return characters


def _spans_of(characters: list[SpannedText]) -> list[SpannedText]:
    """Words with their spans, from characters with spans; a mark belongs to the character before it."""
    spans: list[SpannedText] = []
    word, word_start, word_end = "", 0, 0
    for char, start, end in characters:
        if word and unicodedata.category(char) == "Mn":
            word_end = end
            continue
        parts = search_words(char) if not char.isspace() else []
        if word and (not parts or _SPACELESS.match(parts[0]) or _SPACELESS.match(word)):
            spans.append((word, word_start, word_end))
            word = ""
        if parts:
            word_start = word_start if word else start
            word, word_end = word + "".join(parts), end
    if word:
        spans.append((word, word_start, word_end))
    return spans


def _aligned(words: list[str], spans: list[SpannedText], text: str, offset: int) -> list[SpannedText]:
    """``spans`` if they contain exactly these words; otherwise every word with the whole text as its span.

    Folding character by character differs from folding a whole text only in rare scripts; marking too much there is
    better than marking the wrong words.
    """
    if [span[0] for span in spans] == words:
        return spans
    return [(word, offset, offset + len(text)) for word in words]
