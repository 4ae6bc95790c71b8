"""Reads the cards of Markdown and text dumps that keep the page's links: a heading opens a paper's card.

The machine behind :mod:`reader.formats.markdown` and :mod:`reader.formats.trending`, which say what the dumps look
like. Each line is recognised by what it is (a title, a link to the paper's own page, an author count, a date, …), so
that parts may be missing or come in another order; a line that is nothing of the kind is left to the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.records import Organization
from reader.formats.cards import CUT_OFF, Ahead, Card, CardTally
from reader.formats.ledger import LineLedger
from reader.formats.link_text import (
    Link,
    inline_links,
    is_image,
    join_parts,
    read_link,
    read_title_link,
    shows_page_text,
    visible_text,
    without_images,
)
from reader.formats.page import (
    SHOWN_DATE,
    account_of,
    collapse,
    paper_id_of,
    read_author_count,
    read_count,
    read_front_matter,
)

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_RULE = re.compile(r"[-*_=][-*_= ]{2,}|```\w*|<a (?:id|name)=\S+></a>|<!--.{0,200}-->")
_STATEMENT = re.compile(r"(?:[-*] |\*\*)([A-Za-z][\w ()/-]{0,40}?)\**:\**\s+(\S.*)")
_BARE_STATEMENT = re.compile(
    r"(title|url|url source|source|published time|retrieved|captured|exported):\s+(\S.*)", re.IGNORECASE
)
_DATE = re.compile(rf"(?:·\s*)?(?:[Pp]ublished on )?({SHOWN_DATE})\s*(?:\[\s*(\S{{1,12}})\]\((\S+)\))?")
_AUTHORS_LINK = re.compile(r"[-*•\s]*(\d[\d,]*) authors?")
_VOTES = re.compile(r"(?:.{0,40}\s)?(\d[\d.,]*[kKmM]?|-)")
_SUBMITTED = re.compile(r"[Ss]ubmitted by\b\s*(.*)")
_BULLET = re.compile(r"[-*•]\s+")
_TRUNCATED = re.compile(r"\[?\(?(?:content |text )?truncated\)?\]?\.{0,3}", re.IGNORECASE)
_MARKS = frozenset("·-*•")
_LONGEST_NAME = 100
_LONGEST_DATE = 200

_UNCLOSED = "This paper's abstract has no end: its link is not closed."


class CardReader:
    """Reads a dump's lines once; ``tally`` then holds its cards.

    ``escaped`` tells that the dump has Markdown's backslash escapes, ``linked`` that its titles are links (otherwise
    every heading of the third level or below is a title).
    """

    def __init__(self, lines: Sequence[str], *, escaped: bool, linked: bool, fold_repeated: bool) -> None:
        self.tally = CardTally(LineLedger(lines), fold_repeated=fold_repeated)
        self._lines = lines
        self._escaped = escaped
        self._linked = linked
        self._card: Card | None = None
        self._abstract: list[tuple[int, str]] = []
        self._ahead = Ahead()

    def read(self) -> None:
        """Read all lines."""
        self.tally.origin, index = read_front_matter(self._lines)
        self.tally.boilerplate(range(index))
        while index < len(self._lines):
            text = self._lines[index].strip()
            index = self._take(index, text) if text else index + 1
        self._end_card()
        self.tally.settle_top()

    def _take(self, index: int, text: str) -> int:
        """Read what begins in a line; returns the line after it."""
        if text[0] == "#" and (heading := _HEADING.fullmatch(text)) is not None:
            return self._take_heading(index, heading)
        if text in _MARKS:
            self._take_text(index, text)
        elif _RULE.fullmatch(text):
            self.tally.boilerplate([index])
        elif (submitted := _SUBMITTED.fullmatch(text)) is not None:
            self._take_submitter(index, submitted[1])
        elif self._ahead.expects_name and self._take_name(index, text):
            pass
        elif len(text) <= _LONGEST_DATE and (dated := _DATE.fullmatch(collapse(text))) is not None:
            self._take_date(index, dated)
        elif text.startswith("[") or (text[0] in "-*" and _BULLET.sub("", text, count=1).startswith("[")):
            return self._take_linked(index, text)
        else:
            self._take_text(index, text)
        return index + 1

    # Titles

    def _take_heading(self, index: int, heading: re.Match[str]) -> int:
        """Read a heading: a title, or one of the page's or the dump's own."""
        level, text = len(heading[1]), heading[2].strip()
        if text.startswith("["):
            link = read_title_link(self._lines, index, text)
            if link is not None:
                self._open_card(range(index, link.last + 1), link.parts, link.address)
                return link.last + 1
        is_dumps_own = self._card is None and not self.tally.records and (self._linked or level < 3)
        if is_dumps_own or shows_page_text(text):
            self._end_card()
            self.tally.boilerplate([index])
            return index + 1
        if self._linked or level < 3:
            return index + 1
        last = index
        while last + 1 < len(self._lines) and self._lines[last + 1].strip():
            last += 1
        self._open_card(range(index, last + 1), [text, *self._lines[index + 1 : last + 1]], None)
        return last + 1

    def _open_card(self, lines: range, title: Sequence[str], address: str | None) -> None:
        """Begin the next paper's card with its title and what stood above it."""
        self._end_card()
        self.tally.settle_top()
        ahead, self._ahead = self._ahead, Ahead()
        self._card = Card(
            join_parts(title, escaped=self._escaped),
            address,
            [*ahead.lines, *lines],
            submitted_by=ahead.submitted_by,
            upvotes=ahead.upvotes,
        )

    def _end_card(self) -> None:
        """Give the open card to the tally."""
        self._end_abstract()
        card, self._card = self._card, None
        if card is not None:
            self.tally.add(card)

    # Lines of text

    def _take_text(self, index: int, text: str) -> None:
        """Read a line without a link at its beginning."""
        card = self._card
        if card is not None and _TRUNCATED.fullmatch(text):
            card.broken = card.broken or CUT_OFF
            card.lines += [*(index for index, _ in self._abstract), index]
        elif card is not None and card.broken is not None:
            card.lines.append(index)
        elif card is not None and self._take_detail(card, index, text):
            self._end_abstract()
        elif is_image(text) or text == "-":
            self.tally.boilerplate([index])
        elif shows_page_text(text):
            self._end_abstract()
            self.tally.boilerplate([index])
        elif card is not None and card.abstract is None and not card.has_details:
            self._abstract.append((index, text))
        elif card is None and not self.tally.records:
            self._take_top_line(index, text)

    def _take_detail(self, card: Card, index: int, text: str) -> bool:
        """Read a line below the abstract: who, the dot, a picture's bullet; False if it is none of them."""
        count = read_author_count(text)
        if count is not None:
            card.author_count = count
        elif text not in _MARKS and not is_image(text):
            return False
        card.lines.append(index)
        return True

    def _end_abstract(self) -> None:
        """Take the lines of text gathered so far as the card's abstract; a blank line between them stays one."""
        if not self._abstract or self._card is None:
            return
        parts = [self._abstract[0][1]]
        for (above, _), (index, text) in pairwise(self._abstract):
            parts += ("\n\n" if index > above + 1 else " ", text)
        self._card.abstract = "".join(parts)
        self._card.lines += [index for index, _ in self._abstract]
        self._abstract = []

    def _take_top_line(self, index: int, text: str) -> None:
        """Read a line above the first card: a statement of the dump about itself, or perhaps the searched words."""
        statement = _STATEMENT.fullmatch(text) or _BARE_STATEMENT.fullmatch(text)
        if statement is None:
            self.tally.unknown_at_top(index, text)
        else:
            self.tally.origin = self.tally.origin.learn(statement[1], statement[2])
            self.tally.boilerplate([index])

    # Who submitted it, and when

    def _take_submitter(self, index: int, rest: str) -> None:
        """Read "Submitted by", which opens the next card; the name may follow in the same line."""
        self._end_card()
        self._ahead.lines.append(index)
        name = visible_text(rest)
        self._ahead.submitted_by = name or None
        self._ahead.expects_name = not name

    def _take_name(self, index: int, text: str) -> bool:
        """Read a line between "Submitted by" and the title: a picture, or the name; False if it is neither."""
        is_picture = is_image(text)
        links = inline_links(text)
        if not is_picture and (len(text) > _LONGEST_NAME or (links and account_of(links[0][1]) is None)):
            self._ahead.expects_name = False
            return False
        self._ahead.lines.append(index)
        if not is_picture:
            self._ahead.submitted_by = visible_text(text)
            self._ahead.expects_name = False
        return True

    def _take_date(self, index: int, dated: re.Match[str]) -> None:
        """Read a date: of the open card, or of the page where no card is open yet."""
        day = PartialDate.parse_shown(dated[1])
        if day is None:
            self._take_text(index, self._lines[index].strip())
        elif self._card is None:
            if not self.tally.records and self.tally.heading is None:
                self.tally.heading = day
                self.tally.boilerplate([index])
        elif self._card.published is None:
            self._end_abstract()
            self._card.published = day
            self._card.comments = read_count(dated[2]) if dated[2] else None
            self._card.lines.append(index)

    # Links

    def _take_linked(self, index: int, text: str) -> int:
        """Read a line that begins with a link, and a date that may stand behind it."""
        text = _BULLET.sub("", text, count=1) if text[0] in "-*" else text
        head, dot, tail = text.rpartition("·")
        dated = _DATE.fullmatch(collapse(tail)) if dot and head.rstrip().endswith(")") else None
        after = self._take_links(index, text if dated is None else head.strip())
        if dated is not None and self._card is not None:
            self._take_date(index, dated)
        return after

    def _take_links(self, index: int, text: str) -> int:
        """Read one link, which may go on over several lines, or several on one line."""
        several = inline_links(text)
        if len(several) > 1:
            for shown, address in several:
                self._take_link(range(index, index + 1), Link((shown,), address, index))
            return index + 1
        link = read_link(self._lines, index, text)
        if link is None:
            self._take_unclosed(index, text)
            return index + 1
        self._take_link(range(index, link.last + 1), link)
        return link.last + 1

    def _take_unclosed(self, index: int, text: str) -> None:
        """Read a line that begins with a bracket but no link: a broken abstract, or text like any other."""
        card = self._card
        in_markdown_card = card is not None and card.abstract is None and not self._abstract and self._linked
        if card is not None and in_markdown_card and not is_image(text) and self._escaped:
            card.broken = _UNCLOSED
        self._take_text(index, text)

    def _take_link(self, lines: range, link: Link) -> None:
        """Read one link by where it leads."""
        shown = without_images(join_parts(link.parts, escaped=self._escaped))
        identifier = paper_id_of(link.address)
        if "/login" in link.address:
            self._take_votes(lines, shown, identifier)
        elif "#community" in link.address:
            self._add_to_card(lines, comments=read_count(shown))
        elif identifier is not None and "arxiv.org" not in link.address:
            self._take_paper_link(lines, link, shown, identifier)
        elif self._card is not None and shown.lower().startswith(("github", "link: github")):
            self._add_to_card(lines, code_url=link.address)
        elif "arxiv.org/" in link.address and shown.lower().startswith(("arxiv", "link: arxiv")):
            self._add_to_card(lines, arxiv_id=normalize_arxiv_id(link.address))
        elif shown.lower().startswith(("project page", "link: project")):
            self._add_to_card(lines, project_url=link.address)
        else:
            self._take_other_link(lines, link, shown)

    def _take_votes(self, lines: range, shown: str, identifier: str | None) -> None:
        """Read the upvotes: below the abstract on the trending page, above the title elsewhere."""
        votes = _VOTES.fullmatch(shown)
        card = self._card
        if identifier is None or votes is None:
            self.tally.boilerplate(lines)
        elif card is not None and card.broken is None and card.paper_id in {identifier, None}:
            self._end_abstract()
            card.upvotes = read_count(votes[1])
            card.lines += lines
        else:
            self._end_card()
            self._ahead.upvotes = read_count(votes[1])
            self._ahead.lines += lines

    def _take_paper_link(self, lines: range, link: Link, shown: str, identifier: str) -> None:
        """Read a link to a paper's page: its abstract, its authors, its picture, or a title without heading mark."""
        card = self._card
        is_own = card is not None and card.paper_id == identifier
        authors = _AUTHORS_LINK.fullmatch(shown)
        if card is not None and is_own and authors is not None:
            card.author_count = int(authors[1].replace(",", ""))
            card.lines += lines
        elif not shown.strip("-*• "):
            if card is not None and is_own and not card.has_details:
                card.lines += lines
            else:
                self._end_card()
                self._ahead.lines += lines
        elif card is not None and is_own:
            if card.abstract is None and not self._abstract and not card.has_details:
                card.abstract = join_parts(link.parts, escaped=self._escaped)
                card.lines += lines
        elif authors is None:
            self._open_card(lines, link.parts, link.address)

    def _take_other_link(self, lines: range, link: Link, shown: str) -> None:
        """Read a link that leads elsewhere: the organisation, or one of the page's own."""
        account = account_of(link.address)
        card = self._card
        if shown == "Previous":
            self.tally.previous_page = link.address
        if card is not None and account is not None and not card.has_details and shown != "About":
            self._end_abstract()
            card.organization = Organization(account, shown or account)
            card.lines += lines
        elif shows_page_text(shown) or (card is None and not self.tally.records):
            self.tally.boilerplate(lines)
        elif self._abstract:  # a line of a wrapped abstract that happens to begin with a link
            self._abstract += [(index, text) for index in lines if (text := self._lines[index].strip())]

    def _add_to_card(
        self,
        lines: range,
        *,
        comments: int | None = None,
        code_url: str | None = None,
        arxiv_id: str | None = None,
        project_url: str | None = None,
    ) -> None:
        """Add what a link says to the open card; without one the line stays unknown."""
        card = self._card
        if card is None:
            return
        self._end_abstract()
        card.lines += lines
        card.comments = comments if comments is not None else card.comments
        card.arxiv_id = arxiv_id or card.arxiv_id
        card.project_url = project_url or card.project_url
        if code_url is not None and code_url not in card.code_urls:
            card.code_urls.append(code_url)
