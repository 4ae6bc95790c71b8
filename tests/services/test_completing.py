"""Completing papers beside a server that plays the services: what is right is taken, and what is near is offered."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.domain.reports import CompletionOutcome as Outcome
from reader.services import Library
from tests.services.completing import (
    Words,
    bring,
    complete,
    fill,
    near_misses,
    only,
    outcomes,
    papers,
    replace,
    titles,
    work,
)
from tests.services.support import clock, finish
from tests.web.papers import Invented
from tests.web.server import Fault, WebServer, status, web_page

TITLE = "Silt and Song of the Lower River"
RIGHT = Invented("2501.00007", TITLE, ("Ann Bee", "Cai Dee"), code="https://github.com/bee/silt", keywords=("silt",))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", clock=clock) as opened:
        yield opened


def test_of_200_titles_with_near_misses_all_are_completed_rightly(
    server: WebServer, library: Library, tmp_path: Path
) -> None:
    """A sixth is known only to arXiv, a sixth only to Crossref, and of another sixth there are only near misses."""
    chance = random.Random(1)
    shown = titles(200)
    right = [work(1 + number, title, chance) for number, title in enumerate(shown)]
    missing = {paper.title for number, paper in enumerate(right) if number % 6 == 0}
    there = [paper for paper in right if paper.title not in missing]
    misses = [miss for number, paper in enumerate(right) for miss in near_misses(paper, 1000 + 10 * number, chance)]
    server.papers = {paper.arxiv_id: paper for paper in (*there, *misses)}
    server.works = {paper.doi: paper for paper in (*there, *misses)}
    server.searches = Words([paper for number, paper in enumerate(there) if number % 6 > 1] + misses)
    server.queries = Words([paper for number, paper in enumerate(there) if number % 6 == 1] + misses)
    server.work_searches = Words([paper for number, paper in enumerate(there) if number % 6 == 0] + misses)
    ids = bring(library, tmp_path, *shown)
    report = complete(library, ids)
    truth = {paper.title: paper for paper in there}
    now = {paper.id: paper for paper in library.papers.read(ids)}
    completed = [result for result in report.papers if result.outcome is Outcome.COMPLETED]
    wrong = [
        result.title for result in completed if now[result.paper_id].authors != truth.get(result.title, RIGHT).authors
    ]
    short = [title for title in truth if len(title.split()) < 4]
    assert wrong == []
    assert len(completed) >= 0.98 * (len(truth) - len(short))
    assert {result.title for result in report.papers if result.outcome is Outcome.OFFERED} >= missing - set(short)
    assert report.troubles == ()
    assert str(library.history.steps()[0].title) == f"Completed {len(completed)} papers"


def test_everything_is_brought_and_undone_as_one_step(server: WebServer, library: Library, tmp_path: Path) -> None:
    known = replace(RIGHT, doi="10.55555/silt", venue="Annals of Counting")
    fill(server, known)
    before = papers(library), bring(library, tmp_path, TITLE, "Counting Beetles on a Glass Plate")
    (paper_id, _) = before[1]
    untouched = papers(library)
    report = complete(library, before[1])
    assert outcomes(report) == [Outcome.COMPLETED, Outcome.NOT_FOUND]
    paper = library.papers.get(paper_id)
    assert (paper.authors, paper.arxiv_id, paper.published) == (("Ann Bee", "Cai Dee"), "2501.00007", "2025-09-15")
    assert (paper.categories, paper.publication.venue) == (("cs.CL", "cs.LG"), "Annals of Counting")
    assert (paper.code_urls, paper.keywords) == (("https://github.com/bee/silt",), ("silt",))
    assert paper.upvotes is None
    assert report.papers[0].sources == ("Hugging Face", "arXiv", "Crossref")
    assert report.change.paper_ids == {paper_id}
    assert str(library.history.steps()[0].title) == f"Completed “{TITLE}”"
    library.history.undo()
    assert papers(library) == untouched
    assert len(library.listings.all()) == 1


def test_a_second_time_changes_nothing_and_makes_no_step(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, replace(RIGHT, doi="10.55555/silt"))
    ids = bring(library, tmp_path, TITLE)
    complete(library, ids)
    steps = library.history.steps()
    assert outcomes(complete(library, ids)) == [Outcome.UNCHANGED]
    assert library.history.steps() == steps


def test_a_dry_run_says_the_same_and_stores_nothing(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, RIGHT)
    ids = bring(library, tmp_path, TITLE)
    before = papers(library)
    rehearsed = complete(library, ids, dry_run=True)
    assert (papers(library), rehearsed.dry_run, bool(rehearsed.change)) == (before, True, False)
    done = only(complete(library, ids))
    assert set(only(rehearsed).fields) == set(done.fields)
    assert only(rehearsed).outcome is done.outcome is Outcome.COMPLETED


def test_a_list_of_identifiers_is_completed_in_batches(server: WebServer, library: Library, tmp_path: Path) -> None:
    chance = random.Random(2)
    known = [replace(work(number, f"River Number {number} and Its Silt", chance), doi="") for number in range(1, 151)]
    fill(server, *known)
    (tmp_path / "ids.txt").write_text("\n".join(f"arXiv:{paper.arxiv_id}" for paper in known) + "\n", "utf-8")
    finish(library.imports.paths([tmp_path / "ids.txt"]))
    report = complete(library, [paper.id for paper in papers(library)])
    assert report.count(Outcome.COMPLETED) == 150
    assert {(paper.title, paper.authors, paper.abstract) for paper in papers(library)} == {
        (paper.title, paper.authors, paper.abstract) for paper in known
    }
    assert server.paths().count("/api/query") == 2


def test_dois_are_asked_in_batches_and_alone_where_they_must(
    server: WebServer, library: Library, tmp_path: Path
) -> None:
    dois = ["10.55555/a", "10.55555/b", "10.55555/with,comma", "10.55555/unknown"]
    fill(server, *(Invented("", f"A Work about Rivers {doi}", doi=doi, venue="Annals") for doi in dois[:3]))
    (tmp_path / "dois.txt").write_text("\n".join(f"https://doi.org/{doi}" for doi in (*dois[:2], dois[3])), "utf-8")
    entry = f"@misc{{a, title = {{A Work about Rivers}}, doi = {{{dois[2]}}}}}"
    (tmp_path / "comma.bib").write_text(entry, "utf-8")
    finish(library.imports.paths([tmp_path / "dois.txt", tmp_path / "comma.bib"]))
    report = complete(library, [paper.id for paper in papers(library)])
    assert {result.title: result.outcome for result in report.papers} == {
        **dict.fromkeys(("doi:10.55555/a", "doi:10.55555/b", "A Work about Rivers"), Outcome.COMPLETED),
        "doi:10.55555/unknown": Outcome.NOT_FOUND,
    }
    assert server.paths() == ["/works", "/works/10.55555/unknown", "/works/10.55555/with%2Ccomma"]


def test_an_identifier_with_quite_another_title_is_offered(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, replace(RIGHT, title="Counting Beetles on a Glass Plate"))
    (paper_id,) = bring(library, tmp_path, TITLE)
    library.papers.set_arxiv_id(paper_id, "2501.00007")
    result = only(complete(library, [paper_id]))
    assert result.outcome is Outcome.OFFERED
    assert [offer.reason for offer in result.offers] == ["It has the identifier, but quite another title"]


def test_an_offer_can_be_taken(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, RIGHT, replace(RIGHT, arxiv_id="2502.00001", authors=("Eve Fox",)))
    (paper_id,) = bring(library, tmp_path, TITLE)
    result = only(complete(library, [paper_id]))
    assert [offer.reason for offer in result.offers] == ["2 papers have this title"] * 2
    fox = next(offer.candidate for offer in result.offers if offer.candidate.identity.first_author == "Eve Fox")
    change = library.completion.take(result.key, fox)
    assert str(change.title) == f"Completed “{TITLE}”"
    assert library.papers.get(paper_id).authors == ("Eve Fox",)
    assert not library.completion.take("nosuchkey", fox)


def test_a_stub_with_the_identifier_is_merged(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, RIGHT)
    (paper_id,) = bring(library, tmp_path, TITLE)
    (tmp_path / "ids.txt").write_text("arXiv:2501.00007\n", "utf-8")
    finish(library.imports.paths([tmp_path / "ids.txt"]))
    ids = [paper.id for paper in papers(library)]
    report = complete(library, ids)
    assert {result.outcome for result in report.papers} <= {Outcome.COMPLETED, Outcome.UNCHANGED}
    (paper,) = papers(library)
    assert (paper.id, paper.title, len(paper.sightings)) == (paper_id, TITLE, 2)
    library.history.undo()
    assert len(papers(library)) == 2


def test_a_service_in_trouble_is_named_once_and_the_others_go_on(
    server: WebServer, library: Library, tmp_path: Path
) -> None:
    fill(server, RIGHT)
    server.faults = [Fault(status(429, retry_after="3600"), "/api/papers/search")]
    ids = bring(library, tmp_path, TITLE, "Counting Beetles on a Glass Plate")
    report = complete(library, ids)
    assert outcomes(report) == [Outcome.COMPLETED, Outcome.FAILED]
    assert report.papers[1].failures == ("Hugging Face",)
    assert len(report.troubles) == 1
    assert "asks for fewer requests (429)" in report.troubles[0]
    assert server.paths().count("/api/papers/search") == 1


def test_answers_that_are_no_answers_complete_nothing(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, RIGHT)
    server.faults = [Fault(web_page, "/api"), Fault(status(200, b'{"status": "error"}'), "/works")]
    report = complete(library, bring(library, tmp_path, TITLE))
    assert outcomes(report) == [Outcome.FAILED]
    assert len(report.troubles) == 3


def test_cancelling_keeps_what_was_completed(server: WebServer, library: Library, tmp_path: Path) -> None:
    shown = titles(6)
    chance = random.Random(3)
    fill(server, *(work(number, title, chance) for number, title in enumerate(shown, 1)))
    ids = bring(library, tmp_path, *shown)
    report = complete(library, ids, cancelled=lambda: server.paths().count("/api/papers/search") >= 3)
    assert report.cancelled
    assert 1 <= len(report.papers) <= 3
    assert sum(bool(paper.authors) for paper in papers(library)) == report.count(Outcome.COMPLETED) > 0


def test_progress_counts_papers_and_names_the_host(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, RIGHT)
    steps = list(library.completion.papers(bring(library, tmp_path, TITLE)))
    host = f"127.0.0.1:{server.port}"
    assert {step.host for step in steps} == {host, ""}
    assert library.completion.hosts() == (host,)
    assert (steps[0].done, steps[-1].done, steps[-1].completed) == (0, 1, 1)


def test_nothing_is_asked_without_papers(server: WebServer, library: Library) -> None:
    assert complete(library, []).papers == ()
    assert server.seen == []


BIBTEX = """@article{bee, title = {Silt and Song of the {L}ower River}, author = {Bee, Ann and Dee, Cai},
  year = 2025, journal = {Annals of Counting}, volume = 3, doi = {10.55555/silt}}
