"""Buying a number: one charge, one owner, all or nothing."""

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from billing.models import Subscription, Xdr
from billing.operations import did_orders
from billing.operations.did_orders import PriceChanged, buy_did, charge_for_did, quote, release_did
from billing.operations.guards import AlreadyStarted
from billing.operations.subscriptions import charge_due
from billing.queries.accounts import money_words
from billing.queries.checks import differences
from billing.queries.subscriptions import without_fee
from centrex.models import Did
from centrex.operations import dids
from centrex.operations.dids import NotForSale, TimeIsOver, reserve
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, Role, User
from tests.billing.bills import JANUARY, invoice_of, pay
from tests.factories import CustomerFactory, DidFactory, FreeDidFactory, LineFactory, UserFactory
from tests.parallel import parallel

AT_ONCE = 32
NOW = datetime(2026, 1, 16, 15, tzinfo=UTC)  # 16 of 31 days are left


@pytest.fixture
def did(db) -> Did:
    return FreeDidFactory(number="12125550150", activation_fee=Decimal(5), monthly_fee=Decimal("3.10"))


def buy(user: User, did: Did, *, now: datetime = NOW, **more) -> Subscription:
    return buy_did(user=user, customer=user.customer, did_id=did.pk, now=now, **more)


def hold(user: User, did: Did, *, now: datetime = NOW) -> None:
    reserve(user=user, customer=user.customer, did_id=did.pk, now=now)


def charges() -> list[tuple[str, Decimal]]:
    return sorted(Xdr.objects.values_list("service__name", "amount"))


BOUGHT = [("DID Charges", Decimal(5)), ("Subscriptions", Decimal("1.60"))]


def test_the_quote_is_what_is_charged(alice, easycall, did):
    easycall.tax_rate = Decimal("8.875")
    easycall.save()
    price = quote(customer=easycall, did=did, now=NOW)
    assert (price.activation, price.monthly, price.first.amount) == (Decimal(5), Decimal("3.10"), Decimal("1.60"))
    assert (price.today, price.taxed.gross) == (Decimal("6.60"), Decimal("7.19"))
    hold(alice, did)
    buy(alice, did, confirmed=price.today)
    assert charges() == BOUGHT
    assert money_words(easycall).balance == price.today
    invoice = invoice_of(easycall, JANUARY)
    assert invoice.total == price.taxed.gross
    assert [str(line) for line in invoice.lines.all()] == ["Subscriptions", "DID Charges"]


def test_the_number_is_his_and_rings_nothing_yet(alice, easycall, did):
    hold(alice, did)
    subscription = buy(alice, did)
    did.refresh_from_db()
    assert (did.customer, did.line, did.reserved_for, did.reserved_until) == (easycall, None, None, None)
    assert (subscription.did, subscription.default_fee) == (did, Decimal("3.10"))
    assert subscription.name == "External number +1 212-555-0150, New York, United States of America"
    event = AuditEvent.objects.get(action="buy")
    assert (event.user, event.customer, event.record_name) == (alice, easycall, "+1 212-555-0150")
    assert event.changes["activation fee"] == ["", "5.00 USD"]
    row = Xdr.objects.get(service_id=5)
    assert (row.cld, row.external_id) == ("12125550150", f"did:{subscription.pk}:activation")


def test_buying_again_changes_nothing(alice, did):
    hold(alice, did)
    first = buy(alice, did)
    assert buy(alice, did, now=NOW + timedelta(minutes=1), confirmed=Decimal("6.60")) == first
    assert charges() == BOUGHT
    assert AuditEvent.objects.filter(action="buy").count() == 1


def test_only_what_is_reserved_is_sold(alice, charlie, did):
    with pytest.raises(NotForSale):
        buy(alice, did)
    hold(charlie, did)
    with pytest.raises(NotForSale):
        buy(alice, did)
    assert charges() == []


