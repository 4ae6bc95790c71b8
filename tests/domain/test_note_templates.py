"""Templates of notes."""

from dataclasses import fields, replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.note_templates import TEMPLATE_FIELDS, fill_template
from reader.domain.papers import Paper, PaperState

PAPER = Paper(
    id=1,
    key="k2k2k2k2",
    title="On {authors} of Trees",
    abstract="Trees grow.",
    authors=("Jo Doe", "Ann Roe"),
    author_count=2,
    organization=None,
    published="2026-03",
    published_guessed=False,
    arxiv_id="2603.00001",
    url=None,
    code_urls=(),
    project_url=None,
    keywords=(),
    categories=(),
    comments=None,
    upvotes=None,
    state=PaperState.INBOX,
    state_changed=None,
    starred=False,
    seen=False,
    buried_until=None,
    first_seen="2026-03-18T00:00:00Z",
    tags=("ml/trees", "to try"),
)
TODAY = date(2026, 3, 18)


def test_every_field_is_filled_once() -> None:
    template = "# {title}\n{authors} ({published}) {arxiv_id} {url} [{key}] {tags} {today}"
    assert fill_template(template, PAPER, TODAY) == (
        "# On {authors} of Trees\nJo Doe, Ann Roe (2026-03) 2603.00001 https://arxiv.org/abs/2603.00001 "
        "[k2k2k2k2] ml/trees, to try 2026-03-18"
    )


def test_what_a_paper_lacks_becomes_nothing() -> None:
    bare = replace(PAPER, authors=(), published=None, arxiv_id=None, tags=(), title="Two\nlines")
    assert fill_template("{title}|{authors}|{published}|{arxiv_id}|{url}|{tags}", bare, TODAY) == "Two lines|||||"
    assert fill_template("{url}", replace(bare, url="https://example.org/x"), TODAY) == "https://example.org/x"


def test_a_template_reaches_nothing_else() -> None:
    for attack in (
        "{paper.title}", "{title.__class__}", "{title!r}", "{title:>99999999}", "{0}", "{}", "{{title", "{abstract}",
        "{__class__}", "{note}", "{title[0]}", "%(title)s", "${url", "{ title }", "{Title}", "{unknown}",
    ):  # fmt: skip
        assert fill_template(attack, PAPER, TODAY) == attack
    assert fill_template("{{key}}", PAPER, TODAY) == "{k2k2k2k2}"


@given(st.text(alphabet="{}abt key.!_", max_size=30), st.text(max_size=20))
def test_a_text_without_known_fields_stays_as_it_is(template: str, title: str) -> None:
    if not any(f"{{{name}}}" in template for name in TEMPLATE_FIELDS):
        assert fill_template(template, replace(PAPER, title=title), TODAY) == template


def test_the_named_fields_are_those_that_work() -> None:
    assert all(fill_template(f"{{{name}}}", PAPER, TODAY) != f"{{{name}}}" for name in TEMPLATE_FIELDS)
    others = {each.name for each in fields(Paper)} - set(TEMPLATE_FIELDS)
    assert all(fill_template(f"{{{name}}}", PAPER, TODAY) == f"{{{name}}}" for name in others)
