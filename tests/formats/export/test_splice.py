"""Export, edit, export again: the owner's bytes stay, the annotations arrive, nothing is written twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from reader.domain.bibliography import Publication
from reader.domain.papers import Paper
from reader.domain.settings import DeletedHighlights
from reader.formats.export.fields import paper_fields
from reader.formats.export.front_matter import find_front_matter, find_paper_key
from reader.formats.export.notes import front_matter_values, note_content
from reader.formats.export.profiles import COMMONMARK, OBSIDIAN, Profile
from reader.formats.export.regions import find_region, new_region
from reader.formats.export.splice import (
    NoteContent,
    RemarkKind,
    Splice,
    Written,
    new_note,
    note_text,
    splice_note,
)
from reader.formats.export.yaml_text import DAY_KEYS
from tests.examples import examples
from tests.formats.export.examples import TEMPLATES, highlight, hostile_texts, paper, papers

PROFILES = st.sampled_from([OBSIDIAN, COMMONMARK])


def content(of: Paper, profile: Profile = OBSIDIAN) -> NoteContent:
    return note_content(of, profile, TEMPLATES)


def front_matter(data: bytes) -> Any:
    text = note_text(data)
    assert text is not None
    span = find_front_matter(text)
    assert span is not None
    return YAML(typ="safe", pure=True).load(text[span.start : span.end])


def plain(values: Any) -> dict[str, Any]:
    """Front matter as read, with the days under the keys for days as text."""
    return {
        key: value.isoformat() if isinstance(value, date) and key in DAY_KEYS else value
        for key, value in values.items()
    }


def parts(data: bytes, profile: Profile = OBSIDIAN) -> tuple[str, str, str]:
    """A note's text before its region and after its front matter, in the region, and after it."""
    text = note_text(data)
    assert text is not None
    span = find_front_matter(text)
    start = span.end if span else 0
    region = find_region(text, profile, start)
    assert region is not None
    return text[start : region.start], text[region.start : region.end], text[region.end :]


def rewritten(data: bytes, old: str, new: str) -> bytes:
    """The owner's edit: one text replaced by another."""
    assert data.count(old.encode()) == 1, (old, data.decode())
    return data.replace(old.encode(), new.encode())


@examples(150)
@given(papers(), PROFILES)
def test_front_matter_reads_back_as_the_papers_values(of: Paper, profile: Profile) -> None:
    data = new_note(content(of, profile)).data
    assert plain(front_matter(data)) == front_matter_values(paper_fields(of))
    assert find_paper_key(data.decode()) == of.key


@examples(150)
@given(papers(), PROFILES)
def test_exporting_again_changes_nothing(of: Paper, profile: Profile) -> None:
    first = new_note(content(of, profile))
    again = splice_note(first.data, content(of, profile), Written.from_json(first.written.to_json()))
    assert again == Splice(first.data, first.written, ())


OWN_KEYS = st.lists(
    st.sampled_from(
        [
            "rating: 5\n",
            "mine:   {a: 1,   b: [x,  y]}  # comment\n",
            "# a comment alone\n",
            "reviewed: 2031-05-01\n",
            "long: |\n  keeps\n   its\n\n  shape\n",
            "wrapped: this is a long text that goes\n  on in the next line\n",
            'quoted: "a: b"\n',
            "cssclasses:\n- wide\n-   dark\n",
        ]
    ),
    max_size=3,
    unique=True,
)
NEWLINES = st.sampled_from(["\n", "\r\n", "\r"])


