"""Where the files of ``resources/`` are, in a checkout and in an installed package alike.

In a checkout the folder stands beside the package, where people look for it; a wheel carries it inside the package
(``force-include`` in pyproject.toml), so that nothing of ours lies in the environment under a name as common as
"resources".
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import reader


def resource_path(*parts: str) -> Path:
    """The file or folder ``parts`` name below ``resources/``, as in ``resource_path("sample", "README.md")``.

    Raises :class:`FileNotFoundError` where there is none, which is a fault of the installation or of the caller.
    """
    path = _resource_folder().joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"Lectern's own file {path} is missing; install Lectern again")
    return path


@cache
def documentation_folder() -> Path:
    """The folder of the user's documentation: ``docs/`` of a checkout, or its copy inside an installed package."""
    package = Path(reader.__file__).resolve().parent
    inside = package / "resources" / "docs"
    return inside if inside.is_dir() else package.parent / "docs"


@cache
def _resource_folder() -> Path:
    """The folder itself: inside the package if it was installed, else beside it."""
    package = Path(reader.__file__).resolve().parent
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"
