"""Files that other programs wrote anew say the same, and nothing that a file names is opened.

qpdf, mutool and strace are what ``make test`` installs; what one of them is needed for is skipped without it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from reader.domain.documents import FoundAnnotation, ReadDocument
from reader.formats.pdf.file_reading import read_pdf
from reader.formats.pdf.problems import PdfError, PdfProblem
from tests.formats.pdf.hostile import sample
from tests.formats.pdf.writing import PdfMaker, Text, name, quad

ROOT = Path(__file__).resolve().parents[3]
REWRITERS = {
    "qpdf-plain": "qpdf --object-streams=disable {0} {1}",
    "qpdf-streams": "qpdf --object-streams=generate --compress-streams=y {0} {1}",
    "qpdf-linear": "qpdf --linearize {0} {1}",
    "qpdf-qdf": "qpdf --qdf {0} {1}",
    "qpdf-rc4": "qpdf --allow-weak-crypto --encrypt {2} owner 128 -- {0} {1}",
    "qpdf-aes": "qpdf --encrypt {2} owner 256 -- {0} {1}",
    "mutool-clean": "mutool clean -gggz {0} {1}",
}


def without_the_file(read: ReadDocument) -> tuple[object, ...]:
    """What was read, without what says which very file it is."""
    return (
        read.page_count, read.title, read.first_page, read.text_sha256, read.left_out,
        tuple(replace(each, place=replace(each.place, document="")) for each in read.annotations),
    )  # fmt: skip


def rewritten(folder: Path, command: str) -> bytes:
    """The sample as a program writes it."""
    if shutil.which(command.split()[0]) is None:
        pytest.skip(f"no {command.split()[0]} on this system")
    source, target = folder / "source.pdf", folder / "target.pdf"
    source.write_bytes(sample())
    subprocess.run([word.format(source, target, "") for word in command.split()], check=True, capture_output=True)
    return target.read_bytes()


@pytest.mark.parametrize("rewriter", REWRITERS)
def test_a_file_that_another_program_wrote_anew_says_the_same(rewriter: str, tmp_path: Path) -> None:
    data = rewritten(tmp_path, REWRITERS[rewriter])
    assert data != sample()
    assert without_the_file(read_pdf(data)) == without_the_file(read_pdf(sample()))


def test_a_file_that_needs_a_password_is_refused(tmp_path: Path) -> None:
    command = "qpdf --encrypt user owner 256 -- {0} {1}"
    with pytest.raises(PdfError) as caught:
        read_pdf(rewritten(tmp_path, command))
    assert caught.value.problem is PdfProblem.PASSWORD


@pytest.mark.parametrize("is_incremental", [True, False])
def test_what_pypdf_writes_is_read(is_incremental: bool) -> None:
    made = PdfMaker()
    made.page(Text(72, 700, "Tides rise twice a day."))
    reader = PdfReader(BytesIO(made.made()))
    writer = PdfWriter(reader, incremental=True) if is_incremental else PdfWriter(clone_from=reader)
    from pypdf.annotations import Highlight
    from pypdf.generic import ArrayObject, FloatObject

    corners = ArrayObject(FloatObject(number) for number in quad(72, 700, 6, 10))
    writer.add_annotation(0, Highlight(rect=(108, 697, 132, 708), quad_points=corners, highlight_color="ff8800"))
    stream = BytesIO()
    writer.write(stream)
    (found,) = read_pdf(stream.getvalue()).annotations
    assert isinstance(found, FoundAnnotation)
    assert (found.exact, found.color) == ("rise", "#ff8800")


def hostile(folder: Path) -> bytes:
    """A file that would open others, start programs and run scripts."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    canary = str(folder / "canary")
    actions = [
        {"S": name("Launch"), "F": canary},
        {"S": name("URI"), "URI": "http://127.0.0.1:9/canary"},
        {"S": name("JavaScript"), "JS": "app.launchURL('http://127.0.0.1:9/canary')"},
        {"S": name("GoToR"), "F": {"Type": name("Filespec"), "F": canary}, "D": [0, name("Fit")]},
        {"S": name("SubmitForm"), "F": {"FS": name("URL"), "F": "http://127.0.0.1:9/canary"}},
    ]
    made.catalog |= {"OpenAction": actions[0], "AA": {"WC": actions[2]}}
    made.pages[0]["AA"] = {"O": actions[0], "C": actions[2]}
    for action in actions:
        made.annotate(0, "Highlight", [quad(72, 700, 0, 5)], A=action, AA={"PV": action, "E": action})
        made.annotate(0, "Link", Rect=[1, 1, 2, 2], A=action)
    content = made.objects[made.pages[0]["Contents"].number - 1]
    made.pages[0]["Contents"] = made.add(replace(content, entries={"F": canary}))  # a stream in another file
    return made.made()


def test_nothing_that_a_file_names_is_opened(tmp_path: Path) -> None:
    traced = ["strace", "-f", "-qq", "-s", "400", "-e", "trace=open,openat,connect,execve,socket", "-o", "trace"]
    if shutil.which("strace") is None or subprocess.run([*traced, "true"], cwd=tmp_path).returncode:
        pytest.skip("strace is not there, or may not trace")
    (tmp_path / "canary").write_text("tweet")
    path = tmp_path / "hostile.pdf"
    path.write_bytes(hostile(tmp_path))
    script = (
        "import sys; from pathlib import Path; from reader.formats.pdf.file_reading import read_pdf\n"
        "print(len(read_pdf(Path(sys.argv[1]).read_bytes()).annotations))"
    )
    done = subprocess.run(
        [*traced[:-1], str(tmp_path / "trace"), sys.executable, "-c", script, str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "5\n"
    calls = (tmp_path / "trace").read_text("utf-8", "replace")
    assert "hostile.pdf" in calls  # the test sees what is opened
    assert "canary" not in calls
    assert re.findall(r"AF_INET6?", calls) == []
    assert len(re.findall(r"execve\(", calls)) == 1
