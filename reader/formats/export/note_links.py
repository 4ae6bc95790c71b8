"""Links between notes of a vault, as each flavour of Markdown writes them.

Sources: Obsidian's help, "Internal links" (a note is named by its file name, or by its place in the vault where
several have that name); https://spec.commonmark.org/0.31.2/#links for links relative to the note.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from urllib.parse import quote

from reader.formats.export.inert import inert, one_line
from reader.formats.export.profiles import Profile, ProfileName
from reader.formats.export.templates import markdown_address

_UNFIT_IN_LINK = re.compile(r"[\[\]|`\\]+")
_UNFIT_AS_NAME = re.compile(r"[\[\]|#^\\]")
_NOTE = ".md"


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link to a paper goes: its note's ``path`` in the vault, else its page's ``address``, else nowhere.

    ``is_unique`` tells that no other note of the vault has the same name.
    """

    title: str
    path: str = ""
    is_unique: bool = True
    address: str = ""


def vault_link(words: str, target: LinkTarget, profile: Profile, path: str) -> str:
    """A link to a paper that shows ``words``, for a note at ``path``; just the words where it can go nowhere."""
    shown = one_line(words) or one_line(target.title)
    if not target.path:
        address = markdown_address(target.address)
        return f"[{inert(shown)}]({address})" if address else inert(shown)
    name = target.path.removesuffix(_NOTE)
    if profile.name is not ProfileName.COMMONMARK and name != target.path and not _UNFIT_AS_NAME.search(name):
        name = posixpath.basename(name) if target.is_unique else name
        text = " ".join(_UNFIT_IN_LINK.sub(" ", shown).split())
        return f"[[{name}|{text}]]" if text else f"[[{name}]]"
    relative = posixpath.relpath(target.path, posixpath.dirname(path) or ".")
    return f"[{inert(shown)}]({quote(relative, safe='/._-~')})"
