"""arXiv identifiers. Source of the format: https://info.arxiv.org/help/arxiv_identifier.html"""

from __future__ import annotations

import re

_NEW = r"\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}"
_OLD = r"[a-z]+(?:-[a-z]+)?(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3}"
_DOI = r"(?:(?:dx\.|www\.)?doi\.org/|doi:\s*)?"
_NAMED = re.compile(
    rf"(?:arxiv\s*:\s*|arxiv\.org/(?:abs|pdf|html)/|{_DOI}10\.48550/arxiv\.|huggingface\.co/papers/|alphaxiv\.org/abs/)?"
    rf"({_NEW}|{_OLD})(?:v\d+)?(?:\.pdf)?(?![\w/])",
    re.IGNORECASE,
)


def normalize_arxiv_id(text: str) -> str | None:
    """The identifier without version in ``text`` (bare, ``arXiv:…``, an arXiv or paper-page address), or None."""
    text = text.strip()
    text = re.sub(r"^https?://(?:www\.|export\.)?", "", text, flags=re.IGNORECASE)
    text = re.split(r"[?#]", text, maxsplit=1)[0].rstrip("/")
    match = _NAMED.fullmatch(text)
    return match[1] if match else None


def arxiv_page_url(arxiv_id: str) -> str:
    """The address of a paper's abstract page."""
    return f"https://arxiv.org/abs/{arxiv_id}"


def arxiv_pdf_url(arxiv_id: str) -> str:
    """The address of a paper's PDF."""
    return f"https://arxiv.org/pdf/{arxiv_id}"
