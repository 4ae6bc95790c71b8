"""Names that files, tags and blocks get from texts that no one controls."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath, PureWindowsPath

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.keys import key_candidates
from reader.formats.export.names import (
    MAXIMUM_FILE_NAME_BYTES,
    ascii_slug,
    file_name,
    highlight_block_ids,
    obsidian_tag,
    obsidian_tags,
    safe_name,
    short_key,
)
from tests.examples import examples
from tests.formats.export.examples import HOSTILE, hostile_texts

RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³")}
ILLEGAL = set('<>:"/\\|?*') | {chr(code) for code in range(32)}
NAMES_OF_FILES = (
    *RESERVED,
    *(f"{name}.txt" for name in sorted(RESERVED)),
    *("..", ".", "../../etc/passwd", "..\\..\\windows\\system32", "/etc/passwd", "C:\\boot.ini", "\\\\server\\share"),
    *("name.", "name ", " name", ".hidden", "~user", "$HOME", "%PATH%", "-rf", "--help", "a/b", "a\\b", "a:stream"),
    *("Title", "title", "TITLE", "tıtle", "TİTLE", "ﬁle", "file", "ﬀ", "ff", "e\u0301", "é", "E\u0301", "ß", "ss", "ẞ"),
    *("ſ", "s", "Ω", "Ω", "ω", "K", "k", "\u2126", "ά", "ά", "ß" * 200, "é" * 300, "深" * 500, "😀" * 200),
    *("a" * 10_000, "a-" * 5_000, "a\u202eb", "a\u200bb", "a\x00b", "a\nb", "a\tb", "\ufeffa", "\ud800", "a\u2028b"),
    *HOSTILE,
)


def hostile_names() -> list[str]:
    """At least two hundred titles and tags that are unlike each other."""
    made = [f"{text} {suffix}" for text in NAMES_OF_FILES for suffix in ("", "(1)", "?")]
    return list(dict.fromkeys([*NAMES_OF_FILES, *made]))


def is_legal(name: str) -> bool:
    """Whether Windows, macOS and Linux all take a name, and it is one name."""
    return (
        0 < len(name.encode()) <= MAXIMUM_FILE_NAME_BYTES
        and not set(name) & ILLEGAL
        and name == name.strip(" .")
        and name.split(".")[0].upper() not in RESERVED
        and name.isascii()
        and len(PurePosixPath(name).parts) == len(PureWindowsPath(name).parts) == 1
    )


def test_two_hundred_hostile_titles_and_tags_make_legal_names_that_differ() -> None:
    titles = hostile_names()
    assert len(titles) >= 200
    names = [file_name(title, next(key_candidates(f"text:{title}"))) for title in titles]
    assert all(is_legal(name) for name in names), [name for name in names if not is_legal(name)]
    folded = {unicodedata.normalize("NFKC", name).casefold() for name in names}
    assert len(folded) == len(names)


@examples(300)
@given(hostile_texts(), st.text(max_size=20))
def test_any_title_with_any_key_makes_a_legal_name_that_ends_in_the_key(title: str, key: str) -> None:
    name = file_name(title, key)
    assert is_legal(name)
    assert name.endswith(f"-{short_key(key)}.md")


@given(st.text(max_size=12), st.text(max_size=12))
def test_different_keys_stay_different(one: str, other: str) -> None:
    assert (short_key(one) == short_key(other)) == (one == other)


def test_slugs_read_well() -> None:
    assert (
        ascii_slug("On the α-Divergence of Müller's Œuvre: Part Ⅳ")
        == "on-the-alpha-divergence-of-mullers-oeuvre-part-iv"
    )
    assert ascii_slug("深層学習") == ""
    assert ascii_slug("𝔼xpect Less") == "expect-less"
    long = ascii_slug("words that go on and on " * 20)
    assert len(long) <= 72 and not long.endswith("-") and set(long.split("-")) <= {"words", "that", "go", "on", "and"}


@examples(300)
@given(hostile_texts())
def test_tags_are_as_obsidian_allows_them(name: str) -> None:
    tag = obsidian_tag(name)
    if tag is None:
        assert not any(unicodedata.category(char)[0] in "LN" or char == "_" for char in name)
        return
    assert all(char in "_-/" or unicodedata.category(char)[0] in "LNM" for char in tag)
    assert not tag.replace("/", "").isdigit() and not re.search(r"//|\A/|/\Z", tag)
    assert obsidian_tag(tag) == tag


def test_tags_keep_their_levels_and_stand_there_once() -> None:
    assert obsidian_tags(["Deep Learning/GANs & co.", "2031", "RL", "rl", "हिन्दी", "—"]) == [
        "Deep-Learning/GANs-co",
        "_2031",
        "RL",
        "हिन्दी",
    ]


@given(st.text(max_size=8), st.sets(st.integers(1, 2**40), max_size=60))
def test_block_ids_are_unique_and_depend_on_nothing_else(key: str, ids: set[int]) -> None:
    made = highlight_block_ids(key, ids)
    assert made.keys() == ids and len(set(made.values())) == len(ids)
    assert all(re.fullmatch(r"h-[0-9a-f]{6,64}", name) for name in made.values())
    for highlight_id in ids:
        assert highlight_block_ids(key, [highlight_id])[highlight_id][:8] == made[highlight_id][:8]


def test_a_block_id_stays_when_a_later_one_falls_on_the_same_digits() -> None:
    ids = highlight_block_ids("abcd2345", range(1, 9_000))
    longer = {number: name for number, name in ids.items() if len(name) > 8}
    assert longer, "among nine thousand, two fall on the same six digits"
    for number, name in longer.items():
        first = min(other for other, found in ids.items() if found[:8] == name[:8])
        assert first < number and len(ids[first]) == 8


def test_two_hundred_hostile_titles_make_safe_names_that_say_what_they_said() -> None:
    for title in hostile_names():
        for ending in ("", " abcd2345"):
            name = safe_name(title, ".md", ending)
            assert is_legal_anywhere(name), name
            assert name.endswith(f"{ending}.md") and not set(name) & set("#^[]|`%")
            assert safe_name(name.removesuffix(f"{ending}.md"), ".md", ending) == name


@examples(300)
@given(st.text(max_size=200))
def test_any_text_makes_a_safe_name(text: str) -> None:
    assert is_legal_anywhere(safe_name(text, ".md"))


def is_legal_anywhere(name: str) -> bool:
    """Whether a name may stand in a folder on every system; it may hold any letters."""
    return (
        0 < len(name.encode()) <= MAXIMUM_FILE_NAME_BYTES
        and not set(name) & ILLEGAL
        and name == name.strip(" .-~") == unicodedata.normalize("NFC", name)
        and name.split(".")[0].rstrip().upper() not in RESERVED
        and not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} for char in name)
    )


def test_safe_names_read_well() -> None:
    assert safe_name("Tide Tables: When? Now/Never", ".md") == "Tide Tables - When Now-Never.md"
    assert safe_name("深層学習 “α” über alles", ".md") == "深層学習 “α” über alles.md"
    assert safe_name("CON", ".md") == "CON_.md" and safe_name("...", ".md") == "paper.md"
    assert safe_name("DBLP:conf/nips/X17", ".md") == "DBLP-conf-nips-X17.md"
    long = safe_name("wörd " * 60, ".md", " abcd2345")
    assert len(long.encode()) <= MAXIMUM_FILE_NAME_BYTES and long.endswith("wörd abcd2345.md")
