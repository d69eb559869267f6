"""What happens if, on unsaved edits: what stands in a form decides the call, and nothing at all is kept."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import Account
from centrex.models import Line, Schedule, ScreeningRule
from selfcare.models import CustomerClass, Role
from selfcare.models.audit import AuditEvent
from tests.factories import (
    PASSWORD,
    AbbreviatedNumberFactory,
    CallQueueFactory,
    CustomerFactory,
    ExtensionFactory,
    HuntgroupFactory,
    HuntgroupMemberFactory,
    LineFactory,
    NumberFilterFactory,
    RateFactory,
    SiteFactory,
    TariffFactory,
    UserFactory,
)
from tests.people import signed_in
from tests.rows import contents

LIVE = {"HX-Request": "true"}


def colleague(customer, number: str, name: str, **line) -> Line:
    row = LineFactory(customer=customer, **({"registered_until": datetime(2099, 1, 1, tzinfo=UTC)} | line))
    ExtensionFactory(customer=customer.office, number=number, name=name, line=row)
    return row


@pytest.fixture
def desk(easycall) -> Line:
    return colleague(easycall, "201", "Alice", account_id="12125550101")


@pytest.fixture
def bobs(easycall) -> Line:
    return colleague(easycall, "202", "Bob", account_id="12125550102")


def call(caller, dialled: str, **more) -> dict[str, str]:
    """The fields of the panel, and its button."""
    sent = {"caller": caller, "dialled": dialled} | more
    return {"what-if": "try"} | {f"try-{name}": str(value) for name, value in sent.items()}


def tried(client, address: str, data, *, live: bool = True) -> str:
    """What the try-out answers; it must not change a single row, write a file or a mail."""
    client.get(address)  # a session may be written at its first use
    before = contents()
    answer = client.post(address, data, headers=LIVE if live else None)
    assert answer.status_code == 200
    assert contents() == before
    assert mail.outbox == []
    return re.sub(r"\s+", " ", answer.content.decode())


def simple(line: Line, to: str) -> dict[str, str]:
    """A line's form Forwarding, with a single number."""
    return {"forwarding": "simple", "to": to, "order": "listed", "uri": "", "transport": "udp", "version": line.version}


def test_a_forwarding_that_is_not_saved(as_alice, desk, bobs):
    address = reverse("centrex:line-forwarding", args=[desk.pk])
    html = tried(as_alice, address, simple(desk, "202") | call(bobs.pk, "201"))
    assert "What stands in the form changes this call. Nothing was saved." in html
    now, then = html.index("Rings 201 Alice for 30 seconds, then goes to voicemail."), html.index("then rings 202 Bob")
    assert now < then
    assert html.count("<svg") == 2
    assert "<form" not in html
    assert AuditEvent.objects.count() == 0
    desk.refresh_from_db()
    assert desk.forwarding == "none"


def test_without_javascript_the_page_is_drawn_with_both_answers(as_alice, desk, bobs):
    address = reverse("centrex:line-forwarding", args=[desk.pk])
    html = tried(as_alice, address, simple(desk, "202") | call(bobs.pk, "201"), live=False)
    assert "then rings 202 Bob" in html
    assert re.search(r'name="to" value="202"', html)
    assert 'data-guard="changed"' in html
    assert f'name="version" value="{desk.version}"' in html
    assert re.search(r'<details class="card what-if-panel" id="what-if-panel" open>', html)


def test_a_mistake_stands_at_its_field_and_nothing_is_tried(as_alice, desk, bobs):
    address = reverse("centrex:line-forwarding", args=[desk.pk])
    wrong = simple(desk, "299") | call(bobs.pk, "201")
    html = tried(as_alice, address, wrong, live=False)
    assert "What is left is no complete international number" in html
    assert "<svg" not in html
    assert "First mend what is marked on this page" in html
    answer = as_alice.post(address, wrong, headers=LIVE)
    assert answer.content == b""
    assert answer["X-Form-Errors"] == "yes"
    assert as_alice.post(address, simple(desk, "202") | call(bobs.pk, ""), headers=LIVE)["X-Form-Errors"] == "yes"


