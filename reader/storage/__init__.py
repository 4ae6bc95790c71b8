"""SQLite through sqlite-utils: schema, migrations, journal, backup. All SQL lives here; the face is ``store``."""
