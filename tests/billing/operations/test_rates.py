"""A deck replaces a tariff's prices from a date on; old prices stay for old calls."""

from datetime import UTC, date, datetime
from decimal import Decimal
from time import monotonic

import pytest
from django.core.management import CommandError, call_command
from openpyxl import Workbook

from billing.models import Rate, Tariff
from billing.operations.rates import Kind, replace_rates
from billing.rating.deck import read_csv

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = datetime(2026, 2, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def tariff():
    return Tariff.objects.create(name="Standard", currency="EUR")


def deck(*rows: str) -> list[bytes]:
    return [line.encode() for line in ("prefix,destination,price", *rows)]


def replace(tariff, *rows, at, **more):
    return replace_rates(read_csv(deck(*rows), zone=UTC), tariff=tariff, effective=at, **more)


def numbers(changes):
    return changes.added, changes.changed, changes.removed, changes.unchanged


def spans(tariff, prefix):
    return list(
        tariff.rates.filter(prefix=prefix)
        .order_by("effective_from")
        .values_list("price_first", "effective_from", "effective_to")
    )


def test_the_old_price_ends_where_the_new_one_begins(tariff):
    assert numbers(replace(tariff, "49,Germany,0.05", "33,France,0.06", "1,USA,0.01", at=FIRST)) == (3, 0, 0, 0)
    assert numbers(replace(tariff, "49,Germany,0.04", "33,France,0.06", "34,Spain,0.07", at=SECOND)) == (1, 1, 1, 1)
    assert spans(tariff, "49") == [(Decimal("0.05"), FIRST, SECOND), (Decimal("0.04"), SECOND, None)]
    assert spans(tariff, "33") == [(Decimal("0.06"), FIRST, None)]
    assert spans(tariff, "1") == [(Decimal("0.01"), FIRST, SECOND)]


def test_the_same_deck_again_changes_nothing(tariff):
    replace(tariff, "49,Germany,0.05", at=FIRST)
    assert numbers(replace(tariff, "49,Germany,0.05", at=SECOND)) == (0, 0, 0, 1)
    assert numbers(replace(tariff, "49,Germany,0.05", at=FIRST)) == (0, 0, 0, 1)


def test_a_price_from_the_same_moment_takes_the_others_place(tariff):
    replace(tariff, "49,Germany,0.05", "33,France,1", at=FIRST)
    assert numbers(replace(tariff, "49,Germany,0.04", at=FIRST)) == (0, 1, 1, 0)
    assert spans(tariff, "49") == [(Decimal("0.04"), FIRST, None)]
    assert spans(tariff, "33") == []


def test_a_rejected_row_keeps_all_prefixes_that_the_deck_does_not_name(tariff):
    replace(tariff, "49,Germany,0.05", "4915,Germany mobile,0.20", at=FIRST)
    changes = replace(tariff, "49,Germany,0.04", "4915,Germany mobile,free", at=SECOND)
    assert (numbers(changes), changes.kept, len(changes.rejects)) == ((0, 1, 0, 0), 1, 1)
    assert spans(tariff, "4915") == [(Decimal("0.20"), FIRST, None)]


def test_a_dry_run_only_tells(tariff):
    replace(tariff, "49,Germany,0.05", at=FIRST)
    assert numbers(replace(tariff, "33,France,0.05", at=SECOND, dry_run=True)) == (1, 0, 1, 0)
    assert spans(tariff, "49") == [(Decimal("0.05"), FIRST, None)]


def test_peak_prices_and_prices_too_high_are_rejected(tariff):
    lines = [b"prefix,destination,price,period", b"49,Germany,1,peak", b"33,France,1000000,flat", b"34,Spain,1,flat"]
    changes = replace_rates(read_csv(lines, zone=UTC), tariff=tariff, effective=FIRST)
    assert [reject.line for reject in changes.rejects] == [2, 3]
    assert Rate.objects.get().prefix == "34"


@pytest.mark.slow
def test_a_hundred_thousand_rates_go_in_by_bulk(tariff):
    rows = [f"{prefix},Place {prefix},0.0{prefix % 9 + 1}" for prefix in range(200_000, 300_000)]
    begun = monotonic()
    assert replace(tariff, *rows, at=FIRST).added == tariff.rates.count() == 100_000
    assert monotonic() - begun < 60


def test_the_command_reads_a_spreadsheet_and_prints_the_difference(tmp_path, capsys):
    book = Workbook()
    for row in [
        ("Code", "Name", "Rate", "Effective"),
        (49, "Germany", 0.05, date(2026, 3, 1)),
        (33, "France", "x"),
    ]:
        book.active.append(row)
    book.save(tmp_path / "deck.xlsx")
    with pytest.raises(SystemExit) as stopped:
        call_command("import_rates", str(tmp_path / "deck.xlsx"), tariff="New", currency="EUR")
    assert stopped.value.code == 3
    assert "added        1" in capsys.readouterr().out
    assert Rate.objects.get().effective_from == datetime(2026, 3, 1, tzinfo=UTC)
    assert "3,The price 'x'" in (tmp_path / "deck.xlsx.rejects.csv").read_text()


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("deck.csv", {}, "name its currency"),
        ("deck.csv", {"currency": "euro"}, "currency code"),
        ("deck.xlsx", {"currency": "EUR"}, "damaged"),
        ("none.csv", {"currency": "EUR"}, "cannot read"),
    ],
)
def test_the_command_says_what_is_missing(tmp_path, name, options, words):
    (tmp_path / "deck.csv").write_bytes(b"\n".join(deck("49,Germany,1")))
    (tmp_path / "deck.xlsx").write_bytes(b"PK\x03\x04 and no archive")
    with pytest.raises(CommandError, match=words):
        call_command("import_rates", str(tmp_path / name), tariff="New", **options)
    assert not Tariff.objects.exists()


