"""PDF files of papers: copies that the library keeps, where a paper is read, and which paper a file is."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from reader.domain.checks import Aspect
from reader.domain.documents import AttachReport, ReadDocument
from reader.domain.errors import ReaderError
from reader.services import Library
from tests.documents import found, read_of
from tests.services.annotating import TITLES


def write(folder: Path, name: str) -> Path:
    """A file whose bytes are its name."""
    path = folder / f"{name}.pdf"
    path.write_text(name, encoding="utf-8")
    return path


def attach(library: Library, path: Path, read: ReadDocument, *, keep_copy: bool = True) -> AttachReport:
    return library.documents.attach(1, read, path, labels={}, keep_copy=keep_copy)[0]


def test_a_copy_is_kept_that_nobody_writes(annotated: Library, tmp_path: Path) -> None:
    path, read = write(tmp_path, "paper"), read_of("paper", found("One."))
    report = attach(annotated, path, read)
    copy = annotated.folder / "documents" / read.sha256[:2] / f"{read.sha256}.pdf"
    assert copy.read_text(encoding="utf-8") == "paper" and report.document.is_stored
    if os.name != "nt":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o400
    assert annotated.documents.local_file(1) == path, "the user's own file comes first"
    path.unlink()
    assert annotated.documents.local_file(1) == copy


def test_a_damaged_copy_is_made_again(annotated: Library, tmp_path: Path) -> None:
    path, read = write(tmp_path, "paper"), read_of("paper")
    attach(annotated, path, read)
    copy = annotated.folder / "documents" / read.sha256[:2] / f"{read.sha256}.pdf"
    copy.chmod(0o600)
    copy.write_text("other", encoding="utf-8")
    assert attach(annotated, path, read).was_attached
    assert copy.read_text(encoding="utf-8") == "paper"


def test_without_a_copy_the_file_is_read_where_it_lies(annotated: Library, tmp_path: Path) -> None:
    path = write(tmp_path, "paper")
    assert not attach(annotated, path, read_of("paper"), keep_copy=False).document.is_stored
    assert not (annotated.folder / "documents").exists()
    assert annotated.documents.local_file(1) == path
    path.write_text("something else", encoding="utf-8")
    assert annotated.documents.local_file(1) is None
    assert annotated.documents.local_file(2) is None


def test_a_file_that_changed_since_it_was_read_is_refused(annotated: Library, tmp_path: Path) -> None:
    path = write(tmp_path, "paper")
    path.write_text("papal", encoding="utf-8")
    with pytest.raises(ReaderError, match="was changed while it was read"):
        attach(annotated, path, read_of("paper"))
    with pytest.raises(ReaderError, match="cannot be copied into the library"):
        attach(annotated, tmp_path / "missing.pdf", read_of("missing"))
    assert annotated.documents.of(1) == []
    assert [each for each in (annotated.folder / "documents").rglob("*") if each.is_file()] == []


def test_a_paper_is_found_by_its_arxiv_id_and_by_its_title(annotated: Library) -> None:
    first = annotated.papers.get(1)
    assert first is not None
    annotated.papers.set_arxiv_id(1, "2501.00001")
    (named,) = annotated.documents.match(read_of("a", first_page="arXiv:2501.00001v2 [cs.CL] 1 Jan 2025"))
    assert (named.paper.key, named.is_sure) == (first.key, True)
    wrapped = TITLES[1].replace(" ", "\n", 1)
    (titled,) = annotated.documents.match(read_of("b", first_page=f"Proceedings\n{wrapped}\nA. Author"))
    assert (titled.paper.id, titled.is_sure) == (2, True)
    (titled,) = annotated.documents.match(read_of("c", title=TITLES[2]))
    assert titled.paper.id == 3
    (cited,) = annotated.documents.match(read_of("e", first_page="As was shown (arXiv:2501.00001), rivers flow."))
    assert (cited.paper.id, cited.is_sure) == (1, False)
    (stored,) = annotated.documents.match(read_of("f"), "2501.00001v3.pdf")
    assert (stored.paper.id, stored.is_sure) == (1, True)
    assert annotated.documents.match(read_of("d", first_page="Nothing of this is here")) == []


def test_the_check_names_copies_that_are_gone_or_changed_and_repair_makes_them_anew(
    annotated: Library, tmp_path: Path
) -> None:
    def findings() -> list[tuple[str, int]]:
        return [
            (each.sentence.partition(";")[0], each.count)
            for each in annotated.checks.run().findings
            if each.aspect is Aspect.DOCUMENTS
        ]

    copies = {}
    for name in ("gone", "short", "other"):
        read = read_of(name)
        attach(annotated, write(tmp_path, name), read)
        copies[name] = annotated.folder / "documents" / read.sha256[:2] / f"{read.sha256}.pdf"
    assert findings() == []
    for path in copies.values():
        path.chmod(0o600)
    copies["gone"].unlink()
    copies["short"].write_text("sh", encoding="utf-8")
    copies["other"].write_text("rehto", encoding="utf-8")
    assert findings() == [("Copies of PDFs are gone", 1), ("Copies of PDFs were changed", 2)]
    (tmp_path / "gone.pdf").unlink()
    annotated.checks.repair()
    assert findings() == []
    assert copies["short"].read_text(encoding="utf-8") == "short" and not copies["gone"].exists()
    assert [each.is_stored for each in annotated.documents.of(1)] == [True, True, False]


def test_a_copy_that_a_salvaged_library_does_not_know_of_is_read(annotated: Library, tmp_path: Path) -> None:
    path, read = write(tmp_path, "paper"), read_of("paper")
    attach(annotated, path, read)
    annotated.documents.forget_copy(read.sha256)
    path.unlink()
    assert annotated.documents.local_file(1) == annotated.folder / "documents" / read.sha256[:2] / f"{read.sha256}.pdf"
