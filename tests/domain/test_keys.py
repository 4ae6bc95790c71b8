"""Paper keys: eight characters made from what identifies a paper."""

from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from reader.domain.keys import KEY_LENGTH, key_candidates, paper_identity


@given(st.text())
def test_keys_are_short_plain_and_the_same_every_time(identity: str) -> None:
    keys = list(islice(key_candidates(identity), 5))
    assert keys == list(islice(key_candidates(identity), 5))
    assert len(set(keys)) == 5, "each next candidate differs"
    for key in keys:
        assert len(key) == KEY_LENGTH
        assert set(key) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_keys_never_change_between_versions() -> None:
    """Exported names depend on them; worked out by hand from SHA-256 and RFC 4648's base32."""
    assert next(key_candidates("arxiv:2401.00001")) == "goraye7d"
    assert next(key_candidates("title:an invented paper")) == "7gpgpas3"


def test_what_identifies_a_paper() -> None:
    assert paper_identity("2401.00001", "a title", "A Title", "Text.") == "arxiv:2401.00001"
    assert paper_identity(None, "a title", "A Title", "Text.") == "title:a title"
    assert paper_identity(None, "", "???", "Text.") != paper_identity(None, "", "???", "Other.")
