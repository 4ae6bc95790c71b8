"""arXiv's feeds."""

from __future__ import annotations

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.errors import ParseError
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing
from reader.formats import arxiv_atom, registry
from reader.formats.text_decoder import Head
from tests.formats.structured_fixtures import fixture

ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'


def _parse(entries: str) -> ParsedListing:
    return arxiv_atom.parse(ATOM.format(entries).encode())


def test_reads_the_answer_of_the_query_api() -> None:
    listing = arxiv_atom.parse(fixture("arxiv_api.atom"))
    assert listing.records == (
        ListingRecord(
            title="Moths at $x < y$: A Title That Wraps",
            abstract="Moths are sorted <b>not in bold</b> & counted. See below.",
            lines=LineRange(1, 1),
            authors=("Sven Teal", "Ute Vale"),
            author_count=2,
            published=PartialDate(2026, 1, 20),
            arxiv_id="2601.05001",
            url="http://arxiv.org/abs/2601.05001v2",
            doi="10.1000/moths",
            code_urls=("https://github.com/moths/sort",),
            categories=("cs.DS", "cs.LG"),
        ),
        ListingRecord(
            title="Strings Attached",
            abstract="They are.",
            lines=LineRange(3, 3),
            authors=("Wim Xylander",),
            author_count=1,
            published=PartialDate(1999, 1, 4),
            arxiv_id="hep-th/9901003",
            url="http://arxiv.org/abs/hep-th/9901003v1",
        ),
    )
    (problem,) = listing.problems
    assert (problem.lines, problem.reason) == (LineRange(2, 2), "The paper has no title.")
    assert "An entry without its title." in problem.text
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=3, records=2, boilerplate=0, problems=1)
    assert (listing.format, listing.heading, listing.query) == ("arxiv-atom", PartialDate(2026, 1, 24), "all:moths")
    assert listing.source_url == "http://arxiv.org/api/query?search_query%3Dall%3Amoths%26id_list%3D"


def test_reads_the_daily_feed() -> None:
    listing = arxiv_atom.parse(fixture("arxiv_rss.xml"))
    assert listing.records == (
        ListingRecord(
            title="Fresh Bread from Stale Gradients",
            abstract="Bread is baked when $a < b$. It is fresh.",
            lines=LineRange(1, 1),
            authors=("Yara Zimmer", "Abel B. Crumb"),
            author_count=2,
            published=PartialDate(2026, 7, 20),
            arxiv_id="2607.06001",
            url="https://arxiv.org/abs/2607.06001",
            categories=("cs.LG", "cs.AI"),
        ),
        ListingRecord(
            title="An Old Loaf, Revised",
            abstract="Still edible.",
            lines=LineRange(2, 2),
            authors=("Cora Dough",),
            author_count=1,
            arxiv_id="2501.06002",
            url="https://arxiv.org/abs/2501.06002",
        ),
        ListingRecord(
            title="A Title As Feeds Had It Before 2024",
            abstract="Html of old & stale kind.",
            lines=LineRange(3, 3),
            authors=("Dirk Ember", "Edda Flint"),
            author_count=2,
            arxiv_id="2301.06003",
            url="http://arxiv.org/abs/2301.06003",
        ),
    )
    assert (listing.problems, listing.heading) == ((), PartialDate(2026, 7, 20))


def test_a_replacement_without_abstract_is_a_revision() -> None:
    entry = (
        '<entry xmlns:arxiv="http://arxiv.org/schemas/atom"><title>Owls</title><id>oai:arXiv.org:2501.06002v4</id>'
        "<published>2026-01-01T00:00:00Z</published><arxiv:announce_type>replace</arxiv:announce_type></entry>"
    )
    (record,) = _parse(entry).records
    assert (record.is_revision, record.published, record.arxiv_id) == (True, None, "2501.06002")


