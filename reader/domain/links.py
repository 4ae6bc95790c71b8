"""Links in texts: which addresses may be opened, and which lead to code."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

CODE_HOSTS = frozenset(
    {
        "github.com",
        "gitlab.com",
        "bitbucket.org",
        "codeberg.org",
        "gitee.com",
        "huggingface.co",
        "anonymous.4open.science",
        "sourceforge.net",
        "sr.ht",
    }
)
_LINK = re.compile(
    r"(?:https?://|www\.|(?<![\w.@/-])(?:github\.com|gitlab\.com|bitbucket\.org|huggingface\.co|codeberg\.org)/)"
    r"[^\s<>\"'`{}|\\^\[\]\u0000-\u001f]{1,2000}",
    re.IGNORECASE,
)
_NOT_CODE = re.compile(r"huggingface\.co/(?:papers|login|docs|blog|join|pricing)(?:[/?#]|$)", re.IGNORECASE)
_MAXIMUM_LENGTH = 2_000


def is_safe_url(address: str) -> bool:
    """Whether an address may be opened: http or https, with a host and without user information."""
    if len(address) > _MAXIMUM_LENGTH or any(ord(char) <= 0x20 or char in '\x7f\\"<>' for char in address):
        return False
    try:
        parts = urlsplit(address)
        # urlsplit checks the port only when it is read, and then raises ValueError.
        port_is_sane = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and port_is_sane


def find_links(text: str) -> list[tuple[int, int, str]]:
    """The links in a text, in order, as (start, end, address); an address without scheme gets ``https://``."""
    found = []
    for match in _LINK.finditer(text):
        shown = _without_trailing_punctuation(match[0])
        address = shown if shown.lower().startswith("http") else f"https://{shown}"
        if is_safe_url(address) and "." in (urlsplit(address).hostname or "").strip("."):
            found.append((match.start(), match.start() + len(shown), address))
    return found


def find_code_urls(text: str) -> tuple[str, ...]:
    """The addresses of code repositories in a text (on known code hosts), in order, each once."""
    addresses = (address for _, _, address in find_links(text) if is_code_url(address))
    return tuple(dict.fromkeys(addresses))


def is_code_url(address: str) -> bool:
    """Whether an address is on a known code host and names something there."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host in CODE_HOSTS and len(parts.path) > 1 and not _NOT_CODE.search(address)


def _without_trailing_punctuation(link: str) -> str:
    """A link without the punctuation of the sentence after it; a closing parenthesis stays if the link opened it."""
    while link:
        last = link[-1]
        closes_nothing = last == ")" and link.count("(") < link.count(")")
        if last in ".,;:!?*_$~…。，、；：）」』”’" or closes_nothing:
            link = link[:-1]
        else:
            break
    return link
