"""Commands that annotate papers: ``tag``, ``tags``, ``note``, ``state``, ``highlight``."""

from __future__ import annotations

from pathlib import Path

import click

from reader.commands.common import echo_change, echo_each, echo_text, given_text, lines_as_json, open_library
from reader.domain.papers import PaperState


@click.command(context_settings={"ignore_unknown_options": True}, options_metavar="")
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="KEY... +TAG -TAG...")
@click.pass_obj
def tag(library: Path | None, words: tuple[str, ...]) -> None:
    """Add tags (+TAG) to the papers with these KEYs and remove tags (-TAG), in one step."""
    keys = [word for word in words if not word.startswith(("+", "-"))]
    added = [word[1:] for word in words if word.startswith("+")]
    removed = [word[1:] for word in words if word.startswith("-")]
    if not keys or not (added or removed):
        raise click.UsageError("Name papers by their keys, then tags, as in “lectern tag KEY +to-try -old”.")
    with open_library(library) as opened:
        echo_change(opened.tags.change(opened.papers.ids_of_keys(keys), add=added, remove=removed))


@click.command()
@lines_as_json
@click.pass_obj
def tags(library: Path | None, as_json: bool) -> None:
    """List the tags with their numbers of papers."""
    from reader.services.reports import annotations as reporting

    with open_library(library) as opened:
        echo_each(opened.tags.all(), as_json, reporting.tag_as_json, reporting.tag_as_line)


@click.command()
@click.argument("key")
@click.option("--set", "text", metavar="TEXT|-", help="Replace the note; - reads standard input.")
@click.option("--append", "addition", metavar="TEXT|-", help="Add a paragraph; - reads standard input.")
@click.pass_obj
def note(library: Path | None, key: str, text: str | None, addition: str | None) -> None:
    """Print or change the note of the paper with this KEY."""
    if text is not None and addition is not None:
        raise click.UsageError("Give --set or --append, not both.")
    with open_library(library) as opened:
        paper_id = opened.papers.with_key(key).id
        if text is not None:
            echo_change(opened.notes.save(paper_id, given_text(text), revision=None).change)
        elif addition is not None:
            echo_change(opened.notes.append(paper_id, given_text(addition)))
        elif written := opened.notes.of(paper_id).text:
            echo_text(written)


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.argument("state", type=click.Choice([state.value for state in PaperState]))
@click.pass_obj
def state(library: Path | None, keys: tuple[str, ...], state: str) -> None:
    """Set the state of the papers with these KEYs."""
    with open_library(library) as opened:
        echo_change(opened.states.set(opened.papers.ids_of_keys(keys), PaperState(state)))


@click.command()
@click.argument("key")
@click.option("--quote", required=True, metavar="TEXT|-", help="The text to highlight; - reads standard input.")
@click.option("--label", default="", metavar="L", help="The name of a highlight label; the first label by default.")
@click.option("--comment", default="", metavar="C", help="Your comment.")
@click.pass_obj
def highlight(library: Path | None, key: str, quote: str, label: str, comment: str) -> None:
    """Highlight a quote in the abstract, or otherwise the title, of the paper with this KEY."""
    with open_library(library) as opened:
        paper_id = opened.papers.with_key(key).id
        echo_change(opened.highlights.add_quote(paper_id, given_text(quote), label=label, comment=comment))
