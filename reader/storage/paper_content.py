"""Writing of a paper's changed content, and of everything that depends on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reader.domain.doi import fold_doi
from reader.storage.content import COLUMNS, PaperContent, absorb
from reader.storage.highlight_anchors import reanchor_highlights
from reader.storage.pages import listing_names
from reader.storage.writer import Writer


def update_paper(
    writer: Writer, paper: PaperContent, stored: Sequence[object], *, places_highlights: bool = True
) -> None:
    """Write a paper's changed columns; its former title and DOI stay findable, and its highlights are placed again."""
    values = paper.values()
    changed = [index for index, value in enumerate(values) if value != stored[index]]
    if not changed:
        return
    before = dict(zip(COLUMNS, stored, strict=True))
    assignments = ", ".join(f"{COLUMNS[index]} = ?" for index in changed)
    writer.execute(f"UPDATE papers SET {assignments} WHERE id = ?", (*(values[index] for index in changed), paper.id))
    if before["title_fold"] and before["title_fold"] != paper.title_fold:
        writer.execute(
            "INSERT INTO former_titles (paper_id, title_fold) SELECT :paper, :fold WHERE NOT EXISTS "
            "(SELECT 1 FROM former_titles WHERE paper_id = :paper AND title_fold = :fold)",
            {"paper": paper.id, "fold": before["title_fold"]},
        )
    if before["doi"] != paper.doi:
        keep_dois(writer, paper, [str(before["doi"])] if before["doi"] else [])
    for target in ("title", "abstract"):
        if places_highlights and before[target] != getattr(paper, target):
            reanchor_highlights(writer, paper.id, target, getattr(paper, target), str(before[target]))


def absorb_row(writer: Writer, paper: PaperContent, other: PaperContent) -> None:
    """Merge another row of the same paper in place (:func:`~reader.storage.content.absorb`).

    Of equal rank and day, the listing that brought a paper decides by its name, not the order of imports: so the same
    content comes of it in every library.
    """
    names = listing_names(writer.db.conn, [paper.first_listing_id or 0, other.first_listing_id or 0])
    first, second = (names.get(each.first_listing_id or 0, "") for each in (paper, other))
    absorb(paper, other, wins_ties=second > first)


def keep_dois(writer: Writer, paper: PaperContent, dois: Iterable[str]) -> None:
    """Keep DOIs that other listings gave a paper in addition to its own; each once, whatever its spelling."""
    for doi in dois:
        if paper.doi is None or fold_doi(doi) != fold_doi(paper.doi):
            writer.execute(
                "INSERT INTO further_dois (paper_id, doi) SELECT :paper, :doi WHERE NOT EXISTS "
                "(SELECT 1 FROM further_dois WHERE paper_id = :paper AND lower(doi) = lower(:doi))",
                {"paper": paper.id, "doi": doi},
            )
    writer.execute("DELETE FROM further_dois WHERE paper_id = ? AND lower(doi) = lower(?)", (paper.id, paper.doi))
