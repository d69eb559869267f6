"""Adding, changing and deleting sites, and moving lines between them."""

import pytest

from centrex.models import DialCode, Line, Site
from centrex.operations import numbers
from centrex.operations.sites import add_site, delete_site, edit_site, move_line, move_lines
from centrex.queries.sites import default_site, limits_in_words, limits_of, lines_of_site, site_of, with_line_counts
from centrex.routing.bandwidth import Codec, InUse, Limit, Way, refusing_limit
from selfcare.errors import Outdated, Refused
from selfcare.models import AuditEvent
from tests.factories import ExtensionFactory, LineFactory, SiteFactory


@pytest.fixture
def field(easycall) -> Site:
    return SiteFactory(customer=easycall, name="Field")


def test_adding_is_written_down(alice, easycall):
    site = Site(customer=easycall, name=" New York ", country="US", limit_calls=True, max_calls=10)
    add_site(user=alice, site=site)
    event = AuditEvent.objects.get()
    assert (event.action, event.record_name) == ("add", "New York")
    assert event.changes["Site Name"] == ["", "New York"]
    assert event.changes["Current Location"] == ["", "United States of America"]
    assert event.changes["Limit Simultaneous Calls"] == ["No", "Yes"]


@pytest.mark.parametrize(
    ("values", "at"),
    [
        ({"name": "  "}, "name"),
        ({"name": "FIELD"}, "name"),
        ({"limit_calls": True}, "max_calls"),
        ({"limit_calls": True, "max_calls": 3, "max_calls_in": 4}, "max_calls_in"),
        ({"limit_calls": True, "max_calls": 3, "max_calls_out": 4}, "max_calls_out"),
        ({"limit_calls": True, "max_calls": 3, "max_calls_forwarded": 4}, "max_calls_forwarded"),
        ({"max_bandwidth": 100, "max_bandwidth_in": 101}, "max_bandwidth_in"),
        ({"max_bandwidth": 100, "max_bandwidth_out": 101}, "max_bandwidth_out"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_field(values, at, alice, easycall, field):
    with pytest.raises(Refused) as refusal:
        add_site(user=alice, site=Site(**{"customer": easycall, "name": "New York"} | values))
    assert refusal.value.field == at
    assert Site.for_customer(easycall).count() == 2


def test_limits_that_are_switched_off_may_contradict_each_other(alice, easycall):
    site = add_site(user=alice, site=Site(customer=easycall, name="New York", max_calls=1, max_calls_in=2))
    assert limits_of(site).max_calls is None
    assert limits_in_words(site) == "No limits"


def test_another_customers_site_may_have_the_name(alice, easycall, lotus, field):
    SiteFactory(customer=lotus, name="Tower")
    assert add_site(user=alice, site=Site(customer=easycall, name="Tower")).pk


def test_the_second_of_two_editors_is_told(alice, easycall, field):
    other = Site.objects.get(pk=field.pk)
    other.mobility = "roaming"
    edit_site(user=alice, site=other, version=1)
    field.name = "Cars"
    with pytest.raises(Outdated, match=r"Stationary.*Roaming"):
        edit_site(user=alice, site=field, version=1)


def test_saving_without_a_change_is_no_change(alice, field):
    assert edit_site(user=alice, site=field, version=1).version == 1
    assert not AuditEvent.objects.exists()


def test_the_default_site_is_edited_but_neither_deleted_nor_left_without_a_name(alice, easycall):
    default = default_site(easycall)
    default.name, default.max_bandwidth = "Boston", 500
    assert edit_site(user=alice, site=default, version=1).version == 2
    default.name = " "
    with pytest.raises(Refused, match="needs a name"):
        edit_site(user=alice, site=default, version=2)
    with pytest.raises(Refused, match="cannot be deleted"):
        delete_site(user=alice, site=default)
    assert default_site(easycall).name == "Boston"


def test_deleting_moves_the_lines_to_default(alice, easycall, field):
    lines = [LineFactory(customer=easycall, account_id=f"1212555010{n}", site=field) for n in (2, 1)]
    elsewhere = LineFactory(customer=easycall)
    moved = delete_site(user=alice, site=field)
    assert [line.account_id for line in moved] == ["12125550101", "12125550102"]
    assert [(line.site, line.version) for line in Line.objects.filter(pk__in=[line.pk for line in lines])] == [
        (None, 2),
        (None, 2),
    ]
    elsewhere.refresh_from_db()
    assert elsewhere.version == 1
    changes = AuditEvent.objects.filter(record_type="centrex.line").values_list("record_id", "changes", "version")
    assert sorted(changes) == sorted((str(line.pk), {"site": ["Field", "Default"]}, 2) for line in lines)
    assert AuditEvent.objects.get(action="delete").record_name == "Field"


def test_lines_move_and_those_that_are_there_stay_as_they_are(alice, easycall, field):
    there, free = LineFactory(customer=easycall, site=field), LineFactory(customer=easycall)
    assert move_lines(user=alice, site=field, lines=[there.pk, free.pk]) == [free]
    there.refresh_from_db()
    assert (there.version, AuditEvent.objects.count()) == (1, 1)
    assert set(lines_of_site(field)) == {there, free}
    assert move_lines(user=alice, site=default_site(easycall), lines=[free.pk]) == [free]
    free.refresh_from_db()
    assert free.site is None


def test_a_strangers_line_does_not_move(alice, easycall, lotus, field):
    foreign = LineFactory(customer=lotus)
    with pytest.raises(Refused, match="no longer there"):
        move_lines(user=alice, site=field, lines=[LineFactory(customer=easycall).pk, foreign.pk])
    assert not Line.objects.exclude(site=None).exists()
    with pytest.raises(Refused) as refusal:
        move_line(user=alice, line=foreign, site=field, version=1)
    assert refusal.value.field == "site"


def test_one_line_moves_and_back(alice, easycall, field):
    line = LineFactory(customer=easycall)
    assert move_line(user=alice, line=line, site=field, version=1).site == field
    with pytest.raises(Outdated):
        move_line(user=alice, line=line, site=None, version=1)
    assert move_line(user=alice, line=line, site=None, version=2).site is None


def test_a_line_without_a_site_shares_the_limits_of_default(alice, easycall, field):
    line, other = LineFactory(customer=easycall), LineFactory(customer=easycall, site=field)
    default = default_site(easycall)
    default.limit_calls, default.max_calls, default.codecs = True, 1, "g729"
    edit_site(user=alice, site=default, version=1)
    assert site_of(line) == default
    assert site_of(other) == field
    limits = limits_of(site_of(line))
    assert (limits.max_calls, limits.codec) == (1, Codec.G729)
    full = InUse().with_call(Way.OUTGOING, limits.codec)
    assert refusing_limit(limits, full, way=Way.INCOMING) is Limit.CALLS
    assert refusing_limit(limits_of(site_of(other)), full, way=Way.INCOMING) is None


def test_each_sites_lines_are_counted(alice, easycall, lotus, field):
    for site in (None, None, field, default_site(easycall)):
        LineFactory(customer=easycall, site=site)
    LineFactory(customer=lotus)
    counted = with_line_counts(Site.for_customer(easycall))
    assert {site.name: site.line_count for site in counted} == {"Default": 3, "Field": 1}
    assert lines_of_site(default_site(easycall)).count() == 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "No limits"),
        ({"limit_calls": True, "max_calls": 1}, "1 call"),
        ({"limit_calls": True, "max_calls": 1200, "max_calls_in": 6, "max_calls_forwarded": 2},
         "1,200 calls: 6 incoming, 2 forwarded"),
        ({"limit_calls": True, "max_calls_out": 4}, "Calls: 4 outgoing"),
        ({"max_bandwidth": 2000, "max_bandwidth_in": 900}, "2,000 kbit/s (22 calls): 900 kbit/s incoming"),
        ({"max_bandwidth_out": 90}, "90 kbit/s outgoing"),
        ({"limit_calls": True, "max_calls": 5, "max_bandwidth": 40, "codecs": "g729"}, "5 calls; 40 kbit/s (1 call)"),
    ],
)  # fmt: skip
def test_limits_in_words(values, words):
    assert limits_in_words(Site(name="Field", **values)) == words


def test_a_country_whose_emergency_numbers_a_code_hides_is_refused(alice, easycall):
    ExtensionFactory(customer=easycall, number="110")
    with pytest.raises(Refused, match="110 calls for help in an emergency") as refusal:
        add_site(user=alice, site=Site(customer=easycall, name="Berlin", country="DE"))
    assert refusal.value.field == "country"
    add_site(user=alice, site=Site(customer=easycall, name="Boston", country="US"))


def test_the_emergency_numbers_of_a_site_are_taken_in_the_number_space(alice, easycall):
    numbers.claim(office=easycall, code="15", kind=DialCode.Kind.EXTENSION)
    numbers.release(office=easycall, code="15")
    add_site(user=alice, site=Site(customer=easycall, name="Lahore", country="PK"))
    for code in ("1122", "11225", "15"):  # 1122 and 15 are emergency numbers there
        with pytest.raises(Refused):
            numbers.claim(office=easycall, code=code, kind=DialCode.Kind.EXTENSION)
    numbers.claim(office=easycall, code="201", kind=DialCode.Kind.EXTENSION)
