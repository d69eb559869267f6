"""Screening rules of a line, where two people work at once or a form lets through what it should not."""

from datetime import UTC, datetime

import pytest

from centrex.models import ScreeningRule
from centrex.operations import screening
from centrex.operations.screening import arrange_rules, save_rule
from selfcare.errors import Refused
from tests.factories import LineFactory, NumberFilterFactory, ScheduleFactory, ScreeningRuleFactory

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


def save(user, rule):
    return save_rule(user=user, rule=rule, version=None, now=NOW)


def test_a_line_has_so_many_rules_and_no_more(alice, line, monkeypatch):
    monkeypatch.setattr(screening, "MOST_RULES", 2)
    for name in ("One", "Two"):
        last = save(alice, ScreeningRule(line=line, name=name, action="ring"))
    with pytest.raises(Refused, match="at most 2 rules"):
        save(alice, ScreeningRule(line=line, name="Three", action="ring"))
    last.name = "Second"
    save(alice, last)
    assert list(line.screening_rules.values_list("name", flat=True)) == ["One", "Second"]


@pytest.mark.parametrize("field", ["callers", "called", "times"])
def test_what_a_rule_names_is_the_customers_and_still_there(alice, line, lotus, easycall, field):
    factory = ScheduleFactory if field == "times" else NumberFilterFactory
    gone = factory(customer=easycall)
    type(gone).objects.filter(pk=gone.pk).delete()
    for chosen in (factory(customer=lotus), gone):
        with pytest.raises(Refused) as refusal:
            save(alice, ScreeningRule(line=line, action="ring", **{field: chosen}))
        assert refusal.value.field == field
    assert not line.screening_rules.exists()


def test_a_rule_that_somebody_deleted_does_not_come_back(alice, line):
    rule = ScreeningRuleFactory(line=line)
    ScreeningRule.objects.filter(pk=rule.pk).delete()
    with pytest.raises(Refused, match="deleted this meanwhile"):
        save(alice, rule)
    assert not line.screening_rules.exists()


def test_an_order_names_each_rule_once(alice, line):
    one, two = (ScreeningRuleFactory(line=line, name=name) for name in ("One", "Two"))
    with pytest.raises(Refused):
        arrange_rules(user=alice, line=line, version=None, order=[two.pk, one.pk, two.pk], enabled=set(), now=NOW)
    assert list(line.screening_rules.values_list("name", "enabled")) == [("One", True), ("Two", True)]
