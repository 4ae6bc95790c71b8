"""The fields of an entry with strings filled in and with the fields it inherits from other entries.

What is inherited by ``crossref`` and ``xdata`` follows biblatex's manual (appendix B, and section 3.13.6 for
``xdata``; https://mirrors.ctan.org/macros/latex/contrib/biblatex/doc/biblatex.pdf), but for what identifies a work: no
DOI, address or abstract of the proceedings becomes that of a paper in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reader.domain.dates import MONTH_NAMES
from reader.formats.bibtex_blocks import Block, Enclosing, Piece

_MONTH = re.compile(rf"(?:{'|'.join(MONTH_NAMES)})[a-z]{{0,6}}", re.IGNORECASE)
_OF_STYLES = {
    "acmcs": "ACM Computing Surveys", "acta": "Acta Informatica", "cacm": "Communications of the ACM",
    "ibmjrd": "IBM Journal of Research and Development", "ibmsj": "IBM Systems Journal",
    "ieeese": "IEEE Transactions on Software Engineering", "ieeetc": "IEEE Transactions on Computers",
    "ieeetcad": "IEEE Transactions on Computer-Aided Design of Integrated Circuits",
    "ipl": "Information Processing Letters", "jacm": "Journal of the ACM",
    "jcss": "Journal of Computer and System Sciences", "scp": "Science of Computer Programming",
    "sicomp": "SIAM Journal on Computing", "tocs": "ACM Transactions on Computer Systems",
    "tods": "ACM Transactions on Database Systems", "tog": "ACM Transactions on Graphics",
    "toms": "ACM Transactions on Mathematical Software", "toois": "ACM Transactions on Office Information Systems",
    "toplas": "ACM Transactions on Programming Languages and Systems", "tcs": "Theoretical Computer Science",
}  # fmt: skip
"""The strings that BibTeX's own styles define (``plain.bst``)."""
_JOURNALS = {
    "aap": "Astronomy and Astrophysics", "aapr": "Astronomy and Astrophysics Reviews",
    "aaps": "Astronomy and Astrophysics Supplement", "aj": "Astronomical Journal", "ao": "Applied Optics",
    "apj": "Astrophysical Journal", "apjl": "Astrophysical Journal Letters", "apjlett": "Astrophysical Journal Letters",
    "apjs": "Astrophysical Journal Supplement", "apjsupp": "Astrophysical Journal Supplement",
    "applopt": "Applied Optics", "apss": "Astrophysics and Space Science",
    "araa": "Annual Review of Astronomy and Astrophysics", "astap": "Astronomy and Astrophysics",
    "baas": "Bulletin of the American Astronomical Society", "gca": "Geochimica et Cosmochimica Acta",
    "grl": "Geophysical Research Letters", "icarus": "Icarus", "jcap": "Journal of Cosmology and Astroparticle Physics",
    "jcp": "Journal of Chemical Physics", "jgr": "Journal of Geophysical Research",
    "jqsrt": "Journal of Quantitative Spectroscopy and Radiative Transfer", "maps": "Meteoritics and Planetary Science",
    "mnras": "Monthly Notices of the Royal Astronomical Society", "nar": "New Astronomy Review",
    "nat": "Nature", "na": "New Astronomy", "pasa": "Publications of the Astronomical Society of Australia",
    "pasj": "Publications of the Astronomical Society of Japan",
    "pasp": "Publications of the Astronomical Society of the Pacific", "physrep": "Physics Reports",
    "physscr": "Physica Scripta", "planss": "Planetary and Space Science", "pra": "Physical Review A",
    "prb": "Physical Review B", "prc": "Physical Review C", "prd": "Physical Review D", "pre": "Physical Review E",
    "prl": "Physical Review Letters", "procspie": "Proceedings of the SPIE", "psj": "Planetary Science Journal",
    "solphys": "Solar Physics", "sovast": "Soviet Astronomy", "ssr": "Space Science Reviews",
}  # fmt: skip
"""The journals that astronomers' BibTeX names by commands (``\\apjl``): the macros of AASTeX, which NASA's ADS writes
(https://ui.adsabs.harvard.edu/help/actions/journal-macros)."""
_MACRO = re.compile(r"\s*\\([a-z]{2,9})(?:\s|\{\})*")
_DATES = ("date", "year", "month", "day")
_TAKEN_OVER = (
    *("booktitle", "publisher", "volume", "number", "series", "editor", "organization", "institution", "school"),
    *("journal", "journaltitle", "address", "location", "eventtitle", "archiveprefix", "eprinttype"),
)
_IN_BOOKS = frozenset({"inbook", "bookinbook", "suppbook"})
_PARENT_TITLES = ("title", "subtitle")

