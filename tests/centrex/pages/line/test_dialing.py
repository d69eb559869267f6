"""A line's Dialing Rules: its office's or its own, tried before they count, and their place in the number space."""

import pytest
from django.urls import reverse

from centrex.models import DialCode
from centrex.queries.features import dialing_of
from centrex.routing.dialing.dial import dial
from centrex.routing.dialing.rules import Outcome
from tests.factories import DialCodeFactory, DialingRulesFactory, ExtensionFactory

BERLIN = {
    "own": "own", "enabled": "on", "kind": "residential", "country_code": "49", "area_codes": "30",
    "local_lengths": "6, 7, 8", "international_prefix": "00", "long_distance_prefix": "0", "version": "1",
}  # fmt: skip
PBX = BERLIN | {"kind": "pbx", "outside_prefix": "0", "long_distance_prefix": "", "national_lengths": "10"}


@pytest.fixture
def office(easycall):
    return DialingRulesFactory(
        customer=easycall, enabled=True, kind="residential", country_code="1", area_codes="212",
        national_lengths="10", international_prefix="011", long_distance_prefix="1",
    )  # fmt: skip


@pytest.fixture
def address(line):
    return reverse("centrex:line-dialing", args=[line.pk])


def meant(line, number):
    return dial(dialing_of(line), number, {}.get).result


def test_a_line_dials_as_its_office_until_it_has_its_own(as_alice, address, line, office):
    assert meant(line, "01149301234567") == "49301234567"
    assert as_alice.post(address, BERLIN).status_code == 302
    assert meant(line, "1234567") == "49301234567"
    assert meant(line, "0012125550100") == "12125550100"
    line.refresh_from_db()
    as_alice.post(address, {"own": "inherit", "version": line.version})
    assert meant(line, "01149301234567") == "49301234567"


def test_the_panel_tries_what_is_typed_and_saves_nothing(as_alice, address, line, office):
    typed = BERLIN | {"do": "check", "check-local": "1234567"}
    live = as_alice.post(address, typed, headers={"HX-Request": "true"})
    assert [(each.typed, each.result) for each in live.context["answers"]] == [("1234567", "+49 30 1234567")]
    inherit = typed | {"own": "inherit", "check-local": "", "check-other": "01149301234567"}
    answer = as_alice.post(address, inherit)
    assert answer.context["answers"][0].result == "+49 30 1234567"
    assert meant(line, "01149301234567") == "49301234567"
    line.refresh_from_db()
    assert line.version == 1


def test_a_sample_stands_in_the_form(as_alice, address):
    form = as_alice.get(address, {"sample": "de-berlin"}).context["form"]
    assert (form["own"].value(), form["country_code"].value()) == ("own", "49")


def test_who_reads_only_checks_the_rules_that_count(as_bob, address, office):
    page = as_bob.get(address, {"check-other": "01149301234567"})
    assert page.context["answers"][0].result == "+49 30 1234567"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"country_code": ""}, "country_code"), ({"kind": "custom"}, "custom_rule"), ({"area_codes": "x"}, "area_codes")],
)
def test_mistakes_are_said_at_their_field(as_alice, address, line, wrong, field):
    assert field in as_alice.post(address, BERLIN | wrong).context["form"].errors
    assert not dialing_of(line).enabled


def test_the_outside_prefix_takes_its_place_in_the_number_space(as_alice, address, line, easycall):
    as_alice.post(address, PBX)
    assert DialCode.for_customer(easycall).get().code == "0"
    assert dial(dialing_of(line), "01234567", {}.get).result == "49301234567"
    as_alice.post(address, {"own": "inherit", "version": 2})
    assert not DialCode.for_customer(easycall).exists()


def test_a_prefix_that_is_in_the_way_is_refused(as_alice, address, line, easycall):
    ExtensionFactory(customer=easycall, number="201")
    answer = as_alice.post(address, PBX | {"outside_prefix": "2"})
    assert "outside_prefix" in answer.context["form"].errors
    assert dial(dialing_of(line), "21234567", {}.get).outcome is not Outcome.INTERNAL
    assert not dialing_of(line).enabled


def test_the_offices_prefix_is_shared(as_alice, address, line, easycall, office):
    office.kind, office.outside_prefix = "pbx", "0"
    office.save()
    DialCodeFactory(customer=easycall, code="0")
    as_alice.post(address, PBX)
    assert dialing_of(line).outside == "0"
    as_alice.post(address, {"own": "inherit", "version": 2})
    assert DialCode.for_customer(easycall).get().code == "0"
