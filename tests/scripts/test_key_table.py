"""The tables of keys and settings in the documentation agree with the code."""

from __future__ import annotations

import pytest

from scripts import key_table


@pytest.mark.parametrize("name", key_table.TABLES)
def test_a_table_agrees_with_the_code(name: str) -> None:
    page = (key_table.ROOT / "docs" / name).read_text(encoding="utf-8")
    assert page == key_table.renewed(name, page), "run: python scripts/key_table.py"


@pytest.mark.parametrize("name", key_table.TABLES)
def test_a_page_without_a_place_for_its_table_is_refused(name: str) -> None:
    mark, _ = key_table.TABLES[name]
    for page in ("# A page\n", f"# A page\n<!-- {mark}: begin -->"):
        with pytest.raises(ValueError, match="lacks"):
            key_table.renewed(name, page)
