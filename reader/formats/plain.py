"""Plain text dumps of the Daily Papers page: titles, abstracts and blocks of authors and date, between blank lines.

A page begins with boilerplate (what it says itself: "Subscribe", "Daily Papers", …) and a heading date ("Dec 8"). Each
paper is a paragraph with its title, one with its abstract and, on some pages, a block of three lines: ``• 8 authors``
or an organisation (account, then name), ``·``, and its date with the number of comments (``Sep 25, 2024 3``).

**How a title is told from an abstract**: by position first. Blocks and boilerplate cut the page into runs; in a sound
run titles and abstracts alternate, and then no length, case or punctuation matters (titles reach 175 characters and
end in "." or "?", abstracts go down to 165). Where a run does not alternate, the shapes of its paragraphs decide
(:mod:`reader.formats.title_pairs`), and what is left over is a problem; the paragraphs
around it are not affected. In detail:

- A title without abstract is a problem, unless its own block follows: then it is a paper without abstract.
- An abstract without title is a problem, with its block. So is a block without anything before it.
- A second paragraph of an abstract is joined to it (by a blank line) where the block that ends the paper follows, or
  where it is an item of a list that the first announced; elsewhere it might be an abstract that lost its title, and
  is a problem.
- Lines of one paragraph are one wrapped text, joined by single spaces; but list items keep their line, and where
  one of the lines is as long as an abstract, lines are not wrapped, and each is a paragraph.
- Text that stands alone above the heading date is the search whose results the page shows.
- A word of the page's menus ("Docs") is boilerplate, unless an abstract follows it directly: then it is its title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from reader.domain.dates import PartialDate
from reader.domain.records import LineRange, ListingRecord, Organization, ParsedListing
from reader.formats.format import Format
from reader.formats.ledger import LineLedger
from reader.formats.page import (
    is_page_sentence,
    is_page_word,
    read_author_count,
    read_date_and_count,
    read_organization,
)
from reader.formats.text_decoder import DETECTION_BYTES, Head, decode
from reader.formats.title_pairs import CLEARLY_ABSTRACT, Pair, Passage, abstractness, is_list_item, pair_passages

NAME = "plain"

_NAMED = 0.9
_SHAPED = 0.5
_OTHER_DUMPS = ("### ", "#### ", "][", "[LINK: ", "[Upvote", "https://huggingface.co/papers/")
_OTHER_TEXTS = ("# ", "## ", "```", "TY  - ", "\\\\", "@")
_LINKS = ("](https://huggingface.co/papers/", "](/papers/")
_RESEARCH = re.compile(
    r"\b(?:we|our|paper|propos\w+|experiment\w*|method\w*|model\w*|data\w*|result\w*|approach\w*|algorithm\w*|learning|"
    r"framework|benchmark\w*|stud(?:y|ies)|evaluat\w+|theor\w+|network\w*|perform\w*|demonstrat\w+|analys\w+)\b"
    r"|本文|我们|我們|提出|方法|模型|論文|提案|研究|手法|연구|제안|모델",
    re.IGNORECASE,
)
_NO_SPACES = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_FEWEST_PAPERS = 2
_FEWEST_RESEARCH_WORDS = 4
_FEWEST_TITLE_WORDS = 4
_MOST_PROBLEMS = 0.1
_LONGEST_SHORT_LINE = 60
_LONGEST_ORGANIZATION = 120
_LONGEST_QUERY = 300
_UNWRAPPED = 300
_SHORTEST_ABSTRACT = 150
_DOTS = frozenset("·∙⋅")
_BULLETS = frozenset("•*-◦‣–")

_LONE_TITLE = "This looks like a title, but no abstract follows it."
_LONE_ABSTRACT = "This looks like an abstract without a title, or another paragraph of the abstract above it."
_LONE_BLOCK = "This looks like a paper's authors and date, but no paper precedes it."
_UNTITLED_BLOCK = "This looks like an abstract with authors and date, but without a title."
_ABOVE_HEADING = "Only the search text is expected above the page's date."


@dataclass(slots=True)
class _Block:
    """The block of authors and date under a paper, while it is being read."""

    first: int
    last: int
    author_count: int | None = None
    organization: Organization | None = None
    has_dot: bool = False
    published: PartialDate | None = None
    comments: int | None = None


class _Reader:
    """Sorts a page's lines into papers, boilerplate and problems.

    After :meth:`read`, ``records`` holds the papers, ``ledger`` what each line is, ``heading`` and ``query`` the
    page's date and the search it shows, where it has them.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self.ledger = LineLedger(lines)
        self.records: list[ListingRecord] = []
        self.heading: PartialDate | None = None
        self.query: str | None = None
        self._lines = lines
        self._paragraph: list[tuple[int, str]] = []  # the lines of text since the last blank or other line
        self._run: list[Passage] = []  # the paragraphs since the last block or piece of boilerplate
        self._list_items: list[str] = []  # of the run's last paragraph, with what separates them
        self._block: _Block | None = None  # the block being read, which belongs to the run's last paper
        self._at_top = True  # above the first paper of a page, where its date is expected
        self._after_boilerplate = False

    def read(self) -> None:
        """Read all lines."""
        for index, line in enumerate(self._lines):
            text = line.strip()
            if not text:
                if self._paragraph:
                    self._end_paragraph()
            elif len(text) > _LONGEST_SHORT_LINE or not self._take_short_line(index, text):
                if self._block is not None:
                    self._end_run()
                self._paragraph.append((index, text))
        self._end_run()

    def _take_short_line(self, index: int, text: str) -> bool:
        """Read a line that may be part of a block or boilerplate; False if it is neither."""
        if len(text) == 1 and (text in _DOTS or text in _BULLETS):
            return self._take_mark(index, text)
        if text.endswith(("author", "authors")) and (count := read_author_count(text)) is not None:
            self._open_block(index, with_authors=True).author_count = count
            return True
        if text[-1].isdigit() and (shown := read_date_and_count(text)) is not None:
            self._take_date(index, *shown)
            return True
        if is_page_sentence(text):
            self._take_boilerplate(index)
            self._at_top = True
            return True
        if is_page_word(text) and (self._at_top or not self._paragraph) and not self._is_title_of_abstract(index):
            self._take_boilerplate(index)
            return True
        return False

    def _take_mark(self, index: int, mark: str) -> bool:
        """Read the dot between who and when, or the bullet of an author's picture; False if it can be neither."""
        if self._block is None and not self._paragraph and not self._run:
            return False
        if mark in _BULLETS:
            self._open_block(index, with_authors=False)
            return True
        block = self._block or self._open_block_at_dot(index)
        block.has_dot, block.last = True, index
        return True

    def _open_block(self, index: int, *, with_authors: bool) -> _Block:
        """The block that a line belongs to: the open one, unless it is past its authors already."""
        block = self._block
        if block is not None and (block.has_dot or (with_authors and block.author_count is not None)):
            self._end_run()
            block = None
        if block is None:
            self._end_paragraph()
            block = self._block = _Block(index, index)
        block.last = index
        return block

    def _open_block_at_dot(self, index: int) -> _Block:
        """Open a block whose first line is a dot, or the organisation before it."""
        directly_above = bool(self._paragraph)
        stands_alone = len(self._paragraph) == 1
        self._end_paragraph()
        self._end_list()
        name = self._run[-1] if len(self._run) > 1 else None  # a run's only text is its title, no organisation
        if name is None or not _may_be_organization(name.text, certain_place=directly_above and stands_alone):
            self._block = _Block(index, index)
        else:
            self._run.pop()
            self._block = _Block(name.first, index, organization=read_organization(name.text))
        return self._block

    def _take_date(self, index: int, day: PartialDate, count: int | None) -> None:
        """Read a date: of the open block, of the page, or of the paper above."""
        if self._block is None:
            self._end_paragraph()
            if self._at_top and not any(abstractness(passage.text) >= CLEARLY_ABSTRACT for passage in self._run):
                self._take_heading(index, day)
                return
            if not self._run and self._after_boilerplate:
                self._take_boilerplate(index)
                return
            self._block = _Block(index, index)
        self._block.published, self._block.comments, self._block.last = day, count, index
        self._end_run()

    def _take_heading(self, index: int, day: PartialDate) -> None:
        """Read the page's date; text between the boilerplate and the date is the search."""
        if self.heading is None:
            self.heading = day
        above, self._run = self._run, []
        if len(above) == 1 and len(above[0].text) <= _LONGEST_QUERY:
            self._take_query(above[0])
        else:
            for passage in above:
                self.ledger.problem(passage.first, passage.last, _ABOVE_HEADING)
        self._take_boilerplate(index)
        self._at_top = False

    def _take_query(self, passage: Passage) -> None:
        """Read the searched words, which are boilerplate."""
        self.query = self.query or passage.text
        for index in range(passage.first, passage.last + 1):
            self.ledger.boilerplate(index)

    def _take_boilerplate(self, index: int) -> None:
        """Read a line of the page itself; whatever was being read ends here."""
        self._end_paragraph()
        if self._block is None and self._is_query_before_boilerplate():
            self._take_query(self._run.pop())
        self._end_run()
        self.ledger.boilerplate(index)
        self._after_boilerplate = True

    def _is_query_before_boilerplate(self) -> bool:
        """Whether the run is one short text between pieces of boilerplate at the top of a page."""
        if len(self._run) != 1 or not (self._at_top and self._after_boilerplate) or self.query is not None:
            return False
        text = self._run[0].text
        return len(text) <= _LONGEST_QUERY and abstractness(text) < 0

    def _is_title_of_abstract(self, index: int) -> bool:
        """Whether the next line that is not blank is clearly an abstract, or among the papers may be one."""
        for below in range(index + 1, len(self._lines)):
            text = self._lines[below].strip()
            if text:
                is_long = len(text) >= (_LONGEST_SHORT_LINE if self._at_top else _SHORTEST_ABSTRACT)
                return is_long and (not self._at_top or abstractness(text) >= CLEARLY_ABSTRACT)
        return False

    def _end_paragraph(self) -> None:
        """Add the lines of the paragraph to the run."""
        paragraph = self._paragraph
        if len(paragraph) == 1:
            index, text = paragraph[0]
            self._add_passage(Passage(index, index, text))
        elif paragraph:
            for passage in _passages_of(paragraph):
                self._add_passage(passage)
        if paragraph:
            self._paragraph = []

    def _add_passage(self, passage: Passage) -> None:
        """Add a text to the run; an item of a list that the abstract above opened belongs to it."""
        if self._run and len(self._run) % 2 == 0 and is_list_item(passage.text):
            above = self._run[-1]
            if _opens_list(self._list_items[-1] if self._list_items else above.text):
                separator = "\n" if passage.first == above.last + 1 else "\n\n"
                self._list_items += (separator, passage.text)
                above.last = passage.last
                return
        self._end_list()
        self._run.append(passage)

    def _end_list(self) -> None:
        """Join the items of a list to the abstract that announced it."""
        if self._list_items:
            self._run[-1].text += "".join(self._list_items)
            self._list_items = []

    def _end_run(self) -> None:
        """Turn what was gathered into papers; the block, if one is open, belongs to the last."""
        self._end_paragraph()
        self._end_list()
        run, block = self._run, self._block
        if block is not None and not run:
            self.ledger.problem(block.first, block.last, _LONE_BLOCK)
        self._block = None
        if not run:
            return
        self._run, self._after_boilerplate = [], False
        pairs = pair_passages(run, closed=block is not None)
        if block is not None:
            pairs = _join_last_abstract(pairs)
        for pair in pairs[:-1]:
            self._take_pair(pair, None)
        self._take_pair(pairs[-1], block)

    def _take_pair(self, pair: Pair, block: _Block | None) -> None:
        """Make a record of a paper, or a problem of what is half of one."""
        title, abstract = pair.title, pair.abstract
        if title is None:
            assert abstract is not None
            last = block.last if block is not None else abstract.last
            self.ledger.problem(abstract.first, last, _LONE_ABSTRACT if block is None else _UNTITLED_BLOCK)
        elif abstract is None and block is None:
            self.ledger.problem(title.first, title.last, _LONE_TITLE)
        else:
            self._take_paper(title, abstract, block)

    def _take_paper(self, title: Passage, abstract: Passage | None, block: _Block | None) -> None:
        """Make a record."""
        self._at_top = False
        last = block.last if block is not None else (abstract or title).last
        self.ledger.record(title.first, last)
        text = abstract.text if abstract is not None else ""
        lines = LineRange(title.first + 1, last + 1)
        if block is None:
            record = ListingRecord(title.text, text, lines)
        else:
            record = ListingRecord(
                title.text,
                text,
                lines,
                author_count=block.author_count,
                organization=block.organization,
                published=block.published,
                comments=block.comments,
            )
        self.records.append(record)


