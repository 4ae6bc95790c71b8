"""The kinds: what they fetch is read by the formats' own parsers, with every field."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from reader.domain.dates import PartialDate
from reader.domain.errors import FetchError, ReaderError
from reader.domain.records import ListingRecord
from reader.domain.subscriptions import PageName
from reader.formats import registry as formats
from reader.web.client import Client
from reader.web.kind import FetchedPage
from reader.web.registry import KINDS, kind_of
from tests.web.conftest import Clock
from tests.web.papers import Invented, arxiv_listing, arxiv_rss, invent
from tests.web.server import Fault, WebServer, cut_unsaid, status, web_page

DAY = date(2025, 9, 18)  # a Thursday


def fetch(
    client: Client, kind: str, argument: str, *, page: str = "", validators: str = "", last: str = "", today: date = DAY
) -> FetchedPage | None:
    name = PageName(kind, kind_of(kind).canonical(argument), page)
    return kind_of(kind).fetch(client, name, validators, today=today, last=last)


def fetched(
    client: Client, kind: str, argument: str, *, page: str = "", validators: str = "", last: str = "", today: date = DAY
) -> FetchedPage:
    found = fetch(client, kind, argument, page=page, validators=validators, last=last, today=today)
    assert found is not None
    return found


def records(page: FetchedPage) -> tuple[ListingRecord, ...]:
    listing = formats.parse(page.content, page.file_name)
    assert listing.problems == ()
    assert len(listing.records) == page.papers
    return listing.records


def titles(page: FetchedPage) -> list[str]:
    return [record.title for record in records(page)]


def of_hugging_face(paper: Invented) -> dict[str, object]:
    """The fields of a paper that its API gives, as a record has them."""
    return {
        "title": paper.title, "abstract": " ".join(paper.abstract.split()), "authors": paper.authors,
        "published": PartialDate.from_date(paper.published), "comments": paper.comments, "upvotes": paper.upvotes,
        "arxiv_id": paper.arxiv_id, "url": f"https://huggingface.co/papers/{paper.arxiv_id}",
        "code_urls": (paper.code,) if paper.code else (), "keywords": paper.keywords, "submitted_by": "mia",
    }  # fmt: skip


def shown(record: ListingRecord, fields: dict[str, object]) -> dict[str, object]:
    return {name: getattr(record, name) for name in fields}


# --- daily ------------------------------------------------------------------------------------------------------------


def test_a_day_has_all_fields(client: Client, server: WebServer) -> None:
    papers = [invent(number, DAY, code="https://github.com/a/b", keywords=("owls",)) for number in range(20)]
    server.pages["2025-09-18"] = papers
    page = fetched(client, "daily", "", page="2025-09-18")
    assert page.name == PageName("daily", "day", "2025-09-18")
    fields = [of_hugging_face(paper) for paper in papers]
    assert [shown(record, each) for record, each in zip(records(page), fields, strict=True)] == fields
    listing = formats.parse(page.content, page.file_name)
    assert (listing.format, listing.heading) == ("api", PartialDate(2025, 9, 18))
    assert server.seen[0].query == {"date": "2025-09-18", "p": "0", "limit": "100", "sort": "publishedAt"}


@pytest.mark.parametrize(("count", "requests"), [(99, 1), (100, 2), (101, 2), (250, 4)])
def test_pages_are_joined_and_fetched_again_only_if_they_changed(
    client: Client, server: WebServer, count: int, requests: int
) -> None:
    server.pages["2025-04"] = [invent(number) for number in range(count)]
    page = fetched(client, "daily", "month", page="2025-04")
    assert titles(page) == [invent(number).title for number in range(count)]
    assert len(server.seen) == requests
    assert fetch(client, "daily", "month", page="2025-04", validators=page.validators) is None
    assert len(server.seen) == 2 * requests
    assert all(seen.is_conditional and seen.status == 304 for seen in server.seen[requests:])
    server.pages["2025-04"][-1] = replace(invent(count - 1), upvotes=99)
    again = fetched(client, "daily", "month", page="2025-04", validators=page.validators)
    assert records(again)[-1].upvotes == 99
    assert again.validators != page.validators


def test_a_page_that_repeats_itself_ends(client: Client, server: WebServer) -> None:
    server.pages["2025-W38"] = [invent(number % 100) for number in range(5_000)]
    page = fetched(client, "daily", "week", page="2025-W38")
    assert (page.papers, len(server.seen)) == (100, 2)


@pytest.mark.parametrize(
    ("size", "count", "requests"), [(50, 49, 1), (50, 50, 2), (50, 130, 4), (20, 61, 4), (30, 30, 2), (25, 700, 29)]
)
def test_a_server_that_gives_pages_of_its_own_size_is_read_to_the_end(
    client: Client, server: WebServer, size: int, count: int, requests: int
) -> None:
    server.own_limit = size
    server.pages["2025-04"] = [invent(number) for number in range(count)]
    page = fetched(client, "daily", "month", page="2025-04")
    assert titles(page) == [invent(number).title for number in range(count)]
    assert len(server.seen) == requests


def test_an_empty_day_is_an_empty_page(client: Client, server: WebServer) -> None:
    page = fetched(client, "daily", "day", page="2025-09-20")
    assert (page.papers, page.content, page.note) == (0, b"[]", "")
    assert fetch(client, "daily", "day", page="2025-09-20", validators=page.validators) is None


def test_validators_of_another_endpoint_are_not_sent(client: Client, server: WebServer) -> None:
    page = fetched(client, "daily", "day", page="2025-09-20")
    other = page.validators.replace("127.0.0.1", "localhost")
    assert fetched(client, "daily", "day", page="2025-09-20", validators=other).papers == 0
    assert fetched(client, "daily", "day", page="2025-09-20", validators="[damaged").papers == 0
    assert not any(seen.is_conditional for seen in server.seen)


def test_a_server_without_validators_is_asked_for_all(client: Client, server: WebServer) -> None:
    server.has_validators = False
    assert fetched(client, "daily", "day", page="2025-09-18").validators == ""


def test_spans_of_days_are_planned() -> None:
    def pages(span: str, since: date | None, until: date | None = None) -> list[str]:
        return [name.page for name in kind_of("daily").pages(span, since, until, DAY)]

    assert pages("day", None) == ["2025-09-18"]
    assert pages("week", None) == ["2025-W38"]
    assert pages("month", None) == ["2025-09"]
    assert len(pages("day", DAY - timedelta(days=59))) == 60
    assert pages("day", date(2025, 9, 17), date(2025, 10, 1)) == ["2025-09-17", "2025-09-18"]
    assert pages("day", date(2025, 9, 1), date(2025, 9, 2)) == ["2025-09-01", "2025-09-02"]
    assert pages("day", date(2025, 9, 19)) == []
    assert pages("week", date(2024, 12, 27), date(2025, 1, 7)) == ["2024-W52", "2025-W01", "2025-W02"]
    assert pages("month", date(2025, 7, 31)) == ["2025-07", "2025-08", "2025-09"]


@pytest.mark.parametrize("kind", ["daily", "search"])
def test_what_is_no_list_of_papers_is_refused(client: Client, server: WebServer, kind: str) -> None:
    server.pages["2025-09-18"] = server.searches["owls"] = [invent(1)]
    for fault in (web_page, cut_unsaid, status(200, b'{"error": "no"}'), status(200, b"[" * 100_000),
                  status(200, b"[1, 2]")):  # fmt: skip
        server.faults[:] = [Fault(fault)]
        with pytest.raises(FetchError, match=r"with a web page|is damaged"):
            fetch(client, kind, "day" if kind == "daily" else "owls", page="2025-09-18" if kind == "daily" else "")


# --- search and query -------------------------------------------------------------------------------------------------


def test_a_search_has_all_fields(client: Client, server: WebServer) -> None:
    papers = [invent(number, DAY - timedelta(days=number)) for number in range(30)]
    server.searches["barn owls & more"] = papers
    page = fetched(client, "search", "  barn   owls & more ")
    fields = [of_hugging_face(paper) for paper in papers]
    assert [shown(record, each) for record, each in zip(records(page), fields, strict=True)] == fields
    assert page.name == PageName("search", "barn owls & more", "")
    assert fetch(client, "search", "barn owls & more", validators=page.validators) is None
    server.searches.clear()
    assert fetched(client, "search", "barn owls & more", validators=page.validators).papers == 0


def test_a_query_is_paged_and_joined(client: Client, server: WebServer) -> None:
    papers = [
        invent(number, doi=f"10.1000/{number}", code="https://github.com/a/b", categories=("cs.DS", "cs.CL"))
        for number in range(250)
    ]
    server.queries["cat:cs.DS AND au:Bee"] = papers
    page = fetched(client, "query", "cat:cs.DS AND  au:Bee")
    found = records(page)
    assert [record.title for record in found] == [paper.title for paper in papers]
    assert {record.arxiv_id for record in found} == {paper.arxiv_id for paper in papers}
    assert (found[7].authors, found[7].doi, found[7].categories) == (papers[7].authors, "10.1000/7", ("cs.DS", "cs.CL"))
    assert (found[7].published, found[7].code_urls) == (PartialDate(2025, 9, 18), ("https://github.com/a/b",))
    assert [seen.query["start"] for seen in server.seen] == ["0", "100", "200"]
    assert fetch(client, "query", "cat:cs.DS AND au:Bee", validators=page.validators) is None


def test_a_query_is_bounded_and_may_name_a_span(client: Client, server: WebServer) -> None:
    server.queries["all:owls"] = [invent(number) for number in range(900)]
    assert fetched(client, "query", "owls").papers == 300
    (name,) = kind_of("query").pages("all:owls", date(2025, 9, 1), None, DAY)
    assert name.page == "2025-09-01/2025-09-18"
    asked = "(all:owls) AND submittedDate:[202509010000 TO 202509182359]"
    server.queries[asked] = [invent(number) for number in range(900)]
    assert fetched(client, "query", "owls", page=name.page).papers == 900
    assert kind_of("query").pages("all:owls", None, None, DAY) == (PageName("query", "all:owls", ""),)


def test_a_query_that_finds_nothing_is_empty_and_one_that_lost_its_papers_is_a_fault(
    client: Client, server: WebServer
) -> None:
    assert fetched(client, "query", "nothing").papers == 0
    lost = arxiv_rss("cs.CL", DAY, []).replace(b"<channel>", b"<channel><totalResults>7</totalResults>")
    server.files["/api/query"] = (lost, "application/xml")
    with pytest.raises(FetchError, match="without the papers that it counts"):
        fetch(client, "query", "owls")


# --- arXiv ------------------------------------------------------------------------------------------------------------


ANNOUNCED = [invent(1), invent(2, announced="cross"), invent(3, announced="replace"),
             invent(4, announced="replace-cross"), invent(5)]  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "numbers"),
    [
        ("cs.CL", [1, 2, 5]),
        ("cs.CL new", [1, 5]),
        ("cs.CL replacements", [3, 4]),
        ("cs.CL new,cross,replace", [1, 2, 3, 4, 5]),
    ],
)
def test_announcements_are_chosen(client: Client, server: WebServer, argument: str, numbers: list[int]) -> None:
    server.announced["cs.CL"] = (DAY, ANNOUNCED)
    page = fetched(client, "arxiv", argument)
    assert titles(page) == [invent(number).title for number in numbers]
    assert (page.name.page, page.note) == ("2025-09-18", "")
    assert server.paths() == ["/rss/cs.CL"]


def test_a_daily_feed_has_all_fields(client: Client, server: WebServer) -> None:
    paper = invent(1, DAY, categories=("cs.CL", "stat.ML"))
    server.announced["cs.CL+cs.LG"] = (DAY, [paper])
    page = fetched(client, "arxiv", "cs.lg, cs.CL")
    (record,) = records(page)
    assert (record.title, record.authors, record.arxiv_id) == (paper.title, paper.authors, paper.arxiv_id)
    assert (record.abstract, record.categories) == (" ".join(paper.abstract.split()), paper.categories)
    assert record.published == PartialDate(2025, 9, 18)
    assert fetch(client, "arxiv", "cs.CL+cs.LG", validators=page.validators, last=page.name.page) is None


def test_a_stale_feed_is_replaced_by_the_pages(client: Client, server: WebServer, clock: Clock) -> None:
    tuesday, wednesday = DAY - timedelta(days=2), DAY - timedelta(days=1)
    server.announced["cs.CL+cs.LG"] = (tuesday, [invent(90)])
    server.listed = {"cs.CL": (DAY, ANNOUNCED), "cs.LG": (DAY, [invent(2), invent(6, announced="cross"), invent(5)])}
    page = fetched(client, "arxiv", "cs.CL+cs.LG", validators="", last=tuesday.isoformat())
    assert titles(page) == [invent(number).title for number in (1, 5, 2, 6)]
    assert (page.name.page, page.validators) == ("2025-09-18", "")
    assert page.note == "arXiv's feed still serves Tuesday's, so its pages were read."
    assert server.paths() == ["/rss/cs.CL+cs.LG", "/list/cs.CL/new", "/list/cs.LG/new"]
    assert clock.waited == 30
    server.listed = {"cs.CL": (wednesday, ANNOUNCED), "cs.LG": (tuesday, [invent(7)])}
    page = fetched(client, "arxiv", "cs.CL+cs.LG", last=tuesday.isoformat())
    assert (page.note, page.name.page) == ("arXiv still serves Wednesday's.", "2025-09-17")
    assert titles(page) == [invent(number).title for number in (1, 5, 2)]


@pytest.mark.parametrize("pages", [{}, {"cs.CL": (DAY - timedelta(days=2), ANNOUNCED)}])
def test_where_arxiv_is_behind_altogether_the_page_says_so(
    client: Client, server: WebServer, pages: dict[str, tuple[date, list[Invented]]]
) -> None:
    server.announced["cs.CL"] = (DAY - timedelta(days=2), [invent(90)])
    server.listed = pages
    page = fetched(client, "arxiv", "cs.CL")
    assert (page.note, page.name.page, titles(page)) == (
        "arXiv still serves Tuesday's.",
        "2025-09-16",
        [invent(90).title],
    )


def test_a_feed_that_is_behind_is_asked_for_without_conditions(client: Client, server: WebServer) -> None:
    server.announced["cs.CL"] = (DAY, [invent(1)])
    page = fetched(client, "arxiv", "cs.CL")
    friday = DAY + timedelta(days=1)
    server.listed["cs.CL"] = (friday, [invent(2)])
    again = fetched(client, "arxiv", "cs.CL", validators=page.validators, last="2025-09-18", today=friday)
    assert (again.name.page, titles(again)) == ("2025-09-19", [invent(2).title])
    assert not any(seen.is_conditional for seen in server.seen)


def test_weekends_are_no_staleness(client: Client, server: WebServer) -> None:
    friday = DAY + timedelta(days=1)
    server.announced["cs.CL"] = (friday, [invent(1)])
    for days in (1, 2):
        page = fetched(client, "arxiv", "cs.CL", today=friday + timedelta(days=days))
        assert (page.note, page.name.page) == ("", "2025-09-19")
        assert fetch(
            client, "arxiv", "cs.CL", validators=page.validators, last="2025-09-19", today=friday + timedelta(days=days)
        ) is None  # fmt: skip
    server.announced["cs.CL"] = (friday + timedelta(days=1), [])
    assert fetched(client, "arxiv", "cs.CL", today=friday + timedelta(days=1)).papers == 0


def test_a_listing_page_that_shows_a_part_is_asked_for_whole(client: Client, server: WebServer) -> None:
    server.announced["cs.CL"] = (DAY - timedelta(days=1), [])
    part = arxiv_listing("cs.CL", DAY, [invent(1)]).replace(b"showing 1 of 1", b"showing 1 of 2")
    server.files["/list/cs.CL/new"] = (part, "text/html")
    server.files["/list/cs.CL/new?skip=0&show=2000"] = (
        arxiv_listing("cs.CL", DAY, [invent(1), invent(2)]),
        "text/html",
    )
    assert fetched(client, "arxiv", "cs.CL").papers == 2


@pytest.mark.parametrize(
    ("argument", "canonical"),
    [
        ("CS.cl", "cs.CL"), ("cs.LG+cs.CL", "cs.CL+cs.LG"), ("cs.LG, cs.CL cs.LG", "cs.CL+cs.LG"),
        ("cond-mat.STR-EL", "cond-mat.str-el"), ("physics.optics", "physics.optics"), ("hep-th", "hep-th"),
        ("cs.CL cross,new", "cs.CL"), ("cs.CL replacements, new", "cs.CL new,replace"), ("cs.CL new", "cs.CL new"),
    ],
)  # fmt: skip
def test_categories_have_one_form(argument: str, canonical: str) -> None:
    assert kind_of("arxiv").canonical(argument) == canonical
    assert kind_of("arxiv").canonical(canonical) == canonical


# --- feeds ------------------------------------------------------------------------------------------------------------

BIORXIV = b"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:prism="http://purl.org/rss/1.0/modules/prism/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="http://biorxiv.example"><title>Subject Collection: Neuroscience</title>
<link>http://biorxiv.example</link><description>All</description><items><rdf:Seq>
<rdf:li rdf:resource="http://biorxiv.example/cgi/content/short/2025.09.15.600001v1?rss=1"/></rdf:Seq></items>
<prism:eIssn/><prism:publicationName>bioRxiv</prism:publicationName></channel>
<item rdf:about="http://biorxiv.example/cgi/content/short/2025.09.15.600001v1?rss=1">
<title><![CDATA[
Owls <i>in vivo</i> See the Dark
]]></title>
<link>http://biorxiv.example/cgi/content/short/2025.09.15.600001v1?rss=1</link>
<description><![CDATA[
Owls were shown pictures of mice. They looked.
]]></description>
<dc:creator><![CDATA[ Bee, A., Cee, B. D., Dee, E. ]]></dc:creator>
<dc:date>2025-09-17</dc:date>
<dc:identifier>doi:10.1101/2025.09.15.600001</dc:identifier>
<dc:title><![CDATA[Owls in vivo See the Dark]]></dc:title>
<dc:publisher>Cold Harbor</dc:publisher>
<prism:publicationDate>2025-09-17</prism:publicationDate><prism:section></prism:section>
</item></rdf:RDF>"""
JOURNAL = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">
<channel><title>Journal of Owls</title><link>https://owls.example</link><pubDate>Thu, 18 Sep 2025 03:00:00 GMT</pubDate>
<item><title>Night Flights</title><link>https://owls.example/articles/7</link><description>They fly.</description>
<dc:creator>Ann Bee</dc:creator><dc:creator>Bo Cee</dc:creator><prism:doi>10.1000/owls.7</prism:doi>
<prism:publicationName>Journal of Owls</prism:publicationName><prism:volume>3</prism:volume>
<prism:startingPage>11</prism:startingPage><pubDate>Mon, 15 Sep 2025 00:00:00 GMT</pubDate></item></channel></rss>"""
BLOG = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>A Blog</title><updated>2025-09-18T05:00:00Z</updated>
<id>urn:blog</id><entry><title>On Ladders</title><link href="https://blog.example/ladders"/><id>urn:blog:1</id>
<updated>2025-09-16T10:00:00Z</updated><author><name>Ann Bee</name></author><summary>Up.</summary></entry>
<entry><title>On Snakes</title><link href="https://blog.example/snakes"/><id>urn:blog:2</id>
<updated>2099-01-01T10:00:00Z</updated><author><name>Bo Cee</name></author><summary>Down.</summary></entry></feed>"""


