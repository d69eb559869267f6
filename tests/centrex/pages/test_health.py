"""Health Check: each finding with its link, nothing of anybody else's, and "All is well" when so."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centrex.models import (
    BarringClass,
    EmergencyAddress,
    FeatureSetting,
    ForwardNumber,
    HealthDismissal,
    Line,
    Schedule,
    ScreeningRule,
)
from selfcare.models import Role
from tests.factories import (
    AbbreviatedNumberFactory,
    BoxMessageFactory,
    CallQueueFactory,
    CustomerFactory,
    DidFactory,
    EmergencyAddressFactory,
    ExtensionFactory,
    HuntgroupFactory,
    HuntgroupMemberFactory,
    LineFactory,
    NumberFilterFactory,
    SiteFactory,
    UserFactory,
)
from tests.people import signed_in

PAGE = reverse("centrex:health")


@pytest.fixture(autouse=True)
def address(easycall) -> EmergencyAddress:
    """Where helpers are sent to: without it each line is a finding."""
    return EmergencyAddressFactory(customer=easycall)


@pytest.fixture
def now():
    return timezone.now()


def healthy_line(customer, **values) -> Line:
    now = timezone.now()
    return LineFactory(customer=customer, **({"last_used_at": now, "registered_until": now + timedelta(1)} | values))


def shown(client) -> str:
    answer = client.get(PAGE)
    assert answer.status_code == 200
    html = answer.content.decode()
    return html[html.index('<main id="content"') : html.index("</main>")]


def test_a_line_that_helpers_would_not_find(as_alice, easycall, address):
    line = healthy_line(easycall)
    assert reverse("centrex:line-emergency", args=[line.pk]) not in shown(as_alice)
    EmergencyAddress.objects.filter(pk=address.pk).update(state=EmergencyAddress.State.SUPERSEDED)
    assert reverse("centrex:line-emergency", args=[line.pk]) in shown(as_alice)


def test_all_is_well(as_alice, easycall):
    group = HuntgroupFactory(customer=easycall)
    line = healthy_line(easycall, forwarding="follow_me")
    ForwardNumber.objects.create(line=line, position=1, number="19175550123", period="hr{9am-4pm}")
    HuntgroupMemberFactory(huntgroup=group, extension=ExtensionFactory(customer=easycall, line=line))
    DidFactory(line=line, monthly_fee=3)
    AbbreviatedNumberFactory(customer=easycall, target="442071234567")
    AbbreviatedNumberFactory(customer=easycall, target=line.account_id)
    AbbreviatedNumberFactory(customer=easycall, target="")
    Schedule.objects.create(customer=easycall, name="Hours", period="wd{mon-fri}")
    html = shown(as_alice)
    assert "All is well" in html
    assert "Checked and well" not in html


def test_groups_that_nobody_answers(as_alice, easycall):
    empty = HuntgroupFactory(customer=easycall, number="88", name="Empty")
    silent = HuntgroupFactory(customer=easycall, number="89", name="Silent")
    line = healthy_line(easycall, registered_until=None)
    HuntgroupMemberFactory(huntgroup=silent, extension=ExtensionFactory(customer=easycall, line=line))
    html = shown(as_alice)
    assert "Huntgroup 88 Empty has no extension." in html
    assert "No phone of huntgroup 89 Silent can ring now." in html
    assert reverse("centrex:huntgroup-members", args=[empty.pk]) in html
    assert "Forwarding that goes round in a circle: none" in html


def test_forwarding_in_a_circle_is_told_once(as_alice, easycall):
    one, two = (healthy_line(easycall, forwarding="follow_me") for _ in range(2))
    ExtensionFactory(customer=easycall, number="201", line=one)
    ForwardNumber.objects.create(line=one, position=1, number=two.account_id)
    back = ForwardNumber.objects.create(line=two, position=1, number="201")
    assert (
        shown(as_alice).count("Calls are forwarded in a circle: 201 → ") == 3
    )  # once, and on its link and button for screen readers
    back.enabled = False
    back.save()
    assert "All is well" in shown(as_alice)
    rule = ScreeningRule.objects.create(line=two, position=1, action=ScreeningRule.Action.NUMBER, number="201")
    assert "Calls are forwarded in a circle: 201 → " in shown(as_alice)
    rule.enabled = False
    rule.save()
    assert "All is well" in shown(as_alice)


def test_times_that_never_come(as_alice, easycall, now):
    over = Schedule.objects.create(customer=easycall, name="World's fair", period="yr{2020}")
    line = healthy_line(easycall, forwarding="follow_me")
    ForwardNumber.objects.create(line=line, position=1, number="19175550123", period="none")
    html = shown(as_alice)
    assert "The times “World&#x27;s fair” never come." in html
    assert "forwards to +1 917-555-0123 at times that never come." in html
    over.days.create(day=(now + timedelta(3)).date(), start="09:00", end="12:00")
    assert "World" not in shown(as_alice)


def test_numbers_that_cost_and_do_nothing(as_alice, easycall):
    paid = DidFactory(line=None, customer=easycall, monthly_fee=3, number="13475550001")
    DidFactory(line=None, customer=easycall, monthly_fee=0, number="13475550002")
    html = shown(as_alice)
    assert "+1 347-555-0001 costs 3.00 USD a month and rings no phone." in html
    assert "0002" not in html
    assert reverse("centrex:did-assign", args=[paid.pk]) in html


@pytest.mark.parametrize(("days", "words"), [(89, ""), (91, "91 days without a call."), (None, "was never used.")])
def test_idle_lines(as_alice, easycall, now, days, words):
    healthy_line(easycall, last_used_at=now - timedelta(days) if days else None)
    html = shown(as_alice)
    assert words in html
    assert ("All is well" in html) is not bool(words)


def test_abbreviated_numbers_that_lead_nowhere(as_alice, easycall):
    lost = AbbreviatedNumberFactory(customer=easycall, number="801", target="299")
    DidFactory(line=None, customer=easycall, number="13475550002", monthly_fee=0)
    AbbreviatedNumberFactory(customer=easycall, number="802", target="13475550002")
    AbbreviatedNumberFactory(customer=easycall, number="803", target="911")
    html = shown(as_alice)
    assert "801 dials 299, which no phone has." in html
    assert "802 dials +1 347-555-0002, which no phone has." in html
    assert "803" not in html
    assert reverse("centrex:abbreviated-edit", args=[lost.pk]) in html


def test_a_long_list_is_cut(as_alice, easycall):
    for _ in range(23):
        healthy_line(easycall, last_used_at=None)
    html = shown(as_alice)
    assert html.count("was never used.</li>") + html.count("was never used. <a") == 20
    assert "and 3 more" in html


def test_everybody_sees_his_own(as_bob, as_charlie, easycall):
    berlin = CustomerFactory(main_office=easycall, company_name="Berlin")
    berta = signed_in(UserFactory(username="berta", customer=berlin, role=Role.OWNER))
    HuntgroupFactory(customer=easycall, number="88", name="Empty")
    HuntgroupFactory(customer=easycall, number="92", name="Berliners", branch_office=berlin)
    AbbreviatedNumberFactory(customer=easycall, number="801", target="299")
    healthy_line(easycall, last_used_at=None, name="Mine")
    ours = shown(as_bob)
    for address in set(re.findall(r'href="(/centrex/[^"]*)"', ours)):
        assert as_bob.get(address).status_code == 200, address
    assert "Empty" in ours
    theirs = shown(berta)
    assert "Berliners" in theirs
    assert "Empty" not in theirs
    assert "801" not in theirs
    assert "Mine" not in theirs
    assert "All is well" in shown(as_charlie)


def test_the_number_of_queries_does_not_grow(as_alice, easycall):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            shown(as_alice)
        return len(found)

    def furnish() -> None:
        line = healthy_line(easycall, last_used_at=None, forwarding="follow_me", site=SiteFactory(customer=easycall))
        ForwardNumber.objects.create(line=line, position=1, number="19175550123", period="none")
        group = HuntgroupFactory(customer=easycall)
        HuntgroupMemberFactory(huntgroup=group, extension=ExtensionFactory(customer=easycall, line=line))
        DidFactory(line=None, customer=easycall, monthly_fee=3)
        AbbreviatedNumberFactory(customer=easycall, target="299")
        Schedule.objects.create(customer=easycall, name=f"Never {line.pk}", period="none").days.create(day="2020-01-01")

    furnish()
    queries()
    before = queries()
    for _ in range(5):
        furnish()
    assert queries() == before


def test_a_circle_by_a_screening_rule(as_alice, easycall):
    one, two = (healthy_line(easycall, forwarding="follow_me") for _ in range(2))
    ExtensionFactory(customer=easycall, number="201", line=one)
    rule = ScreeningRule.objects.create(line=one, position=1, action="number", number=two.account_id, name="On")
    ForwardNumber.objects.create(line=two, position=1, number="201")
    html = shown(as_alice)
    assert "Calls are forwarded in a circle: 201 → " in html
    assert reverse("centrex:line-screening", args=[one.pk]) in html
    rule.enabled = False
    rule.save()
    assert "All is well" in shown(as_alice)


def test_times_that_never_meet_make_no_circle(as_alice, easycall):
    one, two = (healthy_line(easycall, forwarding="follow_me") for _ in range(2))
    ForwardNumber.objects.create(line=one, position=1, number=two.account_id, period="hr{9am-4pm}")
    back = ForwardNumber.objects.create(line=two, position=1, number=one.account_id, period="hr{8pm-11pm}")
    assert "All is well" in shown(as_alice)
    back.period = "hr{3pm-11pm}"
    back.save()
    assert "Calls are forwarded in a circle" in shown(as_alice)


def test_forwarding_that_is_switched_off_under_incoming_calls_makes_no_circle(as_alice, easycall):
    one, two = (healthy_line(easycall, forwarding="follow_me") for _ in range(2))
    ForwardNumber.objects.create(line=one, position=1, number=two.account_id)
    ForwardNumber.objects.create(line=two, position=1, number=one.account_id)
    FeatureSetting.objects.create(customer=easycall, line=one, name="answering", values={"forward": False})
    assert "All is well" in shown(as_alice)


def test_a_queue_in_front_of_nobody(as_alice, easycall):
    queue = CallQueueFactory(huntgroup=HuntgroupFactory(customer=easycall, number="88", name="Sales"))
    html = shown(as_alice)
    assert "Callers wait in the queue of huntgroup 88 Sales, and nobody is there for them." in html
    assert reverse("centrex:queue-edit", args=[queue.pk]) in html


def test_forwarding_to_a_number_that_was_barred_since(as_alice, easycall):
    line = healthy_line(easycall, forwarding="follow_me")
    ForwardNumber.objects.create(line=line, position=1, number="442079460000")
    assert "All is well" in shown(as_alice)
    BarringClass.objects.create(name="Britain", patterns="44%", barred_by_default=True)
    FeatureSetting.objects.create(customer=easycall, name="barring", enabled=True)
    html = shown(as_alice)
    assert "which it may not call: Call Barring has “Britain”." in html
    assert f"{reverse('centrex:line-forwarding', args=[line.pk])}#id_forwarding" in html


def test_filters_that_nothing_uses(as_alice, easycall):
    unused = NumberFilterFactory(customer=easycall, name="Unused")
    used = NumberFilterFactory(customer=easycall, name="Used")
    ScreeningRule.objects.create(line=healthy_line(easycall), position=1, action="ring", callers=used, name="Ring")
    html = shown(as_alice)
    assert "No rule uses the number filter “Unused”." in html
    assert "“Used”" not in html
    assert reverse("centrex:filter-edit", args=[unused.pk]) in html


@pytest.mark.parametrize(("days", "is_told"), [(6, False), (8, True)])
def test_phones_that_went_away(as_alice, easycall, now, days, is_told):
    healthy_line(easycall, registered_until=now - timedelta(days, minutes=1))
    assert (f"has not been connected for {days} days." in shown(as_alice)) is is_told


def keys(client) -> list[str]:
    return re.findall(r'name="dismiss" value="([^"]*)"', shown(client))


def test_what_is_as_the_customer_wants_it_is_reported_no_more(as_alice, as_bob, easycall, alice):
    group = HuntgroupFactory(customer=easycall, number="88", name="Empty")
    healthy_line(easycall, last_used_at=None)
    key = f"groups:{group.pk}"
    assert key in keys(as_alice)
    assert keys(as_bob) == []
    assert as_bob.post(PAGE, {"dismiss": key}).status_code == 403
    answer = as_alice.post(PAGE, {"dismiss": key}, follow=True)
    html = answer.content.decode()
    assert "1 finding is as you want it" in html
    assert f'name="again" value="{key}"' in html
    assert key not in keys(as_alice)
    row = HealthDismissal.for_customer(easycall).get()
    assert (row.words, row.dismissed_by) == ("Huntgroup 88 Empty has no extension.", alice)
    as_alice.post(PAGE, {"dismiss": key})
    assert HealthDismissal.objects.count() == 1
    as_alice.post(PAGE, {"again": key})
    assert key in keys(as_alice)
    assert not HealthDismissal.objects.exists()


def test_what_was_mended_is_reported_when_it_comes_back(as_alice, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Empty")
    as_alice.post(PAGE, {"dismiss": f"groups:{group.pk}"})
    extension = ExtensionFactory(customer=easycall, line=healthy_line(easycall))
    member = HuntgroupMemberFactory(huntgroup=group, extension=extension)
    idle = healthy_line(easycall, last_used_at=None)
    as_alice.post(PAGE, {"dismiss": f"idle:{idle.pk}"})
    member.delete()
    assert f"groups:{group.pk}" in keys(as_alice)


def test_nobody_dismisses_what_is_anothers_or_not_there(as_alice, as_charlie, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Empty")
    for client, key in ((as_charlie, f"groups:{group.pk}"), (as_alice, "groups:0"), (as_alice, "")):
        assert "This is mended already." in client.post(PAGE, {"dismiss": key}, follow=True).content.decode()
    assert not HealthDismissal.objects.exists()
    as_alice.post(PAGE, {"dismiss": f"groups:{group.pk}"})
    as_charlie.post(PAGE, {"again": f"groups:{group.pk}"})
    assert HealthDismissal.objects.count() == 1


@pytest.mark.parametrize(("days", "email", "is_told"), [(31, "", True), (29, "", False), (31, "a@example.com", False)])
def test_voicemail_that_nobody_hears(as_alice, easycall, now, days, email, is_told):
    line = healthy_line(easycall)
    FeatureSetting.objects.create(customer=easycall, line=line, name="voicemail", values={"email": email})
    BoxMessageFactory(customer=easycall, line=line, received_at=now - timedelta(days))
    html = shown(as_alice)
    assert ("has 1 voicemail message that nobody has heard for 30 days." in html) is is_told
    assert (reverse("centrex:line-voicemail", args=[line.pk]) in html) is is_told
