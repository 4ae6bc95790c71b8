"""The two flavours of Markdown a vault may be in, and what marks Lectern's part of a note in each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum


class ProfileName(StrEnum):
    """The profiles; ONE_FILE is a report of many papers, in Obsidian's flavour."""

    OBSIDIAN = "obsidian"
    COMMONMARK = "commonmark"
    ONE_FILE = "one-file"


@dataclass(frozen=True, slots=True)
class Profile:
    """How a flavour marks the managed region (lines ``start`` and ``end``) and blocks (``id_format`` with ``{}``)."""

    name: ProfileName
    start: str
    end: str
    id_format: str
    id_line: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the pattern that recognises the lines that name blocks of ours; its group 1 is the id."""
        identifier = "(paper|highlights|note|report|h-[0-9a-f]{6,64})"
        pattern = re.escape(self.id_format).replace(re.escape("{}"), identifier)
        object.__setattr__(self, "id_line", re.compile(rf"{pattern}[ \t]*"))

    def is_mark(self, line: str) -> bool:
        """Whether a line is one of those that part the region, so that no other text may contain it."""
        bare = line.strip()
        return bare in {self.start, self.end} or self.id_line.fullmatch(bare) is not None


OBSIDIAN = Profile(ProfileName.OBSIDIAN, "%%lectern%%", "%%/lectern%%", "^{}")
"""Comments and block identifiers as in Obsidian's help, "Basic formatting syntax" and "Internal links"; an identifier
of a quotation stands on a line of its own between blank lines."""
COMMONMARK = Profile(ProfileName.COMMONMARK, "<!--lectern-->", "<!--/lectern-->", '<a id="{}"></a>')
"""HTML comments and anchors, which every Markdown reader knows."""
ONE_FILE = Profile(ProfileName.ONE_FILE, OBSIDIAN.start, OBSIDIAN.end, OBSIDIAN.id_format)
PROFILES = {profile.name: profile for profile in (OBSIDIAN, COMMONMARK, ONE_FILE)}
