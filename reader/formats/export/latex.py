r"""Text as LaTeX source: escaped, so that it compiles to what it says and does nothing else.

Formulas in it (delimited as :mod:`reader.services.latex_to_unicode` has it, Pandoc's rule) stay formulas if they hold
only commands that are known to be harmless: a title like ``$\input{secrets}$`` is text. All else is first shown, so
that LaTeX which is already there (``72.6\%``, ``H\"older``) is not escaped once more. Braces are balanced afterwards,
counted as BibTeX counts them, which does not know escapes (``btxdoc``, section 3).
"""

from __future__ import annotations

import re

from reader.formats.export.fields import Show
from reader.formats.export.inert import one_line, unused_character

_FORMULA = re.compile(
    r"\$\$(?P<display>(?:[^$\\]|\\[^$])+?)\$\$"
    r"|\$(?![\s$])(?P<dollars>(?:[^$\\]|\\[^$])+?)(?<![\s\\])\$(?!\d)"
    r"|\\\((?P<parentheses>(?:[^\\$]|\\[^()$])+?)\\\)"
)
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_HARMLESS_COMMANDS = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathscr mathtt boldsymbol bm text textbf textit textrm textsf
texttt textsc operatorname ell hbar infty partial nabla forall exists in notin subset subseteq cup cap times cdot
div pm mp leq le geq ge neq ne approx sim simeq equiv cong propto ll gg to rightarrow leftarrow Rightarrow
leftrightarrow mapsto uparrow downarrow circ bullet star ast oplus otimes odot wedge vee neg perp parallel mid
sum prod int frac tfrac dfrac sqrt hat widehat tilde widetilde bar overline underline vec dot ddot prime
log ln exp min max sup inf lim sin cos tan arg argmin argmax det dim Pr gcd ldots dots cdots left right big Big
bigl bigr langle rangle lfloor rfloor lceil rceil lVert rVert lvert rvert vert Vert checkmark dagger ddagger
quad qquad emptyset varnothing triangle square
"""
_HARMLESS = frozenset(_HARMLESS_COMMANDS.split())
_HARMLESS_SYMBOLS = frozenset(",;:! |_{}%&#")
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "%": r"\%", "&": r"\&", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", "`": r"\textasciigrave{}",
}  # fmt: skip
_ESCAPED = re.compile(r"[\\{}$%&#_~^<>|`]")
_LIGATURE = re.compile(r"(?<=-)-|(?<=')'")
_BRACES = {r"\{": r"\textbraceleft{}", r"\}": r"\textbraceright{}"}


def latex_text(text: str, show: Show = str) -> str:
    """A text as LaTeX source on one line, with balanced braces; outside of formulas it says what ``show`` shows."""
    line = one_line(text)
    source = _with_formulas(line, show)
    if source is not None and is_balanced(source):
        return source
    source = _escaped(one_line(show(line)))
    return source if is_balanced(source) else re.sub(r"\\[{}]", lambda match: _BRACES[match[0]], source)


def is_balanced(source: str) -> bool:
    """Whether BibTeX takes all of a text for one value: its braces are nested, escaped or not."""
    depth = 0
    for brace in re.findall("[{}]", source):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _with_formulas(line: str, show: Show) -> str | None:
    """A line shown and escaped but for its harmless formulas, for each of which one character stands meanwhile.

    None where showing the line did not leave just these characters in their places.
    """
    formulas: list[str] = []
    stand_in = unused_character(line)

    def set_aside(match: re.Match[str]) -> str:
        inner = match["display"] or match["dollars"] or match["parentheses"]
        if not _is_harmless(inner):
            return match[0]
        formulas.append(match[0] if match["parentheses"] is None else f"${inner.strip()}$")
        return stand_in

    shown = one_line(show(_FORMULA.sub(set_aside, line)))
    pieces = [_escaped(piece) for piece in shown.split(stand_in)]
    if len(pieces) != len(formulas) + 1:
        return None
    return "".join([pieces[0], *(part for pair in zip(formulas, pieces[1:], strict=True) for part in pair)])


def _is_harmless(formula: str) -> bool:
    """Whether a formula holds known commands only, balanced braces, and nothing that LaTeX trips over."""
    commands = [match[1] for match in _COMMAND.finditer(formula)]
    known = all(command in _HARMLESS or command in _HARMLESS_SYMBOLS for command in commands)
    bare = _COMMAND.sub("", formula)
    return known and not re.search(r"[%#&~]", bare) and is_balanced(formula)


def _escaped(text: str) -> str:
    """A text with every sign that LaTeX takes for something else as a command, and dashes and quotes kept apart."""
    return _LIGATURE.sub(r"{}\g<0>", _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text))
