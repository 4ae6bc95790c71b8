"""What all dumps of the page have in common."""

from datetime import date

import pytest

from reader.domain.dates import PartialDate
from reader.domain.records import Organization
from reader.formats import page


@pytest.mark.parametrize(
    "line",
    [
        "Get trending papers in your email inbox!",
        "byAK and the research community",
        "by AK and the research community",
        "by\u00a0AK and the research community",
        "by [AK] and the research community",
        "© Hugging Face",
        "© 2025 Hugging Face",
        "Trending Papers ranked by GitHub stars activity",
        "System theme",
    ],
)
def test_page_sentences(line: str) -> None:
    assert page.is_page_sentence(line)
    assert page.is_page_text(line)
    assert not page.is_page_sentence(f"A title: {line}")


@pytest.mark.parametrize("line", ["new", "Daily", "TOS", "Daily  Papers", "Buckets new"])
def test_page_words(line: str) -> None:
    assert page.is_page_word(line)
    assert not page.is_page_sentence(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Dec 8", (PartialDate(None, 12, 8), None)),
        ("Sep 25, 2024 3", (PartialDate(2024, 9, 25), 3)),
        ("Sep 25 2024", (PartialDate(None, 9, 25), 2024)),
        ("Oct 12 4", (PartialDate(None, 10, 12), 4)),
        ("October 12, 2023  1.2k", (PartialDate(2023, 10, 12), 1200)),
        ("Feb 29", (PartialDate(None, 2, 29), None)),
        ("Feb 29, 2023", None),
        ("Foo 3", None),
        ("Aug 0", None),
        ("Octopus 2", None),
        ("Mars 2", None),
        ("Sept 3", (PartialDate(None, 9, 3), None)),
        ("Dec 8 and more", None),
        ("8 Dec", None),
        ("", None),
    ],
)
def test_date_and_count(line: str, expected: object) -> None:
    assert page.read_date_and_count(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("• 8 authors", 8),
        ("1 author", 1),
        ("- 1,024 authors", 1024),
        ("\u00a0•\u00a02 authors ", 2),
        ("eight authors", None),
    ],
)
def test_author_count(line: str, expected: int | None) -> None:
    assert page.read_author_count(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("19", 19),
        ("1,204", 1204),
        ("3.29k", 3290),
        ("110k", 110_000),
        ("1.5m", 1_500_000),
        ("-", None),
        ("1.5", None),
        ("", None),
    ],
)
def test_count(text: str, expected: int | None) -> None:
    assert page.read_count(text) == expected


def test_organization() -> None:
    assert page.read_organization(" zai-org  Z.ai ") == Organization("zai-org", "Z.ai")
    assert page.read_organization("  • zai-org Z.ai") == Organization("zai-org", "Z.ai")
    assert page.read_organization("Google") == Organization("", "Google")
    assert page.read_organization("  ") is None


def test_front_matter() -> None:
    lines = [
        "---",
        "url: 'https://huggingface.co/papers?q=a%20b+c'",
        "Retrieved: 2026-10-02T10:00:00Z",
        "broken",
        "---",
        "text",
    ]
    origin, count = page.read_front_matter(lines)
    assert count == 5
    assert origin == page.Origin("https://huggingface.co/papers?q=a%20b+c", "a b c", date(2026, 10, 2))
    assert page.read_front_matter(["---", "url: https://x.y", *["text"] * 200, "---"]) == (page.Origin(), 0)
    assert page.read_front_matter(["text", "---"]) == (page.Origin(), 0)
    assert page.read_front_matter([]) == (page.Origin(), 0)


def test_the_first_statement_stands() -> None:
    origin = (
        page.Origin().learn("URL", "https://a.b?q=x").learn("Source URL", "https://c.d").learn("exported", "2026-01-01")
    )
    origin = origin.learn("retrieved", "2027-01-01").learn("captured", "soon").learn("colour", "red")
    assert origin == page.Origin("https://a.b?q=x", "x", date(2026, 1, 1))
    assert page.Origin().learn("url", "javascript:alert(1)") == page.Origin()
    assert page.Origin().learn("exported", "2026") == page.Origin()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://huggingface.co/papers/2606.00683", "2606.00683"),
        ("https://huggingface.co/papers/2606.00683v2#community", "2606.00683v2"),
        ("/papers/2606.00683", "2606.00683"),
        ("https://huggingface.co/login?next=%2Fpapers%2F2606.00683", "2606.00683"),
        ("https://huggingface.co/papers/hep-th/9901001", "hep-th/9901001"),
        ("https://huggingface.co/papers/trending", None),
        ("https://huggingface.co/papers/date/2026-10-01", None),
        ("https://huggingface.co/google", None),
    ],
)
def test_paper_id(address: str, expected: str | None) -> None:
    assert page.paper_id_of(address) == expected


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://huggingface.co/zai-org", "zai-org"),
        ("/Mininglamp-2718", "Mininglamp-2718"),
        ("https://huggingface.co/papers/2606.00683", None),
        ("https://huggingface.co/", None),
        ("https://huggingface.co/terms-of-service", None),
        ("https://example.org/zai-org", None),
    ],
)
def test_account(address: str, expected: str | None) -> None:
    assert page.account_of(address) == expected


def test_query_of_broken_addresses() -> None:
    assert page.query_of("https://[broken?q=x") is None
    assert page.query_of("https://huggingface.co/papers?q=") is None
    assert page.query_of("https://huggingface.co/papers?q=%20") is None