@article{fox, title = {Counting Beetles on a Glass Plate II}, author = {Fox, Eve}, year = 2025}
"""
RIS = """TY  - JOUR
TI  - Silt and Song of the Lower River
AU  - Bee, Ann
PY  - 2025
JO  - Annals of Counting
ER  -
"""


@pytest.mark.parametrize(("name", "text"), [("better.bib", BIBTEX), ("better.ris", RIS)])
def test_a_file_completes_by_title_without_network_or_listing(
    server: WebServer, library: Library, tmp_path: Path, name: str, text: str
) -> None:
    ids = bring(library, tmp_path, TITLE, "Counting Beetles on a Glass Plate")
    (tmp_path / name).write_text(text, "utf-8")
    report = finish(library.completion.from_files(ids, [tmp_path / name]))
    paper = library.papers.get(ids[0])
    assert report.papers[0].outcome is Outcome.COMPLETED
    assert (paper.authors[0], paper.published, paper.publication.venue) == ("Ann Bee", "2025", "Annals of Counting")
    assert report.papers[0].sources == (name,)
    assert report.papers[1].outcome is (Outcome.OFFERED if name == "better.bib" else Outcome.NOT_FOUND)
    assert len(library.listings.all()) == 1
    assert server.seen == []
    library.history.undo()
    assert library.papers.get(ids[0]).authors == ()


def test_importing_a_better_file_brings_all_its_fields_too(library: Library, tmp_path: Path) -> None:
    (paper_id,) = bring(library, tmp_path, TITLE)
    (tmp_path / "better.bib").write_text(BIBTEX, "utf-8")
    finish(library.imports.paths([tmp_path / "better.bib"]))
    paper = library.papers.get(paper_id)
    assert (paper.authors, paper.published, paper.doi) == (("Ann Bee", "Cai Dee"), "2025", "10.55555/silt")
    assert (paper.publication.venue, paper.publication.volume) == ("Annals of Counting", "3")
    assert paper.abstract


def test_incomplete_papers_are_those_that_lack_something(server: WebServer, library: Library, tmp_path: Path) -> None:
    fill(server, RIGHT)
    ids = bring(library, tmp_path, TITLE, "Counting Beetles on a Glass Plate")
    complete(library, ids)
    assert library.completion.incomplete(ids) == ids[1:]
