"""Whoosh's private members: those that are used are there, and are used in one file only."""

from __future__ import annotations

import ast
import importlib
import inspect
from pathlib import Path
from types import ModuleType

import pytest
import whoosh

from reader.domain.selection import IndexPart
from reader.index import whoosh_internals
from reader.index.home import IndexHome
from reader.index.whoosh_internals import PRIVATE_MEMBERS
from reader.index.writer import SegmentBuilder

MEMBERS = [(owner, name) for owner, names in PRIVATE_MEMBERS.items() for name in names]
OTHERS = [
    importlib.import_module(f"reader.index.{path.stem}")
    for path in sorted(Path(inspect.getfile(whoosh_internals)).parent.glob("[a-z]*.py"))
    if path.stem != "whoosh_internals"
]


def private_names(tree: ast.AST) -> set[str]:
    """The names with one underscore before them that a piece of code defines or asks for on any object."""
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    names |= {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    return {name for name in names if name.startswith("_") and not name.startswith("__")}


def own_names(module: ModuleType) -> set[str]:
    """The private names that a module sets or defines itself."""
    tree = ast.parse(inspect.getsource(module))
    targets = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    names = {target.attr for target in targets if ast.unparse(target.value) == "self"}
    return names | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def from_whoosh(kind: type) -> set[str]:
    """The private names of a class that come from Whoosh: methods, and what Whoosh's methods set on an instance."""
    names: set[str] = set()
    for base in kind.__mro__:
        if base.__module__.partition(".")[0] == "whoosh":
            names |= private_names(ast.parse(inspect.getsource(importlib.import_module(base.__module__))))
    return names


@pytest.mark.parametrize(("owner", "name"), MEMBERS, ids=lambda value: getattr(value, "__name__", value))
def test_every_private_member_is_there(tmp_path: Path, owner: type, name: str) -> None:
    home = IndexHome(tmp_path)
    builder = SegmentBuilder(home.open_part(home.instance, IndexPart.PAPERS), IndexPart.PAPERS)
    try:
        (part,) = [made for made in (builder, builder.fieldwriter) if isinstance(made, owner)]
        assert hasattr(part, name), f"Whoosh {whoosh.__version__} has no {owner.__name__}.{name} any more"
        assert name in private_names(ast.parse(inspect.getsource(importlib.import_module(owner.__module__))))
    finally:
        builder.cancel()


def test_every_private_member_that_is_used_is_listed_with_its_reason() -> None:
    used = private_names(ast.parse(inspect.getsource(whoosh_internals)))
    assert used == {name for _, name in MEMBERS}
    assert all(len(reason) > 20 for names in PRIVATE_MEMBERS.values() for reason in names.values())


@pytest.mark.parametrize("module", OTHERS, ids=lambda each: each.__name__)
def test_no_other_file_touches_whoosh_s_private_members(module: ModuleType) -> None:
    """Names that a class has from Whoosh, and names of others that no module of the index defines."""
    used = private_names(ast.parse(inspect.getsource(module)))
    assert used <= set().union(*map(own_names, OTHERS))
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if kind.__module__ == module.__name__:
            named = private_names(ast.parse(inspect.getsource(kind)))
            assert named & from_whoosh(kind) == set(), f"{kind.__name__} uses what is Whoosh's own"
