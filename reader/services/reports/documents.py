"""What ``lectern attach`` prints: JSON for scripts (see ``docs/command-line.md``) and text for people."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from reader.domain.annotations import PaperTitle
from reader.domain.documents import AttachReport, ColorChoice, ReadDocument
from reader.domain.numerals import counted
from reader.services.latex_to_unicode import shown_line


@dataclass(frozen=True, slots=True)
class LabelledColor:
    """A colour in a file, how many annotations have it, the label it stands for, and how that was ``chosen``:

    ``given`` with the command, ``remembered``, or the ``nearest``.
    """

    color: str
    count: int
    label: str
    chosen: str


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """What became of one file.

    ``matched`` tells how the paper was found: ``given`` by its key, or by the first ``page``; None if it was not, and
    then ``candidates`` are the papers that it may be. ``error`` is a sentence if the file was not attached.
    """

    path: Path
    read: ReadDocument | None = None
    paper: PaperTitle | None = None
    matched: str | None = None
    report: AttachReport | None = None
    colors: tuple[LabelledColor, ...] = ()
    candidates: tuple[PaperTitle, ...] = ()
    error: str | None = None


def labelled_colors(choices: Sequence[ColorChoice], given: Mapping[str, str]) -> tuple[LabelledColor, ...]:
    """Which label each colour of a file gets, if labels for some colours are given."""
    found = []
    for choice in choices:
        if choice.color in given:
            label, chosen = given[choice.color], "given"
        elif choice.remembered is not None:
            label, chosen = choice.remembered, "remembered"
        else:
            label, chosen = choice.nearest, "nearest"
        found.append(LabelledColor(choice.color, choice.count, label, chosen))
    return tuple(found)


def attached_as_json(file: AttachedFile) -> dict[str, Any]:
    """One file as ``lectern attach --json`` prints it."""
    read, report = file.read, file.report
    return {
        "path": str(file.path),
        "key": file.paper.key if file.paper else None,
        "title": file.paper.title if file.paper else None,
        "sha256": read.sha256 if read else None,
        "pages": read.page_count if read else None,
        "matched": file.matched,
        "highlights": {"new": report.added, "known": report.known} if report else {"new": 0, "known": 0},
        "colors": [asdict(color) for color in file.colors],
        "left_out": dict(read.left_out) if read else {},
        "candidates": [{"key": paper.key, "title": paper.title} for paper in file.candidates],
        "error": file.error,
    }


def attached_as_text(file: AttachedFile) -> str:
    """One attached file for a person: a line, and below it what the person may want to choose otherwise."""
    name = shown_line(file.path.name)
    if file.paper is None or file.report is None or file.read is None:
        return f"{name}: {file.error}"
    known = f", {file.report.known:,} known" if file.report.known else ""
    lines = [f"{name}: {file.paper.key}  {shown_line(file.paper.title)}: "
             f"{counted(file.report.added, 'new highlight')}{known}"]  # fmt: skip
    if file.report.added:
        lines += [
            f"    {color.color} ({color.count:,}) is “{shown_line(color.label)}”, the label with the nearest colour; "
            f"--label '{color.color}=LABEL' chooses another."
            for color in file.colors
            if color.chosen == "nearest"
        ]
    if file.read.left_out:
        kinds = ", ".join(f"{count:,} {shown_line(kind, 40)}" for kind, count in sorted(file.read.left_out.items()))
        lines.append(f"    Left out: {kinds}")
    return "\n".join(lines)


def which_paper(path: Path, candidates: Sequence[PaperTitle]) -> str:
    """The sentence about a file of which the paper is not known, with the commands that say it."""
    file = shlex.quote(str(path))
    if not candidates:
        return (
            f"{path.name} names no paper of this library on its first page. Name the paper: lectern attach KEY {file}"
        )
    commands = [f"    lectern attach {paper.key} {file}    {shown_line(paper.title, 80)}" for paper in candidates]
    question = f"{path.name} does not say for certain which paper it is. Run the command of the right one:"
    return "\n".join([question, *commands])
