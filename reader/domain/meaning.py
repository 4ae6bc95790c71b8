"""Values about the meaning of texts that several layers share."""

from __future__ import annotations

from typing import NamedTuple

LEAST_PAPERS = 20
"""The fewest papers of a library that are compared; with fewer there is nothing to tell what papers have in common."""
NO_WORDS = "Type words to search for their meaning."
"""The sentence about a search by meaning that has conditions alone."""


def too_few(papers: int) -> str:
    """A sentence where a library of so many papers has too few to compare them; empty where it has enough."""
    if papers >= LEAST_PAPERS:
        return ""
    return f"Papers can be compared from {LEAST_PAPERS} papers on; this library has {papers:,}."


class PaperText(NamedTuple):
    """A text whose meaning is compared: a paper's title and abstract, or a query as the abstract of no title."""

    title: str
    abstract: str = ""