def test_after_the_reservation_nothing_is_charged(alice, did):
    hold(alice, did)
    with pytest.raises(TimeIsOver, match="nothing was charged"):
        buy(alice, did, now=NOW + timedelta(minutes=10))
    assert charges() == []
    assert not Subscription.objects.exists()


def test_a_number_frozen_meanwhile_is_not_sold(alice, did):
    hold(alice, did)
    Did.objects.update(frozen=True)
    with pytest.raises(NotForSale):
        buy(alice, did)


def test_an_own_number_is_not_bought_again(alice, easycall, did):
    Did.objects.update(customer=easycall)  # given by staff, without a monthly fee
    with pytest.raises(NotForSale):
        buy(alice, did)
    assert charges() == []


def test_another_price_than_the_confirmed_one_is_asked_again(alice, did):
    hold(alice, did)
    Did.objects.update(activation_fee=Decimal(50))
    with pytest.raises(PriceChanged):
        buy(alice, did, confirmed=Decimal("6.60"))
    assert charges() == []
    buy(alice, did, confirmed=Decimal("51.60"))


@pytest.mark.parametrize(("limit", "may"), [("6.59", False), ("6.60", True)])
def test_credit_must_cover_todays_charge(alice, easycall, did, limit, may):
    Customer.objects.filter(pk=easycall.pk).update(credit_limit=Decimal(limit))
    alice.refresh_from_db()
    hold(alice, did)
    if may:
        buy(alice, did)
    else:
        with pytest.raises(Refused, match=r"costs 6\.60 USD today, but only 6\.59 USD are available"):
            buy(alice, did)
    assert charges() == (BOUGHT if may else [])
    assert Did.objects.filter(customer=easycall).exists() == may


def test_prepaid_pays_from_what_he_has_without_tax(charlie, lotus, did):
    lotus.tax_rate = Decimal(10)
    lotus.save()
    hold(charlie, did)
    with pytest.raises(Refused, match="Make a payment first"):
        buy(charlie, did)
    pay(lotus, "10", at=NOW - timedelta(days=1))
    assert quote(customer=lotus, did=did, now=NOW).taxed.gross == Decimal("6.60")
    buy(charlie, did)
    assert money_words(lotus).available == Decimal("3.40")


def test_a_free_number_needs_no_money(charlie):
    free = FreeDidFactory(activation_fee=0, monthly_fee=0)
    hold(charlie, free)
    buy(charlie, free)
    assert charges() == []


def test_released_it_is_in_the_stock_and_costs_no_more(alice, easycall, charlie, lotus, did):
    hold(alice, did)
    buy(alice, did)
    dids.assign(user=alice, did=Did.objects.get(), line=LineFactory(customer=easycall))
    ended = release_did(user=alice, customer=easycall, did_id=did.pk, now=NOW + timedelta(days=1))
    did.refresh_from_db()
    assert (did.customer, did.line) == (None, None)
    assert ended.ended_at == NOW + timedelta(days=1)
    charge_due(now=NOW + timedelta(days=90))
    assert charges() == BOUGHT
    assert AuditEvent.objects.get(action="release").changes
    later = NOW + timedelta(days=2)
    pay(lotus, "10", at=NOW)
    hold(charlie, did, now=later)
    buy(charlie, did, now=later)
    did.refresh_from_db()
    assert did.customer == lotus


def test_bought_back_it_is_charged_anew(alice, easycall, did):
    for _time in range(2):
        hold(alice, did)
        buy(alice, did)
        release_did(user=alice, customer=easycall, did_id=did.pk, now=NOW)
    assert charges() == sorted(BOUGHT * 2)


def test_a_number_of_somebody_else_is_not_released(alice, charlie, lotus, did):
    hold(alice, did)
    buy(alice, did)
    with pytest.raises(Refused, match="not yours"):
        release_did(user=charlie, customer=lotus, did_id=did.pk, now=NOW)
    assert Subscription.objects.get().ended_at is None


