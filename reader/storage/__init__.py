"""SQLite through sqlite-utils: schema, migrations, journal, backup. All SQL is here; ``store`` is the entry."""
