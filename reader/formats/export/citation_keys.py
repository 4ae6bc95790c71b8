"""Citation keys: short, readable, and once given, for ever. Whoever gives them keeps them.

A paper's authors, year and even its title may become known or change after it was cited, so a key is not made anew
each time: these are candidates, best first, of which a library takes the first that is free and remembers it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from reader.domain.papers import Paper
from reader.formats.export.fields import Show, publication_year
from reader.formats.export.names import ascii_slug, short_key

_UNTELLING_WORDS = """
a an the on of for in to and or is are be do does can with without from by via as at how why what when where which
towards toward using beyond you your its it all not no
"""
_UNTELLING = frozenset(_UNTELLING_WORDS.split())
_SUFFIXES = "abcdefghijklmnopqrstuvwxyz"
_PARTICLES = frozenset({"jr", "sr", "ii", "iii", "iv"})


def citation_key_candidates(paper: Paper, show: Show = str) -> Iterator[str]:
    """Keys for a paper: ``lovelace2031sheep``, or ``countingsheep2031`` without authors; then with a, b, … behind."""
    base = _base(paper, show)
    yield base
    for round_ in count():
        for letter in _SUFFIXES:
            yield f"{base}{letter}" if round_ == 0 else f"{base}{letter}{round_}"


def _base(paper: Paper, show: Show) -> str:
    words = [word for word in ascii_slug(show(paper.title), 400).split("-") if word]
    telling = [word for word in words if word not in _UNTELLING and not word.isdigit()] or words
    year = publication_year(paper) or ""
    name = family_name(paper.authors[0]) if paper.authors else ""
    author = ascii_slug(name, 40).replace("-", "")
    if author:
        return f"{author}{year}{telling[0][:24] if telling else ''}"
    title = "".join(word[:24] for word in telling[:3])
    return f"{title}{year}" if title else f"paper-{short_key(paper.key)}"


def family_name(name: str) -> str:
    """A person's family name, as far as that can be told: what stands before a comma, else the last word."""
    if "," in name:
        return name.split(",")[0].strip()
    words = name.split()
    while len(words) > 1 and words[-1].strip(".").lower() in _PARTICLES:
        words.pop()
    return words[-1] if words else ""


def family_and_given(name: str) -> tuple[str, str]:
    """A person's name in its two parts; the second is empty where there is only one."""
    if "," in name:
        family, given = (part.strip() for part in name.split(",", 1))
        return family, given
    family = family_name(name)
    words = name.split()
    return family, " ".join(words[: len(words) - 1 - words[::-1].index(family)] if family in words else [])