@examples(200)
@given(
    before=papers(),
    after=papers(),
    profile=PROFILES,
    own=OWN_KEYS,
    newline=NEWLINES,
    mark=st.sampled_from([b"", b"\xef\xbb\xbf"]),
    above=st.binary(max_size=40) | hostile_texts().map(lambda text: text.encode("utf-8", "replace")),
    below=st.binary(max_size=40) | hostile_texts().map(lambda text: text.encode("utf-8", "replace")),
)
def test_edits_outside_the_region_stay_and_the_annotations_arrive(
    before: Paper,
    after: Paper,
    profile: Profile,
    own: list[str],
    newline: str,
    mark: bytes,
    above: bytes,
    below: bytes,
) -> None:
    for text in (above, below):
        lines = text.decode("utf-8", "surrogateescape").replace("\r", "\n").split("\n")
        assume(not any(profile.is_mark(line) for line in lines))
    first = new_note(content(before, profile))
    head, rest = first.data.split(b"---\n" + profile.start.encode(), 1)
    head += "".join(own).encode()
    body = profile.start.encode() + rest
    edited = (
        mark
        + (head + b"---\n").replace(b"\n", newline.encode())
        + above
        + newline.encode()
        + body.replace(b"\n", newline.encode())
        + below
    )
    second = splice_note(edited, content(after, profile), first.written)

    assert second.remarks == ()
    assert second.data.startswith(mark + b"---" + newline.encode())
    was_above, _, was_below = parts(edited, profile)
    is_above, region, is_below = parts(second.data, profile)
    assert (is_above, is_below) == (was_above, was_below)
    fresh = new_region(content(after, profile).blocks, newline)
    assert sorted(region.split(newline)) == sorted(fresh.split(newline))
    values = plain(front_matter(second.data))
    expected = front_matter_values(paper_fields(after))
    assert {key: values.get(key) for key in expected if key not in {"tags", "aliases"}} == {
        key: value for key, value in expected.items() if key not in {"tags", "aliases"}
    }
    for key in ("tags", "aliases"):
        assert {item.casefold() for item in values[key]} == {item.casefold() for item in expected[key]}
    assert set(values) == set(expected) | {text.split(":")[0] for text in own if not text.startswith("#")}
    for text in own:
        assert text.replace("\n", newline).encode() in second.data
    third = splice_note(second.data, content(after, profile), second.written)
    assert third.data == second.data


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_a_wide_encoding_stays(encoding: str) -> None:
    first = new_note(content(paper()))
    mark = "\ufeff".encode(encoding)
    wide = mark + (first.data.decode() + "Mine: é").encode(encoding)
    second = splice_note(wide, content(paper(note="Another note.")), first.written)
    assert second.data.startswith(mark)
    text = second.data[len(mark) :].decode(encoding)
    assert "Another note." in text and text.endswith("Mine: é")
    broken = wide[:-1]
    left = splice_note(broken, content(paper(note="Another note.")), first.written)
    assert left.data == broken
    assert [remark.kind for remark in left.remarks] == [RemarkKind.NOTE_UNREADABLE]


TWO = (highlight(1, exact="First quote"), highlight(2, start=20, exact="Second quote"))


def test_an_edited_block_is_left_and_the_others_are_updated() -> None:
    first = new_note(content(paper(highlights=TWO)))
    edited = rewritten(first.data, "First quote", "First quote, which I doubt")
    news = (replace(TWO[0], comment="news"), replace(TWO[1], comment="news"))
    second = splice_note(edited, content(paper(highlights=news)), first.written)
    assert b"First quote, which I doubt" in second.data
    assert second.data.count(b"news") == 1
    (remark,) = second.remarks
    assert (remark.kind, remark.withheld) == (RemarkKind.BLOCK_EDITED, True)
    assert second.is_edited
    assert splice_note(second.data, content(paper(highlights=news)), second.written).data == second.data
    back = rewritten(second.data, "First quote, which I doubt", "First quote")
    third = splice_note(back, content(paper(highlights=news)), second.written)
    assert third.data.count(b"news") == 2 and not third.is_edited


def test_ours_is_put_beside_an_edited_block_on_request() -> None:
    first = new_note(content(paper(highlights=TWO)))
    edited = rewritten(first.data, "First quote", "My own words")
    news = (replace(TWO[0], comment="news"), TWO[1])
    second = splice_note(edited, content(paper(highlights=news)), first.written, beside=True)
    text = second.data.decode()
    assert "My own words" in text and text.index("My own words") < text.index("First quote") < text.index("news")
    ids = [line for line in text.splitlines() if line.startswith("^h-")]
    assert len(ids) == len(set(ids)) == 2
    assert not second.remarks
    assert splice_note(second.data, content(paper(highlights=news)), second.written, beside=True).data == second.data
    newer = content(paper(highlights=(replace(TWO[0], comment="newest"), TWO[1])))
    third = splice_note(second.data, newer, second.written)
    assert b"My own words" in third.data and b"newest" in third.data and b"news\n" not in third.data


