"""Mails as mail programs save them, whose body may be encoded for transport (base64, quoted-printable, multipart)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from reader.formats.decoding import DecodedText, decode
from reader.formats.format import DETECTION_BYTES

if TYPE_CHECKING:
    from email.message import Message

_HEADER_LINE = re.compile(rb"(?:\xef\xbb\xbf)?(?:From |[A-Za-z][A-Za-z0-9-]{1,60}:)")
_ENCODED = re.compile(
    rb"^Content-Transfer-Encoding:[ \t]{0,9}(?:base64|quoted-printable)", re.IGNORECASE | re.MULTILINE
)
_HEADERS_END = re.compile(rb"\r?\n\r?\n|\r\r")


def is_encoded_mail(data: bytes) -> bool:
    """Whether a file begins with a mail's headers, and its body is encoded for transport."""
    return _HEADER_LINE.match(data) is not None and _ENCODED.search(data, 0, DETECTION_BYTES) is not None


def decode_mail(data: bytes) -> DecodedText:
    """The text of a mail as a mail program shows its source decoded: its headers, and its plain text after them.

    Lines are those of this text. A file that is no encoded mail, or has no plain text, is decoded as it is.
    """
    headers_end = _HEADERS_END.search(data)
    if not is_encoded_mail(data) or headers_end is None:
        return decode(data)
    body = _plain_text(data)
    if body is None:
        return decode(data)
    decoded = decode(body)
    headers = decode(data[: headers_end.start()])
    return replace(decoded, text=f"{headers.text}\n\n{decoded.text}")


def _plain_text(data: bytes) -> bytes | None:
    """The bytes of a mail's first part of plain text, decoded from transport; None where there is none."""
    from email import message_from_bytes

    try:
        message: Message = message_from_bytes(data)
        for part in message.walk():
            payload = part.get_payload(decode=True) if part.get_content_type() == "text/plain" else None
            if isinstance(payload, bytes):
                return payload
    except Exception:  # the standard library's reader fails in many ways on mails that nobody sent
        return None
    return None