def test_the_second_of_two_editors_is_told_before_trying(as_alice, desk, bobs):
    address = reverse("centrex:line-forwarding", args=[desk.pk])
    stale = simple(desk, "202") | {"version": desk.version}
    Line.for_customer(desk.customer).filter(pk=desk.pk).update(version=desk.version + 1)
    html = tried(as_alice, address, stale | call(bobs.pk, "201"), live=False)
    assert "saved this record meanwhile" in html


def test_no_password_is_asked_for_what_is_not_kept_and_none_is_guessed(as_alice, desk, bobs):
    """A wrong password tells nothing here: or a thief would try as many as he likes, since nothing is counted."""
    address = reverse("centrex:line-forwarding", args=[desk.pk])
    abroad = simple(desk, "+442079460000")
    answers = [
        tried(as_alice, address, abroad | {"password": password} | call(bobs.pk, "201"))
        for password in ("", "wrong", PASSWORD)
    ]
    assert "then rings +44 20 7946 0000" in answers[0]
    assert len(set(answers)) == 1
    kept = as_alice.post(address, abroad, headers=LIVE).content.decode()
    assert "Is it really you?" in kept  # Save asks as before


def test_a_huntgroup_that_is_not_saved(as_alice, easycall, desk, bobs):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    HuntgroupMemberFactory(huntgroup=group, extension=desk.extension)
    address = reverse("centrex:huntgroup-members", args=[group.pk])
    member = bobs.extension.pk
    data = {"version": group.version, "member": [member], f"member-{member}-ring_time": "20"}
    html = tried(as_alice, address, data | call(desk.pk, "88"))
    assert "Rings 201 Alice" in html
    assert "Rings 202 Bob for 20 seconds" in html
    assert [each.extension_id for each in group.members.all()] == [desk.extension.pk]


def test_the_same_call_is_shown_once(as_alice, desk, bobs):
    address = reverse("centrex:line-incoming", args=[bobs.pk])
    html = tried(as_alice, address, {"own": "inherit", "version": bobs.version} | call(desk.pk, "202"))
    assert "What stands in the form makes no difference to this call." in html
    assert html.count("<svg") == 1


def test_a_message_that_was_just_chosen_is_not_written_to_the_disk(as_alice, desk, bobs, settings):
    address = reverse("centrex:rule-add", args=[bobs.pk])
    sound = SimpleUploadedFile("closed.wav", b"RIFF", content_type="audio/wav")
    data = {"enabled": "on", "name": "Closed", "action": "play", "file": sound, "version": bobs.version}
    before = sorted(settings.MEDIA_ROOT.rglob("*"))
    html = tried(as_alice, address, data | call(desk.pk, "202"), live=False)
    assert "A file that you have just chosen is not tried." in html
    assert "Choose a sound file" in html
    assert sorted(settings.MEDIA_ROOT.rglob("*")) == before
    reject = {"enabled": "on", "name": "No", "action": "reject", "version": bobs.version}
    assert "The call is refused." in tried(as_alice, address, reject | call(desk.pk, "202"))
    assert not ScreeningRule.objects.exists()


def hours(easycall, bobs) -> tuple[str, dict[str, str]]:
    """Hours that a rule of Bob's rejects calls in, and their form with another time."""
    night = Schedule.objects.create(customer=easycall, name="Night", period="hr{10pm-5am}")
    ScreeningRule.objects.create(line=bobs, position=1, action="reject", times=night, name="Let me sleep")
    return reverse("centrex:schedule-edit", args=[night.pk]), {"name": "Night", "version": 1, "hours-when": "always"}


