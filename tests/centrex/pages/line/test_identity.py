"""A line's Identity: only numbers of one's own, and no name that breaks a header."""

import pytest
from django.urls import reverse

from centrex.models import CompanySettings
from centrex.operations.dids import consequences_of_releasing, put_back
from centrex.queries.features import effective_of
from centrex.routing.features import Identity, Source
from tests.factories import DidFactory

OWN = {"own": "own", "hide_cli": "never", "version": 1}


@pytest.fixture
def address(line):
    return reverse("centrex:line-identity", args=[line.pk])


def test_the_company_decides_until_the_line_does(as_alice, address, line, easycall):
    CompanySettings.for_customer(easycall).update(hide_cli="always")
    counts = effective_of(line, Identity)
    assert (counts.values.hide_cli, counts.source) == ("always", Source.COMPANY)
    page = as_alice.get(address).content.decode()
    assert "your company&#x27;s settings</a>." in page
    assert "<dt>Hide CLI</dt><dd>Always</dd>" in page


def test_a_number_of_ones_own_and_a_name(as_alice, address, line):
    did = DidFactory(line=None, customer=line.customer)
    as_alice.post(address, OWN | {"number": did.number, "name": "EasyCall Sales"})
    assert effective_of(line, Identity).values == Identity("never", did.number, "EasyCall Sales")


@pytest.mark.parametrize("number", ["442079460000", "911", "12125550101;x"])
def test_nobody_calls_under_a_number_that_is_not_his(as_alice, address, line, lotus, number):
    DidFactory(number="442079460000", line=None, customer=lotus)
    answer = as_alice.post(address, OWN | {"number": number})
    assert list(answer.context["form"].errors) == ["number"]
    assert effective_of(line, Identity).source is Source.COMPANY


@pytest.mark.parametrize("name", ['Sales" <sip:x>', "Sales\r\nX: y", "Sales\\"])
def test_a_name_that_would_break_out_of_its_header(as_alice, address, name):
    assert list(as_alice.post(address, OWN | {"name": name}).context["form"].errors) == ["name"]


def test_automatic_needs_the_companys_codes(as_alice, address, line, easycall):
    assert "hide_cli" in as_alice.post(address, OWN | {"hide_cli": "automatic"}).context["form"].errors
    CompanySettings.for_customer(easycall).update(hide_cli="automatic")
    assert "*67 before a number hides it" in as_alice.get(address).content.decode()
    as_alice.post(address, OWN | {"hide_cli": "automatic"})
    assert effective_of(line, Identity).source is Source.LINE


def test_a_number_given_back_is_shown_no_more(as_alice, address, alice, line):
    did = DidFactory(line=None, customer=line.customer)
    as_alice.post(address, OWN | {"number": did.number, "name": "Sales"})
    said = f"Phone line {line} shows its own number again when it calls."
    assert said in consequences_of_releasing(did)
    put_back(user=alice, customer=line.customer, did_id=did.pk)
    assert effective_of(line, Identity).values == Identity("never", "", "Sales")
