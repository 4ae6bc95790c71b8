"""A paper as a note of a Markdown vault: its front matter, and the blocks of its managed region."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from reader.domain.papers import Paper
from reader.formats.export.fields import Show, paper_fields
from reader.formats.export.front_matter import PAPER_KEY
from reader.formats.export.front_matter_edits import YIELDING_KEYS, Value
from reader.formats.export.names import obsidian_tags
from reader.formats.export.page_links import PageAddress, arxiv_page
from reader.formats.export.profiles import Profile, ProfileName
from reader.formats.export.regions import Block
from reader.formats.export.splice import NoteContent
from reader.formats.export.templates import TemplateSet

TEMPLATE_NAMES = {
    ProfileName.OBSIDIAN: "obsidian.md.j2",
    ProfileName.COMMONMARK: "commonmark.md.j2",
    ProfileName.ONE_FILE: "one-file.md.j2",
}
"""The template of each profile, below ``resources/templates/``."""

_WITHOUT_OWN_TEXT = {"paper", "highlights"}
"""Blocks that hold nothing the user wrote, in which blank lines that a template leaves behind may go."""


def note_content(
    paper: Paper, profile: Profile, templates: TemplateSet, show: Show = str, pages: PageAddress = arxiv_page
) -> NoteContent:
    """What a paper's note should say; raises :class:`ExportTemplateError` where the template has a fault."""
    fields = paper_fields(paper, show, pages)
    return NoteContent(front_matter_values(fields), tuple(_blocks(fields, profile, templates)), profile)


def front_matter_values(fields: Mapping[str, Any]) -> dict[str, Value]:
    """The front matter of a paper's note, from :func:`~reader.formats.export.fields.paper_fields`."""
    values: dict[str, Value | None] = {
        PAPER_KEY: fields["key"],
        "title": fields["title"],
        "authors": list(fields["authors"]) or None,
        "published": fields["published"],
        "url": fields["url"],
        **{key: fields[key] for key in YIELDING_KEYS},
        "listed": fields["listed"],
        "state": fields["state"],
        "starred": fields["starred"],
        "tags": obsidian_tags(fields["tags"]),
        "aliases": [fields["title"]] if fields["title"] else [],
    }
    return {key: value for key, value in values.items() if value is not None}


def _blocks(fields: dict[str, Any], profile: Profile, templates: TemplateSet) -> list[Block]:
    """The blocks of a note; those that come out empty are left out."""
    name = TEMPLATE_NAMES[profile.name]
    values = {"paper": fields}
    wanted: list[tuple[str, str, dict[str, Any]]] = [("paper", "paper", values)]
    if fields["highlights"]:
        wanted.append(("highlights", "highlights", values))
    wanted += [(item["id"], "highlight", {**values, "highlight": item}) for item in fields["highlights"]]
    if fields["note"].strip():
        wanted.append(("note", "note", values))
    blocks = []
    for block_id, block, given in wanted:
        text = guarded(templates.render_block(name, block, given), profile)
        if block in _WITHOUT_OWN_TEXT:
            text = re.sub(r"\n{3,}", "\n\n", text)
        if text:
            blocks.append(Block(block_id, f"{text}\n\n{profile.id_format.format(block_id)}"))
    return blocks


def guarded(text: str, profile: Profile) -> str:
    """A block's text without blank lines around it, and with any line that looks like one of our marks escaped."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip().split("\n")
    while lines and not lines[0].strip():
        del lines[0]
    return "\n".join(f"\\{line.lstrip()}" if profile.is_mark(line) else line for line in lines)
