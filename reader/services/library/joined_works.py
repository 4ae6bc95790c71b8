"""Works that stand as one paper though the rule of identity tells them apart: papers that an earlier rule joined.

What tells them apart was not kept, so it is read again from the imported files. Nothing is changed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from reader.domain.cancellation import Cancelled
from reader.domain.checks import Aspect, Finding
from reader.domain.errors import ReaderError, WorkCancelledError
from reader.domain.identity import Identity, are_told_apart, have_same_identifier
from reader.services.imports.parser import ListingParser
from reader.services.imports.source_archive import IncomingFile, SourceArchive
from reader.storage.joined_works import JoinedEntry, JoinedListing

_SHOWN = 100


def joined_works(
    listings: Sequence[JoinedListing], sources: SourceArchive, today: date, cancelled: Cancelled
) -> Iterator[Finding]:
    """A finding for every paper that holds several works, the first hundred by name.

    Raises :class:`~reader.domain.errors.WorkCancelledError` once ``cancelled`` says so.
    """
    papers: dict[int, JoinedEntry] = {}
    works: defaultdict[int, list[Identity]] = defaultdict(list)
    for listing in listings:
        if cancelled():
            raise WorkCancelledError
        read = _identities(listing, sources.path(listing.sha256), today)
        for entry in listing.entries:
            if entry.entry in read:
                papers[entry.paper_id] = entry
                works[entry.paper_id].append(read[entry.entry])
    several = [
        (papers[paper_id], found) for paper_id in works if len(found := _works(papers[paper_id], works[paper_id])) > 1
    ]
    for paper, found in several[:_SHOWN]:
        yield Finding(Aspect.IDENTITY, _sentence(paper, found), is_harmless=True)
    if len(several) > _SHOWN:
        sentence = "More papers hold works that are told apart now"
        yield Finding(Aspect.IDENTITY, sentence, len(several) - _SHOWN, is_harmless=True)


def _identities(listing: JoinedListing, path: Path, today: date) -> dict[int, Identity]:
    """What identifies a listing's records, by their entries; nothing where its file is gone or no longer understood."""
    try:
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).date()
        incoming = IncomingFile(path, listing.file_name, Path(listing.file_name).stem, listing.sha256, modified)
        with ListingParser(today=today, year=listing.year) as parser:
            records = parser.parse(incoming).records
            return {prepared.record.lines.first: prepared.identity for prepared in records}
    except (OSError, ReaderError):
        return {}


def _works(paper: JoinedEntry, identities: Sequence[Identity]) -> list[list[Identity]]:
    """The records of a paper, those together that are one work, each at least with one of the others."""
    works: list[list[Identity]] = []
    for identity in identities:
        same = [work for work in works if any(_are_one(paper, identity, other) for other in work)]
        if not same:
            works.append([identity])
            continue
        for work in same[1:]:
            works.remove(work)
            same[0].extend(work)
        same[0].append(identity)
    return works


def _are_one(paper: JoinedEntry, one: Identity, other: Identity) -> bool:
    """Whether the rule joins two records of a paper; all titles that it had are one title here."""
    if have_same_identifier(one, other):
        return True
    is_same_title = one.fold == other.fold or {one.fold, other.fold} <= paper.folds
    return is_same_title and not are_told_apart(one, other)


def _sentence(paper: JoinedEntry, works: Sequence[Sequence[Identity]]) -> str:
    """Which works a paper holds."""
    shown = [_shown(work[0]) for work in works]
    return (
        f"“{paper.title}” ({paper.key}) holds {len(works)} works: {'; '.join(shown)}. They stay together; to have them "
        "as papers of their own, remove their listing and import its file again"
    )


def _shown(identity: Identity) -> str:
    """An identity for a person."""
    year = str(identity.year) if identity.year else ""
    ids = [f"arXiv {identity.arxiv_id}"] if identity.arxiv_id else [f"DOI {doi}" for doi in sorted(identity.dois)]
    return ", ".join(part for part in (identity.first_author, year, *ids) if part) or identity.fold
