"""Author fields of BibTeX: ``Bee, Ann and van Dee, Cy and {The Team} and others``, and lists in other forms.

Names are parted by "and" outside of braces. Lists that their writers parted by commas or semicolons are told by what
BibTeX could not mean: a comma before "and", more parts than a name has, initials behind every other comma. BibLaTeX's
extended form (``family=Bee, given=Ann``): its manual, section 3.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from reader.domain.bibliography import Name
from reader.domain.name_parts import is_company, is_suffix, name_in_parts, without_homonym_number
from reader.formats.braces import closing_brace, cut_outside_braces
from reader.formats.latex_source import decode_latex_source
from reader.formats.markup import without_markup
from reader.formats.people import OTHERS, is_initials, without_more

_LONGEST_NAME = 400
_DELIMITER = re.compile(r"(?<=\s)\\?&(?=\s)|\\.|[{};]|(?<=[\s}])(?:and|AND|And)(?=[\s{]|$)", re.DOTALL)
_AND, _SEMICOLON, _AMPERSAND = "and", ";", "&"
_EXTENDED = re.compile(r"\s*\"?(?:family|given|prefix|suffix)(?:-i)?\s*=", re.IGNORECASE)
_EXTENDED_PART = re.compile(r"\s*\"?(family|given|prefix|suffix)\s*=\s*(.*?)\"?\s*", re.IGNORECASE | re.DOTALL)
_BLANKS = r"[\s~]+"
_FEWEST_LISTED = 4
_IN_ORGANISATIONS = frozenset({"of", "for", "at", "on", "the"})  # no particle of a person's name


def read_names(text: str) -> tuple[Name, ...]:
    """The names in their parts, :data:`~reader.formats.people.OTHERS` last where there are more than are named."""
    names: list[Name] = []
    more = False
    for person in _persons(without_markup(text) if "&" in text else text):
        plain = _text(person)
        named = without_more(plain)
        if named != plain:
            more, person = True, without_more(person) if without_more(person) != person else named
        if named and str(name := _name(person)):
            names.append(name)
    return (*names, OTHERS) if more else tuple(names)


def _persons(text: str) -> Iterable[str]:
    """The names of a list, each as written."""
    parts = [part for part in _parted(text) if part.strip(" \t\n,")]
    is_list = any(part.rstrip().endswith(",") for part in parts[:-1])
    is_family_first = is_list and len(cut_outside_braces(parts[-1].strip(" \t\n,"), ",")) == 2
    for part in parts:
        yield from _listed(part.strip(" \t\n,"), is_list=is_list, is_family_first=is_family_first)


def _parted(text: str) -> list[str]:
    """A list cut at "and", at semicolons, and at an ampersand between two names of several words or with commas."""
    parts, depth, start, ampersands = [], 0, 0, []
    for match in _DELIMITER.finditer(text):
        sign = match[0]
        if sign in "{}":
            depth = max(0, depth + (1 if sign == "{" else -1))
        elif depth == 0 and (sign.lower() == _AND or sign == _SEMICOLON):
            parts.append(text[start : match.start()])
            start = match.end()
        elif depth == 0 and sign in {_AMPERSAND, r"\&"}:
            ampersands.append((match.start(), match.end()))
    parts.append(text[start:])
    # Only the last ampersand can join two names, and only without “and”: “Bee & Co” stays one name.
    if ampersands and len(parts) == 1:
        begin, end = ampersands[-1]
        before, after = text[:begin].strip(), text[end:].strip()
        if all("," in side or len(side.split()) > 1 for side in (before, after)) and not is_company(after):
            return [*_parted(before), after]
    return parts


def _listed(text: str, *, is_list: bool, is_family_first: bool) -> list[str]:
    """The names that stand in a part of a list, which may itself be a list parted by commas."""
    if "," not in text or _EXTENDED.match(text):
        return [text]
    parts = cut_outside_braces(text, ",")
    if is_list or (len(parts) >= _FEWEST_LISTED and not any(is_suffix(part) for part in parts)) or _has_three(parts):
        return _paired(parts, is_family_first=is_family_first)
    return [text]


def _has_three(parts: list[str]) -> bool:
    """Whether three parts are three names of several words, not family name, suffix and given names."""
    return len(parts) == 3 and all(len(part.split()) > 1 for part in parts) and not any(map(is_suffix, parts))


def _paired(parts: list[str], *, is_family_first: bool) -> list[str]:
    """The names of a list parted by commas: pairs of family name and given names, else each part a name."""
    behind = parts[1::2]
    are_initials = all(is_initials(_text(part)) for part in behind)
    are_single = all(len(_words(part)) == 1 for part in parts[::2])
    # “Bee, A., Dee, C.”: every other part completes the name before it.
    if len(parts) % 2 == 0 and (is_family_first or are_initials or are_single):
        return [f"{family}, {given}" for family, given in zip(parts[::2], behind, strict=True)]
    if all(_is_family_first(part) for part in parts):
        return [", ".join((" ".join(_words(part)[:-1]), _words(part)[-1])) for part in parts]
    return parts


def _is_family_first(part: str) -> bool:
    """Whether a name ends in bare initials, as medical journals write them (``Bee A``)."""
    words = _words(part)
    last = words[-1] if words else ""
    return len(words) > 1 and last.isupper() and last.isalpha() and len(last) <= 3 and not is_initials(words[0])


def _name(text: str) -> Name:
    """One name."""
    text = without_homonym_number(text.strip(" \t\n,"))
    if len(text) > _LONGEST_NAME:
        return Name(literal=_text(text))
    if _EXTENDED.match(text):
        return _extended(text)
    if not text.startswith("{\\") and text and closing_brace(text, 0) == len(text) - 1:
        return Name(literal=_text(text))
    parts = cut_outside_braces(text, ",")
    if len(parts) == 1:
        return _given_first(_words(text))
    if len(parts) == 2 and is_suffix(_text(parts[1])):
        return _given_first([*_words(parts[0]), parts[1]])
    name = name_in_parts(", ".join(map(_text, parts)))
    if name.literal or "{" not in parts[0]:
        return name
    family = _words(parts[0])  # braces make the small words in them part of the family name
    particle = _small_words(family[:-1])
    return Name(_joined(family[particle:]), name.given, _joined(family[:particle]), name.suffix)


def _extended(text: str) -> Name:
    """A name in BibLaTeX's extended form."""
    found = {}
    for part in cut_outside_braces(text, ","):
        if match := _EXTENDED_PART.fullmatch(part):
            found[match[1].lower()] = _text(match[2])
    return Name(found.get("family", ""), found.get("given", ""), found.get("prefix", ""), found.get("suffix", ""))


