"""How many papers a second plain listings are parsed at: invented ones of real ones' shape, and the real ones."""

import random

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from reader.formats import plain, registry
from tests.formats.checking import SHARED

FILES = sorted((SHARED / "listings").glob("*.txt"))
WORDS = """
moss wall garden slow data model network learning method sparse attention token graph policy sample noise prior kernel
bound loss gradient layer prompt image video speech agent reward search memory cache latent embedding the of a to in for
with on that we our is are by and
""".split()  # noqa: SIM905
HEADER = "new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\nbyAK and the research community\n\nDec 8\n\n"
MEGABYTE = 1_000_000


def _sentences(rng: random.Random, words: int) -> str:
    chosen = rng.choices(WORDS, k=words)
    return ". ".join(" ".join(chosen[start : start + 18]).capitalize() for start in range(0, words, 18)) + "."


def _listing(size: int, *, with_blocks: bool) -> bytes:
    rng = random.Random(8)
    parts, length = [HEADER], len(HEADER)
    while length < size:
        block = f"\n\n  • {rng.randint(1, 40)} authors\n·\nSep {rng.randint(1, 30)}, 2024 3" if with_blocks else ""
        title = " ".join(rng.choices(WORDS, k=rng.randint(4, 14))).title()
        parts.append(f"{title}\n\n{_sentences(rng, 224)}{block}\n\n")
        length += len(parts[-1])
    return "".join(parts).encode()


def _measure(benchmark: BenchmarkFixture, data: bytes, rounds: int) -> None:
    listing = benchmark.pedantic(registry.parse, (data, "listing.txt"), rounds=rounds, warmup_rounds=1)
    assert listing.format == plain.NAME
    assert listing.problems == ()
    benchmark.extra_info["papers"] = len(listing.records)
    benchmark.extra_info["megabytes"] = round(len(data) / MEGABYTE, 2)
    benchmark.extra_info["papers_per_second"] = round(len(listing.records) / benchmark.stats.stats.median)


@pytest.mark.parametrize("with_blocks", [True, False], ids=["blocks", "pairs"])
@pytest.mark.parametrize("megabytes", [1, 20])
def test_invented_listings(benchmark: BenchmarkFixture, megabytes: int, with_blocks: bool) -> None:
    _measure(benchmark, _listing(megabytes * MEGABYTE, with_blocks=with_blocks), rounds=10 if megabytes == 1 else 3)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_real_listings(benchmark: BenchmarkFixture, path: object) -> None:
    _measure(benchmark, path.read_bytes(), rounds=50)  # type: ignore[attr-defined]
