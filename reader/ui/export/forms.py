"""What one can export as, in the order and the words in which the window offers it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from reader.services.export.plan import ExportForm, ProfileName


class Extra(Enum):
    """What more there is to choose for a form."""

    NOTHING = auto()
    DELETED = auto()
    GROUPING = auto()
    SPAN = auto()


@dataclass(frozen=True, slots=True)
class FormChoice:
    """One form: its ``name`` (as it is remembered), its title, and what to know of it."""

    name: str
    title: str
    about: str
    form: ExportForm
    profile: ProfileName = ProfileName.OBSIDIAN
    extra: Extra = Extra.NOTHING

    @property
    def is_vault(self) -> bool:
        """Whether it makes a note for each paper."""
        return self.form is ExportForm.MARKDOWN and self.profile is not ProfileName.ONE_FILE

    @property
    def has_scope(self) -> bool:
        """Whether one can say which papers; a digest is of the whole library."""
        return self.form is not ExportForm.DIGEST

    def takes_all(self, *, whole_library: bool) -> bool:
        """Whether papers without annotations belong to it in any case: what a library is restored from has them all."""
        return self.form is ExportForm.JSON_LINES and whole_library


_VAULT = (
    "One note for each paper, which you can rename, move and go on writing. What you write there stays yours to the "
    "byte, and what you change here arrives there with the next export."
)
FORMS: tuple[FormChoice, ...] = (
    FormChoice("obsidian", "Obsidian vault", _VAULT, ExportForm.MARKDOWN, extra=Extra.DELETED),
    FormChoice(
        "commonmark",
        "Markdown notes",
        f"{_VAULT} In plain Markdown, for any editor.",
        ExportForm.MARKDOWN,
        ProfileName.COMMONMARK,
        Extra.DELETED,
    ),
    FormChoice(
        "one-file",
        "One report",
        "One Markdown file of all papers under headings. What you write around Lectern's part of it stays.",
        ExportForm.MARKDOWN,
        ProfileName.ONE_FILE,
        Extra.GROUPING,
    ),
    FormChoice(
        "bibtex",
        "BibTeX",
        "For LaTeX. A paper keeps its citation key for good once it has one; incomplete entries are marked.",
        ExportForm.BIBTEX,
    ),
    FormChoice("ris", "RIS", "For Zotero, EndNote and others, with tags, notes and highlights.", ExportForm.RIS),
    FormChoice("csl-json", "CSL-JSON", "For Pandoc and Zotero, with the same keys as in BibTeX.", ExportForm.CSL_JSON),
    FormChoice("csv", "CSV", "A table for spreadsheets, one row a paper; no cell runs as a formula.", ExportForm.CSV),
    FormChoice(
        "json-lines",
        "JSON Lines",
        "Everything there is, for scripts. Of the whole library, “lectern import” restores it from this file.",
        ExportForm.JSON_LINES,
    ),
    FormChoice("html", "Web page", "One page that needs nothing else, fit for printing.", ExportForm.HTML),
    FormChoice(
        "digest",
        "Digest",
        "What came, what you kept and highlighted, and your queue: one Markdown file for a span of days.",
        ExportForm.DIGEST,
        extra=Extra.SPAN,
    ),
)
FORMS_BY_NAME = {choice.name: choice for choice in FORMS}
