"""Service codes: which service dialled digits ask for, and whose call is picked up."""

import pytest

from centrex.routing.codes import Asked, NoPickup, Pickup, Service, find_clash, pickup_of, service_of

CODES = {Service.PICKUP: "*77", Service.PARK: "*70", Service.RELEASE: "*71", Service.PAGING: "#5"}


@pytest.mark.parametrize(
    ("dialled", "asked"),
    [
        ("*77", Asked(Service.PICKUP, "")),
        ("*7788", Asked(Service.PICKUP, "88")),
        ("*70", Asked(Service.PARK, "")),
        ("*71201", Asked(Service.RELEASE, "201")),
        ("#5201", Asked(Service.PAGING, "201")),
        ("*7", None),
        ("77", None),
        ("201", None),
        ("", None),
        ("12125550100", None),
    ],
)
def test_what_is_dialled(dialled, asked):
    assert service_of(dialled, CODES) == asked


@pytest.mark.parametrize("order", [1, -1])
def test_the_longest_code_wins(order):
    codes = dict([(Service.PICKUP, "*7"), (Service.PARK, "*77"), (Service.RELEASE, "*778")][::order])
    assert service_of("*7788", codes) == Asked(Service.RELEASE, "8")
    assert service_of("*7799", codes) == Asked(Service.PARK, "99")
    assert service_of("*799", codes) == Asked(Service.PICKUP, "99")


def test_a_service_without_a_code_is_never_meant():
    assert service_of("201", {Service.PICKUP: ""}) is None


@pytest.mark.parametrize(
    ("codes", "clash"),
    [
        ({Service.PICKUP: "*77", Service.PARK: "*70"}, None),
        ({Service.PICKUP: "*7", Service.PARK: "*70"}, (Service.PICKUP, Service.PARK)),
        ({Service.PARK: "*70", Service.PICKUP: "*7"}, (Service.PICKUP, Service.PARK)),
        ({Service.PARK: "*70", Service.RELEASE: "*70"}, (Service.PARK, Service.RELEASE)),
        ({Service.PARK: "*70"}, None),
        ({}, None),
    ],
)
def test_codes_that_are_in_each_others_way(codes, clash):
    assert find_clash(codes) == clash


# As in the manual of portals of this kind: 88 is primary for 222 and 333, 99 for 444, 555 and 999; 999 is in both.
BOTH = {"88": True, "99": True}


@pytest.mark.parametrize(
    ("dialled", "primary", "member_of", "picked"),
    [
        ("*77", "99", BOTH, Pickup("99")),  # 999 takes a call to 444
        ("*7788", "99", BOTH, Pickup("88")),  # 999 takes a call to 222
        ("*7799", "99", BOTH, Pickup("99")),
        ("*7788", "99", {"99": True}, Pickup(None, NoPickup.NOT_A_MEMBER)),
        ("*7788", "99", BOTH | {"88": False}, Pickup(None, NoPickup.NOT_ALLOWED)),
        ("*77", "99", {"99": False}, Pickup(None, NoPickup.NOT_ALLOWED)),
        ("*77", None, BOTH, Pickup(None, NoPickup.NO_PRIMARY_GROUP)),
        ("*7788", None, BOTH, Pickup("88")),
        ("*77", "66", BOTH, Pickup(None, NoPickup.NOT_A_MEMBER)),
    ],
)
def test_whose_call_is_picked_up(dialled, primary, member_of, picked):
    asked = service_of(dialled, CODES)
    assert asked.service is Service.PICKUP
    assert pickup_of(asked.rest, primary=primary, member_of=member_of) == picked
