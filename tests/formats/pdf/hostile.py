"""PDF files that are made to break what reads them."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Callable

from tests.formats.pdf.writing import PdfMaker, Raw, Ref, Stream, Text, assembled, name, quad, utf16


def packed(pieces: int, piece: bytes) -> Stream:
    """A stream of a piece repeated, compressed."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(piece) for _ in range(pieces)) + packer.flush()
    return Stream(data, {"Filter": name("FlateDecode")})


def content_bomb() -> bytes:
    """A page whose content is a gigabyte of text, compressed to a megabyte."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    made.pages[0]["Contents"] = made.add(packed(1_024, b"(x) Tj 0 0 Td ".ljust(16) * 65_536))
    return made.made()


def appearance_bomb() -> bytes:
    """An annotation whose rich text and appearance are a gigabyte each."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    bomb = made.add(packed(1_024, b"<p>x</p>" * 131_072))
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)], RC=bomb, AP={"N": bomb})
    return made.made()


def filter_bomb() -> bytes:
    """A stream that is to be decompressed twice, a gigabyte in the end."""
    made = PdfMaker()
    made.page()
    once = packed(1_024, bytes(1_048_576))
    made.pages[0]["Contents"] = made.add(
        Stream(zlib.compress(once.data), {"Filter": [name("FlateDecode"), name("FlateDecode")]})
    )
    return made.made()


def million_pages() -> bytes:
    """A page a million times."""
    objects = [
        {"Type": name("Catalog"), "Pages": Ref(2)},
        {"Type": name("Pages"), "Kids": Raw(b"[" + b"3 0 R " * 1_000_000 + b"]"), "Count": 1_000_000},
        {"Type": name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 612, 792]},
    ]
    return assembled(objects, {"Root": Ref(1)})


def promised_pages() -> bytes:
    """A tree that has one page and says that it has nearly as many as are read."""
    objects = [
        {"Type": name("Catalog"), "Pages": Ref(2)},
        {"Type": name("Pages"), "Kids": [Ref(3)], "Count": 19_999},
        {"Type": name("Page"), "Parent": Ref(2), "MediaBox": [0, 0, 612, 792]},
    ]
    return assembled(objects, {"Root": Ref(1)})


def circular_pages() -> bytes:
    """A page tree that holds itself."""
    objects = [
        {"Type": name("Catalog"), "Pages": Ref(2)},
        {"Type": name("Pages"), "Kids": [Ref(3), Ref(4)], "Count": 100, "Parent": Ref(3)},
        {"Type": name("Pages"), "Kids": [Ref(2), Ref(3), Ref(4)], "Count": 50, "Parent": Ref(2)},
        {"Type": name("Page"), "Parent": Ref(3), "MediaBox": [0, 0, 612, 792], "Annots": Ref(4)},
    ]
    return assembled(objects, {"Root": Ref(1)})


def many_annotations() -> bytes:
    """A hundred thousand annotations on one page."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides rise"))
    for _ in range(100_000):
        made.annotate(0, "Highlight", [quad(72, 700, 0, 5)])
    return made.made()


def many_quads() -> bytes:
    """An annotation with too many quads, and one with as many as are read."""
    made = PdfMaker()
    made.prose("\n".join("Tides rise" for _ in range(40)))
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)] * 12_000)
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)] * 1_000)
    return made.made()


def many_characters() -> bytes:
    """A page of a million characters, all of them marked."""
    made = PdfMaker()
    line = "x" * 999 + " "
    lines = (Text(10, 14_200 - 14 * number, line) for number in range(1_000))
    made.page(*lines, box=(0, 0, 14_400, 14_400), packed=True)
    made.annotate(0, "Highlight", Rect=[0, 0, 14_400, 14_400])
    return made.made()


def deep_outline() -> bytes:
    """An outline of four thousand levels, which ends in itself."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    first = len(made.objects) + 1
    for level in range(4_000):
        made.add({"Title": "x", "First": Ref(first + (level + 1) % 4_000), "Last": Ref(first), "Count": 1})
    made.catalog["Outlines"] = Ref(first)
    return made.made()


