"""The exporter as a part of the library's interface."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reader.services.library.part import LibraryPart

if TYPE_CHECKING:
    from reader.services.export.exporter import Exporter


class ExportPart(LibraryPart):
    """Creates the exporter when it is first needed, as most commands do without it."""

    folder: Path

    @property
    def exporter(self) -> Exporter:
        """The exporter of this library: vaults, files, digests, and text for the copy commands."""
        from reader.services.export.exporter import Exporter

        return Exporter(self._store, self.folder, self._clock)
