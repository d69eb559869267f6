"""Emergency Calls of a line: from a draft to the address in force, for the line, its site, or the company."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from centrex.models import EmergencyAddress
from centrex.operations.emergency.addresses import Place, accept, choose, offer, reject, save_address
from centrex.operations.emergency.calls import emergency_called
from centrex.operations.emergency.validators import Answer
from centrex.queries.emergency import active_of, without_address
from centrex.queries.plans import plan_of
from centrex.queries.sites import default_site
from centrex.routing.emergency import FOLLOWS, may_follow
from centrex.routing.engine import Call, decide
from selfcare.errors import Refused
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import EmergencyAddressFactory, LineFactory, SiteFactory

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
State = EmergencyAddress.State
TYPED = {
    "caller_name": "EasyCall Ltd", "country": "US", "street": "Pine Street", "house_number": "1520", "extra": "",
    "postal_code": "98101", "city": "Seattle", "province": "Washington", "notify": "desk@example.com, b@example.com",
}  # fmt: skip


@pytest.fixture
def address(line):
    return reverse("centrex:line-emergency", args=[line.pk])


def row(**values):
    return EmergencyAddress.objects.get(**values)


def test_an_address_is_submitted_checked_and_in_force(as_alice, address, alice, dora, line):
    assert as_alice.post(address + "?for=line", TYPED | {"version": 1}).status_code == 302
    sent = row()
    assert (sent.state, sent.line, sent.site, sent.province) == (State.SUBMITTED, line, None, "WA")
    page = as_alice.get(address).content.decode()
    assert "Your telephone company is checking this address" in page
    assert "No emergency address is in force for this line" in page
    assert active_of(line) is None
    accept(user=dora, address=sent, now=NOW)
    page = as_alice.get(address).content.decode()
    assert "1520 Pine Street, 98101 Seattle" in page
    assert "No emergency address is in force" not in page
    mail = OutgoingMail.objects.get()
    assert (mail.to, "This address is in force" in mail.body) == (["alice@example.com"], True)
    assert AuditEvent.objects.filter(record_type="centrex.line").latest("id").changes["City"] == ["", "Seattle"]


def test_the_one_in_force_counts_while_another_is_checked(as_alice, address, dora, line):
    former = EmergencyAddressFactory(customer=line.customer, line=line)
    as_alice.post(address, TYPED | {"street": "Union Street", "version": 1})
    assert active_of(line) == former
    assert EmergencyAddress.objects.count() == 2
    as_alice.post(address, TYPED | {"street": "Union Square", "version": 2})  # what waits is replaced
    waiting = row(state=State.SUBMITTED)
    assert (EmergencyAddress.objects.count(), waiting.street) == (2, "Union Square")
    accept(user=dora, address=waiting, now=NOW)
    former.refresh_from_db()
    assert (former.state, active_of(line).street) == (State.SUPERSEDED, "Union Square")


def test_what_is_the_same_as_in_force_is_not_checked_again(as_alice, address, line):
    EmergencyAddressFactory(customer=line.customer, line=line, city="Seattle", notify="a@example.com")
    as_alice.post(address, TYPED | {"notify": "a@example.com", "version": 1})
    assert row().state == State.ACTIVE


def test_the_nearest_place_counts(line):
    site = SiteFactory(customer=line.customer)
    company = EmergencyAddressFactory(customer=line.customer)
    assert active_of(line) == company
    default = EmergencyAddressFactory(customer=line.customer, site=default_site(line.customer))
    assert active_of(line) == default
    line.site = site
    line.save()
    assert active_of(line) == company
    own_site = EmergencyAddressFactory(customer=line.customer, site=site)
    assert active_of(line) == own_site
    own = EmergencyAddressFactory(customer=line.customer, line=line)
    assert active_of(line) == own
    for expected in (own, own_site, company):
        plan = plan_of(line.customer, now=NOW)
        call = decide(plan, Call("911", line=line.pk), NOW)
        assert call.address.record.id == expected.pk
        expected.state = State.SUPERSEDED
        expected.save()
    assert decide(plan_of(line.customer, now=NOW), Call("911", line=line.pk), NOW).address is None


def test_which_lines_have_none(line):
    lines = type(line).objects.filter(customer=line.customer)
    there = LineFactory(customer=line.customer, site=SiteFactory(customer=line.customer))
    EmergencyAddressFactory()  # of another customer
    EmergencyAddressFactory(customer=line.customer, state=State.SUBMITTED)
    assert set(without_address(lines)) == {line, there}
    EmergencyAddressFactory(customer=line.customer, site=default_site(line.customer))
    assert set(without_address(lines)) == {there}
    EmergencyAddressFactory(customer=line.customer, line=there)
    assert not without_address(lines)


@pytest.mark.parametrize("scope", ["site", "company"])
def test_one_address_for_many_lines(as_alice, address, line, scope):
    as_alice.post(f"{address}?for={scope}", TYPED | {"version": 1})
    kept = row()
    assert (kept.line, kept.site) == (None, default_site(line.customer) if scope == "site" else None)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"postal_code": "9810"}, "postal_code"),
        ({"postal_code": ""}, "postal_code"),
        ({"province": "Bavaria"}, "province"),
        ({"city": ""}, "city"),
        ({"street": ""}, "street"),
        ({"street": "x" * 39}, "street"),
        ({"street": "x" * 42}, "street"),
        ({"country": ""}, "country"),
        ({"country": "DE"}, "postal_code_is_fine"),
        ({"caller_name": "ab"}, "caller_name"),
        ({"notify": "nobody"}, "notify"),
        ({"notify": ", ".join(f"a{n}@example.com" for n in range(11))}, "notify"),
    ],
)
def test_what_no_address_looks_like(as_alice, address, change, field):
    answer = as_alice.post(address, TYPED | {"version": 1} | change)
    if field == "postal_code_is_fine":  # 98101 could be German as well
        assert row().country == "DE"
        return
    assert field in answer.context["form"].errors
    assert not EmergencyAddress.objects.exists()


def test_not_found(as_alice, address, dora, line):
    as_alice.post(address, TYPED | {"version": 1})
    reject(user=dora, address=row(), reason="There is no number 1520.", now=NOW)
    page = as_alice.get(address).content.decode()
    assert "There is no number 1520." in page
    assert "Correct it below." in page
    assert "This address was not found." in OutgoingMail.objects.get().body
    as_alice.post(address, TYPED | {"house_number": "1521", "version": 2})
    assert (row().state, row().reason) == (State.SUBMITTED, "")


def test_several_found(as_alice, as_bob, as_charlie, address, dora, line):
    as_alice.post(address, TYPED | {"version": 1})
    found = [{"street": "Pine Street North"}, {"street": "Pine Street South", "postal_code": "98102"}]
    offer(user=dora, address=row(), candidates=found, now=NOW)
    assert "1520 Pine Street South, 98102 Seattle" in as_alice.get(address).content.decode()
    assert as_bob.post(address, {"choose": "1"}).status_code == 403
    assert as_charlie.post(address, {"choose": "1"}).status_code == 404
    for odd in ("2", "-1", "x", "", "٣", "999"):
        as_alice.post(address, {"choose": odd})
        assert row().state == State.NEEDS_CHOICE
    as_alice.post(address, {"choose": "1"})
    assert (row().state, row().street, row().postal_code) == (State.ACTIVE, "Pine Street South", "98102")


def test_an_answer_comes_once(alice, dora, line, as_alice, address):
    as_alice.post(address, TYPED | {"version": 1})
    sent = row()
    accept(user=dora, address=sent, now=NOW)
    for act in (
        lambda: accept(user=dora, address=sent, now=NOW),
        lambda: reject(user=dora, address=sent, reason="No", now=NOW),
        lambda: offer(user=dora, address=sent, candidates=[], now=NOW),
        lambda: choose(user=alice, line=line, address=sent, place=0, now=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert row().state == State.ACTIVE


def test_a_provider_of_ones_own_may_answer_at_once(alice, line, settings):
    settings.EMERGENCY_VALIDATOR = f"{__name__}.Knows"
    save_address(user=alice, line=line, version=1, place=Place(line.customer), values=TYPED, now=NOW)
    assert (row().state, row().activated_at) == (State.ACTIVE, NOW)


class Knows:
    """A validator that finds every address."""

    def check(self, address):
        return Answer(State.ACCEPTED)


def test_the_states_that_may_follow():
    assert set(FOLLOWS) == set(State.values)
    ways = {(old, new) for old in FOLLOWS for new in State.values if may_follow(old, new)}
    assert {new for old, new in ways if old == "active"} == {"superseded"}
    assert {old for old, new in ways if new == "active"} == {"accepted"}
    assert {old for old, new in ways if new == "accepted"} == {"submitted", "needs_choice"}


def test_who_hears_of_a_call_for_help(line):
    assert emergency_called(line=line, number="911", uid="a", now=NOW) == 0
    EmergencyAddressFactory(customer=line.customer, notify="desk@example.com, b@example.com")
    assert emergency_called(line=line, number="911", uid="a", now=NOW) == 2
    assert emergency_called(line=line, number="911", uid="a", now=NOW) == 2  # told again, mailed once
    assert sorted(mail.to[0] for mail in OutgoingMail.objects.all()) == ["b@example.com", "desk@example.com"]
    assert "1520 Pine Street" in OutgoingMail.objects.first().body


def test_the_banner_on_the_lines_pages_and_above_their_list(as_alice, line):
    pages = [reverse("centrex:line", args=[line.pk]), reverse("centrex:line-music", args=[line.pk])]
    for page in pages:
        assert "No emergency address is in force for this line" in as_alice.get(page).content.decode()
    assert "1 phone line has no emergency address" in as_alice.get(reverse("centrex:lines")).content.decode()
    health = as_alice.get(reverse("centrex:health")).content.decode()
    assert reverse("centrex:line-emergency", args=[line.pk]) in health
    EmergencyAddressFactory(customer=line.customer)
    for page in [*pages, reverse("centrex:lines")]:
        assert "emergency address" not in as_alice.get(page).content.decode()
    assert "has no emergency address" not in as_alice.get(reverse("centrex:health")).content.decode()


def test_the_second_of_two_editors_is_told(as_alice, address):
    as_alice.post(address, TYPED | {"version": 1})
    answer = as_alice.post(address, TYPED | {"version": 1, "city": "Tacoma"})
    assert "alice changed" in answer.content.decode()
    assert row().city == "Seattle"


def test_who_reads_only_and_who_is_a_stranger(as_bob, as_charlie, address):
    assert as_bob.get(address).status_code == 200
    assert as_bob.post(address, TYPED | {"version": 1}).status_code == 403
    assert as_charlie.get(address).status_code == 404
    assert as_charlie.post(address, TYPED | {"version": 1}).status_code == 404
    assert not EmergencyAddress.objects.exists()
