"""Attaching PDF files from the command line, and what commands say of highlights in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from reader.cli import cli
from reader.services import Library
from tests.formats.pdf.writing import PdfMaker, Raw, Text, quad
from tests.services.support import finish, listing_text

LINE = "A sentence that is worth the ink."
ODD = "\u202e[31m](x)"
Lectern = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    listing = tmp_path / "day.txt"
    listing.write_text(listing_text("First Paper of All the Papers", "Second Paper of All the Papers"), "utf-8")
    with Library(tmp_path / "library") as library:
        finish(library.imports.paths([listing]))
        for number, key in ((1, "2501.00001"), (2, "2501.00002")):
            library.papers.set_arxiv_id(number, key)
    return tmp_path / "library"


@pytest.fixture
def lectern(folder: Path) -> Lectern:
    def lectern(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["--library", str(folder), *words])
        assert result.exit_code == code, (result.output, result.stderr, result.exception)
        return result

    return lectern


@pytest.fixture
def keys(lectern: Lectern) -> list[str]:
    return [paper["key"] for paper in lines(lectern("papers", "--json", "--sort", "title"))]


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.stdout.endswith("\n") or not result.stdout
    return [json.loads(line) for line in result.stdout.split("\n")[:-1]]


def pdf(path: Path, names: str, *colors: tuple[float, float, float], ink: int = 0, label: str = "") -> Path:
    """A file whose first page says ``names``, and whose second has a highlight of each colour."""
    maker = PdfMaker()
    maker.prose(names)
    page = maker.page(*(Text(72, 700 - 20 * number, LINE) for number in range(len(colors))))
    for number, color in enumerate(colors):
        quads = [quad(72, 700 - 20 * number, 2, 10)]
        maker.annotate(page, "Highlight", quads, C=list(color), NM=f"id-{number}", Contents=f"note {number}")
    for _ in range(ink):
        maker.annotate(page, "Ink", Rect=[0, 0, 9, 9], InkList=[[0, 0, 9, 9]])
    if label:
        nums = [0, {"S": Raw(b"/D")}, 1, {"P": label.encode("utf-16-be").join((b"\xfe\xff", b""))}]
        maker.catalog["PageLabels"] = {"Nums": nums}
    path.write_bytes(maker.made())
    return path


FIRST, SECOND = (f"arXiv:2501.0000{number}v1 [cs.CL] 1 Jan 2025" for number in (1, 2))
YELLOW, BLUE = (1, 0.8, 0), (0.2, 0.4, 1)


def test_a_file_is_attached_once_and_comes_with_its_annotations(
    lectern: Lectern, keys: list[str], tmp_path: Path
) -> None:
    file = pdf(tmp_path / "a (1).pdf", FIRST, YELLOW, BLUE, ink=2)
    (made,) = lines(lectern("attach", str(file), "--label", "#ffcc00=Question", "--json"))
    sha256 = made.pop("sha256")
    assert len(sha256) == 64
    blue = made["colors"].pop(0)
    assert blue["color"] == "#3366ff" and blue["chosen"] == "nearest"
    assert made == {
        "path": str(file), "key": keys[0], "title": "First Paper of All the Papers", "pages": 2, "matched": "page",
        "highlights": {"new": 2, "known": 0},
        "colors": [{"color": "#ffcc00", "count": 1, "label": "Question", "chosen": "given"}],
        "left_out": {"ink": 2}, "candidates": [], "error": None,
    }  # fmt: skip
    (again,) = lines(lectern("attach", keys[0], str(file), "--json"))
    assert again["highlights"] == {"new": 0, "known": 2} and again["matched"] == "given"
    assert again["colors"][1]["chosen"] == "remembered"
    assert lectern("attach", str(file)).stdout == (
        f"a (1).pdf: {keys[0]}  First Paper of All the Papers: 0 new highlights, 2 known\n    Left out: 2 ink\n"
    )
    shown = json.loads(lectern("show", keys[0], "--json").stdout)["highlights"]
    assert [(each["target"], each["page"], each["exact"], each["comment"]) for each in shown] == [
        ("document", 2, "sentence", "note 0"),
        ("document", 2, "sentence", "note 1"),
    ]
    assert shown[0]["label"] == "Question" and shown[0]["start"] is None
    assert "[Question] “sentence” (p. 2) note 0" in lectern("show", keys[0]).stdout


def test_a_mark_without_words_is_shown_as_a_note(lectern: Lectern, keys: list[str], tmp_path: Path) -> None:
    maker = PdfMaker()
    maker.prose(FIRST)
    maker.annotate(0, "Highlight", [quad(72, 300, 0, 9)], C=[1, 0.8, 0], Contents="the figure")
    (tmp_path / "figure.pdf").write_bytes(maker.made())
    lectern("attach", str(tmp_path / "figure.pdf"))
    assert "[Claim] Note (p. 1) the figure" in lectern("show", keys[0]).stdout


def test_a_copy_is_kept_unless_the_settings_or_the_command_say_otherwise(
    lectern: Lectern, keys: list[str], folder: Path, tmp_path: Path
) -> None:
    copies = folder / "documents"
    lectern("attach", str(pdf(tmp_path / "a.pdf", FIRST, YELLOW)), "--no-copy")
    (folder / "settings.toml").write_text("[documents]\nkeep_copy = false\n", "utf-8")
    lectern("attach", str(pdf(tmp_path / "b.pdf", SECOND, YELLOW)))
    assert not copies.exists()
    (folder / "settings.toml").unlink()
    lectern("attach", str(tmp_path / "b.pdf"))
    assert len(list(copies.rglob("*.pdf"))) == 1


def test_a_colour_without_a_label_says_which_it_took(lectern: Lectern, tmp_path: Path) -> None:
    said = lectern("attach", str(pdf(tmp_path / "a.pdf", FIRST, YELLOW, YELLOW))).stdout.splitlines()
    assert said[0].endswith(": 2 new highlights")
    assert said[1].startswith("    #ffcc00 (2) is “")
    assert said[1].endswith("”, the label with the nearest colour; --label '#ffcc00=LABEL' chooses another.")


def test_what_is_not_certain_is_asked_with_the_commands_to_type(
    lectern: Lectern, keys: list[str], tmp_path: Path
) -> None:
    unknown = pdf(tmp_path / "it's.pdf", "Nothing that anybody knows", YELLOW)
    result = lectern("attach", str(unknown), code=1)
    assert result.stdout == ""
    assert result.stderr.startswith("lectern: it's.pdf names no paper of this library on its first page.")
    titled = pdf(tmp_path / "b c.pdf", "After the First Paper of All the Papers\nA. Author", YELLOW)
    result = lectern("attach", str(titled), code=1)
    assert f"\n    lectern attach {keys[0]} '{titled}'    First Paper of All the Papers\n" in result.stderr
    (line,) = lines(lectern("attach", str(titled), "--json", code=1))
    assert line["key"] is None and line["matched"] is None and line["error"]
    assert line["candidates"] == [{"key": keys[0], "title": "First Paper of All the Papers"}]
    assert lines(lectern("papers", "in:document", "--json")) == []


def test_a_file_that_names_another_paper_is_attached_anyway_on_request(
    lectern: Lectern, keys: list[str], tmp_path: Path
) -> None:
    file = pdf(tmp_path / "a.pdf", SECOND, YELLOW)
    said = lectern("attach", keys[0], str(file), code=1).stderr
    assert said == (
        f"lectern: a.pdf says that it is {keys[1]} (“Second Paper of All the Papers”). "
        f"--anyway attaches it to {keys[0]} nonetheless.\n"
    )
    unknown = pdf(tmp_path / "2501.00009v2.pdf", "no stamp", YELLOW)
    assert "says that it is arXiv:2501.00009." in lectern("attach", keys[0], str(unknown), code=1).stderr
    lectern("attach", keys[0], str(file), "--anyway")
    assert [paper["key"] for paper in lines(lectern("papers", "in:document", "--json"))] == [keys[0]]
    assert [paper["key"] for paper in lines(lectern("papers", "-in:document", "--json"))] == [keys[1]]


def test_one_file_that_cannot_be_read_stops_no_other(lectern: Lectern, keys: list[str], tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.pdf", pdf(tmp_path / "good.pdf", SECOND, YELLOW)
    bad.write_text("no PDF", "utf-8")
    first, second, third = lines(lectern("attach", str(tmp_path / "none.pdf"), str(bad), str(good), "--json", code=1))
    assert "cannot be read" in first["error"] and "bad.pdf is not a PDF file" in second["error"]
    assert (first["sha256"], second["pages"]) == (None, None)
    assert (third["key"], third["error"]) == (keys[1], None)


@pytest.mark.parametrize(
    "words",
    [
        ("a.pdf", "--label", "yellow=Claim"),
        ("a.pdf", "--label", "#ffcc00="),
        ("a.pdf", "--label", "#ffcc00"),
        ("a.pdf", "--anyway"),
        (),
    ],
)
def test_a_wrong_command_line_attaches_nothing(lectern: Lectern, words: tuple[str, ...]) -> None:
    lectern("attach", *words, code=2)


def test_a_label_or_paper_that_is_not_there_is_one_sentence(lectern: Lectern, keys: list[str], tmp_path: Path) -> None:
    file = str(pdf(tmp_path / "a.pdf", FIRST, YELLOW))
    assert "“Nonsense”" in lectern("attach", file, "--label", "#ffcc00=Nonsense", code=1).stderr
    assert lectern("attach", "nokey", file, code=1).stderr.startswith("lectern: ")
    assert lines(lectern("papers", "in:document", "--json")) == []


def test_detaching_names_the_file_where_there_are_several(lectern: Lectern, keys: list[str], tmp_path: Path) -> None:
    assert "No PDF is attached" in lectern("detach", keys[0], code=1).stderr
    one, other = pdf(tmp_path / "a.pdf", FIRST, YELLOW), pdf(tmp_path / "b.pdf", f"{FIRST}\nother", BLUE, BLUE)
    first, second = lines(lectern("attach", keys[0], str(one), str(other), "--json"))
    said = lectern("detach", keys[0], code=1).stderr
    assert first["sha256"][:12] in said and str(other) in said
    lectern("detach", keys[0], "zzzzzz", code=1)
    lectern("detach", keys[0], second["sha256"][:6])
    assert len(json.loads(lectern("show", keys[0], "--json").stdout)["highlights"]) == 1
    lectern("undo")
    assert len(json.loads(lectern("show", keys[0], "--json").stdout)["highlights"]) == 3
    lectern("detach", keys[0], str(one))
    lectern("detach", keys[0])
    assert lines(lectern("papers", "in:document", "--json")) == []


def test_hostile_page_labels_show_as_text(lectern: Lectern, keys: list[str], tmp_path: Path) -> None:
    lectern("attach", keys[0], str(pdf(tmp_path / "a.pdf", FIRST, YELLOW, label=ODD)))
    shown = lectern("show", keys[0]).stdout
    assert "\u202e" not in shown and "(p. " in shown
    (mark,) = json.loads(lectern("show", keys[0], "--json").stdout)["highlights"]
    assert mark["page"] == 2
    lectern("export", "--to", str(tmp_path / "vault"))
    (note,) = (tmp_path / "vault").rglob("*.md")
    text = note.read_text("utf-8")
    assert "\u202e" not in text and "](x)" not in text.replace("\\](x)", "")
    assert text.count("https://arxiv.org/pdf/2501.00001#page=2)") == 1