def test_what_the_owner_writes_between_blocks_stays_and_blocks_the_way_of_nothing() -> None:
    first = new_note(content(paper(highlights=TWO)))
    lines = first.data.decode().split("\n")
    at = lines.index("> [!quote] Claim")
    edited = "\n".join([*lines[:at], "My remark.", "", *lines[at:]]).encode()
    news = (replace(TWO[0], comment="news"), replace(TWO[1], comment="news"))
    second = splice_note(edited, content(paper(highlights=news)), first.written)
    assert second.data.count(b"news") == 2 and b"My remark.\n\n> [!quote] Claim" in second.data
    assert not second.is_edited
    gone = splice_note(second.data, content(paper(highlights=())), second.written)
    assert b"My remark." in gone.data and b"quote]" not in gone.data


def test_a_block_that_the_owner_removed_stays_away() -> None:
    first = new_note(content(paper(highlights=TWO)))
    text = first.data.decode()
    start, end = text.index("> [!quote] Claim\n> First"), text.index("> [!quote] Claim\n> Second")
    edited = (text[:start] + text[end:]).encode()
    news = content(paper(highlights=(replace(TWO[0], comment="news"), TWO[1])))
    second = splice_note(edited, news, first.written)
    assert second.data == edited
    (remark,) = second.remarks
    assert (remark.kind, remark.withheld) == (RemarkKind.BLOCK_REMOVED, True)
    asked = splice_note(edited, news, second.written, beside=True)
    assert asked.data.index(b"First quote") < asked.data.index(b"news") < asked.data.index(b"Second quote")


def test_deleted_highlights_go_or_are_struck_through() -> None:
    first = new_note(content(paper(highlights=TWO)))
    fewer = content(paper(highlights=TWO[1:]))
    gone = splice_note(first.data, fewer, first.written)
    assert b"First quote" not in gone.data and gone.data == new_note(fewer).data
    struck = splice_note(first.data, fewer, first.written, deleted=DeletedHighlights.STRIKE)
    assert b"> ~~First quote~~" in struck.data and b"> [!quote] ~~Claim~~" in struck.data
    again = splice_note(struck.data, fewer, struck.written, deleted=DeletedHighlights.STRIKE)
    assert again.data == struck.data
    back = splice_note(struck.data, content(paper(highlights=TWO)), struck.written)
    assert back.data == first.data


def test_an_edited_block_of_a_deleted_highlight_stays() -> None:
    first = new_note(content(paper(highlights=TWO)))
    edited = rewritten(first.data, "First quote", "My own words")
    second = splice_note(edited, content(paper(highlights=TWO[1:])), first.written)
    assert second.data == edited
    assert [remark.kind for remark in second.remarks] == [RemarkKind.BLOCK_EDITED]


def test_a_missing_region_means_front_matter_only_and_is_said() -> None:
    first = new_note(content(paper()))
    text = first.data.decode()
    bare = (text[: text.index("%%lectern%%")] + "All mine now.\n").encode()
    second = splice_note(bare, content(paper(starred=False, note="news")), first.written)
    assert second.data == bare.replace(b"starred: true", b"starred: false")
    assert [remark.kind for remark in second.remarks] == [RemarkKind.REGION_MISSING]
    assert "%%lectern%%" in second.remarks[0].text


@pytest.mark.parametrize("old", ["%%/lectern%%", "%%lectern%%"])
def test_a_damaged_region_is_left_alone(old: str) -> None:
    first = new_note(content(paper()))
    for new in ("", f"{old}\n{old}"):
        broken = rewritten(first.data, old, new)
        second = splice_note(broken, content(paper(note="news")), first.written)
        assert second.data == broken
        assert [remark.kind for remark in second.remarks] == [RemarkKind.REGION_DAMAGED]