def callers(easycall, bobs) -> tuple[str, dict[str, str]]:
    """A filter that a rule of Bob's rejects calls by, and its form with Alice in it."""
    bad = NumberFilterFactory(customer=easycall, name="Bad", patterns="19175550000")
    ScreeningRule.objects.create(line=bobs, position=1, action="reject", callers=bad, name="Not these")
    return reverse("centrex:filter-edit", args=[bad.pk]), {"name": "Bad", "patterns": "201", "version": bad.version}


@pytest.mark.parametrize("furnish", [hours, callers])
def test_what_rules_share(as_alice, easycall, desk, bobs, furnish):
    address, data = furnish(easycall, bobs)
    html = tried(as_alice, address, data | call(desk.pk, "202", at="2026-03-02T12:00"))
    assert "Rings 202 Bob" in html
    assert "The call is refused. The rule rejects the call." in html


def pages_with_a_panel(easycall, line) -> dict[str, str]:
    """Each page with the panel that tries its form."""
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    queue = CallQueueFactory(huntgroup=HuntgroupFactory(customer=easycall, number="89"))
    rule = ScreeningRule.objects.create(line=line, position=1, action="ring", name="Ring")
    filter_ = NumberFilterFactory(customer=easycall)
    night = Schedule.objects.create(customer=easycall, name="Night", period="hr{10pm-5am}")
    easycall.company_settings.__class__.for_customer(easycall).update(abbreviated_length=3)
    short = AbbreviatedNumberFactory(customer=easycall, number="801")
    of_line = "dialing incoming forwarding screening recording barring identity music limits site"
    names = {f"line-{name}": line.pk for name in of_line.split()}
    names |= {"rule-add": line.pk, "rule-edit": rule.pk, "huntgroup-edit": group.pk, "huntgroup-members": group.pk}
    names |= {
        "queue-edit": queue.pk,
        "filter-edit": filter_.pk,
        "schedule-edit": night.pk,
        "abbreviated-edit": short.pk,
    }
    plain = ("huntgroup-add", "queue-add", "filter-add", "schedule-add", "abbreviated-add", "dialing", "identity")
    found = {name: reverse(f"centrex:{name}", args=[pk]) for name, pk in names.items()}
    return found | {name: reverse(f"centrex:{name}") for name in (*plain, "incoming")}


def test_every_form_of_a_setting_can_be_tried(as_alice, as_bob, easycall, desk):
    easycall.company_settings.__class__.for_customer(easycall).update(call_recording=True)
    SiteFactory(customer=easycall)
    pages = pages_with_a_panel(easycall, desk)
    for name, address in pages.items():
        html = as_alice.get(address).content.decode()
        form = re.search(r'form="([\w-]+)" name="what-if"', html)
        assert form, name
        assert html.count(f'id="{form[1]}"') == 1, name
        assert html.count('name="try-dialled"') == 1, name
        shown = as_bob.get(address)
        if shown.status_code == 200:  # a reader tries what is saved
            assert 'name="what-if"' not in shown.content.decode(), name
            assert f'action="{reverse("centrex:what-if")}"' in shown.content.decode(), name
        assert as_bob.post(address, call(desk.pk, "201")).status_code == 403, name


def test_a_stranger_tries_nothing(as_charlie, easycall, desk, bobs):
    pages = pages_with_a_panel(easycall, desk)
    before = contents()
    for name, address in pages.items():
        answer = as_charlie.post(address, call(desk.pk, "201"), headers=LIVE)
        with_id = re.search(r"/\d+/", address)
        assert answer.status_code == (404 if with_id else 200) or answer.status_code == 302, name
        assert b"Alice" not in answer.content, name
    assert contents() == before


def test_a_branch_office_tries_nothing_that_its_main_office_keeps(easycall, desk):
    berlin = CustomerFactory(main_office=easycall, company_name="Berlin")
    berta = signed_in(UserFactory(username="berta", customer=berlin, role=Role.OWNER))
    group = HuntgroupFactory(customer=easycall, number="88", branch_office=berlin)
    before = contents()
    for address in (reverse("centrex:incoming"), reverse("centrex:huntgroup-members", args=[group.pk])):
        assert berta.post(address, call("hidden", "88")).status_code == 403
        assert 'name="what-if"' not in berta.get(address).content.decode()
    assert contents() == before


