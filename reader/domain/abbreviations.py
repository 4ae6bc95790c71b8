"""Abbreviations in scholarly English by what a full stop after them can mean, and words that begin sentences."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    """The set of words in a table written as text."""
    return frozenset(text.split())


NEVER_LAST = _words("e.g eg i.e ie cf c.f viz vs v.s w.r.t wrt s.t a.k.a aka et.al incl esp")
"""After these (in any case) the sentence always goes on."""

TITLES_OF_PEOPLE = _words("Dr Drs Prof Profs Mr Mrs Ms Mx Hon Gen Sen Gov Capt Messrs Mme Mlle")
"""After these (in exactly this case) the sentence always goes on."""

BEFORE_NUMBERS = _words(
    """
    fig figs tab tabs eq eqs eqn eqns sec secs sect ch chap chaps app appx ref refs alg algs algo thm thms
    lem lemm prop props prp def defs defn cor rem asm ass ex exs no nos nr vol vols p pp pg pgs para pt pts
    ver v ln lns col supp suppl ed eds jan feb mar apr jun jul aug sep sept oct nov dec
    approx ca circa max min avg std est
    """
)
"""After these (in any case) the sentence goes on if a number, formula, reference or single letter follows."""

RARELY_LAST = _words("approx ca circa resp i.i.d iid a.m p.m")
"""After these (in any case) a sentence ends only before a word of :data:`OPENERS`."""

NAMES_RARELY_LAST = _words(
    """
    Inc Ltd Co Corp LLC Bros Univ Dept Inst Acad Assoc Intl Natl St Mt Ft Jr Sr
    Proc Conf Symp Trans Lett Phys Rev Math Sci Comput Eng Ann Appl Adv Ph.D M.Sc B.Sc
    """
)
"""After these (in exactly this case) a sentence ends only before a word of :data:`OPENERS`."""

EXCLAIMED_NAMES = _words("yahoo jeopardy")
"""Names (in any case) that end with an exclamation mark."""

OPENERS = _words(
    """
    A An The This These That Those There It Its We Our Us You Your They Their He His She Her One Some Many Most Much
    More Both Each Every All Any Another Other Others Several Such Few No None Neither Either Two Three
    In On At By For From To With Within Without Of As About Above Across After Against Along Alongside Among Amid
    Around Before Behind Below Beside Besides Between Beyond During Inside Into Like Outside Over Per Since Through
    Throughout Toward Towards Under Unlike Until Upon Using Via While When Whenever Where Whereas Wherever Whether
    Which Who Whose Why What How If Because Although Though Unless Despite Given Once Even Only Just Not Nor Or And But
    So Yet Then Thus Hence Therefore Thereby However Moreover Furthermore Further Additionally Also Again Next Now
    Finally Lastly First Second Third Firstly Secondly Thirdly Instead Rather Otherwise Meanwhile Nevertheless
    Nonetheless Still Overall Ultimately Specifically Particularly Notably Importantly Crucially Surprisingly
    Interestingly Remarkably Unfortunately Fortunately Generally Typically Usually Often Sometimes Currently Recently
    Previously Traditionally Consequently Accordingly Similarly Likewise Conversely Empirically Theoretically
    Experimentally Concretely Formally Intuitively Technically Practically Indeed Here Hereby Together
    Compared Based Building Motivated Inspired Leveraging Combining Considering Following Starting Existing Prior
    Previous Recent Current Traditional Conventional Standard Experiments Experimental Extensive Comprehensive
    Evaluations Evaluation Results Empirical Theoretical Numerical Simulations Simulation Code Codes Data Datasets
    Models Applications Analysis Analyses Is Are Was Were Does Do Did Can Could Will Would Should May Might Must Let
    Consider Suppose Assume Assuming See Note Please Project
    """
)
"""Capitalised words that begin a sentence far more often than they continue a name."""

CONTINUATIONS = _words(
    "and or but of is are was were has have had by to et in on for from with as at than nor who which that van von de"
)
"""Lower-case words that continue a sentence after a full stop that did not end it."""

_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


def is_dotted(word: str) -> bool:
    """Whether a word (without its last full stop) consists of single letters with full stops: ``U.S``, ``i.i.d``."""
    return _INITIALS.fullmatch(word) is not None
