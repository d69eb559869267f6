"""Defaults for lines: the company's and a site's, followed by lines that say nothing themselves."""

from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from centrex.models import BarringClass, CompanySettings, FeatureSetting
from centrex.operations.place_features import save_place_feature
from centrex.queries.features import effective_of
from centrex.queries.plans import plan_of
from centrex.queries.recordings import heard_by
from centrex.queries.sites import default_site
from centrex.routing.engine import Call, decide
from centrex.routing.features import Answering, Barring, Limits, Source
from selfcare.models import AuditEvent, OutgoingMail, Role
from tests.centrex.routing.engine.table import shows
from tests.factories import PASSWORD, CallRecordingFactory, LineFactory, SiteFactory, UserFactory
from tests.people import signed_in

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)

ANSWERING = {"own": "own", "ring": "on", "ring_seconds": "45", "version": 0}


@pytest.fixture
def site(easycall):
    return SiteFactory(customer=easycall)


@pytest.fixture
def line(easycall, site):
    return LineFactory(customer=easycall, site=site)


def company(client, feature="answering", **typed):
    return client.post(reverse("centrex:default", args=[feature]), ANSWERING | typed)


def of_site(client, site, feature="answering", **typed):
    return client.post(reverse("centrex:site-default", args=[site.pk, feature]), ANSWERING | typed)


def test_a_line_follows_its_site_before_its_company(as_alice, line, site):
    assert company(as_alice).status_code == 302
    assert effective_of(line, Answering).values.ring_seconds == 45
    assert effective_of(line, Answering).source is Source.COMPANY
    assert of_site(as_alice, site, ring_seconds="60").status_code == 302
    assert (effective_of(line, Answering).values.ring_seconds, effective_of(line, Answering).source) == (
        60,
        Source.SITE,
    )
    assert of_site(as_alice, site, own="inherit", version=1).status_code == 302
    assert effective_of(line, Answering).values.ring_seconds == 45
    assert company(as_alice, own="inherit", version=1).status_code == 302
    assert effective_of(line, Answering).source is Source.DEFAULT


def test_the_line_says_where_it_comes_from_with_a_link(as_alice, line, site):
    section = reverse("centrex:line-incoming", args=[line.pk])
    company(as_alice)
    assert (
        f'<a href="{reverse("centrex:defaults")}">'
        in as_alice.get(section).content.decode().partition("This comes from")[2]
    )
    of_site(as_alice, site)
    address = reverse("centrex:site-defaults", args=[site.pk])
    assert f'<a href="{address}">its site' in as_alice.get(section).content.decode()


def test_other_sites_do_not_follow(as_alice, easycall, site):
    of_site(as_alice, site, ring_seconds="60")
    elsewhere = LineFactory(customer=easycall, site=SiteFactory(customer=easycall))
    assert effective_of(elsewhere, Answering).values.ring_seconds == 30


def test_the_default_site_speaks_for_lines_without_one(as_alice, easycall):
    default = default_site(easycall)
    of_site(as_alice, default, "limits", enabled="on", max_calls="2")
    assert effective_of(LineFactory(customer=easycall), Limits).values.max_calls == 2


def test_what_the_itsp_locked_is_read_only_with_the_reason(as_alice, easycall, site, line):
    FeatureSetting.objects.create(customer=easycall, name="answering", values={"ring_seconds": 20}, locked=True)
    for address in (
        reverse("centrex:default", args=["answering"]),
        reverse("centrex:site-default", args=[site.pk, "answering"]),
    ):
        page = as_alice.get(address)
        assert "Your telephone company keeps this setting." in page.content.decode()
        assert all(field.disabled for name, field in page.context["form"].fields.items() if name != "version")
    of_site(as_alice, site)
    company(as_alice, version=1)
    assert effective_of(line, Answering).values.ring_seconds == 20


def test_allowing_a_dangerous_class_for_all_asks_for_the_password(as_alice, alice, line):
    premium = BarringClass.objects.create(name="Premium", patterns="1900%", barred_by_default=True, dangerous=True)
    typed = {"enabled": "on", f"class_{premium.pk}": ""}
    assert list(company(as_alice, "barring", **typed).context["form"].errors) == ["password"]
    assert not FeatureSetting.objects.exists()
    assert company(as_alice, "barring", **typed, password=PASSWORD).status_code == 302
    assert effective_of(line, Barring).values.allowed == (premium.pk,)
    assert OutgoingMail.objects.get().to == [alice.email]


