"""The number space: one meaning a code, and no code the beginning of another, even under parallel writers."""

from collections.abc import Callable
from threading import Barrier
from typing import Any

import pytest
from django.db import transaction

from centrex.models import DialCode, Extension, Huntgroup
from centrex.operations import numbers
from centrex.operations.extensions import add_extension
from centrex.operations.huntgroups import add_huntgroup
from selfcare.errors import Refused
from selfcare.models import Customer
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory
from tests.parallel import parallel

AT_ONCE = 16


def claim(office: Customer, code: str, kind: DialCode.Kind = DialCode.Kind.EXTENSION) -> None:
    with transaction.atomic():
        numbers.claim(office=numbers.locked_office(office), code=code, kind=kind)


@pytest.fixture
def taken(easycall):
    ExtensionFactory(customer=easycall, number="201", name="Anna")
    HuntgroupFactory(customer=easycall, number="88", name="Sales")
    DialCode.objects.create(customer=easycall, code="*33", kind=DialCode.Kind.SERVICE)
    DialCode.objects.create(customer=easycall, code="55", kind=DialCode.Kind.ABBREVIATED)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("201", "201 is already the number of extension Anna."),
        ("88", "88 is already the number of huntgroup Sales."),
        ("*33", "*33 is already a service code."),
        ("55", "55 is already an abbreviated number."),
        ("20", "20 is the beginning of 201 (extension Anna), which nobody could dial any more."),
        ("2", "2 is the beginning of 201 (extension Anna), which nobody could dial any more."),
        ("881", "881 begins with 88 (huntgroup Sales): the call would go there after these digits."),
        ("*331", "*331 begins with *33 (a service code): the call would go there after these digits."),
    ],
)
def test_a_code_that_is_in_the_way_is_named(easycall, taken, code, said):
    with pytest.raises(Refused) as refusal:
        claim(easycall, code)
    assert str(refusal.value) == said
    assert refusal.value.field == "number"


@pytest.mark.parametrize("code", ["202", "89", "33", "*34", "7"])
def test_a_code_beside_the_others_is_free(easycall, taken, code):
    claim(easycall, code)
    assert DialCode.objects.filter(customer=easycall, code=code).exists()


def test_another_customers_codes_are_not_in_the_way(easycall, lotus, taken):
    claim(lotus, "201")


def test_a_released_code_is_free_and_a_move_does_not_trip_over_itself(easycall, taken):
    with transaction.atomic():
        numbers.move(office=easycall, old="88", new="888")
        numbers.release(office=easycall, code="201")
    claim(easycall, "20")
    codes = set(DialCode.objects.filter(customer=easycall).values_list("code", flat=True))
    assert codes == {"888", "20", "*33", "55"}
    with pytest.raises(Refused), transaction.atomic():
        numbers.move(office=easycall, old="888", new="20")


def test_a_branch_office_claims_nothing(easycall):
    branch = CustomerFactory(main_office=easycall)
    with pytest.raises(Refused, match="main office keeps this"):
        claim(branch, "201")


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_want_the_same_number(easycall, alice):
    acts = [
        lambda: add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Anna"))
        for _each in range(AT_ONCE)
    ]
    results = parallel(acts)
    refusals = [each for each in results if isinstance(each, Refused)]
    assert len(refusals) == AT_ONCE - 1
    assert {(str(each), each.field) for each in refusals} == {
        ("201 is already the number of extension Anna.", "number")
    }
    assert Extension.objects.count() == DialCode.objects.count() == 1


def beginnings(easycall: Customer, alice: Any) -> list[Callable[[], Any]]:
    """Two acts that must not both succeed: 20 is the beginning of 201."""
    return [
        lambda: add_huntgroup(user=alice, huntgroup=Huntgroup(customer=easycall, number="20", name="Sales")),
        lambda: add_extension(user=alice, extension=Extension(customer=easycall, number="201")),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_number_and_its_beginning_at_once(easycall, alice):
    results = parallel(beginnings(easycall, alice) * (AT_ONCE // 2))
    assert sum(not isinstance(each, Refused) for each in results) == 1
    assert DialCode.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_get_through(easycall, alice, monkeypatch):
    """The negative control: no constraint holds this, the office's lock does."""
    both_have_looked = Barrier(2)
    look = numbers.refuse_clash

    def look_and_wait(**what: Any) -> None:
        look(**what)
        both_have_looked.wait(timeout=30)

    monkeypatch.setattr(numbers, "locked_office", lambda customer: customer)
    monkeypatch.setattr(numbers, "refuse_clash", look_and_wait)
    results = parallel(beginnings(easycall, alice))
    assert not [each for each in results if isinstance(each, Refused)]
    assert set(DialCode.objects.values_list("code", flat=True)) == {"20", "201"}
