"""One pass over an XML document with expat, whatever its size."""

from __future__ import annotations

import re

from reader.domain.errors import ParseError
from reader.formats.text_decoder import clean_text

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")


def as_utf8(text: str) -> bytes:
    """A document in UTF-8 with a line above that declares it so, and without characters that XML forbids."""
    text = clean_text(text)
    declaration = _DECLARATION.match(text)
    text = text[declaration.end() :] if declaration else text
    return b"<?xml version='1.0' encoding='utf-8'?>\n" + text.lstrip().encode()


class XmlReader:
    """Hears of a document's parts in their order; ``open`` are the names of the elements that are open.

    ``what`` names the document in sentences, ``deepest`` is how deeply such documents nest, ``advice`` what to do with
    a damaged one. Refuses, by raising :class:`ParseError`, what declares entities of its own or nests deeper.
    """

    what: str
    deepest: int
    advice: str

    def __init__(self) -> None:
        self.open: list[str] = []

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        self.open.append(name)
        if len(self.open) > self.deepest:
            raise ParseError(f"{self.what} nests its elements too deeply, so it was not read.")

    def end(self, _name: str) -> None:
        """An element ends."""
        self.open.pop()

    def text(self, text: str) -> None:
        """Text within an element."""

    def _entity(self, *_declaration: object) -> None:
        raise ParseError(f"{self.what} declares entities of its own, so it was not read.")

    def read(self, source: bytes, *, lines_above: int = 0) -> None:
        """Read a document in UTF-8; raises :class:`ParseError` where it is damaged.

        ``lines_above`` are lines of ``source`` that its file does not have.
        """
        from xml.parsers import expat

        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.EntityDeclHandler = self._entity
        try:
            parser.Parse(source, True)
        except expat.ExpatError as error:
            line = max(error.lineno - lines_above, 1)
            reason = expat.ErrorString(error.code)
            raise ParseError(
                f"{self.what} is damaged or breaks off at line {line}: {reason}; {self.advice}."
            ) from error
