"""Numbers of the stock: reserving, giving back, assigning; one of several at once gets it."""

from datetime import UTC, datetime, timedelta

import pytest

from centrex.models import Did
from centrex.operations.dids import (
    MOST_RESERVED,
    RESERVED_FOR,
    NotForSale,
    TimeIsOver,
    assign,
    cancel_reservation,
    put_back,
    reserve,
    take,
)
from centrex.queries.dids import chosen, cities, countries, for_sale, reserved
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Role, User
from tests.factories import CustomerFactory, DidFactory, FreeDidFactory, LineFactory, UserFactory
from tests.parallel import parallel

AT_ONCE = 32
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def hold(user: User, did: Did, *, now: datetime = NOW) -> Did:
    return reserve(user=user, customer=user.customer, did_id=did.pk, now=now)


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("id").values_list("action", flat=True))


@pytest.fixture
def did(db) -> Did:
    return FreeDidFactory()


def test_a_reservation_lasts_ten_minutes_and_is_not_drawn_out(alice, did):
    assert hold(alice, did).reserved_until == NOW + RESERVED_FOR == NOW + TEN_MINUTES
    again = hold(alice, did, now=NOW + timedelta(minutes=9))
    assert again.reserved_until == NOW + TEN_MINUTES
    assert acts() == ["reserve"]
    assert hold(alice, did, now=NOW + TEN_MINUTES).reserved_until == NOW + 2 * TEN_MINUTES


def test_nobody_else_is_offered_it_meanwhile(alice, charlie, lotus, did):
    hold(alice, did)
    assert not for_sale(lotus, now=NOW).exists()
    with pytest.raises(NotForSale):
        hold(charlie, did, now=NOW + TEN_MINUTES - timedelta(seconds=1))
    assert for_sale(lotus, now=NOW + TEN_MINUTES).get() == did
    hold(charlie, did, now=NOW + TEN_MINUTES)
    assert chosen(alice.customer, did.pk) is None


@pytest.mark.parametrize("state", [{"frozen": True}, {"currency": "EUR"}, {"currency": ""}])
def test_what_is_not_for_sale_is_neither_offered_nor_reserved(alice, easycall, did, state):
    Did.objects.update(**state)
    assert not for_sale(easycall, now=NOW).exists()
    assert countries(easycall, now=NOW) == []
    with pytest.raises(NotForSale):
        hold(alice, did)


def test_nobody_is_offered_nothing(did):
    assert not for_sale(None, now=NOW).exists()
    assert not reserved(None, now=NOW).exists()


def test_a_sold_or_unknown_number_is_not_reserved(alice, lotus):
    sold = DidFactory(line=LineFactory(customer=lotus))
    for number in (sold.pk, 2**62):
        with pytest.raises(NotForSale):
            reserve(user=alice, customer=alice.customer, did_id=number, now=NOW)


def test_a_customer_may_hold_so_many(alice, easycall):
    for number in [FreeDidFactory() for _each in range(MOST_RESERVED)]:
        hold(alice, number)
    one_more = FreeDidFactory()
    with pytest.raises(Refused, match="reserved 10 numbers"):
        hold(alice, one_more)
    assert reserved(easycall, now=NOW).count() == MOST_RESERVED
    hold(alice, one_more, now=NOW + TEN_MINUTES)


@pytest.mark.django_db(transaction=True)
def test_not_even_at_once_does_he_hold_more(alice, easycall):
    numbers = [FreeDidFactory() for _each in range(2 * MOST_RESERVED)]
    parallel([lambda number=number: hold(alice, number) for number in numbers])
    assert reserved(easycall, now=NOW).count() == MOST_RESERVED


def test_a_cancelled_number_is_free_at_once(alice, charlie, easycall, lotus, did):
    hold(alice, did)
    cancel_reservation(user=charlie, customer=lotus, did_id=did.pk)  # not his
    assert chosen(easycall, did.pk) == did
    cancel_reservation(user=alice, customer=easycall, did_id=did.pk)
    cancel_reservation(user=alice, customer=easycall, did_id=did.pk)
    assert acts() == ["reserve", "cancel reservation"]
    hold(charlie, did)


def test_taking_needs_a_reservation_that_runs(alice, easycall, did):
    with pytest.raises(NotForSale):
        take(customer=easycall, did_id=did.pk, now=NOW)
    hold(alice, did)
    with pytest.raises(TimeIsOver):
        take(customer=easycall, did_id=did.pk, now=NOW + TEN_MINUTES)
    assert take(customer=easycall, did_id=did.pk, now=NOW).customer == easycall


def test_a_number_that_was_withdrawn_since_it_was_reserved_is_not_taken(alice, easycall, did):
    hold(alice, did)
    Did.objects.filter(pk=did.pk).update(frozen=True)
    with pytest.raises(NotForSale):
        take(customer=easycall, did_id=did.pk, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_thirty_two_choose_the_same_number(did):
    people = [UserFactory(customer=CustomerFactory(), role=Role.OWNER) for _each in range(AT_ONCE)]
    results = parallel([lambda user=user: hold(user, did) for user in people])
    won = [each for each in results if not isinstance(each, Refused)]
    assert len(won) == 1
    assert {type(each) for each in results} == {Did, NotForSale}
    did.refresh_from_db()
    assert did.reserved_for == won[0].reserved_for


def test_assigning_and_unassigning_are_written_down(alice, easycall):
    did = FreeDidFactory(customer=easycall)
    line = LineFactory(customer=easycall, name="Front desk")
    assert assign(user=alice, did=did, line=line).line == line
    assign(user=alice, did=did, line=line)
    assert assign(user=alice, did=did, line=None).line is None
    assert acts() == ["assign", "unassign"]
    assert AuditEvent.objects.first().changes == {"assigned to": [str(line), ""]}


def test_only_an_own_number_rings_an_own_line(alice, easycall, lotus):
    did = FreeDidFactory(customer=easycall)
    with pytest.raises(Refused, match="your own phone lines") as refusal:
        assign(user=alice, did=did, line=LineFactory(customer=lotus))
    assert refusal.value.field == "line"
    put_back(user=alice, customer=easycall, did_id=did.pk)
    with pytest.raises(Refused, match="not yours any more"):
        assign(user=alice, did=did, line=LineFactory(customer=easycall))
    with pytest.raises(Refused, match="not yours any more"):
        put_back(user=alice, customer=easycall, did_id=did.pk)


def test_the_stock_is_counted_by_country_and_city(easycall):
    for country, city in (("US", "Boston"), ("US", "Boston"), ("US", ""), ("DE", "Berlin")):
        FreeDidFactory(country=country, city=city)
    FreeDidFactory(country="FR", currency="EUR")
    assert [(each.code, each.name, each.free) for each in countries(easycall, now=NOW)] == [
        ("DE", "Germany", 1),
        ("US", "United States of America", 3),
    ]
    assert [(each.name, each.free) for each in cities(easycall, "US", now=NOW)] == [("", 1), ("Boston", 2)]
