"""Staff give and end subscriptions; the daily job charges them once, in advance and in arrears, to the cent."""

import json
import signal
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.urls import reverse

from billing.models import Subscription, Xdr
from billing.operations.given_subscriptions import finish_subscription, give_subscription
from billing.operations.guards import AlreadyStarted
from billing.operations.subscriptions import charge_due, end_subscription, open_subscription
from billing.queries.accounts import money_words
from billing.queries.checks import differences
from selfcare.errors import Refused
from selfcare.models import AuditEvent
from tests.factories import DidFactory, LineFactory, SubscriptionPlanFactory
from tests.parallel import parallel

NOW = datetime(2026, 1, 16, 15, tzinfo=UTC)
ONCE = UUID("5e1fca2e-0000-4000-8000-000000000001")


def new_york(text: str) -> datetime:
    """Midnight in winter."""
    return datetime.fromisoformat(f"{text}T05:00+00:00")


def give(staff, customer, plan, **more) -> Subscription:
    said = {
        "line": None,
        "first_day": date(2026, 1, 16),
        "last_day": None,
        "discount": Decimal(0),
        "given_as": ONCE,
        "now": NOW,
    } | more
    return give_subscription(staff=staff, customer=customer, plan=plan, **said)


def amounts(customer) -> list[Decimal]:
    return list(Xdr.for_customer(customer).order_by("started_at", "pk").values_list("amount", flat=True))


def test_a_plan_is_given_with_its_terms_of_that_day(dora, easycall):
    plan = SubscriptionPlanFactory(name="Hosting", activation_fee=Decimal(5))
    given = give(dora, easycall, plan, discount=Decimal(20))
    plan.fee = Decimal(99)
    plan.save()
    charge_due(now=new_york("2026-02-01"))
    assert sorted(amounts(easycall)) == [Decimal("1.28"), Decimal("2.48"), Decimal(5)]
    row = Xdr.for_customer(easycall).get(amount=Decimal("2.48"))
    assert row.discount == Decimal("0.62")
    given.refresh_from_db()
    assert (given.default_fee, given.fee) == (Decimal("3.10"), Decimal("2.48"))
    event = AuditEvent.objects.of(given).get()
    assert (event.user, event.action) == (dora, "give subscription")


def test_the_activation_is_charged_once_also_in_arrears(dora, easycall):
    plan = SubscriptionPlanFactory(activation_fee=Decimal(5), in_arrears=True)
    give(dora, easycall, plan)
    for day in ("2026-01-17", "2026-01-20", "2026-02-01", "2026-02-02"):
        charge_due(now=new_york(day))
    assert amounts(easycall) == [Decimal(5), Decimal("1.60")]


def test_what_is_charged_in_arrears_belongs_to_the_period_that_it_pays(dora, easycall):
    given = give(dora, easycall, SubscriptionPlanFactory(name="Hosting", in_arrears=True))
    assert amounts(easycall) == []
    assert given.next_charge_at == new_york("2026-02-01")
    assert charge_due(now=new_york("2026-02-01")) == 1
    row = Xdr.for_customer(easycall).get()
    assert row.started_at == new_york("2026-02-01") - timedelta(microseconds=1)
    assert row.description == "Hosting, 2026-01-16 to 2026-01-31"


def test_it_closes_at_its_finish_date(dora, easycall):
    given = give(dora, easycall, SubscriptionPlanFactory(in_arrears=True), last_day=date(2026, 2, 10))
    charge_due(now=new_york("2026-02-11") - timedelta(seconds=1))
    assert amounts(easycall) == [Decimal("1.60")]
    charge_due(now=new_york("2026-02-11"))
    charge_due(now=new_york("2026-05-01"))
    given.refresh_from_db()
    assert amounts(easycall) == [Decimal("1.60"), Decimal("1.11")]  # ten days of 28
    assert given.next_charge_at is None