def _given_first(words: list[str]) -> Name:
    """A name without comma: given names, from the first small word on the particle, at last the family name.

    An organisation's that its writer did not put in braces (``Institute for Moss``) is literal.
    """
    suffix = ""
    if len(words) > 2 and is_suffix(_text(words[-1])):
        suffix, words = _text(words[-1]), words[:-1]
    if len(words) < 2:
        return Name(family=_text(" ".join(words)), suffix=suffix)
    if not _IN_ORGANISATIONS.isdisjoint(words[1:-1]):
        return Name(literal=_joined([*words, suffix] if suffix else words))
    begin = next((place for place, word in enumerate(words[:-1]) if _is_small(word)), len(words) - 1)
    if all(map(_is_small, words)):
        begin = len(words) - 1  # nothing tells a particle from the given names
    end = begin + _last_small(words[begin:-1])
    return Name(_joined(words[end:]), _joined(words[:begin]), _joined(words[begin:end]), suffix)


def _small_words(words: list[str]) -> int:
    """How many words at the beginning are small, up to the last small one if the first is."""
    return _last_small(words) if words and _is_small(words[0]) else 0


def _last_small(words: list[str]) -> int:
    """The number of words up to the last small one."""
    return max((place for place, word in enumerate(words, start=1) if _is_small(word)), default=0)


def _is_small(word: str) -> bool:
    """Whether a word begins with a small letter; braces make it large, as BibTeX has it."""
    if word.startswith("{") and not word.startswith("{\\"):
        return False
    if word[:1].isupper():
        return False
    first = next((char for char in _text(word) if char.isalpha()), "A")
    return first.islower()


def _words(text: str) -> list[str]:
    return [word for word in cut_outside_braces(text, _BLANKS) if word]


def _joined(words: list[str]) -> str:
    return " ".join(map(_text, words))


def _text(source: str) -> str:
    """A part of a name as text, on one line."""
    return " ".join(decode_latex_source(source).replace("~", " ").split())
