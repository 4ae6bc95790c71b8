"""Bring the table of keys in ``docs/guide.md`` up to date with the commands: ``python scripts/key_table.py``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reader.ui.key_table import with_keys

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Rewrite the part of the guide between its two marks."""
    guide = ROOT / "docs" / "guide.md"
    guide.write_text(with_keys(guide.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
