"""Answers of several requests, which are one page with one set of validators."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reader.domain.subscriptions import shown_address
from reader.formats.text_decoder import decode
from reader.web.answers import Answer, Validators
from reader.web.client import Client


@dataclass(frozen=True, slots=True)
class Source:
    """Where the answers of a page come from.

    ``next_address`` says what to fetch after the answers so far, None at their end. ``check`` raises
    :class:`~reader.domain.errors.FetchError` for an answer that is not what was asked for.
    """

    next_address: Callable[[Sequence[Answer]], str | None]
    check: Callable[[Answer], None]
    accept: str
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The whole answers of one page in their order, the address of the first without secrets, and their validators."""

    contents: tuple[bytes, ...]
    address: str
    validators: str

    def texts(self) -> list[str]:
        """The answers as texts."""
        return [decode(content).text for content in self.contents]


def fetch_answers(client: Client, source: Source, validators: str = "") -> Answers | None:
    """Fetch the answers of a page, whole; None if those that ``validators`` came from are still the same.

    Conditions are only sent while every answer so far was unchanged. If a later one is not, the earlier ones are
    fetched again, since nobody has their bytes one by one. Validators are kept only of answers that passed the check.
    """
    known = _read(validators)
    if known and known[0][0] != source.next_address([]):  # the endpoint is another now
        known = []
    for place, (address, each) in enumerate(known):
        answer = client.get(address, accept=source.accept, validators=each, proxy=source.proxy)
        if answer is not None:
            source.check(answer)
            return _fetch_rest(client, source, [answer] if place == 0 else [])
    return None if known else _fetch_rest(client, source, [])


def _fetch_rest(client: Client, source: Source, answers: list[Answer]) -> Answers:
    """Fetch what follows the answers so far, without conditions."""
    asked = [address for number in range(len(answers)) if (address := source.next_address(answers[:number]))]
    while address := source.next_address(answers):
        answer = client.get(address, accept=source.accept, proxy=source.proxy)
        assert answer is not None
        source.check(answer)
        asked.append(address)
        answers.append(answer)
    contents = tuple(answer.content for answer in answers)
    return Answers(contents, shown_address(asked[0]), _written(asked, answers))


def _written(asked: Sequence[str], answers: Sequence[Answer]) -> str:
    """Validators as text; empty unless each answer has some."""
    if not all(answer.validators for answer in answers):
        return ""
    pairs = zip(asked, (answer.validators for answer in answers), strict=True)
    return json.dumps([[address, each.etag, each.modified] for address, each in pairs])


def _read(text: str) -> list[tuple[str, Validators]]:
    """Validators out of their text; none where it is damaged."""
    try:
        rows = json.loads(text) if text else []
        return [(address, Validators(etag, modified)) for address, etag, modified in rows]
    except (ValueError, TypeError):
        return []
