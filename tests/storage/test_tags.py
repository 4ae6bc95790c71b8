"""Tags on papers, and the tags themselves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.annotations import MAXIMUM_TAG_LENGTH, TagNameError, check_tag_name, fold_tag
from reader.domain.changes import Field
from reader.domain.errors import NotFoundError, ReaderError
from reader.domain.selection import PaperFilter
from reader.storage.store import LibraryStore
from tests.storage.support import content, fill, query


def tags_of(store: LibraryStore, paper_id: int) -> tuple[str, ...]:
    return next(store.papers.read([paper_id])).tags


def test_tags_are_put_on_and_taken_off(store: LibraryStore) -> None:
    ids = fill(store)
    change = store.tags.add(ids[:3], ["to-try", "ML/Vision"])
    assert str(change.title) == "Tagged 3 papers “to-try”, “ML/Vision”"
    assert (change.paper_ids, change.touches(Field.TAGS)) == (frozenset(ids[:3]), True)
    assert tags_of(store, ids[0]) == ("ML/Vision", "to-try")
    assert store.papers.rows(ids[:1])[0].tags == ("ML/Vision", "to-try")
    change = store.tags.remove(ids, ["to-try"])
    assert (str(change.title), change.paper_ids) == ("Untagged 3 papers “to-try”", frozenset(ids[:3]))
    assert [(tag.name, tag.paper_count) for tag in store.tags.all()] == [("ML/Vision", 3), ("to-try", 0)]


def test_a_tag_that_is_there_is_not_put_on_again(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:2], ["one"])
    change = store.tags.add(ids[:3], ["ONE", "one"])
    assert (change.paper_ids, change.touches(Field.TAGS)) == (frozenset(ids[2:3]), False)
    assert [tag.name for tag in store.tags.all()] == ["one"], "the case it was made in stays"
    assert not store.tags.add(ids[:3], ["one"])


def test_tagging_nothing_makes_no_tag(store: LibraryStore) -> None:
    assert not store.tags.add([999], ["one"])
    assert store.tags.all() == []


def test_names_compare_case_folded_in_any_script(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:1], ["STRAẞE", "ΣΊΣΥΦΟΣ", "Cafe\u0301"])
    store.tags.add(ids[:1], ["strasse", "σίσυφος", "caf\u00e9"])
    assert [tag.name for tag in store.tags.all()] == ["Caf\u00e9", "STRAẞE", "ΣΊΣΥΦΟΣ"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "needs a name"),
        ("  ", "needs a name"),
        ("/up", "may not start with"),
        ("a//b", "empty level"),
        ("a/", "end with"),
        ("a\nb", "control characters"),
        ("a\x00", "control characters"),
        ("a\u2028b", "line breaks"),
        ("a\ud800", "control characters"),
        ("x" * (MAXIMUM_TAG_LENGTH + 1), "at most 200"),
    ],
)
def test_names_that_no_tag_may_have(store: LibraryStore, name: str, reason: str) -> None:
    ids = fill(store)
    before = content(store)
    with pytest.raises(TagNameError, match=reason):
        store.tags.add(ids, ["fine", name])
    assert content(store) == before


@given(st.text(max_size=250))
def test_a_checked_name_is_stable_and_short(name: str) -> None:
    try:
        checked = check_tag_name(name)
    except TagNameError:
        return
    assert check_tag_name(checked) == checked
    assert 0 < len(checked) <= MAXIMUM_TAG_LENGTH
    assert fold_tag(checked) == fold_tag(fold_tag(checked))


def test_renaming_takes_lower_levels_along(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:1], ["ml", "ML/vision", "ml/vision/3d", "mlops"])
    store.tags.rename("ml", "Learning")
    assert tags_of(store, ids[0]) == ("Learning", "Learning/vision", "Learning/vision/3d", "mlops")
    store.tags.rename("learning/vision", "seeing")
    assert tags_of(store, ids[0]) == ("Learning", "mlops", "seeing", "seeing/3d")


def test_renaming_joins_with_what_has_the_name(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:2], ["old", "old/sub"])
    store.tags.add(ids[1:3], ["new", "new/sub"])
    before = content(store)
    change = store.tags.rename("old", "NEW")
    assert change.touches(Field.TAGS)
    assert [(tag.name, tag.paper_count) for tag in store.tags.all()] == [("new", 3), ("new/sub", 3)]
    store.history.undo()
    assert content(store) == before


def test_only_the_case_of_a_name_changes_too(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids, ["gan"])
    store.tags.rename("gan", "GAN")
    assert tags_of(store, ids[0]) == ("GAN",)


def test_a_tag_does_not_go_below_itself(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids, ["a", "a/b"])
    with pytest.raises(ReaderError, match="below itself"):
        store.tags.rename("a", "A/b/c")
    store.tags.rename("a/b", "a")
    assert [tag.name for tag in store.tags.all()] == ["a"]


def test_a_name_that_grows_too_long_below_is_refused_whole(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids, ["a", "a/" + "b" * 190])
    before = content(store)
    with pytest.raises(TagNameError):
        store.tags.rename("a", "c" * 50)
    assert content(store) == before


def test_merging_and_deleting(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:2], ["x"])
    store.tags.add(ids[1:3], ["y"])
    assert str(store.tags.merge("x", "y").title) == "Merged tag “x” into “y”"
    assert [(tag.name, tag.paper_count) for tag in store.tags.all()] == [("y", 3)]
    before = content(store)
    change = store.tags.delete("Y")
    assert (str(change.title), change.paper_ids) == ("Deleted tag “y” from 3 papers", frozenset(ids[:3]))
    assert store.tags.all() == []
    store.history.undo()
    assert content(store) == before
    with pytest.raises(ReaderError, match="into itself"):
        store.tags.merge("y", "Y")


def test_colour_description_and_favourites(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids, ["a", "b"])
    store.tags.set_color("a", "#ff0000")
    store.tags.set_description("a", "  what it is for ")
    store.tags.set_favorite("a", 3)
    store.tags.set_favorite("b", 3)
    first, second = store.tags.all()
    assert (first.color, first.description, first.favorite, second.favorite) == ("#ff0000", "what it is for", None, 3)
    store.history.undo()
    assert [tag.favorite for tag in store.tags.all()] == [3, None]
    store.tags.set_favorite("a", None)
    assert [tag.favorite for tag in store.tags.all()] == [None, None]
    with pytest.raises(ReaderError, match="from 1 to 9"):
        store.tags.set_favorite("a", 10)


def test_a_tag_that_is_not_there_is_named(store: LibraryStore) -> None:
    for mutation in (
        store.tags.delete,
        lambda name: store.tags.rename(name, "b"),
        lambda name: store.tags.merge("b", name),
    ):
        with pytest.raises(NotFoundError, match="There is no tag"):
            mutation("missing")
    assert not store.tags.remove(fill(store), ["missing"])


def test_views_of_a_tag_include_what_is_below_it(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:1], ["ml"])
    store.tags.add(ids[1:2], ["ML/vision"])
    store.tags.add(ids[2:3], ["ml-ops"])
    store.tags.add(ids[3:4], ["ml0"])
    assert list(store.papers.ids(PaperFilter(tags=("Ml",)))) == ids[:2]
    assert list(store.papers.ids(PaperFilter(tags=("ml/vision",)))) == ids[1:2]
    assert store.views.counts().tags == {"ml": 1, "ml-ops": 1, "ML/vision": 1, "ml0": 1}


def test_names_with_wild_cards_are_just_names(store: LibraryStore) -> None:
    ids = fill(store)
    store.tags.add(ids[:1], ["100%_'done'", 'say "hi"'])
    assert list(store.papers.ids(PaperFilter(tags=("100%_'done'",)))) == ids[:1]
    assert list(store.papers.ids(PaperFilter(tags=("%",)))) == []
    assert query(store, "SELECT count(*) FROM tags") == [(2,)]
