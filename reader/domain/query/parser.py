"""The parser of queries: every text has a meaning, and messages report what was not understood.

``docs/searching.md`` describes the language. Parsing is total: it raises nothing. Text that cannot be understood is
taken as words. But a field word with an unknown value makes the whole query match no paper, so that no command changes
papers that nobody asked for (decision 27). Anything beyond the limits (500 characters, 32 terms, 20 levels of
parentheses) is left out. A message reports each of these.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.doi import normalize_doi
from reader.domain.query.hints import near_field, near_value, unknown_value
from reader.domain.query.lexer import UNKNOWN_FIELD, Token, TokenKind, meaning_mark, tokens_of
from reader.domain.query.nodes import (
    And,
    ArxivTerm,
    DoiTerm,
    Everything,
    Fuzzy,
    Node,
    Or,
    Prefix,
    TextField,
    Unknown,
    Word,
    all_of,
    any_of,
    negation,
    sequence,
)
from reader.domain.query.vocabulary import FIELD_WORDS, SORT_WORD, SORTS, Value
from reader.domain.words import search_words

MAXIMUM_LENGTH = 500
MAXIMUM_TERMS = 32
MAXIMUM_LEVELS = 20


@dataclass(frozen=True, slots=True)
class Chip:
    """A top-level part of a query: its text, its span, and its node (None for ``sort:``)."""

    start: int
    end: int
    text: str
    node: Node | None


@dataclass(frozen=True, slots=True)
class ParsedQuery:
    """The meaning of a query's text.

    ``sort`` is one of :data:`~reader.domain.query.vocabulary.SORTS` if the query names an order. ``messages`` are
    sentences on parts that were not understood or were left out. ``chips`` are the parts that can be removed one by one
    (:func:`~reader.domain.query.chips.remove_chip`), in the order of the text; ``are_alternatives`` is True if they are
    joined by OR. ``correction`` is the text with misspelt field words and values corrected. ``typing`` is True if the
    text was read as one that is still being typed. ``by_meaning`` is True if a tilde at its front asks for papers that
    are close in meaning, too.
    """

    text: str
    node: Node
    sort: str | None = None
    messages: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    are_alternatives: bool = False
    correction: str | None = None
    typing: bool = False
    by_meaning: bool = False


@dataclass(frozen=True, slots=True)
class _Part:
    """A node, the span of its text, and the parts it joins, either all required (And) or any (Or)."""

    node: Node
    start: int
    end: int
    parts: tuple[_Part, ...] = ()
    joins: type[And | Or] | None = None


@dataclass(frozen=True, slots=True)
class _Element:
    """A token whose value is understood: an operator, a parenthesis, or a node."""

    kind: TokenKind
    start: int
    end: int
    node: Node | None = None


def parse_query(text: str, *, typing: bool = False, today: date) -> ParsedQuery:
    """Parse ``text``; raises nothing.

    With ``typing``, the last word of the text may be incomplete (a prefix) if it is not excluded, and an unfinished
    quote, parenthesis or operator gives no message. If the text ends with a space, ``typing`` makes no difference.
    ``today`` is the day that dates like ``<30d`` count from.
    """
    reading = _Reading(text, typing=typing, today=today)
    elements = reading.elements()
    root = _Grammar(elements).parse() if elements else None
    node: Node = root.node if root else Everything()
    if root is None and reading.asks_for_nothing:
        node = Unknown(text)
        if not (typing and text[-1:] in _SIGNS):
            reading.messages.append("There is no letter or digit to search for.")
    chips = [Chip(part.start, part.end, text[part.start : part.end], part.node) for part in _top_parts(root)]
    # An order may be inside a part, as in "a OR b sort:title c"; it then belongs to that part.
    chips += [
        Chip(token.start, token.end, text[token.start : token.end], None)
        for token in reading.sort_tokens
        if not any(chip.start <= token.start < chip.end for chip in chips)
    ]
    chips.sort(key=lambda chip: chip.start)
    return ParsedQuery(
        text,
        node,
        reading.sort,
        tuple(dict.fromkeys(reading.messages)),
        tuple(chips),
        root is not None and root.joins is Or,
        reading.corrected(),
        typing,
        meaning_mark(text) > 0,
    )


def _identified(text: str) -> Node | None:
    """The node for a bare identifier; None for other text."""
    # Cheap tests first: most words are neither an identifier nor an address.
    identifier = normalize_arxiv_id(text) if "." in text or "/" in text else None
    if identifier:
        return ArxivTerm(identifier)
    doi = normalize_doi(text) if "10." in text and "/" in text else None
    return DoiTerm(doi) if doi else None


def _top_parts(root: _Part | None) -> tuple[_Part, ...]:
    return () if root is None else root.parts or (root,)


class _Reading:
    """The parsing of one text from tokens to elements, collecting messages."""

    def __init__(self, text: str, *, typing: bool, today: date) -> None:
        self.messages: list[str] = []
        self.sort: str | None = None
        self.asks_for_nothing = False
        self.sort_tokens: list[Token] = []
        self.corrections: list[tuple[int, int, str | None]] = []
        # A text that was cut off has no last word that may be incomplete.
        self._typing = typing and len(text) <= MAXIMUM_LENGTH
        self._today = today
        self._text = text
        if len(text) > MAXIMUM_LENGTH:
            self._text = text[:MAXIMUM_LENGTH]
            self.messages.append(f"Only the first {MAXIMUM_LENGTH} characters are searched for.")

    def elements(self) -> list[_Element]:
        """The elements, with every parenthesis paired and every operator between operands."""
        tokens = self._balanced(self._few(tokens_of(self._text)))
        self.asks_for_nothing = not all(token.field == SORT_WORD for token in tokens)
        self.asks_for_nothing |= not tokens and meaning_mark(self._text) > 0
        found: list[_Element] = []
        unwanted: list[bool] = [False]
        fields: list[str | None] = [None]
        minus = False
        for token in tokens:
            if token.kind is TokenKind.OPEN:
                unwanted.append(unwanted[-1] or minus)
                fields.append(token.field or fields[-1])
            elif token.kind is TokenKind.CLOSE:
                unwanted.pop()
                fields.pop()
            if token.kind is TokenKind.ITEM:
                node = self._meaning(token, fields[-1], wanted=not (minus or unwanted[-1]))
                if node is not None:
                    found.append(_Element(token.kind, token.start, token.end, node))
            else:
                found.append(_Element(token.kind, token.start, token.end))
            minus = token.kind in (TokenKind.NOT, TokenKind.MINUS)
        count = -1
        # Removing an operator can empty a group, and removing a group can leave an operator alone.
        while count != len(found):
            count = len(found)
            found = self._with_operands(_without_empty_groups(found))
        return found

    def corrected(self) -> str | None:
        """The text with likely mistakes corrected; None if there are none, or if that is not enough."""
        text = self._text
        for start, end, right in sorted(self.corrections, reverse=True):
            if right is None:
                return None
            text = text[:start] + right + text[end:]
        return text if self.corrections else None

    def _few(self, tokens: list[Token]) -> list[Token]:
        """The tokens up to the last item allowed."""
        items = 0
        for index, token in enumerate(tokens):
            items += token.kind is TokenKind.ITEM
            if items > MAXIMUM_TERMS:
                self.messages.append(f"Only the first {MAXIMUM_TERMS} words are searched for.")
                return tokens[:index]
        return tokens

    def _balanced(self, tokens: list[Token]) -> list[Token]:
        """The tokens without unmatched closing parentheses and without those nested too deeply."""
        kept: list[Token] = []
        depth = 0
        for token in tokens:
            if token.kind is TokenKind.OPEN:
                depth += 1
                if depth > MAXIMUM_LEVELS:
                    self.messages.append(f"Parentheses more than {MAXIMUM_LEVELS} deep are left out.")
                    continue
            elif token.kind is TokenKind.CLOSE:
                if depth == 0:
                    self.messages.append("A closing parenthesis without an opening one is left out.")
                    continue
                depth -= 1
                if depth >= MAXIMUM_LEVELS:
                    continue
            kept.append(token)
        if depth and not self._typing:
            self.messages.append("A parenthesis is not closed; it is taken to end with the query.")
        end = len(self._text)
        return kept + [Token(TokenKind.CLOSE, end, end)] * min(depth, MAXIMUM_LEVELS)

    def _meaning(self, token: Token, field_of_group: str | None, *, wanted: bool) -> Node | None:
        """The node of an item, or None if it has no meaning."""
        if token.field == SORT_WORD:
            return self._sorting(token)
        if token.field in FIELD_WORDS:
            meaning = FIELD_WORDS[token.field].meaning(self._trimmed(token.value), self._today)
            return self._unknown(token) if meaning is None else meaning
        if not token.closed and not self._typing:
            self.messages.append("A quote is not closed; it is taken to end with the query.")
        is_whole = token.closed and token.value.quoted
        is_begun = self._typing and wanted and token.end == len(self._text) and not self._text[-1:].isspace()
        name = token.field or field_of_group
        words = self._words(token, TextField(name) if name else None, open_ended=is_begun and not is_whole)
        return self._unknown(token) if words is None and token.field else words

    def _sorting(self, token: Token) -> Node | None:
        """Record an order."""
        name = token.value.text.strip().lower()
        if name not in SORTS:
            return self._unknown(token)
        self.sort = name
        self.sort_tokens.append(token)
        return None

    def _unknown(self, token: Token) -> Unknown:
        """Report an unknown value of a field word, and record the similar value as a correction."""
        shown = self._text[token.start : token.end]
        typed = "tag" if shown.startswith("#") else shown.partition(":")[0].lower()
        value = token.value.text.strip()
        if value or not (self._typing and token.end == len(self._text)):
            self.messages.append(unknown_value(typed, value))
        near = near_value(typed, value)
        self.corrections.append((token.start + len(typed) + 1, token.end, near))
        return Unknown(shown)

    def _words(self, token: Token, field: TextField | None, *, open_ended: bool) -> Node | None:
        """The node of an item's words: a single word, a prefix or fuzzy word, or words in a row."""
        text = token.value.text
        if token.value.quoted:
            words = tuple(search_words(text))
            return sequence(words, field, open_ended=open_ended or token.starred) if words else None
        if field is None:
            text = self._text[token.start : token.end]
            identified = _identified(text)
            if identified is not None:
                return identified
            self._note_unknown_field(token, text)
        words = tuple(search_words(text))
        if not words:
            return None
        ending = text.rstrip("*~")
        starred, fuzzy = text[len(ending) :].startswith("*"), text[len(ending) :].startswith("~")
        if "*" in ending.strip("*"):
            self._say_words(token, "“*” stands for the rest of a word, at its end only")
        if len(words) > 1:
            return sequence(words, field, open_ended=open_ended or starred)
        if fuzzy:
            return Fuzzy(words[0], field)
        return Prefix(words[0], field, typed=not starred) if starred or open_ended else Word(words[0], field)

    def _note_unknown_field(self, token: Token, text: str) -> None:
        """Report an unknown field if a word looks like a field word with a value."""
        match = UNKNOWN_FIELD.match(text)
        if match is None:
            return
        self._say_words(token, f"There is no field “{match[1]}:”")
        near = near_field(match[1])
        if near:
            self.corrections.append((token.start, token.start + len(match[1]), near))

    def _trimmed(self, value: Value) -> Value:
        return replace(value, text=value.text.strip())

    def _say_words(self, token: Token, reason: str) -> None:
        shown = self._text[token.start : token.end]
        self.messages.append(f"{reason}; “{shown}” is searched for as words.")

    def _with_operands(self, elements: list[_Element]) -> list[_Element]:
        """The elements with operators that lack an operand turned into words (left out while being typed).

        It works from the right, because removing an operator may leave another without its operand, and must be
        repeated until nothing changes.
        """
        kept: list[_Element] = []
        for index in range(len(elements) - 1, -1, -1):
            element = elements[index]
            has_left = index > 0 and elements[index - 1].kind in (TokenKind.ITEM, TokenKind.CLOSE)
            has_right = bool(kept) and kept[-1].kind not in _NO_BEGINNING
            if element.kind not in _OPERATORS or (has_right and (has_left or element.kind in _NEGATING)):
                kept.append(element)
            elif element.kind is not TokenKind.MINUS:
                shown = self._text[element.start : element.end]
                if self._ends_with(kept):
                    if not self._typing:
                        self.messages.append(f"“{shown}” at the end has nothing to join; it is left out.")
                else:
                    self.messages.append(f"“{shown}” has nothing to join here; it is searched for as a word.")
                    kept.append(replace(element, kind=TokenKind.ITEM, node=Word(shown.lower())))
        return kept[::-1]

    def _ends_with(self, following: list[_Element]) -> bool:
        """Whether only unclosed parentheses follow, so that an operator may still be typed."""
        return all(element.start == len(self._text) for element in following)


