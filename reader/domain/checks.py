"""What checking a library finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Aspect(StrEnum):
    """What is looked at."""

    INTEGRITY = "integrity"
    REFERENCES = "references"
    TRIGGERS = "triggers"
    JOURNAL = "journal"
    QUEUE = "queue"
    HIGHLIGHTS = "highlights"
    DERIVED = "derived"
    SOURCES = "sources"
    IDENTITY = "identity"
    INDEX = "index"
    PERMISSIONS = "permissions"
    REMAINS = "remains"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: a sentence, and how often. ``repaired`` tells that it was put right.

    ``is_harmless`` marks what costs room or speed only.
    """

    aspect: Aspect
    sentence: str
    count: int = 1
    repaired: bool = False
    is_harmless: bool = False


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was looked at and what was found."""

    checked: tuple[Aspect, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong that matters (any more)."""
        return all(finding.repaired or finding.is_harmless for finding in self.findings)
