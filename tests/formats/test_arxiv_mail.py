"""arXiv's daily mail."""

from __future__ import annotations

import email.policy
from email.message import EmailMessage

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing
from reader.formats import arxiv_mail, registry
from reader.formats.people import split_authors
from reader.formats.text_decoder import Head
from tests.formats.structured_fixtures import fixture

ENTRY = "\\\\\narXiv:2601.04009\nDate: Wed, 21 Jan 2026 17:11:20 GMT   (1kb)\n\nTitle: A Title\nAuthors: A B\n"
ABSTRACT = "\\\\\n  An abstract.\n"
CLOSING = "\\\\ ( https://arxiv.org/abs/2601.04009 ,  1kb)\n"
RULE = "-" * 78 + "\n"


def _parse(text: str) -> ParsedListing:
    return arxiv_mail.parse(text.encode())


def test_reads_new_papers_cross_lists_and_replacements() -> None:
    listing = arxiv_mail.parse(fixture("arxiv_mail.txt"))
    assert listing.records == (
        ListingRecord(
            title="Moths, Lamps and $\\ell_p$ Balls: A Title That Is Long Enough to Need a Second Line",
            abstract=(
                "Moths fly towards lamps. We ask whether lamps might instead fly towards moths, at 95% confidence. "
                "They do not."
            ),
            lines=LineRange(17, 33),
            authors=("Hana Bélisle", "Ivo Kříž", "Jürgen Øst Jr."),
            author_count=3,
            published=PartialDate(2026, 1, 21),
            arxiv_id="2601.04001",
            url="https://arxiv.org/abs/2601.04001",
            code_urls=("https://github.com/moths/lamps",),
            categories=("cs.LG", "stat.ML"),
        ),
        ListingRecord(
            title="A Telescope of Many",
            abstract="Many look through one telescope.",
            lines=LineRange(35, 45),
            authors=("The Dusk Collaboration", "K. Larch", "L. Moss"),
            author_count=36,
            published=PartialDate(2026, 1, 22),
            arxiv_id="2601.04002",
            url="https://arxiv.org/abs/2601.04002",
            categories=("astro-ph.IM", "cs.LG"),
        ),
        ListingRecord(
            title="An Older Paper About Owls, Revised",
            abstract="",
            lines=LineRange(48, 56),
            authors=("Mina Nook",),
            author_count=1,
            arxiv_id="2503.04003",
            url="https://arxiv.org/abs/2503.04003",
            categories=("cs.AI",),
            is_revision=True,
        ),
    )
    assert (listing.format, listing.heading) == ("arxiv-mail", PartialDate(2026, 1, 23))


def test_accounts_for_every_line() -> None:
    listing = arxiv_mail.parse(fixture("arxiv_mail.txt"))
    assert listing.account == LineAccount(AccountUnit.LINES, total=67, records=34, boilerplate=25, problems=8)
    stray, untitled = listing.problems
    assert (stray.lines, stray.text) == (LineRange(58, 58), "Somebody wrote this between two entries.")
    assert stray.reason == "This text is outside any entry."
    assert (untitled.lines, untitled.reason) == (LineRange(60, 67), "The paper has no title.")
    assert untitled.text.splitlines()[1] == "arXiv:2601.04004"


def test_reads_older_mails() -> None:
    listing = arxiv_mail.parse(fixture("arxiv_mail_old.txt"))
    assert listing.records == (
        ListingRecord(
            title="On the Boosting of Candles",
            abstract="Candles are boosted.",
            lines=LineRange(6, 16),
            authors=("Olga Pine",),
            author_count=1,
            published=PartialDate(2005, 1, 4),
            arxiv_id="cs.LG/0501001",
            url="http://arXiv.org/abs/cs.LG/0501001",
        ),
        ListingRecord(
            title="Estimating Sleep",
            abstract="We estimate sleep.",
            lines=LineRange(18, 26),
            authors=("Pia Quist", "Rolf Rye III"),
            author_count=2,
            arxiv_id="math.ST/9912002",
            url="https://arxiv.org/abs/math.ST/9912002",
        ),
    )
    assert listing.problems == ()
    assert listing.heading == PartialDate(2005, 1, 5)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_make_no_difference(end: str) -> None:
    data = fixture("arxiv_mail.txt")
    assert arxiv_mail.parse(data.replace(b"\n", end.encode())) == arxiv_mail.parse(data)


