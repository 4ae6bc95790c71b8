"""Papers of which only an identifier is known, until a listing completes them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reader.services import Library
from tests.services.support import clock, finish
from tests.services.test_importing import counts, titles, write


@pytest.fixture
def library(tmp_path: Path) -> Library:
    with Library(tmp_path / "library", clock=clock) as opened:
        yield opened


def _import(library: Library, folder: Path, name: str, text: str) -> tuple[int, ...]:
    return counts(finish(library.imports.paths([write(folder / name, text)])))


def _csl(title: str, **more: object) -> str:
    return json.dumps([{"id": "k", "type": "article", "title": title, "abstract": "They are.", **more}])


@pytest.mark.parametrize(
    ("line", "title", "real"),
    [
        ("2401.90031", "arXiv:2401.90031", {"URL": "https://arxiv.org/abs/2401.90031"}),
        ("https://doi.org/10.5555/moss.31", "doi:10.5555/moss.31", {"DOI": "10.5555/MOSS.31"}),
        (
            "https://openreview.net/forum?id=Moss33",
            "https://openreview.net/forum?id=Moss33",
            {"URL": "https://openreview.net/forum?id=Moss33"},
        ),
    ],
)
def test_a_stub_is_completed_whichever_comes_first(
    library: Library, tmp_path: Path, line: str, title: str, real: dict[str, object]
) -> None:
    assert _import(library, tmp_path, "list.txt", line) == (1, 1, 0, 0)
    assert titles(library) == [title]
    key = library.papers.get(1).key
    library.notes.append(1, "Mine.")
    assert _import(library, tmp_path, "real.json", _csl("Quiet Fens", **real)) == (1, 0, 1, 0)
    paper = library.papers.get(1)
    assert (paper.title, paper.abstract, paper.key, paper.note) == ("Quiet Fens", "They are.", key, "Mine.")
    assert _import(library, tmp_path, "again.txt", f"# again\n{line}") == (1, 0, 0, 1)
    assert titles(library) == ["Quiet Fens"]


def test_a_list_never_outranks_a_title(library: Library, tmp_path: Path) -> None:
    _import(library, tmp_path, "real.json", _csl("Quiet Fens", URL="https://arxiv.org/abs/2401.90031"))
    assert _import(library, tmp_path, "list.txt", "2401.90031 My Name for It\n") == (1, 0, 0, 1)
    assert titles(library) == ["Quiet Fens"]


def test_addresses_that_differ_in_punctuation_only_stay_two(library: Library, tmp_path: Path) -> None:
    lines = "https://openreview.net/forum?id=a-b\nhttps://openreview.net/forum?id=a_b\n"
    assert _import(library, tmp_path, "list.txt", lines) == (2, 2, 0, 0)
    assert _import(library, tmp_path, "again.txt", f"# again\n{lines}") == (2, 0, 0, 2)


def test_a_paper_that_is_called_like_a_stub_is_another(library: Library, tmp_path: Path) -> None:
    _import(library, tmp_path, "list.txt", "2401.90031\n")
    assert _import(library, tmp_path, "real.json", _csl("arXiv 2401 90031")) == (1, 1, 0, 0)


def test_stubs_are_not_nearly_the_same(library: Library, tmp_path: Path) -> None:
    addresses = "".join(f"https://openreview.net/forum?id=QuietFensAtNight{number}\n" for number in range(1, 4))
    _import(library, tmp_path, "list.txt", addresses)
    assert all(not library.papers.near_duplicates(paper_id) for paper_id in (1, 2, 3))
