"""The page that asks before a change of the telephone system is undone, and the link that leads there."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from centrex.models import EmergencyAddress, Extension, Huntgroup
from centrex.operations.emergency.addresses import accept
from centrex.operations.extensions import add_extension, delete_extension, edit_extension
from centrex.queries.countries import row_of
from centrex.queries.features import effective_of
from centrex.routing.features import Disa
from selfcare.models import AuditEvent, Customer, CustomerClass, Role
from tests.factories import (
    PASSWORD,
    CustomerFactory,
    EmergencyAddressFactory,
    HuntgroupFactory,
    LineFactory,
    UserFactory,
)
from tests.people import signed_in


@pytest.fixture
def anna(alice, easycall) -> Extension:
    return add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Anna"))


@pytest.fixture
def renamed(alice, anna) -> AuditEvent:
    anna.name = "Hanna"
    edit_extension(user=alice, extension=anna, version=None)
    return AuditEvent.objects.of(anna).latest("pk")


def address(event: AuditEvent) -> str:
    return reverse("centrex:undo", args=[event.pk])


def test_saving_offers_undo_and_undoing_offers_it_again(as_alice, anna):
    data = {"number": "201", "name": "Hanna", "published": "on", "version": "1"}
    answer = as_alice.post(f"/centrex/extensions/{anna.pk}/", data)
    event = AuditEvent.objects.of(anna).latest("pk")
    [message] = get_messages(answer.wsgi_request)
    assert str(message) == f'“201 Hanna” was saved. <a href="{address(event)}">Undo</a>'
    page = as_alice.get(address(event))
    assert [(step.label, step.now, step.then) for step in page.context["plan"].steps] == [
        ("extension name", "Hanna", "Anna")
    ]
    answer = as_alice.post(address(event), {"version": "2"})
    assert answer["Location"] == "/centrex/extensions/"
    assert Extension.objects.get().name == "Anna"
    undone = AuditEvent.objects.of(anna).latest("pk")
    assert address(undone) in as_alice.get("/centrex/extensions/").content.decode()


def test_saving_nothing_offers_no_undo(as_alice, anna):
    data = {"number": "201", "name": "Anna", "published": "on", "version": "1"}
    [message] = get_messages(as_alice.post(f"/centrex/extensions/{anna.pk}/", data).wsgi_request)
    assert "Undo" not in str(message)


def test_an_escaped_name_in_the_message(as_alice, anna):
    data = {"number": "201", "name": "<b>Anna</b>", "published": "on", "version": "1"}
    as_alice.post(f"/centrex/extensions/{anna.pk}/", data)
    page = as_alice.get("/centrex/extensions/").content.decode()
    assert "“201 &lt;b&gt;Anna&lt;/b&gt;” was saved. <a href=" in page


def test_deleting_says_that_it_can_be_undone_and_it_can(as_alice, anna):
    to = f"/centrex/extensions/{anna.pk}/delete/"
    assert "You can undo it later" in as_alice.get(to).content.decode()
    answer = as_alice.post(to)
    event = AuditEvent.objects.get(action="delete")
    assert address(event) in str(next(iter(get_messages(answer.wsgi_request))))
    assert as_alice.post(address(event)).status_code == 302
    assert Extension.objects.get().pk == anna.pk


def test_undoing_an_addition_shows_what_follows(as_alice, anna):
    page = as_alice.get(address(AuditEvent.objects.of(anna).get())).content.decode()
    assert "The number 201 is free again." in page


def test_a_simultaneous_edit_is_told_and_then_asked_again(as_alice, bob, anna, renamed):
    fresh = Extension.objects.get(pk=anna.pk)
    fresh.name = "Johanna"
    edit_extension(user=bob, extension=fresh, version=None)
    answer = as_alice.post(address(renamed), {"version": "2"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f"{bob} changed extension name: “Hanna” → “Johanna”" in page
    assert "changed again since" in page
    assert Extension.objects.get().name == "Johanna"
    as_alice.post(address(renamed), {"version": answer.context["plan"].version})
    assert Extension.objects.get().name == "Anna"


def test_the_refusal_is_the_pages_own(as_alice, alice, easycall, anna):
    delete_extension(user=alice, extension=anna)
    event = AuditEvent.objects.get(action="delete")
    add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Bert"))
    answer = as_alice.post(address(event))
    assert answer.status_code == 200
    assert "201 is already the number of extension Bert." in strip_tags(answer.content.decode())


def test_what_is_undone_already_has_no_button(as_alice, renamed):
    as_alice.post(address(renamed), {"version": "2"})
    page = as_alice.get(address(renamed)).content.decode()
    assert "Everything is already as it was before this change." in page
    assert "Undo this change" not in page
    assert as_alice.post(address(renamed), {"version": "3"}).status_code == 200


def test_contents_of_a_huntgroup(as_alice, easycall, anna):
    group = HuntgroupFactory(customer=easycall)
    data = {"version": group.version, "member": [anna.pk], f"member-{anna.pk}-ring_delay": "5"}
    as_alice.post(f"/centrex/huntgroups/{group.pk}/members/", data)
    event = AuditEvent.objects.of(group).get()
    assert address(event) in as_alice.get(f"/centrex/huntgroups/{group.pk}/members/").content.decode()
    page = as_alice.get(address(event))
    assert [(step.label, step.then) for step in page.context["plan"].steps] == [("Included Extensions", "")]
    assert as_alice.post(address(event), {"version": page.context["plan"].version}).status_code == 302
    assert not Huntgroup.objects.get().members.exists()


def test_undo_of_the_countries_called_and_who_may(as_alice, as_bob, as_charlie, easycall, settings):
    settings.CALLS_ABROAD = "home"
    page = reverse("centrex:countries")
    as_alice.post(page, {"countries": ["GB"], "password": PASSWORD})
    answer = as_alice.post(page, {"countries": [], "version": 1})
    to = address(AuditEvent.objects.latest("pk"))
    assert to in [str(message) for message in get_messages(answer.wsgi_request)][-1]
    for ask in ("get", "post"):
        assert getattr(as_bob, ask)(to).status_code == 403
        assert getattr(as_charlie, ask)(to).status_code == 404
    berta = signed_in(UserFactory(customer=CustomerFactory(main_office=easycall), role=Role.OWNER))
    assert berta.post(to).status_code == 404
    assert 'name="password"' in as_alice.post(to, {"version": 2}).content.decode()
    assert as_alice.post(to, {"version": 2, "password": PASSWORD}).status_code == 302
    assert row_of(easycall).countries == ["GB"]


def test_undo_of_disa_and_of_an_emergency_address_and_who_may(as_alice, as_bob, as_charlie, easycall):
    line = LineFactory(customer=easycall, account_id="12125550101")
    disa = reverse("centrex:line-disa", args=[line.pk])
    on = {"own": "own", "enabled": "on", "pin": "306184", "tone": "dialtone", "retries": 3, "lock_after": 5,
          "digit_seconds": 5, "max_digits": 15, "obey_barring": "on", "version": 1, "password": PASSWORD}  # fmt: skip
    assert as_alice.post(disa, on).status_code == 302
    off = {name: value for name, value in on.items() if name not in ("enabled", "pin", "password")}
    assert as_alice.post(disa, off | {"version": 2}).status_code == 302
    switched_off = address(AuditEvent.objects.latest("pk"))
    assert switched_off in as_alice.get(disa).content.decode()
    assert 'name="password"' in as_alice.post(switched_off, {"version": 3}).content.decode()
    assert as_alice.post(switched_off, {"version": 3, "password": PASSWORD}).status_code == 302
    assert effective_of(line, Disa).enabled
    emergency = reverse("centrex:line-emergency", args=[line.pk])
    typed = {"caller_name": "EasyCall", "country": "US", "street": "Pine Street", "house_number": "1520",
             "postal_code": "98101", "city": "Seattle", "province": "Washington", "version": 4}  # fmt: skip
    assert as_alice.post(emergency, typed).status_code == 302
    sent = address(AuditEvent.objects.latest("pk"))
    for to in (switched_off, sent):
        for ask in ("get", "post"):
            assert getattr(as_bob, ask)(to).status_code == 403
            assert getattr(as_charlie, ask)(to).status_code == 404
    assert "No address of its own remains here" in as_alice.get(sent).content.decode()
    assert as_alice.post(sent, {"version": 5}).status_code == 302
    assert not EmergencyAddress.objects.exists()


def test_why_an_address_in_force_is_not_taken_away(as_alice, dora, easycall):
    line = LineFactory(customer=easycall)
    EmergencyAddressFactory(customer=easycall)
    emergency = reverse("centrex:line-emergency", args=[line.pk]) + "?for=line"
    typed = {"caller_name": "EasyCall", "country": "US", "street": "Pine Street", "house_number": "1520",
             "postal_code": "98101", "city": "Seattle", "province": "Washington", "version": 1}  # fmt: skip
    assert as_alice.post(emergency, typed).status_code == 302
    to = address(AuditEvent.objects.latest("pk"))
    accept(user=dora, address=EmergencyAddress.objects.get(line=line), now=timezone.now())
    page = as_alice.get(to).content.decode()
    assert "Without it nobody would know where to send help" in page
    assert "Undo this change" not in page


def test_who_may_undo(as_alice, as_bob, as_charlie, as_dora, easycall, renamed):
    billing = signed_in(UserFactory(customer=easycall, role=Role.BILLING_MANAGER))
    manager = signed_in(UserFactory(customer=easycall, role=Role.CENTREX_MANAGER))
    for ask in ("get", "post"):
        assert getattr(as_bob, ask)(address(renamed)).status_code == 403
        assert getattr(billing, ask)(address(renamed)).status_code == 403
        assert getattr(as_charlie, ask)(address(renamed)).status_code == 404
        assert getattr(as_dora, ask)(address(renamed)).status_code == 302
    assert Extension.objects.get().name == "Hanna"
    assert manager.post(address(renamed), {"version": "2"}).status_code == 302


def test_a_branch_office_does_not_undo_what_its_main_office_keeps(easycall, alice, renamed):
    branch = CustomerFactory(main_office=easycall)
    berta = signed_in(UserFactory(customer=branch, role=Role.OWNER))
    assert berta.get(address(renamed)).status_code == 404
    event = AuditEvent.objects.create(
        user=alice, customer=branch, action="edit", record_type="centrex.extension", record_id=renamed.record_id,
        record_name="201", version=2,
    )  # fmt: skip
    assert berta.get(address(event)).status_code == 403
    assert berta.post(address(event)).status_code == 403


def test_a_hidden_page_and_a_fixed_field(as_alice, easycall, renamed):
    group = CustomerClass.objects.create(name="Small", read_only_fields=["centrex:extensions.name"])
    Customer.objects.filter(pk=easycall.pk).update(customer_class=group)
    assert as_alice.post(address(renamed), {"version": "2"}).status_code == 200
    assert Extension.objects.get().name == "Hanna"
    group.hidden_pages = ["centrex:extensions"]
    group.save()
    assert as_alice.get(address(renamed)).status_code == 404


def test_other_kinds_have_no_undo_here(as_alice, alice, easycall):
    event = AuditEvent.write(user=alice, action="edit", record=easycall, customer=easycall)
    assert as_alice.get(address(event)).status_code == 404