def test_the_second_of_two_editors_is_told(as_alice, line):
    company(as_alice)
    answer = company(as_alice, ring_seconds="50")
    assert "changed" in str(answer.context["form"].non_field_errors())
    assert effective_of(line, Answering).values.ring_seconds == 45


def test_it_is_written_down(as_alice, alice):
    company(as_alice)
    event = AuditEvent.objects.get()
    assert (event.action, event.user, event.record_name) == ("add", alice, "Incoming Calls")
    assert event.changes["Ring for, sec"] == ["30", "45"]


def test_who_only_reads_looks_and_a_stranger_sees_nothing(as_bob, as_charlie, site):
    assert as_bob.get(reverse("centrex:defaults")).status_code == 200
    assert as_bob.get(reverse("centrex:default", args=["limits"])).status_code == 200
    assert company(as_bob).status_code == 403
    assert of_site(as_charlie, site).status_code == 404
    assert not FeatureSetting.objects.exists()


def test_a_feature_without_defaults_is_not_there(as_alice):
    assert as_alice.get(reverse("centrex:default", args=["voicemail"])).status_code == 404


# Call Recording

RECORDING = {"enabled": "on", "outgoing": "on", "announce": "on", "ring": "", "ring_seconds": ""}


@pytest.fixture
def recorded(easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)


def recordings_of(line) -> tuple[bool, bool, bool]:
    """Whether a call in and a call out of the line would be recorded, and whether people are told."""
    plan = plan_of(line.customer, now=NOW)
    calls = (Call(line.account_id, caller="12125550777"), Call("+12125550777", line=line.pk))
    into, out = (decide(plan, call, NOW) for call in calls)
    return into.record_call, out.record_call, out.announce_recording


@shows("Call Recording of all lines", "Recording.enabled", "Recording.outgoing", "Recording.incoming",
       "Recording.announce", page="centrex:defaults")  # fmt: skip
def test_calls_are_recorded_as_company_site_and_line_say_in_turn(as_alice, recorded, line, site, easycall):
    elsewhere = LineFactory(customer=easycall, site=SiteFactory(customer=easycall))
    assert recordings_of(line) == (True, True, True)
    assert company(as_alice, "recording", **RECORDING).status_code == 302
    assert recordings_of(line) == recordings_of(elsewhere) == (False, True, True)
    typed = RECORDING | {"outgoing": "", "announce": "", "incoming": "on"}
    assert of_site(as_alice, site, "recording", **typed).status_code == 302
    assert (recordings_of(line), recordings_of(elsewhere)) == ((True, False, False), (False, True, True))
    section = reverse("centrex:line-recording", args=[line.pk])
    page = as_alice.get(section).content.decode()
    assert f'<a href="{reverse("centrex:site-defaults", args=[site.pk])}">its site' in page
    assert as_alice.post(section, {"own": "own", "version": line.version}).status_code == 302
    assert recordings_of(line) == (False, False, False)
    assert "This comes from this line." in as_alice.get(section).content.decode()


def test_where_the_itsp_does_not_record_there_is_no_default(as_alice, line):
    page = as_alice.get(reverse("centrex:default", args=["recording"])).content.decode()
    assert "This comes from your telephone company." in page
    assert "Your telephone company keeps this setting." in page
    company(as_alice, "recording", **RECORDING)
    assert not FeatureSetting.objects.exists()
    assert recordings_of(line) == (False, False, False)


def test_a_default_that_the_itsp_locked_holds_for_every_line(as_alice, recorded, easycall, line):
    values = {"outgoing": False, "incoming": True}
    FeatureSetting.objects.create(customer=easycall, name="recording", values=values, locked=True)
    section = reverse("centrex:line-recording", args=[line.pk])
    as_alice.post(section, {"own": "own", "enabled": "on", "outgoing": "on", "version": line.version})
    company(as_alice, "recording", **RECORDING, version=1)
    assert recordings_of(line) == (True, False, True)
    assert "Your telephone company keeps this setting." in as_alice.get(section).content.decode()


