"""Which ways to pay a customer is offered: by class, by currency, within limits; no form gets round it."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from billing.models import OfferedMethod, Payment
from billing.operations.guards import refuse_not_offered
from billing.operations.payments import begin_payment
from billing.queries.offered import Method, offer_of, offered_methods
from selfcare.errors import Refused
from selfcare.models import CustomerClass
from tests.factories import OfferedMethodFactory

ALL = [Method.CARD, Method.ACH, Method.SEPA, Method.PAYPAL, Method.PAYNEARME]


def offer_all() -> None:
    for method in ALL:
        OfferedMethodFactory(method=method)


def test_cards_are_offered_until_somebody_says_otherwise(easycall):
    assert offered_methods(easycall) == [Method.CARD]
    OfferedMethodFactory(method=Method.CARD, is_offered=False)
    assert offered_methods(easycall) == []


@pytest.mark.parametrize(
    ("currency", "offered"),
    [
        ("USD", [Method.CARD, Method.ACH, Method.PAYPAL, Method.PAYNEARME]),
        ("EUR", [Method.CARD, Method.SEPA, Method.PAYPAL]),
        ("CHF", [Method.CARD, Method.PAYPAL]),
        ("JPY", [Method.CARD]),
    ],
)
def test_the_currency_decides_as_well(easycall, currency, offered):
    offer_all()
    easycall.currency = currency
    assert offered_methods(easycall) == offered


def test_the_own_class_goes_before_all_others(easycall, lotus):
    business, private = (CustomerClass.objects.create(name=name) for name in ("Business", "Private"))
    easycall.customer_class = business
    OfferedMethodFactory(method=Method.PAYPAL)
    OfferedMethodFactory(method=Method.PAYPAL, customer_class=business, is_offered=False)
    OfferedMethodFactory(method=Method.ACH, customer_class=private)
    OfferedMethodFactory(method=Method.ACH, customer_class=business, minimum=10)
    assert offered_methods(easycall) == [Method.CARD, Method.ACH]
    assert offered_methods(lotus) == [Method.CARD, Method.PAYPAL]


def test_limits_only_narrow_those_of_all_payments(easycall, settings):
    settings.MINIMUM_PAYMENT, settings.MAXIMUM_PAYMENT = 5, 1000
    OfferedMethodFactory(method=Method.ACH, minimum=Decimal(20), maximum=Decimal(300))
    OfferedMethodFactory(method=Method.PAYPAL, minimum=Decimal(1), maximum=Decimal(5000))
    assert [(o.minimum, o.maximum) for m in (Method.ACH, Method.PAYPAL) if (o := offer_of(easycall, m))] == [
        (20, 300),
        (5, 1000),
    ]
    assert offer_of(easycall, Method.SEPA) is None


@pytest.mark.parametrize(("amount", "field"), [("19.99", "amount"), ("300.01", "amount"), ("20", None), ("300", None)])
def test_an_amount_that_the_method_does_not_take(easycall, amount, field):
    OfferedMethodFactory(method=Method.ACH, minimum=Decimal(20), maximum=Decimal(300))
    if field is None:
        refuse_not_offered(easycall, Method.ACH, Decimal(amount))
        return
    with pytest.raises(Refused) as refused:
        refuse_not_offered(easycall, Method.ACH, Decimal(amount))
    assert refused.value.field == field


@pytest.mark.django_db(transaction=True)
def test_no_payment_begins_in_a_way_that_is_not_offered(easycall, alice):
    """Whatever the page showed when it was opened, or somebody typed himself."""
    with pytest.raises(Refused) as refused:
        begin_payment(
            customer=easycall, user=alice, payment_id=uuid4(), amount=Decimal(20), method=Method.ACH, now=timezone.now()
        )
    assert refused.value.field == "method"
    assert not Payment.objects.exists()


@pytest.mark.django_db
def test_staff_cannot_say_two_things_at_once():
    OfferedMethodFactory()
    with pytest.raises(ValidationError, match="already"):
        OfferedMethod(method=Method.PAYPAL).full_clean()
    with pytest.raises(ValidationError, match="below the minimum"):
        OfferedMethod(method=Method.ACH, minimum=20, maximum=10).full_clean()
    with pytest.raises(IntegrityError):
        OfferedMethodFactory()