def test_a_number_without_a_fee_is_released_too(alice, easycall):
    given = FreeDidFactory(customer=easycall)
    assert release_did(user=alice, customer=easycall, did_id=given.pk, now=NOW) is None


def buyers() -> list[User]:
    return [UserFactory(customer=CustomerFactory(), role=Role.OWNER) for _each in range(AT_ONCE)]


def reserve_and_buy(user: User, did: Did) -> Subscription:
    hold(user, did)
    return buy(user, did)


@pytest.mark.django_db(transaction=True)
def test_thirty_two_want_the_same_number(did):
    results = parallel([lambda user=user: reserve_and_buy(user, did) for user in buyers()])
    won = [each for each in results if not isinstance(each, Refused)]
    assert len(won) == 1
    assert {type(each) for each in results if isinstance(each, Refused)} == {NotForSale}
    did.refresh_from_db()
    assert did.customer == won[0].customer
    assert charges() == BOUGHT
    assert set(Xdr.objects.values_list("customer", flat=True)) == {did.customer_id}
    assert Subscription.objects.count() == 1
    assert list(differences()) == []


@pytest.mark.django_db(transaction=True)
def test_thirty_two_clicks_on_buy_are_one_purchase(alice, did):
    hold(alice, did)
    results = parallel([lambda: buy(alice, did)] * AT_ONCE)
    assert {each.pk for each in results} == {Subscription.objects.get().pk}
    assert charges() == BOUGHT
    assert AuditEvent.objects.filter(action="buy").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_locks_the_second_click_breaks_but_the_database_sells_once(alice, did, monkeypatch):
    """The negative control: two clicks get past every check, and only a constraint is left to stop the second."""
    hold(alice, did)
    monkeypatch.setattr(did_orders, "serialise", lambda customer: None)
    look_together(monkeypatch, 2)

    def click() -> object:
        try:
            return buy(alice, did)
        except IntegrityError as error:
            return str(error)

    results = parallel([click, click])
    assert sum(isinstance(each, Subscription) for each in results) == 1
    assert any("did_is_paid_for_once" in each for each in results if isinstance(each, str))
    assert charges() == BOUGHT


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_every_buyer_is_told_that_the_number_is_kept_for_him(did, monkeypatch):
    """The negative control of the thirty-two: no constraint holds this, the number's lock does."""
    look_together(monkeypatch, AT_ONCE)
    results = parallel([lambda user=user: hold(user, did) for user in buyers()])
    assert not [each for each in results if isinstance(each, Refused)]


