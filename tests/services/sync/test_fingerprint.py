"""By what a library notices that it is a copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from reader.services.sync.fingerprint import fingerprint


def test_a_library_knows_itself_again_and_copies_and_moved_ones_differ(tmp_path: Path) -> None:
    database = tmp_path / "library.db"
    database.write_bytes(b"one")
    first = fingerprint(database)
    with database.open("ab") as file:
        file.write(b"two")
    assert fingerprint(database) == first
    copy = tmp_path / "copy" / "library.db"
    copy.parent.mkdir()
    shutil.copy2(database, copy)
    assert fingerprint(copy) != first
    shutil.copy2(database, tmp_path / "restored.db")
    (tmp_path / "restored.db").replace(database)
    restored = fingerprint(database)
    assert restored not in {first, fingerprint(copy)}
    moved = tmp_path / "elsewhere.db"
    database.rename(moved)
    assert fingerprint(moved) != restored


def test_every_process_finds_the_same(tmp_path: Path) -> None:
    database = tmp_path / "library.db"
    database.write_bytes(b"one")
    program = "import sys; from pathlib import Path; from reader.services.sync.fingerprint import fingerprint; "
    program += "print(fingerprint(Path(sys.argv[1])))"
    said = subprocess.run([sys.executable, "-c", program, database], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == fingerprint(database)
