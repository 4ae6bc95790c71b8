"""What a pasted line subscribes to."""

from __future__ import annotations

import pytest

from reader.domain.errors import ReaderError
from reader.web.pasted import understand


@pytest.mark.parametrize(
    ("line", "kind", "argument"),
    [
        ("cs.CL", "arxiv", "cs.CL"),
        (" cs.LG + cs.CL ", "arxiv", "cs.CL+cs.LG"),
        ("cs.CL, stat.ML new", "arxiv", "cs.CL+stat.ML new"),
        ("hep-th", "arxiv", "hep-th"),
        ("physics", "arxiv", "physics"),
        ("new physics", "search", "new physics"),
        ("math reasoning", "search", "math reasoning"),
        ("https://arxiv.org/list/cs.CL/recent", "arxiv", "cs.CL"),
        ("arxiv.org/list/cs.CL/new?skip=0", "arxiv", "cs.CL"),
        ("https://rss.arxiv.org/rss/cs.CL+cs.LG", "arxiv", "cs.CL+cs.LG"),
        ("https://rss.arxiv.org/atom/cs.CL", "arxiv", "cs.CL"),
        ("http://export.arxiv.org/rss/math.AG", "arxiv", "math.AG"),
        ("https://arxiv.org/search/?query=barn+owls&searchtype=all", "query", "all:barn AND all:owls"),
        ("https://arxiv.org/search/cs?searchtype=author&query=Bee%2C+A", "query", 'au:"Bee, A"'),
        ("https://arxiv.org/search/?query=owls&searchtype=title", "query", "ti:owls"),
        ("http://export.arxiv.org/api/query?search_query=cat:cs.CL+AND+ti:owls", "query", "cat:cs.CL AND ti:owls"),
        ("cat:cs.CL AND au:Bee", "query", "cat:cs.CL AND au:Bee"),
        ("au:Bee", "query", "au:Bee"),
        ("https://huggingface.co/papers", "daily", "day"),
        ("huggingface.co/papers", "daily", "day"),
        ("https://huggingface.co/papers/date/2025-09-18", "daily", "day"),
        ("https://huggingface.co/papers/week/2025-W38", "daily", "week"),
        ("https://hf.co/papers/month/2025-04", "daily", "month"),
        ("https://huggingface.co/papers/trending", "daily", "day"),
        ("https://huggingface.co/papers?q=barn+owls", "search", "barn owls"),
        ("https://huggingface.co/api/papers/search?q=owls", "search", "owls"),
        ("https://huggingface.co/api/daily_papers?week=2025-W38&limit=10", "daily", "week"),
        ("https://huggingface.co/blog/feed.xml", "feed", "https://huggingface.co/blog/feed.xml"),
        ("https://export.arxiv.org/something", "feed", "https://export.arxiv.org/something"),
        ("Daily Papers", "daily", "day"),
        ("daily papers by week", "daily", "week"),
        ("daily month", "daily", "month"),
        ("https://example.org/feed.xml", "feed", "https://example.org/feed.xml"),
        ("feed://example.org/feed.xml", "feed", "https://example.org/feed.xml"),
        ("http://example.org/rss", "feed", "http://example.org/rss"),
        ("http://127.0.0.1:8000/rss", "feed", "http://127.0.0.1:8000/rss"),
        ("example.org", "feed", "https://example.org/"),
        ("connect.example.org/feed?a=1", "feed", "https://connect.example.org/feed?a=1"),
        ("low-rank adaptation", "search", "low-rank adaptation"),
        ("diffusion", "search", "diffusion"),
        ("What is attention? It works.", "search", "What is attention? It works."),
        ("GPT-4.5", "search", "GPT-4.5"),
    ],
)
def test_a_line_is_understood(line: str, kind: str, argument: str) -> None:
    found = understand(line)
    assert (found.kind, found.argument) == (kind, argument)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "Paste a category"), ("x" * 2_001, "Paste a category"),
        ("https://arxiv.org/abs/2509.10001", "one paper"), ("https://huggingface.co/papers/2509.10001", "one paper"),
        ("ftp://example.org/feed", "not an address"), ("https://", "not an address"),
    ],
)  # fmt: skip
def test_what_is_no_subscription_is_refused(line: str, reason: str) -> None:
    with pytest.raises(ReaderError, match=reason):
        understand(line)


def test_an_endpoint_elsewhere_is_the_same_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "https://mirror.example")
    assert understand("https://mirror.example/papers/week/2025-W38").argument == "week"
