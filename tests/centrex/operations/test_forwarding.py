"""A line's forwarding: numbers as people type them, loops, barring, the policy, the password, the notice."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from centrex.models import BarringClass, FeatureSetting
from centrex.operations.forwarding import Number, PasswordNeeded, Wanted, set_forwarding
from centrex.queries.features import effective_of
from centrex.queries.forwarding import as_forwarding
from centrex.routing.features import Dialing, ForwardOptions
from centrex.routing.schedule import parse
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import (
    DialingRulesFactory,
    DidFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    SipProxyFactory,
    UserFactory,
)

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
HOME, ABROAD = "+1 212 555 0102", "+44 20 7946 0000"


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall, account_id="12125550201")


@pytest.fixture
def bob(easycall):
    line = LineFactory(customer=easycall, account_id="12125550202")
    ExtensionFactory(customer=easycall, number="202", name="Bob", line=line)
    return line


def forward(user, line, *numbers, mode="follow_me", version=None, confirmed=False, **more):
    if version is None:
        line.refresh_from_db()
    rows = [each if isinstance(each, Number) else Number(each) for each in numbers]
    wanted = Wanted(mode=mode, numbers=rows, **more)
    return set_forwarding(user=user, line=line, version=version, wanted=wanted, confirmed=confirmed, now=NOW)


def kept(line):
    return list(line.forward_numbers.values_list("number", flat=True))


def test_a_list_its_order_and_its_history(alice, line):
    proxy = SipProxyFactory()
    mobile = Number("+12025550143", description="Mobile", period="hr{8-16}")
    forward(alice, line, mobile, HOME, mode="advanced", order="simultaneous")
    first, second = line.forward_numbers.all()
    assert [first.number, second.number] == ["12025550143", "12125550102"]
    line.refresh_from_db()
    assert (line.forwarding, line.version) == ("advanced", 2)
    event = AuditEvent.objects.latest("id")
    assert event.changes["Mode"] == ["None", "Advanced Forwarding"]
    assert event.changes["Numbers"] == ["", "+1 202-555-0143, Mobile, 20 seconds, Every day, 08:00 until 17:00; "
                                            "+1 212-555-0102, 20 seconds"]  # fmt: skip
    forward(alice, line, Number(HOME, id=second.pk, proxy=proxy, keep_cld=True), Number(HOME, id=first.pk),
            mode="advanced", order="simultaneous")  # fmt: skip
    assert list(line.forward_numbers.values_list("pk", flat=True)) == [second.pk, first.pk]
    forward(alice, line, Number(HOME, id=second.pk), mode="advanced", order="simultaneous")
    assert list(line.forward_numbers.values_list("pk", flat=True)) == [second.pk]


def test_saving_the_same_again_is_no_change(alice, line):
    forward(alice, line, HOME)
    row = line.forward_numbers.get()
    line.refresh_from_db()
    assert forward(alice, line, Number("+1 (212) 555-0102", id=row.pk)).version == line.version
    assert AuditEvent.objects.count() == 1


def test_a_mode_keeps_what_others_use(alice, line):
    forward(alice, line, HOME)
    forward(alice, line, mode="simple", to="+1 212 555 0177")
    forward(alice, line, mode="sip_uri", uri="sip:bob@pbx.example.com", transport="tcp")
    forward(alice, line, mode="none")
    assert kept(line) == ["12125550102"]
    options = effective_of(line, ForwardOptions).values
    assert options == ForwardOptions(to="12125550177", uri="sip:bob@pbx.example.com", transport="tcp")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("(646) 555-0188", "16465550188"), ("16465550188", "16465550188"), ("555 0188", "12125550188"),
        ("+1.646.555.0188", "16465550188"), ("202", "202"), ("12125550202", "12125550202"),
    ],
)  # fmt: skip
def test_numbers_typed_in_any_usual_way(alice, line, bob, easycall, typed, number):
    DialingRulesFactory(
        customer=easycall, enabled=True, kind="residential", country_code="1", international_prefix="011",
        area_codes="212, 646", long_distance_prefix="1", local_lengths="7", national_lengths="10",
    )  # fmt: skip
    forward(alice, line, typed)
    assert kept(line) == [number]


def test_a_number_is_read_as_the_line_itself_dials_it(alice, line, easycall):
    DialingRulesFactory(customer=easycall, enabled=True, kind="residential", country_code="1", area_codes="212")
    abroad = Dialing(kind="residential", country_code="49", area_codes=("30",), local_lengths=(7,))
    FeatureSetting.objects.create(customer=easycall, line=line, name=Dialing.NAME, enabled=True, values=asdict(abroad))
    forward(alice, line, "1234567", confirmed=True)
    assert kept(line) == ["49301234567"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Nothing was dialled."),
        ("tel:+12125550102", "Only digits"),
        ("sip:bob@example.com", "Only digits"),
        ("+1212555010;ext=1", "Only digits"),
        ("+١٢١٢٥٥٥٠١٠٢", "Only digits"),
        ("+4412", "no complete international number"),
        ("911", "Emergency and special numbers"),
        ("203", "Extension 203 has no phone line."),
        ("88", "88 is a huntgroup."),
        ("+999 123 456 789", "no country has such numbers"),
        ("12125550201", "a number of the line itself"),
        ("201", "a number of the line itself"),
        ("12125550299", "a number of the line itself"),
    ],
)
def test_numbers_that_cannot_be(alice, line, bob, easycall, typed, words):
    ExtensionFactory(customer=easycall, number="201", name="Alice", line=line)
    ExtensionFactory(customer=easycall, number="203", name="Carla")
    HuntgroupFactory(customer=easycall, number="88")
    DidFactory(customer=easycall, line=line, number="12125550299")
    with pytest.raises(Refused, match=words) as refusal:
        forward(alice, line, HOME, typed)
    assert refusal.value.field == "number-1"
    assert kept(line) == []


def test_a_way_back_is_refused_whatever_its_length(alice, line, bob, easycall):
    carla = LineFactory(customer=easycall, account_id="12125550203", forwarding="simple")
    forward(alice, bob, "12125550203")
    forward(alice, carla, mode="simple", to="12125550201")
    with pytest.raises(Refused, match=r"202 Bob → \+1 212-555-0203 → \+1 212-555-0201") as refusal:
        forward(alice, line, HOME, "202")
    assert refusal.value.field == "number-1"
    forward(alice, line, HOME, Number("202", enabled=False))  # parked, it leads nowhere
    forward(alice, carla, mode="none")
    forward(alice, line, HOME, "202")


def test_a_day_and_a_night_that_never_meet_are_no_circle(alice, line, bob, easycall):
    ExtensionFactory(customer=easycall, number="201", line=line)
    forward(alice, bob, Number("201", period="hr{8-16}"))
    forward(alice, line, Number("202", period="hr{17-23}, hr{0-7}"))
    assert kept(line) == ["202"]
    for meets in ("hr{16-23}", "", "wd{sa}"):
        with pytest.raises(Refused, match=" → "):
            forward(alice, line, Number("202", period=meets))
    assert kept(line) == ["202"]


def test_barring_and_the_policy_forbid(alice, line, settings):
    BarringClass.objects.create(name="Premium", patterns="1900%", barred_by_default=True)
    with pytest.raises(Refused, match=r"\+1 900-555-1234 is barred for this line: Premium."):
        forward(alice, line, "+1 900 555 1234", confirmed=True)
    settings.DENIED_DESTINATIONS = ["53%"]
    with pytest.raises(Refused, match="your telephone company lets nobody call it") as refusal:
        forward(alice, line, mode="simple", to="+5378301234", confirmed=True)
    assert refusal.value.field == "to"


def test_a_number_abroad_asks_for_the_password_once_and_tells_the_owners(alice, line, easycall):
    UserFactory(customer=easycall, username="second", language="de")
    with pytest.raises(PasswordNeeded, match=r"\+44 20 7946 0000: it is abroad.") as refusal:
        forward(alice, line, ABROAD)
    assert refusal.value.field == "password"
    assert kept(line) == []
    forward(alice, line, ABROAD, confirmed=True)
    mails = OutgoingMail.objects.order_by("id")
    assert sorted(address for mail in mails for address in mail.to) == ["alice@example.com", "second@example.com"]
    assert "Forwards to: +44 20 7946 0000" in mails[0].body
    assert "2026-03-02 12:00 America/New_York" in mails[0].body
    row = line.forward_numbers.get()
    forward(alice, line, Number(ABROAD, id=row.pk, ring_seconds=40))  # it is known by now
    forward(alice, line, Number(ABROAD, id=row.pk, enabled=False))
    with pytest.raises(PasswordNeeded):
        forward(alice, line, Number(ABROAD, id=row.pk))
    with pytest.raises(PasswordNeeded):
        forward(alice, line, mode="simple", to="+442079460001")
    assert OutgoingMail.objects.count() == 2


def test_a_class_that_the_itsp_calls_dangerous_asks_too(alice, line):
    BarringClass.objects.create(name="Dear", patterns="1876%\n1212555%", dangerous=True)
    with pytest.raises(PasswordNeeded, match="often used for telephone fraud"):
        forward(alice, line, HOME)


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted("follow_me"), "Add at least one number"),
        (Wanted("follow_me", numbers=[Number(HOME)] * 21), "at most 20"),
        (Wanted("follow_me", numbers=[Number(HOME, ring_seconds=4)]), "between 5 and 600"),
        (Wanted("follow_me", numbers=[Number(HOME, period="hr{25}")]), "At character 4"),
        (Wanted("sip_uri", uri="sip:bob@10.0.0.1"), "private network"),
        (Wanted("sip_uri", uri="sip:bob@voice.itsp.example"), "your telephone company's own"),
    ],
)
def test_what_makes_no_sense(alice, line, settings, wanted, words):
    settings.SIP_DOMAINS = ["itsp.example"]
    with pytest.raises(Refused, match=words):
        set_forwarding(user=alice, line=line, version=None, wanted=wanted, confirmed=True, now=NOW)


def test_the_second_of_two_and_what_is_locked(alice, line, easycall):
    forward(alice, line, HOME, version=1)
    with pytest.raises(Outdated, match="alice changed Mode"):
        forward(alice, line, HOME, version=1)
    FeatureSetting.objects.create(customer=easycall, name="forwarding", locked=True)
    with pytest.raises(Refused, match=r"Your telephone company keeps this setting\."):
        forward(alice, line, HOME, "+1 212 555 0177")


def test_as_the_engine_takes_it(alice, line):
    proxy = SipProxyFactory(address="sbc.example.net:5061")
    number = Number(HOME, period="hr{8-16}", proxy=proxy, keep_cld=True, transport="tcp", must_accept=True)
    forward(alice, line, number, mode="advanced", order="random")
    options, rows = effective_of(line, ForwardOptions).values, line.forward_numbers.select_related("proxy")
    advanced = as_forwarding("advanced", options, rows)
    assert (advanced.mode, advanced.order) == ("advanced", "random")
    target = advanced.numbers[0]
    assert (target.number, target.period, target.must_accept) == ("12125550102", parse("hr{8-16}"), True)
    assert (target.proxy, target.keep_cld, target.transport) == ("sbc.example.net:5061", True, "tcp")
    simpler = as_forwarding("follow_me", options, rows).numbers[0]
    assert (simpler.proxy, simpler.keep_cld, simpler.transport) == ("", False, "udp")
    assert [each.number for each in as_forwarding("simple", ForwardOptions(to="202"), rows).numbers] == ["202"]
    assert as_forwarding("none", options, rows).numbers == ()
