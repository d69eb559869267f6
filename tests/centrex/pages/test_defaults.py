"""Defaults for lines: the company's and a site's, followed by lines that say nothing themselves."""

import pytest
from django.urls import reverse

from centrex.models import BarringClass, FeatureSetting
from centrex.queries.features import effective_of
from centrex.queries.sites import default_site
from centrex.routing.features import Answering, Barring, Limits, Source
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import PASSWORD, LineFactory, SiteFactory

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
    assert as_alice.get(reverse("centrex:default", args=["recording"])).status_code == 404
