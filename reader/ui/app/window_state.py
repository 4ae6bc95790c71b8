"""What the window remembers between runs, in ``window.json`` of the library's folder; losing it costs nothing."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from reader.domain.settings import SETTINGS, SettingError
from reader.domain.views import View, ViewKind
from reader.files import recall, remember

_FILE_NAME = "window.json"
_MOST_PLACES = 500
_OLD_PREFERENCES = {"text_step": "appearance.text_size", "scheme": "appearance.theme"}


@dataclass(slots=True)
class WindowState:
    """Geometry and splitter as Qt saves them (base64), the view, what was searched for over it, and the paper.

    ``search_by_relevance`` has words find the best match first. ``places`` are a listing and the paper last current
    in turn, ``subscription_places`` a subscription and such a paper; ``import_folder`` is where files were looked for.
    """

    geometry: str = ""
    splitter: list[int] = field(default_factory=list)
    view_kind: str = ViewKind.INBOX.value
    listing_ids: list[int] = field(default_factory=list)
    tag: str = ""
    subscription_id: int | None = None
    search: str = ""
    search_typed: bool = False
    search_within: bool = False
    search_by_relevance: bool = True
    paper_id: int | None = None
    places: list[int] = field(default_factory=list)
    subscription_places: list[int] = field(default_factory=list)
    arrangements: str = ""
    import_folder: str = ""

    @property
    def view(self) -> View:
        """The view that was open; the inbox if it is none that exists."""
        try:
            kind = ViewKind(self.view_kind)
        except ValueError:
            kind = ViewKind.INBOX
        if kind in {ViewKind.LISTING, ViewKind.IMPORT}:
            return View(kind, listing_ids=tuple(self.listing_ids)) if self.listing_ids else View(ViewKind.INBOX)
        if kind is ViewKind.SUBSCRIPTION:
            return View(ViewKind.INBOX) if self.subscription_id is None else _of_subscription(self.subscription_id)
        if kind is ViewKind.TAG:
            return View(kind, tag=self.tag) if self.tag else View(ViewKind.INBOX)
        # What a topic has is found out by calculation, which should not be part of a launch.
        return View(ViewKind.INBOX if kind in {ViewKind.SEARCH, ViewKind.TOPIC, ViewKind.LIKE} else kind)

    def remember_view(self, view: View) -> None:
        """Keep which view is open."""
        self.view_kind = view.kind.value
        self.listing_ids = list(view.listing_ids)
        self.tag = view.tag
        self.subscription_id = view.subscription_id

    @property
    def view_places(self) -> list[tuple[View, int]]:
        """The paper at which the user stopped in each listing and in each subscription."""
        listings = zip(self.places[::2], self.places[1::2], strict=False)
        subscriptions = zip(self.subscription_places[::2], self.subscription_places[1::2], strict=False)
        found = [(View(ViewKind.LISTING, listing_ids=(listing_id,)), paper_id) for listing_id, paper_id in listings]
        return [*found, *((_of_subscription(each), paper_id) for each, paper_id in subscriptions)]

    def remember_places(self, places: Sequence[tuple[View, int]]) -> None:
        """Keep where the user stopped in listings and subscriptions, the latest at the end and only the latest of many.

        The views of other kinds are left out.
        """
        listings = [(view.listing_ids[0], at) for view, at in places if view.kind is ViewKind.LISTING]
        subscriptions = [(view.subscription_id or 0, at) for view, at in places if view.kind is ViewKind.SUBSCRIPTION]
        self.places = [number for place in listings[-_MOST_PLACES:] for number in place]
        self.subscription_places = [number for place in subscriptions[-_MOST_PLACES:] for number in place]


def _of_subscription(subscription_id: int) -> View:
    return View(ViewKind.SUBSCRIPTION, subscription_id=subscription_id)


def load_state(folder: Path) -> WindowState:
    """What was remembered; what is missing, damaged or of the wrong type is as if it were new."""
    content, state = _content(folder), WindowState()
    for item in fields(WindowState):
        value = content.get(item.name)
        if _fits(value, getattr(state, item.name), item.name):
            setattr(state, item.name, value)
    return state


def load_old_preferences(folder: Path) -> dict[str, Any]:
    """The settings (by name) that were kept here before there was a file for them, where they are none of the usual.

    Saving the state drops them, so they are found once.
    """
    content, found = _content(folder), {}
    for name, setting in _OLD_PREFERENCES.items():
        with suppress(SettingError):
            value = SETTINGS[setting].check(content.get(name))
            if value != SETTINGS[setting].default:
                found[setting] = value
    return found


def _content(folder: Path) -> dict[str, Any]:
    """What the file holds; nothing if it is missing, damaged or far too large."""
    content = recall(folder / _FILE_NAME)
    return content if isinstance(content, dict) else {}


def save_state(folder: Path, state: WindowState) -> bool:
    """Remember ``state``, whole or not at all; False if the folder does not let us."""
    return remember(folder / _FILE_NAME, asdict(state))


def _fits(value: Any, usual: Any, name: str) -> bool:
    """Whether a value read from a file is of the type that belongs there."""
    if name in {"paper_id", "subscription_id"}:
        return value is None or (isinstance(value, int) and not isinstance(value, bool))
    if isinstance(usual, list):
        return isinstance(value, list) and all(type(part) is int and abs(part) < 2**62 for part in value)
    return type(value) is type(usual) and (not isinstance(value, int) or abs(value) < 100)
