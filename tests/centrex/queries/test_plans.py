"""The plan of an office: what the database says, as the engine takes it, in a constant number of queries."""

import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centrex.models import (
    BarringClass,
    CompanySettings,
    FeatureSetting,
    ForwardNumber,
    IncludedHuntgroup,
    Line,
    Menu,
    NumberFilter,
    Schedule,
    ScreeningRule,
    SipProxy,
    Site,
    Sound,
)
from centrex.queries.countries import as_countries
from centrex.queries.dialing import internal_of
from centrex.queries.features import effective_of
from centrex.queries.plans import plan_of
from centrex.routing import plan as routing
from centrex.routing.codes import Service
from centrex.routing.engine import Call, decide
from centrex.routing.features import FEATURES
from centrex.routing.hunting import Inclusion, Member
from centrex.routing.schedule import Period, Span
from tests.factories import (
    AbbreviatedNumberFactory,
    BlockedCallerFactory,
    CallQueueFactory,
    CustomerFactory,
    DialCodeFactory,
    DialingRulesFactory,
    DidFactory,
    ExtensionFactory,
    HuntgroupFactory,
    HuntgroupMemberFactory,
    LineFactory,
    SiteFactory,
    SoundFactory,
)

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
MOST_QUERIES = 12
pytestmark = pytest.mark.django_db


def furnished(customer, group, count: int) -> None:
    """Lines with all that a line can have."""
    for index in range(count):
        line = LineFactory(customer=customer, site=SiteFactory(customer=customer), forwarding="advanced")
        DidFactory(line=line)
        extension = ExtensionFactory(customer=customer, line=line, primary_group=group)
        HuntgroupMemberFactory(huntgroup=group, extension=extension)
        proxy = SipProxy.objects.create(name=f"proxy {line.pk}", address="sip.example.com")
        ForwardNumber.objects.create(line=line, position=1, number="19175550123", proxy=proxy)
        FeatureSetting.objects.create(customer=customer, line=line, name="music")
        filters = NumberFilter.objects.create(customer=customer, name=f"filter {line.pk}", patterns="1917%")
        times = Schedule.objects.create(customer=customer, name=f"times {line.pk}", period="hr{9am-4pm}")
        times.days.create(day=date(2026, 12, 24))
        ScreeningRule.objects.create(line=line, position=1, callers=filters, called=filters, times=times)
        day = Schedule.objects.create(customer=customer, name=f"day {line.pk}", period="hr{9am-4pm}")
        menu = Menu.objects.create(customer=customer, line=line, name="ROOT", schedule=day)
        menu.events.create(event="1", act="huntgroup", huntgroup=group)
        inner = CallQueueFactory(
            huntgroup=HuntgroupFactory(customer=customer, number=str(1000 + line.pk), hours=times)
        ).huntgroup
        IncludedHuntgroup.objects.create(huntgroup=group, included=inner, position=index)
        AbbreviatedNumberFactory(customer=customer, number=str(900000 + line.pk))
        BlockedCallerFactory(customer=customer)


def queries_of(office) -> int:
    with CaptureQueriesContext(connection) as found:
        plan_of(office, now=NOW)
    return len(found)


def test_the_number_of_queries_is_small_and_does_not_grow(easycall):
    group = HuntgroupFactory(customer=easycall, number="88")
    furnished(easycall, group, 3)
    few = queries_of(easycall)
    furnished(easycall, group, 57)
    CustomerFactory(main_office=easycall)
    assert queries_of(easycall) == few <= MOST_QUERIES
    assert len(plan_of(easycall, now=NOW).lines) == 60