def feed(client: Client, server: WebServer, content: bytes) -> FetchedPage:
    server.files["/feed"] = (content, "application/xml")
    return fetched(client, "feed", f"{server.url}/feed?token=hush")


def test_a_feed_of_a_preprint_server(client: Client, server: WebServer) -> None:
    page = feed(client, server, BIORXIV)
    (record,) = records(page)
    assert (record.title, record.abstract) == (
        "Owls in vivo See the Dark", "Owls were shown pictures of mice. They looked.",
    )  # fmt: skip
    assert record.authors == ("A. Bee", "B. D. Cee", "E. Dee")
    assert (record.doi, record.published) == ("10.1101/2025.09.15.600001", PartialDate(2025, 9, 17))
    assert (page.name.page, page.content) == ("2025-09-17", BIORXIV)
    assert "hush" not in page.address + page.file_name
    assert kind_of("feed").title(page.name.argument) == "127.0.0.1/feed"


def test_a_feed_of_a_journal(client: Client, server: WebServer) -> None:
    page = feed(client, server, JOURNAL)
    (record,) = records(page)
    assert (record.title, record.authors, record.abstract) == ("Night Flights", ("Ann Bee", "Bo Cee"), "They fly.")
    assert (record.doi, record.published) == ("10.1000/owls.7", PartialDate(2025, 9, 15))
    assert (record.publication.venue, record.publication.volume) == ("Journal of Owls", "3")
    assert page.name.page == "2025-09-15"


