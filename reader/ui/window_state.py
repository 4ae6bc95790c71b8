"""What the window remembers between runs, in ``window.json`` of the library's folder; losing it costs nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFileDevice, QIODevice, QSaveFile

from reader.domain.views import View, ViewKind

_FILE_NAME = "window.json"
_LARGEST = 1 << 20


@dataclass(slots=True)
class WindowState:
    """Geometry and splitter as Qt saves them (base64), the view, the paper, and the reader's preferences."""

    geometry: str = ""
    splitter: list[int] = field(default_factory=list)
    view_kind: str = ViewKind.INBOX.value
    listing_ids: list[int] = field(default_factory=list)
    paper_id: int | None = None
    text_step: int = 0
    scheme: str = "system"
    import_folder: str = ""

    @property
    def view(self) -> View:
        """The view that was open; the inbox if it is none that exists."""
        try:
            kind = ViewKind(self.view_kind)
        except ValueError:
            kind = ViewKind.INBOX
        if kind in {ViewKind.LISTING, ViewKind.IMPORT}:
            return View(kind, listing_ids=tuple(self.listing_ids)) if self.listing_ids else View(ViewKind.INBOX)
        return View(ViewKind.INBOX if kind in {ViewKind.TAG, ViewKind.SEARCH} else kind)

    def remember_view(self, view: View) -> None:
        """Keep which view is open."""
        self.view_kind = view.kind.value
        self.listing_ids = list(view.listing_ids)


def load_state(folder: Path) -> WindowState:
    """What was remembered; what is missing, damaged or of the wrong type is as if it were new."""
    path = folder / _FILE_NAME
    try:
        if path.stat().st_size > _LARGEST:
            return WindowState()
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return WindowState()
    state = WindowState()
    for item in fields(WindowState) if isinstance(content, dict) else ():
        value = content.get(item.name)
        if _fits(value, getattr(state, item.name), item.name):
            setattr(state, item.name, value)
    return state


def save_state(folder: Path, state: WindowState) -> bool:
    """Remember ``state``, whole or not at all; False if the folder does not let us."""
    file = QSaveFile(str(folder / _FILE_NAME))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        return False
    file.setPermissions(QFileDevice.Permission.ReadOwner | QFileDevice.Permission.WriteOwner)
    file.write(json.dumps(asdict(state), indent=1).encode())
    return file.commit()


def _fits(value: Any, usual: Any, name: str) -> bool:
    """Whether a value read from a file is of the type that belongs there."""
    if name == "paper_id":
        return value is None or (isinstance(value, int) and not isinstance(value, bool))
    if isinstance(usual, list):
        return isinstance(value, list) and all(type(part) is int and abs(part) < 2**62 for part in value)
    return type(value) is type(usual) and (not isinstance(value, int) or abs(value) < 100)
