"""Which program the system opens PDF files with, and what may be handed to it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from reader.domain.errors import ReaderError
from reader.services.process.pdf_reader import check_pdf, default_reader


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="xdg-utils are for Linux desktops")
@pytest.mark.parametrize(
    ("script", "entry"),
    [('test "$*" = "query default application/pdf" && echo org.kde.okular.desktop', "org.kde.okular.desktop"),
     ("exit 0", ""), ("exit 3", "")],
)  # fmt: skip
def test_the_system_names_its_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, entry: str) -> None:
    tool = tmp_path / "xdg-mime"
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert default_reader() == entry


def test_a_system_without_the_tool_names_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert default_reader() == ""


def test_a_pdf_is_one_by_name_and_content(tmp_path: Path) -> None:
    path = tmp_path / "a.PDF"
    path.write_bytes(b"junk\n%PDF-1.7\n")
    check_pdf(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"#!/bin/sh\n"), ("a.desktop", b"%PDF-1.7"), ("a.pdf", b" " * 2_000 + b"%PDF-1.7"), ("a", b"%PDF-1.7")],
)
def test_what_is_no_pdf_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReaderError, match="no longer a PDF"):
        check_pdf(path)


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(ReaderError, match=r"Could not read a\.pdf"):
        check_pdf(tmp_path / "a.pdf")
