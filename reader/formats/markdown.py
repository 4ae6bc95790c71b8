r"""Markdown dumps of the Daily Papers page, as page-to-Markdown converters make them.

Above a title stand its upvotes, ``[101](…/login?next=%2Fpapers%2F2606.00683)`` (``[-]`` for none). The title is a
heading that links to the paper's page (which tells the arXiv id), the abstract one link to the same page, wrapped lines
ending in ``\\``. Then come the authors (``[- ![](…)\\`` / ``- 3 authors](…)``) or the organisation
(``[![account](…)Name](https://huggingface.co/account)``), ``·``, and the date with the comments
(``May 29[6](…#community)``). YAML front matter may tell the page's address (its ``q=`` is the search) and the day it
was fetched; the link "Previous" leads to the page of the day before and so tells the heading's year.

Wrapped lines are joined by single spaces, the converter's escapes undone (:mod:`reader.formats.link_text`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.records import Organization, ParsedListing
from reader.formats.cards import CUT_OFF, Card, CardReader, joined_lines
from reader.formats.format import Format
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
)
from reader.formats.text_decoder import Head

NAME = "markdown"

_LINKED_TITLE = re.compile(r"^#{1,6} \[.{0,1000}\]\((?:https://huggingface\.co)?/papers/[^()\s]+\)\s*$", re.MULTILINE)
_PAGE_LINK = re.compile(
    r"\]\((?:https://huggingface\.co)?/login\?next=|^[^#\n][^\n]*\]\((?:https://huggingface\.co)?/papers/\d[^\s()]*\)$"
    r"|and the research community",
    re.MULTILINE,
)
_TRENDING_LINK = re.compile(r"^\[Upvote|\[GitHub [\d.]+[km]?\]\(|\[arXiv Page\]\(", re.MULTILINE)
_CERTAIN, _TRENDING, _LINKS_ONLY = 0.95, 0.6, 0.4
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

_UNCLOSED = "This paper's abstract does not end: its link is not closed."


class MarkdownReader(CardReader):
    """Reads dumps with links as Markdown writes them, those of the trending page included.

    Each line is recognised by what it is (a title, a link to the paper's own page, an author count, a date, …), so
    that parts may be missing or come in another order; a line that is nothing of the kind is left to the ledger.
    ``escaped`` is a pattern of what only dumps with Markdown's backslash escapes have, ``linked`` of what only those
    have whose titles are links (elsewhere every heading of the third level or below is a title); None: all have it.
    """

    def __init__(
        self,
        data: bytes,
        *,
        escaped: re.Pattern[str] | None = None,
        linked: re.Pattern[str] | None = None,
        fold_repeated: bool = False,
    ) -> None:
        super().__init__(data, fold_repeated=fold_repeated)
        text = "\n".join(self._lines)
        self._escaped = escaped is None or escaped.search(text) is not None
        self._linked = linked is None or linked.search(text) is not None
        self._abstract: list[tuple[int, str]] = []
        self._expects_name = False

    def _take(self, index: int, text: str) -> int:
        """Read what begins in a line; returns the line after it."""
        if text[0] == "#" and (heading := _HEADING.fullmatch(text)) is not None:
            return self._take_heading(index, heading)
        if text in _MARKS:
            self._take_text(index, text)
        elif _RULE.fullmatch(text):
            self._boilerplate([index])
        elif (submitted := _SUBMITTED.fullmatch(text)) is not None:
            self._take_submitter(index, submitted[1])
        elif self._expects_name and self._take_name(index, text):
            pass
        elif len(text) <= _LONGEST_DATE and (dated := _DATE.fullmatch(collapse(text))) is not None:
            self._take_dated(index, dated)
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
                self._open(range(index, link.last + 1), link.parts, link.address)
                return link.last + 1
        is_dumps_own = self._at_top and (self._linked or level < 3)
        if is_dumps_own or shows_page_text(text):
            self._end_card()
            self._boilerplate([index])
            return index + 1
        if self._linked or level < 3:
            return index + 1
        last = index
        while last + 1 < len(self._lines) and self._lines[last + 1].strip():
            last += 1
        self._open(range(index, last + 1), [text, *self._lines[index + 1 : last + 1]], None)
        return last + 1

    def _open(self, lines: range, title: Sequence[str], address: str | None) -> None:
        """Begin the next paper's card; its title may be wrapped."""
        self._expects_name = False
        self._open_card(lines, join_parts(title, escaped=self._escaped), address)

    def _end_card(self) -> None:
        """Take the open card."""
        self._end_abstract()
        super()._end_card()

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
            self._boilerplate([index])
        elif shows_page_text(text):
            self._end_abstract()
            self._boilerplate([index])
        elif card is not None and card.awaits_abstract:
            self._abstract.append((index, text))
        elif self._at_top and (said := _STATEMENT.fullmatch(text) or _BARE_STATEMENT.fullmatch(text)):
            self._take_statement(index, said[1], said[2])
        elif self._at_top:
            self._unknown_at_top.append((index, text))

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
        self._card.abstract = joined_lines(self._abstract)
        self._card.lines += [index for index, _ in self._abstract]
        self._abstract = []

    # Who submitted it, and when

    def _take_submitter(self, index: int, rest: str) -> None:
        """Read "Submitted by", which opens the next card; the name may follow in the same line."""
        self._end_card()
        self._next.lines.append(index)
        name = visible_text(rest)
        self._next.submitted_by = name or None
        self._expects_name = not name

    def _take_name(self, index: int, text: str) -> bool:
        """Read a line between "Submitted by" and the title: a picture, or the name; False if it is neither."""
        is_picture = is_image(text)
        links = inline_links(text)
        if not is_picture and (len(text) > _LONGEST_NAME or (links and account_of(links[0][1]) is None)):
            self._expects_name = False
            return False
        self._next.lines.append(index)
        if not is_picture:
            self._next.submitted_by = visible_text(text)
            self._expects_name = False
        return True

    def _take_dated(self, index: int, dated: re.Match[str]) -> None:
        """Read a date, which ends the open card's abstract if it is the card's."""
        day = PartialDate.parse_shown(dated[1])
        if day is None:
            self._take_text(index, self._lines[index].strip())
            return
        if self._card is not None and self._card.published is None:
            self._end_abstract()
        self._take_shown_date(index, day, dated[2])

    # Links

    def _take_linked(self, index: int, text: str) -> int:
        """Read a line that begins with a link, and a date that may stand behind it."""
        text = _BULLET.sub("", text, count=1) if text[0] in "-*" else text
        head, dot, tail = text.rpartition("·")
        dated = _DATE.fullmatch(collapse(tail)) if dot and head.rstrip().endswith(")") else None
        after = self._take_links(index, text if dated is None else head.strip())
        if dated is not None and self._card is not None:
            self._take_dated(index, dated)
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
        begins_abstract = card is not None and card.abstract is None and not self._abstract and not is_image(text)
        if card is not None and begins_abstract and self._linked and self._escaped:
            card.broken = _UNCLOSED
        self._take_text(index, text)

    def _take_link(self, lines: range, link: Link) -> None:
        """Read one link by where it leads."""
        shown = without_images(join_parts(link.parts, escaped=self._escaped))
        identifier = paper_id_of(link.address)
        folded = shown.lower()
        if "/login" in link.address:
            self._take_votes_link(lines, shown, identifier)
        elif "#community" in link.address:
            count, card = read_count(shown), self._below(lines)
            card.comments = card.comments if count is None else count
        elif identifier is not None and "arxiv.org" not in link.address:
            self._take_paper_link(lines, link, shown, identifier)
        elif self._card is not None and folded.startswith(("github", "link: github")):
            if link.address not in self._below(lines).code_urls:
                self._card.code_urls.append(link.address)
        elif "arxiv.org/" in link.address and folded.startswith(("arxiv", "link: arxiv")):
            card = self._below(lines)
            card.arxiv_id = normalize_arxiv_id(link.address) or card.arxiv_id
        elif folded.startswith(("project page", "link: project")):
            self._below(lines).project_url = link.address
        else:
            self._take_other_link(lines, link, shown)

    def _below(self, lines: range) -> Card:
        """The open card, below whose abstract these lines stand; one to throw away where none is open."""
        if self._card is None:
            return Card()
        self._end_abstract()
        self._card.lines += lines
        return self._card

    def _take_votes_link(self, lines: range, shown: str, identifier: str | None) -> None:
        """Read the upvotes: below the abstract on the trending page, above the title elsewhere."""
        votes = _VOTES.fullmatch(shown)
        card = self._card
        if identifier is None or votes is None:
            self._boilerplate(lines)
        elif card is not None and card.broken is None and card.paper_id in {identifier, None}:
            self._below(lines).upvotes = read_count(votes[1])
        else:
            self._take_votes(lines, votes[1])

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
                self._next.lines += lines
        elif card is not None and is_own:
            if card.abstract is None and not self._abstract and not card.has_details:
                card.abstract = join_parts(link.parts, escaped=self._escaped)
                card.lines += lines
        elif authors is None:
            self._open(lines, link.parts, link.address)

    def _take_other_link(self, lines: range, link: Link, shown: str) -> None:
        """Read a link that leads elsewhere: the organisation, or one of the page's own."""
        account = account_of(link.address)
        card = self._card
        if shown == "Previous":
            self._previous_page = link.address
        if card is not None and account is not None and not card.has_details and shown != "About":
            self._below(lines).organization = Organization(account, shown or account)
        elif shows_page_text(shown) or self._at_top:
            self._boilerplate(lines)
        elif self._abstract:  # a line of a wrapped abstract that happens to begin with a link
            self._abstract += [(index, text) for index in lines if (text := self._lines[index].strip())]


def parse(data: bytes) -> ParsedListing:
    """Read a Markdown dump of the page."""
    return MarkdownReader(data).listing(NAME)


def detect(head: Head) -> float:
    """High where headings link to papers' pages and other links are the page's; low for headings alone."""
    text = "\n".join(head.lines)
    if "](" not in text or not _LINKED_TITLE.search(text):
        return 0.0
    if _TRENDING_LINK.search(text):
        return _TRENDING
    return _CERTAIN if _PAGE_LINK.search(text) else _LINKS_ONLY


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a Daily Papers page as Markdown",
    sign="a paper is a title that links its page",
)
"""The Markdown format."""
