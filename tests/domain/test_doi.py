"""DOIs are compared without their address, label and upper or lower case."""

from __future__ import annotations

import pytest

from reader.domain.arxiv import normalize_arxiv_id
from reader.domain.doi import doi_page_url, fold_doi, normalize_doi


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.5555/Tide.2024.7", "10.5555/Tide.2024.7"),
        ("https://doi.org/10.5555/tide", "10.5555/tide"),
        ("http://dx.doi.org/10.5555/tide", "10.5555/tide"),
        ("https://www.doi.org/10.5555/tide", "10.5555/tide"),
        ("doi.org/10.5555/tide", "10.5555/tide"),
        ("https://doi.org/10.5555%2Ftide%28a%29", "10.5555/tide(a)"),
        ("doi:10.5555/tide", "10.5555/tide"),
        ("DOI: 10.5555/tide.", "10.5555/tide"),
        ("doi: https://doi.org/10.5555/tide", "10.5555/tide"),
        ("https://doi.org/doi:10.5555/tide", "10.5555/tide"),
        ("urn:doi:10.5555/tide", "10.5555/tide"),
        ("info:doi/10.5555/tide", "10.5555/tide"),
        ("{10.5555/tide}", "10.5555/tide"),
        ("10.5555/doi.tide:doi", "10.5555/doi.tide:doi"),
        ("10.1002/(SICI)1097-4571(199806)49:8", "10.1002/(SICI)1097-4571(199806)49:8"),
        ("10.5555/50%25", "10.5555/50%25"),
        ("https://example.org/10.5555/tide", None),
        ("tide", None),
        ("", None),
    ],
)
def test_a_doi_is_found_without_its_label_and_address(text: str, doi: str | None) -> None:
    assert normalize_doi(text) == doi


@pytest.mark.parametrize(
    "text",
    [
        "10.48550/arXiv.2401.00007",
        "https://doi.org/10.48550/arXiv.2401.00007",
        "doi:10.48550/ARXIV.2401.00007v3",
        "http://dx.doi.org/10.48550/arxiv.2401.00007",
    ],
)
def test_arxivs_own_dois_are_arxiv_ids(text: str) -> None:
    assert normalize_doi(text) is None
    assert normalize_arxiv_id(text) == "2401.00007"


def test_dois_are_compared_without_regard_to_the_case_of_ascii_letters() -> None:
    assert fold_doi("10.5555/TIDE.Ä") == fold_doi("10.5555/tide.Ä")
    assert fold_doi("10.5555/Ä") != fold_doi("10.5555/ä"), "SQLite's lower() leaves them, too"


def test_the_address_of_a_doi_leads_to_it() -> None:
    assert doi_page_url("10.5555/tide") == "https://doi.org/10.5555/tide"
    odd = "10.5555/(SICI)1097-4571(199806)49:8;2-#?50%"
    assert doi_page_url(odd) == "https://doi.org/10.5555/(SICI)1097-4571(199806)49:8;2-%23%3F50%25"
    assert normalize_doi(doi_page_url(odd)) == odd
