"""Bring the tables of keys and settings in ``docs/`` up to date with the code: ``python scripts/key_table.py``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.services.settings.documentation import with_settings
from reader.ui.commands.key_documentation import all_keys_as_markdown, with_keys

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Rewrite the parts of the pages between their marks."""
    pages: dict[str, Callable[[str], str]] = {
        "guide.md": with_keys,
        "keys.md": lambda page: with_keys(page, all_keys_as_markdown()),
        "settings.md": with_settings,
    }
    for name, renew in pages.items():
        path = ROOT / "docs" / name
        path.write_text(renew(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