def test_a_lines_general_page_tries_what_is_saved(as_alice, desk):
    html = as_alice.get(reverse("centrex:line", args=[desk.pk])).content.decode()
    assert f'hx-get="{reverse("centrex:what-if")}"' in html
    assert 'value="12125550101"' in html


def test_queries_do_not_grow_with_the_office(as_alice, easycall, desk, bobs):
    address = reverse("centrex:line-forwarding", args=[desk.pk])

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            as_alice.post(address, simple(desk, "202") | call(bobs.pk, "201"), headers=LIVE)
        return len(found)

    queries()
    before = queries()
    for number in range(400, 406):
        colleague(easycall, str(number), "More")
    assert queries() == before


@pytest.fixture
def priced(easycall) -> Account:
    tariff = TariffFactory()
    RateFactory(tariff=tariff, prefix="44", price_first=Decimal("0.30"), price_next=Decimal("0.30"))
    account = Account.for_customer(easycall).first() or Account(customer=easycall)
    account.tariff = tariff
    account.save()
    return account


def asked(client, caller, dialled: str) -> str:
    return client.get(reverse("centrex:what-if"), {"caller": caller, "dialled": dialled}).content.decode()


def test_the_money_that_is_left(as_alice, easycall, desk, priced):
    easycall.credit_limit = Decimal("12.30")
    easycall.save()
    html = asked(as_alice, desk.pk, "+442079460000")
    assert "A minute costs 0.30000 USD. It may last 41 minutes at most, with the 12.30 USD that are left." in html
    assert "has not set a price for this number. It may last 4 hours at most, like every call." in asked(
        as_alice, desk.pk, "+4930123456"
    )
    easycall.credit_limit = Decimal(0)
    easycall.save()
    html = asked(as_alice, desk.pk, "+442079460000")
    assert "EasyCall Ltd has no funds left for this call." in html
    assert reverse("billing:pay") in html
    assert "no funds" not in asked(as_alice, desk.pk, "911")


def test_who_may_not_see_the_funds_reads_minutes_only(easycall, desk, priced):
    easycall.credit_limit = Decimal("12.30")
    easycall.save()
    tech = signed_in(UserFactory(username="tech", customer=easycall, role=Role.CENTREX_MANAGER))
    html = asked(tech, desk.pk, "+442079460000")
    assert "It may last 41 minutes at most." in html
    assert "12.30" not in html


def test_who_may_not_see_what_happens_if_gets_no_answers_in_the_panel_either(as_lena, as_alice, lena, bobs):
    address = reverse("centrex:line-forwarding", args=[lena.line_login.line.pk])
    assert "what-if-panel" in as_alice.get(address).content.decode()
    html = as_lena.get(address).content.decode()
    assert "page-form" in html
    assert "what-if" not in html
    data = simple(lena.line_login.line, "202") | call(bobs.pk, "201")
    assert as_lena.post(address, data, headers=LIVE).status_code == 403
    assert as_lena.post(address, data).status_code == 403


def test_where_the_page_is_switched_off_nobody_has_the_panel(as_bob, desk, easycall):
    address = reverse("centrex:line-forwarding", args=[desk.pk])
    assert "what-if-panel" in as_bob.get(address).content.decode()
    easycall.customer_class = CustomerClass.objects.create(name="Small", hidden_pages=["centrex:what-if"])
    easycall.save()
    assert "what-if-panel" not in as_bob.get(address).content.decode()


def test_a_sip_password_decides_about_no_call(as_alice, desk):
    address = reverse("centrex:line-sip-password", args=[desk.pk])
    html = as_alice.get(address).content.decode()
    assert "This line has no password yet." in html
    assert "what-if-panel" not in html
    assert as_alice.post(address, {"password": PASSWORD} | call(desk.pk, "201")).status_code == 403
