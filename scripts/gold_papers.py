"""Make the gold papers: PDF files of invented text in the classes of publishers, with the sentences that are in them.

    python scripts/gold_papers.py        # needs pdflatex with acmart, IEEEtran and llncs, and soffice

The files are committed in ``tests/formats/pdf/gold``, so this is only run to change them. ``acl`` and ``neurips`` are
set in styles of our own with the same measures, because no package of Debian has these classes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from gold_words import Author, Sentence, tex
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

TARGET = Path(__file__).parent.parent / "tests" / "formats" / "pdf" / "gold"
_TITLE = "Tidal Registers and Their Readers"


@dataclass
class Truth:
    """What should be read from a paper; each sentence with whether it has a formula."""

    body: list[tuple[str, bool]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)


@dataclass
class Style:
    """How a class is used: its preamble, what comes after the abstract's begin and end, and its peculiarities."""

    preamble: str
    begin: str
    abstract: tuple[str, str]
    label: str = ""
    """What the abstract begins with in its paragraph, a sentence of its own."""
    is_twocolumn: bool = True
    bullet: str = "•"
    has_small_capitals: bool = False
    """Whether the captions of tables are set in small capitals, which are capitals in a PDF."""


class Paper:
    """A paper in the making: its LaTeX and what should be read."""

    def __init__(self, style: Style, seed: int, sections: int) -> None:
        self.author = Author(seed)
        self.style = style
        self.truth = Truth()
        self.latex = [style.preamble, r"\begin{document}", style.begin]
        self._abstract()
        for number in range(sections):
            self._section(number)
        self._references()
        self.latex.append(r"\end{document}")

    def paragraph(self, count: int, *, notes: bool = True) -> str:
        """The LaTeX of a paragraph of so many sentences."""
        made = [self._take(self.author.sentence() if notes else self.author.plain()) for _ in range(count)]
        return " ".join(made)

    def _take(self, sentence: Sentence) -> str:
        self.truth.body.append((sentence.text, sentence.has_formula))
        if sentence.note:
            self.truth.notes.append(sentence.note)
        return sentence.latex

    def _abstract(self) -> None:
        before, after = self.style.abstract
        if self.style.label:
            self.truth.body.append((self.style.label, False))
        self.latex += [before + self.paragraph(5, notes=False) + after]

    def _section(self, number: int) -> None:
        title = self.author.title()
        self.truth.headings.append(title)
        self.latex += [rf"\section{{{title}}}", self.paragraph(7), ""]
        if number % 2:
            self.latex.append(self._figure(number))
        self.latex += [self.paragraph(6), "", self._run_in() + self.paragraph(4), ""]
        if number % 3 == 0:
            self.latex.append(self._table(number))
        if number % 2 == 0:
            self.latex.append(self._items())
        self.latex += [self._displayed(), "", self.paragraph(5), ""]

    def _run_in(self) -> str:
        title = self.author.title() + "."
        self.truth.body.append((title, False))
        return rf"\noindent\textbf{{{title}}} "

    def _items(self) -> str:
        points = [rf"\item {self._take(_bulleted(self.author.plain(), self.style.bullet))}" for _ in range(3)]
        return "\\begin{itemize}\n" + "\n".join(points) + "\n\\end{itemize}"

    def _displayed(self) -> str:
        """A sentence with a formula on a line of its own."""
        self.truth.body.append(
            ("We therefore write y = ax + b for the level, where b is the offset of the gauge.", True)
        )
        return "We therefore write \\[ y = ax + b \\] for the level, where $b$ is the offset of the gauge."

    def _caption(self, *, is_table: bool = False) -> str:
        sentences = [self.author.plain() for _ in range(2)]
        is_upper = is_table and self.style.has_small_capitals
        self.truth.captions += [sentence.text.upper() if is_upper else sentence.text for sentence in sentences]
        return " ".join(sentence.latex for sentence in sentences)

    def _figure(self, number: int) -> str:
        star = "*" if self.style.is_twocolumn and number % 4 == 1 else ""
        return (
            rf"\begin{{figure{star}}}[t]\centering\setlength{{\unitlength}}{{1mm}}\begin{{picture}}(60,25)"
            r"\put(0,0){\line(1,0){60}}\put(0,0){\line(0,1){25}}\put(0,2){\line(3,1){60}}"
            r"\put(12,14){\scriptsize high water}\put(40,6){\scriptsize low water}\end{picture}"
            rf"\caption{{{self._caption()}}}\end{{figure{star}}}"
        )

    def _table(self, number: int) -> str:
        rows = r"\\".join(f"{place} & {number}.{place} & {7 + place} & {90 - place}.5" for place in range(1, 5))
        return (
            rf"\begin{{table}}[t]\centering\caption{{{self._caption(is_table=True)}}}\begin{{tabular}}{{lrrr}}"
            rf"Gauge & Mean & Low & High\\\hline {rows}\end{{tabular}}\end{{table}}"
        )

    def _references(self) -> None:
        entries = []
        for number in range(1, 12):
            text = self.author.reference(number)
            self.truth.references.append(text)
            entries.append(rf"\bibitem{{r{number}}} {tex(text)}")
        self.latex.append(r"\begin{thebibliography}{99}" + "\n".join(entries) + r"\end{thebibliography}")


