"""What ``lectern complete`` prints: JSON for scripts and text for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reader.domain.completion import Offer
from reader.domain.numerals import counted
from reader.domain.reports import CompletionOutcome, CompletionReport, PaperCompletion
from reader.services.latex_to_unicode import shown_line

_TITLE_LIMIT = 90


def completion_report_as_json(report: CompletionReport) -> dict[str, Any]:
    """A report as ``lectern complete --json`` prints it."""
    return {
        "papers": [_paper_as_json(paper) for paper in report.papers],
        "totals": {outcome.value.replace(" ", "_"): report.count(outcome) for outcome in CompletionOutcome},
        "troubles": list(report.troubles),
        "dry_run": report.dry_run,
        "cancelled": report.cancelled,
    }


def completion_report_as_text(report: CompletionReport) -> str:
    """A report for a person: a line for each paper, its offers below it, the hosts in trouble, and the sum."""
    lines = [line for paper in report.papers for line in _lines(paper)]
    return "\n".join([*lines, *report.troubles, completion_summary(report)])


def completion_summary(report: CompletionReport) -> str:
    """The sum of a report in one line."""
    counts = [f"{report.count(outcome):,} {outcome.value}" for outcome in CompletionOutcome if report.count(outcome)]
    papers = counted(len(report.papers), "paper")
    ending = " Nothing was stored (dry run)." if report.dry_run else ""
    stopped = " Cancelled before the end." if report.cancelled else ""
    return f"{papers}{': ' if counts else ''}{', '.join(counts)}.{ending}{stopped}"


def offer_facts(offer: Offer) -> str:
    """What tells an offered record from others, on one line: authors, year, identifier, source."""
    record = offer.candidate.prepared.record
    authors = (
        shown_line(record.authors[0]) + (" and others" if len(record.authors) > 1 else "") if record.authors else ""
    )
    year = (offer.candidate.prepared.published or "")[:4]
    identifier = f"arXiv:{record.arxiv_id}" if record.arxiv_id else f"doi:{record.doi}" if record.doi else ""
    return ", ".join(part for part in (authors, year, shown_line(identifier), offer.candidate.source) if part)


def _paper_as_json(paper: PaperCompletion) -> dict[str, Any]:
    return {
        "key": paper.key,
        "title": paper.title,
        "outcome": paper.outcome.value,
        "source": paper.sources[0] if paper.sources else None,
        "sources": list(paper.sources),
        "fields": list(paper.fields),
        "merged": list(paper.merged),
        "offer": _offer_as_json(paper.offers[0]) if paper.offers else None,
        "offers": [_offer_as_json(offer) for offer in paper.offers],
        "failures": list(paper.failures),
    }


def _offer_as_json(offer: Offer) -> dict[str, Any]:
    prepared = offer.candidate.prepared
    record = prepared.record
    return {
        "title": record.title,
        "authors": list(record.authors),
        "published": prepared.published,
        "arxiv_id": record.arxiv_id,
        "doi": record.doi,
        "url": record.url,
        "source": offer.candidate.source,
        "reason": offer.reason,
    }


def _lines(paper: PaperCompletion) -> Iterator[str]:
    told = {
        CompletionOutcome.COMPLETED: f"{', '.join(paper.fields) or 'merged'} ({', '.join(paper.sources)})",
        CompletionOutcome.FAILED: f"no answer from {', '.join(paper.failures)}",
    }.get(paper.outcome, "")
    title = shown_line(paper.title, _TITLE_LIMIT)
    yield f"{paper.key}  {paper.outcome.value:<9}  {title}{f': {told}' if told else ''}"
    for offer in paper.offers:
        shown = shown_line(offer.candidate.titled.title, _TITLE_LIMIT)
        yield f"    “{shown}” ({offer_facts(offer)}): {offer.reason}"
