"""Invented papers, and texts that try to be more than text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from reader.domain.documents import DocumentPlace
from reader.domain.papers import Highlight, Paper, PaperState, Sighting
from reader.domain.records import LineRange, Organization
from reader.formats.export.templates import TemplateSet

TEMPLATE_FOLDER = Path(__file__).parents[3] / "resources" / "templates"
TEMPLATES = TemplateSet({path.name: path.read_text("utf-8") for path in TEMPLATE_FOLDER.glob("*.md.j2")})

PAPER = Paper(
    id=1,
    key="abcd2345",
    title="Counting Sheep Without Sleeping",
    abstract="We count sheep. Nobody falls asleep.\n\nThis matters.",
    authors=("Ada Invented", "Bo Madeup"),
    author_count=2,
    organization=None,
    published="2031-04-05",
    published_guessed=False,
    arxiv_id="3104.01234",
    url="https://huggingface.co/papers/3104.01234",
    code_urls=("https://github.com/invented/sheep",),
    project_url=None,
    keywords=("sheep",),
    categories=("cs.ZZ",),
    comments=3,
    upvotes=12,
    state=PaperState.QUEUED,
    state_changed="2031-04-07T08:00:00Z",
    starred=True,
    seen=True,
    buried_until=None,
    first_seen="2031-04-06T08:00:00Z",
    note="A note of mine.",
    tags=("sleep", "method/counting"),
    sightings=(Sighting(1, "sheep", "2031-04-06", False, 4, LineRange(10, 12), 3, 12),),
)


def highlight(number: int = 1, **changes: Any) -> Highlight:
    """An invented highlight."""
    given = Highlight(
        number, "abstract", 0, 14, "We count sheep", "", "", "Claim", "", "2031-04-07T09:00:00Z", "2031-04-07T09:00:00Z"
    )
    return replace(given, **changes)


def paper(**changes: Any) -> Paper:
    """The invented paper, changed."""
    return replace(PAPER, **changes)


HOSTILE = (
    "![[secret.png]]",
    "[[Another note|shown]] and [link](https://evil.invalid) and <https://evil.invalid>",
    "https://evil.invalid/?a=b www.evil.invalid mail@evil.invalid",
    "# heading",
    "#tag in #the/middle",
    "<script>alert(1)</script> <img src=x onerror=alert(1)> &lt;b&gt; &#35;x",
    "%%hidden%% ==marked== ~~struck~~ **bold** __bold__ *it* _it_ `code` $x^2$ $$y$$",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "123456789) item",
    "> quoted",
    "--- \n---",
    "===",
    "```\ncode\n```",
    "~~~\ncode",
    "    indented code",
    "\tindented code",
    "a | b\n--- | ---",
    "[^1] ^[note] ^block-id",
    "text ^h-123456",
    "%%lectern%%",
    "%%/lectern%%\n^note",
    "<!--lectern--> <!-- comment",
    "key:: value (key:: value) [key:: value]",
    "{{ 7*7 }} {% raw %} ${x} <% tp.x %>",
    "ends with backslash \\",
    "\\[x\\] \\\\ \\n",
    "a \x00 NUL \x1b[31m and \x07 bell",
    "line\u2028separator\u2029paragraph\x85next\x0bvertical\x0cform",
    "\u202eevil\u202c RTL عربى שלום",
    "emoji 😀👩‍👩‍👧 and 深層学習 and e\u0301",
    "quotes \" and ' and “these” and `those`",
    "colon: space, trailing colon:",
    "{braces} }{ unbalanced {",
    "\ud800 lone surrogate",
    "% single percent 100% & ampersand R&D",
    "null",
    "true",
    "2031-04-05",
    "0x1F",
    "~",
    "? complex key",
    "@user !bang |pipe",
    "",
    " ",
    "A very long title " * 556,
)
"""What a title or an abstract may hold."""

MARKDOWN_PIECES = (
    *"#*_[]()<>!`~$^|\\-+=%&:;{}@.,'\"/ \n\ta1é",
    "[[", "![[", "%%", "==", "https://", "www.", "&amp;", "1. ", "\n\n", "\r\n", "---", "```", "<b>", "::",
)  # fmt: skip


def hostile_texts() -> st.SearchStrategy[str]:
    """Texts made of Markdown's own characters, known attacks, and anything at all."""
    pieces = st.lists(st.sampled_from(MARKDOWN_PIECES), max_size=24).map("".join)
    # Hypothesis describes a strategy by its values, and warns where that is long.
    attacks = st.integers(0, len(HOSTILE) - 1).map(lambda place: HOSTILE[place])
    return st.one_of(pieces, attacks, st.text(max_size=60))


def in_document(number: int = 1, page: int = 6, label: str = "7", **changes: Any) -> Highlight:
    """An invented highlight in a document; ``page`` counts from 0."""
    place = DocumentPlace("ab" * 32, page, label, position=changes.pop("position", 0))
    return highlight(number, **{"target": "document", "start": None, "end": None, "place": place, **changes})


def highlights() -> st.SearchStrategy[tuple[Highlight, ...]]:
    """A paper's highlights, each with its own id."""
    one = st.builds(
        highlight,
        number=st.integers(1, 10_000),
        target=st.sampled_from(["title", "abstract"]),
        start=st.none() | st.integers(0, 30),
        exact=hostile_texts(),
        label=st.sampled_from(["Claim", "Method", ""]),
        comment=hostile_texts(),
    )
    other = st.builds(
        in_document,
        number=st.integers(1, 10_000),
        page=st.integers(0, 30),
        label=hostile_texts(),
        exact=hostile_texts(),
        comment=hostile_texts(),
    )
    return st.lists(one | other, max_size=4, unique_by=lambda made: made.id).map(tuple)


def papers() -> st.SearchStrategy[Paper]:
    """The invented paper with any texts and annotations."""
    return st.builds(
        paper,
        title=hostile_texts(),
        abstract=hostile_texts(),
        authors=st.lists(hostile_texts(), max_size=3).map(tuple),
        organization=st.none() | st.builds(Organization, st.just("acct"), hostile_texts()),
        published=st.sampled_from([None, "2031", "2031-04", "2031-04-05"]),
        published_guessed=st.booleans(),
        url=st.sampled_from([None, "https://huggingface.co/papers/3104.01234", "javascript:alert(1)"]),
        state=st.sampled_from(PaperState),
        starred=st.booleans(),
        note=hostile_texts(),
        tags=st.lists(hostile_texts(), max_size=4).map(tuple),
        highlights=highlights(),
    )
