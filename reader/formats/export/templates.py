"""Templates: Jinja2 in its sandbox, on plain values, with everything they print made harmless by itself.

A template is text with places for values. What a place prints goes through the template's own *finish*: in Markdown
:func:`~reader.formats.export.inert.inert`, in HTML its escaping. Only the filters of the sandbox below let text through
as it is. Source of the language: https://jinja.palletsprojects.com/en/stable/templates/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.compiler import CodeGenerator
from jinja2.exceptions import SecurityError
from jinja2.lexer import TokenStream
from jinja2.nodes import Concat
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from reader.domain.links import is_safe_url
from reader.formats.export.inert import inert, inert_but_links, inert_paragraphs, link_target, plain_text
from reader.formats.export.page_links import markdown_page_link
from reader.formats.export.template_errors import ExportTemplateError, placed_tokens, runtime_fault, syntax_fault

_LARGEST_REPETITION = 100_000
Finish = Callable[[str], str]


def markdown_finish(value: Any) -> Markup:
    """Whatever a template prints as inert Markdown; Markdown that is marked as such stays."""
    return _finished(value, inert)


def html_finish(value: Any) -> Markup:
    """Whatever a template prints as escaped HTML; HTML that is marked as such stays."""
    return _finished(value, lambda text: str(escape(plain_text(text))))


def _finished(value: Any, finish: Finish) -> Markup:
    if value is None:
        return Markup("")
    if hasattr(value, "__html__"):
        return Markup(value.__html__())
    if isinstance(value, bool):
        return Markup("true" if value else "false")
    if isinstance(value, (list, tuple)):
        return Markup(finish(", ".join(map(str, value))))
    return Markup(finish(str(value)))


class _Generator(CodeGenerator):
    """Compiles ``a ~ b`` to a join that finishes its parts; Jinja2's own would only escape HTML."""

    def visit_Concat(self, node: Concat, frame: Any) -> None:  # noqa: N802
        self.write("environment.joined((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox: no private attributes, nothing that changes a value, no repetition beyond measure."""

    intercepted_binops = frozenset({"*", "**"})
    code_generator_class = _Generator

    def __init__(
        self, sources: Mapping[str, str], finish: Callable[[Any], Markup], filters: Mapping[str, Callable[..., Any]]
    ) -> None:
        super().__init__(
            loader=DictLoader(sources),
            autoescape=True,
            finalize=finish,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._finish = finish
        for name in ("urlize", "xmlattr", "safe"):
            del self.filters[name]
        self.filters |= {
            "join": self._join,
            "markdown": lambda text: Markup(text or ""),
            "paragraphs": lambda text: Markup(inert_paragraphs(text or "")),
            "linked": lambda text: Markup(inert_but_links(text or "")),
            "quote": lambda text: Markup(_quoted(self._finish(text))),
            "address": lambda address: Markup(markdown_address(address)),
            "page_link": markdown_page_link,
            **filters,
        }

    def _tokenize(
        self, source: str, name: str | None, filename: str | None = None, state: str | None = None
    ) -> TokenStream:
        return placed_tokens(self, source, name, filename)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Refuse to repeat a text, or to raise a number, without measure."""
        sizes = [side for side in (left, right) if isinstance(side, int)]
        if any(size > _LARGEST_REPETITION for size in sizes) and (operator == "**" or len(sizes) < 2):
            raise SecurityError("this makes too large a value")
        return super().call_binop(context, operator, left, right)

    def joined(self, parts: Iterable[Any]) -> str:
        """Parts put together: finished if one of them is."""
        parts = list(parts)
        if any(hasattr(part, "__html__") for part in parts):
            return Markup("".join(map(self._finish, parts)))
        return "".join(map(str, parts))

    def _join(self, parts: Iterable[Any], separator: str = "", attribute: str | None = None) -> str:
        """Jinja2's filter of this name, with parts finished where one of them is."""
        listed = [part if attribute is None else self.getitem(part, attribute) for part in parts]
        woven = [piece for part in listed for piece in (separator, part)][1:]
        return self.joined(woven)


class TemplateSet:
    """Templates by name, compiled when first used; ``finish`` makes harmless what they print.

    ``filters`` stand beside those of the sandbox, or in their place.
    """

    def __init__(
        self,
        sources: Mapping[str, str],
        finish: Callable[[Any], Markup] = markdown_finish,
        filters: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self._environment = _Sandbox(sources, finish, filters or {})
        self._blocks: dict[str, dict[str, list[Any]]] = {}

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """A whole template filled in; raises :class:`ExportTemplateError`."""
        with self._faults(name):
            template = self._environment.get_template(name)
            context = template.new_context(dict(values))
            return "".join(template.root_render_func(context))

    def render_block(self, name: str, block: str, values: Mapping[str, Any]) -> str:
        """One ``{% block %}`` of a template filled in, those that it extends included; raises as :meth:`render`.

        A block that the template does not have is empty.
        """
        with self._faults(name):
            template = self._environment.get_template(name)
            context = template.new_context(dict(values))
            context.blocks = self._blocks_of(name, template, values)
            functions = context.blocks.get(block)
            return "".join(functions[0](context)) if functions else ""

    def _blocks_of(self, name: str, template: Template, values: Mapping[str, Any]) -> dict[str, list[Any]]:
        """A template's blocks with those of the templates it extends, which Jinja2 finds by beginning to render."""
        if name not in self._blocks:
            context = template.new_context(dict(values))
            next(iter(template.root_render_func(context)), None)
            self._blocks[name] = context.blocks
        return self._blocks[name]

    @contextmanager
    def _faults(self, name: str) -> Iterator[None]:
        """Whatever goes wrong in a template is a fault of the template, with its place."""
        try:
            yield
        except ExportTemplateError:
            raise
        except TemplateSyntaxError as error:
            raise syntax_fault(error, name) from error
        except Exception as error:
            raise runtime_fault(error, self._environment, name) from error


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def markdown_address(address: str | None) -> str:
    """An address that may stand between the parentheses of a link; empty where it is not http or https.

    The address of a page, which :mod:`.page_links` made fit for that, stays as it is.
    """
    if isinstance(address, Markup):
        return address
    return link_target(address) if address and is_safe_url(address) else ""
