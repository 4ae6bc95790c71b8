"""Subscriptions as OPML, the format in which readers of feeds exchange them.

Source: https://opml.org/spec2.opml (``outline`` elements, nested in folders, with ``text``, ``title``, ``xmlUrl`` of a
feed, ``htmlUrl`` of a page). Attributes of our own say what these cannot, so that Lectern reads back what it wrote.
Secrets in addresses are left out, because such files are passed on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlencode
from xml.sax.saxutils import quoteattr

from reader import HOMEPAGE
from reader.domain.errors import ParseError, ReaderError
from reader.domain.subscriptions import Subscription, SubscriptionKind, shown_argument
from reader.formats.format import MAXIMUM_BYTES
from reader.formats.text_decoder import decode
from reader.formats.xml_reader import XmlReader, as_utf8
from reader.web.arxiv import split_argument
from reader.web.pasted import Pasted, from_address
from reader.web.registry import kind_of

_PAGES = {"day": "", "week": "/week", "month": "/month"}
_PAGE_KINDS = (SubscriptionKind.DAILY, SubscriptionKind.SEARCH)
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Outline:
    """A subscription in a file: its name (may be empty) and what it subscribes to; else the reason it is none."""

    name: str
    pasted: Pasted | None
    every: int | None = None
    problem: str = ""


class _Reader(XmlReader):
    """Collects the outlines that have an address."""

    what, deepest, advice = "The OPML file", 60, "export it again"

    def __init__(self) -> None:
        super().__init__()
        self.outlines: list[Outline] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        super().start(name, attributes)
        if len(self.open) == 1 and name.lower() != "opml":
            raise ParseError("This is not an OPML file; it should begin with <opml>.")
        values = {key.lower(): value for key, value in attributes.items()}
        if name.lower() == "outline" and (values.get("xmlurl") or values.get("lectern:kind")):
            self.outlines.append(_outline(values))


def read_opml(content: bytes) -> list[Outline]:
    """The subscriptions in a file; raises :class:`ParseError` if it is damaged or no OPML."""
    if len(content) > MAXIMUM_BYTES:
        raise ParseError(f"The OPML file is larger than {MAXIMUM_BYTES // 1024**2} MB, so it was not read.")
    reader = _Reader()
    reader.read(as_utf8(decode(content).text), lines_above=1)
    return reader.outlines


def write_opml(subscriptions: Iterable[Subscription]) -> str:
    """A file of subscriptions, without secrets."""
    lines = "\n".join(f"    <outline {_attributes(each)}/>" for each in subscriptions)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:lectern={quoteattr(HOMEPAGE + "/opml")}>\n'
        f"  <head><title>Subscriptions of Lectern</title></head>\n  <body>\n{lines}\n  </body>\n</opml>\n"
    )


def _outline(values: dict[str, str]) -> Outline:
    """An outline by its attributes, whose names are in lower case."""
    name = " ".join((values.get("title") or values.get("text") or "").split())[:_LONGEST_NAME]
    every = values.get("lectern:every", "")
    try:
        return Outline(name, _pasted(values), int(every) if every.isdecimal() and len(every) < 6 else None)
    except ReaderError as error:
        return Outline(name, None, problem=str(error))


def _pasted(values: dict[str, str]) -> Pasted:
    kind, argument = values.get("lectern:kind"), values.get("lectern:argument")
    if kind and argument:
        known = kind_of(kind)
        return Pasted(known.kind, known.canonical(argument))
    return from_address(values.get("xmlurl", ""))


def _attributes(subscription: Subscription) -> str:
    """The attributes of an outline."""
    kind, argument = subscription.kind, shown_argument(subscription.kind, subscription.argument)
    values = {
        "text": subscription.name,
        "title": subscription.name,
        "type": "link" if kind in _PAGE_KINDS else "rss",
        "htmlUrl" if kind in _PAGE_KINDS else "xmlUrl": _address(kind, argument),
        "lectern:kind": str(kind),
        "lectern:argument": argument,
        "lectern:every": str(subscription.every),
    }
    return " ".join(f"{name}={quoteattr(value)}" for name, value in values.items())


def _address(kind: SubscriptionKind, argument: str) -> str:
    """The address at which others find the same, whatever stands for it here."""
    if kind is SubscriptionKind.DAILY:
        return "https://huggingface.co/papers" + _PAGES[argument]
    if kind is SubscriptionKind.SEARCH:
        return "https://huggingface.co/papers?" + urlencode({"q": argument})
    if kind is SubscriptionKind.ARXIV:
        return "https://rss.arxiv.org/rss/" + quote("+".join(split_argument(argument)[0]), safe="+")
    if kind is SubscriptionKind.QUERY:
        return "https://export.arxiv.org/api/query?" + urlencode({"search_query": argument})
    return argument
