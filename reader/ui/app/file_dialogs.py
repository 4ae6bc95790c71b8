"""The file dialogs, in one place so that tests can answer for the user."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from reader.services.copies.bundle_file import ENDING

_LISTINGS = (
    "Listings (*.txt *.md *.html *.htm *.json *.eml *.mbox *.xml *.atom *.rss *.bib *.ris *.csv *.nbib *.enw *.jsonl);;"
    "All files (*)"
)
_PDFS = "PDF files (*.pdf);;All files (*)"
_BACKUPS = "Libraries (*.db);;All files (*)"
_OPML = "Subscriptions (*.opml *.xml);;All files (*)"
_LIKED = "Lists of papers (*.bib *.ris *.json *.jsonl *.csv *.nbib *.enw *.md *.txt);;All files (*)"
_BUNDLES = f"Bundles (*{ENDING});;All files (*)"


class FileDialogs:
    """Asks for files and folders with the system's dialogs."""

    def listing_files(self, parent: QWidget, folder: Path) -> list[Path]:
        """Files to import; none if the user thinks better of it."""
        names, _ = QFileDialog.getOpenFileNames(parent, "Import listing files", str(folder), _LISTINGS)
        return [Path(name) for name in names]

    def pdf_files(self, parent: QWidget, folder: Path) -> list[Path]:
        """PDF files to attach; none if the user thinks better of it."""
        names, _ = QFileDialog.getOpenFileNames(parent, "Attach PDF files to this paper", str(folder), _PDFS)
        return [Path(name) for name in names]

    def listing_folder(self, parent: QWidget, folder: Path) -> Path | None:
        """A folder to import."""
        name = QFileDialog.getExistingDirectory(parent, "Import every listing file of a folder", str(folder))
        return Path(name) if name else None

    def liked_papers(self, parent: QWidget, folder: Path) -> Path | None:
        """A file of papers that the user likes."""
        name, _ = QFileDialog.getOpenFileName(parent, "Learn from a file of papers I like", str(folder), _LIKED)
        return Path(name) if name else None

    def export_folder(self, parent: QWidget, folder: Path, title: str) -> Path | None:
        """A folder to export to."""
        name = QFileDialog.getExistingDirectory(parent, title, str(folder))
        return Path(name) if name else None

    def sync_folder(self, parent: QWidget, folder: Path) -> Path | None:
        """The folder that several machines share."""
        name = QFileDialog.getExistingDirectory(parent, "Choose the shared folder", str(folder))
        return Path(name) if name else None

    def backup_file(self, parent: QWidget, folder: Path) -> Path | None:
        """A backup to restore."""
        name, _ = QFileDialog.getOpenFileName(parent, "Restore a backup", str(folder), _BACKUPS)
        return Path(name) if name else None

    def opml_file(self, parent: QWidget, folder: Path) -> Path | None:
        """A file of subscriptions to read."""
        name, _ = QFileDialog.getOpenFileName(parent, "Subscribe from an OPML file", str(folder), _OPML)
        return Path(name) if name else None

    def opml_target(self, parent: QWidget, suggested: Path) -> Path | None:
        """Where to write the subscriptions; the dialog asks before it replaces a file."""
        name, _ = QFileDialog.getSaveFileName(parent, "Save subscriptions as OPML", str(suggested), _OPML)
        return Path(name) if name else None

    def bundle_target(self, parent: QWidget, suggested: Path) -> Path | None:
        """Where to write a bundle; what is there already is never replaced."""
        option = QFileDialog.Option.DontConfirmOverwrite
        name, _ = QFileDialog.getSaveFileName(parent, "Write a bundle", str(suggested), _BUNDLES, options=option)
        return Path(name) if name else None

    def bundle_file(self, parent: QWidget, folder: Path) -> Path | None:
        """A bundle to open."""
        name, _ = QFileDialog.getOpenFileName(parent, "Open a bundle", str(folder), _BUNDLES)
        return Path(name) if name else None
