"""Making the rows that are missing: learning a basis, reading texts, writing segments. It imports numpy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import overload

from reader.domain.batches import batches
from reader.domain.cancellation import Cancelled
from reader.domain.meaning import LEAST_PAPERS, PaperText
from reader.domain.reports import IndexProgress
from reader.meaning.basis import MOST_LEARNED_FROM, Basis, TrainingCancelledError
from reader.meaning.basis_file import load_basis, save_basis
from reader.meaning.manifest import CURRENT, NEXT, Manifest, read_manifest, write_manifest
from reader.meaning.space import MeaningSpace
from reader.meaning.vectors import VectorFiles, text_print
from reader.meaning.word_vectors import WordVectors
from reader.storage.store import LibraryStore

_BATCH = 100
_PER_SEGMENT = 2_000
_READ_AT_ONCE = 500
_REMEMBERED = 32
_AT_A_STRETCH = 8
"""The texts of so many papers are made rows in some hundredths of a second."""
_PAUSE_SECONDS = 0.001


class VectorBuilding:
    """One time of bringing a folder of vectors in step with a library. ``basis`` is the one in use afterwards."""

    def __init__(
        self,
        store: LibraryStore,
        folder: Path,
        words: WordVectors | None,
        basis: Basis | None,
        *,
        is_polite: bool = False,
    ) -> None:
        """``basis`` is one that is likely to be in use, to save reading it.

        With ``is_polite`` there are pauses in which the window's thread goes on.
        """
        self._store, self._folder, self._words, self._is_polite = store, folder, words, is_polite
        self._files = VectorFiles(folder)
        self._count = store.papers.count()
        self.basis = basis

    def run(self, cancelled: Cancelled, changed: Sequence[int], *, thorough: bool) -> Iterator[IndexProgress]:
        """Do what there is to do; ``changed`` are papers whose text may have changed besides those that are owed.

        Unless ``thorough``, only these are looked at where all others have their rows as far as is known. Raises
        OSError where the folder cannot be written.
        """
        if self._count < LEAST_PAPERS:
            return
        current = read_manifest(self._folder)
        if current is not None and self._is_fit(current, thorough=thorough or not current.complete):
            name, manifest = CURRENT, current
        else:
            yield IndexProgress(0, self._count, by_meaning=True)
            try:
                name, manifest = NEXT, self._begun() or self._begin(cancelled)
            except TrainingCancelledError:
                return
        sound = self._with_sound_segments(manifest)
        yield from self._fill(name, sound, self._wanted(sound, changed, thorough), cancelled, kept=manifest)

    @cached_property
    def _papers(self) -> list[tuple[int, str]]:
        """All papers with their keys, in the order of these."""
        return self._store.papers.in_key_order()

    def _is_fit(self, manifest: Manifest, *, thorough: bool) -> bool:
        """Whether the basis of a manifest can be used and is not outgrown; it is kept in ``basis``."""
        if manifest.words != (self._words.id if self._words else None) or manifest.is_outgrown(self._count):
            return False
        if thorough and manifest.is_foreign({key for _, key in self._papers}):
            return False
        if self.basis is None or self.basis.id != manifest.basis:
            self.basis = load_basis(self._files.basis_path(manifest.basis), self._words)
        return self.basis is not None and (self.basis.id, self.basis.width) == (manifest.basis, manifest.width)

    def _begun(self) -> Manifest | None:
        """What an earlier time has begun to make, if it is of use."""
        begun = read_manifest(self._folder, NEXT)
        return begun if begun is not None and self._is_fit(begun, thorough=True) else None

    def _begin(self, cancelled: Cancelled) -> Manifest:
        """Learn a basis; keys are as good as random, so the first of them are a sample."""
        sample = [paper_id for paper_id, _ in self._papers[:MOST_LEARNED_FROM]]
        basis = Basis.train(_StoredTexts(self._texts, sample), self._words, cancelled)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        save_basis(basis, self._files.basis_path(basis.id))
        self.basis = basis
        words = self._words.id if self._words else None
        keys = tuple(key for _, key in self._papers[:_REMEMBERED])
        begun = Manifest(basis.id, words, basis.width, self._count, learned_from=keys)
        return write_manifest(self._folder, begun, NEXT)

    def _with_sound_segments(self, manifest: Manifest) -> Manifest:
        """The manifest without the segments whose files are missing or damaged."""
        sound = tuple(each for each in manifest.segments if self._files.read_segment(each, manifest.width) is not None)
        is_whole = len(sound) == len(manifest.segments)
        return replace(manifest, segments=sound, complete=manifest.complete and is_whole)

    def _wanted(self, manifest: Manifest, changed: Sequence[int], thorough: bool) -> dict[int, str]:
        """The papers whose texts are to be looked at with their keys, in the order of these."""
        doubtful = {*manifest.owed, *changed}
        if manifest.complete and not thorough:
            titles = self._store.papers.titles(sorted(doubtful))
            return {each.id: each.key for each in sorted(titles.values(), key=lambda title: title.key)}
        if not manifest.complete:
            return dict(self._papers)
        prints = self._files.prints(manifest, [key for _, key in self._papers])
        pairs = zip(self._papers, prints, strict=True)
        return {each: key for (each, key), found in pairs if found is None or each in doubtful}

    def _fill(
        self, name: str, manifest: Manifest, wanted: Mapping[int, str], cancelled: Cancelled, kept: Manifest
    ) -> Iterator[IndexProgress]:
        """Make the rows of the papers wanted whose texts have none; put in place what was made.

        ``kept`` is the manifest as it is on the disk.
        """
        known = dict(zip(wanted, self._files.prints(manifest, list(wanted.values())), strict=True))
        waiting: dict[int, PaperText] = {}
        for number, batch in enumerate(batches(list(wanted), _BATCH), start=1):
            if cancelled():
                break
            texts = self._texts(batch)
            waiting |= {each: texts[each] for each in batch if each in texts and text_print(texts[each]) != known[each]}
            if len(waiting) >= _PER_SEGMENT:
                manifest = self._written(name, manifest, waiting, wanted)
            yield IndexProgress(min(number * _BATCH, len(wanted)), len(wanted), by_meaning=True)
        manifest = self._written(name, manifest, waiting, wanted)
        if cancelled():
            return
        manifest = self._files.merged(manifest, self._count, lambda: [key for _, key in self._papers])
        done = replace(manifest, complete=True, owed=())
        if name == NEXT or done != kept:
            write_manifest(self._folder, done, CURRENT)
            (self._folder / NEXT).unlink(missing_ok=True)
            self._files.sweep()

    def _written(
        self, name: str, manifest: Manifest, waiting: dict[int, PaperText], keys: Mapping[int, str]
    ) -> Manifest:
        """The manifest with the rows of the waiting texts, which wait no longer."""
        if not waiting or self.basis is None:
            return manifest
        texts, rows = list(waiting.values()), []
        for batch in batches(texts, _AT_A_STRETCH if self._is_polite else len(texts)):
            rows.append(self.basis.rows(batch))
            if self._is_polite:
                time.sleep(_PAUSE_SECONDS)
        segment = self._files.write_segment([keys[each] for each in waiting], map(text_print, texts), rows)
        if name == CURRENT:
            manifest = manifest.with_new_words(len(texts), *self.basis.count_words(texts))
        waiting.clear()
        return write_manifest(self._folder, manifest.with_segment(segment), name)

    def _texts(self, ids: Sequence[int]) -> dict[int, PaperText]:
        found: dict[int, PaperText] = {}
        for batch in batches(ids, _READ_AT_ONCE):
            found |= {text.id: PaperText(text.title, text.abstract) for text in self._store.texts.of_papers(batch)}
        return found


class _StoredTexts(Sequence[PaperText]):
    """Texts that are read from the library when they are asked for, so that they are never all in memory."""

    def __init__(self, read: Callable[[Sequence[int]], dict[int, PaperText]], paper_ids: Sequence[int]) -> None:
        self._read, self._paper_ids = read, paper_ids

    def __len__(self) -> int:
        return len(self._paper_ids)

    def __iter__(self) -> Iterator[PaperText]:
        for start in range(0, len(self), _READ_AT_ONCE):
            yield from self[start : start + _READ_AT_ONCE]

    @overload
    def __getitem__(self, place: int) -> PaperText: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[PaperText]: ...
    def __getitem__(self, place: int | slice) -> PaperText | Sequence[PaperText]:
        if isinstance(place, int):
            return self[place : place + 1][0]
        wanted = self._paper_ids[place]
        found = self._read(wanted)
        # A paper that was removed meanwhile has no text any more.
        return [found.get(paper_id, PaperText("")) for paper_id in wanted]


def load_space(
    store: LibraryStore,
    folder: Path,
    manifest: Manifest,
    words: Callable[[], WordVectors | None],
    basis: Basis | None,
) -> MeaningSpace | None:
    """The vectors of a manifest, of the papers that are there now; None if a file is missing, damaged or another."""
    files = VectorFiles(folder)
    if basis is None:
        basis = load_basis(files.basis_path(manifest.basis), words() if manifest.words else None)
    if basis is None or (basis.id, basis.width) != (manifest.basis, manifest.width):
        return None
    if len(files.segments(manifest)) < len(manifest.segments):
        return None
    papers = store.papers.in_key_order()
    places, rows = files.gathered(manifest, [key for _, key in papers])
    return MeaningSpace.of(basis, [papers[place][0] for place in places.tolist()], rows)