def test_marks_in_a_note_do_not_break_the_region() -> None:
    note = "%%/lectern%%\n^note\n%%lectern%%\ntext"
    for profile in (OBSIDIAN, COMMONMARK):
        first = new_note(content(paper(note=note.replace("%%", "%%")), profile))
        second = splice_note(first.data, content(paper(note="short"), profile), first.written)
        assert second.remarks == () and second.data == new_note(content(paper(note="short"), profile)).data


@pytest.mark.parametrize(
    "damage",
    [
        ("state: queued", "state: [queued"),
        ("state: queued", "\tstate: queued"),
        ("state: queued", "state: queued\nstate: done"),
        ("state: queued", "state: *nowhere"),
        ("state: queued", "state: queued\n? [complex]\n: key"),
        ("state: queued", "state: queued\n...\n"),
    ],
)
def test_front_matter_that_does_not_parse_is_left_alone_but_the_region_is_not(damage: tuple[str, str]) -> None:
    first = new_note(content(paper()))
    broken = rewritten(first.data, *damage)
    second = splice_note(broken, content(paper(starred=False, note="news")), first.written)
    assert second.data.split(b"---\n")[1] == broken.split(b"---\n")[1]
    assert b"news" in second.data
    assert [remark.kind for remark in second.remarks] == [RemarkKind.FRONT_MATTER_UNREADABLE]
    assert find_paper_key(broken.decode()) == paper().key


@pytest.mark.parametrize(
    "front",
    ["a: " + "[" * 60 + "]" * 60, "a: " + "{" * 20_000, "a: " + "[" * 100_000, "a: " + "x " * 60_000],
    ids=["nested", "unclosed", "unclosed and long", "long"],
)
def test_front_matter_that_would_keep_the_reader_busy_is_left_alone(front: str) -> None:
    first = new_note(content(paper()))
    busy = rewritten(first.data, "state: queued", f"{front}\nstate: queued")
    second = splice_note(busy, content(paper(starred=False, note="news")), first.written)
    assert [remark.kind for remark in second.remarks] == [RemarkKind.FRONT_MATTER_UNREADABLE]
    assert second.data.split(b"---\n")[1] == busy.split(b"---\n")[1] and b"news" in second.data
    assert find_paper_key(busy.decode()) == paper().key


def test_rules_in_the_body_are_no_front_matter() -> None:
    body = b"Text first\n---\npaper-key: abcd2345\n---\n"
    assert find_paper_key(body.decode()) is None
    assert find_front_matter("\n---\na: 1\n---\n") is None
    assert find_front_matter("---\nno end") is None
    first = new_note(content(paper()))
    ruled = first.data + b"\n---\ntitle: mine\n---\n"
    second = splice_note(ruled, content(paper(title="Changed")), first.written)
    assert second.data.endswith(b"\n---\ntitle: mine\n---\n") and b"title: Changed\n" in second.data


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("tags:\n  - sleep\n  - method/counting\n", "tags:\n  - sleep\n  - new\n"),
        ("tags:\n- mine\n- sleep # why\n- method/counting\n", "tags:\n- mine\n- sleep # why\n- new\n"),
        ("tags: [Sleep, mine,  method/counting]\n", "tags: [Sleep, mine, new]\n"),
        ("tags: [method/counting, 'own one', sleep] # c\n", "tags: ['own one', sleep, new] # c\n"),
        ("tags: method/counting, mine\n", "tags:\n  - mine\n  - new\n"),
        ("tags:\n", "tags:\n  - new\n"),
        ("tags: []\n", "tags:\n  - new\n"),
        ('tags: ["#sleep", "#method/counting"]\n', 'tags: ["#sleep", new]\n'),
        ("", "tags:\n  - new\n"),
    ],
)
def test_tags_are_merged_three_way_in_the_form_they_have(tags: str, expected: str) -> None:
    first = new_note(content(paper()))
    own = "tags:\n  - sleep\n  - method/counting\n"
    edited = rewritten(first.data, own, tags)
    second = splice_note(edited, content(paper(tags=("sleep", "new"))), first.written)
    assert expected in second.data.decode()
    assert not second.is_edited
    again = splice_note(second.data, content(paper(tags=("sleep", "new"))), second.written)
    assert again.data == second.data