def test_a_main_office_and_its_branch(easycall, lotus):
    berlin = CustomerFactory(main_office=easycall, company_name="Berlin", country="DE", time_zone="Europe/Berlin")
    CompanySettings.objects.filter(customer=easycall).update(
        pickup_enabled=True, distinctive_ring=True, limit_calls=True, max_calls=9
    )
    BlockedCallerFactory(customer=berlin, number="4930999")
    DialingRulesFactory(customer=berlin, enabled=True, kind="pbx", outside_prefix="0", country_code="49")
    here = LineFactory(customer=easycall, registered_until=NOW + timedelta(minutes=1), last_used_at=NOW)
    there = LineFactory(customer=berlin, name="Berta")
    ExtensionFactory(customer=easycall, number="301", branch_office=berlin, line=there)
    LineFactory(customer=lotus)
    plan = plan_of(easycall, now=NOW, available={berlin.pk: Decimal(5)})
    assert set(plan.lines) == {here.pk, there.pk}
    berta = plan.lines[there.pk]
    assert (berta.extension, berta.zone.key, berta.dialing.outside_prefix) == ("301", "Europe/Berlin", "0")
    assert berta.site == Site.objects.get(customer=berlin, is_default=True).pk
    assert (plan.lines[here.pk].registered, berta.registered) == (True, False)
    assert (plan.lines[here.pk].last_used, berta.last_used) == (NOW, None)
    assert plan.companies == {
        easycall.pk: routing.Company(
            easycall.pk, "EasyCall Ltd", "US", max_calls=9, distinctive_ring=True, countries=as_countries(None)
        ),
        berlin.pk: routing.Company(
            berlin.pk, "Berlin", "DE", blocked_callers=frozenset({"4930999"}), available=Decimal(5),
            distinctive_ring=True, countries=as_countries(None),
        ),
    }  # fmt: skip
    assert plan.codes == {Service.PICKUP: "*40"}


def test_lists_filters_and_schedules_of_a_line(easycall):
    line = LineFactory(customer=easycall, forwarding=Line.Forwarding.ADVANCED)
    FeatureSetting.objects.create(customer=easycall, line=line, name="forwarding", values={"order": "random"})
    proxy = SipProxy.objects.create(name="ours", address="sip.example.com")
    for position, number in ((2, "202"), (1, "19175550123")):
        ForwardNumber.objects.create(
            line=line, position=position, number=number, period="hr{9am-4pm}", ring_seconds=15, display="forwarder",
            keep_cld=True, proxy=proxy, transport="tcp", must_accept=True, enabled=position == 1,
        )  # fmt: skip
    vips = NumberFilter.objects.create(customer=easycall, name="VIP", patterns="1917%\n44%", anonymous=True)
    hours = Schedule.objects.create(customer=easycall, name="Hours", period="wd{mon-fri}")
    hours.days.create(day=date(2026, 12, 24), start=time(9), end=time(12))
    hours.days.create(day=date(2026, 12, 25))
    never = Schedule.objects.create(customer=easycall, name="Never", period="none")
    sound = SoundFactory(customer=easycall)
    values = {"line": line, "callers": vips, "times": hours}
    ScreeningRule.objects.create(**values, position=2, action="number", number="19175550124", name="second")
    ScreeningRule.objects.create(line=line, times=never, position=1, action="play", message=sound, enabled=False)
    found = plan_of(easycall, now=NOW).lines[line.pk]
    assert (found.forwarding.mode, found.forwarding.order) == ("advanced", "random")
    first = found.forwarding.numbers[0]
    assert [each.number for each in found.forwarding.numbers] == ["19175550123", "202"]
    assert [each.enabled for each in found.forwarding.numbers] == [True, False]
    assert (first.ring_seconds, first.display, first.keep_cld, first.proxy, first.transport, first.must_accept) == (
        15, "forwarder", True, "sip.example.com", "tcp", True,
    )  # fmt: skip
    play, forward = found.screening
    assert (play.action, play.enabled, play.times.period) == (
        routing.Action(play=sound.pk, then_hang_up=True), False, Period(),
    )  # fmt: skip
    assert forward.action == routing.Action(number="19175550124")
    assert (forward.callers.patterns, forward.callers.anonymous, forward.called) == (("1917%", "44%"), True, None)
    assert forward.times.days == {date(2026, 12, 24): Span(time(9), time(12)), date(2026, 12, 25): None}


def test_each_action_of_a_screening_rule_is_known(easycall):
    line, sound = LineFactory(customer=easycall), SoundFactory(customer=easycall)
    for position, action in enumerate(ScreeningRule.Action):
        ScreeningRule.objects.create(line=line, position=position, action=action, number="1", message=sound)
    actions = [each.action for each in plan_of(easycall, now=NOW).lines[line.pk].screening]
    assert len(set(actions)) == len(ScreeningRule.Action)


