"""The folder of an index, with one instance in use and a file that names it.

``current.json`` names the instance (a folder with one Whoosh index per part) and the parts that are completely built. A
damaged index, or one in another format, is set aside by naming a new instance; nothing is renamed while another process
may have it open. Instances that are not in use are removed once their successor is complete. The whole folder is a
cache for this program alone, because Whoosh keeps pickles in it. Although only known types are unpickled
(:mod:`reader.index.files`), the folder must never come from elsewhere.
"""

from __future__ import annotations

import json
import secrets
import shutil
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

from whoosh.index import TOC, FileIndex

from reader.domain.selection import IndexPart
from reader.files import write_file
from reader.index.engine import DISTRIBUTION, VERSION
from reader.index.files import CheckedStorage, IndexUnavailableError
from reader.index.schema import schema_of

FORMAT = f"2 {DISTRIBUTION} {VERSION} unicode {unicodedata.unidata_version}"
"""The format that an index must have; it includes the Python's Unicode version, which decides how words fold."""
_CURRENT = "current.json"


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance of the index: the name of its folder, and the parts in which every paper was indexed once."""

    name: str
    complete: frozenset[IndexPart] = frozenset()


class IndexHome:
    """The index's folder."""

    def __init__(self, folder: Path) -> None:
        """Use ``folder``, created privately if it is missing; an index that cannot be used is set aside.

        Raises :class:`reader.index.files.IndexUnavailableError`.
        """
        self.folder = folder
        if self._read() is None:
            self.start_anew()

    @property
    def instance(self) -> Instance:
        """The instance now in use; another process may have named it."""
        found = self._read()
        return self.start_anew() if found is None else found

    def start_anew(self) -> Instance:
        """Set everything aside and begin with an empty instance.

        Raises :class:`reader.index.files.IndexUnavailableError`.
        """
        instance = Instance(secrets.token_hex(8))
        try:
            if self.folder.exists() and not self.folder.is_dir():
                self.folder.unlink()
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for part in IndexPart:
                part_folder = self.part_folder(instance, part)
                part_folder.parent.mkdir(mode=0o700, exist_ok=True)
                part_folder.mkdir(mode=0o700)
                FileIndex.create(self._storage(instance, part), schema_of(part), part.value)
            self._write(instance)
        except OSError as error:
            shutil.rmtree(self.folder / instance.name, ignore_errors=True)
            raise IndexUnavailableError(
                f"The search index in {self.folder} cannot be written: {error.strerror}."
            ) from error
        return instance

    def mark_complete(self, instance: Instance, part: IndexPart) -> None:
        """Record that every paper of a part has been indexed once; when all parts are, remove what was set aside."""
        current = self.instance
        if current.name != instance.name:
            return
        current = replace(current, complete=current.complete | {part})
        self._write(current)
        if current.complete == frozenset(IndexPart):
            self._sweep(current)

    def part_folder(self, instance: Instance, part: IndexPart) -> Path:
        """The folder of a part of an instance."""
        return self.folder / instance.name / part.value

    def open_part(self, instance: Instance, part: IndexPart) -> FileIndex:
        """A part's Whoosh index.

        Raises :class:`reader.index.files.DamagedFileError`, and whatever Whoosh raises for broken or missing files.
        """
        return FileIndex(self._storage(instance, part), schema=schema_of(part), indexname=part.value)

    def _storage(self, instance: Instance, part: IndexPart) -> CheckedStorage:
        return CheckedStorage(self.part_folder(instance, part))

    def _read(self) -> Instance | None:
        """The instance in use; None if it is unknown or has another format."""
        try:
            described = json.loads((self.folder / _CURRENT).read_text(encoding="utf-8"))
            if described["format"] != FORMAT:
                return None
            instance = Instance(str(described["instance"]), frozenset(map(IndexPart, described["complete"])))
            # A name that is too long for a file name raises OSError.
            usable = instance.name.isalnum() and all(self.part_folder(instance, part).is_dir() for part in IndexPart)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return instance if usable else None

    def _write(self, instance: Instance) -> None:
        described = {"format": FORMAT, "instance": instance.name, "complete": sorted(instance.complete)}
        write_file(self.folder / _CURRENT, json.dumps(described).encode())

    def _sweep(self, current: Instance) -> None:
        """Remove other instances; files that are still open elsewhere are removed another time."""
        for folder in self.folder.iterdir():
            if folder.is_dir() and folder.name != current.name:
                shutil.rmtree(folder, ignore_errors=True)


def contents_of(index: FileIndex) -> TOC:
    """The table of contents of an index's latest commit: its generation and its segments.

    Raises what :meth:`IndexHome.open_part` does.
    """
    # Without a schema Whoosh would unpickle the one in the file, which could run any code.
    return TOC.read(index.storage, index.indexname, schema=schema_of(IndexPart(index.indexname)))
