"""The commands on subscriptions: the list of them, adding, fetching, renaming, how often, and unsubscribing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from reader.domain.changes import Change
from reader.domain.errors import ReaderError
from reader.domain.selection import ViewCounts
from reader.domain.subscriptions import Subscription, SubscriptionKind, SubscriptionStatus
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.services.subscriptions.understanding import Understood, describe
from reader.ui.app.context import Context, Part
from reader.ui.app.workspace import Outcome
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import told
from reader.ui.overlays.prompt import needed
from reader.ui.subscriptions.fetching import Fetching
from reader.ui.subscriptions.opml import OpmlFiles
from reader.ui.subscriptions.sheet import SubscriptionSheet
from reader.ui.subscriptions.statuses import SubscriptionStatuses
from reader.ui.subscriptions.timer import FetchTimer
from reader.ui.subscriptions.wording import NONE_YET, hosts_words, quoted, source_words, trouble_words

_MOST_HOURS = 24 * 366
_NAME_LIMIT = 100
_TROUBLES_SHOWN = 3
_DAILY = (SubscriptionKind.DAILY, "day")


class SubscriptionCommands(Part):
    """Acts on the subscription that is marked in the sheet or the left pane, or open; else it asks which."""

    def __init__(self, context: Context, is_importing: Callable[[], bool]) -> None:
        """Nothing is fetched before :meth:`begin`, except when asked."""
        super().__init__(context)
        self.statuses = SubscriptionStatuses(context.workspace)
        self.fetching = Fetching(context, is_importing)
        self.timer = FetchTimer(context.workspace, self.statuses, self.fetching)
        self.opml = OpmlFiles(context, self.statuses, self.timer)
        self.sheet: SubscriptionSheet | None = None
        self.statuses.arrived.connect(self._show_trouble)
        self._are_hosts_shown = False
        self._workspace.counts_read.connect(self._show_hosts)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "go.subscriptions": self.open,
            "subscription.add": self.open_to_add,
            "subscription.daily": partial(self._subscribe, *_DAILY),
            "subscription.arxiv": partial(self.open_to_add, "cs.CL, or several: cs.CL+cs.LG"),
            "subscription.fetch": self._fetch_here,
            "subscription.fetch_all": self._fetch_all,
            "subscription.rename": partial(self._with_subscription, "Rename which subscription?", self._ask_name),
            "subscription.every": partial(
                self._with_subscription, "Fetch which subscription how often?", self._ask_every
            ),
            "subscription.remove": partial(self._with_subscription, "Unsubscribe from which?", self._remove),
        }

    def begin(self) -> None:
        """Read the subscriptions, and fetch what is due; never in the sample."""
        self.statuses.refresh()
        if not self._context.is_sample:
            self.timer.start()

    def close(self) -> None:
        """Fetch no more."""
        self.timer.stop()
        self.fetching.close()

    def open(self) -> None:
        """Show the subscriptions."""
        if self.sheet is not None:
            return
        here = self._here()
        sheet = SubscriptionSheet(self._window, self._workspace, self._runner, self.statuses, self._appearance.look)
        self.sheet = sheet
        if here is not None:
            sheet.mark(here.subscription.id)
        sheet.added.connect(self._add)
        sheet.chosen.connect(self._open_papers)
        sheet.closed.connect(self._closed)

    def open_to_add(self, example: str = "") -> None:
        """Show the subscriptions, and go to the line that adds one."""
        self.open()
        if self.sheet is not None:
            self.sheet.begin_add(example)

    def _show_hosts(self, counts: ViewCounts) -> None:
        """Say on the welcome page whom its choices call; asked once, and only for a library that shows the page."""
        if counts.all == 0 and not self._are_hosts_shown:
            self._are_hosts_shown = True
            self._workspace.tasks.read(_first_hosts, self._panes.welcome.show_hosts)

    def _show_trouble(self, statuses: Sequence[SubscriptionStatus]) -> None:
        now = self._library.subscriptions.present()
        troubles = [f"{quoted(each.subscription)}: {trouble_words(each, now)}" for each in statuses if each.error]
        self._panes.welcome.show_trouble(troubles[:_TROUBLES_SHOWN])

    def _closed(self) -> None:
        self.sheet = None

    def _open_papers(self, subscription_id: int) -> None:
        self._panes.show_welcome(False)
        self._panes.set_focus_reading(False)
        self._navigator.open(View(ViewKind.SUBSCRIPTION, subscription_id=subscription_id))
        self._panes.pane.focus_list()

    def _add(self, understood: Understood) -> None:
        self._subscribe(understood.kind, understood.argument)

    def _subscribe(self, kind: SubscriptionKind, argument: str) -> None:
        """Subscribe and fetch at once; what is subscribed to already is fetched."""
        if self._context.is_sample:
            self._say("The sample fetches nothing; close it to subscribe in your own library")
            return
        known = any(
            (each.subscription.kind, each.subscription.argument) == (kind, argument) for each in self.statuses.all
        )
        if known:
            self._fetch_source(kind, argument)
        else:
            add = partial(_added, self._library, kind, argument)
            self._workspace.perform(add, said=told, then=partial(self._fetch_first, kind, argument))

    def _fetch_first(self, kind: SubscriptionKind, argument: str, _: Outcome) -> None:
        self.fetching.fetch_first((kind, argument), partial(_of_source, kind, argument))

    def _fetch_source(self, kind: SubscriptionKind, argument: str) -> None:
        self.fetching.fetch((kind, argument), partial(_of_source, kind, argument))

    def _fetch_here(self) -> None:
        """Fetch the subscription that is marked or open, else all."""
        here = self._here()
        if here is not None:
            self._fetch_source(here.subscription.kind, here.subscription.argument)
        else:
            self._fetch_all()

    def _fetch_all(self) -> None:
        if self.statuses.all:
            self.fetching.fetch("all", _all)
        else:
            self._say(NONE_YET)

    def _here(self) -> SubscriptionStatus | None:
        """The subscription marked in the sheet, else in the left pane while that has the focus, else the open one."""
        if self.sheet is not None:
            return self.sheet.status
        panes = self._panes
        row = panes.sidebar_model.row(panes.sidebar.currentIndex().row()) if panes.sidebar.hasFocus() else None
        view = row.view if row is not None else self._navigator.view
        return self.statuses.get(view.subscription_id) if view is not None else None

    def _with_subscription(self, question: str, act: Callable[[Subscription], None]) -> None:
        """Act on the subscription that is marked or open; where there is none, ask which."""
        here = self._here()
        if here is not None:
            act(here.subscription)
        elif self.statuses.all:
            self._ask_which(question, [_item(each.subscription, act) for each in self.statuses.all])
        else:
            self._say(NONE_YET)

    def _ask_name(self, subscription: Subscription) -> None:
        check = partial(needed, "A subscription needs a name.")
        self._ask(f"Rename {quoted(subscription)}", subscription.name, partial(self._rename, subscription), check=check)

    def _rename(self, subscription: Subscription, name: str) -> None:
        rename = partial(self._library.subscriptions.rename, subscription.id, name)
        self._workspace.perform(rename, said=told)

    def _ask_every(self, subscription: Subscription) -> None:
        question = f"Hours between two fetches of {quoted(subscription)}"
        set_every = partial(self._set_every, subscription)
        hint = f"0: only when {self._runner.told_keys('subscription.fetch')} is pressed; 24: every day"
        self._ask(question, str(subscription.every), set_every, check=_check_hours, hint=hint)

    def _set_every(self, subscription: Subscription, hours: str) -> None:
        change = partial(self._library.subscriptions.set_every, subscription.id, int(hours))
        self._workspace.perform(change, said=told)

    def _remove(self, subscription: Subscription) -> None:
        self._workspace.perform(partial(self._library.subscriptions.remove, subscription.id), said=told)


def _first_hosts() -> dict[str, str]:
    """On a reader thread: whom the subscriptions call that are offered at first."""
    offered = {"subscription.daily": _DAILY, "subscription.arxiv": (SubscriptionKind.ARXIV, "cs.CL")}
    return {command: hosts_words(describe(*source).hosts) for command, source in offered.items()}


def _added(library: Library, kind: SubscriptionKind, argument: str) -> Change:
    """On the library thread."""
    return library.subscriptions.add(kind, argument)[1]


def _of_source(kind: SubscriptionKind, argument: str, library: Library) -> Sequence[Subscription]:
    """The subscription to a source, if there is one."""
    return [each for each in library.subscriptions.all() if (each.kind, each.argument) == (kind, argument)]


def _all(library: Library) -> Sequence[Subscription]:
    return library.subscriptions.all()


def _item(subscription: Subscription, act: Callable[[Subscription], None]) -> PaletteItem:
    words = source_words(subscription.kind, subscription.argument)
    return PaletteItem(shown_line(subscription.name, _NAME_LIMIT), words, partial(act, subscription))


def _check_hours(text: str) -> None:
    if not (text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= _MOST_HOURS):
        raise ReaderError(f"Write a number of hours from 0 to {_MOST_HOURS:,}.")
