"""SQLite through sqlite-utils: schema, migrations, journal, backup. All SQL is here; ``store`` is the entry."""

import sys


def _load_sqlite_utils() -> None:
    """Load sqlite-utils without numpy and pandas, which it loads where they are installed, to know their types.

    Nothing here stores such values, and every command and the window's start would take longer and more memory.
    """
    hidden = [name for name in ("numpy", "pandas") if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # documented: importing it raises ModuleNotFoundError
    try:
        import sqlite_utils  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


_load_sqlite_utils()
