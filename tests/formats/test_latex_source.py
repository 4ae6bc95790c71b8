"""LaTeX source to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.domain.folding import fold_title
from reader.formats.latex_source import decode_accents, decode_latex_source


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Plain text, ~5 - not 'touched' (~5, don't), see https://x.example/~a--b", None),
        ("GPT~4 -- a---b ``it'' `is' ?`so----", "GPT 4 – a—b “it” ‘is’ ¿so----"),
        ("`Don't do' that, 5' tall, rock `n roll", "‘Don't do’ that, 5' tall, rock `n roll"),
        (r"Light\-house vs.\ one\,two\/ and \\ three", "Lighthouse vs. one two and   three"),
        (r"{\it Two} \textbf {three} {\em four}\textsc{Five}", "Two three fourFive"),
        (r"H\textsubscript{2}O, 10\textsuperscript{-3}, 1\textsuperscript{st}", "H₂O, 10⁻³, 1st"),
        (
            r"\enquote{a \emph{b}} \href{https://x.example/}{Text} \url{https://x.example/~y--z}",
            "“a b” Text https://x.example/~y--z",
        ),
        (r"{\textquoteright}s 3{\textdegree}C {\textmu}m{\texttrademark}", "’s 3°C µm™"),
        (r"{\alpha}-x {\alpha}x \alpha{}x", r"\alpha-x \alpha{}x \alpha{}x"),
        (r"\(a_{b}\) $$x {y}$$ $\less$i$>$", r"\(a_{b}\) $$x {y}$$ <i>"),
        (r"\'{\^e}\d{\^{o}}\v Sx\'{\ae}\r{u}\'{}\~{}\^{} don\'t \noopsort{b}x", "ếộŠxǽů'~^ don't x"),
        ("{P}rotected {LLM} {{Twice}}", "Protected LLM Twice"),
        (r"5\% of \$10 \& \#1 a\_b \{x\}", "5% of $10 & #1 a_b {x}"),
        (r"\emph{Not kept} and \kept{so {is} this}", r"Not kept and \kept{so is this}"),
        (r"\frac{a}{b} {c}", r"\frac{a}{b} c"),
        (r"$\mathbb{X}_{a} \% {b}$ and {B}", r"$\mathbb{X}_{a} \% {b}$ and B"),
        (r"\${\textbackslash}mathbb\{X\}\$: Zotero", r"$\mathbb{X}$: Zotero"),
        (r"G{\"o}del G\"odel G\"{o}del {\'{E}}", "Gödel Gödel Gödel É"),
        (r"na{\"\i}ve \'{\i} \c{c} \v{s} \H o \aa \O sterg{\aa}rd stra{\ss}e", "naïve í ç š ő åØstergård straße"),
        (r'M{\\"u}ck, M\\"uck, B\\^{e}e, Wa{\\l}k, Line\\Two', "Mück, Mück, Bêe, Wałk, Line Two"),
        (r"\textless a\textgreater{} \textasciitilde{}", "<a> ~"),
        (r"\ensuremath{\beta} and {\ensuremath{\sim}}3, x\ensuremath{<}y", r"$\beta$ and $\sim$3, x<y"),
        (r"\ensuremath{x_{12}} \ensuremath{$y_{1}$}, \ensuremath{open", r"$x_{12}$ $y_{1}$, open"),
        ("unbalanced } brace and { another", "unbalanced } brace and  another"),
        ("a lone $ sign and {B}", "a lone $ sign and B"),
        ("ends in \\", "ends in \\"),
    ],
)
def test_decodes(source: str, text: str | None) -> None:
    assert decode_latex_source(source) == (source if text is None else text)


def test_accents_alone_leave_the_rest() -> None:
    assert decode_accents(r"Hern\'andez {\L}o\'{s} \emph{x} $\alpha$") == r"Hernández {Ł}oś \emph{x} $\alpha$"


@given(st.text(st.sampled_from("ab \\{}$'\"~^cvi%&_#é"), max_size=60))
def test_never_fails_and_text_without_commands_stays(source: str) -> None:
    decoded = decode_latex_source(source)
    assert isinstance(decoded, str)
    if not set(source) & set("\\{}~'"):
        assert decoded == source


@given(st.from_regex(r"[A-Za-z ]{1,20}", fullmatch=True), st.integers(0, 20), st.integers(0, 20))
def test_protecting_braces_never_change_the_fold(title: str, start: int, length: int) -> None:
    braced = title[:start] + "{" + title[start : start + length] + "}" + title[start + length :]
    assert decode_latex_source(braced) == title
    assert fold_title(braced) == fold_title(title)