def test_a_mail_needs_an_address_for_all_lines_too(as_alice, recorded):
    answer = company(as_alice, "recording", **RECORDING, send_by_email="on")
    assert list(answer.context["form"].errors) == ["email"]


def test_recordings_for_owners_only_are_an_owners_to_change_for_all_lines(as_alice, recorded, easycall, line, site):
    manager = UserFactory(customer=easycall, role=Role.CENTREX_MANAGER)
    client = signed_in(manager)
    assert client.get(reverse("centrex:default", args=["recording"])).context["form"].fields["owner_only"].disabled
    assert company(as_alice, "recording", **RECORDING, owner_only="on").status_code == 302
    kept = CallRecordingFactory(customer=easycall, line=line, status="ready")
    assert kept not in heard_by(manager, easycall)
    assert company(client, "recording", **RECORDING, version=1).status_code == 200
    assert company(client, "recording", own="inherit", version=1).status_code == 200
    assert of_site(client, site, "recording", **RECORDING).status_code == 200
    assert kept not in heard_by(manager, easycall)
    undone = reverse("centrex:undo", args=[AuditEvent.objects.latest("pk").pk])
    assert "recordings are for owners alone" in client.post(undone).content.decode()
    assert as_alice.post(undone).status_code == 302
    assert kept in heard_by(manager, easycall)


# Undo


def last_undo() -> str:
    return reverse("centrex:undo", args=[AuditEvent.objects.latest("pk").pk])


def test_saving_a_default_offers_undo_and_its_page_shows_what_was_done(as_alice, as_bob, line, site):
    page = reverse("centrex:default", args=["answering"])
    answer = company(as_alice)
    to = last_undo()
    assert to in str(next(iter(get_messages(answer.wsgi_request))))
    assert to in as_alice.get(page).content.decode()
    assert to not in as_bob.get(page).content.decode()
    asked = as_alice.get(to)
    steps = {step.label: (step.now, step.then) for step in asked.context["plan"].steps}
    assert steps["Ring for, sec"] == ("45", "30")
    assert steps["Comes from"] == ("your company's settings", "the usual setting")
    assert as_alice.post(to, {"version": asked.context["plan"].version}).status_code == 302
    assert not FeatureSetting.objects.exists()
    to = last_undo()
    assert as_alice.post(to, {"version": as_alice.get(to).context["plan"].version}).status_code == 302
    assert effective_of(line, Answering).values.ring_seconds == 45
    of_site(as_alice, site)
    assert as_alice.post(last_undo()).headers["Location"] == reverse("centrex:sites")


def test_who_may_undo_a_default(as_bob, as_charlie, as_alice, easycall):
    company(as_alice)
    to = last_undo()
    for ask in ("get", "post"):
        assert getattr(as_bob, ask)(to).status_code == 403
        assert getattr(as_charlie, ask)(to).status_code == 404
    assert FeatureSetting.objects.exists()


def test_what_the_itsp_set_in_the_administration_is_not_undone_here(as_alice, dora, easycall):
    row = FeatureSetting(customer=easycall, name="answering", values={"ring_seconds": 20})
    save_place_feature(user=dora, row=row)
    assert as_alice.get(last_undo()).status_code == 404


def test_undoing_a_dangerous_default_asks_for_the_password_on_its_page(as_alice, line):
    premium = BarringClass.objects.create(name="Premium", patterns="1900%", dangerous=True)
    company(as_alice, "barring", enabled="on", **{f"class_{premium.pk}": "on"})
    to = last_undo()
    assert 'name="password"' not in as_alice.get(to).content.decode()
    asked = as_alice.post(to, {"version": 1}).content.decode()
    assert "Type your password to allow this: Premium" in asked
    assert 'name="password"' in asked
    assert "This is not your password." in as_alice.post(to, {"version": 1, "password": "guess"}).content.decode()
    assert effective_of(line, Barring).values.barred == (premium.pk,)
    assert as_alice.post(to, {"version": 1, "password": PASSWORD}).status_code == 302
    assert effective_of(line, Barring).values.barred == ()
