"""What the annotating commands print: JSON for scripts (see ``docs/command-line.md``) and text for people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from reader.domain.annotations import Tag
from reader.domain.arxiv import arxiv_page_url
from reader.domain.changes import OperationSummary
from reader.domain.papers import Paper
from reader.services.latex_to_unicode import shown_line


def tag_as_json(tag: Tag) -> dict[str, Any]:
    """A tag as ``lectern tags --json`` prints it."""
    return {
        "name": tag.name,
        "papers": tag.paper_count,
        "color": tag.color,
        "description": tag.description,
        "favorite": tag.favorite,
    }


def tag_as_line(tag: Tag) -> str:
    """A tag on one line of a terminal."""
    favorite = f"  (favourite {tag.favorite})" if tag.favorite else ""
    description = f"  {shown_line(tag.description, 60)}" if tag.description else ""
    return f"{tag.paper_count:>7,}  {shown_line(tag.name)}{favorite}{description}"


def queued_as_json(paper: Paper) -> dict[str, Any]:
    """A paper of the queue as ``lectern queue --json`` prints it."""
    return {
        "position": paper.queue_position,
        "key": paper.key,
        "title": paper.title,
        "arxiv_id": paper.arxiv_id,
        "url": paper.url or (arxiv_page_url(paper.arxiv_id) if paper.arxiv_id else None),
        "starred": paper.starred,
        "tags": list(paper.tags),
    }


def queued_as_line(paper: Paper) -> str:
    """A paper of the queue on one line of a terminal."""
    return f"{paper.queue_position or 0:>4}  {paper.key}  {shown_line(paper.title)}"


def step_as_json(step: OperationSummary) -> dict[str, Any]:
    """A step as ``lectern history --json`` prints it."""
    return {
        "id": step.id,
        "title": str(step.title),
        "kind": step.kind,
        "time": step.time,
        "count": step.change_count,
        "undone": step.undone,
        "device": step.title.device,
    }


def step_as_line(step: OperationSummary) -> str:
    """A step on one line of a terminal, its time that of the place."""
    local = datetime.fromisoformat(step.time).astimezone().strftime("%Y-%m-%d %H:%M")
    return f"{'-' if step.undone else ' '} {step.id:>5}  {local}  {step.title.sentence(shown_line)}"
