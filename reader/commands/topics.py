"""The command ``topics``."""

from __future__ import annotations

from pathlib import Path

import click

from reader.commands.common import echo_each, lines_as_json, open_library


@click.command()
@lines_as_json
@click.pass_obj
def topics(library: Path | None, as_json: bool) -> None:
    """List the topics of the library, the largest first; made at the first call."""
    from reader.domain.topics import TopicsMissing
    from reader.services.reports import topics as reports

    with open_library(library) as opened:
        opened.topics.make(complete=True)
        found = opened.topics.overview(complete=True)
        if isinstance(found, TopicsMissing):
            click.echo(f"lectern: {found.sentence}", err=True)
            return
        keys = {paper_id: paper.key for paper_id, paper in opened.papers.titles(found.central).items()}
        echo_each(found.topics, as_json, lambda topic: reports.topic_as_json(topic, keys), reports.topic_as_line)
