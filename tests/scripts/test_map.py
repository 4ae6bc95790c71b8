"""The map of the rooms: CONTRIBUTING names each of them, and so does its picture."""

from __future__ import annotations

import importlib.util
import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def map_script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("map", ROOT / "scripts" / "map.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def folders() -> set[str]:
    """Every package of the program, as a path below ``reader``."""
    return {
        folder.relative_to(ROOT / "reader").as_posix()
        for folder in (ROOT / "reader").rglob("*")
        if (folder / "__init__.py").exists() and not folder.name.startswith("__")
    }


def test_the_map_names_every_room_and_no_other() -> None:
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("| room |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1] for row in table.splitlines()[2:] if row.startswith("|")]
    named = set(re.findall(r"`([a-z_/]+)`", " ".join(rows)))
    assert named - {"cli"} == folders() - {"commands"}


def test_every_module_the_map_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## How we work")[0]
    named = re.findall(r"`((?:ui|services|storage|formats|domain)/[a-z_/]+\.py)`", text)
    assert named
    assert [name for name in named if not (ROOT / "reader" / name).exists()] == []


def test_the_picture_shows_every_room(map_script: ModuleType) -> None:
    drawn = ElementTree.parse(ROOT / "docs" / "map.svg").getroot()
    shown = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
    assert shown == set(map_script.rooms())


def test_the_picture_is_drawn_from_the_imports(map_script: ModuleType) -> None:
    imports = map_script.imports()
    assert imports["ui.papers", "domain"] > 0
    assert not [pair for pair in imports if pair[0].startswith("domain") and not pair[1].startswith("domain")]
    assert "<title>ui.papers → domain: " in map_script.picture()
