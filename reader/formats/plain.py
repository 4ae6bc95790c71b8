"""Plain text dumps of the Daily Papers page: titles, abstracts and blocks of authors and date, between blank lines.

A page begins with boilerplate (what it says itself: "Subscribe", "Daily Papers", …) and a heading date ("Dec 8"). Each
paper is a paragraph with its title, one with its abstract and, on some pages, a block of three lines: ``• 8 authors``
or an organisation (account, then name), ``·``, and its date with the number of comments (``Sep 25, 2024 3``).

**How a title is told from an abstract**: by position first. Blocks and boilerplate cut the page into runs; in a sound
run titles and abstracts alternate, and then no length, case or punctuation matters (titles reach 175 characters and
end in "." or "?", abstracts go down to 165). Where a run does not alternate, the shapes of its paragraphs decide
(:mod:`reader.formats.shape`, :mod:`reader.formats.title_pairs`), and what is left over is a problem; the paragraphs
around it are read as ever. In detail:

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
from itertools import pairwise
from statistics import median

from reader.domain.records import ListingRecord, ParsedListing
from reader.formats.format import DETECTION_BYTES, Format
from reader.formats.page import is_page_sentence, read_date_and_count
from reader.formats.plain_reader import PlainReader
from reader.formats.shape import CLEARLY_ABSTRACT, abstractness
from reader.formats.text_decoder import decode, head_lines

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


def parse(data: bytes) -> ParsedListing:
    """Read a plain text dump of the page."""
    decoded = decode(data)
    reader = PlainReader(decoded.lines())
    reader.read()
    return reader.ledger.listing(NAME, decoded, reader.records, heading=reader.heading, query=reader.query)


def detect(data: bytes, name: str) -> float:
    """High where the page names itself or a block stands; middling where only the shape is that of a listing."""
    lines = head_lines(data)
    if _is_another_dump(lines):
        return 0.0
    if any(is_page_sentence(line) for line in lines) or _has_block(lines):
        return _NAMED
    if any(line.startswith(_OTHER_TEXTS) for line in lines):
        return 0.0
    if len(data) > DETECTION_BYTES:  # leave the paragraph out that the head's end cuts
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
    reader = PlainReader(lines)
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
