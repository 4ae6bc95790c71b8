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

from reader.domain.dates import PartialDate
from reader.domain.records import Organization, ParsedListing
from reader.formats.cards import CardReader, joined_lines
from reader.formats.format import Format
from reader.formats.page import (
    account_of,
    collapse,
    is_page_text,
    paper_id_of,
    read_author_count,
    read_count,
    read_date_and_count,
)
from reader.formats.text_decoder import Head

NAME = "urls"

_ADDRESS = re.compile(r"https?://\S+")
_VOTES = re.compile(r"\[[-xX ]?\] ?(\d[\d.,]*[kKmM]?|-)")
_LINK_END = re.compile(r"(.{1,80})\]\((https?://\S+)\)")
_PAPER_ADDRESS = re.compile(r"https://huggingface\.co/papers/\d{4}\.\d{4,5}")
_LONGEST_DATE = 60
_CERTAIN = 0.95
_FEWEST_ADDRESSES = 2
_UNADDRESSED = "This paper is incomplete: the address that ends its abstract is missing."


class _Reader(CardReader):
    """Reads dumps with addresses below texts; ``_texts`` are lines of text whose address may follow."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self._texts: list[tuple[int, str]] = []

    def _end(self) -> None:
        """The file ends."""
        self._end_card()
        self._settle_texts()
        self._settle_top()

    def _take(self, index: int, text: str) -> int:
        """Read a line by what it is."""
        card = self._card
        if _ADDRESS.fullmatch(text):
            self._take_address(index, text)
        elif (votes := _VOTES.fullmatch(text)) is not None:
            self._take_votes([index], votes[1])
            self._settle_texts()
        elif card is not None and text in {"·", "["} and not card.awaits_abstract:
            card.lines.append(index)
        elif (
            card is not None and (end := _LINK_END.fullmatch(text)) and (count := read_author_count(end[1])) is not None
        ):
            card.author_count = count
            card.lines.append(index)
        elif (
            len(text) > _LONGEST_DATE
            or (shown := read_date_and_count(text)) is None
            or not self._take_date_line(index, *shown)
        ):
            self._texts.append((index, text))
        return index + 1

    def _take_date_line(self, index: int, day: PartialDate, count: int | None) -> bool:
        """Read a date; False if it is a line of the abstract that is being read."""
        if self._card is not None and self._card.awaits_abstract and self._texts:
            return False
        if self._at_top and self._heading is None:
            self._settle_texts()
        return self._take_date(index, day, count)

    def _take_address(self, index: int, address: str) -> None:
        """Read an address: what the text above it is depends on where it leads."""
        card = self._card
        identifier, account = paper_id_of(address), account_of(address)
        if "/papers/date/" in address and self._previous_page is None:
            self._previous_page = address
        if identifier is not None and "/login" in address:
            self._settle_texts()
            (self._next.lines if card is None else card.lines).append(index)
        elif identifier is not None and address.endswith("#community"):
            self._take_comments(index)
        elif identifier is not None and "huggingface.co/papers/" in address:
            self._take_paper_address(index, address, identifier)
        elif card is not None and card.awaits_abstract:
            self._texts.append((index, address))  # an address that the abstract holds
        elif card is not None and not card.has_details and self._texts and self._texts[-1][1] != "About" and account:
            line, name = self._texts.pop()
            self._settle_texts()
            card.organization = Organization(account, collapse(name))
            card.lines += [line, index]
        else:
            is_at_top = self._at_top
            if self._settle_texts() or is_at_top:
                self._boilerplate([index])

    def _take_paper_address(self, index: int, address: str, identifier: str) -> None:
        """Read the address of a paper's page: below its title, its abstract, or the pictures of its authors."""
        card = self._card
        if card is None or card.paper_id != identifier:
            self._take_title(index, address)
        elif card.awaits_abstract and self._texts:
            card.abstract = joined_lines(self._texts)
            card.lines += [*self._take_texts(), index]
        else:
            counts = [count for _, text in self._texts if (count := read_author_count(text)) is not None]
            if counts:
                card.author_count = counts[-1]
                card.lines += self._take_texts()
            self._settle_texts()
            card.lines.append(index)

    def _take_title(self, index: int, address: str) -> None:
        """Begin the next paper's card; the paragraph above its first address is its title."""
        if not self._texts:  # a picture that leads to the paper
            self._end_card()
            self._next.lines.append(index)
            return
        title = [self._texts.pop()]
        while self._texts and self._texts[-1][0] == title[0][0] - 1:
            title.insert(0, self._texts.pop())
        self._end_card()
        self._settle_texts()
        shown = collapse(" ".join(text for _, text in title)) if len(title) > 1 else title[0][1]
        self._open_card([*(line for line, _ in title), index], shown, address)

    def _take_comments(self, index: int) -> None:
        """Read the address of a paper's discussion; the number of comments stands above it."""
        card = self._card
        if card is None:
            return
        if len(self._texts) == 1 and (count := read_count(self._texts[0][1])) is not None:
            card.comments = count
            card.lines += self._take_texts()
        card.lines.append(index)

    def _end_card(self) -> None:
        """Take the open card; text after its title that no address ended is a broken abstract."""
        card = self._card
        if card is not None and card.awaits_abstract and self._texts:
            card.broken = _UNADDRESSED
            card.lines += self._take_texts()
        super()._end_card()

    def _take_texts(self) -> list[int]:
        """Take the lines of the waiting text away."""
        texts, self._texts = self._texts, []
        return [index for index, _ in texts]

    def _settle_texts(self) -> bool:
        """Give up the waiting text, which no address made anything of: it is the page's, or, at the top, the search.

        Returns whether all of it was the page's.
        """
        are_pages = [is_page_text(text.lstrip("# ")) for _, text in self._texts]
        for (index, text), is_pages in zip(self._texts, are_pages, strict=True):
            if is_pages:
                self._boilerplate([index])
            elif self._at_top:
                self._unknown_at_top.append((index, text))
        self._texts = []
        return all(are_pages)


def parse(data: bytes) -> ParsedListing:
    """Read a dump with every address on a line of its own."""
    return _Reader(data).listing(NAME)


def detect(head: Head) -> float:
    """High where addresses of papers' pages stand on lines of their own, with texts between them."""
    lines = [text for line in head.lines if (text := line.strip())]
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
