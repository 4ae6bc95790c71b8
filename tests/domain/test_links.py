"""Which addresses may be opened, and which links to code a text holds."""

import time

import pytest

from reader.domain.links import find_code_urls, find_links, is_safe_url


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("Code is at https://github.com/example/tool.", ["https://github.com/example/tool"]),
        ("(see https://github.com/example/tool_(fork))", ["https://github.com/example/tool_(fork)"]),
        (r"\url{https://github.com/example/tool}", ["https://github.com/example/tool"]),
        ("available at github.com/example/tool!", ["https://github.com/example/tool"]),
        ("https://huggingface.co/papers/2401.00001 is no code", []),
        ("https://huggingface.co/example/model and https://example.org", ["https://huggingface.co/example/model"]),
        ("https://github.com/a/b https://github.com/a/b", ["https://github.com/a/b"]),
        ("https://github.com/ alone", []),
        ("https://user@github.com/a/b", []),
        ("notgithub.com/a/b", []),
    ],
)
def test_finds_links_to_code(text: str, addresses: list[str]) -> None:
    assert list(find_code_urls(text)) == addresses


def test_links_are_found_where_they_stand() -> None:
    text = "See www.example.org/x, then https://example.com/y."
    spans = [(text[start:end], address) for start, end, address in find_links(text)]
    assert spans == [
        ("www.example.org/x", "https://www.example.org/x"),
        ("https://example.com/y", "https://example.com/y"),
    ]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "http://user:secret@example.org/",
        "ftp://example.org/",
        "https://example.org/\u0000",
        "https://example.org/a b",
        "https://example.org:notaport/",
        "//example.org/",
        "https://[::1",
        "smb://host/share",
        "data:text/html,hello",
        "https://example.org/" + "a" * 3_000,
    ],
)
def test_hostile_addresses_are_not_safe(address: str) -> None:
    assert not is_safe_url(address)


@pytest.mark.parametrize("address", ["https://example.org", "http://example.org:8080/x?y=z#w", "https://[::1]/x"])
def test_plain_addresses_are_safe(address: str) -> None:
    assert is_safe_url(address)


def test_a_hostile_text_takes_no_more_than_linear_time() -> None:
    started = time.process_time()
    find_links("https://" + "." * 200_000 + ")" * 200_000)
    find_links("github.com/" * 50_000)
    assert time.process_time() - started < 2
