"""The committed example vault is what Lectern writes today."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

from tests.services.exporting import notes

ROOT = Path(__file__).parents[2]


def script() -> ModuleType:
    """The script that makes the example."""
    spec = importlib.util.spec_from_file_location("example_vault", ROOT / "scripts" / "example_vault.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_vault_is_what_the_script_makes(tmp_path: Path) -> None:
    made = script().make_example_vault(tmp_path)
    folder = ROOT / "docs" / "example-vault"
    committed = {path: data for path, data in notes(folder).items() if not path.startswith(".")}
    assert len(made) >= 6
    assert notes(tmp_path) == committed, "run scripts/example_vault.py and look at what changed"