def test_one_that_begins_later_waits(dora, easycall):
    given = give(dora, easycall, SubscriptionPlanFactory(activation_fee=Decimal(5)), first_day=date(2026, 2, 1))
    assert charge_due(now=new_york("2026-02-01") - timedelta(seconds=1)) == 0
    assert amounts(easycall) == []
    charge_due(now=new_york("2026-02-01"))
    given.refresh_from_db()
    assert sorted(amounts(easycall)) == [Decimal("3.10"), Decimal(5)]
    assert given.charged_until == new_york("2026-03-01")


def test_one_that_is_taken_back_before_it_begins_costs_nothing(dora, easycall):
    plan = SubscriptionPlanFactory(activation_fee=Decimal(5), in_arrears=True)
    given = give(dora, easycall, plan, first_day=date(2026, 2, 1))
    ended = finish_subscription(staff=dora, subscription=given, last_day=date(2026, 1, 20), now=NOW)
    assert (ended.ended_at, ended.next_charge_at) == (ended.started_at, None)
    charge_due(now=new_york("2026-03-05"))
    assert amounts(easycall) == []


def test_days_off_are_caught_up_by_day(dora, easycall):
    give(dora, easycall, SubscriptionPlanFactory(cycle="daily", fee=Decimal("0.40")), last_day=date(2026, 1, 25))
    charge_due(now=new_york("2026-01-20"))
    charge_due(now=new_york("2026-03-01"))
    assert amounts(easycall) == [Decimal("0.40")] * 10


def test_the_last_day_may_move_and_the_parts_still_sum(dora, easycall):
    given = give(dora, easycall, SubscriptionPlanFactory(), last_day=date(2026, 1, 20))
    assert amounts(easycall) == [Decimal("0.50")]
    finish_subscription(staff=dora, subscription=given, last_day=date(2026, 1, 31), now=NOW)
    charge_due(now=new_york("2026-03-01"))
    assert sum(amounts(easycall)) == Decimal("1.60")
    event = AuditEvent.objects.of(given).latest("pk")
    assert event.changes == {"Finish date": ["2026-01-20", "2026-01-31"]}


def test_ending_now_in_arrears_charges_the_days_until_now(dora, easycall):
    given = give(dora, easycall, SubscriptionPlanFactory(in_arrears=True))
    end_subscription(subscription=given, now=NOW + timedelta(days=4))
    assert amounts(easycall) == [Decimal("0.50")]
    charge_due(now=new_york("2026-03-01"))
    assert amounts(easycall) == [Decimal("0.50")]


def test_without_parts_the_whole_fee_is_charged_once(dora, easycall):
    give(dora, easycall, SubscriptionPlanFactory(prorated=False), last_day=date(2026, 1, 20))
    charge_due(now=new_york("2026-03-01"))
    assert amounts(easycall) == [Decimal("3.10")]


def test_a_line_pays_for_itself(dora, easycall):
    line = LineFactory(customer=easycall)
    give(dora, easycall, SubscriptionPlanFactory(), line=line)
    assert Xdr.for_customer(easycall).get().line == line


def test_a_prepaid_customer_without_funds_is_charged_all_the_same(dora, lotus):
    give(dora, lotus, SubscriptionPlanFactory(currency=lotus.currency))
    assert amounts(lotus) == [Decimal("1.60")]
    assert money_words(lotus).available == Decimal("-1.60")


def test_what_is_refused(dora, easycall, lotus):
    plan = SubscriptionPlanFactory()
    odd = [
        ({"line": LineFactory(customer=lotus)}, "another customer"),
        ({"discount": Decimal(101)}, "between 0 and 100"),
        ({"last_day": date(2026, 1, 15)}, "before the first"),
        ({"first_day": date(2024, 1, 1)}, "at most a year ago"),
    ]
    for said, words in odd:
        with pytest.raises(Refused, match=words):
            give(dora, easycall, plan, **said)
    with pytest.raises(Refused, match="in EUR, but"):
        give(dora, easycall, SubscriptionPlanFactory(currency="EUR"))
    with pytest.raises(Refused, match="not offered"):
        give(dora, easycall, SubscriptionPlanFactory(is_offered=False))
    assert not Subscription.objects.exists()