Fields = dict[str, str]


class Strings:
    """The ``@string`` definitions of a file; ``undefined`` has, per name without one, the fields that use it."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._texts = dict(_OF_STYLES)
        self.undefined: dict[str, list[str]] = {}
        for block in blocks:
            if block.kind == "string" and block.fault is None:
                for name, pieces in block.fields:
                    self._texts[name] = self.text(pieces, f"@string{{{name}}}")

    def text(self, pieces: Sequence[Piece], used_in: str) -> str:
        """The text of a value; a bare name is a string's, else a month's, a number itself."""
        return "".join(
            piece.text if piece.enclosing is Enclosing.TEXT else self._named(piece.text, used_in) for piece in pieces
        )

    def _named(self, name: str, used_in: str) -> str:
        text = self._texts.get(name.lower())
        if text is not None:
            return text
        if re.match(r"[\d\W]", name) or (used_in.startswith("month") and _MONTH.match(name)):
            return name
        self.undefined.setdefault(name, []).append(used_in)
        return ""


def own_fields(block: Block, strings: Strings) -> Fields:
    """An entry's own fields by name in small letters, each the first that is not empty."""
    fields: Fields = {}
    for name, pieces in block.fields:
        if name not in fields and (text := strings.text(pieces, f"{name} of {block.key or block.kind}")).strip():
            fields[name] = text
    return fields


class Inheritance:
    """What a file's entries take over from each other."""

    def __init__(self, entries: Iterable[tuple[Block, Fields]]) -> None:
        """Takes every entry with its own fields; of two with the same key the first counts."""
        self._own: dict[str, tuple[str, Fields]] = {}
        for block, fields in entries:
            self._own.setdefault(block.key.lower(), (block.kind, fields))
        self._whole: dict[str, Fields] = {}

    def whole(self, kind: str, fields: Fields) -> Fields:
        """An entry's fields with those that it takes over."""
        if not fields.keys() & {"crossref", "xdata"}:
            return fields
        whole = dict(fields)
        for key in _keys(fields.get("xdata", "")):
            whole = self._of(key) | whole
        for key in _keys(fields.get("crossref", "")):
            _take_over(kind, whole, self._of(key))
        return whole

    def _of(self, key: str) -> Fields:
        """The whole fields of another entry; in a circle, its own."""
        if key not in self._whole:
            kind, fields = self._own.get(key, ("", Fields()))
            self._whole[key] = fields
            self._whole[key] = self.whole(kind, fields)
        return self._whole[key]


def _keys(text: str) -> list[str]:
    keys = (part.strip(" \t\n{}").lower() for part in text.split(","))
    return [key for key in dict.fromkeys(keys) if key]


def _take_over(kind: str, fields: Fields, parent: Fields) -> None:
    """Give a child what it lacks of its parent's fields."""
    if "booktitle" not in fields and kind not in {"book", "article"} and "booktitle" not in parent:
        title = ": ".join(parent[name] for name in _PARENT_TITLES if name in parent)
        if title:
            fields["booktitle"] = title
    if kind == "article" and not fields.keys() & {"journal", "journaltitle"} and "title" in parent:
        fields["journaltitle"] = parent.get("journal") or parent.get("journaltitle") or parent["title"]
    for name in _TAKEN_OVER + (("author",) if kind in _IN_BOOKS else ()):
        if name in parent:
            fields.setdefault(name, parent[name])
    if not fields.keys() & {"date", "year"}:
        fields.update({name: parent[name] for name in _DATES if name in parent and name not in fields})
    elif fields.get("year", "").strip() == parent.get("year", "").strip() != "":
        fields.setdefault("month", parent.get("month", ""))


def spell_out_journal(source: str) -> str:
    """The name of a journal that a command stands for; other text stays as it is."""
    match = _MACRO.fullmatch(source)
    return _JOURNALS.get(match[1], source) if match else source
