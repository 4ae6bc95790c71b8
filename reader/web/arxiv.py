"""arXiv's new papers of one or several categories.

Sources: https://info.arxiv.org/help/rss.html (``rss.arxiv.org/rss/cs.CL+cs.LG``: announced papers of the day, 2,000 at
most, renewed at midnight of the US east coast, empty on ``skipDays`` and holidays; ``announce_type`` is new, cross,
replace or replace-cross) and ``arxiv.org/list/CATEGORY/new``, which https://arxiv.org/robots.txt allows with 15 seconds
between requests.

The feed of a single category is at times served stale, without a word and with all signs of a quiet day. So its date is
compared with the last working day and with the page that was fetched last. Where it is behind, the listing pages are
read instead, one for each category; where they are behind, too, the page says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from reader.domain.errors import FetchError, ReaderError
from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.formats.text_decoder import decode
from reader.web.addresses import arxiv_feed, arxiv_page
from reader.web.announcements import feed_date, filtered_feed, is_behind, joined_pages, last_working_day, page_date
from reader.web.answers import Answer, damaged_error, is_web_page
from reader.web.client import Client
from reader.web.feed_text import FEED_TYPES, check_feed
from reader.web.kind import FetchedPage
from reader.web.paging import Source, fetch_answers

_ARCHIVES = re.compile(
    r"astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-(?:ex|lat|ph|th)|math(?:-ph)?|nlin|nucl-(?:ex|th)|physics|q-bio|q-fin"
    r"|quant-ph|stat"
)
_CATEGORY = re.compile(r"(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.(?P<subject>[a-z]{2}|[a-z]+-[a-z]+|[a-z]{3,12}))?")
_ANNOUNCED = {
    "new": "new", "cross": "cross", "cross-list": "cross", "cross-lists": "cross",
    "replace": "replace", "replacement": "replace", "replacements": "replace", "replaced": "replace",
}  # fmt: skip
_ORDER = ("new", "cross", "replace")
_USUAL = ("new", "cross")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_IN_FEED = 2_000


class Arxiv:
    """The kind; its argument is categories and, unless they are new papers and cross-lists, what is announced."""

    kind = SubscriptionKind.ARXIV

    def canonical(self, argument: str) -> str:
        """The categories in order (``cs.CL+cs.LG``), and the announcements (``new,cross,replace``) if not the usual."""
        words = [word for word in re.split(r"[\s,;+]+", argument) if word]
        announced = {_ANNOUNCED[word.lower()] for word in words if word.lower() in _ANNOUNCED}
        categories = sorted({category_of(word) for word in words if word.lower() not in _ANNOUNCED})
        if not categories:
            raise ReaderError("Name a category of arXiv, such as cs.CL or math.AG.")
        chosen = [each for each in _ORDER if each in announced]
        return "+".join(categories) + (f" {','.join(chosen)}" if chosen and chosen != list(_USUAL) else "")

    def title(self, argument: str) -> str:
        """A name for the subscription."""
        categories, announced = split_argument(argument)
        return "arXiv " + ", ".join(categories) + ("" if announced == _USUAL else f" ({', '.join(announced)})")

    def addresses(self, argument: str) -> Sequence[str]:
        """The feed, and the pages that are read where it is behind."""
        categories, _ = split_argument(argument)
        return (_feed_address(categories), *map(_page_address, categories))

    def pages(self, argument: str, since: date | None, until: date | None, today: date) -> Sequence[PageName]:
        """The newest page, whose date is not yet known; arXiv has no feeds of earlier days."""
        return (PageName(self.kind, argument, ""),)

    def fetch(
        self, client: Client, name: PageName, validators: str = "", *, today: date, last: str = ""
    ) -> FetchedPage | None:
        """The papers of arXiv's newest announcement."""
        categories, announced = split_argument(name.argument)
        if last and last < last_working_day(today).isoformat():
            validators = ""  # a feed that is the same as then would be behind, so its date is to be seen
        address = _feed_address(categories)
        source = Source(lambda got: None if got else address, check_feed, FEED_TYPES)
        answers = fetch_answers(client, source, validators)
        if answers is None:
            return None
        text = answers.texts()[0]
        day = feed_date(text) or today
        if is_behind(text, day, today):
            found = self._from_pages(client, name, day, today)
            if found is not None:
                return found
        kept, papers, all_papers = filtered_feed(text, announced)
        content = answers.contents[0] if papers == all_papers else kept.encode()
        return FetchedPage(
            PageName(self.kind, name.argument, day.isoformat()), content, f"arxiv-{'+'.join(categories)}-{day}.xml",
            answers.address, papers, answers.validators, _note(text, day, today, all_papers),
        )  # fmt: skip

    def _from_pages(self, client: Client, name: PageName, behind: date, today: date) -> FetchedPage | None:
        """The papers of the listing pages, if these are newer than the feed."""
        categories, announced = split_argument(name.argument)
        try:
            texts = [_listing(client, category) for category in categories]
        except FetchError:
            return None
        newest = max((day for day in map(page_date, texts) if day is not None), default=behind)
        if newest <= behind:
            return None
        text, papers = joined_pages([text for text in texts if page_date(text) == newest], announced)
        still = f"arXiv's feed still serves {_DAYS[behind.weekday()]}'s, so its pages were read"
        note = f"{still}." if newest >= last_working_day(today) else f"arXiv still serves {_DAYS[newest.weekday()]}'s."
        return FetchedPage(
            PageName(self.kind, name.argument, newest.isoformat()), text.encode(),
            f"arxiv-{'+'.join(categories)}-{newest}.html", _page_address(categories[0]), papers, "", note,
        )  # fmt: skip


