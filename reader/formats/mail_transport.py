"""Mails as mail programs save them: one or many in a file, encoded for transport, in parts, with mails attached.

Sources: RFC 5322 (headers), RFC 2045 and 2046 (encodings, ``multipart``, ``multipart/digest``, ``message/rfc822``), and
https://www.loc.gov/preservation/digital/formats/fdd/fdd000383.shtml (mbox, whose mails begin with a line ``From ``).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from reader.formats.text_decoder import DETECTION_BYTES, DecodedText, clean_text, decode, refuse_crumbs

if TYPE_CHECKING:
    from email.message import Message

_HEADER_LINE = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,20}(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:)")
_IN_PARTS_OR_ENCODED = re.compile(
    rb"^Content-(?:Transfer-Encoding:[ \t]{0,9}(?:base64|quoted-printable)|"
    rb"Type:[ \t]{0,9}(?:multipart/|message/|text/html))",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL_BEGINS = re.compile(
    rb"^From [^\r\n]{0,300}\d\d?:\d\d[^\r\n]{0,100}\r?\n(?=[A-Za-z>][A-Za-z0-9-]{0,60}:? )", re.MULTILINE
)
_HEADERS_BEGIN = re.compile(
    rb"(?<=\n)\r?\n(?=(?:Return-Path|Received|Delivered-To|Date|From|To|Subject|Message-ID|MIME-Version):[^\r\n]{0,900}\r?\n"
    rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:|[ \t]))",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(rb'boundary[ \t]{0,9}=[ \t]{0,9}"?([^"\s;]{1,100})"?', re.IGNORECASE)
_HEADERS_END = re.compile(rb"\r?\n\r?\n|\r\r")
_MAIL_NAMES = (".eml", ".mbox", ".txt", ".mail")
_DEEPEST = 12
_SHOWN_HEADERS = ("From", "Date", "Subject")
_MARKUP_BREAK = re.compile(r"<(?:br|/p|/div|/tr|/h[1-6]|/li)\b[^<>]{0,500}>", re.IGNORECASE)
_HIDDEN_MARKUP = (("<head", "</head>"), ("<style", "</style>"), ("<script", "</script>"))
_MARKUP_TAG = re.compile(r"</?[A-Za-z!][^<>]{0,5000}>")


def is_encoded_mail(data: bytes) -> bool:
    """Whether a file begins with a mail's headers, and a mail near its beginning is in parts or encoded."""
    return _HEADER_LINE.match(data) is not None and _IN_PARTS_OR_ENCODED.search(data, 0, DETECTION_BYTES) is not None


def decode_mail(data: bytes) -> DecodedText:
    """The text of a file's mails as a mail program shows it: each mail's headers, and its plain text after them.

    Lines are those of this text. A file without any mail in parts or encoded is decoded as it is. Raises
    :class:`~reader.domain.errors.ParseError` for a great many mails with hardly anything in them.
    """
    if _HEADER_LINE.match(data) is None or _IN_PARTS_OR_ENCODED.search(data) is None:
        return decode(data)
    mails = list(_mails(data))
    refuse_crumbs(len(mails), len(data), "mails", least=500)
    decoded = [_decode_one(mail, _DEEPEST) for mail in mails]
    uncertain = any(each.uncertain for each in decoded)
    return replace(decoded[0], text="\n\n".join(each.text for each in decoded), uncertain=uncertain)


def _mails(data: bytes) -> Iterator[bytes]:
    """The mails of a file, parted by lines ``From `` or just put together; what precedes the first belongs to it."""
    starts = [match.start() for match in _MAIL_BEGINS.finditer(data)]
    # A file may begin with headers instead of a line “From ”; its first mail then begins at 0.
    bounds = [0, *(start for start in starts if start), len(data)]
    for start, end in pairwise(bounds):
        yield from _put_together(data[start:end])


def _put_together(data: bytes) -> Iterator[bytes]:
    """Mails without lines between them: one begins where headers follow a mail's text, or the end of its parts."""
    start = 0
    while start < len(data):
        headers_end = _HEADERS_END.search(data, start)
        body = headers_end.end() if headers_end else len(data)
        boundary = _BOUNDARY.search(data, start, body)
        if boundary:
            closing = data.find(b"--" + boundary[1] + b"--", body)
            body = closing if closing >= 0 else len(data)
        following = _HEADERS_BEGIN.search(data, body)
        end = following.start() if following else len(data)
        yield data[start:end]
        start = following.end() if following else end


