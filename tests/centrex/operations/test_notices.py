"""Whom a notice about a dangerous act reaches."""

from centrex.operations.notices import tell_owners
from selfcare.models import OutgoingMail, Role
from tests.factories import LineFactory, UserFactory


def tell(line, key="a"):
    facts = {"who": "Somebody", "line": line, "classes": "Premium"}
    tell_owners(customer=line.customer, template="barring_allowed", context=facts, key=key)
    return sorted(mail.to[0] for mail in OutgoingMail.objects.all())


def test_each_owner_who_has_an_address_and_a_login_that_works(easycall):
    UserFactory(username="olga", customer=easycall, role=Role.OWNER)
    UserFactory(username="otto", customer=easycall, role=Role.OWNER, is_active=False)
    UserFactory(username="oskar", customer=easycall, role=Role.OWNER, email="")
    UserFactory(username="rita", customer=easycall, role=Role.READ_ONLY)
    line = LineFactory(customer=easycall)
    assert tell(line) == tell(line) == ["olga@example.com"]  # the same notice goes once
    assert len(tell(line, key="b")) == 2


def test_where_nobody_owns_the_account_the_company_is_told(easycall, lotus):
    UserFactory(customer=lotus, role=Role.OWNER)
    assert easycall.email
    assert tell(LineFactory(customer=easycall)) == [easycall.email]