def deep_arrays() -> bytes:
    """Arrays and dictionaries a hundred thousand deep, where annotations are expected."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    made.pages[0]["Annots"] = Raw(b"[" * 100_000 + b"]" * 100_000)
    made.page(Text(72, 700, "Tides"))
    made.annotate(1, "Highlight", C=Raw(b"<</X " * 50_000 + b"1" + b">>" * 50_000), Rect=[1, 1, 2, 2])
    return made.made()


def endless_references() -> bytes:
    """Objects that are references to each other, and a list of earlier tables that leads back to itself."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    next_one = len(made.objects) + 2
    made.pages[0]["Annots"] = made.add(Ref(next_one))
    made.add(Ref(next_one - 1))
    data = made.made()
    start = int(re.search(rb"startxref\n(\d+)", data)[1])  # type: ignore[index]
    return data.replace(b"trailer\n<<", b"trailer\n<</Prev %d " % start)


def endless_labels() -> bytes:
    """Labels of pages in a tree that holds itself, and a prefix of a megabyte."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    tree = made.add({})
    made.objects[tree.number - 1] = {
        "Kids": [tree, tree],
        "Nums": [0, {"P": "x" * 1_000_000, "S": name("A"), "St": 2**31 - 1}],
    }
    made.catalog["PageLabels"] = tree
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)])
    return made.made()


def long_strings() -> bytes:
    """Comments, names and authors of a million characters."""
    made = PdfMaker(Title=b"x" * 1_000_000)
    made.page(Text(72, 700, "Tides"))
    long = b"<" * 500_000 + b"&amp;" * 100_000
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)], Contents=long, NM=long, T=long, M=long)
    made.annotate(0, "Highlight", [quad(72, 700, 0, 5)], RC=long)
    return made.made()


def talkers() -> bytes:
    """Ten thousand replies, each to the one before."""
    made = PdfMaker()
    made.page(Text(72, 700, "Tides"))
    last = made.annotate(0, "Highlight", [quad(72, 700, 0, 5)], Contents="0")
    for number in range(9_990):
        last = made.annotate(0, "Text", Rect=[1, 1, 2, 2], IRT=last, Contents=str(number))
    return made.made()


BOMBS: dict[str, Callable[[], bytes]] = {
    each.__name__: each
    for each in (
        content_bomb, appearance_bomb, filter_bomb, million_pages, promised_pages, circular_pages, many_annotations,
        many_quads, many_characters, deep_outline, deep_arrays, endless_references, endless_labels, long_strings,
        talkers,
    )
}  # fmt: skip


def sample() -> bytes:
    """A file with a little of everything, to be damaged."""
    made = PdfMaker(Title="Tides")
    made.catalog["PageLabels"] = {"Nums": [0, {"S": name("r")}]}
    for page in range(3):
        made.prose(
            "Tides rise twice a day, and they are measur-\nable with a gauge.", packed=page == 1, Rotate=90 * page
        )
        made.annotate(page, "Highlight", [quad(72, 700, 0, 5), quad(72, 686, 0, 4)], C=[1, 1, 0], NM=f"n{page}",
                      Contents=utf16("🌊?"), M="D:20240102030405+02'00'", T="Ann")  # fmt: skip
        note = made.annotate(page, "Text", Rect=[30, 680, 50, 700], RC="<p>So</p>")
        made.annotate(page, "FreeText", Rect=[30, 600, 50, 620], IRT=note, Contents="reply", CreationDate="D:2024")
        made.annotate(page, "Ink", Rect=[30, 600, 50, 620], InkList=[[1, 2, 3, 4]])
    return made.made()


def mutated(data: bytes, seed: int) -> bytes:
    """A file damaged in one to four of six ways, the same for the same seed."""
    rng = random.Random(seed)
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(data))
        end = min(len(data), start + rng.choice((1, 1, 8, 100, 1_000)))
        tokens = list(re.finditer(rb"\d+|/\w+|\d+ 0 R|<<|>>|\[|\]", data))
        token, other = rng.choice(tokens), rng.choice(tokens)
        match rng.randrange(6):
            case 0:
                data = data[:start] + bytes(rng.randrange(256) for _ in range(end - start)) + data[end:]
            case 1:
                data = data[:start] + data[end:]
            case 2:
                data = data[:end] + data[start:end] + data[end:]
            case 3:
                data = data[: max(1_024, start)]
            case 4:
                data = data[: token.start()] + other[0] + data[token.end() :]
            case _:
                number = rng.choice(
                    (b"-1", b"0", b"4294967296", b"2147483647", b"1e38", b"65536", b"99999999999999999999")
                )
                data = data[: token.start()] + number + data[token.end() :]
    return data
