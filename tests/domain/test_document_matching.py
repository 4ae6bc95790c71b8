"""Which paper a document is."""

from __future__ import annotations

import pytest

from reader.domain.document_matching import Candidate, Certainty, document_names, match_document
from reader.domain.documents import ReadDocument
from reader.domain.folding import fold_title

TIDES = Candidate(1, fold_title("Tides of the Northern Coast"), "2401.01234", "10.1234/Tides.7")
MOONS = Candidate(2, fold_title("Moons and What They Pull"), "math.CO/0512345")
GAUGES = Candidate(3, fold_title("A Gauge for $\\alpha$-Tides"), None, "10.1234/gauges")
OTHERS = [Candidate(9, "an unrelated paper on moss"), Candidate(10, ""), Candidate(11, "tides")]
STAMP = "arXiv:2401.01234v2  [cs.CL]  3 Jan 2024"


def match(first_page: str, file_name: str = "paper.pdf", title: str = "") -> tuple[Certainty, tuple[int, ...]]:
    read = ReadDocument("", 0, 1, title, first_page, "", (), {})
    found = match_document(document_names(read, file_name), [TIDES, MOONS, GAUGES, *OTHERS])
    return found.certainty, found.paper_ids


@pytest.mark.parametrize(
    "page",
    [STAMP, f"Some title\n{STAMP}\nSee arXiv:2312.99999 and arXiv:math.CO/0512345v1.", "arXiv:2401.01234 [hep-th]"],
)
def test_the_stamp_in_the_margin_is_sure(page: str) -> None:
    certainty, papers = match(page)
    assert (certainty, papers[0]) == (Certainty.SURE, 1)


@pytest.mark.parametrize("name", ["2401.01234.pdf", "2401.01234v2.PDF", "Tides (2024) 2401.01234v1.pdf"])
def test_the_files_name_is_sure(name: str) -> None:
    assert match("", name) == (Certainty.SURE, (1,))


@pytest.mark.parametrize("name", ["math.CO_0512345.pdf", "math.CO_0512345v3.pdf"])
def test_an_old_identifier_in_the_files_name(name: str) -> None:
    assert match("", name) == (Certainty.SURE, (2,))


def test_the_stamp_counts_more_than_the_files_name() -> None:
    assert match("arXiv:2312.99999v1 [cs.CL] 3 Jan 2024", "2401.01234.pdf") == (Certainty.NONE, ())


def test_the_only_doi_is_sure_and_one_of_several_is_not() -> None:
    assert match("https://doi.org/10.1234/TIDES.7") == (Certainty.SURE, (1,))
    assert match("10.1234/tides.7, 10.1234/none") == (Certainty.LIKELY, (1,))


def test_a_cited_identifier_is_only_likely() -> None:
    assert match("as in arXiv:2401.01234 [3]") == (Certainty.LIKELY, (1,))
    assert match("as in arXiv:2401.01234 and arXiv:math.CO/0512345") == (Certainty.NONE, (1, 2))


def test_a_title_in_lines_of_its_own_at_the_top_is_sure() -> None:
    assert match("Journal of Shores\n\nTIDES OF THE NOR-\nTHERN COAST\nAnn Bo") == (Certainty.SURE, (1,))
    assert match("Tides of the Northern Coast\nas in arXiv:math.CO/0512345") == (Certainty.SURE, (1, 2))
    assert match("Tides\nAnn Bo") == (Certainty.NONE, ()), "a short title may be anything"


def test_a_title_over_the_identifier_of_another_is_likely() -> None:
    stamp = "arXiv:2312.99999v1 [cs.CL] 3 Jan 2024"
    assert match(f"Tides of the Northern Coast\nAnn Bo\n{stamp}") == (Certainty.LIKELY, (1,))


def test_a_title_within_the_text_at_the_top_of_the_page_is_likely() -> None:
    assert match("After Tides of the Northern Coast\nAnn Bo") == (Certainty.LIKELY, (1,))
    assert match("Tides of the Northern Coast Revisited\nAnn Bo") == (Certainty.LIKELY, (1,))
    assert match("A Gauge for α-Tides\nAnn Bo") == (Certainty.NONE, ())
    assert match("Nothing\n" * 800 + "Tides of the Northern Coast") == (Certainty.NONE, ())


def test_a_title_in_the_metadata_is_likely() -> None:
    assert match("", title="Moons and what they pull") == (Certainty.LIKELY, (2,))
    assert match("", title="Tides") == (Certainty.LIKELY, (11,))
    assert match("", title="") == (Certainty.NONE, ())


def test_a_title_and_a_cited_identifier_of_another_is_the_title() -> None:
    assert match("On Moons and What They Pull\nas in arXiv:2401.01234") == (Certainty.LIKELY, (2, 1))


def test_two_papers_that_fit_are_asked_for() -> None:
    twin = Candidate(4, "a second record", "2401.01234")
    read = ReadDocument("", 0, 1, "", STAMP, "", (), {})
    found = match_document(document_names(read, "x.pdf"), [TIDES, twin])
    assert (found.certainty, found.paper_ids) == (Certainty.NONE, (1, 4))
