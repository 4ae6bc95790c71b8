"""What tests of the services share: texts of listings made on the spot, and running an import to its end."""

from __future__ import annotations

from collections.abc import Generator
from datetime import UTC, datetime
from pathlib import Path

from reader.domain.reports import ImportProgress, ImportReport

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHARED = Path(__file__).parents[2].parent / "shared"
LISTINGS = SHARED / "listings"
API = SHARED / "api"
FURNITURE = (
    "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nDaily Papers\n\n"
    "byAK and the research community\n\n"
)


def clock() -> datetime:
    """A present that does not move."""
    return NOW


def abstract(subject: str) -> str:
    """An invented abstract of a usual length, different for each subject."""
    return (
        f"We study the invented subject of {subject} and find that it behaves as such subjects do. "
        "Our method needs no data, no model and no patience, and improves upon itself by eleven points. "
        f"Ablations show that {subject} matters more than anything else that we tried in this work."
    )


def listing_text(*titles: str, heading: str = "Dec 8", block: str = "") -> str:
    """A plain listing of papers with these titles; ``block`` stands below each abstract."""
    records = [f"{title}\n\n{abstract(title)}\n{block}" for title in titles]
    return f"{FURNITURE}{heading}\n\n" + "\n".join(records)


def finish(progress: Generator[ImportProgress, None, ImportReport]) -> ImportReport:
    """Run an import to its end."""
    while True:
        try:
            next(progress)
        except StopIteration as end:
            return end.value