def test_groups_queues_and_the_number_space(easycall):
    sales, support = (HuntgroupFactory(customer=easycall, number=number, name="") for number in ("88", "89"))
    people = [ExtensionFactory(customer=easycall, number=f"20{index}", line=None) for index in range(3)]
    people[0].line = LineFactory(customer=easycall)
    people[0].save()
    for position, extension in ((2, people[0]), (1, people[1])):
        HuntgroupMemberFactory(
            huntgroup=sales, extension=extension, position=position, ring_time=20, ignore_forwarding=position == 1
        )
    IncludedHuntgroup.objects.create(huntgroup=support, included=sales, position=1, ignore_forwarding=False)
    CallQueueFactory(huntgroup=support, max_waiting=5, call_seconds=60)
    AbbreviatedNumberFactory(customer=easycall, number="701", target="442071234567")
    BarringClass.objects.create(name="Premium", patterns="1900%\n1976%", barred_by_default=True)
    plan = plan_of(easycall, now=NOW)
    assert plan.members == {sales.pk: (Member(people[1].pk, 0, 20, True), Member(people[0].pk, 0, 20, False))}
    assert plan.includes == {sales.pk: (), support.pk: (Inclusion(sales.pk, ignore_forwarding=False),)}
    assert plan.groups[support.pk].queue == routing.Queue(support.queue.pk, 5, 60, 1)
    assert plan.groups[sales.pk].queue is None
    assert plan.numbers == internal_of(easycall)
    assert plan.numbers["701"] == "442071234567"
    assert [(each.name, each.patterns) for each in plan.barring_classes] == [("Premium", ("1900%", "1976%"))]


def test_prefixes_to_the_outside_are_no_numbers_of_the_office(easycall):
    berlin = CustomerFactory(main_office=easycall)
    for customer, enabled, code in ((easycall, True, "9"), (berlin, False, "0")):
        DialingRulesFactory(customer=customer, enabled=enabled, kind="pbx", outside_prefix=code)
    for code in ("9", "0"):
        DialCodeFactory(customer=easycall, code=code)
    assert plan_of(easycall, now=NOW).numbers == internal_of(easycall) == {"0": ""}


@pytest.mark.parametrize("seed", range(20))
def test_features_are_those_that_the_pages_of_a_line_show(easycall, seed):
    chance = random.Random(seed)
    berlin = CustomerFactory(main_office=easycall)
    lines = []
    for customer in (easycall, berlin):
        CompanySettings.objects.filter(customer=customer).update(
            hide_cli=chance.choice(["never", "always", "automatic"]),
            music_enabled=chance.random() < 0.5,
            call_recording=chance.random() < 0.5,
        )
        sites = [SiteFactory(customer=customer), Site.objects.get(customer=customer, is_default=True)]
        mine = [LineFactory(customer=customer, site=chance.choice([*sites, None])) for _ in range(3)]
        places = [{"line": line} for line in mine] + [{"site": site} for site in sites] + [{}]
        for place in places:
            for name in chance.sample(sorted(FEATURES), 5):
                FeatureSetting.objects.create(
                    customer=customer, **place, name=name, enabled=chance.random() < 0.5,
                    locked=chance.random() < 0.2, values=chance.choice([{}, {"max_calls": 3, "ring_seconds": 12}]),
                )  # fmt: skip
        lines += mine
    plan = plan_of(easycall, now=NOW)
    for line in lines:
        for name, feature in FEATURES.items():
            assert plan.lines[line.pk].features[name] == effective_of(line, feature), (line.pk, name)


def test_the_engine_takes_it(easycall):
    alice, bob = LineFactory(customer=easycall), LineFactory(customer=easycall)
    ExtensionFactory(customer=easycall, number="202", line=bob)
    decision = decide(plan_of(easycall, now=NOW), Call("202", line=alice.pk), NOW)
    assert [target.address for step in decision.steps for target in step.targets] == [bob.account_id]


def test_a_greeting_is_played_once_it_is_ready(easycall, lotus):
    line = LineFactory(customer=easycall)
    sound = SoundFactory(customer=easycall, purpose="prompt")
    SoundFactory(customer=lotus, purpose="prompt", state="ready")
    FeatureSetting.objects.create(
        customer=easycall, line=line, name="voicemail", values={"greeting": "personal", "personal": sound.pk}
    )
    plan = plan_of(easycall, now=NOW)
    assert (plan.sounds, plan.greeting_of(plan.lines[line.pk])) == (frozenset(), None)
    Sound.objects.update(state="ready")
    plan = plan_of(easycall, now=NOW)
    assert (plan.sounds, plan.greeting_of(plan.lines[line.pk])) == (frozenset({sound.pk}), sound.pk)
