"""Painters end with the event that they were made for, whatever keeps that event's frame or its error alive."""

from __future__ import annotations

import ast
from pathlib import Path

import reader.ui


def test_every_painter_is_made_by_a_with_statement() -> None:
    """A painter that lives on, say in the traceback of an error that is shown, crashes Qt at the next repaint."""
    loose = []
    for file in Path(reader.ui.__file__).parent.rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        managed = {
            id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items
        }
        loose += [
            f"{file.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "QPainter"
            and id(node) not in managed
        ]
    assert loose == []
