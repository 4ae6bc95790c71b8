"""HTML inside other text: what is markup goes, what only looks like it stays."""

from __future__ import annotations

import pytest

from reader.formats.markup import without_markup


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("< ]]>", "< ]]>"),
        ("a[b[0]]> c < d", "a[b[0]]> c < d"),
        ("<![CDATA[A <i>b</i>]]>", "A b"),
        ("A<!-- c --> <b>d</b>", "A d"),
        ("x < y and <b> is bold", "x < y and <b> is bold"),
    ],
)
def test_markup_goes_and_what_only_looks_like_it_stays(text: str, read: str) -> None:
    assert without_markup(text) == read
