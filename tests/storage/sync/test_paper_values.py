"""Papers' contents as values: there and back, one content of several, and the uids of papers."""

from __future__ import annotations

import json
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.storage.content import COLUMNS
from reader.storage.sync.paper_uids import paper_text
from reader.storage.sync.paper_values import content_of, fold, is_sound, value_of_row
from reader.storage.sync.values import uid_of_text

_TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=5)
_LISTS = st.lists(_TEXTS, max_size=3)


def value(**parts: Any) -> dict[str, Any]:
    """A value with what every content has."""
    usual = dict.fromkeys(("sort_date", "counts_date", "content_date"), "2026-01-01")
    return (
        {"key": "aaaaaaaa", "title": "Tides", "title_fold": "tides", "first_seen": "2026-01-01T00:00:00Z"}
        | usual
        | parts
    )


_VALUES = st.builds(
    value,
    title=_TEXTS.filter(bool),
    abstract=_TEXTS.filter(bool),
    content_rank=st.integers(1, 3),
    content_date=st.sampled_from(["2026-01-01", "2026-01-02"]),
    first_listing=st.sampled_from(["aa", "bb"]),
    doi=st.sampled_from(["10.1/a", "10.1/A", "10.1/b"]),
    upvotes=st.integers(0, 3),
    former_titles=_LISTS,
    keys=st.lists(st.sampled_from(["bbbbbbbb", "cccccccc"]), max_size=2),
)


@given(st.lists(_VALUES, min_size=1, max_size=3))
def test_one_content_of_several_does_not_depend_on_their_order(values: list[dict[str, Any]]) -> None:
    folded = {json.dumps(fold(list(order)), sort_keys=True) for order in permutations(values)}
    assert len(folded) == 1


@given(_VALUES, _VALUES)
def test_one_content_contains_what_it_was_made_of(one: dict[str, Any], other: dict[str, Any]) -> None:
    whole = fold([one, other])
    assert is_sound(whole)
    known = {str(doi).lower() for doi in (whole.get("doi"), *whole.get("further_dois", ()))}
    assert {one["doi"].lower(), other["doi"].lower()} <= known
    assert {one["key"], *one["keys"], *other["keys"]} <= {whole["key"], *whole.get("keys", ())}


def test_of_equal_contents_the_name_of_the_listing_decides() -> None:
    one, other = value(title="From A", first_listing="aa"), value(title="From B", first_listing="bb")
    assert fold([one, other])["title"] == fold([other, one])["title"] == "From B"


def test_a_row_is_the_same_after_its_way_as_a_value() -> None:
    lists = {"authors": '["Ann Bee", "Ça Dü"]', "author_names": '[{"family": "Bee"}]', "keywords": '["“a”"]'}
    texts = {"code_urls": "[]", "categories": "[]", "title": "T", "title_fold": "t", "abstract": "", "doi": "10.1/x"}
    dates = {"sort_date": "2026", "first_seen": "2026-01-01T00:00:00Z", "counts_date": "", "content_date": "2026"}
    numbers = {"published_certainty": 0, "comments": 0, "upvotes": None, "content_rank": 2, "more_authors": 1}
    row = dict.fromkeys(COLUMNS) | lists | texts | dates | numbers | {"id": 7, "key": "aaaaaaaa"}
    made = value_of_row(row, "sha")
    assert is_sound(json.loads(json.dumps(made)))
    back = content_of(made)
    assert {column: getattr(back, column) for column in COLUMNS if column != "id"} == {
        column: row[column] for column in COLUMNS if column != "id"
    }


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {},
        value(title=None),
        value(title=3),
        value(upvotes="3"),
        value(upvotes=True),
        value(authors="[]"),
        value(authors=[1]),
        value(author_names=[{"whole": "Bee"}]),
        value(key=None),
        value(content_rank=None),
        value(first_listing=1),
        value(joined=[2]),
    ],
)
def test_what_no_row_can_have_is_not_sound(wrong: Any) -> None:
    assert not is_sound(wrong)


def identified(**columns: Any) -> str:
    """A paper's uid by its columns."""
    row = dict.fromkeys(("arxiv_id", "doi", "published")) | {"published_certainty": 0, "authors": "[]", "abstract": ""}
    return uid_of_text(paper_text(row | {"title": "Editorial", "title_fold": "editorial"} | columns))


def test_a_uid_is_made_of_what_identifies_a_paper() -> None:
    bare = identified()
    assert len(bare) == 26
    assert identified(abstract="Another.") == bare
    assert identified(doi="10.1/A") == identified(doi="10.1/a", title_fold="preface") != bare
    assert identified(arxiv_id="2401.00001", doi="10.1/a") == identified(arxiv_id="2401.00001", title_fold="x")
    dated = {"published": "2024-05-03", "published_certainty": 3}
    by = [identified(authors=json.dumps([name]), **dated) for name in ("Ann Bee", "Cee Dee")]
    assert len({bare, *by}) == 3
    guessed = {"published": "2024-05-03", "published_certainty": 1}
    assert identified(authors='["Ann Bee"]', **guessed) == bare
