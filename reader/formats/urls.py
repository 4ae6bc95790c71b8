"""Text dumps of the Daily Papers page in which every link's address stands on a line of its own, below its text.

Above a title stand its upvotes, ``[-] 19`` (``[-] -`` for none), and an address to log in at. The title is followed by
the address of the paper's page (which tells the arXiv id), the abstract by the same address. Then come ``[`` and
``2 authors](https://…)``, or the organisation and its page's address, ``·``, the date, and the comments with the
address of the discussion. Front matter may tell the page's address (its ``q=`` is the search) and when it was exported;
the searched words also stand above the date. The address of the page of the day before tells the heading's year.

A text of several lines above one address is one wrapped text; its lines are joined by single spaces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reader.domain.dates import PartialDate
from reader.domain.records import Organization, ParsedListing
from reader.formats.cards import Ahead, Card, CardTally
from reader.formats.format import Format
from reader.formats.ledger import LineLedger
from reader.formats.page import (
    account_of,
    collapse,
    is_page_text,
    paper_id_of,
    read_author_count,
    read_count,
    read_date_and_count,
    read_front_matter,
)
from reader.formats.text_decoder import decode, head_lines

NAME = "urls"

_ADDRESS = re.compile(r"https?://\S+")
_VOTES = re.compile(r"\[[-xX ]?\] ?(\d[\d.,]*[kKmM]?|-)")
_LINK_END = re.compile(r"(.{1,80})\]\((https?://\S+)\)")
_PAPER_ADDRESS = re.compile(r"https://huggingface\.co/papers/\d{4}\.\d{4,5}")
_LONGEST_DATE = 60
_CERTAIN = 0.95
_FEWEST_ADDRESSES = 2
_UNADDRESSED = "This paper's card is broken off: the address that ends its abstract is missing."


class _Reader:
    """Reads a dump's lines once; ``tally`` then holds its cards."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.tally = CardTally(LineLedger(lines))
        self._lines = lines
        self._texts: list[tuple[int, str]] = []  # lines of text whose address may follow
        self._card: Card | None = None
        self._ahead = Ahead()

    def read(self) -> None:
        """Read all lines."""
        self.tally.origin, start = read_front_matter(self._lines)
        self.tally.boilerplate(range(start))
        for index in range(start, len(self._lines)):
            text = self._lines[index].strip()
            if text:
                self._take(index, text)
        self._end_card()
        self._settle_texts()
        self.tally.settle_top()

    def _take(self, index: int, text: str) -> None:
        """Read a line by what it is."""
        card = self._card
        if _ADDRESS.fullmatch(text):
            self._take_address(index, text)
        elif (votes := _VOTES.fullmatch(text)) is not None:
            self._end_card()
            self._settle_texts()
            self._ahead.upvotes = read_count(votes[1])
            self._ahead.lines.append(index)
        elif card is not None and text in {"·", "["} and not self._awaits_abstract():
            card.lines.append(index)
        elif card is not None and (end := _LINK_END.fullmatch(text)) is not None:
            self._take_authors(index, end[1])
        elif len(text) <= _LONGEST_DATE and (shown := read_date_and_count(text)) is not None:
            self._take_date(index, *shown)
        else:
            self._texts.append((index, text))

    def _awaits_abstract(self) -> bool:
        """Whether lines of text now belong to the open card's abstract."""
        card = self._card
        return card is not None and card.abstract is None and not card.has_details

    def _take_authors(self, index: int, text: str) -> None:
        """Read the end of a link over several lines, which is the one to the authors."""
        count = read_author_count(text)
        if self._card is not None and count is not None:
            self._card.author_count = count
            self._card.lines.append(index)
        else:
            self._texts.append((index, self._lines[index].strip()))

    def _take_date(self, index: int, day: PartialDate, count: int | None) -> None:
        """Read a date: of the open card, or of the page where no card is open yet."""
        card = self._card
        if card is not None and card.published is None and not (self._awaits_abstract() and self._texts):
            card.published, card.comments = day, count
            card.lines.append(index)
        elif card is None and not self.tally.records and self.tally.heading is None:
            self._settle_texts()
            self.tally.heading = day
            self.tally.boilerplate([index])
        else:
            self._texts.append((index, self._lines[index].strip()))

    def _take_address(self, index: int, address: str) -> None:
        """Read an address: what the text above it is depends on where it leads."""
        card = self._card
        identifier = paper_id_of(address)
        if "/papers/date/" in address and self.tally.previous_page is None:
            self.tally.previous_page = address
        if identifier is not None and "/login" in address:
            self._settle_texts()
            (self._ahead.lines if card is None else card.lines).append(index)
        elif identifier is not None and address.endswith("#community"):
            self._take_comments(index)
        elif identifier is not None and "huggingface.co/papers/" in address:
            self._take_paper_address(index, address, identifier)
        elif self._awaits_abstract():
            self._texts.append((index, address))  # an address that the abstract holds
        elif card is not None and account_of(address) is not None and self._names_organization():
            self._take_organization(index, address)
        else:
            is_at_top = card is None and not self.tally.records
            if self._settle_texts() or is_at_top:
                self.tally.boilerplate([index])

    def _take_paper_address(self, index: int, address: str, identifier: str) -> None:
        """Read the address of a paper's page: below its title, its abstract, or the pictures of its authors."""
        card = self._card
        if card is None or card.paper_id != identifier:
            self._open_card(index, address)
        elif self._awaits_abstract() and self._texts:
            card.abstract = _paragraphs(self._texts)
            card.lines += [*self._take_texts(), index]
        else:
            counts = [count for _, text in self._texts if (count := read_author_count(text)) is not None]
            if counts:
                card.author_count = counts[-1]
                card.lines += self._take_texts()
            self._settle_texts()
            card.lines.append(index)

    def _open_card(self, index: int, address: str) -> None:
        """Begin the next paper's card; the paragraph above its first address is its title."""
        if not self._texts:  # a picture that leads to the paper
            self._end_card()
            self._ahead.lines.append(index)
            return
        title = [self._texts.pop()]
        while self._texts and self._texts[-1][0] == title[0][0] - 1:
            title.insert(0, self._texts.pop())
        self._end_card()
        self._settle_texts()
        self.tally.settle_top()
        ahead, self._ahead = self._ahead, Ahead()
        self._card = Card(
            collapse(" ".join(text for _, text in title)) if len(title) > 1 else title[0][1],
            address,
            [*ahead.lines, *(line for line, _ in title), index],
            upvotes=ahead.upvotes,
        )

    def _take_comments(self, index: int) -> None:
        """Read the address of a paper's discussion; the number of comments stands above it."""
        card = self._card
        if card is None:
            return
        if len(self._texts) == 1 and (count := read_count(self._texts[0][1])) is not None:
            card.comments = count
            card.lines += self._take_texts()
        card.lines.append(index)

    def _names_organization(self) -> bool:
        """Whether the text above an account's address is the open card's organisation."""
        card = self._card
        if card is None or card.has_details or not self._texts:
            return False
        return self._texts[-1][1] != "About"  # which leads to the site's own account

    def _take_organization(self, index: int, address: str) -> None:
        """Read the organisation: its name above its page's address."""
        assert self._card is not None
        line, name = self._texts.pop()
        self._settle_texts()
        self._card.organization = Organization(account_of(address) or "", collapse(name))
        self._card.lines += [line, index]

    def _end_card(self) -> None:
        """Give the open card to the tally; text after its title that no address ended is a broken abstract."""
        card = self._card
        if card is not None and self._awaits_abstract() and self._texts:
            card.broken = _UNADDRESSED
            card.lines += self._take_texts()
        self._card = None
        if card is not None:
            self.tally.add(card)

    def _take_texts(self) -> list[int]:
        """Take the lines of the waiting text away."""
        texts, self._texts = self._texts, []
        return [index for index, _ in texts]

    def _settle_texts(self) -> bool:
        """Give up the waiting text, which no address made anything of: it is the page's, or, at the top, the search.

        Returns whether all of it was the page's.
        """
        at_top = self._card is None and not self.tally.records
        for index, text in self._texts:
            if is_page_text(text.lstrip("# ")):
                self.tally.boilerplate([index])
            elif at_top:
                self.tally.unknown_at_top(index, text)
        texts, self._texts = self._texts, []
        return all(is_page_text(text.lstrip("# ")) for _, text in texts)


def _paragraphs(texts: Sequence[tuple[int, str]]) -> str:
    """A text of several lines: wrapped ones joined by single spaces, a blank line between two kept."""
    parts = [texts[0][1]]
    for (above, _), (index, text) in pairwise(texts):
        parts += ("\n\n" if index > above + 1 else " ", text)
    return "".join(parts)


def parse(data: bytes) -> ParsedListing:
    """Read a dump with every address on a line of its own."""
    decoded = decode(data)
    reader = _Reader(decoded.lines())
    reader.read()
    return reader.tally.listing(NAME, decoded)


def detect(data: bytes, name: str) -> float:
    """High where addresses of papers' pages stand on lines of their own, with texts between them."""
    lines = [text for line in head_lines(data) if (text := line.strip())]
    addresses = sum(_PAPER_ADDRESS.fullmatch(line) is not None for line in lines)
    return _CERTAIN if _FEWEST_ADDRESSES <= addresses < len(lines) / 2 else 0.0


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a text dump with addresses",
    sign="a paper is an address such as https://huggingface.co/papers/…",
)
"""The format with every address on a line of its own."""
