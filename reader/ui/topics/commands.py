"""The commands on topics: the map of them, renaming, splitting, merging, and sorting papers into them anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from reader.domain.annotations import PaperTitle
from reader.domain.changes import Field
from reader.domain.errors import WorkCancelledError
from reader.domain.topics import StoredTopic, Topic, TopicMap, TopicPlan, TopicsMissing
from reader.domain.views import View, ViewKind
from reader.services import Library
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.app.tasks import CancelToken
from reader.ui.app.workspace import Outcome
from reader.ui.commands.palette import PaletteItem
from reader.ui.commands.runner import Acts
from reader.ui.look.wording import counted, told
from reader.ui.topics.sheet import MapSheet
from reader.ui.topics.update_sheet import UpdateSheet

_NAME_LIMIT = 60
_Found = tuple[TopicMap | TopicsMissing, Mapping[int, PaperTitle]]


class TopicCommands(Part):
    """Acts on the topic that is marked on the map, or open; else it asks which."""

    def __init__(self, context: Context) -> None:
        """Nothing is read before the map is opened."""
        super().__init__(context)
        self.sheet: MapSheet | None = None
        self._token = CancelToken()
        self._wanted: int | None = None
        self._workspace.changes_of(Field.TOPICS, Field.LISTINGS).connect(self.read)

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {
            "go.map": self.open,
            "topic.rename": partial(self._with_topic, "Rename which topic?", self._ask_name),
            "topic.split": partial(self._with_topic, "Split which topic?", self._split),
            "topic.merge": partial(self._with_topic, "Merge which topic into another?", self._ask_into),
            "topic.update": self._ask_update,
        }

    def open(self) -> None:
        """Show the map, at the topic that is open; the topics are made if there are none."""
        if self.sheet is not None:
            return
        view = self._navigator.view
        self._wanted = view.topic_id if view is not None else None
        self.sheet = MapSheet(self._window, self._runner, self._appearance.look)
        self.sheet.chosen.connect(self._open_papers)
        self.sheet.closed.connect(self._closed)
        self.read()

    def read(self) -> None:
        """Read the topics again, if the map is open."""
        if self.sheet is not None:
            self._token.cancel()
            self._token = CancelToken()
            self._workspace.tasks.read(
                partial(_read, self._library, self._token), self._show, failed=self._failed, token=self._token
            )

    def _closed(self) -> None:
        self._token.cancel()
        self.sheet = None

    def _show(self, found: _Found) -> None:
        if self.sheet is None:
            return
        topics, titles = found
        if isinstance(topics, TopicsMissing):
            self.sheet.say(topics.sentence)
        elif topics.topics:
            wanted, self._wanted = self._wanted, None
            self.sheet.show_map(topics, titles, wanted)
        else:
            self.sheet.say(f"Sorting {counted(topics.papers, 'paper')} into topics…")
            make = partial(self._library.topics.first_topics, cancelled=self._token.cancelled)
            self._workspace.tasks.read(make, self._store, failed=self._failed, token=self._token)

    def _store(self, topics: list[StoredTopic]) -> None:
        """Keep the first topics; reading them follows from the change."""
        if topics:
            self._workspace.perform(partial(self._library.topics.store_first, topics), then=self._stored)
        elif self.sheet is not None:
            self.sheet.say("The papers have no words in common to make topics of.")

    def _stored(self, outcome: Outcome) -> None:
        """Read the topics even where another window stored its own first."""
        if not outcome:
            self.read()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, WorkCancelledError):
            self._workspace.report_failure(error)

    def _open_papers(self, topic: Topic) -> None:
        self._panes.set_focus_reading(False)
        self._navigator.open(View(ViewKind.TOPIC, topic_id=topic.id))
        self._panes.pane.focus_list()

    def _with_topic(self, question: str, act: Callable[[int, str], None]) -> None:
        """Act on the topic that is marked or open, given by id and name; where there is none, ask which."""
        marked = self.sheet.topic if self.sheet is not None else None
        view = self._navigator.view
        if marked is not None:
            act(marked.id, marked.name)
        elif self.sheet is None and view is not None and view.kind is ViewKind.TOPIC and view.topic_id is not None:
            act(view.topic_id, self._navigator.title)
        else:
            self._workspace.tasks.read(self._library.topics.stored, partial(self._ask_topic, question, act))

    def _ask_topic(self, question: str, act: Callable[[int, str], None], topics: tuple[StoredTopic, ...]) -> None:
        if topics:
            self._ask_which(question, [_item(topic, act) for topic in topics])
        else:
            self._say("No topics yet: {go.map} makes them")

    def _ask_name(self, topic_id: int, name: str) -> None:
        rename = partial(self._rename, topic_id)
        hint = "Empty: named by its words again"
        self._ask(f"Rename topic “{shown_line(name, _NAME_LIMIT)}”", name, rename, hint=hint)

    def _rename(self, topic_id: int, name: str) -> None:
        self._workspace.perform(partial(self._library.topics.rename, topic_id, name), said=told)

    def _split(self, topic_id: int, name: str) -> None:
        self._workspace.perform(partial(self._library.topics.split, topic_id), said=told)

    def _ask_into(self, topic_id: int, name: str) -> None:
        ask = partial(self._ask_other, topic_id, name)
        self._workspace.tasks.read(self._library.topics.stored, ask)

    def _ask_other(self, topic_id: int, name: str, topics: tuple[StoredTopic, ...]) -> None:
        others = [_item(topic, partial(self._merge, topic_id)) for topic in topics if topic.id != topic_id]
        if others:
            self._ask_which(f"Merge “{shown_line(name, _NAME_LIMIT)}” into which topic?", others)

    def _merge(self, topic_id: int, into: int, name: str) -> None:
        merge = partial(self._library.topics.merge, topic_id, into)
        self._wanted = into
        self._workspace.perform(merge, said=told)

    def _ask_update(self) -> None:
        self._workspace.tasks.read(self._library.topics.stored, self._show_update)

    def _show_update(self, topics: tuple[StoredTopic, ...]) -> None:
        if topics:
            UpdateSheet(self._window, self._workspace, self._update)
        else:
            self._say("No topics yet: {go.map} makes them")

    def _update(self, plan: TopicPlan) -> None:
        self._workspace.perform(partial(self._library.topics.update, plan), said=told)


def _read(library: Library, token: CancelToken) -> _Found:
    """On a reader thread: the topics, and the titles of their typical papers."""
    found = library.topics.overview(cancelled=token.cancelled)
    if isinstance(found, TopicsMissing):
        return found, {}
    return found, library.papers.titles(found.central)


def _item(topic: StoredTopic, act: Callable[[int, str], None]) -> PaletteItem:
    name = shown_line(topic.name, _NAME_LIMIT)
    note = ", ".join(topic.words) if topic.given_name else ""
    return PaletteItem(name, shown_line(note, _NAME_LIMIT), partial(act, topic.id, topic.name))
