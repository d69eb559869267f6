"""Rules of a line as the engine takes them: every action, and holidays around the moment."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from centrex.models import ScreeningRule
from centrex.queries.screening import as_planned
from centrex.routing.plan import Action
from centrex.routing.plan import ScreeningRule as Planned
from tests.factories import LineFactory, NumberFilterFactory, ScheduleFactory, ScreeningRuleFactory, SoundFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 23, 16, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ACTIONS = {
    "ring": Action(ring=True),
    "ring_forward": Action(ring=True, forward=True),
    "ring_voicemail": Action(ring=True, voicemail=True),
    "all": Action(ring=True, forward=True, voicemail=True),
    "forward": Action(forward=True),
    "forward_voicemail": Action(forward=True, voicemail=True),
    "voicemail": Action(voicemail=True),
    "reject": Action(reject=True),
    "number": Action(number="19175550123"),
}


def planned(line) -> list[Planned]:
    return [as_planned(rule, now=NOW, zone=BERLIN) for rule in line.screening_rules.all()]


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action(action):
    rule = ScreeningRuleFactory(action=action, number="19175550123" if action == "number" else "")
    assert planned(rule.line)[0].action == ACTIONS[action]


def test_a_message_and_that_no_action_is_forgotten():
    line = LineFactory()
    sound = SoundFactory(customer=line.customer)
    ScreeningRuleFactory(line=line, action="play", message=sound)
    assert planned(line)[0].action == Action(play=sound.pk, then_hang_up=True)
    assert set(ACTIONS) | {"play"} == set(ScreeningRule.Action.values)


def test_filters_and_hours_with_their_holidays():
    line = LineFactory()
    vip = NumberFilterFactory(customer=line.customer, patterns="4420%\n201", anonymous=True)
    office = ScheduleFactory(customer=line.customer, holidays_country="DE", holidays_region="BY")
    office.days.create(day=date(2026, 12, 24), name="Eve")
    ScreeningRuleFactory(line=line, callers=vip, times=office, enabled=False)
    (rule,) = planned(line)
    assert (rule.callers.patterns, rule.callers.anonymous, rule.called) == (("4420%", "201"), True, None)
    assert not rule.enabled
    assert {date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 6)} <= set(rule.times.days)  # Epiphany: Bavaria only
    office.holidays_region = ""
    office.save()
    (again,) = planned(line)
    assert date(2027, 1, 6) not in again.times.days


def test_prefetched_rules_ask_nothing(django_assert_num_queries):
    line = LineFactory()
    ScreeningRuleFactory(line=line, callers=NumberFilterFactory(), times=ScheduleFactory(holidays_country="DE"))
    together = ("screening_rules__callers", "screening_rules__called", "screening_rules__times__days")
    (fetched,) = type(line).objects.prefetch_related(*together)
    with django_assert_num_queries(0):
        assert len(planned(fetched)) == 1
