"""Countries Called: chosen by the main office, with the password for more of them, and obeyed by saving and calling."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from centrex.models import AbbreviatedNumber, CalledCountries, CompanySettings, Line
from centrex.operations.forwarding import Number, Wanted, set_forwarding
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, RejectCause, decide
from selfcare.errors import Refused
from selfcare.models import AuditEvent, OutgoingMail, Role
from tests.factories import PASSWORD, CustomerFactory, LineFactory, UserFactory
from tests.people import signed_in

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
LONDON, BERLIN, CUBA, SEATTLE = "442079460000", "4930123456", "5371234567", "12065550150"


@pytest.fixture(autouse=True)
def at_home(settings):
    """Companies begin with their own country."""
    settings.CALLS_ABROAD = "home"


@pytest.fixture
def address():
    return reverse("centrex:countries")


def allow(client, address, *countries, **more):
    return client.post(address, {"countries": countries, "password": PASSWORD} | more)


def cause(line, number):
    return decide(plan_of(line.customer.office, now=NOW), Call(f"+{number}", line=line.pk), NOW).cause


def test_a_new_company_calls_its_own_country(easycall):
    line = LineFactory(customer=easycall)
    assert cause(line, SEATTLE) is None
    assert cause(line, LONDON) is RejectCause.DENIED


def test_more_countries_ask_for_the_password_and_tell_the_owner(as_alice, address, easycall):
    line = LineFactory(customer=easycall)
    asked = as_alice.post(address, {"countries": ["GB"]})
    assert "Type your password to allow calls to more countries." in asked.content.decode()
    assert 'name="password"' in asked.content.decode()
    assert not CalledCountries.objects.exists()
    assert allow(as_alice, address, "GB").status_code == 302
    assert "Beside it now: United Kingdom." in as_alice.get(address).content.decode()
    assert (cause(line, LONDON), cause(line, BERLIN)) == (None, RejectCause.DENIED)
    notice = OutgoingMail.objects.get()
    assert "alice let your phones call these countries as well: United Kingdom." in notice.body
    assert AuditEvent.objects.latest("id").changes["Countries"] == ["", "United Kingdom"]


def test_fewer_countries_ask_nothing(as_alice, address, easycall):
    allow(as_alice, address, "GB", "DE")
    OutgoingMail.objects.all().delete()
    assert as_alice.post(address, {"countries": ["DE"], "version": 1}).status_code == 302
    line = LineFactory(customer=easycall)
    assert (cause(line, LONDON), cause(line, BERLIN)) == (RejectCause.DENIED, None)
    assert not OutgoingMail.objects.exists()


def test_every_country_but_those_of_high_risk(as_alice, address, easycall):
    line = LineFactory(customer=easycall)
    assert "password" in as_alice.post(address, {"everywhere": "on"}).context["form"].errors
    allow(as_alice, address, everywhere="on")
    assert (cause(line, LONDON), cause(line, BERLIN)) == (None, None)
    assert cause(line, CUBA) is RejectCause.DENIED


def test_a_country_of_high_risk_is_added_by_staff_only(as_alice, as_dora, address, easycall):
    line = LineFactory(customer=easycall)
    assert 'value="CU"' not in as_alice.get(address).content.decode()
    assert "countries" in allow(as_alice, address, "CU").context["form"].errors
    admin = reverse("admin:centrex_calledcountries_add")
    assert as_dora.post(admin, {"customer": easycall.pk, "countries": ["CU", "001"]}).status_code == 302
    assert cause(line, CUBA) is None
    assert 'value="CU"' in as_alice.get(address).content.decode()  # and the company may keep it
    assert allow(as_alice, address, "CU", "001", "GB", version=1).status_code == 302
    assert cause(line, CUBA) is None


def test_forwards_and_abbreviated_numbers_are_refused_when_saved(as_alice, alice, address, easycall):
    line = LineFactory(customer=easycall)
    forward = {
        "user": alice, "line": line, "version": None, "confirmed": True, "now": NOW,
        "wanted": Wanted("follow_me", numbers=[Number(f"+{LONDON}")]),
    }  # fmt: skip
    with pytest.raises(Refused, match="in a country that your company does not call") as refusal:
        set_forwarding(**forward)
    assert (refusal.value.field, refusal.value.link.name) == ("number-0", "centrex:countries")
    CompanySettings.objects.filter(customer=easycall).update(abbreviated_length=3)
    add = reverse("centrex:abbreviated-add")
    refused = as_alice.post(add, {"number": "701", "target": f"+{LONDON}", "description": ""})
    assert "does not call" in refused.content.decode()
    allow(as_alice, address, "GB")
    set_forwarding(**forward)
    as_alice.post(add, {"number": "701", "target": f"+{LONDON}", "description": "", "password": PASSWORD})
    assert AbbreviatedNumber.objects.get().target == LONDON


def test_what_was_saved_before_is_refused_when_it_is_called(as_alice, alice, address, easycall):
    line = LineFactory(customer=easycall, account_id="12125550101")
    allow(as_alice, address, "GB")
    wanted = Wanted("follow_me", numbers=[Number(f"+{LONDON}")])
    set_forwarding(user=alice, line=line, version=None, wanted=wanted, confirmed=True, now=NOW)
    AbbreviatedNumber.objects.create(customer=easycall, number="701", target=LONDON)
    steps = decide(plan_of(easycall, now=NOW), Call("12125550101", caller=BERLIN), NOW).steps
    assert [target.address for step in steps for target in step.targets] == ["12125550101", LONDON]
    as_alice.post(address, {"countries": [], "version": 1})
    after = decide(plan_of(easycall, now=NOW), Call("12125550101", caller=BERLIN), NOW)
    assert [target.address for step in after.steps for target in step.targets] == ["12125550101"]
    assert "forward.barred" in [step.code for step in after.trace]
    assert Line.objects.get(pk=line.pk).forward_numbers.exists()


def test_the_main_office_decides_for_its_branches(as_alice, address, easycall):
    berlin = CustomerFactory(main_office=easycall, country="DE")
    berta = signed_in(UserFactory(username="berta", customer=berlin, role=Role.OWNER))
    desk = LineFactory(customer=berlin)
    allow(as_alice, address, "GB")
    assert (cause(desk, BERLIN), cause(desk, LONDON)) == (None, None)  # its own country, and the office's choice
    assert cause(desk, SEATTLE) is RejectCause.DENIED
    assert "Your main office keeps this" in berta.get(address).content.decode()
    assert berta.post(address, {"everywhere": "on", "password": PASSWORD}).status_code == 403


def test_readers_and_strangers(as_bob, as_charlie, address, easycall):
    assert as_bob.get(address).status_code == 200
    assert as_bob.post(address, {"everywhere": "on", "password": PASSWORD}).status_code == 403
    allow(as_charlie, address, everywhere="on")
    assert not CalledCountries.for_customer(easycall).exists()


def test_the_second_of_two_editors_is_told(as_alice, address):
    allow(as_alice, address, "GB")
    allow(as_alice, address, "GB", "DE", version=1)
    late = allow(as_alice, address, version=1)
    assert "alice changed" in late.content.decode()
    assert CalledCountries.objects.get().countries == ["DE", "GB"]


def test_emergency_calls_need_no_country(easycall):
    line = LineFactory(customer=easycall)
    assert decide(plan_of(easycall, now=NOW), Call("911", line=line.pk), NOW).emergency
