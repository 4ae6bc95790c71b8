"""Check that the pinned Whoosh is installed.

Four distributions install a package called ``whoosh``, and the last one installed overwrites the others. Only
``whoosh3`` in exactly this version has what the index relies on (codecs that open their own segments, locks released
when a commit fails). Anything else is refused with a sentence that says what to do.
"""

from __future__ import annotations

from pathlib import Path

from reader.domain.errors import LibraryError

DISTRIBUTION = "whoosh3"
VERSION = "3.54.0"


class SearchEngineError(LibraryError):
    """The search engine is missing or is not the required one."""


def check_engine() -> None:
    """Raise :class:`SearchEngineError` unless the package ``whoosh`` is the required version of whoosh3."""
    advice = f"install it again with: pip install --force-reinstall {DISTRIBUTION}=={VERSION}"
    try:
        import whoosh

        found = ".".join(str(part) for part in whoosh.__version__)
        installed = _installed_version(Path(whoosh.__file__))
    except (ImportError, AttributeError, TypeError):
        raise SearchEngineError(f"Searching needs the package {DISTRIBUTION} {VERSION}; {advice}") from None
    if installed != VERSION or found != VERSION:
        raise SearchEngineError(
            f"Searching needs {DISTRIBUTION} {VERSION}, but the package “whoosh” here is version {found} "
            f"(another distribution may have overwritten it); {advice}"
        )


def _installed_version(package: Path) -> str | None:
    """The version of the distribution. Looks beside the package first, because asking importlib takes 40 ms."""
    if (package.parents[1] / f"{DISTRIBUTION}-{VERSION}.dist-info").is_dir():
        return VERSION
    from importlib import metadata

    try:
        return metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return None


check_engine()