def test_a_number_ends_by_its_release_only(dora, easycall):
    did = DidFactory(line=LineFactory(customer=easycall))
    fee = open_subscription(customer=easycall, name="Number", fee=Decimal(3), did=did, now=NOW)
    with pytest.raises(Refused, match="released"):
        finish_subscription(staff=dora, subscription=fee, last_day=date(2026, 1, 31), now=NOW)


def test_one_that_is_over_stays_over_and_no_day_is_in_the_past(dora, easycall):
    given = give(dora, easycall, SubscriptionPlanFactory(), last_day=date(2026, 1, 20))
    with pytest.raises(Refused, match="This day is over"):
        finish_subscription(staff=dora, subscription=given, last_day=date(2026, 1, 15), now=NOW)
    with pytest.raises(Refused, match="subscription is over"):
        finish_subscription(staff=dora, subscription=given, last_day=date(2026, 3, 1), now=new_york("2026-02-01"))


def test_the_same_form_twice_is_one_and_with_other_words_refused(dora, easycall):
    plan = SubscriptionPlanFactory()
    assert give(dora, easycall, plan) == give(dora, easycall, plan)
    with pytest.raises(AlreadyStarted):
        give(dora, easycall, plan, first_day=date(2026, 1, 17))
    assert amounts(easycall) == [Decimal("1.60")]


@pytest.mark.django_db(transaction=True)
def test_pressed_at_once_it_is_given_and_charged_once(dora, easycall):
    plan = SubscriptionPlanFactory(activation_fee=Decimal(5), in_arrears=True)
    parallel([lambda: give(dora, easycall, plan)] * 4)
    parallel([lambda: charge_due(now=new_york("2026-03-01"))] * 4)
    assert amounts(easycall) == [Decimal(5), Decimal("1.60"), Decimal("3.10")]
    assert list(differences()) == []


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("place", ["the rows", "the note"])
def test_killed_on_the_way_it_is_charged_by_the_next_run_and_once(dora, easycall, place):
    give(dora, easycall, SubscriptionPlanFactory(activation_fee=Decimal(5), in_arrears=True))
    now = new_york("2026-03-01")
    needed = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")
    database = json.dumps({name: connection.settings_dict[name] for name in needed})
    command = [sys.executable, "-m", "tests.billing.operations.dying_charger", database, place, now.isoformat()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)  # noqa: S603
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert amounts(easycall) == [Decimal(5)]
    charge_due(now=now)
    charge_due(now=now)
    assert amounts(easycall) == [Decimal(5), Decimal("1.60"), Decimal("3.10")]


def test_staff_give_and_end_by_the_administration(as_dora, easycall):
    plan = SubscriptionPlanFactory(fee=Decimal(30))
    give_page = reverse("admin:billing_subscription_give", args=[easycall.pk])
    form = as_dora.get(give_page).context["form"]
    said = {"plan": plan.pk, "first_day": form["first_day"].value(), "discount": "20", "once": form["once"].value()}
    assert as_dora.post(give_page, said).status_code == 302
    assert as_dora.post(give_page, said).status_code == 302
    given = Subscription.objects.get()
    assert (given.fee, given.ended_at) == (Decimal(24), None)
    end_page = reverse("admin:billing_subscription_end", args=[given.pk])
    today = as_dora.get(end_page).context["form"]["last_day"].value()
    assert as_dora.post(end_page, {"last_day": "1999-12-31"}).status_code == 200
    assert as_dora.post(end_page, {"last_day": today}).status_code == 302
    given.refresh_from_db()
    assert given.ended_at is not None


def test_customers_give_themselves_nothing(as_alice, easycall):
    assert as_alice.post(reverse("admin:billing_subscription_give", args=[easycall.pk])).status_code == 302
    assert not Subscription.objects.exists()
