"""Two libraries that real programs carry files between: Syncthing, rclone over WebDAV, S3, SFTP, and a USB stick."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from reader.domain.papers import PaperState
from reader.domain.views import View, ViewKind
from reader.services import Library
from tests.services.support import finish, listing_text
from tests.services.sync import carriers
from tests.services.sync.carriers import until

ALL = View(ViewKind.ALL)
PASSPHRASE = "tide tables"


@pytest.fixture(autouse=True)
def nobody_s_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the home nor the keys and proxies of whoever runs the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home/.ssh").mkdir(parents=True)


@contextmanager
def two_libraries(
    folder: Path, targets: tuple[str, str], carry: Callable[[], None]
) -> Iterator[tuple[Library, Library]]:
    """A library with papers that begins, and an empty one that joins once ``carry`` has brought the other's files."""
    with ExitStack() as opened:
        laptop = opened.enter_context(Library(folder / "laptop"))
        desktop = opened.enter_context(Library(folder / "desktop"))
        finish(laptop.imports.text(listing_text("First Paper", "Second Paper", "Third Paper"), "a"))
        laptop.sync.begin(targets[0], "Laptop", PASSPHRASE)
        laptop.sync.run()
        carry()
        desktop.sync.join(targets[1], "Desktop", PASSPHRASE)
        yield laptop, desktop


def said(library: Library) -> list[tuple[object, ...]]:
    """What a library says of its papers, in an order that is the same in all."""
    papers = [library.papers.get(paper_id) for paper_id in library.views.paper_ids(ALL)]
    return sorted(
        (
            paper.key,
            paper.title,
            paper.state,
            tuple(paper.tags),
            note.text if (note := library.notes.of(paper.id)) else "",
        )
        for paper in papers
    )


def named(library: Library, title: str) -> int:
    """The id of a paper."""
    return next(paper_id for paper_id in library.views.paper_ids(ALL) if library.papers.get(paper_id).title == title)


def annotate_both(laptop: Library, desktop: Library) -> None:
    """Different things on both, and two versions of one note, before either hears of the other's."""
    first = [named(library, "First Paper") for library in (laptop, desktop)]
    laptop.tags.add([first[0]], ["from the laptop"])
    laptop.states.set([named(laptop, "Second Paper")], PaperState.QUEUED)
    desktop.tags.add([first[1]], ["from the desktop"])
    desktop.states.set([named(desktop, "Third Paper")], PaperState.DONE)
    laptop.notes.save(first[0], "Written on the laptop.", revision=None)
    desktop.notes.save(first[1], "Written on the desktop.", revision=None)


def assert_nothing_lost(laptop: Library, desktop: Library) -> None:
    papers = said(laptop)
    assert papers == said(desktop)
    (_, _, _, tags, note), (_, _, second, *_), (_, _, third, *_) = sorted(papers, key=lambda paper: str(paper[1]))
    assert set(tags) == {"from the laptop", "from the desktop"}  # type: ignore[call-overload]
    assert all(f"Written on the {place}." in str(note) for place in ("laptop", "desktop"))
    assert (second, third) == (PaperState.QUEUED, PaperState.DONE)


def meet(folder: Path, targets: tuple[str, str], carry: Callable[[], None], rounds: int = 2) -> None:
    """Two libraries annotate apart and meet by what carries files; both have everything at the end."""
    with two_libraries(folder, targets, carry) as (laptop, desktop):
        desktop.sync.run()
        assert said(laptop) == said(desktop)
        annotate_both(laptop, desktop)
        for _ in range(rounds):
            for library in (laptop, desktop):
                library.sync.run()
                carry()
        assert_nothing_lost(laptop, desktop)


def test_syncthing_keeps_two_libraries_in_step(tmp_path: Path) -> None:
    folders = tmp_path / "on-laptop", tmp_path / "on-desktop"
    with carriers.syncthing(folders, tmp_path / "homes"):
        target = str(folders[0] / "lectern"), str(folders[1] / "lectern")

        def arrived() -> None:
            """Wait until the other folder has all that this one has."""
            until(lambda: names(folders[0]) == names(folders[1]))

        with two_libraries(tmp_path, target, arrived) as (laptop, desktop):
            desktop.sync.run()
            annotate_both(laptop, desktop)
            for library in (laptop, desktop):  # both at once: what either reads may be half of what the other wrote
                library.sync.run()

            def all_is_there() -> bool:
                for library in (laptop, desktop):
                    library.sync.run()
                return said(laptop) == said(desktop)

            until(all_is_there)
            assert_nothing_lost(laptop, desktop)
        assert not list(tmp_path.rglob("*sync-conflict*"))


