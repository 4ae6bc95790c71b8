"""Files opened by PDFium: their pages' text and characters, labels and title.

The functions are described in https://pdfium.googlesource.com/pdfium/+/refs/heads/main/public/ (``fpdfview.h``,
``fpdf_text.h``, ``fpdf_doc.h``, ``fpdf_save.h``). One thread at most may call PDFium in a process.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium

from reader.domain.page_text.characters import PageCharacters
from reader.formats.pdf.characters import LINE_END_HYPHENS, MOST_CHARACTERS, CharacterReader
from reader.formats.pdf.problems import MOST_PAGES, PdfError, PdfProblem

_HEADER = b"%PDF-"
_HEADER_BYTES = 1_024
"""How far from its start a file's header may begin (ISO 32000-2, §7.5.2 and its implementation notes)."""
_LONGEST_STRING = 4_096


class PdfFile:
    """A file opened by PDFium."""

    def __init__(self, data: bytes) -> None:
        """Raises :class:`PdfError`."""
        self._data = data  # PDFium reads from it as long as the document is open
        self._document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not self._document:
            raise PdfError(_problem(pdfium.FPDF_GetLastError(), data))
        self._characters = CharacterReader(self._document)
        self.page_count: int = pdfium.FPDF_GetPageCount(self._document)
        if not 0 < self.page_count <= MOST_PAGES:
            self.close()
            raise PdfError(PdfProblem.TOO_MANY_PAGES if self.page_count > 0 else PdfProblem.DAMAGED)

    def close(self) -> None:
        """Close the file."""
        pdfium.FPDF_CloseDocument(self._document)

    @property
    def is_encrypted(self) -> bool:
        """Whether the file is encrypted; a file that opens needs no password to be read."""
        return bool(pdfium.FPDF_GetSecurityHandlerRevision(self._document) != -1)

    @property
    def title(self) -> str:
        """The title in the file's metadata, which is often none, or that of another file."""
        return _string(lambda buffer, size: pdfium.FPDF_GetMetaText(self._document, b"Title", buffer, size))

    def page_label(self, page: int) -> str:
        """What the file calls a page; its number if it does not say."""
        label = _string(lambda buffer, size: pdfium.FPDF_GetPageLabel(self._document, page, buffer, size))
        return label.strip() or str(page + 1)

    def plain_copy(self) -> bytes:
        """The file as PDFium understands it, written anew without encryption."""
        written = bytearray()

        def write(_: Any, data: int, size: int) -> int:
            written.extend(ctypes.string_at(data, size))
            return 1

        writer = pdfium.FPDF_FILEWRITE(version=1)
        writer.WriteBlock = type(writer.WriteBlock)(write)
        if not pdfium.FPDF_SaveAsCopy(self._document, ctypes.byref(writer), pdfium.FPDF_REMOVE_SECURITY):
            raise PdfError(PdfProblem.DAMAGED)
        return bytes(written)

    def text(self, page: int) -> str:
        """The text of a page, its lines apart; empty if the page cannot be read."""
        with self._text_page(page) as (text_page, count):
            if not count:
                return ""
            buffer = (ctypes.c_ushort * (count + 1))()
            written = pdfium.FPDFText_GetText(text_page, 0, count, buffer)
            text = _decoded(bytes(buffer)[: 2 * max(0, written - 1)])
        for hyphen in LINE_END_HYPHENS:
            text = text.replace(chr(hyphen), "-\n")
        return text.replace("\r\n", "\n")

    def characters(self, page: int) -> PageCharacters:
        """The characters of a page; none if it cannot be read."""
        return self._characters.read(page)

    @contextmanager
    def _text_page(self, page: int) -> Iterator[tuple[Any, int]]:
        """A page's text and the number of its characters, 0 if the page cannot be read."""
        loaded = pdfium.FPDF_LoadPage(self._document, page)
        if loaded and pdfium.FPDFPage_GetRotation(loaded):
            # PDFium breaks the lines of a rotated page wrongly. It is turned in memory only.
            pdfium.FPDFPage_SetRotation(loaded, 0)
            pdfium.FPDF_ClosePage(loaded)
            loaded = pdfium.FPDF_LoadPage(self._document, page)
        text_page = pdfium.FPDFText_LoadPage(loaded) if loaded else None
        try:
            count = pdfium.FPDFText_CountChars(text_page) if text_page else 0
            yield text_page, max(0, min(count, MOST_CHARACTERS))
        finally:
            if text_page:
                pdfium.FPDFText_ClosePage(text_page)
            if loaded:
                pdfium.FPDF_ClosePage(loaded)


def _problem(error: int, data: bytes) -> PdfProblem:
    if error in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return PdfProblem.PASSWORD
    return PdfProblem.DAMAGED if _HEADER in data[:_HEADER_BYTES] else PdfProblem.NOT_A_PDF


def _string(ask: Callable[[Any, int], int]) -> str:
    """A string that PDFium tells in two steps, its size and itself; empty if it is very long."""
    size = ask(None, 0)
    if not 2 < size <= _LONGEST_STRING:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(buffer, size)
    return _decoded(buffer.raw[:-2])


def _decoded(data: bytes) -> str:
    return data.decode("utf-16-le", "replace")
