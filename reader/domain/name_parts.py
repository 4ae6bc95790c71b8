"""Personal names split into their parts: ``Cy van der Bee Jr.``, ``van der Bee, Cy, Jr.``, ``Barnes, Inc.``.

Unless more is known this follows BibTeX (``btxdoc``, section 4): the family name comes before a comma; without a comma
it is the last word, and words in lower case before it are its particle.
"""

from __future__ import annotations

import re

from reader.domain.bibliography import Name

_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th"})
_LONGEST_SUFFIX = 2
_COMPANY_FORMS = "inc ltd limited llc llp plc gmbh ag corp corporation co company sa spa bv nv kg pty"
_COMPANY = frozenset(_COMPANY_FORMS.split())
_TIGHT_INITIALS = re.compile(r"[^\s,]+,(?:[A-Z]\.){1,3}")
"""A family name and initials without a space between them, as in older RIS files (``Bee,S.A.``): not a company."""
_HOMONYM_NUMBER = re.compile(r"(?<=\S) 0\d{3}(?=,|$)")


def name_in_parts(text: str) -> Name:
    """Split a name into its parts; a single word or a company's name (``Barnes, Inc.``) stays literal."""
    whole = without_homonym_number(" ".join(text.split()))
    first, *rest = [part.strip() for part in whole.split(",")]
    if rest and all(is_company(part) for part in rest) and not _TIGHT_INITIALS.fullmatch(whole):
        return Name(literal=whole)
    if not rest:
        return _in_reading_order(first.split()) or Name(literal=whole)
    if len(rest) == 1 and is_suffix(rest[0]):
        name = _in_reading_order([*first.split(), rest[0]])
        return name or Name(family=first, suffix=rest[0])
    # BibTeX writes “Bee, Jr., Cy”; the other order occurs as well.
    if len(rest) == 2 and is_suffix(rest[0]):
        rest.reverse()
    is_clause = len(rest) == 2 and len(rest[1].split()) > _LONGEST_SUFFIX  # commas in an organisation's name
    if len(rest) > 2 or is_clause or not first or not rest[0]:
        return Name(literal=whole.strip(", ") or whole)
    words, suffix = first.split(), rest[1] if len(rest) == 2 else ""
    if not suffix and len(words) > 1 and is_suffix(words[-1]):
        suffix = words.pop()
    given = rest[0].split()
    if not suffix and len(given) > 1 and is_suffix(given[-1]):  # PubMed's order: "Dee, Cy Jr"
        suffix = given.pop()
    particle, family = _particle_first(words)
    return Name(family, " ".join(given), particle, suffix)


def without_homonym_number(name: str) -> str:
    """A name without the number that DBLP adds to tell people of the same name apart (``Wei Li 0001``).

    Source: https://dblp.org/faq/.
    """
    return _HOMONYM_NUMBER.sub("", name) if "0" in name else name


def is_suffix(text: str) -> bool:
    """Whether a word is a suffix such as ``Jr.`` or ``III``, which follows the family name."""
    return text.strip(". ").lower() in _SUFFIXES


def is_company(text: str) -> bool:
    """Whether a text is a company's suffix after a comma (``Inc.``, ``S.A.``)."""
    return text.replace(".", "").lower() in _COMPANY


def _in_reading_order(words: list[str]) -> Name | None:
    """Split words in reading order into given names, particle, family name, suffix; None for fewer than two."""
    suffixes: list[str] = []
    while len(words) > 1 and is_suffix(words[-1]):
        suffixes.insert(0, words.pop())
    if len(words) < 2:
        return Name(family=words[0], suffix=" ".join(suffixes)) if words and suffixes else None
    start = len(words) - 1
    # The first word is a given name even in lower case, so the particle begins at the second at the earliest.
    while start > 1 and words[start - 1][:1].islower():
        start -= 1
    return Name(words[-1], " ".join(words[:start]), " ".join(words[start:-1]), " ".join(suffixes))


def _particle_first(words: list[str]) -> tuple[str, str]:
    """The particle and the family name from the words before a comma; the last word is never a particle."""
    start = next((place for place, word in enumerate(words) if not word[:1].islower()), len(words) - 1)
    return " ".join(words[:start]), " ".join(words[start:])
