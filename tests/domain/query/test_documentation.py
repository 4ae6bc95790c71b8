"""The page on searching names every field word there is, and what it shows is understood."""

from __future__ import annotations

import re
from pathlib import Path

from reader.domain.query import SORTS, TextField, parse_query
from reader.domain.query.vocabulary import FIELD_WORDS

from .strategies import TODAY

PAGE = (Path(__file__).parents[3] / "docs" / "searching.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (`.+?) \|", PAGE, re.MULTILINE)
SHOWN = [query for row in ROWS for query in re.findall(r"`([^`]+)`", row)]


def test_every_example_is_understood() -> None:
    assert len(SHOWN) > 40
    for query in SHOWN:
        if not query.endswith(":"):
            assert parse_query(query, today=TODAY).messages == ()


def test_every_field_word_and_order_is_shown() -> None:
    for name in [*FIELD_WORDS, *TextField, "sort"]:
        assert any(query.lstrip("-").startswith(f"{name}:") for query in SHOWN), name
    for value in (value for name in ("is", "has") for value in FIELD_WORDS[name].values):
        assert any(query.endswith(f":{value}") for query in SHOWN), value
    for order in SORTS:
        assert f"`{order}`" in PAGE
