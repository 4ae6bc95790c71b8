"""Export templates: the built-in ones, and the user's copies, which take precedence.

A copy is a file in the library's folder ``export-templates`` under the same name (``docs/templates.md``). The built-in
ones are also available as ``lectern/…``, so that a copy can extend the one it replaces.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from reader.formats.export.pages import STYLE, html_templates
from reader.formats.export.templates import TemplateSet
from reader.services.export.plan import ExportError
from reader.services.resources import resource_path

FOLDER = "export-templates"
"""The folder of the user's own templates, in the library."""
_OURS = "templates"
_ENDING = ".j2"
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class ExportTemplates:
    """Compiled templates; ``digest`` is a hash of all their text."""

    markdown: TemplateSet
    html: TemplateSet
    style: str
    digest: str


def load_templates(own_folder: Path | None) -> ExportTemplates:
    """Load the built-in templates, and the user's in their place.

    Raises :class:`ExportError` for a user's file that cannot be read; faults in it show when it is used.
    """
    texts = {path.name: path.read_text("utf-8") for path in sorted(resource_path(_OURS).iterdir()) if path.is_file()}
    texts |= {f"lectern/{name}": text for name, text in texts.items() if name.endswith(_ENDING)}
    if own_folder is not None and own_folder.is_dir():
        for path in sorted(own_folder.iterdir()):
            if path.is_file() and (path.name.endswith(_ENDING) or path.name == STYLE):
                texts[path.name] = _read(path)
    stamp = hashlib.sha256("\0".join(f"{name}\0{text}" for name, text in sorted(texts.items())).encode()).hexdigest()
    sources = {name: text for name, text in texts.items() if name.endswith(_ENDING)}
    html = {name: text for name, text in sources.items() if name.endswith(f".html{_ENDING}")}
    return ExportTemplates(TemplateSet(sources), html_templates(html), texts[STYLE], stamp)


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > _LONGEST:
            raise ExportError(f"The template {path} is too large; a template has at most {_LONGEST:,} bytes.")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise ExportError(f"The template {path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise ExportError(f"The template {path} is not UTF-8 text; save it as UTF-8.") from error
