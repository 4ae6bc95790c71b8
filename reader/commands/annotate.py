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
    """Put tags on the papers with these KEYs (+TAG) and take tags off (-TAG), in one step."""
    keys = [word for word in words if not word.startswith(("+", "-"))]
    added = [word[1:] for word in words if word.startswith("+")]
    removed = [word[1:] for word in words if word.startswith("-")]
    if not keys or not (added or removed):
        raise click.UsageError("Name papers by their keys, then tags, as in “lectern tag KEY +to-try -old”.")
    with open_library(library) as opened:
        echo_change(opened.tags.change(opened.ids_of_keys(keys), add=added, remove=removed))


@click.command()
@lines_as_json
@click.pass_obj
def tags(library: Path | None, as_json: bool) -> None:
    """List the tags with the number of papers that carry each."""
    from reader.services.reports import annotations as reporting

    with open_library(library) as opened:
        echo_each(opened.tags.all(), as_json, reporting.tag_as_json, reporting.tag_as_line)


@click.command()
@click.argument("key")
@click.option("--set", "text", metavar="TEXT|-", help="Make this the note; - reads it from the standard input.")
@click.option("--append", "addition", metavar="TEXT|-", help="Add a paragraph; - reads it from the standard input.")
@click.pass_obj
def note(library: Path | None, key: str, text: str | None, addition: str | None) -> None:
    """Print the note of the paper with this KEY, or write it."""
    if text is not None and addition is not None:
        raise click.UsageError("Give --set or --append, not both.")
    with open_library(library) as opened:
        paper_id = opened.find_paper(key).id
        if text is not None:
            echo_change(opened.save_note(paper_id, given_text(text), revision=None).change)
        elif addition is not None:
            echo_change(opened.append_to_note(paper_id, given_text(addition)))
        elif written := opened.note(paper_id).text:
            echo_text(written)


@click.command()
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@click.argument("state", type=click.Choice([state.value for state in PaperState]))
@click.pass_obj
def state(library: Path | None, keys: tuple[str, ...], state: str) -> None:
    """Take the papers with these KEYs to a state."""
    with open_library(library) as opened:
        echo_change(opened.set_state(opened.ids_of_keys(keys), PaperState(state)))


@click.command()
@click.argument("key")
@click.option("--quote", required=True, metavar="TEXT|-", help="What to highlight, as it stands in the paper.")
@click.option("--label", default="", metavar="L", help="A highlight label's name; the first one if not given.")
@click.option("--comment", default="", metavar="C", help="What you think of it.")
@click.pass_obj
def highlight(library: Path | None, key: str, quote: str, label: str, comment: str) -> None:
    """Highlight a quote in the abstract (else the title) of the paper with this KEY."""
    with open_library(library) as opened:
        paper_id = opened.find_paper(key).id
        echo_change(opened.highlight_quote(paper_id, given_text(quote), label=label, comment=comment))
