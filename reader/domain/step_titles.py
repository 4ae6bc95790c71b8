"""Titles of steps: what each step did, as a kind and its arguments, and one table of sentences (decision 45).

Titles are kept in the library for as long as their steps, so a kind is never renamed or removed. Steps of older
versions have a text as title.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, unique
from string import Formatter
from typing import NamedTuple

from reader.domain.time_spans import name_day

Argument = str | int | list[str]
"""A text, a number, or names that are quoted one by one."""
_COUNTED = {
    "papers": ("1 paper", "{:,} papers"),
    "pages": ("1 page", "{:,} pages"),
    "sources": ("1 source", "{:,} sources"),
    "hours": ("hour", "{:,} hours"),
    "highlights": ("1 highlight", "{:,} highlights"),
}
"""Numbers that are shown with a noun."""
_ARRIVED = {
    "papers": ("1 paper", "{:,} papers"),
    "updated": ("1 paper changed", "{:,} papers changed"),
    "removed": ("1 paper removed", "{:,} papers removed"),
    "listings": ("1 listing", "{:,} listings"),
    "listings_changed": ("1 listing changed", "{:,} listings changed"),
    "listings_removed": ("1 listing removed", "{:,} listings removed"),
    "states": ("1 state", "{:,} states"),
    "stars": ("1 star", "{:,} stars"),
    "snoozes": ("1 snooze", "{:,} snoozes"),
    "seen": ("1 paper seen", "{:,} papers seen"),
    "queue": ("1 place in the queue", "{:,} places in the queue"),
    "paper_tags": ("1 paper tagged", "{:,} papers tagged"),
    "tags": ("1 tag", "{:,} tags"),
    "notes": ("1 note", "{:,} notes"),
    "documents": ("1 PDF", "{:,} PDFs"),
    "highlights": ("1 highlight", "{:,} highlights"),
    "labels": ("1 label", "{:,} labels"),
    "searches": ("1 saved search", "{:,} saved searches"),
    "rules": ("1 mute rule", "{:,} mute rules"),
    "subscriptions": ("1 subscription", "{:,} subscriptions"),
}
"""What arrives from another device, in the order of the sentence; any other number counts as “other changes”."""
_FURTHER = ("1 other change", "{:,} other changes")


@unique
class StepKind(Enum):
    """Kinds of steps with their sentences; calling a kind with the arguments its sentence names gives a title.

    ``{papers}`` is the title of one paper or the number of several. A second sentence is for several papers, or for
    highlights whose label is to be named. ``{day}`` needs an argument ``today`` as well, both in ISO 8601.
    """

    TEXT = "{text}"
    """A step of a version that kept sentences."""

    INBOX = "Back in the inbox: {papers}"
    QUEUED = "Queued: {papers}"
    READING = "Reading: {papers}"
    DONE = "Done: {papers}"
    DISMISSED = "Dismissed: {papers}"
    STARTED_READING = "Started reading: {papers}"
    CAUGHT_UP = "Dismissed to catch up: {papers}"
    STARRED = "Starred: {papers}"
    UNSTARRED = "Star taken off: {papers}"
    SEEN = "Marked seen: {papers}"
    UNSEEN = "Marked unseen: {papers}"
    SNOOZED = "Snoozed until {day}: {papers}"
    UNSNOOZED = "No longer snoozed: {papers}"

    MOVED_UP = "Moved up the queue: {papers}"
    MOVED_DOWN = "Moved down the queue: {papers}"
    MOVED = "Moved in the queue: {papers}"
    UNQUEUED = "Taken out of the queue: {papers}"
    TAKEN_NEXT = "Taken from the queue: {papers}"
    QUEUE_ORDERED = "Sorted the queue"
    QUEUE_SORTED = "Sorted the queue by {order}"

    TAGGED = "Tagged {tags}: {papers}", "Tagged {papers} {tags}"
    UNTAGGED = "Untagged {tags}: {papers}", "Untagged {papers} {tags}"
    TAG_RENAMED = "Renamed tag “{tag}” to “{name}”"
    TAG_MERGED = "Merged tag “{tag}” into “{into}”"
    TAG_DELETED = "Deleted tag “{tag}” from {papers}"
    TAG_COLORED = "Coloured tag “{tag}”"
    TAG_DESCRIBED = "Described tag “{tag}”"
    FAVORITE = "Made “{tag}” favourite tag {number}"
    NO_FAVORITE = "“{tag}” is no favourite tag"

    NOTE = "Note on {papers}"
    HIGHLIGHTED = "Highlighted “{quote}” in {papers}", "Highlighted as {label}: “{quote}” in {papers}"
    HIGHLIGHT_CHANGED = "Changed highlight “{quote}” in {papers}", "Changed highlight to {label}: “{quote}” in {papers}"
    HIGHLIGHT_DELETED = "Deleted highlight “{quote}” in {papers}"
    LABEL_ADDED = "Added label “{label}”"
    LABEL_CHANGED = "Changed label “{label}”"
    LABEL_DELETED = "Deleted label “{label}”"

    ATTACHED = "Attached a PDF to {papers}"
    ATTACHED_WITH = "Attached a PDF to {papers}; {highlights}"
    TAKEN_FROM_PDF = "Took {highlights} from a PDF of {papers}"
    COLORS_LABELLED = "Changed the labels of colours in PDFs"
    DETACHED = "Detached a PDF from {papers}"
    DETACHED_WITH = "Detached a PDF from {papers}; {highlights} deleted"

    SEARCH_SAVED = "Saved search “{name}”"
    SEARCH_CHANGED = "Changed saved search “{name}”"
    SEARCHES_ORDERED = "Sorted the saved searches"
    SEARCH_DELETED = "Deleted saved search “{name}”"
    MUTED = "Muted “{name}”"
    MUTE_CHANGED = "Changed mute rule “{name}”"
    UNMUTED = "Unmuted “{name}”"

    WORD_FORGOTTEN = "Made “for you” forget “{word}”"
    WORD_RECALLED = "Made “for you” count “{word}” again"
    TASTE_SINCE = "Made “for you” leave out decisions before {since}"
    TASTE_WHOLE = "Made “for you” count all decisions"
    TASTE_STARTED_OVER = "Made “for you” start over"
    TASTE_ON = "Switched “for you” on"
    TASTE_OFF = "Switched “for you” off"
    EXAMPLES_LEARNED = "Learned from {file}: {papers}"
    EXAMPLES_FORGOTTEN = "Forgot the examples of liked papers"

    IMPORTED = "Imported {file}"
    IMPORTED_FILES = "Imported {files} files"
    COMPLETED = "Completed {papers}"
    SUBSCRIBED = "Subscribed to “{name}”"
    SUBSCRIPTION_RENAMED = "Renamed subscription “{subscription}” to “{name}”"
    FETCHED_EVERY = "Set “{name}” to be fetched every {hours}"
    FETCHED_WHEN_ASKED = "Set “{name}” to be fetched only when asked"
    SUBSCRIBED_FROM_FILE = "Subscribed to {sources}"
    FETCHED = "Fetched “{name}”: {pages}, {papers}"
    UNSUBSCRIBED = "Unsubscribed from “{name}”"
    TOPIC_RENAMED = "Renamed topic “{topic}” to “{name}”"
    TOPIC_SPLIT = "Split topic “{topic}” into “{name}” and “{other}”"
    TOPIC_MERGED = "Merged topic “{topic}” into “{into}”"
    TOPICS_UPDATED = "Updated the topics: {papers} moved"
    LISTING_RENAMED = "Renamed listing “{listing}” to “{name}”"
    LISTING_YEAR = "Set the year of “{listing}” to {year}"
    LISTING_REMOVED = "Removed listing “{listing}”"
    ARXIV_ID = "Set the arXiv id of {papers} to {arxiv_id}"
    MERGED = "Merged “{other}” into {papers}"
    SEPARATED = "Separated {papers}"
    BUNDLE_MERGED = "Merged the bundle {file}"
    ANNOTATIONS_RESTORED = "Restored annotations of {time}"
    ARRIVED = "From {device}: {counts}"
    """Its other arguments are numbers, named as in ``_ARRIVED``."""
    TAKEN_BACK = "Took back from {device}: {counts}"
    """Its other arguments are those of the step that arrived."""
    TOOK_BESIDE = "Took a value kept beside"

    def __init__(self, sentence: str, second: str = "") -> None:
        """Most kinds have one sentence."""
        self.sentence, self.second = sentence, second or sentence

    def __call__(self, **arguments: Argument) -> StepTitle:
        """The title of a step of this kind."""
        return StepTitle((StepPart(self, arguments),))


class StepPart(NamedTuple):
    """One of the things that a step did."""

    kind: StepKind
    arguments: Mapping[str, Argument]

    def sentence(self, shown: Callable[[str], str]) -> str:
        """The sentence, with texts that users and listings gave as ``shown`` shows them."""
        is_second = "label" in self.arguments or isinstance(self.arguments.get("papers"), int)
        template = self.kind.second if is_second else self.kind.sentence
        named = [name for _, name, _, _ in Formatter().parse(template) if name]
        return template.format_map({name: self._words(name, shown) for name in named})

    def _words(self, name: str, shown: Callable[[str], str]) -> str:
        """An argument in words."""
        if name == "counts":
            return self._counts()
        value = self.arguments[name]
        if isinstance(value, list):
            return ", ".join(f"“{shown(each)}”" for each in value)
        if isinstance(value, int):
            one, several = _COUNTED.get(name, (str(value), str(value)))
            return one if value == 1 else several.format(value)
        if name == "day":
            return name_day(date.fromisoformat(value), date.fromisoformat(str(self.arguments["today"])))
        return f"“{shown(value)}”" if name == "papers" else shown(value)

    def _counts(self) -> str:
        """What arrived: "14 papers, 2 notes"."""
        numbers = {name: value for name, value in self.arguments.items() if isinstance(value, int) and value > 0}
        further = sum(value for name, value in numbers.items() if name not in _ARRIVED)
        told = [(numbers.get(name, 0), words) for name, words in _ARRIVED.items()] + [(further, _FURTHER)]
        words = [one if number == 1 else several.format(number) for number, (one, several) in told if number]
        return ", ".join(words) or "other changes"


@dataclass(frozen=True, slots=True)
class StepTitle:
    """The title of a step, with a part for each thing it did; falsy without any. As a text it is its sentence."""

    parts: tuple[StepPart, ...] = ()

    @classmethod
    def read(cls, stored: str) -> StepTitle:
        """The title that was stored as this text; what is not JSON of a title is a text of an older version."""
        try:
            title = cls(tuple(StepPart(StepKind[name.upper()], given) for name, given in json.loads(stored)))
            title.sentence()  # an argument is missing or has another type
        except (ValueError, TypeError, KeyError, AttributeError):
            return StepKind.TEXT(text=stored)
        return title

    def stored(self) -> str:
        """The title as JSON: a list of kinds with their arguments."""
        return json.dumps([[part.kind.name.lower(), part.arguments] for part in self.parts], ensure_ascii=False)

    def sentence(self, shown: Callable[[str], str] = str) -> str:
        """The title in words, with the texts in it as ``shown`` shows them: ``Tagged “a”: “Rivers” and queued: …``."""
        first, *others = [part.sentence(shown) for part in self.parts] or [""]
        return " and ".join((first, *(other[:1].lower() + other[1:] for other in others)))

    @property
    def kind(self) -> StepKind | None:
        """The kind of the first part."""
        return self.parts[0].kind if self.parts else None

    @property
    def says_count(self) -> bool:
        """Whether the sentence says the number of papers, as many texts of older versions do."""
        counting = (StepKind.TEXT, StepKind.ARRIVED, StepKind.TAKEN_BACK)
        return any(part.kind in counting or isinstance(part.arguments.get("papers"), int) for part in self.parts)

    @property
    def device(self) -> str | None:
        """The name of the device that what arrived came from."""
        return next((str(part.arguments["device"]) for part in self.parts if part.kind is StepKind.ARRIVED), None)

    def taken_back(self) -> StepTitle:
        """The title of the step that takes back what arrived."""
        return StepTitle(tuple(part._replace(kind=StepKind.TAKEN_BACK) for part in self.parts))

    def naming(self, label: str) -> StepTitle:
        """The same with the label of its highlights."""
        return StepTitle(tuple(part._replace(arguments={**part.arguments, "label": label}) for part in self.parts))

    def __bool__(self) -> bool:
        """Whether there is a title."""
        return bool(self.parts)

    def __str__(self) -> str:
        """The sentence with all texts as they are."""
        return self.sentence()

    def __add__(self, other: StepTitle) -> StepTitle:
        """The title of a step that did this and the other."""
        return StepTitle(self.parts + other.parts)


UNTITLED = StepTitle()
"""The title of what is not a step."""