def test_two_mails_in_one_file() -> None:
    data = fixture("arxiv_mail_old.txt")
    listing = arxiv_mail.parse(data + b"\n" + data)
    assert [record.arxiv_id for record in listing.records] == ["cs.LG/0501001", "math.ST/9912002"] * 2
    assert (listing.problems, listing.heading) == ((), PartialDate(2005, 1, 5))


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("with_html", [False, True])
def test_reads_what_mail_programs_save(encoding: str, with_html: bool) -> None:
    body = fixture("arxiv_mail.txt").decode().partition("\n\n")[2]
    message = EmailMessage(policy=email.policy.SMTP.clone(max_line_length=200))
    message["From"], message["Subject"] = "no-reply@arxiv.example", "cs daily"
    message["Date"] = "Fri, 23 Jan 2026 00:40:12 -0500"
    message.set_content(body.replace("Moths fly", "Möths = fly"), cte=encoding)
    if with_html:
        message.add_alternative("<p>the same in HTML</p>", subtype="html")
    data = message.as_bytes()
    listing = arxiv_mail.parse(data)
    plain = arxiv_mail.parse(fixture("arxiv_mail.txt"))
    assert [record.title for record in listing.records] == [record.title for record in plain.records]
    assert listing.records[0].abstract.startswith("Möths = fly towards lamps.")
    assert listing.heading == plain.heading
    assert arxiv_mail.detect(Head(data, "mail.eml")) >= 0.9


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Transfer-Encoding: base64\n\n!!!! no base64 \xff",
        b"Content-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\n--x\n--x--",
        b"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n<p>=</p>",
        b"Content-Transfer-Encoding: base64",
        b"Content-Type: multipart/mixed; boundary=x\nContent-Transfer-Encoding: base64\n\n"
        + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 3_000,
    ],
)
def test_broken_mails_have_no_records(data: bytes) -> None:
    listing = arxiv_mail.parse(data)
    assert listing.records == ()
    assert listing.account.total == listing.account.boilerplate + listing.account.problems


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ENTRY + ABSTRACT, "The file ends within this entry, so its abstract may be cut off."),
        (ENTRY, "The file ends within this entry, so its abstract may be cut off."),
        (ENTRY.replace("arXiv:2601.04009\n", "") + ABSTRACT + CLOSING, "The entry has no arXiv identifier."),
        (ENTRY.replace("2601.04009", "soon") + ABSTRACT + CLOSING, "The entry has no arXiv identifier."),
        (ENTRY.replace("Title: A Title\n", "Title:\n") + ABSTRACT + CLOSING, "The paper has no title."),
        (ENTRY[3:] + "\n", "This is part of an entry that lacks its opening line."),
    ],
)
def test_a_broken_entry_is_a_problem_with_all_its_lines(text: str, reason: str) -> None:
    listing = _parse("Subject: cs daily\n\n" + RULE + text)
    (problem,) = listing.problems
    assert (problem.reason, problem.text) == (reason, text.rstrip("\n"))
    assert problem.lines == LineRange(4, 3 + len(text.rstrip("\n").split("\n")))
    assert listing.records == ()
    assert listing.account.problems + listing.account.boilerplate == listing.account.total