def test_aliases_of_the_owner_stay_and_ours_follows_the_title() -> None:
    first = new_note(content(paper()))
    edited = rewritten(first.data, "aliases:\n", "aliases:\n  - Sheep paper\n")
    second = splice_note(edited, content(paper(title="Counting Goats")), first.written)
    assert front_matter(second.data)["aliases"] == ["Sheep paper", "Counting Goats"]


def test_values_written_in_another_way_are_not_written_again() -> None:
    first = new_note(content(paper()))
    edited = rewritten(
        first.data, "title: Counting Sheep Without Sleeping", "title:  'Counting Sheep Without Sleeping'"
    )
    edited = rewritten(edited, "authors:\n  - Ada Invented\n  - Bo Madeup\n", "authors: [Ada Invented,   Bo Madeup]\n")
    assert splice_note(edited, content(paper()), first.written).data == edited


def test_replaced_keys_are_replaced_whatever_stands_there() -> None:
    first = new_note(content(paper()))
    for new in (
        "state:",
        "state: >-\n  done\n  and dusted",
        "state: {a: b}",
        "state:\n  - a\n  - b",
        "state: 'x' # keep",
    ):
        edited = rewritten(first.data, "state: queued", new)
        second = splice_note(edited, content(paper(authors=("Ada Invented", "Cy New"))), first.written)
        values = front_matter(second.data)
        assert values["state"] == "queued" and values["authors"] == ["Ada Invented", "Cy New"]
        assert ("# keep" in new) == (b"# keep" in second.data)


def test_a_key_that_the_owner_removed_stays_away_and_one_without_value_goes() -> None:
    first = new_note(content(paper()))
    edited = rewritten(first.data, "starred: true\n", "")
    second = splice_note(edited, content(paper(published=None)), first.written)
    assert "starred" not in front_matter(second.data) and "published" not in front_matter(second.data)
    assert [remark.kind for remark in second.remarks] == [RemarkKind.KEY_REMOVED]
    assert not second.is_edited


def test_adopting_a_note_adds_what_it_lacks_and_keeps_the_rest() -> None:
    own = b"---\ntags: [mine]\n---\nMy thoughts about arXiv:3104.01234"
    adopted = splice_note(own, content(paper()), None, adopt=True)
    assert adopted.data.startswith(b"---\ntags: [mine, sleep, method/counting]\npaper-key: abcd2345\n")
    assert b"---\nMy thoughts about arXiv:3104.01234\n\n%%lectern%%\n" in adopted.data
    assert splice_note(adopted.data, content(paper()), adopted.written).data == adopted.data
    bare = splice_note(b"", content(paper()), None, adopt=True)
    assert bare.data.replace(b"---\n\n%%", b"---\n%%") == new_note(content(paper())).data


def test_without_knowledge_of_what_was_written_nothing_is_overwritten() -> None:
    first = new_note(content(paper(highlights=TWO)))
    same = splice_note(first.data, content(paper(highlights=TWO)), None)
    assert same.data == first.data and not same.remarks
    news = content(paper(highlights=(replace(TWO[0], comment="news"), TWO[1])))
    other = splice_note(first.data, news, None)
    assert b"news" not in other.data and other.is_edited


def test_what_a_bibliography_says_yields_to_what_stands_in_a_note() -> None:
    first = new_note(content(paper()))
    own = first.data.replace(b"---\n", b"---\nvenue: My own venue\n", 1)
    known = paper(doi="10.5555/sheep", publication=Publication("Annals of Sleep", "12"))
    second = splice_note(own, content(known), first.written)
    values = front_matter(second.data)
    assert (values["venue"], values["doi"], values["volume"]) == ("My own venue", "10.5555/sheep", "12")
    changed = second.data.replace(b"10.5555/sheep", b"10.5555/mine")
    later = paper(doi="10.5555/other", publication=Publication("Annals of Wool", "13"))
    third = splice_note(changed, content(later), second.written)
    values = front_matter(third.data)
    assert (values["venue"], values["doi"], values["volume"]) == ("My own venue", "10.5555/mine", "13")
    adopted = splice_note(b"---\ndoi: mine\n---\nText", content(known), None, adopt=True)
    assert front_matter(adopted.data)["doi"] == "mine" and b"Annals of Sleep" in adopted.data


