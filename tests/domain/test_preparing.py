"""From what a page shows to what the library stores."""

from datetime import date

from reader.domain.dates import PartialDate
from reader.domain.preparation import ListingHeader, PreparedRecord, prepare_header, prepare_records
from reader.domain.records import AccountUnit, LineAccount, LineRange, ListingRecord, ParsedListing

TODAY = date(2026, 3, 1)


def parsed(*published: PartialDate | None, heading: PartialDate | None = None, **more: object) -> ParsedListing:
    records = tuple(
        ListingRecord(
            f"Title {number}", "Code: https://github.com/example/tool.", LineRange(number, number), published=day
        )
        for number, day in enumerate(published, start=1)
    )
    account = LineAccount(AccountUnit.LINES, len(records), len(records), 0, 0)
    return ParsedListing("plain", records, account, heading=heading, **more)  # type: ignore[arg-type]


def prepare(listing: ParsedListing, year: int | None = None, modified: date | None = None) -> ListingHeader:
    return prepare_header(
        listing, sha256="0" * 64, file_name="day.txt", stem="day", modified=modified, today=TODAY, year=year
    )


def dates(listing: ParsedListing, header: ListingHeader) -> list[tuple[str | None, bool]]:
    prepared: list[PreparedRecord] = list(prepare_records(listing, header))
    return [(record.published, record.published_guessed) for record in prepared]


def test_yearless_dates_take_the_year_of_the_page() -> None:
    listing = parsed(PartialDate(2024, 9, 25), PartialDate(None, 10, 12), None, heading=PartialDate(None, 12, 8))
    header = prepare(listing)
    assert (header.heading_date, header.year_inferred, header.year_guessed) == ("2025-12-08", True, False)
    assert dates(listing, header) == [("2024-09-25", False), ("2025-10-12", False), (None, False)]


def test_a_year_that_nothing_fixes_is_a_guess_bounded_by_the_file() -> None:
    listing = parsed(PartialDate(None, 10, 12), heading=PartialDate(None, 12, 8))
    assert prepare(listing).heading_date == "2025-12-08"
    header = prepare(listing, modified=date(2024, 5, 5))
    assert (header.heading_date, header.year_guessed) == ("2023-12-08", True)
    assert dates(listing, header) == [("2023-10-12", True)]


def test_a_file_from_the_future_does_not_move_the_guess() -> None:
    listing = parsed(heading=PartialDate(None, 12, 8))
    assert prepare(listing, modified=date(2031, 1, 1)).heading_date == "2025-12-08"


def test_the_users_year_overrides_what_is_found() -> None:
    listing = parsed(PartialDate(2024, 9, 25), PartialDate(None, 10, 12), heading=PartialDate(None, 12, 8))
    header = prepare(listing, year=2030)
    assert (header.heading_date, header.year_given, header.year_inferred) == ("2030-12-08", True, False)
    assert dates(listing, header)[1] == ("2030-10-12", False)


def test_a_page_that_shows_every_year_infers_none() -> None:
    listing = parsed(PartialDate(2024, 9, 25), heading=PartialDate(2025, 1, 2))
    header = prepare(listing)
    assert (header.heading_date, header.year, header.year_inferred) == ("2025-01-02", 2025, False)


def test_a_listing_is_named_after_its_search_else_its_file() -> None:
    assert prepare(parsed(query="gumbel softmax")).name == "gumbel softmax"
    assert prepare(parsed()).name == "day"


def test_links_to_code_come_from_the_abstract() -> None:
    listing = parsed(None)
    (record,) = prepare_records(listing, prepare(listing))
    assert record.code_urls == ("https://github.com/example/tool",)
    assert record.fold == "title 1"
