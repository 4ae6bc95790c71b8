"""A small writer of PDF files for tests: pages of typewriter text whose characters stand where they are expected."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SIZE = 10.0
WIDTH = 0.6 * SIZE
"""Of a character: Courier is 600 thousandths of its size wide."""
LETTER = (0.0, 0.0, 612.0, 792.0)


@dataclass(frozen=True)
class Ref:
    """A reference to an object."""

    number: int


@dataclass(frozen=True)
class Stream:
    """A stream with its dictionary, written as it is."""

    data: bytes
    entries: dict[str, Any] = field(default_factory=dict)


class Raw(bytes):
    """A piece of a file, written as it is."""


def name(text: str) -> Raw:
    return Raw(f"/{text}".encode())


def utf16(text: str) -> bytes:
    return b"\xfe\xff" + text.encode("utf-16-be")


def written(value: Any) -> bytes:
    """A value as it is written in a file."""
    match value:
        case Raw():
            return bytes(value)
        case Ref():
            return b"%d 0 R" % value.number
        case bytes():
            return b"<" + value.hex().encode() + b">"
        case str():
            return (
                b"("
                + value.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
                + b")"
            )
        case Stream():
            return written(value.entries | {"Length": len(value.data)}) + b"\nstream\n" + value.data + b"\nendstream"
        case dict():
            return b"<<" + b" ".join(b"/" + key.encode() + b" " + written(each) for key, each in value.items()) + b">>"
        case list() | tuple():
            return b"[" + b" ".join(map(written, value)) + b"]"
        case bool():
            return b"true" if value else b"false"
    return f"{value:.4f}".rstrip("0").rstrip(".").encode() if isinstance(value, float) else str(value).encode()


def quad(x: float, y: float, first: int, last: int) -> list[float]:
    """The quad around some characters of a line that begins at a point, in the order that most programs have."""
    left, right, bottom, top = x + first * WIDTH, x + last * WIDTH, y - 0.25 * SIZE, y + 0.75 * SIZE
    return [left, top, right, top, left, bottom, right, bottom]


@dataclass(frozen=True)
class Text:
    """A line of text that begins at a point, turned by a matrix if it is not upright."""

    x: float
    y: float
    text: str | bytes
    turn: tuple[float, float, float, float] = (1, 0, 0, 1)


class PdfMaker:
    """Makes one file."""

    def __init__(self, **info: Any) -> None:
        self.objects: list[Any] = []
        self.catalog: dict[str, Any] = {"Type": name("Catalog")}
        self.pages: list[dict[str, Any]] = []
        self.info = info
        self.font = self.add({"Type": name("Font"), "Subtype": name("Type1"), "BaseFont": name("Courier")})
        self.tree = self.add({})

    def add(self, value: Any) -> Ref:
        """An object, which may be changed until the file is made."""
        self.objects.append(value)
        return Ref(len(self.objects))

    def page(self, *lines: Text, box: Sequence[float] = LETTER, packed: bool = False, **entries: Any) -> int:
        """A page with some lines; its number."""
        content = b"".join(
            b"BT /F %s Tf %s Tm %s Tj ET\n"
            % (written(SIZE), b" ".join(map(written, (*line.turn, line.x, line.y))), written(line.text))
            for line in lines
        )
        stream = Stream(zlib.compress(content), {"Filter": name("FlateDecode")}) if packed else Stream(content)
        page = {
            "Type": name("Page"), "Parent": self.tree, "MediaBox": list(box), "Contents": self.add(stream),
            "Resources": {"Font": {"F": self.font}}, "Annots": [], **entries,
        }  # fmt: skip
        self.pages.append(page)
        return len(self.pages) - 1

    def prose(self, text: str, x: float = 72, top: float = 700, **entries: Any) -> int:
        """A page of lines, one for each line of a text."""
        return self.page(*(Text(x, top - 14 * number, line) for number, line in enumerate(text.split("\n"))), **entries)

    def annotate(self, page: int, subtype: str, quads: Sequence[Sequence[float]] = (), **entries: Any) -> Ref:
        """An annotation on a page, with a rectangle around its quads."""
        annotation = {"Type": name("Annot"), "Subtype": name(subtype)}
        if quads:
            numbers = [number for each in quads for number in each]
            xs, ys = numbers[::2], numbers[1::2]
            annotation |= {"Rect": [min(xs), min(ys), max(xs), max(ys)], "QuadPoints": numbers}
        reference = self.add(annotation | entries)
        self.pages[page]["Annots"].append(reference)
        return reference

    def made(self) -> bytes:
        """The file, with a plain table of its objects."""
        kids = [self.add(page) for page in self.pages]
        tree = {"Type": name("Pages"), "Kids": kids, "Count": len(kids)}
        self.objects[self.tree.number - 1] = tree
        root = self.add(self.catalog | {"Pages": self.tree})
        info = self.add(self.info)
        return assembled(self.objects, {"Root": root, "Info": info})


def assembled(objects: Sequence[Any], trailer: dict[str, Any]) -> bytes:
    """A file of objects, numbered from 1."""
    file = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, value in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n" % number + written(value) + b"\nendobj\n"
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n" + written(trailer | {"Size": len(objects) + 1}) + b"\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(file)
