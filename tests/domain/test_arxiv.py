"""arXiv identifiers in their many spellings."""

import pytest

from reader.domain.arxiv import arxiv_page_url, arxiv_pdf_url, normalize_arxiv_id


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("2401.12345", "2401.12345"),
        ("2401.12345v2", "2401.12345"),
        ("arXiv:0704.0001v1", "0704.0001"),
        ("arXiv: 2401.12345", "2401.12345"),
        ("https://arxiv.org/abs/2401.12345v3", "2401.12345"),
        ("https://arxiv.org/pdf/2401.12345v1.pdf", "2401.12345"),
        ("http://export.arxiv.org/abs/hep-th/9901001v2", "hep-th/9901001"),
        ("https://huggingface.co/papers/2606.00683#community", "2606.00683"),
        ("10.48550/arXiv.2401.12345", "2401.12345"),
        ("https://arxiv.org/html/2401.12345?x=1", "2401.12345"),
        ("math.GT/0309136", "math.GT/0309136"),
        ("  cs/0112017 ", "cs/0112017"),
    ],
)
def test_finds_the_identifier(text: str, identifier: str) -> None:
    assert normalize_arxiv_id(text) == identifier


@pytest.mark.parametrize(
    "text", ["", "hello", "see 2401.12345", "2413.12345", "2400.12345", "24.0112345", "2401.123456", "10.1000/182"]
)
def test_what_is_none_is_none(text: str) -> None:
    assert normalize_arxiv_id(text) is None


def test_addresses() -> None:
    assert arxiv_page_url("2401.12345") == "https://arxiv.org/abs/2401.12345"
    assert arxiv_pdf_url("hep-th/9901001") == "https://arxiv.org/pdf/hep-th/9901001"