def names(folder: Path) -> list[str]:
    """The files of a shared folder, as they stand once nothing is on its way."""
    return sorted(
        str(path.relative_to(folder))
        for path in (folder / "lectern").rglob("*")
        if path.is_file() and not path.name.startswith((".", "~"))
    )


@pytest.mark.parametrize("server", [carriers.rclone_webdav, carriers.wsgidav])
def test_rclone_copies_both_ways_over_webdav(tmp_path: Path, server: Callable[[Path], object]) -> None:
    """Nothing is ever replaced: ``--immutable`` fails for a file that differs from the one that is there."""
    carriers.needs_program("rclone")
    folders = tmp_path / "on-laptop", tmp_path / "on-desktop"
    (tmp_path / "served").mkdir()
    for folder in folders:
        folder.mkdir()
    with server(tmp_path / "served") as address:  # type: ignore[attr-defined]

        def copied() -> None:
            for back in (False, True):
                for folder in folders:
                    carriers.rclone_copy(folder, address, back=back)

        meet(tmp_path, (str(folders[0]), str(folders[1])), copied)


@pytest.mark.parametrize("server", [carriers.rclone_webdav, carriers.wsgidav])
def test_libraries_meet_on_a_webdav_server(tmp_path: Path, server: Callable[[Path], object]) -> None:
    (tmp_path / "served").mkdir()
    with server(tmp_path / "served") as address:  # type: ignore[attr-defined]
        target = address.replace("//", "//anna:tide@") + "papers/of%20mine"
        meet(tmp_path, (target, target), lambda: None)
        with Library(tmp_path / "laptop") as laptop:
            assert "tide" not in (laptop.sync.status() or laptop).target  # type: ignore[union-attr]
    assert json.loads((tmp_path / "served/papers/of mine/lectern.json").read_text())["name"] == "laptop"


def test_libraries_meet_in_a_bucket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "invented")
    with carriers.s3() as endpoint:
        carriers.make_bucket(endpoint, "lab")
        target = f"s3://lab/papers?endpoint={endpoint}&region=us-east-1"
        meet(tmp_path, (target, target), lambda: None)


def test_libraries_meet_on_an_sftp_server(tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    with carriers.sftp(tmp_path / "served") as (port, known):
        (tmp_path / "home/.ssh/known_hosts").write_text(known)
        target = f"sftp://anna:tide@127.0.0.1:{port}/papers"
        meet(tmp_path, (target, target), lambda: None)
    assert not [path for path in (tmp_path / "served").rglob("*") if path.name.endswith(".tmp")]


def test_a_usb_stick_carries_what_was_copied_to_it(tmp_path: Path) -> None:
    """Whoever copies by hand forgets files, stops in the middle, and copies again."""
    folders, stick = (tmp_path / "on-laptop", tmp_path / "on-desktop"), tmp_path / "stick"
    for folder in folders:
        folder.mkdir()

    def carry() -> None:
        for source, place in ((folders[0], stick), (folders[1], stick), (stick, folders[0]), (stick, folders[1])):
            carriers.copied(source, place)
        for path in sorted((stick / "devices").rglob("*.lecs"))[::2]:
            path.write_bytes(path.read_bytes()[:50])  # pulled out too early

    def again() -> None:
        shutil.rmtree(stick, ignore_errors=True)  # formatted
        carry()

    meet(tmp_path, (str(folders[0]), str(folders[1])), again, rounds=3)


def test_a_stick_that_is_not_attached_changes_nothing(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    target = str(stick / "lectern")
    with two_libraries(tmp_path, (target, target), lambda: None) as (laptop, desktop):
        desktop.sync.run()
        before = said(desktop)
        stick.rename(tmp_path / "drawer")
        laptop.notes.save(named(laptop, "First Paper"), "Written without the stick.", revision=None)
        for library in (laptop, desktop):
            with pytest.raises(Exception, match="lectern"):
                library.sync.run()
        assert said(desktop) == before
        assert not stick.exists()
        (tmp_path / "drawer").rename(stick)
        laptop.sync.run()
        desktop.sync.run()
        assert "Written without the stick." in str(said(desktop))
