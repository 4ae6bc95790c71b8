"""Records written as the text dumps of the page look, and what of a record each of those formats can express.

The renderers follow what the dumps in the wild look like; they share no code with the parsers.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import quote

from reader.domain.dates import PartialDate
from reader.domain.records import LineRange, ListingRecord, ParsedListing
from reader.formats import address_lines, markdown, numbered_links, plain, trending

NOWHERE = LineRange(0, 0)
PAPERS = "https://huggingface.co/papers"


@dataclass(frozen=True)
class Page:
    """What a page says beside its papers."""

    heading: PartialDate | None
    query: str | None = None
    exported: date | None = None


@dataclass(frozen=True)
class Rendering:
    """A format to write in, its parser, and what a page and a record read like after both."""

    name: str
    render: Callable[[Sequence[ListingRecord], Page], str]
    parse: Callable[[bytes], ParsedListing]
    expressible: Callable[[ListingRecord], ListingRecord]
    page: Callable[[Page], Page]


def _date_and_count(record: ListingRecord, between: str, after: str = "") -> str:
    assert record.published is not None
    shown = record.published.shown()
    return shown if record.comments is None else f"{shown}{between}{record.comments}{after}"


def _as_shown(record: ListingRecord) -> ListingRecord:
    """A record without what no dump shows; the page shows an organisation instead of the authors."""
    return ListingRecord(
        record.title,
        record.abstract,
        NOWHERE,
        author_count=record.author_count if record.organization is None else None,
        organization=record.organization,
        published=record.published,
        comments=record.comments if record.published is not None else None,
    )


def _with_page(record: ListingRecord) -> ListingRecord:
    return replace(
        _as_shown(record), upvotes=record.upvotes, arxiv_id=record.arxiv_id, url=f"{PAPERS}/{record.arxiv_id}"
    )


# plain


def render_plain(records: Sequence[ListingRecord], page: Page) -> str:
    parts = ["new", "Get trending papers in your email inbox!", "Subscribe", "byAK and the research community"]
    if page.query and page.heading:
        parts.append(page.query)
    if page.heading:
        parts.append(page.heading.shown())
    for record in records:
        parts += [record.title, record.abstract]
        if record.published is not None:
            who = f"  • {record.author_count} authors\n" if record.author_count is not None else ""
            if record.organization is not None:
                who = f"{record.organization.account} {record.organization.name}\n"
            parts.append(f"{who}·\n{_date_and_count(record, ' ')}")
    return "\n\n".join([*parts, "Previous", "Next", "© Hugging Face"])


def _plain_expressible(record: ListingRecord) -> ListingRecord:
    shown = _as_shown(record)
    return shown if record.published is not None else replace(shown, author_count=None, organization=None)


# markdown


def _escape(line: str) -> str:
    """As Turndown escapes the text of a line."""
    line = re.sub(r"([\\`*_\[\]])", r"\\\1", line)
    line = re.sub(r"^([-+=#>~])", r"\\\1", line)
    return re.sub(r"^(\d+)\.(?= )", r"\1\\.", line)


def _wrap(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _front_matter(page: Page, key: str) -> list[str]:
    query = f"?q={quote(page.query)}" if page.query else ""
    retrieved = [f"{key}: {page.exported.isoformat()}"] if page.exported else []
    return ["---", f"url: {PAPERS}{query}", *retrieved, "---"]


def render_markdown(records: Sequence[ListingRecord], page: Page) -> str:
    lines = [
        *_front_matter(page, "retrieved"),
        "new",
        "",
        "[Subscribe](https://huggingface.co/login?next=%2Fpapers)",
        "",
    ]
    lines += [
        "# Daily Papers",
        "",
        "## by [![](https://x.y/z.png)AK](https://huggingface.co/akhaliq) and the research community",
    ]
    lines += ["", "- Daily", "- Weekly", "- Monthly", ""]
    if page.heading:
        lines += [page.heading.shown(), ""]
    for number, record in enumerate(records):
        address = f"{PAPERS}/{record.arxiv_id}"
        votes = "-" if record.upvotes is None else str(record.upvotes)
        lines += [f"[{votes}](https://huggingface.co/login?next=%2Fpapers%2F{record.arxiv_id})", ""]
        lines += [f"### [{_escape(record.title)}]({address})", ""]
        wrapped = _wrap(record.abstract, 80) if number % 2 else [record.abstract]
        lines += ["[" + "\\\\\n".join(_escape(line) for line in wrapped) + f"]({address})", ""]
        if record.organization is not None:
            name, account = _escape(record.organization.name), record.organization.account
            lines += [f"[![{account}](https://x.y/a_b.png){name}](https://huggingface.co/{account})", ""]
        elif record.author_count is not None:
            lines += [f"[- ![](https://x.y/a.svg)\\\\\n- {record.author_count} authors]({address})", ""]
        if record.published is not None:
            lines += ["·", "", _date_and_count(record, "[", f"]({address}#community)"), ""]
    return "\n".join([*lines, "Trending Papers ranked by GitHub stars activity", ""])


# urls


def render_urls(records: Sequence[ListingRecord], page: Page) -> str:
    parts = ["\n".join(_front_matter(page, "exported")), "# Daily Papers - Hugging Face", " Hugging Face"]
    parts += ["https://huggingface.co/", "Models", "https://huggingface.co/models", "new", "Subscribe"]
    parts += ["https://huggingface.co/login?next=%2Fpapers", "by ", "AK", "https://huggingface.co/akhaliq"]
    parts += [" and the research community", *([page.query] if page.query else []), "Daily", "Weekly", "Monthly "]
    parts += [f"{PAPERS}/trending", *([page.heading.shown()] if page.heading else [])]
    for record in records:
        address = f"{PAPERS}/{record.arxiv_id}"
        votes = "-" if record.upvotes is None else str(record.upvotes)
        parts += [f" [-] {votes}", f"https://huggingface.co/login?next=%2Fpapers%2F{record.arxiv_id}"]
        parts += [record.title, address, record.abstract, address]
        if record.organization is not None:
            parts += [" ", address, f" {record.organization.name}"]
            parts += [f"https://huggingface.co/{record.organization.account}", "·"]
        elif record.author_count is not None:
            parts += ["[", f"{record.author_count} authors]({address})", "·"]
        if record.published is not None:
            parts.append(record.published.shown() + " ")
            if record.comments is not None:
                parts += [str(record.comments), f"{address}#community"]
    return "\n\n".join([*parts, "System theme", "Company", "TOS", "https://huggingface.co/terms-of-service"])


# refs


def render_refs(records: Sequence[ListingRecord], page: Page) -> str:
    query = f"?q={quote(page.query)}" if page.query else ""
    lines = ["# Web source", "", f"- URL: {PAPERS}{query}"]
    lines += [f"- Captured (UTC): {page.exported.isoformat()}T16:31:22+00:00"] if page.exported else []
    lines += ["", "```text", "[[Hugging Face's logo] Hugging Face][1]", "* [ Models ][2]", "* * Website", "new", ""]
    lines += ["[Subscribe][3]", "", "# Daily Papers", "", "## by[AK][4] and the research community", "* Daily", ""]
    lines += [page.heading.shown()] if page.heading else []
    addresses = [
        "https://huggingface.co/",
        "https://huggingface.co/models",
        "https://huggingface.co/login",
        "https://x.y",
    ]

    def link(address: str) -> int:
        addresses.append(address)
        return len(addresses)

    for record in records:
        address = f"{PAPERS}/{record.arxiv_id}"
        lines += ["[", "-" if record.upvotes is None else str(record.upvotes), f"][{link(f'{address}/login')}]", ""]
        title = _wrap(f"[{record.title}][{link(address)}]", 116)
        lines += [
            *(f"### {line}" for line in title),
            "",
            "[",
            "",
            *_wrap(record.abstract, 120),
            "",
            f"][{link(address)}]",
        ]
        if record.organization is not None:
            account = record.organization.account
            lines.append(f"[[{account}] {record.organization.name}][{link(f'https://huggingface.co/{account}')}]")
        elif record.author_count is not None:
            lines += ["[", f"* {record.author_count} authors", f"][{link(address)}]"]
        if record.published is not None:
            lines += ["·", _date_and_count(record, " [ ", f"][{link(f'{address}#community')}]")]
    return "\n".join(
        [*lines, "", *(f"[{number}]: {address}" for number, address in enumerate(addresses, 1)), "```", ""]
    )


# trending


def render_trending(records: Sequence[ListingRecord], page: Page) -> str:
    lines = ["# Trending", "", f"- Source URL: {PAPERS}/trending", "", "# Trending Papers", ""]
    lines += [
        "## by[[图片：无替代文本] AK](https://huggingface.co/akhaliq) and the research community",
        "",
        "-",
        "",
        "-",
        "",
    ]
    for record in records:
        for published in (" Published on", ""):
            lines += ["", f"[[图片：无替代文本]]({PAPERS}/{record.arxiv_id})", ""]
            if record.submitted_by is not None:
                lines += ["Submitted by", "", "[图片：无替代文本]", "", record.submitted_by, ""]
            title = "\n".join(_wrap(record.title, 72))
            lines += ['<a id="source-section-0"></a>', "", f"### [{title}]({PAPERS}/{record.arxiv_id})", "", ""]
            lines += [*_wrap(record.abstract, 90), "", ""]
            when = f" ·{published} {record.published.shown()}" if record.published is not None else ""
            if record.organization is not None:
                account, name = record.organization.account, record.organization.name
                lines += [f"[[图片：{account}] {name}](https://huggingface.co/{account}){when}", ""]
            else:
                lines += ["-", "", "- [图片：无替代文本]", ""]
                lines += [f"- {record.author_count} authors", ""] if record.author_count is not None else []
                lines += [when.strip(), ""]
            if record.upvotes is not None:
                lines += [
                    "[Upvote",
                    "",
                    f"{record.upvotes}](https://huggingface.co/login?next=%2Fpapers%2F{record.arxiv_id})",
                    "",
                ]
            code = f"[GitHub 3.2k]({record.code_urls[0]}) " if record.code_urls else ""
            lines += [f"{code}[arXiv Page](https://arxiv.org/abs/{record.arxiv_id})", ""]
    return "\n".join(lines)


def _trending_expressible(record: ListingRecord) -> ListingRecord:
    return replace(_with_page(record), comments=None, code_urls=record.code_urls[:1], submitted_by=record.submitted_by)


RENDERINGS = (
    Rendering("plain", render_plain, plain.parse, _plain_expressible, lambda page: replace(page, exported=None)),
    Rendering("markdown", render_markdown, markdown.parse, _with_page, lambda page: page),
    Rendering("urls", render_urls, address_lines.parse, _with_page, lambda page: page),
    Rendering("refs", render_refs, numbered_links.parse, _with_page, lambda page: page),
    Rendering("trending", render_trending, trending.parse, _trending_expressible, lambda _: Page(None)),
)