def category_of(text: str) -> str:
    """A category as arXiv writes it (``cs.CL``, ``cond-mat.str-el``); raises :class:`ReaderError` for others."""
    match = _CATEGORY.fullmatch(text.lower())
    if match is None or not _ARCHIVES.fullmatch(match["archive"]):
        raise ReaderError(f"“{text}” is not a category of arXiv; categories look like cs.CL or math.AG.")
    subject = match["subject"] or ""
    return match["archive"] + (f".{subject.upper() if len(subject) == 2 else subject}" if subject else "")


def split_argument(argument: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The categories and the announcements of a canonical argument."""
    categories, _, announced = argument.partition(" ")
    return tuple(categories.split("+")), tuple(announced.split(",")) if announced else _USUAL


def _feed_address(categories: Sequence[str]) -> str:
    return arxiv_feed("/rss/" + "+".join(categories))


def _page_address(category: str) -> str:
    return arxiv_page(f"/list/{category}/new")


def _listing(client: Client, category: str) -> str:
    """The page of a category's new papers, whole; raises :class:`FetchError`."""
    text = ""
    for address in (_page_address(category), _page_address(category) + "?skip=0&show=2000"):
        answer = client.get(address, accept="text/html")
        assert answer is not None
        text = _page_text(answer)
        shown = re.findall(r"showing (\d{1,6}) of (\d{1,6}) entries", text)
        if all(int(some) >= int(every) for some, every in shown):
            break
    return text


def _page_text(answer: Answer) -> str:
    if not is_web_page(answer.content) or b"</html>" not in answer.content[-2048:].lower():
        raise damaged_error("arXiv")
    return decode(answer.content).text


def _note(text: str, day: date, today: date, papers: int) -> str:
    """What there is to say about a feed."""
    if is_behind(text, day, today):
        return f"arXiv still serves {_DAYS[day.weekday()]}'s."
    if papers >= _MOST_IN_FEED:
        return f"arXiv's feed ends after {_MOST_IN_FEED:,} papers; subscribe to fewer categories at once."
    return ""


KIND = Arxiv()