def _join_last_abstract(pairs: list[Pair]) -> list[Pair]:
    """Join lone abstracts at the end of a run to the paper before them, which the block below them ends."""
    last = len(pairs) - 1
    while last > 0 and pairs[last].title is None:
        last -= 1
    paper = pairs[last]
    if last == len(pairs) - 1 or paper.title is None or paper.abstract is None:
        return pairs
    paragraphs = [pair.abstract for pair in pairs[last:] if pair.abstract is not None]
    text = "\n\n".join(paragraph.text for paragraph in paragraphs)
    return [*pairs[:last], Pair(paper.title, Passage(paper.abstract.first, paragraphs[-1].last, text))]


def _passages_of(paragraph: list[tuple[int, str]]) -> list[Passage]:
    """The texts of a paragraph of several lines: one wrapped text, or one a line where lines are not wrapped."""
    if any(len(text) >= _UNWRAPPED for _, text in paragraph):
        return [Passage(index, index, text) for index, text in paragraph]
    parts = [paragraph[0][1]]
    for _, text in paragraph[1:]:
        parts += ("\n" if is_list_item(text) else " ", text)
    return [Passage(paragraph[0][0], paragraph[-1][0], "".join(parts))]


def _opens_list(text: str) -> bool:
    """Whether a text announces a list, or its last line is an item of one."""
    return text.endswith((":", ";", ",")) or is_list_item(text[text.rfind("\n") + 1 :])


