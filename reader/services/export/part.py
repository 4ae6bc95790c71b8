"""The library's way out, as a part of its interface."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reader.services.library.part import LibraryPart

if TYPE_CHECKING:
    from reader.services.export.exporter import Exporter


class ExportPart(LibraryPart):
    """Gives the exporter, which most commands do without."""

    folder: Path

    @property
    def exporter(self) -> Exporter:
        """What exports from this library: vaults, files, digests, and what the copy commands copy."""
        from reader.services.export.exporter import Exporter

        return Exporter(self._store, self.folder, self._clock)