def test_a_rule_ends_an_entry_that_lost_its_closing_line() -> None:
    listing = _parse(ENTRY + ABSTRACT + RULE + ENTRY.replace("04009", "04010") + ABSTRACT + CLOSING)
    assert [record.arxiv_id for record in listing.records] == ["2601.04009", "2601.04010"]
    assert (listing.problems, listing.account.boilerplate) == ((), 1)


def test_a_continuation_line_may_have_lost_its_indent() -> None:
    text = ENTRY.replace("A Title", "A Title That\nSays: More") + ABSTRACT + CLOSING
    assert [record.title for record in _parse(text).records] == ["A Title That Says: More"]


def test_the_heading_falls_back_on_the_days_received() -> None:
    text = " received from  Wed 11 Feb 26 19:00:00 GMT  to  Thu 12 Feb 26 19:00:00 GMT\n"
    assert _parse(text + RULE + ENTRY + ABSTRACT + CLOSING).heading == PartialDate(2026, 2, 12)
    assert _parse(ENTRY + ABSTRACT + CLOSING).heading is None


@pytest.mark.parametrize(
    ("text", "names", "count"),
    [
        ("Ann Bee, Cy Dee and Ed Fox", ("Ann Bee", "Cy Dee", "Ed Fox"), 3),
        ("Ann Bee, Cy Dee, and Ed Fox", ("Ann Bee", "Cy Dee", "Ed Fox"), 3),
        ("Ann Bee (1 and 2), Cy Dee (2) ((1) Here (There), (2) Elsewhere)", ("Ann Bee", "Cy Dee"), 2),
        ("Cy Dee, Jr., Ed Fox, III", ("Cy Dee Jr.", "Ed Fox III"), 2),
        ("Sandy Anderson, Rand Andrews", ("Sandy Anderson", "Rand Andrews"), 2),
        ("G\\\"odel, {\\L}o\\'s, \\AA{}ngstr\\\"{o}m, \\v{S}\\'{\\i}p", ("Gödel", "Łoś", "Ångström", "Šíp"), 4),
        ("A. Bee et al", ("A. Bee",), None),
        ("A. Bee, et al. (1 additional author not shown)", ("A. Bee",), 2),
        ("X Collaboration: A. Bee", ("X Collaboration", "A. Bee"), 2),
        ("A. Bee (unclosed", ("A. Bee",), 1),
        (")( ,,, and", (), None),
        ("", (), None),
    ],
)
def test_splits_authors(text: str, names: tuple[str, ...], count: int | None) -> None:
    assert split_authors(text) == (names, count)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (fixture("arxiv_mail.txt"), 1.0),
        (fixture("arxiv_mail_old.txt").replace(b"\n", b"\r\n"), 1.0),
        (CLOSING.encode(), 0.8),
        (b"arXiv:2601.04009 is a paper", 0.0),
        (b"\\\\\n", 0.0),
    ],
)
def test_detects(data: bytes, expected: float) -> None:
    assert arxiv_mail.detect(Head(data, "mail.eml")) == expected


@pytest.mark.parametrize("mark", ["> ", ">", "> > "])
def test_a_mail_forwarded_as_a_quotation_is_read(mark: str) -> None:
    quoted = "".join(mark + line for line in (RULE + ENTRY + ABSTRACT + CLOSING + RULE).splitlines(keepends=True))
    listing = registry.parse(f"From: a@b.example\nSubject: Fwd\n\nLook:\n\n{quoted}".encode(), "forwarded.eml")
    (record,) = listing.records
    assert (listing.format, record.title, record.abstract) == ("arxiv-mail", "A Title", "An abstract.")
    assert (record.arxiv_id, record.url) == ("2601.04009", "https://arxiv.org/abs/2601.04009")
    assert listing.problems == ()


def test_a_quotation_beside_an_entry_stays() -> None:
    entry = ENTRY + "\\\\\n  We claim\n> 5 and more.\n" + CLOSING
    (record,) = _parse(RULE + entry + RULE).records
    assert record.abstract == "We claim > 5 and more."
