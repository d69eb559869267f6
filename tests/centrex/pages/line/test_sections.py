"""What the sections of a line share with each other: who may do what, locks, and saying what counts."""

import re

import pytest
from django.urls import reverse

from centrex.models import CompanySettings, FeatureSetting
from centrex.pages.line.section import SECTIONS
from centrex.queries.sites import default_site
from selfcare.models import AuditEvent

OWN = {
    "line-recording": {"outgoing": "on", "announce": "on", "keep_days": "30"},
    "line-identity": {"hide_cli": "always", "name": "Sales"},
    "line-music": {},
    "line-limits": {"max_calls": "2"},
    "line-barring": {},
    "line-dialing": {"kind": "custom", "custom_rule": "s/^0/49/;"},
}
FEATURES = [(name, name.removeprefix("line-")) for name in OWN]


@pytest.fixture
def allowed(easycall):
    """The ITSP records calls for EasyCall."""
    CompanySettings.for_customer(easycall).update(call_recording=True)


def address(name, line):
    return reverse(f"centrex:{name}", args=[line.pk])


@pytest.mark.parametrize(("name", "feature"), FEATURES)
def test_own_and_back(as_alice, line, allowed, name, feature):
    page = address(name, line)
    assert "This comes from this line." not in as_alice.get(page).content.decode()
    assert as_alice.post(page, OWN[name] | {"own": "own", "enabled": "on", "version": 1}).status_code == 302
    assert "This comes from this line." in as_alice.get(page).content.decode()
    assert FeatureSetting.objects.get(line=line).name == feature
    line.refresh_from_db()
    assert (line.version, AuditEvent.objects.latest("id").record_id) == (2, str(line.pk))
    as_alice.post(page, {"own": "inherit", "version": 2})
    assert not FeatureSetting.objects.exists()


@pytest.mark.parametrize(("name", "feature"), FEATURES)
def test_a_site_speaks_for_its_lines_and_the_itsp_locks(as_alice, line, allowed, name, feature):
    site = default_site(line.customer)
    row = FeatureSetting.objects.create(customer=line.customer, site=site, name=feature)
    assert re.search(
        r"This comes from (<a [^>]+>)?its site(</a>)?\.", as_alice.get(address(name, line)).content.decode()
    )
    FeatureSetting.objects.filter(pk=row.pk).update(locked=True)
    page = as_alice.get(address(name, line))
    assert "Your telephone company keeps this setting." in page.content.decode()
    assert all(field.disabled for label, field in page.context["form"].fields.items() if label not in HIDDEN)
    as_alice.post(address(name, line), OWN[name] | {"own": "own", "enabled": "on", "version": 1})
    assert not FeatureSetting.objects.filter(line=line).exists()


HIDDEN = {"version", "password"}


@pytest.mark.parametrize(("name", "feature"), FEATURES)
def test_who_reads_only_and_who_is_a_stranger(as_bob, as_charlie, line, allowed, name, feature):
    own = OWN[name] | {"own": "own", "enabled": "on", "version": 1}
    assert as_bob.get(address(name, line)).status_code == 200
    assert as_bob.post(address(name, line), own).status_code == 403
    assert as_charlie.get(address(name, line)).status_code == 404
    assert as_charlie.post(address(name, line), own).status_code == 404
    assert not FeatureSetting.objects.exists()


@pytest.mark.parametrize(("name", "feature"), FEATURES)
def test_the_second_of_two_editors_is_told(as_alice, line, allowed, name, feature):
    own = OWN[name] | {"own": "own", "enabled": "on", "version": 1}
    as_alice.post(address(name, line), own)
    answer = as_alice.post(address(name, line), own | {"own": "inherit"})
    assert "alice changed" in answer.content.decode()
    assert FeatureSetting.objects.count() == 1
    again = answer.context["form"]["version"].value()
    assert as_alice.post(address(name, line), {"own": "inherit", "version": again}).status_code == 302


def test_the_menu_of_a_line_leads_to_each_section(as_alice, line):
    page = as_alice.get(address("line", line)).content.decode()
    assert [each for each in SECTIONS if f'href="{reverse(each.name, args=[line.pk])}"' not in page] == []
