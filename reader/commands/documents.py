"""Commands on the PDF files of papers: ``attach``, ``detach``."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reader.commands.common import as_line_of_json, echo_change, lines_as_json, open_library
from reader.domain.errors import ReaderError

if TYPE_CHECKING:
    from reader.domain.annotations import PaperTitle
    from reader.domain.documents import Document, ReadDocument
    from reader.services import Library
    from reader.services.reports.documents import AttachedFile

_COLOR = re.compile(r"#?([0-9A-Fa-f]{6})", re.ASCII)
_SHORTEST_SHA = 6
_NAMED_LIKE_FILES = (".pdf",)


def _labels(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    """The labels by colour, from ``#rrggbb=LABEL``."""
    labels = {}
    for value in values:
        color, _, label = value.partition("=")
        found = _COLOR.fullmatch(color.strip())
        if found is None or not label.strip():
            raise click.BadParameter(f"“{value}” is not a colour and a label, as in '#ffd400=Claim'.")
        labels[f"#{found[1].lower()}"] = label.strip()
    return labels


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[KEY] FILE...")
@click.option(
    "--label", "labels", multiple=True, callback=_labels, metavar="COLOUR=LABEL",
    help="The label that a colour stands for, as in '#ffd400=Claim'; remembered. May be repeated.",
)  # fmt: skip
@click.option("--no-copy", is_flag=True, help="Keep no copy in the library.")
@click.option("--anyway", is_flag=True, help="Attach to KEY even if page 1 names another paper.")
@lines_as_json
@click.pass_obj
def attach(
    library: Path | None, words: tuple[str, ...], labels: dict[str, str], no_copy: bool, anyway: bool, as_json: bool
) -> None:
    """Attach PDF files to papers; their annotations become highlights.

    Without KEY, the paper is the one that a file's first page names. Attaching a file again brings only what is new
    in it.
    """
    from reader.services.reports import documents as reports
    from reader.services.settings.file import read_settings

    key, files = _key_and_files(words)
    if anyway and key is None:
        raise click.UsageError("--anyway needs the KEY of a paper.")
    failed = False
    with open_library(library) as opened:
        paper = _titled(opened, key) if key is not None else None
        keep_copy = not no_copy and read_settings(opened.folder).settings.documents.keep_copy
        for file in files:
            attached = _attached(opened, file, paper, labels, keep_copy=keep_copy, anyway=anyway)
            failed |= attached.error is not None
            if as_json:
                click.echo(as_line_of_json(reports.attached_as_json(attached)))
            elif attached.error is not None:
                click.echo(f"lectern: {attached.error}", err=True)
            else:
                click.echo(reports.attached_as_text(attached))
    sys.exit(1 if failed else 0)


@click.command()
@click.argument("key")
@click.argument("name", required=False, metavar="[FILE|SHA256]")
@click.pass_obj
def detach(library: Path | None, key: str, name: str | None) -> None:
    """Detach a PDF from the paper with this KEY, with the highlights that came from it.

    FILE or the beginning of its SHA-256 is needed if the paper has several. The file itself stays.
    """
    with open_library(library) as opened:
        paper_id = opened.papers.with_key(key).id
        echo_change(opened.documents.detach(paper_id, _chosen(opened.documents.of(paper_id), name).id))


def _key_and_files(words: tuple[str, ...]) -> tuple[str | None, list[Path]]:
    """The key, if the first of several words is none of a file, and the files."""
    first = Path(words[0])
    is_key = len(words) > 1 and first.suffix.lower() not in _NAMED_LIKE_FILES and not first.exists()
    return (words[0] if is_key else None), [Path(word) for word in words[is_key:]]


def _titled(library: Library, key: str) -> PaperTitle:
    from reader.domain.annotations import PaperTitle

    paper = library.papers.with_key(key)
    return PaperTitle(paper.id, paper.key, paper.title)


def _attached(
    library: Library, file: Path, given: PaperTitle | None, labels: Mapping[str, str], *, keep_copy: bool, anyway: bool
) -> AttachedFile:
    """Attach one file; what became of it, errors that its reader can cause included."""
    from reader.services.documents.reading import read_document
    from reader.services.reports.documents import AttachedFile, labelled_colors, which_paper

    try:
        read = read_document(file)
    except ReaderError as error:
        return AttachedFile(file, error=str(error))
    matches = library.documents.match(read, file.name)
    candidates = tuple(match.paper for match in matches)
    sure = next((match.paper for match in matches if match.is_sure), None)
    if given is None and sure is None:
        return AttachedFile(file, read, candidates=candidates, error=which_paper(file, candidates))
    if given is not None and not anyway and (other := _other(library, given, sure, read, file)):
        refusal = f"{file.name} says that it is {other}. --anyway attaches it to {given.key} nonetheless."
        return AttachedFile(file, read, candidates=candidates, error=refusal)
    paper, matched = (given, "given") if given is not None else (sure, "page")
    assert paper is not None
    colors = labelled_colors(library.documents.colors(read), labels)
    try:
        report, _ = library.documents.attach(paper.id, read, file, labels=labels, keep_copy=keep_copy)
    except ReaderError as error:
        return AttachedFile(file, read, paper, matched, error=str(error))
    return AttachedFile(file, read, paper, matched, report, colors)


def _other(library: Library, given: PaperTitle, sure: PaperTitle | None, read: ReadDocument, file: Path) -> str:
    """What a file says that it is, if that is another paper than the one it was given for; else empty."""
    from reader.domain.document_matching import document_names
    from reader.services.latex_to_unicode import shown_line

    if sure is not None:
        return f"{sure.key} (“{shown_line(sure.title)}”)" if sure.id != given.id else ""
    known, own = library.papers.get(given.id).arxiv_id, document_names(read, file.name).own_arxiv_ids
    return f"arXiv:{own[0]}" if known is not None and own and known not in own else ""


def _chosen(documents: list[Document], name: str | None) -> Document:
    """The document that is meant; raises :class:`ReaderError` if that is none or several."""
    from reader.services.documents.copies import hash_file

    if not documents:
        raise ReaderError("No PDF is attached to this paper.")
    if name is None:
        found = documents
    else:
        sha256 = hash_file(Path(name)) or name.lower()
        path = str(Path(name).absolute())
        is_begun = len(sha256) >= _SHORTEST_SHA
        found = [each for each in documents if (is_begun and each.sha256.startswith(sha256)) or each.path == path]
    if len(found) == 1:
        return found[0]
    listed = "\n".join(f"    {each.sha256[:12]}  {each.path or ''}".rstrip() for each in documents)
    meant = "No PDF of this paper is" if not found else "Several PDFs of this paper may be meant by"
    question = f"{meant} “{name}”" if name is not None else "This paper has several PDFs"
    raise ReaderError(f"{question}; name one of these:\n{listed}")