def look_together(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Read the number without its lock, and go on when everybody has read it."""
    all_have_looked = Barrier(count)

    def look_and_wait(did_id: int) -> Did:
        found = Did.objects.get(pk=did_id)
        all_have_looked.wait(timeout=60)
        return found

    monkeypatch.setattr(dids, "_locked", look_and_wait)


@pytest.mark.django_db(transaction=True)
def test_two_numbers_are_not_bought_with_the_money_for_one(charlie, lotus):
    pay(lotus, "8", at=NOW)
    numbers = [FreeDidFactory(activation_fee=Decimal(5), monthly_fee=0) for _each in range(4)]
    for number in numbers:
        hold(charlie, number)
    results = parallel([lambda number=number: buy(charlie, number) for number in numbers])
    assert sum(isinstance(each, Subscription) for each in results) == 1
    assert money_words(lotus).available == 3


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["the number is taken", "the monthly fee", "the activation", "the activity"])
def test_killed_between_the_steps_nothing_is_half_done(alice, easycall, did, place):
    now = timezone.now()
    hold(alice, did, now=now)
    killed(place, alice, did)
    assert (charges(), Subscription.objects.count(), Did.objects.get().customer) == ([], 0, None)
    buy(alice, did, now=now)
    assert Subscription.objects.count() == 1
    assert len(Xdr.objects.filter(service_id=5)) == 1


def killed(place: str, user: User, did: Did) -> None:
    """Buy in a process of its own that dies before that step."""
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in needed})
    command = [sys.executable, "-m", "tests.billing.operations.dying_buyer", database, place, str(user.pk), str(did.pk)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr


def charge_for(dora: User, did: Did, **more) -> Subscription:
    said = {"fee": Decimal("3.10"), "activation_fee": Decimal(5), "given_as": uuid4(), "now": NOW}
    return charge_for_did(staff=dora, did=did, **said | more)


def test_staff_begin_to_charge_for_a_number_that_they_gave(dora, easycall):
    given = DidFactory(customer=easycall, line=None)
    assert list(without_fee(Did.objects.all())) == [given]
    charge_for(dora, given)
    assert charges() == BOUGHT, "as if it had been bought"
    assert not without_fee(Did.objects.all()).exists()
    event = AuditEvent.objects.get(action="charge for number")
    assert (event.user, event.customer, event.record_id) == (dora, easycall, f"{given.pk}")
    with pytest.raises(Refused, match="has a monthly fee already"):
        charge_for(dora, given)
    release_did(user=dora, customer=easycall, did_id=given.pk, now=NOW + timedelta(days=1))
    assert Subscription.objects.get().ended_at is not None
    assert charge_due(now=NOW + timedelta(days=40)) == 0


def test_the_same_press_charges_once_and_another_form_is_refused(dora, easycall):
    given, once = DidFactory(customer=easycall, line=None), uuid4()
    assert charge_for(dora, given, given_as=once) == charge_for(dora, given, given_as=once)
    with pytest.raises(AlreadyStarted):
        charge_for(dora, given, given_as=once, fee=Decimal(4))
    assert charges() == BOUGHT


def test_a_fee_of_nothing_says_that_the_number_is_meant_to_be_free(dora, easycall):
    given = DidFactory(customer=easycall, line=None)
    charge_for(dora, given, fee=Decimal(0), activation_fee=Decimal(0))
    assert charges() == []
    assert not without_fee(Did.objects.all()).exists()


@pytest.mark.parametrize("fees", [{"fee": Decimal("-1")}, {"activation_fee": Decimal("-1")}, {"fee": Decimal("1.001")}])
def test_an_odd_fee_is_refused_at_its_field(dora, easycall, fees):
    with pytest.raises(Refused) as refused:
        charge_for(dora, DidFactory(customer=easycall, line=None), **fees)
    assert [refused.value.field] == list(fees)
    assert not Subscription.objects.exists()


def test_nobody_is_charged_for_a_free_number_or_for_one_that_is_gone(dora, easycall, lotus, did):
    with pytest.raises(Refused, match="nobody to charge"):
        charge_for(dora, did)
    given = DidFactory(customer=easycall, line=None)
    Did.objects.filter(pk=given.pk).update(customer=lotus)
    with pytest.raises(Refused, match="not the customer's any more"):
        charge_for(dora, given)
    assert charges() == []


@pytest.mark.django_db(transaction=True)
def test_staff_at_once_charge_a_number_once(dora, easycall):
    given = DidFactory(customer=easycall, line=None)

    pressed = parallel([lambda: charge_for(dora, given)] * AT_ONCE)
    assert sorted(type(answer).__name__ for answer in pressed) == ["Refused"] * (AT_ONCE - 1) + ["Subscription"]
    assert charges() == BOUGHT


def test_who_buys_a_number_that_staff_took_from_another_pays_for_it_alone(alice, charlie, did):
    """The other's fee would have ended at its next period only."""
    lotus_pays = {"user": charlie, "customer": charlie.customer}
    pay(charlie.customer, "100", at=NOW)
    hold(alice, did)
    old = buy(alice, did)
    Did.objects.filter(pk=did.pk).update(customer=None)
    reserve(**lotus_pays, did_id=did.pk, now=NOW)
    buy_did(**lotus_pays, did_id=did.pk, now=NOW)
    old.refresh_from_db()
    assert (old.ended_at, old.next_charge_at) == (NOW, None)
    assert Subscription.objects.running().get().customer == charlie.customer
