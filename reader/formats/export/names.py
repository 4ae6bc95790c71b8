"""Names that other tools accept: files, Obsidian's tags, block ids, citation keys' parts."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from reader.formats.export.inert import one_line

MAXIMUM_FILE_NAME_BYTES = 120
_SLUG_LENGTH = 72
_SAFE_KEY = re.compile(r"[a-z0-9]{4,40}")
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_APOSTROPHES = re.compile("['’`´]")
_REPLACED_IN_NAMES = {ord(char): put for char, put in ((":", "-"), ("/", "-"), ("\\", "-"), ("|", "-"), ('"', "'"))}
_UNFIT_IN_NAMES = re.compile(r"[<>?*\[\]#^`%]")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_EDGES = " .-~'"
_RESERVED = re.compile(r"con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever follows a dot."""
_LETTERS = {
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "ng",
    "∞": "infinity", "×": "x",
}  # fmt: skip


def ascii_slug(text: str, maximum: int = _SLUG_LENGTH) -> str:
    """A text as lower-case ASCII words joined by hyphens, at most ``maximum`` long, cut between words if possible.

    Accents go, Greek letters are spelled out; empty where nothing is left (a title in Chinese).
    """
    start = _APOSTROPHES.sub("", one_line(text[: maximum * 8]))
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", start).casefold())
    words = _NOT_SLUG.sub("-", "".join(map(_ascii, decomposed))).strip("-")
    if len(words) <= maximum:
        return words
    cut = words[: maximum + 1].rfind("-")
    return words[: cut if cut > maximum // 2 else maximum].strip("-")


def short_key(key: str) -> str:
    """What of a paper's key stands in names: the key itself, or a digest of one that a name could not hold."""
    if _SAFE_KEY.fullmatch(key):
        return key
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def file_name(title: str, key: str, extension: str = ".md") -> str:
    """A name for a paper's file: what it is about, then its key, which makes it unique whatever the title.

    Legal on Windows, macOS and Linux, at most :data:`MAXIMUM_FILE_NAME_BYTES` bytes, and lower-case, so that two
    names which differ do so under case folding as well.
    """
    return f"{ascii_slug(title) or 'paper'}-{short_key(key)}{extension}"


def safe_name(text: str, extension: str, ending: str = "") -> str:
    """Any text as a file name that is legal on Windows, macOS and Linux, in Obsidian's links and in version control.

    At most :data:`MAXIMUM_FILE_NAME_BYTES` bytes with ``ending`` and ``extension``; cut between words if possible.
    Source: https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file#naming-conventions.
    """
    kept = unicodedata.normalize("NFC", one_line(text[: 8 * MAXIMUM_FILE_NAME_BYTES]))
    kept = _UNFIT_IN_NAMES.sub("", kept.replace(": ", " - ").translate(_REPLACED_IN_NAMES))
    kept = "".join(char for char in kept if unicodedata.category(char) not in _INVISIBLE)
    kept = " ".join(kept.split()).strip(_EDGES)
    room = MAXIMUM_FILE_NAME_BYTES - len(f"{ending}{extension}".encode())
    stem, dot, rest = kept.partition(".")
    kept = f"{stem}_{dot}{rest}" if _RESERVED.fullmatch(stem.rstrip()) else kept
    kept = _cut(kept, room).strip(_EDGES) or "paper"
    return f"{kept}{ending}{extension}"


def _cut(text: str, room: int) -> str:
    """As much of a text as fits into some bytes, whole characters with their accents, and whole words if possible."""
    data = text.encode()
    if len(data) <= room:
        return text
    cut = data[:room].decode("utf-8", "ignore")
    while cut and unicodedata.combining(text[len(cut)]):
        cut = cut[:-1]
    space = cut.rfind(" ")
    return cut[:space] if space > len(cut) // 2 and text[len(cut)] != " " else cut


def folded_name(name: str) -> str:
    """A file name as systems compare it that ignore case and how accents are written."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def obsidian_tag(name: str) -> str | None:
    """A tag as Obsidian allows it: letters, digits, ``_``, ``-`` and ``/``, not digits alone; None if nothing is left.

    Source: Obsidian's help, "Tags", section "Tag format".
    """
    kept = "".join(char if _is_tag_character(char) else " " for char in one_line(name))
    levels = ("-".join(level.split()).strip("-") for level in kept.split("/"))
    tag = "/".join(filter(None, levels))
    if not tag:
        return None
    return f"_{tag}" if tag.replace("/", "").isdigit() else tag


def obsidian_tags(names: Iterable[str]) -> list[str]:
    """Tags as Obsidian allows them, each once (case ignored, as Obsidian does), in order."""
    tags: dict[str, str] = {}
    for name in names:
        tag = obsidian_tag(name)
        if tag:
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())


def highlight_block_ids(key: str, highlight_ids: Iterable[int]) -> dict[int, str]:
    """The block ids (``h-7f3a9c``) of a paper's highlights: made from key and id alone, so they never change.

    Two highlights of one paper that fall on the same six digits get longer ones, the later (higher) id giving way.
    """
    taken: dict[str, int] = {}
    for highlight_id in sorted(highlight_ids):
        digest = hashlib.sha256(f"{key}:{highlight_id}".encode("utf-8", "surrogatepass")).hexdigest()
        length = next(length for length in range(6, 65) if f"h-{digest[:length]}" not in taken)
        taken[f"h-{digest[:length]}"] = highlight_id
    return {highlight_id: block_id for block_id, highlight_id in taken.items()}


def _is_tag_character(char: str) -> bool:
    """Whether Obsidian takes a character for part of a tag; vowel signs and accents belong to their letters."""
    return char in "_-/" or unicodedata.category(char)[0] in "LNM"


@lru_cache(maxsize=4_096)
def _ascii(char: str) -> str:
    """What a slug makes of one character: itself, its name where it is Greek, or nothing it can show."""
    if char.isascii():
        return char
    if unicodedata.category(char) == "Mn":
        return ""
    name = unicodedata.name(char, "")
    if name.startswith("GREEK SMALL LETTER"):
        return name.split()[3].lower().replace("lamda", "lambda") + "-"
    return _LETTERS.get(char, "-")
