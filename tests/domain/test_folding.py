"""When two spellings are one title."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.folding import fold_title


@pytest.mark.parametrize(
    ("title", "fold"),
    [
        (r"$\mathbb{USCD}$: Unified Codes", "uscd unified codes"),
        (r"Bounds for $\ell_p$ Norms", "bounds for ell p norms"),
        ("Bounds for ell_p Norms", "bounds for ell p norms"),
        (r"\textbf{Bold} and {\em emphatic}", "bold and emphatic"),
        ("G\\\"{o}del's Proof", "gödel s proof"),
        ("G\u00f6del’s Proof", "gödel s proof"),
        ("ﬁne‐tuning", "fine tuning"),
        ("STRASSE — straße", "strasse strasse"),
        ("日本語 (テスト)", "日本語 テスト"),
        ("A $5 Question", "a 5 question"),
        ("snake_case", "snake case"),
        ("CO$_2$ and H$_{2}$O in 10$^{3}$ Lakes", "co2 and h2o in 103 lakes"),
        ("CO\u2082 and H\u2082O in 10\u00b3 Lakes", "co2 and h2o in 103 lakes"),
        ("CO$_{\\textrm{2}}$ and $\\ell_2$", "co2 and ell 2"),
        ("It Costs $_5$ or $x_1$", "it costs 5 or x 1"),
    ],
)
def test_folds(title: str, fold: str) -> None:
    assert fold_title(title) == fold


def test_symbols_keep_titles_apart() -> None:
    assert fold_title(r"$\alpha$-Divergence") != fold_title(r"$\beta$-Divergence")


@pytest.mark.parametrize("title", ["", "   ", "$$", "!?", "❤️", r"$\mathbb{}$"])
def test_nothing_left_is_empty(title: str) -> None:
    assert fold_title(title) == ""


@given(st.text(max_size=60))
def test_folding_a_fold_changes_nothing(title: str) -> None:
    fold = fold_title(title)
    assert fold_title(fold) == fold


@given(st.text(max_size=60))
def test_case_and_space_never_matter_in_ascii(title: str) -> None:
    ascii_title = title.encode("ascii", "ignore").decode().replace("\\", "")
    assert fold_title(f"  {ascii_title.upper()} ") == fold_title(ascii_title)
