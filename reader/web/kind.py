"""The interface of a kind of subscription, and the page that it fetches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from reader.domain.subscriptions import PageName, SubscriptionKind
from reader.web.client import Client


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it was fetched, whole.

    ``name`` is the page's identity; its ``page`` may be known only now (the date of a feed), where the name that was
    asked for had none. ``content`` is a file that ``reader.formats.registry`` reads under the name ``file_name``; a
    page of several requests is joined. ``papers`` counts its entries: with 0 there is nothing to store, and no error.
    ``address`` is where it came from, without secrets. ``validators`` is for the next fetch of what was asked for, text
    to keep as it is; empty if the server gives none. ``note`` is a sentence about the page ("arXiv still serves
    Tuesday's."), usually empty.
    """

    name: PageName
    content: bytes
    file_name: str
    address: str
    papers: int
    validators: str = ""
    note: str = ""


class Kind(Protocol):
    """One kind of subscription; each has a module of its name with a ``KIND``."""

    kind: SubscriptionKind

    def canonical(self, argument: str) -> str:
        """The argument in the one form that is stored; raises :class:`~reader.domain.errors.ReaderError`."""

    def title(self, argument: str) -> str:
        """A name for a subscription to a canonical argument, to show and to change."""

    def addresses(self, argument: str) -> Sequence[str]:
        """The addresses that a fetch may call, without secrets, to show beforehand."""

    def pages(self, argument: str, since: date | None, until: date | None, today: date) -> Sequence[PageName]:
        """The pages to fetch for a span of days, both included, oldest first.

        Without ``since``, the newest page. Kinds without pages by day give one name whose ``page`` is empty; pass the
        day of the last fetch as ``since`` to the others, so that the last page is completed and none is left out.
        """

    def fetch(
        self, client: Client, name: PageName, validators: str = "", *, today: date, last: str = ""
    ) -> FetchedPage | None:
        """The page of that name; None if it is the same as that which ``validators`` came from.

        ``validators`` are those of the newest fetch of this name; for a name without ``page``, of the newest page of
        its kind and argument, whose ``page`` is ``last``. Raises :class:`~reader.domain.errors.FetchError`.
        """