@pytest.mark.parametrize("authors", [(), ("Zoe New",), ("Bo Madeup",)])
@pytest.mark.parametrize("tags", [(), ("new",)])
def test_comments_between_items_stay(authors: tuple[str, ...], tags: tuple[str, ...]) -> None:
    first = new_note(content(paper()))
    edited = rewritten(first.data, "  - Ada Invented\n", "  - Ada Invented\n# about Bo\n")
    edited = rewritten(edited, "tags:\n  - sleep\n", "tags: # ours\n# asleep\n  - sleep\n")
    second = splice_note(edited, content(paper(authors=authors, tags=tags)), first.written)
    lines = second.data.decode().split("\n")
    assert "# about Bo" in lines and "# asleep" in lines and any(line.endswith("# ours") for line in lines)
    values = front_matter(second.data)
    assert values.get("authors", []) == list(authors) and values["tags"] == list(tags) and not second.remarks


SCRIBBLES = st.sampled_from(
    [
        *(
            "MINE",
            "",
            "---",
            "%%lectern%%",
            "%%/lectern%%",
            "^note",
            "^paper",
            "^h-123456",
            "^mine",
            "> quote",
            "# Head",
        ),
        *("```", "%%", "<!--", "tags: [x, y]", "title: mine", "mine: 1", "aliases:", "  - item", "- item", "\ttab: x"),
        *("starred: {a: b}", "paper-key: zzzz2345", "&anchor x", "*alias", "{", "]", "é\u2028x", "a: 'b", "? q", "..."),
    ]
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["insert", "delete", "replace", "swap", "copy"]), st.integers(0, 60), SCRIBBLES),
    max_size=8,
)


def scribbled(data: bytes, changes: list[tuple[str, int, str]]) -> tuple[bytes, list[str]]:
    """A note after its owner's edits anywhere in it, and the lines that are the owner's alone."""
    lines = data.decode().split("\n")
    own = []
    for number, (kind, place, text) in enumerate(changes):
        at = place % (len(lines) + 1)
        if kind == "insert":
            lines.insert(at, f"{text} by hand {number}" if "MINE" in text else text)
            own.append(lines[at])
        elif at < len(lines) and kind == "delete":
            del lines[at]
        elif at < len(lines) and kind == "replace":
            lines[at] = text
        elif at + 1 < len(lines) and kind == "swap":
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        elif at < len(lines) and kind == "copy":
            lines.insert(at, lines[-1 - at])
    return "\n".join(lines).encode(), [line for line in own if "MINE" in line and line in lines]


@examples(400)
@given(
    first=papers(),
    later=papers(),
    profile=PROFILES,
    changes=CHANGES,
    beside=st.booleans(),
    deleted=st.sampled_from(DeletedHighlights),
    forgotten=st.booleans(),
)
def test_after_any_edit_the_owners_lines_stay_and_a_further_export_changes_nothing(
    first: Paper,
    later: Paper,
    profile: Profile,
    changes: list[tuple[str, int, str]],
    beside: bool,
    deleted: DeletedHighlights,
    forgotten: bool,
) -> None:
    made = new_note(content(first, profile))
    edited, own = scribbled(made.data, changes)
    wanted = content(later, profile)
    last = None if forgotten else made.written
    second = splice_note(edited, wanted, last, beside=beside, deleted=deleted)
    for line in own:
        assert line in second.data.decode().split("\n"), line
    again = splice_note(second.data, wanted, second.written, deleted=deleted)
    assert again.data == second.data
    third = splice_note(again.data, content(first, profile), again.written, deleted=deleted)
    for line in own:
        assert line in third.data.decode().split("\n"), line