def _may_be_organization(text: str, *, certain_place: bool) -> bool:
    """Whether a text before the dot can be an organisation.

    In its ``certain_place`` (a line of its own directly above the dot) any short text is; elsewhere it must not end
    like a sentence.
    """
    if len(text) > _LONGEST_ORGANIZATION:
        return False
    return certain_place or not text.endswith((".", "?", "!", ":", ";", ","))


def parse(data: bytes) -> ParsedListing:
    """Read a plain text dump of the page."""
    decoded = decode(data)
    reader = _Reader(decoded.lines())
    reader.read()
    return reader.ledger.listing(NAME, decoded, reader.records, heading=reader.heading, query=reader.query)


def detect(head: Head) -> float:
    """High where the page names itself or a block stands; middling where only the shape is that of a listing."""
    lines = list(head.lines)
    if _is_another_dump(lines):
        return 0.0
    if any(is_page_sentence(line) for line in lines) or _has_block(lines):
        return _NAMED
    if any(line.startswith(_OTHER_TEXTS) for line in lines):
        return 0.0
    if len(head.data) > DETECTION_BYTES:  # leave the paragraph out that the head's end cuts
        while lines and lines.pop().strip():
            pass
    return _SHAPED if _has_shape_of_listing(lines) else 0.0


def _is_another_dump(lines: list[str]) -> bool:
    """Whether a text is markup or keeps the page's links, which plain listings have lost."""
    first = next((line.lstrip() for line in lines if line.strip()), "")
    if first.startswith(("<", "{", "[")) or any(line.startswith(_OTHER_DUMPS) for line in lines):
        return True
    return any(line.startswith(("[", "#")) and any(link in line for link in _LINKS) for line in lines)