def test_a_dry_run_of_the_command_makes_no_tariff(tmp_path):
    (tmp_path / "deck.csv").write_bytes(b"\n".join(deck("49,Germany,1")))
    call_command("import_rates", str(tmp_path / "deck.csv"), tariff="New", currency="EUR", dry_run=True)
    assert not Tariff.objects.exists()


def test_each_difference_is_told_with_its_kind_and_percent(tariff):
    replace(tariff, "49,Germany,0.05", "33,France,0.06", "34,Spain,0.08", "1,USA,0.01", "39,Italy,0", at=FIRST)
    changes = replace(
        tariff, "49,Germany,0.06", "33,France,0.03", "34,Spain proper,0.08", "7,Russia,0.2", "39,Italy,0.1", at=SECOND
    )
    told = {one.prefix: (one.kind, one.old, one.new, one.percent) for one in changes.differences}
    assert told == {
        "49": (Kind.RAISED, Decimal("0.05"), Decimal("0.06"), 20),
        "33": (Kind.LOWERED, Decimal("0.06"), Decimal("0.03"), -50),
        "34": (Kind.CHANGED, Decimal("0.08"), Decimal("0.08"), 0),
        "7": (Kind.NEW, None, Decimal("0.2"), None),
        "39": (Kind.RAISED, 0, Decimal("0.1"), None),
        "1": (Kind.ENDED, Decimal("0.01"), None, None),
    }


SLOTS = ["prefix,destination,price,time slot,minimum charge,free seconds"]


def slotted(tariff, *rows, at, **more):
    lines = [line.encode() for line in (*SLOTS, *rows)]
    return replace_rates(read_csv(lines, zone=UTC), tariff=tariff, effective=at, **more)


def test_prices_by_time_slot_stand_side_by_side_and_give_way_to_one_for_all_day(tariff):
    tariff.off_peak_hours = "hr{18-7}"
    rows = ("49,Germany,0.05,peak,0.10,5", "49,Germany,0.02,off-peak,0,0")
    assert numbers(slotted(tariff, *rows, at=FIRST)) == (2, 0, 0, 0)
    assert numbers(slotted(tariff, *rows, at=SECOND)) == (0, 0, 0, 2)
    kept = tariff.rates.order_by("time_slot").values_list("time_slot", "minimum_charge", "free_seconds")
    assert list(kept) == [("off_peak", 0, 0), ("peak", Decimal("0.1"), 5)]
    changes = slotted(tariff, "49,Germany,0.04,flat,0,0", "33,France,x,flat,0,0", at=SECOND)
    assert (numbers(changes), changes.kept) == ((1, 0, 2, 0), 0), "a slot of a prefix in the list ends in any case"


def test_a_price_for_all_day_holds_until_those_by_time_slot_begin(tariff):
    """The deck is of 1 February, but its rows begin in March: February is not left without a price."""
    tariff.off_peak_hours = "hr{18-7}"
    replace(tariff, "49,Germany,0.05", at=FIRST)
    lines = ["prefix,price,time slot,effective from", "49,0.06,peak,2026-03-01", "49,0.02,off-peak,2026-03-15"]
    changes = replace_rates(read_csv([line.encode() for line in lines], zone=UTC), tariff=tariff, effective=SECOND)
    ended = datetime(2026, 3, 15, tzinfo=UTC)
    assert [(one.kind, one.starts) for one in changes.differences][-1] == (Kind.ENDED, ended)
    assert tariff.rates.get(time_slot="flat").effective_to == ended


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["49,Germany,1,peak,0,0"], "no price for the other hours"),
        (["49,Germany,1,off-peak,0,0"], "no price for the other hours"),
        (["49,Germany,1,2nd off-peak,0,0"], "no 2nd off-peak hours"),
        (["49,Germany,1,peak,0,0", "4915,Mobile,1,off-peak,0,0"], "no price for the other hours"),
        (["49,Germany,1,flat,1000000,0"], "above"),
    ],
)
def test_slots_that_leave_a_gap_are_rejected(tariff, rows, reason):
    tariff.off_peak_hours = "hr{18-7}"
    changes = slotted(tariff, *rows, at=FIRST)
    assert len(changes.rejects) == len(rows)
    assert reason in changes.rejects[0].reason
    assert not Rate.objects.exists()


def test_off_peak_prices_need_off_peak_hours(tariff):
    changes = slotted(tariff, "49,Germany,1,peak,0,0", "49,Germany,1,off-peak,0,0", at=FIRST)
    assert [reject.line for reject in changes.rejects] == [2, 3]
    assert "no off-peak hours" in changes.rejects[1].reason


def test_another_difference_than_the_one_seen_is_not_applied(tariff):
    seen = replace(tariff, "49,Germany,0.05", at=FIRST, dry_run=True).digest
    replace(tariff, "33,France,0.06", at=FIRST)
    assert replace(tariff, "49,Germany,0.05", at=FIRST, seen=seen).digest != seen
    assert not tariff.rates.filter(prefix="49").exists()
    seen = replace(tariff, "49,Germany,0.05", at=FIRST, dry_run=True).digest
    assert replace(tariff, "49,Germany,0.05", at=FIRST, seen=seen).digest == seen
    assert tariff.rates.get().prefix == "49"
