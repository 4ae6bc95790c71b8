"""The command ``reindex``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reader.commands.common import as_line_of_json, one_as_json, open_library


@click.command()
@one_as_json
@click.pass_obj
def reindex(library: Path | None, as_json: bool) -> None:
    """Rebuild the search index."""
    from reader.services.reports import papers as reports

    with open_library(library) as opened:
        for step in opened.index.update(rebuild=True):
            if not as_json and sys.stderr.isatty():
                click.echo(f"\r{step.done:,} of {step.total:,}", err=True, nl=False)
        index = opened.index.state()
    text = as_line_of_json(reports.index_as_json(index)) if as_json else None
    click.echo(text or f"{index.papers:,} papers in the search index.")
