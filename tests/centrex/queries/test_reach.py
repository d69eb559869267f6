"""Whom a huntgroup rings in the end, and why somebody stays silent."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrex.models import Extension, HuntgroupMember, IncludedHuntgroup
from centrex.queries.reach import reach_of, why_silent
from tests.factories import CustomerFactory, ExtensionFactory, HuntgroupFactory, LineFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def phone(customer, number, **line) -> Extension:
    line = LineFactory(customer=customer, **({"registered_until": NOW + timedelta(minutes=5)} | line))
    return ExtensionFactory(customer=customer, number=number, name="", line=line)


def fill(group, *contents) -> None:
    for position, each in enumerate(contents, start=1):
        if isinstance(each, Extension):
            HuntgroupMember.objects.create(huntgroup=group, extension=each, position=position)
        else:
            IncludedHuntgroup.objects.create(huntgroup=group, included=each, position=position)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ({}, ""),
        ({"registered_until": NOW}, ""),
        ({"registered_until": NOW - timedelta(seconds=1)}, "phone is not connected now"),
        ({"registered_until": None}, "phone has never been connected"),
        ({"blocked": True}, "phone line is blocked"),
    ],
)
def test_why_somebody_cannot_be_reached(easycall, line, why):
    assert why_silent(phone(easycall, "201", **line), now=NOW) == why


def test_without_a_line_nothing_rings(easycall):
    assert why_silent(ExtensionFactory(customer=easycall), now=NOW) == "no phone line"


def test_groups_inside_groups_ring_in_order_and_each_extension_once(easycall):
    anna, bert, cleo = (phone(easycall, number) for number in ("201", "202", "203"))
    silent = ExtensionFactory(customer=easycall, number="204")
    outer, middle, inner = (HuntgroupFactory(customer=easycall) for _ in range(3))
    fill(outer, bert, middle)
    fill(middle, anna, bert, inner)
    fill(inner, cleo, silent, anna)
    reach = reach_of(easycall, [outer, inner], now=NOW)
    assert [each.number for each in reach[outer.pk].rings] == ["202", "201", "203", "204"]
    assert [(each.number, why) for each, why in reach[outer.pk].silent] == [("204", "no phone line")]
    assert [each.number for each in reach[inner.pk].rings] == ["203", "204", "201"]


def test_an_empty_group_differs_from_one_of_empty_groups(easycall):
    empty, outer, outmost = (HuntgroupFactory(customer=easycall) for _ in range(3))
    fill(outer, empty)
    fill(outmost, outer, empty)
    reach = reach_of(easycall, [empty, outer, outmost], now=NOW)
    assert [reach[group.pk].only_empty_groups for group in (empty, outer, outmost)] == [False, True, True]
    assert not any(each.rings for each in reach.values())


def test_three_queries_for_any_number_of_groups_and_nothing_of_others(easycall):
    fill(HuntgroupFactory(customer=CustomerFactory()), phone(CustomerFactory(), "201"))
    groups = [HuntgroupFactory(customer=easycall) for _ in range(3)]
    for number, group in enumerate(groups):
        fill(group, phone(easycall, f"20{number}"))
    with CaptureQueriesContext(connection) as asked:
        reach = reach_of(easycall, groups, now=NOW)
    assert len(asked) == 3
    assert [len(reach[group.pk].rings) for group in groups] == [1, 1, 1]