def test_encodings_are_told_from_the_bytes() -> None:
    text = '<?xml version="1.0" encoding="{}"?>' + ATOM.format("<entry><title>Gödel’s Öwls</title></entry>")
    for encoding, declared in (("utf-8", "iso-8859-1"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16")):
        listing = arxiv_atom.parse(text.format(declared).encode(encoding))
        assert [record.title for record in listing.records] == ["Gödel’s Öwls"]
    listing = arxiv_atom.parse(text.format("windows-1252").encode("cp1252"))
    assert [record.title for record in listing.records] == ["Gödel’s Öwls"]
    assert listing.encoding_uncertain


def test_never_opens_what_a_feed_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the feed was fetched")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("urllib.request.urlopen", refuse)
    data = (
        '<?xml version="1.0"?><!DOCTYPE feed SYSTEM "http://127.0.0.1:9/feed.dtd">'
        '<?xml-stylesheet href="http://127.0.0.1:9/style"?>'
    )
    listing = arxiv_atom.parse((data + ATOM.format("<entry><title>Alone</title></entry>")).encode())
    assert [record.title for record in listing.records] == ["Alone"]
    for name in (b"http://127.0.0.1:9/feed", b"/etc/passwd"):
        with pytest.raises(ParseError, match="damaged"):
            arxiv_atom.parse(name)


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaa"><!ENTITY b "' + "&a;" * 100 + '">]>'


def test_arxivs_error_answer_is_refused_with_its_sentence() -> None:
    address = "http://arxiv.org/api/errors#max_results_must_be_an_integer"
    entry = (
        f"<entry><id>{address}</id><title>Error</title><summary>max_results must be an integer</summary>"
        f'<link href="{address}" rel="alternate"/><author><name>arXiv api core</name></author></entry>'
    )
    with pytest.raises(ParseError, match="error, not papers: max_results must be an integer; correct the query"):
        registry.parse(ATOM.format(entry).encode(), "answer.atom")


def test_reads_publishers_feeds() -> None:
    listing, detection = registry.parse_detected(fixture("publisher.rss"), "feed")
    assert (detection.format.name, detection.certain, listing.problems) == ("arxiv-atom", True, ())
    first, second, third, fourth = listing.records
    assert first == ListingRecord(
        title="Lanterns in Urtica & CO2",
        abstract="We light lanterns.  They glow.",
        lines=LineRange(1, 1),
        authors=("Ada Thistle", "Bo Moor"),
        author_count=2,
        author_names=(Name("Thistle", "Ada"), Name("Moor", "Bo")),
        published=PartialDate(2031, 4, 2),
        url="https://fen.example/a1",
        doi="10.5555/moss.1",
        publication=Publication(venue="Annals of Moss", volume="12", number="3", pages="101-117"),
    )
    assert second.authors == ("C. Fen", "E. M. van der Reed", "B.-J. Moor")
    assert (second.published, second.doi) == (PartialDate(2031, 3), "10.5555/fen.7")
    assert (third.authors, third.published) == (("Ann Bee", "Bo Cee"), PartialDate(2031, 3, 1))
    assert (fourth.authors, fourth.published) == (("Ann Bee",), PartialDate(2031, 4, 1))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "damaged or breaks off at line 1"),
        ("<feed><entry>", "damaged or breaks off at line 1"),
        ("<feed>\n\n<entry></feed>", "damaged or breaks off at line 3"),
        (BOMB + ATOM.format("&b;"), "declares entities"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + ATOM.format("&x;"), "declares entities"),
        (ATOM.format("&nbsp;"), "damaged"),
        (ATOM.format("<a>" * 100 + "</a>" * 100), "nests its elements too deeply"),
        (ATOM.format("<entry><author>" + "a" * 1_000 + "</author></entry>"), "word that is too long"),
        (ATOM.format("<published>" + "1 " * 5_000 + "</published>"), "published is too long"),
        (ATOM.format('<link href="' + "a/" * 5_000 + '"/>'), "value that is too long"),
    ],
)
def test_refuses_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(ParseError, match=words) as refusal:
        arxiv_atom.parse(text.encode())
    assert "\n" not in str(refusal.value)


def test_every_entry_is_accounted_for_even_nested_ones() -> None:
    listing = _parse(
        "<entry><title>a</title><entry><title>b</title></entry></entry><entry/><item><title>c</title></item>"
    )
    account = listing.account
    assert account.total == account.records + account.problems == len(listing.records) + len(listing.problems)
    assert account.total >= 3


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (fixture("arxiv_api.atom"), 1.0),
        (fixture("arxiv_rss.xml"), 1.0),
        (b'<?xml version="1.0"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>A blog</title>', 0.5),
        (b"<html><body>a feed of arxiv</body>", 0.0),
        (b"rss and arxiv", 0.0),
    ],
)
def test_detects(data: bytes, expected: float) -> None:
    assert arxiv_atom.detect(Head(data, "feed")) == expected
