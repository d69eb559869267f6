"""EasyCall pays its invoices with a stored card, and has one of 30 USD."""

import pytest

from tests.billing.bills import JANUARY, book, invoice_of
from tests.billing.payments.autopay.charged import store
from tests.factories import AutoPayFactory


@pytest.fixture
def card(sandbox, alice):
    return store(sandbox, alice.customer)


@pytest.fixture
def wish(card):
    return AutoPayFactory(customer=card.customer)


@pytest.fixture
def invoice(wish):
    book(wish.customer, "30", at=JANUARY.start)
    return invoice_of(wish.customer, JANUARY)
