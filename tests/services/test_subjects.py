"""A library's subjects: each is its own class, and what changes the library is marked where it is defined."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from reader.services import Library
from reader.storage.subject import Subject, is_changing


def methods_of(library: Library) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public methods of every subject, by ``subject.method``."""
    for name, subject in vars(library).items():
        if isinstance(subject, Subject):
            for method, function in inspect.getmembers(type(subject), inspect.isfunction):
                if not method.startswith("_"):
                    yield f"{name}.{method}", function


def test_every_method_that_returns_a_change_is_marked(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        methods = dict(methods_of(library))
    known = {
        "tags.add",
        "notes.save",
        "queue.move",
        "searches.add",
        "backups.restore",
        "bundles.merge",
        "checks.repair",
    }
    assert known <= {name for name in methods if is_changing(methods[name])}
    assert not any(
        is_changing(methods[name]) for name in ("papers.rows", "views.counts", "tags.all", "backups.make", "checks.run")
    )
    returning = {name for name, method in methods.items() if "Change" in str(method.__annotations__.get("return"))}
    assert returning and [name for name in sorted(returning) if not is_changing(methods[name])] == []
