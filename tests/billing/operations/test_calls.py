"""Calls of a file become priced rows on the right line, or rejects with a reason."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from billing.ingest.records import CallRecord
from billing.models import Account, Rate, RateTerms, Tariff, Xdr
from billing.operations.calls import CallsOf, book_calls, book_groups, tariff_of
from centrex.models import Did
from selfcare.errors import Refused
from tests.billing.priced import NOW, german_customer, give_tariff
from tests.factories import CustomerFactory, ExtensionFactory, LineFactory

pytestmark = pytest.mark.django_db


def call(number: int = 1, **more) -> CallRecord:
    values = {
        "external_id": f"c-{number}",
        "started_at": NOW,
        "answered_at": NOW,
        "ended_at": NOW + timedelta(seconds=61),
        "seconds": 61,
        "cli": "",
        "cld": "030400400",
        "cli_name": "",
        "account": "",
        "disposition": "ANSWERED",
        "cause": "NORMAL_CLEARING",
        "failed": False,
        "lines": (number,),
    }
    return CallRecord(**(values | more))


def book(customer, *records, **more):
    return book_calls(records, customer=customer, tariff=tariff_of(customer), source="portal", now=NOW, **more)


def only() -> Xdr:
    return Xdr.objects.get()


def test_a_call_is_priced_and_its_numbers_are_e164():
    customer = german_customer()
    line = LineFactory(customer=customer, account_id="493055501")
    booked = book(customer, call(account="493055501", cli="030 55501".replace(" ", "")))
    found = only()
    assert (booked.inserted, booked.known, booked.rejects) == (1, 0, ())
    assert (found.amount, found.charged_quantity, found.quantity, found.rate) == (
        Decimal("0.12"),
        Decimal(120),
        Decimal(61),
        Decimal("0.06"),
    )
    assert (found.cld, found.destination, found.line_id) == ("4930400400", "To 4930", line.pk)
    assert (found.external_id, found.call_id) == (f"portal:{customer.pk}:c-1", "c-1")
    line.refresh_from_db()
    assert line.last_used_at == NOW


def test_an_answered_call_without_a_rate_is_rejected_until_there_is_one():
    customer = german_customer()
    records = [call(1), call(2, cld="+33123456789")]
    first = book(customer, *records)
    assert [(reject.line, reject.reason) for reject in first.rejects] == [(2, "no rate for 33123456789 on 2026-11-15")]
    tariff_of(customer).rates.create(prefix="33", destination="France", price_first=1, price_next=1)
    again = book(customer, *records)
    assert (again.inserted, again.known, again.rejects) == (1, 1, ())
    assert Xdr.objects.get(cld="33123456789").amount == 2


@pytest.mark.parametrize("cld", ["211474", "*98", "987623275"])
def test_a_number_that_is_none_is_never_priced_by_its_first_digits(cld):
    customer = german_customer(p2="9", p9="9", p4930="0.06")
    customer.country = "FR"
    LineFactory(customer=customer, account_id="33123450001")
    assert "no rate for" in book(customer, call(account="33123450001", cld=cld)).rejects[0].reason
    assert not Xdr.objects.exists()


def test_a_long_number_that_is_none_is_rejected_whoever_called():
    customer = german_customer(p9="9")
    customer.country = "FR"
    assert "no rate for" in book(customer, call(cli="201", cld="987623275")).rejects[0].reason


@pytest.mark.parametrize(("cli", "cld"), [("client1", "6789"), ("1002", "&"), ("", "211474")])
def test_a_call_inside_the_customers_own_switch_takes_the_on_net_price(cli, cld):
    """Neither end is a line of ours, and the number is too short to have left the switch."""
    customer = german_customer(p2="9", p6="9")
    assert book(customer, call(cli=cli, cld=cld)).rejects == ()
    assert (only().amount, only().cld, only().line, only().description) == (0, cld, None, "Internal call")


def test_a_call_from_outside_to_a_number_of_his_own_switch_is_incoming():
    customer = german_customer(p2="9")
    assert book(customer, call(cli="89247036282", cld="211474")).rejects == ()
    assert (only().amount, only().description) == (0, "Incoming call")


def test_a_short_code_with_a_rate_of_its_own_costs_that():
    customer = german_customer(p11833="1.50")
    assert book(customer, call(cli="201", cld="11833")).rejects == ()
    assert only().amount == 3  # two minutes begun


def test_a_short_code_costs_the_same_from_a_line_of_ours():
    customer = german_customer(p11833="1.50", p1="9")
    LineFactory(customer=customer, account_id="493055501")
    assert book(customer, call(1, account="493055501", cld="11833")).rejects == ()
    assert only().amount == 3
    assert "no rate for 11834" in book(customer, call(2, account="493055501", cld="11834")).rejects[0].reason


def test_the_terms_of_a_price_are_kept_once_and_stay_when_the_tariff_moves_on():
    customer = german_customer()
    book(customer, call(1), call(2))
    rate = Rate.objects.get()
    terms = RateTerms.objects.get()
    assert set(Xdr.objects.values_list("terms", flat=True)) == {terms.pk}
    assert (terms.prefix, terms.price_first, terms.time_slot) == ("4930", Decimal("0.06"), "flat")
    rate.price_next = Decimal("0.07")
    rate.save()
    book(customer, call(3))
    rate.price_next = Decimal("0.060")
    rate.save()
    book(customer, call(4))
    by_call = dict(Xdr.objects.values_list("call_id", "terms__price_next"))
    assert by_call == {f"c-{n}": Decimal(price) for n, price in ((1, "0.06"), (2, "0.06"), (3, "0.07"), (4, "0.06"))}
    assert RateTerms.objects.count() == 2


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_terms(act):
    book(german_customer(), call())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        RateTerms.objects.update(prefix="1") if act == "update" else RateTerms.objects.all().delete()


def test_a_free_or_failed_call_has_no_terms():
    customer = german_customer()
    failed = call(1, failed=True, seconds=0, answered_at=None)
    book(customer, failed, call(3, cli="+4989123456", direction="in"))
    assert set(Xdr.objects.values_list("terms", flat=True)) == {None}
    assert not RateTerms.objects.exists()


def test_a_call_at_night_takes_the_off_peak_price_of_the_tariffs_own_clock():
    customer = german_customer()
    Tariff.objects.update(time_zone="Europe/Berlin", off_peak_hours="hr{18-7}", second_off_peak_hours="wd{su}")
    tariff = tariff_of(customer)
    for slot, price in (("peak", "0.10"), ("off_peak", "0.05"), ("off_peak_2", "0.01")):
        tariff.rates.create(prefix="49304", time_slot=slot, price_first=Decimal(price), price_next=Decimal(price))
    friday = NOW.replace(day=13)
    moments = [friday.replace(hour=16, minute=59), friday.replace(hour=17), friday.replace(day=14, hour=23)]
    book(customer, *(call(n, started_at=moment) for n, moment in enumerate(moments)))
    assert list(Xdr.objects.order_by("call_id").values_list("amount", "terms__time_slot")) == [
        (Decimal("0.2"), "peak"),
        (Decimal("0.1"), "off_peak"),
        (Decimal("0.02"), "off_peak_2"),
    ]


def test_a_failed_call_is_a_row_of_no_amount():
    customer = german_customer()
    book(customer, call(failed=True, seconds=0, answered_at=None, cause="USER_BUSY", cld="999"))
    assert (only().failed, only().amount, only().cause, only().cld) == (True, 0, "USER_BUSY", "999")


def test_a_call_from_outside_to_an_own_number_is_free():
    customer = german_customer(p4930="0.06", p49="1")
    line = LineFactory(customer=customer, account_id="101")
    Did.objects.create(number="493055500", country="DE", customer=customer, line=line)
    book(customer, call(cli="+4989123456", cld="+493055500", account="trunk"))
    assert (only().amount, only().description, only().line_id) == (0, "Incoming call", line.pk)


def test_calls_between_customers_take_the_on_net_price():
    customer = german_customer(p49="1")
    Tariff.objects.update(on_net_price=Decimal("0.01"))
    Did.objects.create(number="493055500", country="DE", customer=CustomerFactory())
    book(customer, call(cld="+493055500"))
    assert (only().amount, only().destination) == (Decimal("0.02"), "On-net")


def test_an_extension_of_the_office_is_internal_for_a_branch_too():
    customer = german_customer()
    branch = CustomerFactory(main_office=customer, currency="EUR", country="DE")
    give_tariff(branch, prices={}, name="Branch", on_net="0.60")
    ExtensionFactory(customer=customer, number="200")
    own = LineFactory(customer=branch)
    ExtensionFactory(customer=customer, branch_office=branch, number="201", line=own)
    book(branch, call(account="201", cli="201", cld="200"))
    assert (only().amount, only().description, only().line_id) == (Decimal("1.2"), "Internal call", own.pk)


def test_a_line_of_another_customer_is_never_taken():
    customer = german_customer()
    LineFactory(account_id="foreign")
    book(customer, call(account="foreign"))
    assert only().line_id is None


def test_a_service_that_is_unknown_or_has_no_rates_is_rejected():
    booked = book(german_customer(), call(1, service="fax"), call(2, service="sms"))
    assert [reject.reason for reject in booked.rejects] == ["unknown service 'fax'", "no rate for sms"]
    assert not Xdr.objects.exists()


def test_calls_of_many_customers_are_rated_by_their_own_tariffs_in_one_go():
    customers = [german_customer(), german_customer(p49="0.50")]
    groups = [CallsOf(one, tariff_of(one), [call()]) for one in customers]
    assert book_groups(groups, source="portal", now=NOW).inserted == 2
    amounts = dict(Xdr.objects.values_list("customer", "amount"))
    assert amounts == {customers[0].pk: Decimal("0.12"), customers[1].pk: Decimal(1)}


def test_a_date_far_away_is_rejected_and_the_others_go_in():
    customer = german_customer()
    booked = book(customer, call(1), call(2, started_at=NOW + timedelta(days=400)))
    assert (booked.inserted, len(booked.rejects)) == (1, 1)


def test_a_dry_run_leaves_nothing():
    customer = german_customer()
    assert book(customer, call(), dry_run=True).inserted == 1
    assert not Xdr.objects.exists()
    assert Account.objects.get(customer=customer).balance == 0


def test_without_a_tariff_or_in_another_currency_it_is_refused():
    customer = CustomerFactory(currency="EUR")
    with pytest.raises(Refused, match="no tariff"):
        tariff_of(customer)
    give_tariff(CustomerFactory(currency="USD"), prices={})
    Account.objects.update_or_create(customer=customer, defaults={"tariff": Tariff.objects.get()})
    with pytest.raises(Refused, match="USD"):
        tariff_of(customer)


def test_queries_do_not_grow_with_the_calls(django_assert_max_num_queries):
    customer = german_customer()
    records = [call(n) for n in range(80)]
    with django_assert_max_num_queries(26):
        book(customer, *records)
