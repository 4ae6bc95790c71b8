"""Looking after the library from the window: backups, bundles, checks, and getting back what was lost."""
