"""Why a PDF file cannot be read."""

from __future__ import annotations

from enum import StrEnum

MOST_PAGES = 20_000
"""A file with more pages is no paper; the longest books have a third of that."""


class PdfProblem(StrEnum):
    """What is wrong with a file. The values go from one process to another."""

    NOT_A_PDF = "not-a-pdf"
    PASSWORD = "password"
    DAMAGED = "damaged"
    TOO_MANY_PAGES = "too-many-pages"


class PdfError(Exception):
    """A file that cannot be read as a PDF, for the reason in ``problem``."""

    def __init__(self, problem: PdfProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem
