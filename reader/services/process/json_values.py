"""Typed values as JSON and back: what operations are called with and what they return, between two processes.

A value's JSON form follows from its type hint, and only values of that type come back; nothing is ever executed or
imported on the way. Dataclasses are objects of their fields, enumerations their values, sets sorted lists.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reader.domain.errors import ReaderError

_SCALARS = (bool, int, float, str)
_LISTS = {list, Sequence, Iterable}
_SETS = {frozenset, set, AbstractSet}
_MAPPINGS = {dict, Mapping}


class ValueMismatchError(ReaderError):
    """A value that is not of the type that was agreed on; sender and receiver are of different versions."""

    def __init__(self, expected: Any) -> None:
        name = getattr(expected, "__name__", str(expected))
        super().__init__(f"A message between two Lecterns is not understood ({name} was expected); update both.")


def to_json(value: Any, expected: Any) -> Any:
    """The JSON form of a value of the type ``expected``; raises :class:`ValueMismatchError` if it is of another."""
    if expected is None or expected is NoneType:
        return _require(value is None, value, expected)
    if not isinstance(expected, type):
        return _container_to_json(value, expected, get_origin(expected), get_args(expected))
    if expected in _SCALARS:
        return _require(_is_scalar(value, expected), value, expected)
    _require(isinstance(value, expected), value, expected)
    if issubclass(expected, Path):
        return str(value.absolute())
    if issubclass(expected, Enum):
        return value.value
    if issubclass(expected, date):
        return value.isoformat()
    if dataclasses.is_dataclass(expected):
        return {name: to_json(getattr(value, name), hint) for name, hint in _fields(expected).items()}
    raise TypeError(f"values of type {expected} cannot be sent")


def from_json(data: Any, expected: Any) -> Any:
    """The value of the type ``expected`` that JSON stands for; raises :class:`ValueMismatchError`."""
    if expected is None or expected is NoneType:
        return _require(data is None, data, expected)
    if not isinstance(expected, type):
        return _container_from_json(data, expected, get_origin(expected), get_args(expected))
    if expected in _SCALARS:
        return _require(_is_scalar(data, expected), data, expected)
    if issubclass(expected, Path):
        return Path(_require(isinstance(data, str) and "\0" not in data, data, expected))
    if issubclass(expected, Enum):
        return _converted(expected, data, expected)
    if issubclass(expected, date):
        return _converted(expected.fromisoformat, data, expected)
    if dataclasses.is_dataclass(expected):
        hints = _fields(expected)
        _require(isinstance(data, dict) and data.keys() == hints.keys(), data, expected)
        return expected(**{name: from_json(data[name], hint) for name, hint in hints.items()})
    raise TypeError(f"values of type {expected} cannot be received")


def _container_to_json(value: Any, expected: Any, origin: Any, parts: tuple[Any, ...]) -> Any:
    if origin in {Union, UnionType}:
        return _first_fitting(to_json, value, expected, parts)
    if origin is Literal:
        return _require(value in parts, value, expected)
    if origin is tuple and parts[-1:] != (Ellipsis,):
        _require(isinstance(value, tuple) and len(value) == len(parts), None, expected)
        return [to_json(item, part) for item, part in zip(value, parts, strict=True)]
    if origin is tuple or origin in _LISTS:
        _require(not isinstance(value, str | bytes) and isinstance(value, Iterable), None, expected)
        return [to_json(item, parts[0]) for item in value]
    if origin in _SETS:
        _require(isinstance(value, AbstractSet), None, expected)
        return sorted(to_json(item, parts[0]) for item in value)
    if origin in _MAPPINGS and parts[0] is str:
        _require(isinstance(value, Mapping), None, expected)
        return {_require(isinstance(name, str), name, str): to_json(item, parts[1]) for name, item in value.items()}
    raise TypeError(f"values of type {expected} cannot be sent")


def _container_from_json(data: Any, expected: Any, origin: Any, parts: tuple[Any, ...]) -> Any:
    if origin in {Union, UnionType}:
        return _first_fitting(from_json, data, expected, parts)
    if origin is Literal:
        return _require(data in parts, data, expected)
    if origin in _MAPPINGS and parts[0] is str:
        _require(isinstance(data, dict), None, expected)
        return {name: from_json(item, parts[1]) for name, item in data.items()}
    _require(isinstance(data, list), None, expected)
    if origin is tuple and parts[-1:] != (Ellipsis,):
        _require(len(data) == len(parts), None, expected)
        return tuple(from_json(item, part) for item, part in zip(data, parts, strict=True))
    if origin in _SETS:
        return (set if origin is set else frozenset)(from_json(item, parts[0]) for item in data)
    if origin is tuple or origin in _LISTS:
        items = [from_json(item, parts[0]) for item in data]
        return items if origin is list else tuple(items)
    raise TypeError(f"values of type {expected} cannot be received")


def _first_fitting(convert: Any, value: Any, expected: Any, parts: tuple[Any, ...]) -> Any:
    """The value as the first of several types that it fits."""
    for part in parts:
        try:
            return convert(value, part)
        except ValueMismatchError:
            continue
    raise ValueMismatchError(expected)


def _fields(kind: type) -> dict[str, Any]:
    """A dataclass's fields with their types."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _is_scalar(value: Any, expected: type) -> bool:
    """Whether a value is of a scalar type; an int is a float, but a bool is no int."""
    return isinstance(value, (int, float) if expected is float else expected) and (
        expected is bool or not isinstance(value, bool)
    )


def _converted(convert: Callable[[Any], Any], data: Any, expected: Any) -> Any:
    """What a text or number stands for."""
    try:
        return convert(data)
    except (ValueError, TypeError) as error:
        raise ValueMismatchError(expected) from error


def _require(fits: bool, value: Any, expected: Any) -> Any:
    """The value, if it fits."""
    if not fits:
        raise ValueMismatchError(expected)
    return value
