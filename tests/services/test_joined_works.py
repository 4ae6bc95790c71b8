"""Papers that an earlier version took for one: checking names them, and nothing separates them by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.checks import Aspect, Finding
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.support import clock, finish
from tests.storage.support import write

ALL = View(ViewKind.ALL)
ROPES = """
@book{elm, title={Strong Ropes}, author={Elm, Ida}, year={1979}}
@book{ash, title={Strong Ropes}, author={Ash, Kim and Oak, Jon}, year={2008}}
@book{oak, title={Calm Seas}, author={Oak, Jon}, year={2015}}
"""
MORE = """
@misc{seas, title={Calm Seas}, author={Oak, J.}, year={2001}}
@misc{ropes, title={Strong Ropes}, author={Elm, I.}, year={1980}}
"""


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library in which the two works named "Strong Ropes" are one paper, as an earlier version joined them."""
    (tmp_path / "ropes.bib").write_text(ROPES, "utf-8")
    (tmp_path / "more.bib").write_text(MORE, "utf-8")
    with Library(tmp_path / "library", clock=clock) as opened:
        finish(opened.imports.paths([tmp_path / "ropes.bib"]))
        finish(opened.imports.paths([tmp_path / "more.bib"]))
        assert len(opened.views.paper_ids(ALL)) == 3
        store = opened._store
        one, two = (
            found.id
            for found in store.papers.read(sorted(opened.views.paper_ids(ALL)))
            if found.title == "Strong Ropes"
        )
        write(store, "UPDATE sightings SET paper_id = ? WHERE paper_id = ?", one, two)
        write(store, "DELETE FROM papers WHERE id = ?", two)
        yield opened


def identity_findings(library: Library) -> list[Finding]:
    return [found for found in library.checks.run().findings if found.aspect is Aspect.IDENTITY]


def test_what_was_joined_wrongly_is_named_and_left(library: Library) -> None:
    before = list(library.papers.read(sorted(library.views.paper_ids(ALL))))
    (found,) = identity_findings(library)
    assert found.is_harmless
    assert "“Strong Ropes”" in found.sentence
    assert "Ida Elm, 1979; Kim Ash, 2008" in found.sentence, "the third entry is the first work"
    library.checks.repair()
    assert list(library.papers.read(sorted(library.views.paper_ids(ALL)))) == before


def test_importing_the_listing_again_has_both(library: Library, tmp_path: Path) -> None:
    library.listings.remove(library.listings.all()[-1].id)
    library.listings.remove(library.listings.all()[-1].id)
    finish(library.imports.paths([tmp_path / "ropes.bib"]))
    assert len(library.views.paper_ids(ALL)) == 3
    assert identity_findings(library) == []


def test_what_the_user_joined_is_no_finding(library: Library, tmp_path: Path) -> None:
    for listing in library.listings.all():
        library.listings.remove(listing.id)
    finish(library.imports.paths([tmp_path / "ropes.bib"]))
    one, two = (
        found.id for found in library.papers.read(library.views.paper_ids(ALL)) if found.title == "Strong Ropes"
    )
    library.papers.merge(one, two)
    assert identity_findings(library) == []


def test_a_file_that_is_gone_tells_nothing(library: Library) -> None:
    for path in (library.folder / "sources").glob("*/*"):
        path.unlink()
    assert identity_findings(library) == []
