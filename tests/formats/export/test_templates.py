"""Templates: harmless by themselves, and clear about their faults."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from jinja2.defaults import DEFAULT_FILTERS
from markdown_it import MarkdownIt

from reader.domain.bibliography import Publication
from reader.formats.export.fields import paper_fields
from reader.formats.export.inert import inert, one_line
from reader.formats.export.notes import TEMPLATE_NAMES, front_matter_values, note_content
from reader.formats.export.pages import (
    DIGEST_TEMPLATES,
    PAGE_TEMPLATE,
    STYLE,
    Digest,
    digest_values,
    html_templates,
    report_content,
)
from reader.formats.export.profiles import COMMONMARK, OBSIDIAN
from reader.formats.export.template_errors import ExportTemplateError
from reader.formats.export.templates import TemplateSet
from tests.examples import examples
from tests.formats.export.examples import TEMPLATE_FOLDER, highlight, hostile_texts, paper

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "templates.md"


def rendered(template: str, **values: Any) -> str:
    return TemplateSet({"mine.md.j2": template}).render("mine.md.j2", values)


@pytest.mark.parametrize(
    ("template", "line", "column", "reason"),
    [
        ("{{ paper.titel }}", 1, 9, "titel"),
        ("one\ntwo {{ paper.titel }}", 2, 13, "titel"),
        ("{{ papre }}", 1, 4, "papre"),
        ("a\n\n  {{ title }{% endif %}", 3, 12, "unexpected '}'"),
        ("a\n   {% nothing %}", 2, 7, "unknown tag 'nothing'"),
        ("x {{ title | nope }}", 1, 14, "nope"),
        ("{{ 1 + }}", 1, 8, "unexpected"),
        ("{% if title %}", 1, 13, "end of template"),
        ("{{ title.__class__ }}", 1, 9, "unsafe"),
        ("{{ title.upper.__globals__ }}", 1, 15, "no attribute"),
        ("{% for i in range(1000000) %}{% endfor %}", 1, 8, "Range too big"),
        ("{{ 'a' * 100000000 }}", 1, 4, "too large"),
        ("{{ 9 ** 100000000 }}", 1, 4, "too large"),
        ("{{ items.append(1) }}", 1, 9, "unsafe"),
        ("{% extends 'nowhere' %}", 1, 12, "no template “nowhere”"),
        ("a § {{ § }}", 1, 8, "unexpected char"),
        ("line\r\n{{ paper.nope }}", 2, 9, "nope"),
    ],
)
def test_a_fault_names_template_line_and_column(template: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(ExportTemplateError) as caught:
        rendered(template, paper={"title": "T"}, title="T", items=[1])
    fault = caught.value
    assert (fault.template, fault.line) == ("mine.md.j2", line), fault
    assert reason in fault.reason
    assert fault.column == column, fault
    assert f"The template mine.md.j2 has a fault in line {line}, column {column}: " in str(fault)


@examples(200)
@given(hostile_texts())
def test_every_place_prints_inert_text(text: str) -> None:
    assert rendered("{{ title }}", title=text) == inert(text)
    assert rendered("{{ title | upper }}", title=text) == inert(text.upper())
    assert rendered("{% set x %}{{ title }}{% endset %}{{ x }}", title=text) == inert(text)
    assert rendered("{% macro m(t) %}{{ t }}{% endmacro %}{{ m(title) }}", title=text) == inert(text)
    assert rendered("{{ ('**' | markdown) ~ title ~ ('**' | markdown) }}", title=text) == f"**{inert(text)}**"
    joined = rendered("{{ [title, 'x' | markdown] | join(', ') }}", title=text)
    assert joined == f"{inert(text)},x"
    assert rendered("{{ [title, title] | join(', ') }}", title=text) == inert(f"{text}, {text}")


def test_what_is_missing_prints_nothing_and_what_is_no_text_prints_plainly() -> None:
    values = {"a": None, "b": True, "c": 3, "d": ["x", "*"]}
    assert rendered("{{ a }}/{{ b }}/{{ c }}/{{ d }}", **values) == "/true/3/x, \\*"


def test_links_only_go_to_the_web() -> None:
    template = "[x]({{ url | address }})"
    for url in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://user@host.invalid/",
        "",
        None,
    ):
        assert rendered(template, url=url) == "[x]()"
    assert rendered(template, url="https://host.invalid/with space") == "[x]()"
    odd = "https://host.invalid/a(b)*c_$d[e]|f%20g"
    made = rendered(template, url=odd)
    tokens = MarkdownIt("commonmark").parse(made)[1].children or []
    assert [token.type for token in tokens] == ["link_open", "text", "link_close"]
    assert tokens[0].attrs["href"] == "https://host.invalid/a%28b%29%2Ac_%24d%5Be%5D%7Cf%20g"


def test_a_copy_may_extend_another_and_change_one_block() -> None:
    ours = (TEMPLATE_FOLDER / "obsidian.md.j2").read_text("utf-8")
    own = "{% extends 'ours.md.j2' %}\n{% block highlight %}\n=={{ highlight.quote }}==\n{% endblock %}"
    templates = TemplateSet({"ours.md.j2": ours, "obsidian.md.j2": own})
    content = note_content(paper(highlights=(highlight(),)), OBSIDIAN, templates)
    texts = {block.id: block.text for block in content.blocks}
    (made,) = [text for name, text in texts.items() if name.startswith("h-")]
    assert made.startswith("==We count sheep==\n\n^h-")
    assert texts["paper"].startswith("# Counting Sheep")


def documented(heading: str) -> list[str]:
    """The names in the table below a heading of the documentation, in order."""
    text = DOCUMENTATION.read_text("utf-8")
    section = re.search(rf"^### `?{re.escape(heading)}`?$(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert section, heading
    return re.findall(r"^\| `([\w-]+)` \| .+? \|$", section[1], re.MULTILINE)


@pytest.mark.parametrize("profile", [OBSIDIAN, COMMONMARK])
def test_a_notes_template_has_the_documented_blocks(profile: Any) -> None:
    template = (TEMPLATE_FOLDER / TEMPLATE_NAMES[profile.name]).read_text("utf-8")
    assert re.findall(r"{% block (\w+) %}", template) == documented("Blocks")


def test_the_documentation_names_every_field_filter_and_key_and_no_other() -> None:
    known = Publication("Annals of Sleep", "12", "3", "45-67", "Invented Press", "article", "Sleeper:31")
    fields = paper_fields(paper(doi="10.5555/sheep", publication=known, highlights=(highlight(),)))
    assert documented("paper") == list(fields)
    assert documented("highlight") == list(fields["highlights"][0])
    assert documented("paper.listings") == list(fields["listings"][0])
    assert documented("paper.links") == list(fields["links"][0])
    assert documented("digest") == list(digest_values(Digest("2026-01-01", "2026-01-07"), str))
    assert documented("Front matter") == list(front_matter_values(fields))
    assert set(documented("Filters")) == html_templates({})._environment.filters.keys() - DEFAULT_FILTERS.keys()


def test_the_documentation_names_the_fields_of_a_group() -> None:
    template = "".join(f"{{{{ groups[0].{name} | length }}}}," for name in documented("groups"))
    templates = TemplateSet({"one-file.md.j2": template})
    (block,) = report_content([("Sheep", [paper()])], "Report", templates, str).blocks
    assert block.text.startswith("5,1,")


def test_the_documentation_names_every_template_and_no_other() -> None:
    names = {path.name for path in TEMPLATE_FOLDER.iterdir()}
    assert names == {*TEMPLATE_NAMES.values(), PAGE_TEMPLATE, *DIGEST_TEMPLATES.values(), STYLE}
    assert all(f"`{name}`" in DOCUMENTATION.read_text("utf-8") for name in names)


@examples(100)
@given(hostile_texts())
def test_the_users_markdown_is_let_through(text: str) -> None:
    assert rendered("{{ note | markdown }}", note=text).replace("\n", "") == text.replace("\n", "")
    quoted = rendered("{{ title | paragraphs | quote }}", title=text)
    assert all(line == ">" or line.startswith("> ") for line in quoted.split("\n"))
    assert one_line(text) == "" or quoted != ">"
