"""BibTeX and BibLaTeX files."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reader.domain.bibliography import Name, Publication
from reader.domain.dates import PartialDate
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, Problem
from reader.formats import bibtex, registry
from reader.formats.text_decoder import Head
from tests.formats.structured_fixtures import fixture


def _one(fields: str, kind: str = "article") -> ListingRecord:
    listing = bibtex.parse(f"@{kind}{{key,\n  {fields}\n}}\n".encode())
    assert listing.problems == ()
    (record,) = listing.records
    return record


def test_reads_what_many_programs_write() -> None:
    listing = bibtex.parse(fixture("papers.bib"))
    assert listing.records == (
        ListingRecord(
            title="Candles and $\\mathbb{W}_{a}$: 5% of Öl, now with LLMs & Wicks",
            abstract="Candles burn at both ends. We measure 3% of them.",
            lines=LineRange(4, 4),
            authors=("Ada Gale", "Bas van der Hoorn", "The Wax Team", "Martín López", "Bar Foo Jr."),
            author_count=5,
            published=PartialDate(2024, 1, 7),
            arxiv_id="2401.07001",
            url="https://arxiv.org/abs/2401.07001",
            keywords=("wax", "wicks"),
            categories=("cs.CL",),
            author_names=(
                Name("Gale", "Ada"),
                Name("Hoorn", "Bas", "van der"),
                Name(literal="The Wax Team"),
                Name("López", "Martín"),
                Name("Foo", "Bar", suffix="Jr."),
            ),
            publication=Publication(entry_type="misc", cite_key_given="gale2024candles"),
        ),
        ListingRecord(
            title="A Repeated Key and a Concatenated Title",
            abstract="",
            lines=LineRange(5, 5),
            authors=("Ida Jay",),
            published=PartialDate(2023, 5, 3),
            keywords=("tallow", "bees, wax"),
            author_names=(Name("Jay", "Ida"),),
            more_authors=True,
            doi="10.1000/wax_7",
            publication=Publication("Journal of Wax", entry_type="article", cite_key_given="gale2024candles"),
        ),
        ListingRecord(
            title="$\\mathbb{X}$: As Zotero Writes It",
            abstract="",
            lines=LineRange(6, 6),
            published=PartialDate(2024),
            arxiv_id="2402.07002",
            publication=Publication("arXiv preprint arXiv:2402.07002", entry_type="article", cite_key_given="parens"),
        ),
        ListingRecord(
            title="Corridors of Record",
            abstract="",
            lines=LineRange(7, 7),
            arxiv_id="2403.07003",
            publication=Publication("CoRR", entry_type="inproceedings", cite_key_given="dblp"),
        ),
        ListingRecord(
            title="An Unknown Type Is Accepted",
            abstract="",
            lines=LineRange(10, 10),
            url="https://example.org/a_b",
            publication=Publication(entry_type="dataset", cite_key_given="unknown"),
        ),
    )
    assert listing.problems == (
        Problem(LineRange(8, 8), "The paper has no title.", "@thesis{nobody, author={No Title}}"),
        Problem(
            LineRange(9, 9),
            "The entry is not closed.",
            "@article{broken, title={A {Brace That Never Closes},\n  year=2020\n}",
        ),
    )
    assert listing.account == LineAccount(AccountUnit.ENTRIES, total=11, records=5, boilerplate=4, problems=2)
    assert listing.format == "bibtex"


@pytest.mark.parametrize(
    ("fields", "iso"),
    [
        ("year = 2024, month = {May}, day = 3", "2024-05-03"),
        ('year = {2024}, month = may # "~3"', "2024-05-03"),
        ("year = {2024}, month = {05}", "2024-05"),
        ("year = {2024}, month = {Mai}", "2024"),
        ("year = {2024}, month = feb, day = 30", "2024-02"),
        ("year = {2024}, month = 13", "2024"),
        ("date = {2024-05}, year = 1999", "2024-05"),
        ("date = {soon}, year = {[2024]}", "2024"),
        ("date = {2024-05~/2024-07}", "2024-05"),
        ("date = {3 May 2024}", "2024-05-03"),
        ("date = {2024-21}", "2024"),
        ("year = {2024a}", "2024"),
        ("year = {c. 2024 (to appear)}", "2024"),
        ("year = {May 2024}", "2024-05"),
        ("year = 2024, month = {10~jan}", "2024-01-10"),
        ("year = 2024, month = {Sept.}", "2024-09"),
        ("year = 2024, month = {jan/feb}", "2024-01"),
        ("year = 2024, month = May", "2024-05"),
        ("year = {in press}", None),
        ("year = {12024}", None),
        ("", None),
    ],
)
def test_dates(fields: str, iso: str | None) -> None:
    published = _one(f"title = {{T}}, {fields}").published
    assert (published.iso() if published else None) == iso


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ("eprint = {2401.07001}", "2401.07001"),
        ("eprint = {arXiv:2401.07001v2}, eprinttype = {arXiv}", "2401.07001"),
        ("eprint = {2401.07001}, eprinttype = {hal}", None),
        ("eprint = {cs/0501001}, archivePrefix = {arXiv}", "cs/0501001"),
        ("arxivId = {2401.07001}", "2401.07001"),
        ("doi = {10.48550/ARXIV.2401.07001}", "2401.07001"),
        ("url = {http://arxiv.org/abs/2401.07001v1}", "2401.07001"),
        ("journal = {arXiv preprint arXiv:2401.07001}", "2401.07001"),
        ("journal = {CoRR}, volume = {abs/2401.07001}", "2401.07001"),
        ("number = {arXiv:2401.07001}", "2401.07001"),
        ("note = {arXiv:2401.07001 [cs]}", "2401.07001"),
        ("note = {Extends arXiv:2401.07001}", None),
        ("volume = {2401.07001}", None),
        ("journal = {ArXiv}, volume = {abs/2401.07001}", "2401.07001"),
        ("volume = {abs/2401.07001v2}", "2401.07001"),
        ("journal = {arXiv}, number = {2401.07001}", "2401.07001"),
        ("journal = {arXiv preprint 2401.07001}", "2401.07001"),
        ("journal = {Computing Research Repository}, pages = {cs/0501001}", "cs/0501001"),
        ("publisher = {arXiv}, number = {arXiv:2401.07001v1 [cs.CL]}", "2401.07001"),
        ("journal = {Lamps}, number = {2401.07001}", None),
        ("arxiv = {2401.07001}", "2401.07001"),
        ("arXiv = {https://arxiv.org/abs/2401.07001v3}", "2401.07001"),
        ("eid = {arXiv:2401.07001}", "2401.07001"),
        ("eprint = {arXiv:2401.07001v1 [cs.CL]}, archivePrefix = {arXiv}", "2401.07001"),
        ("eprint = {2401.07001 [math.ST]}, archivePrefix = {arXiv.org}", "2401.07001"),
        ("eprint = {https://arxiv.org/pdf/2401.07001v1.pdf}", "2401.07001"),
        ("eprint = {9901001}, archivePrefix = {hep-th}", "hep-th/9901001"),
        ("eprint = {9901001}, archivePrefix = {arXiv}, primaryClass = {math}", "math/9901001"),
        ("pdf = {https://arxiv.org/pdf/2401.07001}", "2401.07001"),
        ("html = {https://arxiv.org/abs/2401.07001}", "2401.07001"),
        ("note = {\\url{https://arxiv.org/abs/2401.07001}}", "2401.07001"),
        ("note = {Preprint available at \\href{http://arxiv.org/abs/2401.07001}{arXiv}}", "2401.07001"),
        ("howpublished = {arXiv:2401.07001}", "2401.07001"),
        ("doi = {https://doi.org/10.48550/arXiv.2401.07001}", "2401.07001"),
        ("note = {A reply to arXiv:2401.07001}", None),
        ("eprinttype = {arxiv}, eprint = {AX123456}", None),
    ],
)
def test_arxiv_identifiers(fields: str, identifier: str | None) -> None:
    assert _one(f"title = {{T}}, {fields}").arxiv_id == identifier


def test_strings_and_braces_in_titles() -> None:
    data = b'@string(a = "First")\n@string{b = {Second}}\n@misc{k, title = A # { and } # b, note = "{\\"a}"}\n'
    assert [record.title for record in bibtex.parse(data).records] == ["First and Second"]


@pytest.mark.parametrize(
    "text",
    [
        "just some words\nand more\n",
        "@comment{anything {nested} here}\n@preamble{x}\n@string{a = {b}}\n",
        "contact: someone@example.org {x}",
        "",
    ],
)
def test_boilerplate_is_no_problem(text: str) -> None:
    listing = bibtex.parse(text.encode())
    assert (listing.records, listing.problems) == ((), ())
    assert listing.account.total == listing.account.boilerplate


@pytest.mark.parametrize(
    "text",
    [
        "@art-icle{x, title={T}}",
        "@article{x, title={T}",
        '@article{x, title={T}, "2"}',
        "@article x, title={T}}",
        "@string{a = {b}",
    ],
)
def test_what_cannot_be_read_is_a_problem_with_its_text(text: str) -> None:
    listing = bibtex.parse(f"@misc{{ok, title={{Fine}}}}\n{text}\n".encode())
    assert [record.title for record in listing.records] == ["Fine"]
    assert listing.problems
    assert text[:10] in "".join(problem.text for problem in listing.problems)
    assert listing.account.total == 1 + listing.account.boilerplate + len(listing.problems)


def test_damage_does_not_reach_the_next_entry() -> None:
    data = b"@misc{a, title={Open\n\n@misc{b, title={Whole}}\n"
    listing = bibtex.parse(data)
    assert [record.title for record in listing.records] == ["Whole"]
    assert len(listing.problems) == 1


def test_says_nothing_on_the_terminal(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    bibtex.parse(b"@misc{a, title={Open\n@misc{b\n@misc{c, title={x}, title={y}}")
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (fixture("papers.bib"), "papers.bib", 0.95),
        (b"\n  @InProceedings {x,", "x", 0.95),
        (b"@gadget{x,", "x.bib", 0.8),
        (b"@gadget{x,", "x", 0.4),
        (b"% nothing yet", "x.bib", 0.3),
        (b"mail me@example.org {now}", "x", 0.0),
    ],
)
def test_detects(data: bytes, name: str, expected: float) -> None:
    assert bibtex.detect(Head(data, name)) == expected


def test_classes_stand_beside_the_identifier() -> None:
    assert _one("title = {T}, eprint = {2401.07001 [math.ST]}").categories == ("math.ST",)
    assert _one("title = {T}, note = {arXiv:2401.07001 [hep-th]}").categories == ("hep-th",)
    assert _one("title = {T}, note = {A draft [cs]}").categories == ()


def test_what_only_repeats_the_identifier_is_no_volume_or_page() -> None:
    record = _one("title = {T}, journal = {ArXiv}, volume = {abs/2401.07001}, eid = {arXiv:2401.07001}, number = 3")
    assert record.publication == Publication("ArXiv", number="3", entry_type="article", cite_key_given="key")


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("title = {Lamps}, subtitle = {For Moths}", "Lamps: For Moths"),
        ("title = {Whose Lamps?}, subtitle = {A Survey}", "Whose Lamps? A Survey"),
        ("title = {Lamps: For Moths}, subtitle = {For Moths}", "Lamps: For Moths"),
        ("title = {Lamps}, titleaddon = {Reply to {Wing}}", "Lamps. Reply to Wing"),
        ("title = {Lamps}, subtitle = {Part}, titleaddon = {A Reply}", "Lamps: Part. A Reply"),
        ("maintitle = {All of Light}, title = {Lamps}, subtitle = {For Moths}", "All of Light. Lamps: For Moths"),
        ("maintitle = {Lamps}, title = {Lamps}", "Lamps"),
        ("booktitle = {Proceedings of Lamps}", "Proceedings of Lamps"),
    ],
)
def test_titles_have_all_their_parts(fields: str, title: str) -> None:
    assert _one(fields, "book").title == title


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (r"Wing{\textquoteright}s Lamp at 3{\textdegree}C", "Wing’s Lamp at 3°C"),
        (r"{\it Two} and {\bf Three} {\sc Lamps}", "Two and Three Lamps"),
        (r"Lamps -- Not Candles---and \enquote{Wicks}", "Lamps – Not Candles—and “Wicks”"),
        (r"LAMP~2 for `Late' Moths, vs.\ Light\-houses", "LAMP 2 for ‘Late’ Moths, vs. Lighthouses"),
        (r"{\textless}i{\textgreater}Lampyris{\textless}/i{\textgreater} and Moths", "Lampyris and Moths"),
        (r"$\less$em$\greater$Lampyris$\less$/em$\greater$ {\&}amp; Moths", "Lampyris & Moths"),
        (r"$<$i$>$Lampyris$<$/i$>$ in CO<sub>2</sub>", "Lampyris in CO2"),
        (r"10\textsuperscript{3} Moths, H\textsubscript{2}O and M&uuml;cken", "10³ Moths, H₂O and Mücken"),
        ("Lamps\n\t  on\ttwo lines", "Lamps on two lines"),
        (r"{{\relax Ch}arge of $a < b$ by \href{https://x.example}{Wing}}", "Charge of $a < b$ by Wing"),
        (r"A \{ in \textbf{\emph{both}} and \unknown{kept}", r"A { in both and \unknown{kept}"),
    ],
)
def test_titles_are_text(written: str, title: str) -> None:
    assert _one(f"title = {{{written}}}").title == title


@pytest.mark.parametrize(
    ("fields", "doi", "url"),
    [
        ("doi = {10.1000/wax\\_7}, url = {https://example.org/}", "10.1000/wax_7", "https://example.org/"),
        ("doi = {https://doi.org/10.1000/A--b}", "10.1000/A--b", None),
        ("doi = {doi: 10.1000/a}", "10.1000/a", None),
        ("url = {http://dx.doi.org/10.1000/a}", "10.1000/a", "http://dx.doi.org/10.1000/a"),
        ("ee = {https://doi.org/10.1000/a}", "10.1000/a", None),
        ("note = {doi:10.1000/a(b).}", "10.1000/a(b)", None),
        ("doi = {10.48550/arXiv.2401.07001}", None, None),
        ("doi = {none}", None, None),
        (r"url = {http://example.org/\~{}bee/a\_b\%20c\#d}", None, "http://example.org/~bee/a_b%20c#d"),
        (r"url = {http://example.org/{\textasciitilde}bee}", None, "http://example.org/~bee"),
        (r"url = {http://example.org/$\sim$bee}", None, "http://example.org/~bee"),
        (r"url = {\url{http://example.org/~bee}}", None, "http://example.org/~bee"),
        ("url = {https://example.org/a/\n  b}", None, "https://example.org/a/b"),
        ("url = {https://example.org/a https://example.org/b}", None, "https://example.org/a"),
        ("url = {www.example.org/a}", None, "https://www.example.org/a"),
        (r"howpublished = {Online: \href{https://example.org/a}{here}}", None, "https://example.org/a"),
        (r"note = {See \url{https://example.org/a}.}", None, "https://example.org/a"),
        ("html = {https://example.org/a}", None, "https://example.org/a"),
        ("howpublished = {In print}", None, None),
        ("url = {javascript:alert(1)}", None, None),
    ],
)
def test_dois_and_addresses(fields: str, doi: str | None, url: str | None) -> None:
    record = _one(f"title = {{T}}, {fields}")
    assert (record.doi, record.url) == (doi, url)


def test_pages_of_projects_and_code() -> None:
    record = _one("title={T}, html={https://a.example/}, code={https://github.com/a/b}, website={https://b.example/}")
    assert (record.url, record.code_urls, record.project_url) == (
        "https://a.example/",
        ("https://github.com/a/b",),
        "https://b.example/",
    )


@pytest.mark.parametrize(
    ("kind", "fields", "publication"),
    [
        (
            "article",
            "journal = {J. Wax}, fjournal = {Journal of Wax}, volume = 3, number = {1/2}, pages={4--9}, publisher={W}",
            Publication("Journal of Wax", "3", "1/2", "4–9", "W", "article", "key"),
        ),
        ("InProceedings", "booktitle = {Proc. \\emph{Wax}}", Publication("Proc. Wax", entry_type="inproceedings")),
        ("phdthesis", "school = {U Wax}, publisher = {P}", Publication(publisher="U Wax", entry_type="phdthesis")),
        (
            "techreport",
            "institution = {Wax}, number = {TR-1}",
            Publication(None, None, "TR-1", None, "Wax", "techreport"),
        ),
        ("book", "booktitle = {T}, publisher = {P}", Publication(publisher="P", entry_type="book")),
        (
            "article",
            "journaltitle = {Wax}, issue = 4, eid = {012}",
            Publication("Wax", None, "4", "012", None, "article"),
        ),
    ],
)
def test_where_it_was_published(kind: str, fields: str, publication: Publication) -> None:
    assert _one(f"title = {{T}}, {fields}", kind).publication == replace(publication, cite_key_given="key")


@pytest.mark.parametrize(
    ("keywords", "read"),
    [
        ("{wax, wicks}", ("wax", "wicks")),
        ("{{wax, tall wicks; tallow}}", ("wax, tall wicks", "tallow")),
        ("{{{wax}}, {bees, honey}, wicks}", ("wax", "bees, honey", "wicks")),
        ("{{wax}; {wicks}}", ("wax", "wicks")),
        ("{wax\nwicks}", ("wax", "wicks")),
        ("{wax \\sep wicks}", ("wax", "wicks")),
        ("{wax, , wax,}", ("wax",)),
        ('{M{\\"u}cken and R&D;}', ("Mücken and R&D",)),
    ],
)
def test_keywords(keywords: str, read: tuple[str, ...]) -> None:
    assert _one(f"title = {{T}}, keywords = {keywords}").keywords == read


def test_comments_within_an_entry_hide_nothing() -> None:
    listing = bibtex.parse(
        b"% by Bee, 100% sure\n%@misc{old, title={Old}}\n@misc{a, % first\n  % second = {no}\n  title % third\n"
        b"  = {50% Wax}, % fourth\n  year = 2024 % fifth }\n  , month = {may}}% end\n@misc{b, title={B}}"
    )
    (first, second) = listing.records
    assert (first.title, first.published, second.title) == ("50% Wax", PartialDate(2024, 5), "B")
    assert listing.problems == ()


@pytest.mark.parametrize(
    ("entry", "key"),
    [
        ("@misc{title = {T}, year = 2024}", None),
        ("@misc{,title = {T}, year = 2024}", None),
        ("@misc{\n  author = {Bee, Ann},\n  title = {T}, year = 2024\n}", None),
        ("@misc{k, title = {T}, , year = 2024,,}", "k"),
        ("@misc{k title = {T} year = 2024}", "k"),
        ("@misc{k,, title = {T}\n  year = {2024}}", "k"),
        ("@misc{a key of words, title = {T}, year = {2024}}", "a key of words"),
        ("@misc{https://doi.org/10.1/x, title = {T}, year = {2024}}", "https://doi.org/10.1/x"),
        ("@misc(k, note = {(a) b)}, title = {T}, year = 2024)", "k"),
        ("@misc{k, title = {T}, nothing, empty = , year = 2024}", "k"),
        ('@misc{k, title = "T" , year = "2024" }', "k"),
        ("@MISC {k , TITLE={T},YEAR={2024}}", "k"),
        ("@ misc\n{k,title={T},year={2024}}", "k"),
        ("@misc{k, file = {C:\\\\a\\}, title = {T}, year = {2024}}", "k"),
    ],
)
def test_entries_are_read_however_they_are_written(entry: str, key: str | None) -> None:
    listing = bibtex.parse(f"@misc{{other, title={{O}}}} {entry},\n\n@misc{{last, title={{L}}}}".encode())
    assert listing.problems == ()
    assert [record.title for record in listing.records] == ["O", "T", "L"]
    read = listing.records[1]
    assert (read.published, read.publication.cite_key_given) == (PartialDate(2024), key)


def test_quotes_and_escaped_braces_within_values() -> None:
    assert _one(r'title = "G\"odel {"}and{"} \{ Wax"').title == 'Gödel "and" { Wax'
    assert _one(r"title = {Open \} and \{ Wax}").title == "Open } and { Wax"


def test_an_undefined_string_is_a_problem_and_the_paper_stays() -> None:
    listing = bibtex.parse(
        b"@string{wax = {J. Wax}}\n@article{a, title={A}, journal=WAX, month=sep}\n"
        b"@article{b, title={B}, journal=tallow, note=tallow # { x}}\n@article{c, title=missing}\n"
        b"@article{d, title={D}, journal=jacm}"
    )
    assert [(record.title, record.publication.venue) for record in listing.records] == [
        ("A", "J. Wax"),
        ("B", None),
        ("D", "Journal of the ACM"),
    ]
    assert [(problem.reason, problem.text) for problem in listing.problems] == [
        ("The paper has no title.", "@article{c, title=missing}"),
        ("No @string defines “tallow”; the fields that use it are left out.", "journal of b, note of b"),
        ("No @string defines “missing”; the fields that use it are left out.", "title of c"),
    ]
    account = listing.account
    assert account.total == account.records + account.boilerplate + account.problems


def _inherited(fields: str, parents: str, kind: str = "inproceedings") -> ListingRecord:
    listing = bibtex.parse(f"@{kind}{{child, title={{T}}, {fields}}}\n{parents}".encode())
    assert listing.problems == ()
    return listing.records[0]


def test_papers_take_over_from_the_book_they_are_in() -> None:
    book = "@proceedings{Conf06, title={Proc. Wax}, year=2006, month=oct, publisher={P}, doi={10.1000/book}, url={https://b.example}}"
    record = _inherited("crossref={conf06}, pages={1--9}", book)
    assert (record.published, record.doi, record.url) == (PartialDate(2006, 10), None, None)
    assert record.publication == Publication("Proc. Wax", None, None, "1–9", "P", "inproceedings", "child")
    assert _inherited("crossref={Conf06}, year=2005", book).published == PartialDate(2005)
    assert _inherited("crossref={Conf06}, booktitle={Own}", book).publication.venue == "Own"
    assert _inherited("crossref={nowhere}", book).published is None
    assert _inherited("xref={Conf06}", book).published is None


def test_books_take_over_from_books_and_shared_data_is_put_in() -> None:
    chain = (
        "@book{inner, title={Inner}, crossref={outer}, author={Bee, Ann}}\n"
        "@collection{outer, title={Outer}, date={2001-02}, xdata={press}}\n"
        "@xdata{press, publisher={Press}, xdata={place, press}}\n@xdata{place, location={Here}}"
    )
    record = _inherited("crossref={inner}", chain, "inbook")
    assert (record.published, record.publication.venue, record.publication.publisher) == (
        PartialDate(2001, 2),
        "Inner",
        "Press",
    )
    assert record.authors == ("Ann Bee",)
    assert _inherited("xdata={press}, crossref={child}", chain).publication.publisher == "Press"


@pytest.mark.parametrize(
    ("journal", "venue"),
    [(r"\apjl", "Astrophysical Journal Letters"), (r"{\mnras}", "Monthly Notices of the Royal Astronomical Society"),
     (r"\fens", r"\fens"), ("Nat", "Nat")],
)  # fmt: skip
def test_commands_that_name_journals_are_spelt_out(journal: str, venue: str) -> None:
    text = f"@article{{a, title={{Quiet Fens}}, journal={{{journal}}}, year=2030}}"
    (record,) = registry.parse(text.encode(), "a.bib").records
    assert record.publication.venue == venue