def test_a_feed_of_a_blog(client: Client, server: WebServer) -> None:
    page = feed(client, server, BLOG)
    assert [(record.title, record.authors, record.url) for record in records(page)] == [
        ("On Ladders", ("Ann Bee",), "https://blog.example/ladders"),
        ("On Snakes", ("Bo Cee",), "https://blog.example/snakes"),
    ]
    assert page.name.page == "2025-09-16"
    assert fetch(client, "feed", f"{server.url}/feed?token=hush", validators=page.validators) is None


def test_an_empty_feed_is_an_empty_page(client: Client, server: WebServer) -> None:
    page = feed(client, server, b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>')
    assert (page.papers, page.name.page) == (0, "2025-09-18")


def test_a_web_page_names_its_feed(client: Client, server: WebServer) -> None:
    page = b'<!doctype html><html><head><link rel="alternate" type="application/rss+xml" href="%s"></head></html>'
    with pytest.raises(FetchError, match=r"Subscribe to its feed instead: https://blog\.example/rss\?key=…$"):
        feed(client, server, page % b"https://blog.example/rss?key=hush")
    for href in (b"", b"javascript:alert(1)"):
        with pytest.raises(FetchError, match="with a web page instead of papers"):
            feed(client, server, page % href)


@pytest.mark.parametrize("content", [JOURNAL[:400], b"", b"<opml></opml>", b"{}", b"<rss>" * 3])
def test_what_is_no_whole_feed_is_refused(client: Client, server: WebServer, content: bytes) -> None:
    with pytest.raises(FetchError, match="is damaged or breaks off"):
        feed(client, server, content)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_feeds_go_through_their_proxy(client: Client, server: WebServer, scheme: str) -> None:
    address = f"{scheme}://journal.example/feed.xml"
    server.files[address] = (JOURNAL, "application/xml")
    assert fetched(client, "feed", address).papers == 1
    (seen,) = server.seen
    assert (seen.target, seen.headers["host"]) == (address, "journal.example")
    assert os.environ["LECTERN_FEED_PROXY"] == server.url


@pytest.mark.parametrize(
    ("argument", "canonical"),
    [
        ("Example.org/Feed.xml", "https://example.org/Feed.xml"), ("http://example.org", "http://example.org/"),
        ("feed://example.org/a", "https://example.org/a"), ("feed:http://example.org/a", "http://example.org/a"),
        ("HTTPS://mia:Hush@Example.org/a?b=C#d", "https://mia:Hush@example.org/a?b=C"),
        ("127.0.0.1:8000/feed", "https://127.0.0.1:8000/feed"),
    ],
)  # fmt: skip
def test_addresses_have_one_form(argument: str, canonical: str) -> None:
    assert kind_of("feed").canonical(argument) == canonical
    assert kind_of("feed").canonical(canonical) == canonical


# --- all --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "argument", "reason"),
    [
        ("daily", "year", "by day, week or month"), ("search", "  ", "needs words"), ("search", "x" * 251, "at most"),
        ("query", "", "needs words"), ("query", "(ti:owls", "parenthesis"), ("query", "x" * 1001, "at most"),
        ("arxiv", "", "Name a category"), ("arxiv", "cs.C1", "not a category"), ("arxiv", "owls", "not a category"),
        ("feed", "", "not an address"), ("feed", "ftp://example.org", "not an address"),
        ("feed", "https://mia:…@example.org/a", "secret part was left out"), ("feed", "owls", "not the name of a host"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(kind: str, argument: str, reason: str) -> None:
    with pytest.raises(ReaderError, match=reason):
        kind_of(kind).canonical(argument)


def test_every_kind_says_what_it_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("LECTERN_") or each == "HF_ENDPOINT"]:
        monkeypatch.delenv(name)
    arguments = {"daily": "week", "search": "owls", "arxiv": "cs.CL+cs.LG new", "query": "au:Bee owls",
                 "feed": "https://mia:hush@example.org/feed"}  # fmt: skip
    made = {kind: (KINDS[kind].title(text), KINDS[kind].addresses(text)) for kind in KINDS
            for text in [KINDS[kind].canonical(arguments[kind])]}  # fmt: skip
    assert made == {
        "daily": ("Daily Papers by week", ("https://huggingface.co/api/daily_papers",)),
        "search": ("Search: owls", ("https://huggingface.co/api/papers/search",)),
        "arxiv": ("arXiv cs.CL, cs.LG (new)", (
            "https://rss.arxiv.org/rss/cs.CL+cs.LG", "https://arxiv.org/list/cs.CL/new", "https://arxiv.org/list/cs.LG/new",
        )),
        "query": ("arXiv: au:Bee owls", ("https://export.arxiv.org/api/query",)),
        "feed": ("example.org/feed", ("https://…@example.org/feed",)),
    }  # fmt: skip
    with pytest.raises(ReaderError, match="Choose one of daily, search, arxiv, query, feed"):
        kind_of("mail")


def test_an_endpoint_that_is_no_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "huggingface")
    with pytest.raises(ReaderError, match="HF_ENDPOINT is not an address"):
        kind_of("daily").addresses("day")
