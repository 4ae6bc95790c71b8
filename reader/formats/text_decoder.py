r"""Decoding of bytes to text and lines, the same for every format.

A byte order mark decides; else the text is UTF-8 if it is valid as such; else it is read as cp1252 and marked as
uncertain. Nothing is guessed from letter frequencies: guessing takes Western names for Chinese. Lines end at CRLF, LF
or CR only (``str.splitlines`` also splits at form feeds and U+2028, which stand inside abstracts).
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from reader.domain.errors import ParseError

DETECTION_BYTES = 65_536
"""How much of a file's beginning is looked at to tell its format."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark its own begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL_BYTES = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_MANY = 10_000
_NO_CHARACTER = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class DecodedText:
    """A file's text without byte order mark and C0 controls (tabs and line ends stay).

    ``uncertain`` if the bytes were neither marked nor valid UTF-8, or not valid in the encoding they were marked as.
    """

    text: str
    encoding: str
    uncertain: bool = False

    def lines(self) -> list[str]:
        """The lines without their ends; the first is line 1 of the file.

        Raises :class:`ParseError` for a great many with almost nothing on them.
        """
        lines = _split_lines(self.text)
        refuse_crumbs(len(lines), len(self.text), "lines", least=10)
        return lines


def decode(data: bytes) -> DecodedText:
    """The text of a file; never raises: what cannot be decoded becomes U+FFFD, and the result is marked uncertain."""
    marked = byte_order_mark(data)
    if marked is None:
        return _decode_unmarked(data)
    mark, encoding = marked
    body = data[len(mark) :]
    try:
        return DecodedText(clean_text(body.decode(encoding)), encoding)
    except UnicodeDecodeError:
        return DecodedText(clean_text(body.decode(encoding, errors="replace")), encoding, uncertain=True)


def decode_head(data: bytes) -> str:
    """The beginning of a file as text, for telling formats apart; a character cut in two at its end is left out."""
    if len(data) <= DETECTION_BYTES:
        return decode(data).text
    head = data[:DETECTION_BYTES]
    mark, encoding = byte_order_mark(head) or (b"", "utf-8")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head[len(mark) :])
    except UnicodeDecodeError:
        return decode(head).text


class Head:
    """The beginning of the file ``data`` called ``name``, decoded once for all formats, which may be the file's.

    ``text`` is at most :data:`DETECTION_BYTES` long; the last of its ``lines`` may be cut.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.data, self.name, self.text = data, name, decode_head(data)
        self.lines = _split_lines(self.text)


def _split_lines(text: str) -> list[str]:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def clean_text(text: str) -> str:
    """Text that can be stored and shown: C0 controls but tab and line ends dropped, lone surrogates replaced."""
    if not text.isascii():
        text = _NO_CHARACTER.sub("\ufffd", text)
    return _CONTROLS.sub("", text)


def refuse_crumbs(count: int, size: int, pieces: str, *, least: int) -> None:
    """Raise :class:`ParseError` for many pieces that take fewer than ``least`` characters each, on average.

    ``pieces`` is what they are called ("lines"), ``size`` the length of the text that they make.

    Reading such files takes seconds for a megabyte, although it is linear: a piece costs some microseconds whatever is
    in it, and a file of two-byte lines or of eleven-byte entries is a mistake or made to hurt. The limits are far from
    what any listing has.
    """
    if count > _MANY and size < least * count:
        raise ParseError(
            f"The file has {count:,} {pieces} with almost nothing in them, so it is not a listing of papers."
        )


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text: a NUL anywhere, unless a byte order mark says that the text is UTF-16 or UTF-32."""
    marked = byte_order_mark(data)
    return b"\x00" in data and (marked is None or marked[1] == "utf-8")


def byte_order_mark(data: bytes) -> tuple[bytes, str] | None:
    """The byte order mark that bytes begin with, and the encoding it stands for; None without one."""
    return next(((mark, encoding) for mark, encoding in _MARKS if data.startswith(mark)), None)


def _decode_unmarked(data: bytes) -> DecodedText:
    """UTF-8 if valid (a last character cut off by truncation is forgiven, and marked), else cp1252."""
    data = data.translate(None, _CONTROL_BYTES)  # on bytes, which is many times faster than on text
    try:
        return DecodedText(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        # A UTF-8 file cut off in the middle of its last character; an ASCII beginning would not prove UTF-8.
        if error.reason == "unexpected end of data" and not data[: error.start].isascii():
            return DecodedText(data.decode("utf-8", errors="replace"), "utf-8", uncertain=True)
        return DecodedText(data.decode("cp1252", errors="replace"), "cp1252", uncertain=True)
