"""Faults of templates in a person's words, with the line and column where they are.

Jinja2 knows lines only. Columns come from numbering its tokens: every line number that goes through its parser is an
``int`` that also carries its column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from jinja2 import Environment, Template, TemplateNotFound, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream

from reader.domain.errors import ReaderError

_AT_POSITION = re.compile(r" at \d+\Z")
_QUOTED = re.compile(r"'(\w+)'")


class ExportTemplateError(ReaderError):
    """A template that cannot be used; the sentence names the template, ``line`` and ``column`` (both from 1)."""

    def __init__(self, template: str, line: int, column: int, reason: str) -> None:
        reason = reason.rstrip(".")
        super().__init__(f"The template {template} has a fault in line {line}, column {column}: {reason}.")
        self.template, self.line, self.column, self.reason = template, line, column, reason


class Place(int):
    """A line number that also knows its column; both count from 1."""

    column: int

    def __new__(cls, line: int, column: int) -> Place:
        """The place ``column`` in ``line``."""
        place = super().__new__(cls, line)
        place.column = column
        return place


def placed_tokens(environment: Environment, source: str, name: str | None, file: str | None) -> TokenStream:
    """A template's tokens, each with its place."""
    text = source.replace("\r\n", "\n").replace("\r", "\n")

    def place(position: int, line: int) -> Place:
        return Place(line, position - text.rfind("\n", 0, position))

    def placed() -> Iterator[tuple[int, str, str]]:
        position = 0
        try:
            for line, kind, value in environment.lexer.tokeniter(source, name, file):
                start = max(text.find(value, position), position)
                position = start + len(value)
                yield place(start, line), kind, value
        except TemplateSyntaxError as error:
            if not isinstance(error.lineno, Place):
                error.lineno = place(position + len(text[position:]) - len(text[position:].lstrip()), error.lineno)
            raise

    return TokenStream(environment.lexer.wrap(placed(), name, file), name, file)


def syntax_fault(error: TemplateSyntaxError, name: str) -> ExportTemplateError:
    """A template that does not parse."""
    message = _AT_POSITION.sub("", error.message or "it is no template")
    column = error.lineno.column if isinstance(error.lineno, Place) else 1
    return ExportTemplateError(error.name or name, int(error.lineno), column, message)


def runtime_fault(error: Exception, environment: Environment, name: str) -> ExportTemplateError:
    """A template that fails while it is filled in."""
    message = str(error) or type(error).__name__
    if isinstance(error, TemplateNotFound):
        message = f"there is no template “{error.name}”"
    place = _deepest_place(error.__traceback__)
    if place is None:
        return ExportTemplateError(name, 1, 1, message)
    template, line = place
    return ExportTemplateError(template.name or name, line, _column(environment, template, line, message), message)


def _deepest_place(traceback: TracebackType | None) -> tuple[Template, int] | None:
    """The template and its line nearest to a failure."""
    found = None
    while traceback is not None:
        template: Any = traceback.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            found = template, template.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return found


def _column(environment: Environment, template: Template, line: int, message: str) -> int:
    """The column of the expression that a failure speaks of, else of the line's first."""
    loader = environment.loader
    if loader is None or template.name is None:
        return 1
    tree = environment.parse(loader.get_source(environment, template.name)[0], template.name)
    names = set(_QUOTED.findall(message))
    on_line = [node for node in tree.find_all(nodes.Expr) if node.lineno == line and isinstance(node.lineno, Place)]
    named = [node for node in on_line if {getattr(node, "name", None), getattr(node, "attr", None)} & names]
    return min((node.lineno.column for node in named or on_line if isinstance(node.lineno, Place)), default=1)