def _bulleted(sentence: Sentence, bullet: str) -> Sentence:
    return Sentence(sentence.latex, f"{bullet} {sentence.text}")


_FRONT = rf"\title{{{_TITLE}}}"
STYLES: dict[str, Style] = {
    "acm": Style(
        "\\documentclass[sigconf,nonacm]{acmart}\n\\settopmatter{printfolios=true}",
        rf"\title{{{_TITLE}}}\author{{Ada Invented}}"
        r"\affiliation{\institution{Harbour School}\city{Port}\country{Nowhere}}",
        (r"\begin{abstract}", r"\end{abstract}\maketitle"),
    ),
    "ieee": Style(
        r"\documentclass[conference]{IEEEtran}",
        rf"\title{{{_TITLE}}}\author{{\IEEEauthorblockN{{Ada Invented}}"
        r"\IEEEauthorblockA{Harbour School\\Port, Nowhere}}\maketitle",
        (r"\begin{abstract}", r"\end{abstract}"),
        label="Abstract—",
        has_small_capitals=True,
    ),
    "springer": Style(
        r"\documentclass[runningheads]{llncs}",
        rf"\title{{{_TITLE}}}\titlerunning{{Tidal Registers}}\author{{Ada Invented}}"
        r"\institute{Harbour School, Port, Nowhere}\maketitle",
        (r"\begin{abstract}", r"\end{abstract}"),
        label="Abstract.",
        bullet="–",
        is_twocolumn=False,
    ),
    "acl": Style(
        "\\documentclass[11pt,a4paper,twocolumn]{article}\n\\usepackage{times}"
        "\\usepackage[margin=2.5cm,columnsep=0.6cm]{geometry}\\usepackage{titlesec}"
        "\\titleformat*{\\section}{\\large\\bfseries}\\usepackage[font=small]{caption}"
        "\\renewenvironment{abstract}{\\begin{center}\\large\\textbf{Abstract}\\end{center}\\begin{quote}\\small}{\\end{quote}}",
        rf"{_FRONT}\author{{Ada Invented\\Harbour School\\\texttt{{ada@harbour.invalid}}}}\date{{}}\maketitle",
        (r"\begin{abstract}", r"\end{abstract}"),
    ),
    "neurips": Style(
        "\\documentclass[10pt]{article}\n\\usepackage{times}"
        "\\usepackage[letterpaper,textheight=9in,textwidth=5.5in,top=1in]{geometry}\\usepackage{titlesec}"
        "\\titleformat*{\\section}{\\large\\bfseries}"
        "\\setlength{\\parindent}{0pt}\\setlength{\\parskip}{5.5pt}"
        "\\renewenvironment{abstract}{\\begin{center}\\large\\textbf{Abstract}\\end{center}\\begin{quote}}{\\end{quote}}",
        rf"{_FRONT}\author{{Ada Invented\\Harbour School}}\date{{}}\maketitle",
        (r"\begin{abstract}", r"\end{abstract}"),
        is_twocolumn=False,
    ),
}


def make_latex(name: str, seed: int, target: Path) -> None:
    """Write ``NAME.pdf`` and ``NAME.json``."""
    paper = Paper(STYLES[name], seed, sections=4)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"{name}.tex"
        source.write_text("\n".join(paper.latex), encoding="utf-8")
        for _ in range(2):
            subprocess.run(
                ["pdflatex", "-interaction=batchmode", source.name], cwd=folder, stdout=subprocess.DEVNULL, check=False
            )
        shutil.copy(source.with_suffix(".pdf"), target / f"{name}.pdf")
    _write_truth(paper.truth, target / f"{name}.json")


