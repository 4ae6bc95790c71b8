"""Tags: on papers, of the library, and completing their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.annotations import Tag, TagNameError
from reader.domain.errors import NotFoundError, ReaderError
from reader.services import Library
from reader.services.library.history import undone_text
from reader.services.library.tag_completion import complete_tags
from tests.services.annotating import bring, paper, state_of, titles


def test_tags_of_a_selection_are_told_apart_as_shared_by_all_or_some(annotated: Library) -> None:
    annotated.tags.add([1, 2, 3], ["all", "É"])
    annotated.tags.add([2], ["some"])
    uses = [(use.tag.name, use.count, use.is_on_all) for use in annotated.tags.on([1, 2])]
    assert uses == [("all", 2, True), ("É", 2, True), ("some", 1, False)]
    assert annotated.tags.on([4]) == annotated.tags.on([]) == []


def test_adding_and_removing_is_one_step_that_names_both(annotated: Library) -> None:
    annotated.tags.add([1, 2], ["old"])
    before = state_of(annotated)
    change = annotated.tags.change([1, 2, 3], add=["new", "both"], remove=["OLD", "Both"])
    assert str(change.title) == "Tagged 3 papers “new”, “both” and untagged 2 papers “OLD”"
    assert change.paper_ids == {1, 2, 3}
    assert [paper(annotated, each).tags for each in (1, 2, 3)] == [("both", "new")] * 3
    annotated.history.undo()
    assert state_of(annotated) == before
    assert str(annotated.tags.change([1], add=[], remove=["old"]).title) == "Untagged “old”: “Alpha of Trees”"
    assert not annotated.tags.change([1], add=[], remove=["old"])
    assert titles(annotated)[0] == "Untagged “old”: “Alpha of Trees”"


def test_a_wrong_name_leaves_the_whole_step_undone(annotated: Library) -> None:
    annotated.tags.add([1], ["old"])
    before = state_of(annotated)
    with pytest.raises(TagNameError):
        annotated.tags.change([1], add=["fine", "/wrong"], remove=["old"])
    assert state_of(annotated) == before


def test_toggling_takes_off_only_what_all_carry(annotated: Library) -> None:
    annotated.tags.add([1], ["Vision"])
    annotated.tags.toggle([1, 2], "vision")
    assert [paper(annotated, each).tags for each in (1, 2)] == [("Vision",), ("Vision",)]
    annotated.tags.toggle([1, 2], "vision")
    assert [paper(annotated, each).tags for each in (1, 2)] == [(), ()]


def test_favourites_are_toggled_by_number_and_cleared(annotated: Library) -> None:
    annotated.tags.add([1], ["a", "b", "c"])
    annotated.tags.set_favorite("b", 1)
    annotated.tags.set_favorite("a", 2)
    assert [(tag.favorite, tag.name) for tag in annotated.tags.favorites()] == [(1, "b"), (2, "a")]
    annotated.tags.toggle_favorite([1, 2], 1)
    assert paper(annotated, 2).tags == ("b",)
    annotated.tags.clear_favorites([1, 2])
    assert [paper(annotated, each).tags for each in (1, 2)] == [("c",), ()]
    with pytest.raises(NotFoundError, match="number 7"):
        annotated.tags.toggle_favorite([1], 7)
    annotated.tags.set_favorite("c", 1)
    assert [tag.name for tag in annotated.tags.favorites()] == ["c", "a"]


def test_a_rename_shows_beforehand_what_it_joins(annotated: Library) -> None:
    annotated.tags.add([1, 2], ["method/old", "method"])
    annotated.tags.add([3], ["approach/OLD", "other"])
    preview = annotated.tags.preview_rename("Method", "approach")
    assert [(each.tag.name, each.new_name, each.tag.paper_count) for each in preview] == [
        ("method", "approach", 2),
        ("method/old", "approach/old", 2),
    ]
    assert [each.joins.name if each.joins else None for each in preview] == [None, "approach/OLD"]
    annotated.tags.rename("Method", "approach")
    assert [(tag.name, tag.paper_count) for tag in annotated.tags.all()] == [
        ("approach", 2), ("approach/OLD", 3), ("other", 1),
    ]  # fmt: skip
    (spelling,) = annotated.tags.preview_rename("other", "OTHER")
    assert spelling.joins is None
    with pytest.raises(NotFoundError):
        annotated.tags.preview_rename("nothing", "x")
    with pytest.raises(TagNameError):
        annotated.tags.preview_rename("other", "x//y")


def test_merging_deleting_and_describing(annotated: Library) -> None:
    annotated.tags.add([1, 2], ["a"])
    annotated.tags.add([2, 3], ["b"])
    before = state_of(annotated)
    annotated.tags.merge("a", "b")
    assert [(tag.name, tag.paper_count) for tag in annotated.tags.all()] == [("b", 3)]
    annotated.tags.set_color("b", "#A0B1C2")
    annotated.tags.set_description("b", " Both. ")
    tag = annotated.tags.named("B")
    assert (tag.color, tag.description) == ("#a0b1c2", "Both.")
    annotated.tags.set_color("b", None)
    assert annotated.tags.named("b").color is None
    annotated.tags.delete("b")
    assert annotated.tags.all() == []
    annotated.history.undo(5)
    assert state_of(annotated) == before
    for color in ("red", "#12345", "#1234567", "123456", ""):
        with pytest.raises(ReaderError, match="not a colour"):
            annotated.tags.set_color("a", color)


def test_forty_one_papers_are_tagged_undone_and_redone(annotated: Library) -> None:
    ids = bring(annotated, *(f"Number {number}" for number in range(36)), name="more")
    assert len(ids) == 41
    before = state_of(annotated)
    change = annotated.tags.add(ids, ["to-try"])
    undone = annotated.history.undo()
    assert undone is not None
    assert undone_text(undone) == "Undid: Tagged 41 papers “to-try”"
    assert undone.paper_ids == change.paper_ids == set(ids)
    assert state_of(annotated) == before
    annotated.history.redo()
    assert all(row.tags == ("to-try",) for row in annotated.papers.rows(ids))


def tags(*names: str) -> list[Tag]:
    return [Tag(number, name, None, "", None, 0) for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rl", ["rl", "RL/offline", "url", "real"]),
        ("me/di", ["method/diffusion"]),
        ("di", ["diffusion", "method/diffusion", "audio"]),
        ("offline", ["RL/offline"]),
        ("try", ["to try", "to-try"]),
        ("difusion", ["diffusion", "method/diffusion"]),
        ("DIFFUSION", ["diffusion", "method/diffusion"]),
        ("xyz", []),
    ],
)
def test_completion_puts_the_likeliest_first(typed: str, expected: list[str]) -> None:
    names = ("url", "audio", "real", "RL/offline", "diffusion", "method/diffusion", "rl", "to-try", "to try")
    assert [tag.name for tag in complete_tags(typed, tags(*names))] == expected


def test_completion_prefers_favourites_then_the_most_used(annotated: Library) -> None:
    annotated.tags.add([1], ["rare", "favourite"])
    annotated.tags.add([1, 2], ["common"])
    annotated.tags.set_favorite("favourite", 9)
    assert [tag.name for tag in annotated.tags.complete("")] == ["favourite", "common", "rare"]
    assert [tag.name for tag in annotated.tags.complete("", leave_out=["Common"], limit=1)] == ["favourite"]
    assert [tag.name for tag in annotated.tags.complete("ra")] == ["rare"]


@given(st.lists(st.text(min_size=1, max_size=8), max_size=8), st.text(max_size=6))
def test_completion_never_fails_and_finds_what_begins_so(names: list[str], typed: str) -> None:
    found = complete_tags(typed, tags(*names), limit=100)
    assert len({id(tag) for tag in found}) == len(found)
    for tag in tags(*names):
        if tag.name.startswith(typed.strip()) and typed.strip():
            assert any(each.name == tag.name for each in found)
