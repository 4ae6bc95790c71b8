"""How programs are told the page: each in its own way, and nothing of a command is taken for more than words."""

from __future__ import annotations

from pathlib import Path, PureWindowsPath

import pytest

from reader.domain.errors import ReaderError
from reader.domain.pdf_readers import check_command, command_line, known_command

FILE = Path("/home/ada/My papers/a #1 {page}.pdf")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("org.kde.okular.desktop", ["okular", "--page", "7", str(FILE)]),
        ("okularApplication_pdf.desktop", ["okular", "--page", "7", str(FILE)]),
        ("org.gnome.Evince.desktop", ["evince", "--page-index=7", str(FILE)]),
        ("evince.desktop", ["evince", "--page-index=7", str(FILE)]),
        ("org.gnome.Papers.desktop", ["papers", "--page-index=7", str(FILE)]),
        ("atril.desktop", ["atril", "--page-index=7", str(FILE)]),
        ("xreader.desktop", ["xreader", "--page-index=7", str(FILE)]),
        ("org.pwmt.zathura-pdf-mupdf.desktop", ["zathura", "--page=7", str(FILE)]),
        ("sioyek.desktop", ["sioyek", "--page", "7", str(FILE)]),
        ("mupdf.desktop", ["mupdf", str(FILE), "7"]),
        ("qpdfview.desktop", ["qpdfview", "--unique", f"{FILE}#7"]),
        ("firefox-esr.desktop", ["firefox-esr", f"{FILE.as_uri()}#page=7"]),
        ("firefox.desktop", ["firefox", f"{FILE.as_uri()}#page=7"]),
    ],
)
def test_known_programs_open_at_the_page(entry: str, words: list[str]) -> None:
    command = known_command(entry)
    assert command is not None
    assert command_line(command, FILE, 7) == words


@pytest.mark.parametrize("entry", ["", "org.example.Viewer.desktop", "gimp.desktop"])
def test_an_unknown_program_has_no_command(entry: str) -> None:
    assert known_command(entry) is None


def test_words_are_split_as_in_a_shell_and_nothing_else_has_a_meaning() -> None:
    command = "'my reader' -p {page} --title='a b' \"{file}\" $HOME; rm * # {page}"
    assert command_line(command, FILE, 3) == [
        "my reader", "-p", "3", "--title=a b", str(FILE), "$HOME;", "rm", "*", "#", "3",
    ]  # fmt: skip


def test_paths_of_windows_stay_as_they_are() -> None:
    program = PureWindowsPath("C:/Program Files/SumatraPDF/SumatraPDF.exe")
    assert command_line(f'"{program}" -page {{page}} {{file}}', FILE, 2) == [str(program), "-page", "2", str(FILE)]


def test_what_is_filled_in_is_not_filled_again() -> None:
    assert command_line("x {file}{page}", Path("/a/{page}.pdf"), 5) == ["x", "/a/{page}.pdf5"]


@pytest.mark.parametrize("command", ["okular", "okular -p {page}", "{file}", "", "   ", "okular '{file}", "'' {file}"])
def test_what_is_no_command_for_a_file_is_refused(command: str) -> None:
    with pytest.raises(ReaderError):
        check_command(command)
