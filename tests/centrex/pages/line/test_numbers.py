"""A line's External Numbers: assign a free one of one's own, and take one off."""

import pytest
from django.urls import reverse

from tests.factories import DidFactory, FreeDidFactory, LineFactory


@pytest.fixture
def address(line):
    return reverse("centrex:line-numbers", args=[line.pk])


def test_assign_and_remove(as_alice, address, line):
    did = DidFactory(line=None, customer=line.customer)
    as_alice.post(address, {"did": did.pk, "version": 1})
    did.refresh_from_db()
    assert did.line == line
    assert str(did) in as_alice.get(address).content.decode()
    remove = reverse("centrex:line-number-remove", args=[line.pk, did.pk])
    assert f"Remove <strong>{did}</strong>" in as_alice.get(remove).content.decode()
    assert as_alice.post(remove).url == address
    did.refresh_from_db()
    assert (did.line, did.customer) == (None, line.customer)


def test_what_cannot_be_assigned(as_alice, address, line, lotus):
    others = [
        FreeDidFactory(),
        DidFactory(line=None, customer=lotus),
        DidFactory(line=LineFactory(customer=line.customer)),
    ]
    DidFactory(line=None, customer=line.customer)
    for did in others:
        assert "did" in as_alice.post(address, {"did": did.pk, "version": 1}).context["form"].errors
        before = did.line
        did.refresh_from_db()
        assert did.line == before


def test_without_a_free_number_the_way_to_one_is_shown(as_alice, address):
    page = as_alice.get(address).content.decode()
    assert "All your external numbers are in use." in page
    assert reverse("centrex:did-add") in page


def test_others(as_bob, as_charlie, address, line):
    did = DidFactory(line=line)
    remove = reverse("centrex:line-number-remove", args=[line.pk, did.pk])
    assert str(did) in as_bob.get(address).content.decode()
    assert as_bob.post(address, {"did": did.pk}).status_code == 403
    assert as_bob.post(remove).status_code == 403
    assert as_charlie.get(address).status_code == as_charlie.post(remove).status_code == 404
    did.refresh_from_db()
    assert did.line == line


def test_a_number_of_another_line_is_not_found_here(as_alice, line):
    did = DidFactory(line=LineFactory(customer=line.customer))
    assert as_alice.post(reverse("centrex:line-number-remove", args=[line.pk, did.pk])).status_code == 404
