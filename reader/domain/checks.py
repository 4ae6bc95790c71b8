"""Results of checking a library."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Aspect(StrEnum):
    """An aspect of a library that is checked."""

    INTEGRITY = "integrity"
    REFERENCES = "references"
    TRIGGERS = "triggers"
    JOURNAL = "journal"
    QUEUE = "queue"
    HIGHLIGHTS = "highlights"
    DERIVED = "derived"
    SOURCES = "sources"
    DOCUMENTS = "documents"
    IDENTITY = "identity"
    INDEX = "index"
    PERMISSIONS = "permissions"
    REMAINS = "remains"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: a sentence and its count. ``repaired`` is True if the fault was repaired.

    ``is_harmless`` marks a fault that only costs disk space or speed.
    """

    aspect: Aspect
    sentence: str
    count: int = 1
    repaired: bool = False
    is_harmless: bool = False


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The aspects that were checked, and the findings."""

    checked: tuple[Aspect, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether no finding is left that matters."""
        return all(finding.repaired or finding.is_harmless for finding in self.findings)
