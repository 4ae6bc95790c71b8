"""Paper keys: eight characters that name a paper permanently.

A key is made from what identified the paper when it was first seen, so importing the same paper again after its removal
gives the same key. It never changes: file names, links and exports depend on it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

KEY_LENGTH = 8
# A character of base 32 stands for five bits.
_KEY_BYTES = KEY_LENGTH * 5 // 8


def paper_identity(arxiv_id: str | None, fold: str, title: str, abstract: str) -> str:
    """The text a key is made from: the arXiv id, else the folded title, else (for a title without letters) its text."""
    if arxiv_id:
        return f"arxiv:{arxiv_id}"
    if fold:
        return f"title:{fold}"
    return f"text:{title}\n{abstract}"


def key_candidates(identity: str) -> Iterator[str]:
    """Keys for a paper with this identity, in order of preference; the paper gets the first that no other paper has."""
    attempt = 0
    while True:
        text = identity if attempt == 0 else f"{identity}\n#{attempt}"
        # A broken file can bring lone surrogates; its papers need keys too.
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
        yield base64.b32encode(digest[:_KEY_BYTES]).decode("ascii").lower()
        attempt += 1
