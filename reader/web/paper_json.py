"""Answers of Hugging Face's API, which are lists of papers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from reader.web.addresses import host_of
from reader.web.answers import Answer, damaged_error, is_web_page, web_page_error

JSON = "application/json"


def check_papers(answer: Answer) -> None:
    """Raise :class:`~reader.domain.errors.FetchError` for an answer that is no list in JSON."""
    papers_of(answer)


def papers_of(answer: Answer) -> list[object]:
    """The entries of an answer; raises :class:`~reader.domain.errors.FetchError` if it is no list in JSON."""
    if is_web_page(answer.content):
        raise web_page_error(host_of(answer.address))
    try:
        value = _read(answer.content)
    except (ValueError, RecursionError) as error:
        raise damaged_error(host_of(answer.address)) from error
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise damaged_error(host_of(answer.address))
    return value


def identity_of(entry: object) -> str:
    """What tells an entry from others: its paper's identifier, else all of it."""
    outer = entry if isinstance(entry, dict) else {}
    paper = outer.get("paper")
    identifier = (paper if isinstance(paper, dict) else outer).get("id")
    return identifier if isinstance(identifier, str) else json.dumps(entry, sort_keys=True)


def joined(contents: Iterable[bytes]) -> tuple[bytes, int]:
    """Lists as one without repetitions, and its number of entries; the bytes of a single list stay as they are."""
    lists = [(content, _read(content)) for content in contents]
    if len(lists) == 1 or not any(entries for _, entries in lists[1:]):
        return lists[0][0], len(lists[0][1])
    entries = {identity_of(entry): entry for _, each in reversed(lists) for entry in reversed(each)}
    kept = list(reversed(entries.values()))
    return json.dumps(kept, ensure_ascii=False).encode(), len(kept)


# An answer is checked, looked at for what follows it, and joined: it is read once for all of these, and never changed.
@lru_cache(maxsize=2)
def _read(content: bytes) -> Any:
    return json.loads(content)
