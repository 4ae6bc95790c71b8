"""The operations of a library that another process may ask for: the names allowed, and calls as JSON.

An operation is a method that is marked as changing the library, of one of its subjects (``tags.add``), its parameters
and result typed by their hints. Nothing else can be called. Of the methods of
:class:`~reader.services.library.library.Library` itself, those that return what they changed are, and the few that are
named below.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from reader.domain import errors
from reader.domain.annotations import Note, NoteConflictError, TagNameError
from reader.domain.errors import ReaderError
from reader.services.library.highlights import Highlights
from reader.services.library.mutes import Mutes
from reader.services.library.notes import Notes
from reader.services.library.queue import Queue
from reader.services.library.searches import Searches
from reader.services.library.tags import Tags
from reader.services.process.json_values import ValueMismatchError, from_json, to_json
from reader.storage.highlights import Labels
from reader.storage.subject import is_changing

if TYPE_CHECKING:
    from reader.services.library.library import Library

SUBJECTS: dict[str, type] = {
    "tags": Tags,
    "notes": Notes,
    "highlights": Highlights,
    "labels": Labels,
    "queue": Queue,
    "searches": Searches,
    "mutes": Mutes,
}
"""The subjects of a library, by their names."""
FURTHER_OPERATIONS = frozenset(
    {"back_up", "back_up_if_due", "drop_old_backups", "restore", "repair", "tidy"}
    | {"remember_exports", "forget_exports", "assign_citation_keys"}
)
"""Operations that do not show by what they return."""
ALONE = frozenset({"restore", "repair"})
"""Operations during which nothing else may read the library or its index."""
_BESIDE = frozenset({"update_index", "compact_index"})
"""Operations that work on the index, which are not to hold up those on the library."""
_PROGRESS = {"Progress", "IndexProgress"}
_OUTCOMES = {"Change", "UndoneOperation", "SavedNote", "MergedBundle", *_PROGRESS}


@cache
def operations() -> frozenset[str]:
    """The names of all operations: the methods that return what they changed, and the further ones."""
    from reader.services.library.library import Library

    # By the hints as they are written: working out what they mean takes time that most commands need not spend.
    public = {name: getattr(Library, name) for name in dir(Library) if not name.startswith("_")}
    telling = {name for name, method in public.items() if _words_of_result(method) & _OUTCOMES}
    marked = {
        f"{subject}.{name}"
        for subject, kind in SUBJECTS.items()
        for name in dir(kind)
        if is_changing(getattr(kind, name))
    }
    return FURTHER_OPERATIONS | telling | marked


def method_of(name: str) -> Any:
    """The method of an operation, not bound to any library."""
    from reader.services.library.library import Library

    subject, _, own = name.rpartition(".")
    return getattr(SUBJECTS[subject] if subject else Library, own)


def has_steps(name: str) -> bool:
    """Whether an operation yields progress before its result."""
    return bool(_words_of_result(method_of(name)) & _PROGRESS)


def _words_of_result(method: Any) -> set[str]:
    """The names in a method's return hint."""
    return set(re.findall(r"\w+", str(getattr(method, "__annotations__", {}).get("return", ""))))


@dataclass(frozen=True, slots=True)
class Call:
    """An operation to carry out, with its arguments as values."""

    name: str
    arguments: dict[str, Any]

    @property
    def is_alone(self) -> bool:
        """Whether nothing may read the library meanwhile."""
        return self.name in ALONE

    @property
    def has_steps(self) -> bool:
        """Whether it yields progress before its result."""
        return has_steps(self.name)

    @property
    def is_whole(self) -> bool:
        """Whether nothing may come between its steps: a rehearsal is one transaction, to be rolled back."""
        return bool(self.arguments.get("dry_run"))

    @property
    def runs_beside(self) -> bool:
        """Whether it may run on a thread of its own beside what changes the library."""
        return self.name in _BESIDE

    def start(self, library: Library, cancelled: Callable[[], bool]) -> Any:
        """Carry it out on a library; the result, or a generator of progress where it :attr:`has_steps`."""
        asks = {"cancelled": cancelled} if _signature(self.name).asks_whether_cancelled else {}
        return attrgetter(self.name)(library)(**self.arguments, **asks)


