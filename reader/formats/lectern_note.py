"""Notes of papers that Lectern exported to a vault: front matter with a ``paper-key``, and the paper's abstract.

A note is read for what it says of its paper only; what its owner wrote into it, and the annotations, are the vault's.
Its form is described in ``docs/export.md``. The key lets a library pass over the notes that it wrote itself.
"""

from __future__ import annotations

import re

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.dates import PartialDate
from reader.domain.links import is_safe_url
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats.entries import EntryTally, fold_lines
from reader.formats.export.front_matter import (
    OPAQUE,
    PAPER_KEY,
    Entry,
    UnreadableError,
    find_front_matter,
    find_paper_key,
    read_entries,
)
from reader.formats.format import Format
from reader.formats.text_decoder import Head, clean_text, decode

NAME = "lectern-note"

_HEADING = re.compile(r"^# (.{1,2000})$", re.MULTILINE)
_ABSTRACT = re.compile(r"^> \[!abstract\][^\n]{0,200}\n((?:>[^\n]*\n?){1,400})", re.MULTILINE)
_BLOCK_ENDS = re.compile(r"^(?:\^paper|<!--\s?paper\s?-->)\s*$", re.MULTILINE)
_NOT_ABSTRACT = ("#", "[", "%%", "<!--", ">")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_LONGEST_FRONT_MATTER = 60_000


def detect(head: Head) -> float:
    """How much a file looks like a note of Lectern's: front matter that names a paper's key."""
    if not head.text.startswith("---") or PAPER_KEY not in head.text[:_LONGEST_FRONT_MATTER]:
        return 0.0
    return 1.0 if find_paper_key(head.text) is not None else 0.0


def parse(data: bytes) -> ParsedListing:
    """Read a note; one without a title has no record but a problem."""
    decoded = decode(data)
    text = clean_text(decoded.text).replace("\r\n", "\n").replace("\r", "\n")
    tally = EntryTally()
    values = _front_matter(text)
    title = fold_lines(_value(values, "title")) or _heading(text)
    if title:
        tally.add_record(_record(text, values, title))
    else:
        tally.add_problem("The note has no title.", text)
    return tally.listing(NAME, decoded)


def _record(text: str, values: dict[str, Entry], title: str) -> ListingRecord:
    """What a note says of its paper."""
    names = values.get("authors")
    listed = names.said if names is not None and isinstance(names.said, tuple) else ()
    shown = [item.text for item in listed if item.text not in {"", OPAQUE}]
    authors = tuple(name for text in shown if (name := fold_lines(text)))
    url = _value(values, "url").strip()
    return ListingRecord(
        title=title,
        abstract=_abstract(text),
        lines=LineRange(1, 1),
        published=PartialDate.parse_iso(_value(values, "published")),
        arxiv_id=normalize_arxiv_id(url),
        url=url if is_safe_url(url) else None,
        key=find_paper_key(text),
        authors=authors,
        author_count=len(authors) or None,
    )


def _front_matter(text: str) -> dict[str, Entry]:
    """The keys of a note's front matter; none where its owner damaged it."""
    span = find_front_matter(text)
    try:
        return {entry.key: entry for entry in read_entries(text, span)} if span is not None else {}
    except UnreadableError:
        return {}


def _value(values: dict[str, Entry], key: str) -> str:
    """A key's text; empty where there is none."""
    entry = values.get(key)
    return entry.said if entry is not None and isinstance(entry.said, str) else ""


def _heading(text: str) -> str:
    """The note's first heading."""
    match = _HEADING.search(text)
    return fold_lines(_unescaped(match[1])) if match else ""


def _abstract(text: str) -> str:
    """The abstract: a callout of Obsidian's, or in plain Markdown the last paragraph of the paper's block."""
    callout = _ABSTRACT.search(text)
    if callout:
        return fold_lines(_unescaped("\n".join(line[1:] for line in callout[1].split("\n"))))
    end = _BLOCK_ENDS.search(text)
    span = find_front_matter(text)
    if end is None or span is None:
        return ""
    paragraphs = [part.strip() for part in text[span.end : end.start()].split("\n\n") if part.strip()]
    shown = [part for part in paragraphs if not part.startswith(_NOT_ABSTRACT) and " · " not in part[:300]]
    return fold_lines(_unescaped(shown[-1])) if shown else ""


def _unescaped(text: str) -> str:
    """Markdown's escapes undone."""
    return _ESCAPE.sub(r"\1", text)


FORMAT = Format(NAME, detect, parse, title="a Lectern note", sign="its front matter needs a “paper-key”")
