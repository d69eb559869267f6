"""The people of the tests: alice owns, bob only reads, lena has one line, charlie is a stranger, dora is staff."""

import pytest
from django.test import Client

from selfcare.models import Customer, Role, User
from tests.factories import CustomerFactory, LineLoginFactory, UserFactory


@pytest.fixture
def easycall(db) -> Customer:
    return CustomerFactory(company_name="EasyCall Ltd")


@pytest.fixture
def lotus(db) -> Customer:
    return CustomerFactory(company_name="Lotus Clinic", billing="debit", credit_limit=0)


@pytest.fixture
def alice(easycall) -> User:
    return UserFactory(username="alice", customer=easycall, role=Role.OWNER)


@pytest.fixture
def bob(easycall) -> User:
    return UserFactory(username="bob", customer=easycall, role=Role.READ_ONLY)


@pytest.fixture
def lena(easycall) -> User:
    """A user of one phone line: `lena.line_login.line`."""
    user = UserFactory(username="lena", customer=easycall, role=Role.LINE_USER)
    LineLoginFactory(user=user, line__customer=easycall, line__name="Lena")
    return user


@pytest.fixture
def charlie(lotus) -> User:
    return UserFactory(username="charlie", customer=lotus, role=Role.OWNER)


@pytest.fixture
def dora(db) -> User:
    return UserFactory(username="dora", customer=None, is_staff=True, is_superuser=True)


def signed_in(user: User) -> Client:
    """A test client with a session of `user`."""
    client = Client()
    client.force_login(user, backend="selfcare.backends.WithCustomer")
    return client


@pytest.fixture
def as_alice(alice) -> Client:
    return signed_in(alice)


@pytest.fixture
def as_bob(bob) -> Client:
    return signed_in(bob)


@pytest.fixture
def as_lena(lena) -> Client:
    return signed_in(lena)


@pytest.fixture
def as_charlie(charlie) -> Client:
    return signed_in(charlie)


@pytest.fixture
def as_dora(dora) -> Client:
    return signed_in(dora)
