"""Where the optional package with word vectors is installed; asked without numpy, and without importing the package."""

from __future__ import annotations

import importlib.util
from pathlib import Path

_PACKAGE = "wordllama"


def installed_folder() -> Path | None:
    """The folder of the package with the vectors; None if it is not installed. It is not imported."""
    try:
        spec = importlib.util.find_spec(_PACKAGE)
    except (ImportError, ValueError):
        return None
    places = spec.submodule_search_locations if spec else None
    return Path(next(iter(places))) if places else None
