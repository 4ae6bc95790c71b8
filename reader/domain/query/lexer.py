"""The tokens of a query's text. Every text is accepted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from dataclasses import field as made
from enum import Enum, auto

from reader.domain.query.nodes import TextField
from reader.domain.query.vocabulary import Value, canonical_field

MEANING = "~"
"""The sign at the front of a search by meaning."""
QUOTES = '"“”„'
_MEANING = re.compile(rf"\s*{MEANING}+")
_SPACE = re.compile(r"\s+")
_FIELD = re.compile(r"([A-Za-z]+):(=?)")
_HASH = re.compile(rf"#(=?)(?=[{QUOTES}]|[^\s()]*\w)")
UNKNOWN_FIELD = re.compile(r"([A-Za-z]{2,}):(?!//)[^\s:]")
"""Text that looks like a field word with a value, although no such field exists."""
_RUN = re.compile(rf"[^\s(){QUOTES}]+")
_STRAIGHT_QUOTE = re.compile(r'((?:[^"]|"")*)(?:(")(\*)?)?')
_CURLY_QUOTE = re.compile(rf'((?:[^{QUOTES}]|"")*)(?:([{QUOTES}])(\*)?)?')
_OPERATORS = frozenset({"AND", "OR", "NOT"})


class TokenKind(Enum):
    """The kinds of tokens; MINUS is the sign before an excluded term."""

    OPEN = auto()
    CLOSE = auto()
    AND = auto()
    OR = auto()
    NOT = auto()
    MINUS = auto()
    ITEM = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its span in the text.

    An ITEM has a value, and a ``field`` if a field word (or ``#``, which means ``tag:``) comes before it. An OPEN may
    have a text field, which then applies to everything inside. ``closed`` is True if a quoted value has its second
    quote, ``starred`` if a ``*`` follows that quote.
    """

    kind: TokenKind
    start: int
    end: int
    value: Value = made(default_factory=lambda: Value(""))
    field: str | None = None
    closed: bool = True
    starred: bool = False


def tokens_of(text: str) -> list[Token]:
    """The tokens of ``text``, in order, without the sign of a search by meaning."""
    found: list[Token] = []
    position = meaning_mark(text)
    while position < len(text):
        space = _SPACE.match(text, position)
        if space:
            position = space.end()
            continue
        token = _token_at(text, position)
        found.append(token)
        position = token.end
    return found


def meaning_mark(text: str) -> int:
    """The place after the tilde (or several) that begins a search by meaning; 0 if ``text`` does not begin with one.

    A tilde at the end of a word means something else: ``difusion~`` allows typing errors.
    """
    match = _MEANING.match(text)
    return match.end() if match else 0


def _token_at(text: str, start: int) -> Token:
    """The token that begins at ``start``."""
    char = text[start]
    if char in "()":
        return Token(TokenKind.OPEN if char == "(" else TokenKind.CLOSE, start, start + 1)
    if char in QUOTES:
        return _quoted(text, start, start, None)
    if char == "-" and _is_minus(text, start):
        return Token(TokenKind.MINUS, start, start + 1)
    field = _FIELD.match(text, start)
    name = canonical_field(field[1]) if field else None
    if field and name:
        return _field_token(text, start, field.end(), name, equals=bool(field[2]))
    tag = _HASH.match(text, start)
    if tag:
        return _field_token(text, start, tag.end(), "tag", equals=bool(tag[1]))
    match = _RUN.match(text, start)
    end = match.end() if match else start + 1
    run = text[start:end]
    if run in _OPERATORS:
        return Token(TokenKind[run], start, end)
    return Token(TokenKind.ITEM, start, end, Value(run))


def _is_minus(text: str, position: int) -> bool:
    """Whether a dash excludes a term: it comes before something, and not within a word or a row of dashes."""
    before = text[position - 1] if position else " "
    after = text[position + 1] if position + 1 < len(text) else " "
    return (before.isspace() or before == "(") and not after.isspace() and after not in ")-"


def _field_token(text: str, start: int, value_start: int, name: str, *, equals: bool) -> Token:
    """A field word with its value: quoted text, a parenthesis (text fields only) or a run of characters."""
    following = text[value_start : value_start + 1]
    if following and following in QUOTES:
        return _quoted(text, start, value_start, name, equals=equals)
    if following == "(" and name in tuple(TextField) and not equals:
        return Token(TokenKind.OPEN, start, value_start + 1, field=name)
    match = _RUN.match(text, value_start)
    end = match.end() if match else value_start
    return Token(TokenKind.ITEM, start, end, Value(text[value_start:end], equals=equals), field=name)


def _quoted(text: str, start: int, quote: int, field: str | None, *, equals: bool = False) -> Token:
    """An item whose value begins with the quote at ``quote``; ``""`` inside it means one straight quote."""
    match = (_STRAIGHT_QUOTE if text[quote] == '"' else _CURLY_QUOTE).match(text, quote + 1)
    assert match is not None  # a quote may be empty and need not be closed
    value = Value(match[1].replace('""', '"'), quoted=True, equals=equals)
    return Token(TokenKind.ITEM, start, match.end(), value, field, bool(match[2]), bool(match[3]))
