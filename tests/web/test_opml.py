"""Subscriptions as OPML."""

from __future__ import annotations

import pytest

from reader.domain.errors import ParseError
from reader.domain.subscriptions import Subscription, SubscriptionKind
from reader.web.opml import Outline, read_opml, write_opml
from reader.web.pasted import Pasted

ARGUMENTS = {
    "daily": "week",
    "search": 'owls & "mice" <i>',
    "arxiv": "cs.CL+cs.LG new,replace",
    "query": 'au:"Bee, A" AND cat:cs.CL',
    "feed": "https://example.org/feed?a=1&b=2",
}


def subscription(kind: str, argument: str, name: str = "Ann's “owls” & more\nof it") -> Subscription:
    return Subscription(1, name, SubscriptionKind(kind), argument, 6, "2025-09-18T06:00:00")


def test_what_was_written_is_read_back() -> None:
    written = write_opml(subscription(kind, argument) for kind, argument in ARGUMENTS.items())
    assert read_opml(written.encode()) == [
        Outline("Ann's “owls” & more of it", Pasted(SubscriptionKind(kind), argument), 6)
        for kind, argument in ARGUMENTS.items()
    ]


def test_other_readers_find_addresses() -> None:
    plain = {kind: write_opml([subscription(kind, argument)]) for kind, argument in ARGUMENTS.items()}
    assert 'xmlUrl="https://rss.arxiv.org/rss/cs.CL+cs.LG"' in plain["arxiv"]
    assert 'xmlUrl="https://example.org/feed?a=1&amp;b=2"' in plain["feed"]
    assert 'xmlUrl="https://export.arxiv.org/api/query?search_query=au' in plain["query"]
    assert 'htmlUrl="https://huggingface.co/papers/week"' in plain["daily"]
    assert 'htmlUrl="https://huggingface.co/papers?q=owls' in plain["search"]


def test_files_of_other_readers_are_read() -> None:
    content = b"""<?xml version="1.0" encoding="UTF-8"?>
    <opml version="1.0"><head><title>Mine</title></head><body>
    <outline text="Science"><outline text="Owls" title="Journal of Owls" type="rss" xmlUrl="http://owls.example/rss"/>
      <outline text="Deeper"><outline text="arXiv" xmlURL="https://rss.arxiv.org/rss/cs.CL"/></outline></outline>
    <outline text="A page" htmlUrl="https://example.org"/>
    <outline text="Broken" type="rss" xmlUrl="nothing at all/"/>
    <outline text="Mail" type="rss" xmlUrl="mailto:ann@example.org"/>
    </body></opml>"""
    found = read_opml(content)
    assert found[:2] == [
        Outline("Journal of Owls", Pasted(SubscriptionKind.FEED, "http://owls.example/rss")),
        Outline("arXiv", Pasted(SubscriptionKind.ARXIV, "cs.CL")),
    ]
    assert [(each.name, each.pasted) for each in found[2:]] == [("Broken", None), ("Mail", None)]
    assert all(each.problem for each in found[2:])


def test_secrets_are_left_out_and_missed() -> None:
    written = write_opml([subscription("feed", "https://mia:hush@example.org/feed?token=hush")])
    assert "hush" not in written
    (outline,) = read_opml(written.encode())
    assert outline.pasted is None
    assert "secret part was left out" in outline.problem


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<opml><body>", "damaged or breaks off"),
        (b"<rss></rss>", "not an OPML file"),
        (b"", "damaged or breaks off"),
        (b'<!DOCTYPE opml [<!ENTITY a "b">]><opml/>', "entities of its own"),
        (b"<opml>" + b"<outline>" * 100, "too deeply"),
        (b" " * (21 * 1024 * 1024), "larger than 20 MB"),
    ],
)
def test_what_is_no_opml_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(ParseError, match=reason):
        read_opml(content)
