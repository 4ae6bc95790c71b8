"""What holds for every text listing, whatever is in it."""

from __future__ import annotations

from pathlib import Path

from reader.domain.records import AccountUnit, ParsedListing

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = Path(__file__).parents[2].parent / "shared"


def fixture(name: str) -> bytes:
    """The bytes of a fixture, all of whose papers are invented."""
    return (FIXTURES / name).read_bytes()


def text_lines(data: bytes) -> list[str]:
    """The lines of a file in UTF-8, split the plain way."""
    return data.decode().replace("\r\n", "\n").replace("\r", "\n").split("\n")


def check_account(listing: ParsedListing, data: bytes) -> None:
    """Every line that is not blank is counted once, and every problem tells where it stands and what it says."""
    lines = text_lines(data)
    account = listing.account
    assert account.unit is AccountUnit.LINES
    assert account.total == sum(bool(line.strip()) for line in lines)
    assert account.total == account.records + account.boilerplate + account.problems
    assert (account.problems > 0) == bool(listing.problems)
    for problem in listing.problems:
        assert problem.text == "\n".join(lines[problem.lines.first - 1 : problem.lines.last])
        assert problem.reason.endswith(".")
    for record in listing.records:
        assert 1 <= record.lines.first <= record.lines.last <= len(lines)
