"""Export formats as the window offers them, in order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from reader.services.export.plan import ExportForm, ProfileName


class Extra(Enum):
    """The further choice a form has."""

    NOTHING = auto()
    DELETED = auto()
    GROUPING = auto()
    SPAN = auto()


@dataclass(frozen=True, slots=True)
class FormChoice:
    """A form: its ``name`` (under which it is remembered), its title, and a description."""

    name: str
    title: str
    about: str
    form: ExportForm
    profile: ProfileName = ProfileName.OBSIDIAN
    extra: Extra = Extra.NOTHING

    @property
    def is_vault(self) -> bool:
        """Whether the form makes a note for each paper."""
        return self.form is ExportForm.MARKDOWN and self.profile is not ProfileName.ONE_FILE

    @property
    def has_scope(self) -> bool:
        """Whether papers can be chosen; a digest covers the whole library."""
        return self.form is not ExportForm.DIGEST

    def takes_all(self, *, whole_library: bool) -> bool:
        """Whether papers without annotations are always included, as in a file to restore a library from."""
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
    FormChoice(
        "csv", "CSV", "A table for spreadsheets with a row per paper; no cell runs as a formula.", ExportForm.CSV
    ),
    FormChoice(
        "json-lines",
        "JSON Lines",
        "Everything, for scripts. “lectern import” restores a library from a file that has all of it.",
        ExportForm.JSON_LINES,
    ),
    FormChoice("html", "Web page", "A self-contained page, suitable for printing.", ExportForm.HTML),
    FormChoice(
        "digest",
        "Digest",
        "New papers, what you kept and highlighted, and your queue: one Markdown file for some days.",
        ExportForm.DIGEST,
        extra=Extra.SPAN,
    ),
)
FORMS_BY_NAME = {choice.name: choice for choice in FORMS}
