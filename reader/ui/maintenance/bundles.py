"""Bundles from the window: writing the library into one file, and opening or merging such a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QWidget

from reader.domain.errors import ReaderError
from reader.services.copies.bundle_file import ENDING, BundleSummary, free_folder, open_bundle
from reader.services.copies.bundles import MergedBundle, unpack_bundle
from reader.services.latex_to_unicode import shown_line
from reader.ui.app.context import Context, Part
from reader.ui.commands.runner import Acts
from reader.ui.look.labels import button, plain_label, row_of
from reader.ui.look.wording import counted, joined, with_undo
from reader.ui.maintenance.long_work import LongWork
from reader.ui.overlays.overlay import Overlay

_NAME_LIMIT, _FILE_NAME_LIMIT = 60, 100
_MOST_NUMBERS = 1_000


class Bundles(Part):
    """The commands on bundles."""

    def __init__(self, context: Context, work: LongWork) -> None:
        """``work`` shows the bundle being written, unpacked or merged."""
        super().__init__(context)
        self._work = work
        self._chooser = context.environment.chooser
        self._start_window = context.environment.start_window

    def acts(self) -> Acts:
        """The commands carried out here."""
        return {"library.bundle": self.write, "library.open_bundle": self.choose}

    def write(self) -> None:
        """Write the library into one file."""
        folder = self._library.folder
        target = self._chooser.bundle_target(self._window, Path.home() / f"{folder.name}{ENDING}")
        if target is None:
            return
        if target.suffix != ENDING:
            target = target.with_name(target.name + ENDING)
        self._work.begin("Writing the bundle…", partial(self._library.bundles.write, target), self._written)

    def choose(self) -> None:
        """Choose a bundle to open."""
        path = self._chooser.bundle_file(self._window, Path.home())
        if path is not None:
            self.open(path)

    def open(self, path: Path) -> None:
        """Ask what to do with a bundle."""
        self._workspace.tasks.read(partial(_summary_of, path), self._offer)

    def take(self, files: Sequence[Path]) -> list[Path]:
        """Ask about the first bundle among files that came from outside; the files that are not bundles."""
        found = [file for file in files if file.suffix == ENDING and file.is_file()]
        if found:
            self.open(found[0])
        return [file for file in files if file not in found]

    def _written(self, summary: BundleSummary) -> None:
        name = shown_line(summary.path.name, _NAME_LIMIT)
        self._say(f"Wrote {name}: {counted(summary.paper_count, 'paper')}")

    def _offer(self, summary: BundleSummary) -> None:
        BundleSheet(
            self._window, summary, separately=partial(self._ask_folder, summary), merge=partial(self._merge, summary)
        )

    def _ask_folder(self, summary: BundleSummary) -> None:
        folder = str(_free_name(self._library.folder.parent, summary.path.stem))
        hint = "The folder is created if needed. “lectern --library FOLDER” opens the library later."
        unpack = partial(self._unpack, summary.path)
        self._ask("Folder of the new library", folder, unpack, check=_check_folder, hint=hint)

    def _unpack(self, path: Path, answer: str) -> None:
        folder = Path(answer).expanduser().absolute()
        self._work.begin("Unpacking the bundle…", partial(unpack_bundle, path, folder), partial(self._unpacked, folder))

    def _unpacked(self, folder: Path, _: BundleSummary) -> None:
        if self._start_window(folder):
            self._say(f"Opened {shown_line(str(folder), _NAME_LIMIT)} in a window of its own")
        else:
            self._workspace.failed.emit(f"The library is in {folder}; “lectern --library” with that folder opens it.")

    def _merge(self, summary: BundleSummary) -> None:
        merge = partial(self._library.bundles.merge, summary.path)
        self._work.begin("Merging the bundle…", merge, self._merged, changes_library=True)

    def _merged(self, merged: MergedBundle) -> None:
        if not merged.change:
            self._say("The library has everything in this bundle; nothing was changed")
            return
        self._workspace.announce(merged.change)
        counts = f"{counted(merged.new, 'new paper')}, {merged.updated:,} updated, {merged.known:,} unchanged"
        self._say(with_undo(f"Merged the bundle: {counts}"))


class BundleSheet(Overlay):
    """Says what a bundle holds and offers what can be done with it; neither replaces anything."""

    def __init__(
        self, window: QWidget, summary: BundleSummary, *, separately: Callable[[], None], merge: Callable[[], None]
    ) -> None:
        """Opens at once."""
        super().__init__(window, "Open a bundle", width=560)
        self._separately, self._merge = separately, merge
        self.add_heading("Open a bundle")
        made = shown_line(summary.made, 20).replace("T", " ")[:16]
        facts = (counted(summary.paper_count, "paper"), f"made {made}", f"Lectern {shown_line(summary.version, 20)}")
        self.add(plain_label(shown_line(summary.path.name, _FILE_NAME_LIMIT), name="File"))
        self.facts = self.add_words(joined(facts), name="What it holds")
        self.add_words(
            "“Open separately” makes another library of it, in its own window. “Merge” adds what this library lacks, "
            "as one step that can be undone. Neither replaces anything."
        )
        self.merge_button = button("Merge", self._choose_merge)
        self.open_button = button("Open separately…", self._choose_separately, primary=True)
        self.add(6, row_of(None, self.merge_button, self.open_button))
        self.open(self.open_button)

    def _choose_merge(self) -> None:
        self.dismiss()
        self._merge()

    def _choose_separately(self) -> None:
        self.dismiss()
        self._separately()


def _summary_of(path: Path) -> BundleSummary:
    with open_bundle(path) as bundle:
        return bundle.summary


def _free_name(parent: Path, name: str) -> Path:
    """A path beside the library's folder that is free."""
    names = (name, *(f"{name}-{number}" for number in range(2, _MOST_NUMBERS)))
    return next((parent / free for free in names if not (parent / free).exists()), parent)


def _check_folder(answer: str) -> None:
    """Refuse a folder that a bundle cannot be unpacked into: raises :class:`ReaderError`."""
    if not answer or "\0" in answer or not Path(answer).expanduser().is_absolute():
        raise ReaderError("Name a folder with its full path, from / or ~.")
    try:
        is_free = free_folder(Path(answer).expanduser())
    except OSError as error:
        raise ReaderError(str(error)) from error
    if not is_free:
        raise ReaderError("This folder is not empty, and a bundle never replaces anything; name another.")