@dataclass(frozen=True, slots=True)
class _Signature:
    """What an operation takes and gives."""

    inspected: inspect.Signature
    hints: dict[str, Any]
    progress: Any
    result: Any
    asks_whether_cancelled: bool


@cache
def _signature(name: str) -> _Signature:
    """The signature of an operation; :class:`ReaderError` for what is none."""
    if name not in operations():
        raise ReaderError(f"This Lectern has no operation “{name[:40]}”; another version asked for it. Update both.")
    method = method_of(name)
    hints = get_type_hints(method)
    result, progress = hints.pop("return"), None
    if get_origin(result) is Generator:
        progress, _, result = get_args(result)
    elif get_origin(result) is Iterator:
        (progress,), result = get_args(result), None
    asks = hints.pop("cancelled", None) is not None
    return _Signature(inspect.signature(method), hints, progress, result, asks)


def call_of(name: str, positional: tuple[Any, ...], named: dict[str, Any]) -> Call:
    """The call that calling a library's method in this way would be; TypeError as that would raise it."""
    bound = _signature(name).inspected.bind(None, *positional, **named)
    given = dict(bound.arguments)
    given.pop("self")
    given.pop("cancelled", None)
    return Call(name, given)


def call_to_json(call: Call) -> dict[str, Any]:
    """A call as JSON."""
    hints = _signature(call.name).hints
    return {"name": call.name, "arguments": {key: to_json(value, hints[key]) for key, value in call.arguments.items()}}


def call_from_json(data: Any) -> Call:
    """The call that JSON stands for; raises :class:`ReaderError` for anything but a well-formed call."""
    if not (isinstance(data, dict) and isinstance(data.get("name"), str) and isinstance(data.get("arguments"), dict)):
        raise ValueMismatchError("call")
    signature = _signature(data["name"])
    try:
        arguments = {key: from_json(value, signature.hints[key]) for key, value in data["arguments"].items()}
        signature.inspected.bind(None, **arguments)
    except (KeyError, TypeError) as error:
        raise ValueMismatchError(data["name"]) from error
    return Call(data["name"], arguments)


def result_to_json(name: str, result: Any) -> Any:
    """An operation's result as JSON."""
    return to_json(result, _signature(name).result)


def result_from_json(name: str, data: Any) -> Any:
    """The result that JSON stands for."""
    return from_json(data, _signature(name).result)


def progress_to_json(name: str, progress: Any) -> Any:
    """A step's progress as JSON."""
    return to_json(progress, _signature(name).progress)


def progress_from_json(name: str, data: Any) -> Any:
    """The progress that JSON stands for."""
    return from_json(data, _signature(name).progress)


def error_to_json(error: Exception) -> dict[str, Any]:
    """A failure as JSON; what is none of the user's making is told by its type alone."""
    if isinstance(error, NoteConflictError):
        return {"kind": type(error).__name__, "sentence": str(error), "current": to_json(error.current, Note)}
    if isinstance(error, ReaderError):
        return {"kind": type(error).__name__, "sentence": str(error)}
    sentence = f"Something went wrong that should not have ({type(error).__name__}); the window's log has the details."
    return {"kind": "ReaderError", "sentence": sentence}


def error_from_json(data: Any) -> ReaderError:
    """The failure that JSON stands for; of the same class where it is one of the known ones."""
    if not isinstance(data, dict):
        return ValueMismatchError("error")
    sentence = str(data.get("sentence"))[:2_000]
    if data.get("kind") == NoteConflictError.__name__:
        return NoteConflictError(from_json(data.get("current"), Note))
    return _error_classes().get(str(data.get("kind")), ReaderError)(sentence)


@cache
def _error_classes() -> dict[str, type[ReaderError]]:
    """The errors that hold nothing but their sentence."""
    known = {name: value for name, value in vars(errors).items() if _is_error(value)}
    return known | {TagNameError.__name__: TagNameError}


def _is_error(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, ReaderError)