def _decode_one(mail: bytes, depth: int) -> DecodedText:
    """One mail's headers and text; as it is where nothing in it is encoded, or where it cannot be read."""
    headers_end = _HEADERS_END.search(mail)
    if depth <= 0 or headers_end is None or _IN_PARTS_OR_ENCODED.search(mail) is None:
        return decode(mail)
    texts = _read(mail, depth)
    if texts is None:
        return decode(mail)
    headers = decode(mail[: headers_end.start()])
    text = "\n\n".join([headers.text, *(each.text for each in texts)])
    return DecodedText(text, texts[0].encoding if texts else "utf-8", any(each.uncertain for each in texts))


def _read(mail: bytes, depth: int) -> list[DecodedText] | None:
    """The texts of a mail; None where it holds none or cannot be read."""
    from email import message_from_bytes

    try:
        return list(_texts(message_from_bytes(mail.lstrip()), depth)) or None
    except Exception:  # the standard library's reader fails in many ways on mails that nobody sent
        return None


def _texts(message: Message, depth: int) -> Iterator[DecodedText]:
    """The texts in a mail or one of its parts, and those of the mails in it."""
    kind = message.get_content_type()
    parts = message.get_payload()
    if depth <= 0:
        yield decode(message.as_bytes())
    elif kind == "message/rfc822" and isinstance(parts, list):
        yield from _attached(message, depth)
    elif kind == "multipart/alternative" and isinstance(parts, list):
        yield from _best(cast("list[Message]", parts), depth)
    elif isinstance(parts, list):
        for part in parts:
            yield from _texts(cast("Message", part), depth - 1)
    else:
        yield from _leaf(message, kind, depth)


def _best(parts: list[Message], depth: int) -> Iterator[DecodedText]:
    """The plain form of a text that comes in several, else the first form with any text."""
    # Sorting is stable: after plain text, the other forms stay in the mail's own order of preference.
    ordered = sorted(parts, key=lambda part: part.get_content_type() != "text/plain")
    for part in ordered:
        if found := list(_texts(part, depth - 1)):
            yield from found
            return


def _attached(message: Message, depth: int) -> Iterator[DecodedText]:
    """The texts of a mail that is attached whole, which some programs encode against the standard."""
    inner = cast("list[Message]", message.get_payload())[0]
    if str(message.get("Content-Transfer-Encoding", "")).strip().lower() == "base64" and not inner.keys():
        try:
            mail = base64.b64decode("".join(str(inner.get_payload()).split()), validate=True)
        except (binascii.Error, ValueError):
            yield DecodedText(str(inner.get_payload()), "utf-8", uncertain=True)
            return
        yield _decode_one(mail, depth - 1)
        return
    shown = [f"{name}: {clean_text(str(inner[name]))}" for name in _SHOWN_HEADERS if inner[name]]
    if shown:
        yield DecodedText("\n".join(shown), "utf-8")
    yield from _texts(inner, depth - 1)


def _leaf(message: Message, kind: str, depth: int) -> Iterator[DecodedText]:
    """The text of a part that holds no others; none where it is a picture, a document or the like."""
    payload = message.get_payload(decode=True)
    if not isinstance(payload, bytes) or not payload.strip():
        return
    name = (message.get_filename() or "").lower()
    if kind == "text/plain":
        yield _decoded(payload, message.get_content_charset())
    elif kind == "text/html":
        yield _from_html(_decoded(payload, message.get_content_charset()))
    elif name.endswith(_MAIL_NAMES) or (
        kind.startswith(("message/", "application/octet")) and _HEADER_LINE.match(payload)
    ):
        for mail in _mails(payload):
            yield _decode_one(mail, depth - 1)


def _decoded(payload: bytes, charset: str | None) -> DecodedText:
    """Bytes as text: in the encoding that the mail names, where they are valid in it."""
    if charset and charset not in {"utf-8", "us-ascii", "ascii"}:
        try:
            return DecodedText(clean_text(payload.decode(charset)), charset)
        except (UnicodeError, LookupError, ValueError):
            pass
    return decode(payload)


def _from_html(decoded: DecodedText) -> DecodedText:
    """The lines that a reader of HTML sees, without their looks."""
    from html import unescape

    text = decoded.text
    for opening, closing in _HIDDEN_MARKUP:
        text = _without(text, opening, closing)
    text = _MARKUP_BREAK.sub("\n", text)
    return replace(decoded, text=clean_text(unescape(_MARKUP_TAG.sub("", text))))


def _without(text: str, opening: str, closing: str) -> str:
    """A text without everything between these marks."""
    folded = text.lower() if text.isascii() else "".join(char.lower() if char.isascii() else char for char in text)
    kept, end = [], 0
    while (start := folded.find(opening, end)) >= 0 and (close := folded.find(closing, start)) >= 0:
        kept.append(text[end:start])
        end = close + len(closing)
    return "".join([*kept, text[end:]])
