from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rating.deck import rates_of, read_csv, read_rows
from billing.rating.deck_cells import DeckReject, RateRow
from billing.rating.tariff import Tariff, TimeSlot

BERLIN = ZoneInfo("Europe/Berlin")


def read(text: str) -> list[RateRow | DeckReject]:
    return list(read_csv(text.encode().splitlines(keepends=True), zone=BERLIN))


def one(text: str) -> RateRow:
    (row,) = read(text)
    assert isinstance(row, RateRow)
    return row


@pytest.mark.parametrize(
    "header",
    ["prefix,destination,rate", "Dial Code,Description,Price per minute", "\ufeffCode,Name,Rate/Min"],
)  # fmt: skip
def test_columns_are_found_by_common_names(header: str) -> None:
    row = one(f"{header}\n+4930,Berlin,0.02\n")
    assert (row.prefixes, row.destination, row.price, row.line) == (("4930",), "Berlin", Decimal("0.02"), 2)


def test_all_columns_are_read() -> None:
    row = one(
        "Code;Destination;Rate;Connect fee;First interval;Next interval;Effective from;Expires;Time slot\n"
        "49151 49152,49160-49162;Germany mobile;0,045;0,01;30;6;2026-03-01;2026-04-01 12:00;off_peak\n"
    )
    assert row.prefixes == ("49151", "49152", "49160", "49161", "49162")
    assert (row.price, row.connect_fee) == (Decimal("0.045"), Decimal("0.01"))
    assert (row.first_interval, row.next_interval) == (30, 6)
    assert row.effective_from == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert row.effective_to == datetime(2026, 4, 1, 10, tzinfo=UTC)
    assert row.time_slot is TimeSlot.OFF_PEAK


def test_free_seconds_minimum_and_a_price_of_the_next_intervals_are_read() -> None:
    row = one("prefix;price 1;price n;free seconds;minimum charge;time slot\n49;0,10;0,05;10;0,15;2nd off-peak\n")
    (found,) = rates_of(row)
    assert (found.price_first, found.price_next) == (Decimal("0.10"), Decimal("0.05"))
    assert (found.free_seconds, found.minimum_charge) == (10, Decimal("0.15"))
    assert found.time_slot is TimeSlot.SECOND_OFF_PEAK
    (plain,) = rates_of(one("prefix,price,price n\n49,0.10,\n"))
    assert (plain.price_next, plain.free_seconds, plain.minimum_charge) == (Decimal("0.10"), 0, 0)


@pytest.mark.parametrize(("cell", "intervals"), [("60/1", (60, 1)), ("6", (6, 6)), ("", (60, 60))])
def test_both_intervals_may_stand_in_one_cell(cell: str, intervals: tuple[int, int]) -> None:
    row = one(f"prefix,rate,increment\n49,0.1,{cell}\n")
    assert (row.first_interval, row.next_interval) == intervals


def test_rows_of_a_spreadsheet_are_read_and_titles_above_the_header_rejected() -> None:
    rows = [
        ("Our prices", None, None),
        (),
        ("Prefix", "Rate", "Effective date"),
        (49.0, 0.05, date(2026, 3, 1)),
        (33, Decimal("0.04"), None),
    ]
    title, germany, france = read_rows(rows, zone=BERLIN)
    assert isinstance(title, DeckReject)
    assert title.line == 1
    assert isinstance(germany, RateRow)
    assert isinstance(france, RateRow)
    assert (germany.prefixes, germany.price, germany.line) == (("49",), Decimal("0.05"), 4)
    assert germany.effective_from == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert (france.prefixes, france.price) == (("33",), Decimal("0.04"))


NAMES = """traffic_direction,rate,time_slot
Germany,0.01,flat
"Germany, mobile",0.20,flat
"Germany, mobile O2",0.25,flat
USA,0.02,flat
Alaska,0.09,flat
U.K.,0.01,peak
U.K.,0.005,off_peak
"U.K., London",0.004,flat
Atlantis,9,flat
"""


