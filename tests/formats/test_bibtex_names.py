"""Author fields of BibTeX."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.bibliography import Name
from reader.formats import bibtex
from reader.formats.bibtex_names import read_names
from reader.formats.people import OTHERS


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Gale", ["Ada Gale"]),
        ("Gale, Ada and Bas van Hoorn", ["Ada Gale", "Bas van Hoorn"]),
        ("Foo, Jr., Bar", ["Bar Foo Jr."]),
        ("G{\\\"o}del, Kurt AND {\\'E}. Galois", ["Kurt Gödel", "É. Galois"]),
        ("Ann~Bee\n  and\tCee, Bo and", ["Ann Bee", "Bo Cee"]),
        ("Bee,", ["Bee"]),
        ("", []),
        ("x" * 500, ["x" * 500]),
        (r"Ann Bee and \v{Z}ofia Cee", ["Ann Bee", "Žofia Cee"]),
        (
            r"\O{}rsted, A. and \O rsted, B. and {\O}rsted, C. and \AA{}se Dee",
            ["A. Ørsted", "B. Ørsted", "C. Ørsted", "Åse Dee"],
        ),
        (r"\"Ozil, C. and {\"O}zil, D. and \"{O}zil, E.", ["C. Özil", "D. Özil", "E. Özil"]),
        (r"Ann \'Elan and \'Elie {\'E}lan and \.Zak Dee", ["Ann Élan", "Élie Élan", "Żak Dee"]),
        (
            r"Bee, Ann and \c{C}elik, E. and \c Celik, F. and \L{}ucja \L ubin",
            ["Ann Bee", "E. Çelik", "F. Çelik", "Łucja Łubin"],
        ),
        (
            r"Mu\~noz, A. and \~Nu\~nez, B. and Bo Pe{\~n}a and C. A\~{n}o",
            ["A. Muñoz", "B. Ñuñez", "Bo Peña", "C. Año"],
        ),
        (
            r"T{\aa}g, A. and Erd{\H o}s, B. and D\v{z}al, C. and Nguy{\~\^e}n, D.",
            ["A. Tåg", "B. Erdős", "C. Džal", "D. Nguyễn"],
        ),
        (
            r"Jo{\"\i}, A. and Jos\'\i, B. and M. He{\ss} and R. \k{A}z \and{} x",
            ["A. Joï", "B. Josí", "M. Heß", r"R. Ąz \and{} x"],
        ),
        ("Ann Bee, Bo Cee, and Cy Dee", ["Ann Bee", "Bo Cee", "Cy Dee"]),
        ("Ann Bee, Bo Cee, Cy Dee", ["Ann Bee", "Bo Cee", "Cy Dee"]),
        ("Ann Bee, Bo Cee, Di Eff and Cy Dee", ["Ann Bee", "Bo Cee", "Di Eff", "Cy Dee"]),
        ("Bee, Ann, and Cee, Bo", ["Ann Bee", "Bo Cee"]),
        ("Bee, A., Cee, B.-C., and Dee, D. E.", ["A. Bee", "B.-C. Cee", "D. E. Dee"]),
        ("Bee, A., Cee, B., Dee, C.", ["A. Bee", "B. Cee", "C. Dee"]),
        ("Bee, Ann, Cee, Bo", ["Ann Bee", "Bo Cee"]),
        ("Bee A, Cee BC, Dee D", ["A Bee", "BC Cee", "D Dee"]),
        ("Bee, A.; Cee, B.; Dee, C.", ["A. Bee", "B. Cee", "C. Dee"]),
        ("Ann Bee; Bo Cee and Cy Dee;", ["Ann Bee", "Bo Cee", "Cy Dee"]),
        ("M&uuml;ck, A. and Bee, B.", ["A. Mück", "B. Bee"]),
        (r"Bee, A. \& Cee, B.", ["A. Bee", "B. Cee"]),
        ("Ann Bee & Bo Cee", ["Ann Bee", "Bo Cee"]),
        ("Wax & Wicks", ["Wax & Wicks"]),
        ("Ann Bee 0001 and Cee 0012, Bo and Bo Dee 1999", ["Ann Bee", "Bo Cee", "Bo Dee 1999"]),
    ],
)
def test_names(text: str, names: list[str]) -> None:
    assert [str(name) for name in read_names(text)] == names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("van der Dee, Ann", Name("Dee", "Ann", "van der")),
        ("Ann van der Dee", Name("Dee", "Ann", "van der")),
        ("{van der Dee}, Ann", Name("van der Dee", "Ann")),
        ("Carla de la Vall{\\'e}e Poussin", Name("Vallée Poussin", "Carla", "de la")),
        ("de la Vall{\\'e}e Poussin, Carla", Name("Vallée Poussin", "Carla", "de la")),
        ("d'Arc, Ann", Name("d'Arc", "Ann")),
        ("Bee, Jr., Ann", Name("Bee", "Ann", suffix="Jr.")),
        ("Bee, Ann, III", Name("Bee", "Ann", suffix="III")),
        ("Bee Jr., Ann", Name("Bee", "Ann", suffix="Jr.")),
        ("Ann Bee, Jr.", Name("Bee", "Ann", suffix="Jr.")),
        ("Ann Bee Jr.", Name("Bee", "Ann", suffix="Jr.")),
        ("Bee, Ann Jr", Name("Bee", "Ann", suffix="Jr")),
        ("Ann Bee 0002", Name("Bee", "Ann")),
        ("von Bee, III, Ann", Name("Bee", "Ann", "von", "III")),
        ("{Wax and Wicks, Inc.}", Name(literal="Wax and Wicks, Inc.")),
        ("{{Wax and Wicks}}", Name(literal="Wax and Wicks")),
        ("Wax, Inc.", Name(literal="Wax, Inc.")),
        ("{Team WAX}", Name(literal="Team WAX")),
        ("Moss Growers for Quiet Fens", Name(literal="Moss Growers for Quiet Fens")),
        ("Institute of the Wax", Name(literal="Institute of the Wax")),
        ("ann bee", Name("bee", "ann")),
        ("ann bo van dee", Name("dee", "ann bo van")),
        ("Ann in 't Wax", Name("Wax", "Ann", "in 't")),
        ("Team {WAX}", Name("WAX", "Team")),
        ("{\\'E}. Galois", Name("Galois", "É.")),
        ("family=Bee, given=Ann", Name("Bee", "Ann")),
        (
            "given={Ann Bo}, prefix=van der, suffix=Jr., family=Bee, useprefix=true",
            Name("Bee", "Ann Bo", "van der", "Jr."),
        ),
    ],
)
def test_names_come_in_their_parts(text: str, name: Name) -> None:
    assert read_names(f"First, A. and {text} and Last, Z.") == (Name("First", "A."), name, Name("Last", "Z."))
    assert read_names(text) == (name,)


@pytest.mark.parametrize(
    "more",
    [" and others", " and {others}", " AND Others", " et al.", ", et al", " and et~al.", " \\emph{et al.}", "; et al."],
)
def test_more_authors_than_are_named(more: str) -> None:
    (*named, last) = read_names(f"Bee, Ann and Bo Cee{more}")
    assert ([str(name) for name in named], last) == (["Ann Bee", "Bo Cee"], OTHERS)
    data = f"@misc{{k, title={{T}}, author={{Bee, Ann and Bo Cee{more}}}}}".encode()
    (record,) = bibtex.parse(data).records
    assert (record.authors, record.author_count, record.more_authors) == (("Ann Bee", "Bo Cee"), None, True)


@given(
    st.lists(
        st.sampled_from(["and", "And", "{", "}", ",", ";", "&", "\\", '\\"', "o", "Bee", " ", "~", "et al.", "="]),
        max_size=25,
    )
)
def test_any_list_is_read(pieces: list[str]) -> None:
    names = read_names("".join(pieces))
    assert all(str(name).strip() for name in names)
