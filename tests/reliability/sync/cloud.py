"""A “cloud” that carries the files of folders that devices share: late, in any order, torn, renamed, and damaged."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path


class Cloud:
    """Copies files between the folders of devices, as Syncthing or Dropbox would.

    A file belongs to the folder in which it was first seen; what changes or goes there, changes or goes elsewhere.
    """

    def __init__(self, folders: list[Path], dice: random.Random) -> None:
        self.folders, self.dice = folders, dice
        self.owners: dict[str, int] = {}
        self.delivered: list[dict[str, bytes]] = [{} for _ in folders]
        """For each folder, what was last put there, by name; also of files that were put there under another name."""
        self.counts: Counter[str] = Counter()

    def deliver(self, everything: bool = False, only: tuple[int, int] | None = None) -> None:
        """Carry about half of what is new, or all of it; or ``only`` all from one folder to one other."""
        everything = everything or only is not None
        found = [self._files(folder) for folder in self.folders]
        for at, names in enumerate(found):
            for name in sorted(names):
                if name not in self.delivered[at]:
                    self.owners.setdefault(name, at)
        routes = [(name, to) for name in sorted(self.owners) for to in range(len(self.folders))]
        self.dice.shuffle(routes)
        for name, to in routes:
            at = self.owners[name]
            if only in (None, (at, to)) and to != at and (everything or self.dice.random() < 0.5):
                self._carry(name, found[at].get(name), to, careful=everything)

    def damage(self, living: list[str]) -> None:
        """Break a file of a device that is still there, in its own folder: it has to be made anew."""
        names = [name for name in self.owners if any(f"devices/{device}/" in name for device in living)]
        if not names:
            return
        name = self.dice.choice(sorted(names))
        path = self.folders[self.owners[name]] / name
        if not path.exists():
            return
        content = path.read_bytes()
        kind = self.dice.choice(["cut", "empty", "flipped", "gone"])
        self.counts[f"damaged: {kind}"] += 1
        if kind == "gone":
            path.unlink()
        elif kind == "flipped" and content:
            at = self.dice.randrange(len(content))
            path.write_bytes(content[:at] + bytes([content[at] ^ 0x40]) + content[at + 1 :])
        else:
            path.write_bytes(content[: 0 if kind == "empty" else self.dice.randrange(max(1, len(content)))])

    def _carry(self, name: str, path: Path | None, to: int, *, careful: bool) -> None:
        target, before = self.folders[to] / name, self.delivered[to].get(name)
        if path is None:
            if before is not None and target.exists() and target.read_bytes() == before:
                target.unlink()
                self.counts["removed"] += 1
            self.delivered[to].pop(name, None)
            return
        content = path.read_bytes()
        if before == content:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        is_theirs = before is None and target.exists() and target.read_bytes() != content
        sent = content
        if not careful and self.dice.random() < 0.1:
            sent = content[: self.dice.randrange(max(1, len(content)))]
            self.counts["torn"] += 1
        elif is_theirs or (not careful and self.dice.random() < 0.06):
            # As Syncthing names what it will not put in the place of another.
            target = target.with_name(f"{target.stem}.sync-conflict-{self.dice.randrange(10**6)}{target.suffix}")
            self.counts["renamed"] += 1
        target.write_bytes(sent)
        self.delivered[to][name] = sent
        self.counts["carried"] += 1

    def _files(self, folder: Path) -> dict[str, Path]:
        """Every finished file by its name in the folder, without those that the cloud renamed."""
        paths = (path for path in folder.rglob("*") if path.is_file())
        return {
            path.relative_to(folder).as_posix(): path
            for path in paths
            if not path.name.startswith(".") and ".sync-conflict-" not in path.name
        }
