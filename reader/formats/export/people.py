r"""Authors in the notations of reference managers: BibTeX, RIS and CSL.

Names that came in their parts go out in them; others are taken apart as far as that can be told
(:mod:`reader.domain.name_parts`). Sources: ``btxdoc``, section 4; the RIS specification's ``AU`` (family name, given
names, suffix); https://docs.citationstyles.org/en/stable/specification.html#name-particles.
"""

from __future__ import annotations

import re

from reader.domain.bibliography import Name
from reader.domain.name_parts import name_in_parts
from reader.domain.papers import Paper
from reader.formats.export.fields import Show, has_more_authors
from reader.formats.export.inert import one_line
from reader.formats.export.latex import latex_text

OTHERS = "others"
"""What stands for authors that are not named, in BibTeX's way; Pandoc writes the same into CSL-JSON."""
_AMBIGUOUS = re.compile(r"\band\b|,|\bothers\b", re.IGNORECASE)


def author_parts(paper: Paper, show: Show = str) -> list[Name]:
    """The authors' names in their parts, without those that are empty."""
    if len(paper.author_names) == len(paper.authors):
        names = [_shown(name, show) for name in paper.author_names]
    else:
        names = [name_in_parts(one_line(show(author))) for author in paper.authors]
    return [name for name in names if str(name)]


def bibtex_authors(paper: Paper, show: Show = str) -> str:
    """The names, joined by ``and``; names that BibTeX would take apart wrongly are kept together by braces."""
    if paper.author_names and len(paper.author_names) == len(paper.authors):
        names = [_bibtex_name(name) for name in author_parts(paper, show)]
    else:
        names = [_bibtex_guess(author, show) for author in paper.authors]
    return " and ".join([*filter(None, names), *([OTHERS] if has_more_authors(paper) else [])])


def ris_authors(paper: Paper, show: Show = str) -> list[str]:
    """The names as RIS has them: family name, given names, suffix; others as "et al."."""
    names = [_ris_name(name) for name in author_parts(paper, show)]
    return [*names, *(["et al."] if has_more_authors(paper) else [])]


def csl_authors(paper: Paper, show: Show = str) -> list[dict[str, str]]:
    """The names as CSL has them."""
    names = [_csl_name(name) for name in author_parts(paper, show)]
    return [*names, *([{"literal": OTHERS}] if has_more_authors(paper) else [])]


def _shown(name: Name, show: Show) -> Name:
    """A name with each of its parts on one line, as it is shown."""
    parts = (name.family, name.given, name.particle, name.suffix, name.literal)
    return Name(*(one_line(show(part)) for part in parts))


def _bibtex_guess(author: str, show: Show) -> str:
    """A name whose parts are not known, in reading order, which BibTeX takes apart itself but for a suffix."""
    name = name_in_parts(one_line(show(author)))
    if name.suffix and name.given:
        return _bibtex_name(name)
    written = latex_text(author, show)
    return f"{{{written}}}" if _AMBIGUOUS.search(written) else written


def _bibtex_name(name: Name) -> str:
    """A name in BibTeX's unambiguous form: particle and family name, suffix, given names."""
    if name.literal or not name.given:
        return _without_given_names(name)
    family = _kept_together(name.family, {word for word in name.family.split() if word[:1].islower()})
    parts = (f"{latex_text(name.particle)} {family}".strip(), name.suffix and _kept_together(name.suffix))
    return ", ".join([*filter(None, parts), _kept_together(name.given)])


def _without_given_names(name: Name) -> str:
    """A name that is one word as that word, any other in braces."""
    whole = str(name)
    written = latex_text(whole)
    return written if not name.literal and " " not in whole and not _AMBIGUOUS.search(written) else f"{{{written}}}"


def _kept_together(part: str, mistakable: object = None) -> str:
    """A part of a name, in braces if BibTeX would see more than one part in it."""
    written = latex_text(part)
    return f"{{{written}}}" if mistakable or _AMBIGUOUS.search(written) else written


def _ris_name(name: Name) -> str:
    family = f"{name.particle} {name.family}".strip()
    return name.literal or ", ".join(filter(None, (family, name.given, name.suffix)))


def _csl_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: text for part, text in parts.items() if text}
