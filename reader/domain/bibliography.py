"""Bibliographic facts of a work: names in their parts, and where it was published.

The parts of names are CSL's (https://docs.citationstyles.org/en/stable/specification.html#name-particles), the fields
those of BibTeX.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAGE = r"[A-Za-z]?\d+(?:[:.]\d+)?"
_RANGE = re.compile(rf"(?<![\w.:-])({_PAGE})\s*[-–—]+\s*({_PAGE})(?![\w.:-])")


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name in its parts, or the name of an organisation in ``literal`` alone.

    ``particle`` comes before the family name (``van der``), ``suffix`` after it (``Jr.``).
    """

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    def __str__(self) -> str:
        """The name in reading order: ``Ann van der Bee Jr.``."""
        if self.literal:
            return self.literal
        return " ".join(part for part in (self.given, self.particle, self.family, self.suffix) if part)


@dataclass(frozen=True, slots=True)
class Publication:
    """Where and how a work was published; unknown fields are None.

    ``venue`` is the journal, proceedings or book that contains the work. ``number`` is the issue, or a report's number.
    ``entry_type`` is BibTeX's (``article``, ``inproceedings``). ``cite_key_given`` is the citation key in the imported
    file.
    """

    venue: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    publisher: str | None = None
    entry_type: str | None = None
    cite_key_given: str | None = None


NO_PUBLICATION = Publication()
"""A publication with no known field."""


def page_ranges(pages: str, dash: str) -> str:
    """Page numbers with the same dash in every range."""
    return _RANGE.sub(rf"\g<1>{dash}\g<2>", pages)


def published_in_venue(publication: Publication) -> str:
    """The place of publication on one line: ``Annals of Counting 12(3), pp. 45–67``; empty without a venue."""
    if not publication.venue:
        return ""
    number = f"({publication.number})" if publication.number else ""
    issue = f"{publication.volume or ''}{number}"
    pages = page_ranges(publication.pages or "", "–")
    several = "pp." if re.search("[–,]", pages) else "p."
    return f"{publication.venue}{f' {issue}' if issue else ''}{f', {several} {pages}' if pages else ''}"
