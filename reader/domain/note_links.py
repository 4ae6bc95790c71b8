"""Links from notes to papers: ``[[title]]``, ``[[key]]``, ``[[title or key|words to show]]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.folding import fold_title
from reader.domain.keys import KEY_LENGTH
from reader.domain.markdown_code import find_code

LONGEST_LINK = 1_000
"""The largest number of characters between the brackets of a link."""

_IN_CODE = re.compile(r"[^\n]")
# A control character, which no pattern here matches.
_HIDDEN = "\u0001"
_LINK = re.compile(rf"(?<!\\)\[\[((?:[^\[\]\n]|\[(?!\[)|\](?!\])|\](?=\]\])){{1,{LONGEST_LINK}}})\]\]")
_KEY = re.compile(rf"[a-z2-7]{{{KEY_LENGTH}}}")
_UNFIT_TO_SHOW = re.compile(r"[\[\]|`\\]+")


class LinkedBy(StrEnum):
    """The ways in which a link can name a paper."""

    KEY = "key"
    ARXIV_ID = "arxiv_id"
    TITLE = "title"
    """The folded title (:func:`reader.domain.folding.fold_title`)."""


@dataclass(frozen=True, slots=True)
class NoteLink:
    """A link in a note. ``start`` and ``end`` include the brackets, ``inner`` is the trimmed text between them."""

    start: int
    end: int
    inner: str

    @property
    def shown(self) -> str:
        """The words to show: those after the last ``|``, otherwise all of them."""
        return self.inner.rpartition("|")[2].strip() or self.inner

    @property
    def lookups(self) -> tuple[tuple[LinkedBy, str], ...]:
        """Ways to look up the paper, best first; the first that finds a paper counts.

        The whole text between the brackets is tried before the part in front of ``|``, because titles may contain that
        character.
        """
        names = [self.inner]
        if "|" in self.inner:
            names.append(self.inner.rpartition("|")[0].strip())
        return tuple(dict.fromkeys(lookup for name in names for lookup in _lookups(name)))


def find_note_links(markdown: str) -> list[NoteLink]:
    """The links of a note, in order. Ignored: code, empty links, links across lines, links after a backslash."""
    links = []
    for match in _LINK.finditer(_without_code(markdown)):
        inner = markdown[match.start(1) : match.end(1)].strip()
        if inner:
            links.append(NoteLink(match.start(), match.end(), inner))
    return links


def note_link(title: str, key: str) -> str:
    """The link to write for a paper: by title if the link reads back as exactly that title, otherwise by key."""
    shown = " ".join(title.split())
    by_title = NoteLink(0, len(shown) + 4, shown)
    if find_note_links(f"[[{shown}]]") == [by_title] and by_title.lookups == ((LinkedBy.TITLE, fold_title(title)),):
        return f"[[{shown}]]"
    return note_link_by_key(title, key)


def note_link_by_key(title: str, key: str) -> str:
    """The link to write for a paper whose title would name another paper: by key, showing the title."""
    shown = " ".join(_UNFIT_TO_SHOW.sub(" ", title).split())[: LONGEST_LINK - KEY_LENGTH - 1]
    return f"[[{key}|{shown}]]" if shown else f"[[{key}]]"


@dataclass(frozen=True, slots=True)
class UnfinishedLink:
    """A link being typed. Completion replaces ``start`` to ``end`` (with brackets); ``typed`` is the text so far."""

    start: int
    end: int
    typed: str


def unfinished_link(markdown: str, cursor: int) -> UnfinishedLink | None:
    """The link at the cursor, to be completed; None without one."""
    # A link has neither line ends nor more characters than this, so nothing before can be its start.
    line_start = max(markdown.rfind("\n", 0, cursor) + 1, cursor - LONGEST_LINK)
    hidden = _without_code(markdown)
    start = hidden.rfind("[[", line_start, cursor)
    if start < 0 or hidden.find("]]", start, cursor) >= 0 or hidden[max(0, start - 1) : start] == "\\":
        return None
    line_end = markdown.find("\n", cursor)
    line_end = len(markdown) if line_end < 0 else line_end
    closed = hidden.find("]]", cursor, line_end)
    opened = hidden.find("[[", cursor, line_end)
    is_closed = closed >= 0 and not 0 <= opened < closed
    return UnfinishedLink(start, closed + 2 if is_closed else cursor, markdown[start + 2 : cursor].strip())


def _lookups(name: str) -> list[tuple[LinkedBy, str]]:
    """The ways in which a name can be looked up."""
    lookups = []
    if _KEY.fullmatch(name.lower()):
        lookups.append((LinkedBy.KEY, name.lower()))
    arxiv_id = normalize_arxiv_id(name)
    if arxiv_id is not None:
        lookups.append((LinkedBy.ARXIV_ID, arxiv_id))
    fold = fold_title(name)
    if fold:
        lookups.append((LinkedBy.TITLE, fold))
    return lookups


def _without_code(markdown: str) -> str:
    """The text with code replaced by other characters; length and lines stay the same."""
    if "`" not in markdown and "~~~" not in markdown and "    " not in markdown and "\t" not in markdown:
        return markdown
    parts, place = [], 0
    for start, end in find_code(markdown):
        parts += [markdown[place:start], _IN_CODE.sub(_HIDDEN, markdown[start:end])]
        place = end
    return "".join([*parts, markdown[place:]])
