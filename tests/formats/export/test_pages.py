"""The report, the page and the digest: complete, and with nothing active in them but links to the web."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from reader.domain.papers import Paper, Sighting
from reader.domain.records import LineRange
from reader.formats.export.inert import one_line
from reader.formats.export.pages import (
    Digest,
    DigestListing,
    digest_html,
    digest_markdown,
    group_papers,
    html_page,
    html_templates,
    rendered_markdown,
    report_content,
)
from reader.formats.export.splice import Written, new_note, splice_note
from tests.examples import examples
from tests.formats.export.examples import HOSTILE, TEMPLATE_FOLDER, TEMPLATES, highlight, paper, papers

STYLE = (TEMPLATE_FOLDER / "style.css").read_text("utf-8")
HTML = html_templates({path.name: path.read_text("utf-8") for path in TEMPLATE_FOLDER.glob("*.html.j2")})


class Page(HTMLParser):
    """What a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on") or name == "style"]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


ALLOWED = {
    *("html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "nav", "ol", "li", "a", "article", "p"),
    *("span", "blockquote", "ul", "strong", "em", "code", "pre", "br", "hr", "del", "s", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}


def assert_inactive(html: str) -> None:
    page = Page(html)
    assert page.tags <= ALLOWED, page.tags - ALLOWED
    assert not page.handlers
    assert all(address.startswith(("https://", "http://", "#")) for address in page.addresses), page.addresses
    assert "default-src 'none'" in html


@examples(100)
@given(papers(), papers())
def test_nothing_in_a_page_is_active_and_titles_show(one: Paper, other: Paper) -> None:
    html = html_page([one, other], "<Title>", STYLE, HTML, str)
    assert_inactive(html)
    shown = " ".join(" ".join(Page(html).text).split())
    assert one_line(one.title) in shown and one_line(other.title) in shown and "<Title>" in shown


def test_a_page_needs_nothing_else() -> None:
    html = html_page([paper(highlights=(highlight(),))], "T", STYLE, HTML, str)
    assert not re.search(r"<(?:script|link|img|iframe|object|embed|form|input|base)\b", html)
    assert "@import" not in html and "url(" not in html and "@media print" in html
    assert html.startswith("<!DOCTYPE html>") and html.count("<article") == html.count("</article>") == 1


@pytest.mark.parametrize("text", HOSTILE)
def test_notes_in_pages_are_rendered_and_harmless(text: str) -> None:
    html = str(rendered_markdown(text))
    page = Page(html)
    assert page.tags <= ALLOWED and not page.handlers
    assert all(address.startswith(("https://", "http://")) for address in page.addresses)


def test_markdown_in_notes_shows_as_meant() -> None:
    html = str(rendered_markdown("**b** [x](https://a.invalid) ~~s~~\n\n- i\n\n| a |\n|---|\n| b |"))
    for piece in ("<strong>b</strong>", 'href="https://a.invalid"', "<li>", "<td>b</td>"):
        assert piece in html


def sighted(name: str, day: str | None) -> Sighting:
    return Sighting(1, name, day, False, 1, LineRange(1, 2), None, None)


def test_papers_are_grouped_and_those_without_come_last() -> None:
    one = paper(key="aaaa2345", tags=("b", "A"), sightings=(sighted("x", "2031-01-02"), sighted("y", "2031-01-01")))
    two = paper(key="bbbb2345", tags=(), sightings=(sighted("x", "2031-01-02"),), highlights=(highlight(),))
    none = paper(key="cccc2345", tags=(), sightings=())

    def grouped(by: str) -> list[tuple[str, list[str]]]:
        return [(name, [item.key[:1] for item in group]) for name, group in group_papers([one, two, none], by)]

    assert grouped("tag") == [("A", ["a"]), ("b", ["a"]), ("Other", ["b", "c"])]
    assert grouped("label") == [("Claim", ["b"]), ("Other", ["a", "c"])]
    assert grouped("listing") == [("x, 2031-01-02", ["a", "b"]), ("y, 2031-01-01", ["a"]), ("Other", ["c"])]
    assert grouped("day") == [("2031-01-02", ["b"]), ("2031-01-01", ["a"]), ("Other", ["c"])]


@examples(50)
@given(papers())
def test_the_report_keeps_what_its_owner_writes_around_it(of: Paper) -> None:
    content = report_content(group_papers([of], "tag"), "Report", TEMPLATES, str)
    first = new_note(content)
    assert first.data.startswith(b"%%lectern%%\n\n# Report\n")
    assert splice_note(first.data, content, first.written).data == first.data
    changed = report_content(group_papers([paper(), of], "tag"), "Report", TEMPLATES, str)
    around = b"Mine\n\n" + first.data + b"\nMine, too"
    second = splice_note(around, changed, Written.from_json(first.written.to_json()))
    assert second.data.startswith(b"Mine\n\n%%lectern%%") and second.data.endswith(b"%%/lectern%%\n\nMine, too")
    assert b"Counting Sheep" in second.data and not second.remarks
    inside = first.data.replace(b"# Report", b"# My report")
    assert splice_note(inside, changed, first.written).data == inside


def test_a_digest_names_what_came_and_what_was_done() -> None:
    digest = Digest(
        "2031-04-01",
        "2031-04-08",
        [DigestListing("sheep #1", "2031-04-06", [paper(), paper(title="[Second](x)", url=None, arxiv_id=None)])],
        [paper()],
        [paper(highlights=(highlight(),))],
        [paper()],
    )
    markdown = digest_markdown(digest, TEMPLATES, str)
    assert "# Digest, 2031-04-01 to 2031-04-08\n" in markdown
    assert "2 new papers in 1 listing · 1 kept · 1 highlighted · 1 in the queue" in markdown
    for line in (
        "### sheep \\#1, 2031-04-06",
        "- \\[Second\\](x) — Ada Invented, Bo Madeup",
        "  > We count sheep — **Claim**",
    ):
        assert line in markdown.splitlines()
    headings = [token.content for token in MarkdownIt("commonmark").parse(markdown) if token.type == "inline"]
    assert [text for text in headings if text in {"New papers", "Kept", "Highlights", "Queue"}] == [
        *("New papers", "Kept", "Highlights", "Queue")
    ]
    html = digest_html(digest, STYLE, HTML, str)
    assert_inactive(html)
    assert "<h2>Queue</h2>" in html and "[Second](x)" in " ".join(Page(html).text)


def test_an_empty_digest_is_short() -> None:
    assert digest_markdown(Digest("2031-04-01", "2031-04-08"), TEMPLATES, str) == (
        "# Digest, 2031-04-01 to 2031-04-08\n\n0 new papers in 0 listings · 0 kept · 0 highlighted · 0 in the queue\n"
    )


@examples(60)
@given(papers())
def test_a_digest_of_anything_is_inert(of: Paper) -> None:
    digest = Digest("2031-04-01", "2031-04-08", [DigestListing(of.title, None, [of])], [of], [of], [of])
    tokens = MarkdownIt("commonmark").parse(digest_markdown(digest, TEMPLATES, str))
    assert not [token for token in tokens if token.type in {"html_block", "fence", "code_block", "hr"}]
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {
        *("text", "text_special", "link_open", "link_close", "strong_open", "strong_close", "softbreak")
    }
    targets = {str(child.attrs["href"]).split("#page=")[0] for child in inline if child.type == "link_open"}
    assert targets <= {
        *("https://huggingface.co/papers/3104.01234", "https://arxiv.org/abs/3104.01234"),
        "https://arxiv.org/pdf/3104.01234",
    }
    assert_inactive(digest_html(digest, STYLE, HTML, str))
