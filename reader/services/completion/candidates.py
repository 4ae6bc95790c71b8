"""Records and papers as the rules of completing compare them: with formulas in Unicode, whatever their source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from reader.domain.completion import Candidate, Sought, Titled
from reader.domain.folding import fold_title
from reader.domain.identity import Identity
from reader.domain.papers import Paper
from reader.domain.preparation import PreparedRecord, content_rank, prepare_header, prepare_records
from reader.domain.records import ParsedListing
from reader.domain.stubs import is_stub
from reader.services.latex_to_unicode import shown_line


def titled(title: str) -> Titled:
    """A title with its fold for comparison."""
    return Titled(title, fold_title(shown_line(title)))


def sought(paper: Paper) -> Sought:
    """What is known of a paper."""
    published = None if paper.published_guessed else paper.published
    dois = (paper.doi, *paper.further_dois)
    return Sought(
        titled(paper.title),
        Identity.of(fold_title(paper.title), paper.arxiv_id, dois, paper.authors, published),
        paper.published,
        paper.published_guessed,
        is_stub(paper.title, paper.arxiv_id, paper.doi, paper.url),
    )


def is_incomplete(paper: Paper) -> bool:
    """Whether a paper lacks what every publication has: authors, a date, an abstract, or any identifier."""
    return not (paper.authors and paper.published and paper.abstract and (paper.arxiv_id or paper.doi))


def candidates_in(parsed: ParsedListing, source: str, today: date) -> Iterator[Candidate]:
    """The records of an answer or a file as candidates; ``today`` bounds the year of a page that omits it."""
    header = prepare_header(parsed, sha256="", file_name="", stem="", modified=None, today=today)
    return candidates_of(prepare_records(parsed, header), source, content_rank(parsed.format))


def candidates_of(records: Iterable[PreparedRecord], source: str, rank: int) -> Iterator[Candidate]:
    """Prepared records as candidates; not stubs, and not announcements of new versions."""
    for prepared in records:
        record = prepared.record
        if not record.is_revision and not is_stub(record.title, record.arxiv_id, record.doi, record.url):
            yield Candidate(titled(record.title), prepared, source, rank)
