"""Names written as one text, taken apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.bibliography import Name
from reader.domain.name_parts import name_in_parts


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ada King Invented", Name("Invented", "Ada King")),
        ("Invented, Ada", Name("Invented", "Ada")),
        ("Bo Madeup Jr.", Name("Madeup", "Bo", suffix="Jr.")),
        ("Bo Madeup, Jr.", Name("Madeup", "Bo", suffix="Jr.")),
        ("Madeup, Bo, Jr.", Name("Madeup", "Bo", suffix="Jr.")),
        ("van Madeup Jr., Bo", Name("Madeup", "Bo", "van", "Jr.")),
        ("Madeup, III, Bo", Name("Madeup", "Bo", suffix="III")),
        ("Cy van der Invented", Name("Invented", "Cy", "van der")),
        ("van der Invented, Cy", Name("Invented", "Cy", "van der")),
        ("de la Invented Madeup, Cy", Name("Invented Madeup", "Cy", "de la")),
        ("von, Cy", Name("von", "Cy")),
        ("Comma, Jr.", Name("Comma", suffix="Jr.")),
        ("Plato", Name(literal="Plato")),
        ("Invented Works, Inc.", Name(literal="Invented Works, Inc.")),
        ("Band and Sons, Ltd.", Name(literal="Band and Sons, Ltd.")),
        ("Madeup, S.A.", Name(literal="Madeup, S.A.")),
        ("Madeup,S.A.", Name("Madeup", "S.A.")),
        ("Madeup,A.G.", Name("Madeup", "A.G.")),
        ("Madeup,Inc.", Name(literal="Madeup,Inc.")),
        ("Dept. A, Office B, City C, Land D", Name(literal="Dept. A, Office B, City C, Land D")),
        ("Council on Moss, Quiet Fens, Peat and Reeds", Name(literal="Council on Moss, Quiet Fens, Peat and Reeds")),
        ("Madeup, Ada, Ph. D.", Name("Madeup", "Ada", suffix="Ph. D.")),
        ("Madeup, Ada Bo Jr", Name("Madeup", "Ada Bo", suffix="Jr")),
        ("Wei Madeup 0001", Name("Madeup", "Wei")),
        ("Madeup 0001, Wei", Name("Madeup", "Wei")),
        ("Madeup 2001, Wei", Name("Madeup 2001", "Wei")),
        (", Ada", Name(literal="Ada")),
        ("Jr.", Name(literal="Jr.")),
        ("", Name()),
    ],
)
def test_a_name_is_taken_apart(text: str, name: Name) -> None:
    assert name_in_parts(text) == name


@given(st.lists(st.sampled_from(["Ada", "van", "Jr.", ",", "Inc.", "III", "Bo-Bo", "", " ", "é"]), max_size=8))
def test_no_letter_of_a_name_is_lost(pieces: list[str]) -> None:
    text = " ".join(pieces)
    assert sorted(str(name_in_parts(text)).replace(" ", "").replace(",", "")) == sorted(
        text.replace(" ", "").replace(",", "")
    )
