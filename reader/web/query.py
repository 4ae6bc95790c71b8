"""A query of arXiv's API: words, authors, categories.

Source: https://info.arxiv.org/help/api/user-manual.html. ``search_query`` has fields (``ti: au: abs: co: jr: cat: rn:
id: all:``), ``AND``, ``OR``, ``ANDNOT``, parentheses and quotes, and ``submittedDate:[YYYYMMDDTTTT TO YYYYMMDDTTTT]``;
``start`` and ``max_results`` page. One request in three seconds. The service at times answers with no entries where
``opensearch:totalResults`` counts some; that is a fault, not an empty page.

The newest papers come first. A query has one page, which is brought up to date; a span of days is a page of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from reader.domain.errors import FetchError, ReaderError
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.web.addresses import arxiv_api, host_of
from reader.web.answers import Answer
from reader.web.client import Client
from reader.web.feed_text import ENTRY, elements, feed_text, kept_elements
from reader.web.kind import FetchedPage
from reader.web.paging import Source, fetch_answers

FIELD = re.compile(r"(?:^|[\s(])(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate|lastUpdatedDate):|\b(?:AND|OR|ANDNOT)\b")
_LIMIT = 100
_MOST_ANSWERS, _MOST_OF_SPAN = 3, 20
_LONGEST = 1_000
_WORD = re.compile(r'"[^"]*"|[^\s"]+')
_TOTAL = re.compile(r"totalResults[^>]{0,200}>\s{0,9}(\d{1,9})")
_ID = re.compile(r"<id>([^<]{1,300})</id>")


class Query:
    """The kind; its argument is a query in arXiv's language."""

    kind = SubscriptionKind.QUERY

    def canonical(self, argument: str) -> str:
        """The query with single blanks; plain words and quoted phrases are looked for in all fields."""
        folded = " ".join(argument.split())
        if not folded:
            raise ReaderError("A query needs words, an author (au:) or a category (cat:).")
        if len(folded) > _LONGEST:
            raise ReaderError(f"A query has {_LONGEST} characters at most.")
        if folded.count('"') % 2 or folded.count("(") != folded.count(")"):
            raise ReaderError("The query has a quotation mark or a parenthesis without its other half.")
        return folded if FIELD.search(folded) else " AND ".join(f"all:{word}" for word in _WORD.findall(folded))

    def title(self, argument: str) -> str:
        """A name for the subscription: the query, without what plain words were given."""
        return "arXiv: " + re.sub(r"\ball:", "", argument).replace(" AND ", " ")

    def addresses(self, argument: str) -> Sequence[str]:
        """The address that is called."""
        return (arxiv_api("/api/query"),)

    def pages(self, argument: str, since: date | None, until: date | None, today: date) -> Sequence[PageName]:
        """The only page, or that of a span of days."""
        span = f"{since.isoformat()}/{min(until or today, today).isoformat()}" if since else ""
        return (PageName(self.kind, argument, span),)

    def fetch(
        self, client: Client, name: PageName, validators: str = "", *, today: date, last: str = ""
    ) -> FetchedPage | None:
        """The newest papers of the query, or those of its span of days."""
        source = Source(lambda got: _next_address(name, got), _check, "application/atom+xml")
        answers = fetch_answers(client, source, validators)
        if answers is None:
            return None
        text, papers = _joined(answers.texts())
        content = answers.contents[0] if len(answers.contents) == 1 else text.encode()
        return FetchedPage(name, content, "arxiv-query.xml", answers.address, papers, answers.validators)


def _next_address(name: PageName, answers: Sequence[Answer]) -> str | None:
    """The address after these answers; None at the end, or where it is enough."""
    if answers:
        texts = [feed_text(answer) for answer in answers]
        newest, before = set(_ids(texts[-1])), {each for text in texts[:-1] for each in _ids(text)}
        is_last = len(elements(texts[-1], ENTRY)) < _LIMIT or _total(texts[-1]) <= _LIMIT * len(answers)
        if is_last or newest <= before or len(answers) >= (_MOST_OF_SPAN if name.page else _MOST_ANSWERS):
            return None
    asked = {"search_query": _with_span(name), "start": _LIMIT * len(answers), "max_results": _LIMIT}
    return arxiv_api("/api/query?" + urlencode(asked | {"sortBy": "submittedDate", "sortOrder": "descending"}))


def _with_span(name: PageName) -> str:
    """The query, limited to the days of its page."""
    if not name.page:
        return name.argument
    first, last = name.page.replace("-", "").split("/")
    return f"({name.argument}) AND submittedDate:[{first}0000 TO {last}2359]"


def _check(answer: Answer) -> None:
    """Raise :class:`FetchError` if an answer is not a whole feed, or lacks the papers that it counts."""
    text = feed_text(answer)
    is_later = re.search(r"[?&]start=[1-9]", answer.address) is not None
    if not is_later and _total(text) > 0 and not ENTRY.search(text):
        raise FetchError(f"{host_of(answer.address)} answered without the papers that it counts. Try again later.")


def _total(text: str) -> int:
    """How many papers the query has in all; a great many if the answer does not say."""
    match = _TOTAL.search(text)
    return int(match[1]) if match else 10**9 if ENTRY.search(text) else 0


def _ids(text: str) -> list[str]:
    return [match[1] for start, end in elements(text, ENTRY) if (match := _ID.search(text, start, end))]


def _joined(texts: Sequence[str]) -> tuple[str, int]:
    """Answers as one feed without repetitions, and its number of papers."""
    seen: set[str] = set()

    def is_new(entry: str) -> bool:
        match = _ID.search(entry)
        identifier = match[1] if match else entry
        return identifier not in seen and not seen.add(identifier)  # type: ignore[func-returns-value]

    kept = [kept_elements(text, elements(text, ENTRY), is_new) for text in texts]
    more = "".join(text[start:end] for text, _ in kept[1:] for start, end in elements(text, ENTRY))
    first = kept[0][0]
    place = first.rfind("</")
    return first[:place] + more + first[place:], sum(count for _, count in kept)


KIND = Query()