def _write_truth(truth: Truth, path: Path) -> None:
    path.write_text(json.dumps(truth.__dict__, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


_FODT_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:styles>
<style:style style:name="Standard" style:family="paragraph"><style:paragraph-properties fo:text-align="justify"
 fo:margin-bottom="0.2cm"/><style:text-properties style:font-name="Liberation Serif" fo:font-family="'Liberation Serif'"
 fo:font-size="11pt" fo:language="en" fo:country="US"/></style:style>
<style:style style:name="Title" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties
 fo:font-size="18pt" fo:font-weight="bold"/></style:style>
<style:style style:name="Heading" style:family="paragraph" style:parent-style-name="Standard">
<style:paragraph-properties fo:keep-with-next="always"/><style:text-properties fo:font-size="13pt"
 fo:font-weight="bold"/></style:style>
<style:style style:name="Header" style:family="paragraph" style:parent-style-name="Standard"/>
<style:style style:name="Footnote" style:family="paragraph" style:parent-style-name="Standard"><style:text-properties
 fo:font-size="9pt"/></style:style>
<style:style style:name="Raised" style:family="text"><style:text-properties
 style:text-position="super 58%"/></style:style>
<text:notes-configuration text:note-class="footnote" text:citation-style-name="Raised"
 text:citation-body-style-name="Raised" text:default-style-name="Footnote" style:num-format="1"/>
</office:styles>
<office:automatic-styles><style:page-layout style:name="page"><style:page-layout-properties fo:page-width="21cm"
 fo:page-height="29.7cm" fo:margin="2cm"><style:columns fo:column-count="2" fo:column-gap="0.8cm"/>
</style:page-layout-properties><style:header-style/><style:footer-style/></style:page-layout></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="page">
<style:header><text:p text:style-name="Header">Tidal Registers and Their Readers</text:p></style:header>
<style:footer><text:p text:style-name="Header"><text:page-number>1</text:page-number></text:p></style:footer>
</style:master-page></office:master-styles><office:body><office:text>
"""


def make_word_processor(seed: int, target: Path) -> None:
    """Write ``writer.pdf`` and ``writer.json`` by LibreOffice."""
    author, truth = Author(seed), Truth()
    parts = [_FODT_HEAD, f'<text:p text:style-name="Title">{_TITLE}</text:p>']
    for _ in range(4):
        title = author.title()
        truth.headings.append(title)
        parts.append(f'<text:p text:style-name="Heading">{title}</text:p>')
        for _ in range(4):
            runs = [_fodt(author.sentence(), truth) for _ in range(6)]
            parts.append(f'<text:p text:style-name="Standard">{" ".join(runs)}</text:p>')
    parts.append("</office:text></office:body></office:document>\n")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "writer.fodt"
        source.write_text("".join(parts), encoding="utf-8")
        command = [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            source.name,
        ]
        subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, check=True)
        shutil.copy(source.with_suffix(".pdf"), target / "writer.pdf")
    _write_truth(truth, target / "writer.json")


def _fodt(sentence: Sentence, truth: Truth) -> str:
    truth.body.append((sentence.text, sentence.has_formula))
    if not sentence.note:
        return escape(sentence.text)
    truth.notes.append(sentence.note)
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>'
        f'<text:p text:style-name="Footnote">{escape(sentence.note)}</text:p></text:note-body></text:note>'
    )
    # Where the footnote's number stands is told by the LaTeX.
    before = len(sentence.latex.split(r"\footnote", 1)[0])
    is_at_end = sentence.latex.endswith("}")
    cut = len(sentence.text) if is_at_end else min(before, len(sentence.text))
    return escape(sentence.text[:cut]) + note + escape(sentence.text[cut:])


def turn_pages(name: str, made: str, change: Callable[[PdfWriter], None], target: Path) -> None:
    """Write a changed copy of a gold paper with the same truth."""
    writer = PdfWriter(clone_from=PdfReader(target / f"{name}.pdf"))
    change(writer)
    writer.write(target / f"{made}.pdf")
    shutil.copy(target / f"{name}.json", target / f"{made}.json")


def _rotate(writer: PdfWriter) -> None:
    """Turn pages in four ways, the last one with its contents so that it is shown upright."""
    for number, page in enumerate(writer.pages):
        if number % 4 == 3:
            page.rotate(90)
            page.transfer_rotation_to_content()
            page.rotate(90)
        elif number % 4:
            page.rotate(90 * (number % 4))


def _crop(writer: PdfWriter) -> None:
    """Move the origin out of the page and show less than there is."""
    for page in writer.pages:
        box = page.mediabox
        page.add_transformation((1, 0, 0, 1, 100, 50))
        page.mediabox = RectangleObject((100, 50, float(box.width) + 100, float(box.height) + 50))
        page.cropbox = RectangleObject((120, 80, float(box.width) + 80, float(box.height) + 30))


def main() -> None:
    """Make all papers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", type=Path, default=TARGET)
    target = parser.parse_args().target
    target.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(STYLES):
        make_latex(name, seed, target)
    make_word_processor(11, target)
    turn_pages("acl", "rotated", _rotate, target)
    turn_pages("springer", "cropped", _crop, target)


if __name__ == "__main__":
    main()
