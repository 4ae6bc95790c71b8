"""What a bibliography says of a work beside its text: names in their parts, and where it was published.

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
    """A name in its parts; ``literal`` alone is that of an organisation, which has none.

    ``particle`` is what stands before the family name (``van der``), ``suffix`` what follows it (``Jr.``).
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
    """Where and as what a work was published; None for what is not known.

    ``venue`` is the journal, the proceedings or the book that the work is in. ``number`` is the issue or a report's
    number. ``entry_type`` is BibTeX's (``article``, ``inproceedings``). ``cite_key_given`` is the citation key that the
    work came with.
    """

    venue: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    publisher: str | None = None
    entry_type: str | None = None
    cite_key_given: str | None = None


NO_PUBLICATION = Publication()
"""Nothing known of a publication."""


def page_ranges(pages: str, dash: str) -> str:
    """Pages with every range written with the same dash."""
    return _RANGE.sub(rf"\g<1>{dash}\g<2>", pages)


def published_in_venue(publication: Publication) -> str:
    """Where a work was published, on one line: ``Annals of Counting 12(3), pp. 45–67``; empty without a venue."""
    if not publication.venue:
        return ""
    number = f"({publication.number})" if publication.number else ""
    issue = f"{publication.volume or ''}{number}"
    pages = page_ranges(publication.pages or "", "–")
    several = "pp." if re.search("[–,]", pages) else "p."
    return f"{publication.venue}{f' {issue}' if issue else ''}{f', {several} {pages}' if pages else ''}"
