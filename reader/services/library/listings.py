"""Listings, corrected with all that follows from it."""

from __future__ import annotations

from collections.abc import Callable

from reader.domain.changes import Change
from reader.services.library.mutes import Mutes
from reader.storage.listings import StoredListings
from reader.storage.store import LibraryStore
from reader.storage.subject import changing


class Listings(StoredListings):
    """All that can be done with listings. Every change is one undoable step, muted papers following it."""

    def __init__(self, store: LibraryStore, mutes: Mutes, back_up: Callable[[int], object]) -> None:
        """``back_up`` backs the library up before so many papers may go."""
        super().__init__(store)
        self._mutes, self._back_up = mutes, back_up

    def is_imported(self, sha256: str) -> bool:
        """Whether a file with this digest is in the library as a listing."""
        return self.with_sha256(sha256) is not None

    @changing
    def rename(self, listing_id: int, name: str) -> Change:
        """Give a listing another name; an empty one is refused."""
        return self._mutes.after(super().rename(listing_id, name))

    @changing
    def set_year(self, listing_id: int, year: int) -> Change:
        """Correct the year of a page that omits it; its date and its yearless entries follow."""
        return self._mutes.after(super().set_year(listing_id, year))

    @changing
    def remove(self, listing_id: int) -> Change:
        """Remove a listing and the papers that only it brought, but for those carrying annotations.

        Before many papers go, the library is backed up.
        """
        self._back_up(sum(each.paper_count for each in self.all() if each.id == listing_id))
        return self._mutes.after(super().remove(listing_id))