def _has_block(lines: list[str]) -> bool:
    """Whether a date stands below a dot, as in the block under a paper."""
    shown = (line for line in lines if line.strip())
    return any(dot.strip() == "·" and read_date_and_count(when) is not None for dot, when in pairwise(shown))


def _has_shape_of_listing(lines: list[str]) -> bool:
    """Whether text without any word of the page alternates between titles and abstracts of research papers."""
    reader = _Reader(lines)
    reader.read()
    account, _ = reader.ledger.close()
    records = reader.records
    if len(records) < _FEWEST_PAPERS or account.problems > _MOST_PROBLEMS * account.total:
        return False
    if median(_words_in(record.title) for record in records) < _FEWEST_TITLE_WORDS:
        return False
    return sum(map(_is_about_research, records)) >= 0.8 * len(records)


def _words_in(title: str) -> int:
    """The number of words, where a script without spaces counts as two characters a word."""
    return max(len(title.split()), 0 if title.isascii() else len(_NO_SPACES.findall(title)) // 2)


def _is_about_research(record: ListingRecord) -> bool:
    """Whether a record's second text is as long as an abstract and has several words of research."""
    words = {word.lower() for word in _RESEARCH.findall(record.abstract)}
    return abstractness(record.abstract) >= CLEARLY_ABSTRACT and len(words) >= _FEWEST_RESEARCH_WORDS


FORMAT = Format(
    NAME,
    detect,
    parse,
    title="a Daily Papers page as text",
    sign="a paper is a title, a blank line and its abstract",
)
"""The plain format."""
