"""What servers answer: a whole body with what identifies its version, and the sentence for every other answer."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from reader.domain.errors import FetchError

LONGEST_RETRY = 7 * 24 * 3600.0
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_MISSING = frozenset({404, 410})
_HTML = re.compile(rb"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)[\s>]", re.IGNORECASE | re.DOTALL)
_REASONS = {
    401: "{host} refuses access ({status}). Check the address and the key in it.",
    403: "{host} refuses access ({status}). Check the address and the key in it.",
    404: "{host} has no such page ({status}). Check the address.",
    410: "{host} has no such page any more ({status}). Check the address.",
    304: "{host} says that nothing has changed ({status}), although Lectern has no earlier copy. Try again later.",
    429: "{host} asks for fewer requests ({status}). Try again later.",
    503: "{host} is not available at the moment ({status}). Try again later.",
}


class PassingError(FetchError):
    """A failure that may be over soon, so that the same request is worth another try."""


class MissingError(FetchError):
    """The server knows nothing under the address."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server calls the version of an answer: its ``ETag`` and its ``Last-Modified``; empty where it does not."""

    etag: str = ""
    modified: str = ""

    def __bool__(self) -> bool:
        return bool(self.etag or self.modified)

    def headers(self) -> dict[str, str]:
        """The headers that ask for an answer only if there is another version."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in asked.items() if value}


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status, headers (names in lower case), unpacked body, and the address it came from."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    address: str

    @property
    def validators(self) -> Validators:
        """What the server calls this version; nonsense (an empty tag, no date) counts as nothing."""
        etag = self.headers.get("etag", "").strip()
        modified = self.headers.get("last-modified", "").strip()
        is_tag = re.fullmatch(r'(?:W/)?"[\x21\x23-\x7e]{1,500}"', etag)
        return Validators(etag if is_tag else "", modified if _seconds_of_date(modified) is not None else "")


def refuse(answer: Answer, host: str) -> None:
    """Raise :class:`FetchError` for an answer that is no success; :class:`PassingError` where it may pass."""
    if answer.status == 200:
        return
    if answer.status in _PASSING:
        sentence = _REASONS.get(answer.status, "{host} has a fault of its own ({status}). Try again later.")
        raise PassingError(sentence.format(host=host, status=answer.status), retry_after(answer.headers))
    usual = "{host} does not accept the request ({status}). Check what is asked for."
    kind = MissingError if answer.status in _MISSING else FetchError
    raise kind(_REASONS.get(answer.status, usual).format(host=host, status=answer.status))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds after which a server allows the next request, given as a number or as a date; None if not at all.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
    """
    shown = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,12}", shown):
        return min(float(shown), LONGEST_RETRY)
    then = _seconds_of_date(shown)
    if then is None:
        return None
    now = _seconds_of_date(headers.get("date", ""))
    return min(max(then - (time.time() if now is None else now), 0.0), LONGEST_RETRY)


def is_web_page(content: bytes) -> bool:
    """Whether a body is an HTML page."""
    return bool(_HTML.match(content[:2048].removeprefix(b"\xef\xbb\xbf")))


def web_page_error(host: str) -> FetchError:
    """The error for a web page where papers were expected."""
    return FetchError(
        f"{host} answered with a web page instead of papers. Check the address, and whether this network asks for a "
        "sign-in in the browser."
    )


def damaged_error(host: str) -> FetchError:
    """The error for an answer that nobody can read."""
    return FetchError(f"The answer of {host} is damaged or breaks off, so nothing of it was kept. Try again later.")


def _seconds_of_date(text: str) -> float | None:
    """A date of HTTP as seconds since 1970; None for any other text."""
    try:
        return parsedate_to_datetime(text.strip()).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
