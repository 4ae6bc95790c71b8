"""Reading XML once with expat, whatever its size."""

from __future__ import annotations

from typing import Protocol

from reader.domain.errors import ParseError


class XmlHandler(Protocol):
    """What hears of a document's parts in their order; may raise :class:`ParseError`, above all for entities."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, _name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text within an element."""

    def entity(self, *_declaration: object) -> None:
        """An entity is declared."""


def read_xml(source: bytes, handler: XmlHandler, *, what: str, advice: str, lines_above: int = 0) -> None:
    """Tell a handler of a document in UTF-8; raises :class:`ParseError` where it is damaged, with ``advice``.

    ``what`` names the document in that sentence, ``lines_above`` are lines of ``source`` that its file does not have.
    """
    from xml.parsers import expat

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.text
    parser.EntityDeclHandler = handler.entity
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        line = max(error.lineno - lines_above, 1)
        reason = expat.ErrorString(error.code)
        raise ParseError(f"{what} is damaged or breaks off at line {line}: {reason}; {advice}.") from error
