r"""Text as LaTeX source: escaped, so that it compiles to what it says and does nothing else.

Formulas in it (delimited as :mod:`reader.services.typesetting` has it, Pandoc's rule) stay formulas if they hold only
commands that are known to be harmless: a title like ``$\input{secrets}$`` is text. Braces are balanced afterwards,
counted as BibTeX counts them, which does not know escapes (``btxdoc``, section 3).
"""

from __future__ import annotations

import re

from reader.formats.export.inert import one_line

_FORMULA = re.compile(r"\$(?![\s$])((?:[^$\\]|\\[^$])+?)(?<![\s\\])\$(?!\d)")
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
    "|": r"\textbar{}",
}  # fmt: skip
_ESCAPED = re.compile(r"[\\{}$%&#_~^<>|]")
_BRACES = {r"\{": r"\textbraceleft{}", r"\}": r"\textbraceright{}"}


def latex_text(text: str) -> str:
    """A text as LaTeX source on one line, with balanced braces."""
    line = one_line(text)
    source = _with_formulas(line)
    if is_balanced(source):
        return source
    source = _escaped(line)
    return source if is_balanced(source) else re.sub(r"\\[{}]", lambda match: _BRACES[match[0]], source)


def is_balanced(source: str) -> bool:
    """Whether BibTeX takes all of a text for one value: its braces are nested, escaped or not."""
    depth = 0
    for brace in re.findall("[{}]", source):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _with_formulas(line: str) -> str:
    """A line escaped but for its harmless formulas."""
    pieces = []
    position = 0
    for match in _FORMULA.finditer(line):
        if not _is_harmless(match[1]):
            continue
        pieces += [_escaped(line[position : match.start()]), match[0]]
        position = match.end()
    return "".join([*pieces, _escaped(line[position:])])


def _is_harmless(formula: str) -> bool:
    """Whether a formula holds known commands only, balanced braces, and nothing that LaTeX trips over."""
    commands = [match[1] for match in _COMMAND.finditer(formula)]
    known = all(command in _HARMLESS or command in _HARMLESS_SYMBOLS for command in commands)
    bare = _COMMAND.sub("", formula)
    return known and not re.search(r"[%#&~]", bare) and is_balanced(formula)


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: _ESCAPES[match[0]], text)
