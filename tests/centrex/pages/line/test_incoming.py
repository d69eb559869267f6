"""A line's Incoming Calls, and with it what all pages of features share: inherit or own, locks, versions, history."""

import pytest
from django.urls import reverse

from centrex.models import FeatureSetting, Site
from centrex.queries.features import effective_of
from centrex.routing.features import Answering, Source
from selfcare.models import AuditEvent
from tests.factories import LineFactory, SiteFactory

OWN = {"own": "own", "ring": "on", "ring_seconds": "15", "voicemail": "on"}


@pytest.fixture
def line(easycall):
    return LineFactory(customer=easycall)


@pytest.fixture
def address(line):
    return reverse("centrex:line-incoming", args=[line.pk])


def test_without_a_word_the_usual_setting_counts(as_alice, address, line):
    page = as_alice.get(address).content.decode()
    assert "This comes from the usual setting." in page
    assert effective_of(line, Answering).source is Source.DEFAULT


def test_a_setting_of_its_own_and_back(as_alice, address, line):
    answer = as_alice.post(address, OWN | {"version": line.version}, follow=True)
    assert "This comes from this line." in answer.content.decode()
    counts = effective_of(line, Answering)
    assert (counts.source, counts.values) == (
        Source.LINE,
        Answering(forward=False, ring_seconds=15, call_waiting=False),
    )
    event = AuditEvent.objects.latest("id")
    assert event.changes["Ring for, sec"] == ["30", "15"]
    line.refresh_from_db()
    as_alice.post(address, {"own": "inherit", "ring_seconds": "x", "version": line.version})
    assert effective_of(line, Answering).source is Source.DEFAULT
    assert not FeatureSetting.objects.exists()


def test_a_site_and_the_company_speak_for_their_lines(as_alice, address, line, easycall):
    site = SiteFactory(customer=easycall)
    line.site = site
    line.save()
    FeatureSetting.objects.create(customer=easycall, name="answering", values={"ring_seconds": 60})
    assert effective_of(line, Answering).values.ring_seconds == 60
    FeatureSetting.objects.create(customer=easycall, site=site, name="answering", values={"ring_seconds": 45})
    assert effective_of(line, Answering).values.ring_seconds == 45
    assert ">its site</a>." in as_alice.get(address).content.decode()


def test_an_unassigned_line_inherits_from_the_default_site(line, easycall):
    default = Site.for_customer(easycall).get(is_default=True)
    FeatureSetting.objects.create(customer=easycall, site=default, name="answering", values={"ring_seconds": 45})
    assert effective_of(line, Answering).source is Source.SITE


def test_what_the_telephone_company_locks_cannot_be_changed(as_alice, address, line, easycall):
    FeatureSetting.objects.create(customer=easycall, name="answering", values={"ring_seconds": 60}, locked=True)
    assert "Your telephone company keeps this setting." in as_alice.get(address).content.decode()
    as_alice.post(address, OWN | {"version": line.version})
    assert effective_of(line, Answering).values.ring_seconds == 60
    assert FeatureSetting.objects.filter(line=line).count() == 0


def test_the_second_of_two_editors_is_told(as_alice, address, line):
    as_alice.post(address, OWN | {"version": line.version})
    answer = as_alice.post(address, OWN | {"version": line.version, "ring_seconds": "20"})
    assert "alice changed" in answer.content.decode()
    assert effective_of(line, Answering).values.ring_seconds == 15


def test_bad_input_changes_nothing(as_alice, address, line):
    answer = as_alice.post(address, OWN | {"version": line.version, "ring_seconds": "3"})
    assert "ring_seconds" in answer.context["form"].errors
    assert not FeatureSetting.objects.exists()


def test_who_reads_only_sees_it_and_a_stranger_does_not(as_bob, as_charlie, address, line):
    assert as_bob.get(address).status_code == 200
    assert as_bob.post(address, OWN | {"version": line.version}).status_code == 403
    assert as_charlie.get(address).status_code == 404