_SIGNS = frozenset('()"“”„*~-:')
"""Characters that only say how to search: a query that ends with them may be unfinished."""
_JOINING = frozenset({TokenKind.AND, TokenKind.OR})
_NEGATING = frozenset({TokenKind.NOT, TokenKind.MINUS})
_OPERATORS = _JOINING | _NEGATING
_NO_BEGINNING = _JOINING | {TokenKind.CLOSE}


def _without_empty_groups(elements: Iterable[_Element]) -> list[_Element]:
    """The elements without empty parentheses and without the signs right before them."""
    kept: list[_Element] = []
    for element in elements:
        if element.kind is TokenKind.CLOSE and kept and kept[-1].kind is TokenKind.OPEN:
            kept.pop()
            while kept and kept[-1].kind in _NEGATING:
                kept.pop()
        else:
            kept.append(element)
    return kept


class _Grammar:
    """A recursive-descent parser of balanced elements.

    OR binds weakest, then AND (or nothing between), then NOT and ``-``. Its depth is that of the parentheses, which is
    limited.
    """

    def __init__(self, elements: list[_Element]) -> None:
        self._elements = elements
        self._index = 0

    def parse(self) -> _Part:
        """The whole text as one part."""
        return self._alternatives()

    def _next_kind(self) -> TokenKind | None:
        return self._elements[self._index].kind if self._index < len(self._elements) else None

    def _alternatives(self) -> _Part:
        parts = [self._conjunction()]
        while self._next_kind() is TokenKind.OR:
            self._index += 1
            parts.append(self._conjunction())
        return _joined(parts, any_of([part.node for part in parts]), Or)

    def _conjunction(self) -> _Part:
        parts = [self._unary()]
        while self._next_kind() not in (None, TokenKind.OR, TokenKind.CLOSE):
            self._index += self._next_kind() is TokenKind.AND
            parts.append(self._unary())
        return _joined(parts, all_of([part.node for part in parts]), And)

    def _unary(self) -> _Part:
        start, negated = self._elements[self._index].start, False
        while self._next_kind() in _NEGATING:
            negated = not negated
            self._index += 1
        element = self._elements[self._index]
        self._index += 1
        if element.kind is TokenKind.OPEN:
            part = self._alternatives()
            end = self._elements[self._index].end
            self._index += 1
        else:
            part = _Part(element.node or Everything(), element.start, element.end)
            end = element.end
        if negated:
            return _Part(negation(part.node), start, end)
        return replace(part, start=start, end=end)


def _joined(parts: list[_Part], node: Node, joins: type[And | Or]) -> _Part:
    """Parts joined by one operator; parts that the same operator joins inside parentheses become parts of the whole."""
    if len(parts) == 1:
        return parts[0]
    flat: list[_Part] = []
    for part in parts:
        flat += part.parts if part.joins is joins else (part,)
    return _Part(node, parts[0].start, parts[-1].end, tuple(flat), joins)
