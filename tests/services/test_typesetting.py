"""LaTeX shown as Unicode, and the way back to the stored text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.services.latex_to_unicode import shown_line, shown_text

SNIPPETS = st.lists(
    st.sampled_from(
        [r"$\ell_p^{2}$", r"$x_{t+1}$", "costs $5", " and ", r"100\%", "``quoted''", r"\textbf{bold}", "90% of ",
         r"$\frac{a}{b}$", "\u202e", "\x00", "é", "𝔘", r"\alpha", "$", "\\", "{", "}", r"$O(n \log n)$", "plain words"]
    ),
    max_size=12,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (r"$\ell_p^{2}$ norms", "ℓₚ² norms"),
        (r"$\mathbb{USCD}$: Codes", "𝕌𝕊ℂ𝔻: Codes"),
        ("costs $5 and $6", "costs $5 and $6"),
        ("90% of x % y", "90% of x % y"),
        (r"100\% of R\&D", "100% of R&D"),
        (r"$x_{t+1}$ and $10^{-3}$", "xₜ₊₁ and 10⁻³"),
        (r"DNA$_{\textrm{2}}$ on the $4^{\text{th}}$", "DNA₂ on the 4ᵗʰ"),
        (r"$O(n \log n)$", "O(n log n)"),
        (r"\textbf{Bold} \emph{text}", "Bold text"),
        ("``N:M'' sparsity", "“N:M” sparsity"),
        (r"an \alpha{} test", "an α test"),
        (r"\unknown{stays}", r"\unknown{stays}"),
        (r"Nystr\"om and Poincar\'e", "Nyström and Poincaré"),
        (r"Erd\H{o}s, fa\c{c}ade, {\"u}ber, na\"{\i}ve", "Erdős, façade, über, naïve"),
        (r"S{\o}ren and stra{\ss}e", "Søren and straße"),
        (r"it\'s a D\'Arcy, \"a large one\"", r"it\'s a D\'Arcy, \"a large one\""),
        ("a\u202eb\x00c", "a⟨RLO⟩bc"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_shows(stored: str, shown: str) -> None:
    assert shown_text(stored).text == shown


@given(SNIPPETS)
def test_segments_cover_shown_and_stored_text(stored: str) -> None:
    result = shown_text(stored)
    shown_at = stored_at = 0
    for segment in result.segments:
        assert (segment.shown_start, segment.stored_start) == (shown_at, stored_at)
        shown_at, stored_at = segment.shown_end, segment.stored_end
    assert (shown_at, stored_at) == (len(result.text), len(stored))


@given(SNIPPETS, st.data())
def test_a_span_goes_to_the_stored_text_and_back_never_smaller(stored: str, data: st.DataObject) -> None:
    result = shown_text(stored)
    start = data.draw(st.integers(0, len(result.text)))
    end = data.draw(st.integers(start, len(result.text)))
    stored_start, stored_end = result.stored_range(start, end)
    assert 0 <= stored_start <= stored_end <= len(stored)
    back_start, back_end = result.shown_range(stored_start, stored_end)
    if start < end:
        assert back_start <= start
        assert back_end >= end


def test_words_around_a_formula_map_exactly() -> None:
    stored = r"A $\ell_p^{2}$ norm bound"
    result = shown_text(stored)
    at = result.text.index("norm")
    start, end = result.stored_range(at, at + 4)
    assert stored[start:end] == "norm"


@given(st.text(max_size=300))
def test_any_text_can_be_shown(stored: str) -> None:
    shown = shown_text(stored).text
    assert not any(ord(char) < 0x20 and char not in "\t\n" for char in shown)
    assert "\n" not in shown_line(stored)


def test_a_long_line_is_cut() -> None:
    assert shown_line("word " * 50, 20) == "word word word word…"