def test_a_deck_of_names_prices_only_what_is_meant() -> None:
    found = read(NAMES)
    assert [item.line for item in found] == list(range(2, 11))
    assert [item.line for item in found if isinstance(item, DeckReject)] == [4, 10]
    rates = [rate for row in found if isinstance(row, RateRow) for rate in rates_of(row)]
    tariff = Tariff(currency="EUR", rates=tuple(rates), slot_at=lambda _: TimeSlot.PEAK)

    def price(number: str) -> Decimal | None:
        rate = tariff.find(number, datetime(2026, 3, 2, tzinfo=UTC))
        return rate.price_first if rate else None

    assert price("4930123456") == Decimal("0.01")
    assert price("4915123456789") == Decimal("0.20")
    assert price("49900312345") is None  # premium rate: nobody set a price
    assert price("12125550123") == Decimal("0.02")
    assert price("19075550123") == Decimal("0.09")
    assert price("18765550123") is None  # Jamaica is not the USA
    assert price("441134960123") == Decimal("0.01")
    assert price("442079460123") == Decimal("0.004")


def test_a_countrys_mobiles_stay_unpriced_if_only_operators_have_prices() -> None:
    found = read('destination,rate\nSenegal,0.1\n"Senegal, mobile Orange",0.4\n')
    (country,) = [row for row in found if isinstance(row, RateRow)]
    assert not any("221771234567".startswith(prefix) for prefix in country.prefixes)


def test_a_prefix_has_one_price_at_a_time() -> None:
    again = read("prefix,rate,effective from\n49,0.1,\n49,0.2,\n49,0.3,2026-01-01\n")
    assert [isinstance(item, DeckReject) for item in again] == [False, True, False]
    assert isinstance(again[1], DeckReject)
    assert "in line 2" in again[1].reason


def test_the_country_of_a_prefix_is_filled_in() -> None:
    (rate,) = rates_of(one("prefix,rate\n1876,0.1\n"))
    assert (rate.country, rate.destination) == ("JM", "1876")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("49x,0.1,,", "no prefix"),
        ("0049,0.1,,", "no prefix"),
        ("49-4,0.1,,", "no range"),
        ("49,free,,", "not a number"),
        ("49,-0.1,,", "not a number"),
        ("49,,,", "not a number"),
        ("49,0.1,0,", "not a number of seconds"),
        ("49,0.1,,01/02/2026", "not a date"),
        ("49,0.1,,2026-02-30", "does not exist"),
        (",0.1,,", "neither a prefix nor a destination"),
    ],
)
def test_bad_rows_are_rejected_with_their_reason(row: str, reason: str) -> None:
    rejected, good = read(f"prefix,rate,interval,effective from\n{row}\n33,0.1,,\n")
    assert isinstance(rejected, DeckReject)
    assert rejected.line == 2
    assert reason in rejected.reason
    assert isinstance(good, RateRow)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("-1,,,", "free seconds '-1' is not a number of seconds from 0"),
        ("4000,,,", "from 0 to 3600"),
        (",x,,", "minimum charge 'x' is not a number"),
        (",,x,", "price of the next intervals 'x' is not a number"),
        (",,,evening", "none of flat, peak, off-peak, 2nd off-peak"),
    ],
)
def test_bad_rarer_columns_are_rejected_too(cells: str, reason: str) -> None:
    (rejected,) = read(f"prefix,price,free seconds,minimum charge,price n,time slot\n49,0.1,{cells}\n")
    assert isinstance(rejected, DeckReject)
    assert reason in rejected.reason


def test_a_file_without_header_is_rejected_line_by_line() -> None:
    found = read("49,Germany,0.1\n33,France,0.1\n")
    assert all(isinstance(item, DeckReject) and "header" in item.reason for item in found)


cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.decimals(), st.text(), st.dates(), st.datetimes()
)


@given(st.lists(st.lists(cells, max_size=7), max_size=6))
def test_any_cells_after_a_header_never_raise(rows: list[list[object]]) -> None:
    header = ["prefix", "destination", "rate", "interval", "effective from", "effective to", "time slot"]
    for item in read_rows([header, *rows], zone=BERLIN):
        assert 2 <= item.line <= len(rows) + 1


@given(st.lists(st.binary(max_size=60), max_size=6))
def test_any_bytes_after_a_header_never_raise(lines: list[bytes]) -> None:
    header = b"prefix,destination,rate,interval,effective from,time slot\n"
    for item in read_csv([header, *lines], zone=BERLIN):
        assert 2 <= item.line <= len(lines) + 1
