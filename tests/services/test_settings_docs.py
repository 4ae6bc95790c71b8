"""The pages about settings and keys agree with the code, their examples among it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reader.domain.settings import SETTINGS, AutomaticExport, Scheme
from reader.services.settings.file import settings_of

DOCS = Path(__file__).parents[2] / "docs"


def examples(page: str) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_table_names_every_setting() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert [name for name in SETTINGS if f"| `{name}` |" not in page] == []


def test_every_setting_that_is_explained_exists() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:appearance|reading|keys|export|imports|backups)\.[a-z_]+)", page)
    assert set(named) - set(SETTINGS) == set()


@pytest.mark.parametrize("page", ["settings.md", "keys.md"])
def test_examples_can_be_copied(page: str) -> None:
    (example,) = examples(page)
    reading = settings_of(example)
    assert reading.problems == ()
    assert reading.settings.keys.bindings["paper.star"]


def test_the_example_of_settings_means_what_it_says() -> None:
    settings = settings_of(examples("settings.md")[0]).settings
    assert settings.appearance.theme is Scheme.HIGH_CONTRAST
    assert settings.export.automatic is AutomaticExport.ON_SAVE
