"""Values about the meaning of texts that several layers share."""

from __future__ import annotations

from typing import NamedTuple

LEAST_PAPERS = 20
"""The fewest papers of a library that are compared; with fewer there is nothing to tell what papers have in common."""


class PaperText(NamedTuple):
    """A text whose meaning is compared: a paper's title and abstract, or a query as the abstract of no title."""

    title: str
    abstract: str = ""
