"""Draw ``docs/map.svg``: the rooms of ``reader``, and which import which, as CONTRIBUTING shows them.

``python scripts/map.py`` renews the picture. A room is a package: one of the layers, or a folder in it. The thicker a
line, the more imports lead from the upper room into the lower one; lines between the rooms of one layer are dashed.
"""

from __future__ import annotations

import ast
import math
import sys
from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PICTURE = ROOT / "docs" / "map.svg"
LAYERS = ("ui", "cli", "services", "web", "formats", "storage", "index", "meaning", "domain")
"""The layers from the top down; ``cli`` stands for the command line and its commands."""
ROWS = (("ui",), ("cli", "services"), ("web", "formats", "storage", "index", "meaning"), ("domain",))
COLOURS = {
    "ui": "#dbe7f6", "cli": "#e9e2f5", "services": "#f7e6d4", "formats": "#dff0de", "storage": "#f5dcdc",
    "index": "#f3efcf", "meaning": "#f0dcee", "web": "#d8efef", "domain": "#e6e6e6",
}  # fmt: skip
WIDTH, BOX_HEIGHT, GAP, MARGIN = 1180, 34, 10, 20
ROW_GAP, IN_A_LINE = 62, 9


def room_of(module: str) -> str | None:
    """The room of a dotted module, such as ``ui.papers``; None for what is in no room."""
    parts = module.split(".")
    if parts[0] != "reader" or len(parts) < 2:
        return None
    if parts[1] in {"cli", "commands", "__main__"}:
        return "cli"
    if parts[1] not in LAYERS:
        return None
    folder = ROOT / "reader" / parts[1]
    return f"{parts[1]}.{parts[2]}" if len(parts) > 2 and (folder / parts[2] / "__init__.py").exists() else parts[1]


def imports() -> Counter[tuple[str, str]]:
    """How many imports lead from one room into another."""
    found: Counter[tuple[str, str]] = Counter()
    for file in sorted((ROOT / "reader").rglob("*.py")):
        module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
        here = room_of(module.removesuffix(".__init__"))
        for target in _targets(ast.parse(file.read_text(encoding="utf-8"))):
            there = room_of(target)
            if here and there and here != there:
                found[here, there] += 1
    return found


def rooms() -> list[str]:
    """Every room that holds a module, in the order of the layers."""
    files = (ROOT / "reader").rglob("*.py")
    modules = (".".join(file.relative_to(ROOT).with_suffix("").parts) for file in files if file.stem != "__init__")
    return sorted({room for module in modules if (room := room_of(module))}, key=lambda room: (_layer(room), room))


def picture() -> str:
    """The map as SVG."""
    boxes, height = _places(rooms())
    lines = [_line(boxes[here], boxes[there], count, _layer(here) == _layer(there), f"{here} → {there}: {count}")
             for (here, there), count in sorted(imports().items()) if here in boxes and there in boxes]  # fmt: skip
    shapes = [_box(room, place) for room, place in boxes.items()]
    style = "text{font:12px sans-serif;text-anchor:middle;fill:#222}path{fill:none;stroke:#4a6078}"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">'
    return "\n".join([head, f"<style>{style}</style>", f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
                      *lines, *shapes, "</svg>", ""])  # fmt: skip


def _targets(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def _layer(room: str) -> int:
    return LAYERS.index(room.partition(".")[0])


def _places(names: list[str]) -> tuple[dict[str, tuple[float, float, float]], int]:
    """Where each room's box stands (left, top, width), and the height of it all."""
    places: dict[str, tuple[float, float, float]] = {}
    top = float(MARGIN)
    for row in ROWS:
        here = [name for name in names if name.partition(".")[0] in row]
        most = math.ceil(len(here) / math.ceil(len(here) / IN_A_LINE))
        for start in range(0, len(here), most):
            line = here[start : start + most]
            width = (WIDTH - 2 * MARGIN - GAP * (len(line) - 1)) / len(line)
            for number, name in enumerate(line):
                places[name] = (MARGIN + number * (width + GAP), top, width)
            top += BOX_HEIGHT + GAP * 2
        top += ROW_GAP
    return places, round(top - ROW_GAP + MARGIN / 2)


def _box(name: str, place: tuple[float, float, float]) -> str:
    left, top, width = place
    colour = COLOURS[name.partition(".")[0]]
    return (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{width:.0f}" height="{BOX_HEIGHT}" rx="6" fill="{colour}" '
        f'stroke="#8899aa"/><text x="{left + width / 2:.0f}" y="{top + BOX_HEIGHT / 2 + 4:.0f}">{escape(name)}</text>'
    )


def _line(
    here: tuple[float, float, float], there: tuple[float, float, float], count: int, is_beside: bool, title: str
) -> str:
    x1, x2 = here[0] + here[2] / 2, there[0] + there[2] / 2
    down = there[1] > here[1]
    y1, y2 = here[1] + BOX_HEIGHT * down, there[1] + BOX_HEIGHT * (not down)
    bend = (y1 + y2) / 2 if here[1] != there[1] else y1 - BOX_HEIGHT / 2
    dashes = ' stroke-dasharray="3 3"' if is_beside else ""
    width, opacity = 0.5 + math.log2(1 + count) / 2, 0.12 if is_beside else 0.22
    return (
        f'<path d="M{x1:.0f} {y1:.0f}C{x1:.0f} {bend:.0f} {x2:.0f} {bend:.0f} {x2:.0f} {y2:.0f}" '
        f'stroke-width="{width:.1f}" stroke-opacity="{opacity}"{dashes}><title>{escape(title)}</title></path>'
    )


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"{len(rooms())} rooms, {sum(imports().values())} imports between them", file=sys.stderr)
