"""Candidates for citation keys: short, readable, and permanent once assigned.

A paper's authors, year and even its title may become known or change after it was cited, so a key is not made anew
each time: these are candidates, best first, of which a library takes the first that is free and remembers it. The best
is the one that a paper came with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from reader.domain.bibliography import Name
from reader.domain.papers import Paper
from reader.formats.export.fields import Show, publication_year
from reader.formats.export.names import ascii_slug, short_key
from reader.formats.export.people import author_parts

_UNTELLING_WORDS = """
a an the on of for in to and or is are be do does can with without from by via as at how why what when where which
towards toward using beyond you your its it all not no
"""
_UNTELLING = frozenset(_UNTELLING_WORDS.split())
_SUFFIXES = "abcdefghijklmnopqrstuvwxyz"
_GIVEN = re.compile(r"[^\W_][^\s{}(),\"#%'=~\\@<>|*?$&^\x00-\x1f\x7f-\x9f]{0,79}")
"""Keys that may stand in a BibTeX file and in a citation of Pandoc's as they are."""


def citation_key_candidates(paper: Paper, show: Show = str) -> Iterator[str]:
    """Keys for a paper: the one it came with, then ``lovelace2031sheep``, or ``countingsheep2031`` without authors;
    then with a, b, … behind.
    """
    came_with = paper.publication.cite_key_given
    if came_with and _GIVEN.fullmatch(came_with) and came_with.isprintable():
        yield came_with
    base = _base(paper, show)
    yield base
    for round_ in count():
        for letter in _SUFFIXES:
            yield f"{base}{letter}" if round_ == 0 else f"{base}{letter}{round_}"


def _base(paper: Paper, show: Show) -> str:
    words = [word for word in ascii_slug(show(paper.title), 400).split("-") if word]
    telling = [word for word in words if word not in _UNTELLING and not word.isdigit()] or words
    year = publication_year(paper) or ""
    first = next(iter(author_parts(paper, show)), Name())
    author = ascii_slug(first.family or first.literal, 40).replace("-", "")
    if author:
        return f"{author}{year}{telling[0][:24] if telling else ''}"
    title = "".join(word[:24] for word in telling[:3])
    return f"{title}{year}" if title else f"paper-{short_key(paper.key)}"
