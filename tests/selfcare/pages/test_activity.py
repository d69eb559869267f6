"""Activity: who changed what, on every page that one may see; history at the foot of pages; undo of the profile."""

from datetime import UTC, datetime

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centrex.models import Extension
from centrex.operations.extensions import add_extension, delete_extension, edit_extension
from selfcare.crud import history
from selfcare.models import AuditEvent, Customer, CustomerClass, Role
from tests.factories import CustomerFactory, ExtensionFactory, PaymentFactory, TicketFactory, UserFactory
from tests.people import signed_in

ACTIVITY = "/profile/activity/"


@pytest.fixture
def anna(alice, easycall) -> Extension:
    return add_extension(user=alice, extension=Extension(customer=easycall, number="201", name="Anna"))


def rename(user, extension: Extension, name: str) -> AuditEvent:
    extension.name = name
    edit_extension(user=user, extension=extension, version=None)
    return AuditEvent.objects.of(extension).latest("pk")


def listed(client, query: str = "") -> list[AuditEvent]:
    answer = client.get(ACTIVITY + query)
    assert answer.status_code == 200
    return [record for record, *_drawn in answer.context["table"].body()]


def test_every_change_with_who_what_and_both_values(as_alice, alice, anna):
    rename(alice, anna, "Hanna")
    page = as_alice.get(ACTIVITY).content.decode()
    assert "Changed" in page
    assert '<span class="what">Extension name</span> <span class="was">Anna</span> → <span>Hanna</span>' in page
    assert f'<a href="/centrex/extensions/{anna.pk}/">201 Hanna</a>' in page
    assert page.index("Changed") < page.index("Added")


def test_a_deleted_record_has_no_link_but_undo(as_alice, alice, anna):
    to = f'href="/centrex/extensions/{anna.pk}/"'
    delete_extension(user=alice, extension=anna)
    page = as_alice.get(ACTIVITY).content.decode()
    assert to not in page
    assert reverse("centrex:undo", args=[AuditEvent.objects.get(action="delete").pk]) in page


def test_filters(as_alice, alice, bob, dora, easycall, anna):
    by_bob = rename(bob, anna, "Übermut")
    by_dora = AuditEvent.write(user=dora, action="give credit", record=easycall, customer=easycall)
    AuditEvent.objects.filter(pk=by_bob.pk).update(at=datetime(2026, 3, 10, 12, tzinfo=UTC))
    assert listed(as_alice, f"?person={bob.pk}") == [by_bob]
    assert listed(as_alice, "?person=company") == [by_dora]
    assert listed(as_alice, "?kind=selfcare.customer") == [by_dora]
    assert listed(as_alice, "?text=übermut") == [by_bob]
    assert listed(as_alice, "?start=2026-03-10&end=2026-03-10") == [by_bob]
    assert by_bob not in listed(as_alice, "?end=2026-03-09")
    assert by_bob in listed(as_alice, f"?kind=centrex.extension&record={anna.pk}")
    assert listed(as_alice, "?kind=centrex.extension&record=0") == []
    odd = as_alice.get(ACTIVITY + "?start=yesterday&kind=no.kind")
    assert "Enter a valid date." in odd.content.decode()


def test_staff_are_named_as_the_company(as_alice, dora, easycall):
    AuditEvent.write(user=dora, action="view as begins", record=easycall, customer=easycall)
    page = as_alice.get(ACTIVITY).content.decode()
    assert "Your telephone company" in page
    assert "Began to look at your portal" in page
    assert "dora" not in page


def test_a_long_value_is_folded(as_alice, alice, anna):
    event = AuditEvent.write(user=alice, action="edit", record=anna, changes={"Note": ["", "word " * 60]})
    assert "<details><summary>word word" in history.changes_drawn(event)
    assert "<script>" not in history.changes_drawn(AuditEvent(changes={"<script>": ["<script>", ""]}))


def test_download_has_old_and_new(as_alice, alice, anna):
    rename(alice, anna, "=1+1")
    lines = b"".join(as_alice.get(ACTIVITY + "?format=csv").streaming_content).decode().splitlines()
    assert lines[0] == "\ufeffWhen,Who,What,Changes"
    assert "Changed: Extension 201 =1+1" in lines[1]
    assert "extension name: Anna → =1+1" in lines[1]


def test_each_sees_the_pages_of_his_role(as_charlie, alice, easycall, anna):
    payment = PaymentFactory(customer=easycall, user=alice)
    AuditEvent.write(user=alice, action="pay", record=payment)
    AuditEvent.write(user=alice, action="add", record=TicketFactory(customer=easycall, requestor=alice))

    def kinds(role: str) -> set[str]:
        client = signed_in(UserFactory(customer=easycall, role=role))
        return {event.record_type for event in listed(client)}

    assert kinds(Role.OWNER) == {"centrex.extension", "billing.payment", "tickets.ticket"}
    assert kinds(Role.READ_ONLY) == kinds(Role.OWNER)
    assert kinds(Role.BILLING_MANAGER) == {"billing.payment", "tickets.ticket"}
    assert kinds(Role.CENTREX_MANAGER) == {"centrex.extension", "tickets.ticket"}
    assert signed_in(UserFactory(customer=easycall, role=Role.LINE_USER)).get(ACTIVITY).status_code == 403
    assert listed(as_charlie) == []


def test_a_page_that_is_switched_off_has_no_history_either(as_alice, easycall, anna):
    assert listed(as_alice)
    easycall.customer_class = CustomerClass.objects.create(name="Small", hidden_pages=["centrex:extensions"])
    easycall.save()
    assert listed(as_alice) == []
    assert "centrex.extension" not in as_alice.get(ACTIVITY).content.decode()


def test_undo_is_offered_to_those_who_may_change_the_page(as_alice, as_bob, easycall, anna):
    undo = reverse("centrex:undo", args=[AuditEvent.objects.of(anna).get().pk])
    manager = signed_in(UserFactory(customer=easycall, role=Role.CENTREX_MANAGER))
    assert undo in as_alice.get(ACTIVITY).content.decode()
    assert undo in manager.get(ACTIVITY).content.decode()
    assert undo not in as_bob.get(ACTIVITY).content.decode()


def test_payments_and_tickets_have_no_undo(as_alice, alice, easycall):
    AuditEvent.write(user=alice, action="pay", record=PaymentFactory(customer=easycall, user=alice))
    AuditEvent.write(user=alice, action="add", record=TicketFactory(customer=easycall, requestor=alice))
    assert all(not event.entry.undo for event in listed(as_alice))


def test_one_more_record_asks_no_more(as_alice, alice, easycall, django_assert_num_queries):
    def one_more():
        extension = ExtensionFactory(customer=easycall)
        event = AuditEvent.write(user=alice, action="edit", record=extension, changes={"name": ["a", "b"]})
        AuditEvent.objects.create(user=UserFactory(customer=easycall), customer=easycall, undoes=event, action="edit",
                                  record_type=event.record_type, record_id=event.record_id)  # fmt: skip

    one_more()
    as_alice.get(ACTIVITY)
    with CaptureQueriesContext(connection) as one:
        as_alice.get(ACTIVITY)
    for _each in range(3):
        one_more()
    with django_assert_num_queries(len(one)):
        as_alice.get(ACTIVITY)


def test_an_edit_page_shows_its_records_last_changes(as_alice, alice, anna, easycall):
    event = rename(alice, anna, "Hanna")
    rename(alice, ExtensionFactory(customer=easycall, number="202"), "Not here")
    page = as_alice.get(f"/centrex/extensions/{anna.pk}/").content.decode()
    assert '<details class="history">' in page
    assert reverse("centrex:undo", args=[event.pk]) in page
    assert f"{ACTIVITY}?kind=centrex.extension&amp;record={anna.pk}" in page
    assert "Not here" not in page


def test_a_list_page_leads_to_its_history(as_alice, as_bob, easycall):
    for client in (as_alice, as_bob):
        assert f'href="{ACTIVITY}?kind=centrex.extension"' in client.get("/centrex/extensions/").content.decode()
    easycall.customer_class = CustomerClass.objects.create(name="Small", hidden_pages=["profile:activity"])
    easycall.save()
    assert ACTIVITY not in as_alice.get("/centrex/extensions/").content.decode()


def general(client, **values) -> dict:
    form = client.get("/profile/").context["form"]
    data = {bound.html_name: bound.value() or "" for bound in form}
    return {name: str(value) for name, value in (data | {"country": "US"} | values).items()}


def test_the_profile_goes_back_through_its_form(as_alice, easycall):
    answer = as_alice.post("/profile/", general(as_alice, city="Oslo", phone="+1 212 555 0100"))
    assert answer.status_code == 302
    event = AuditEvent.objects.of(easycall).get()
    undo = reverse("profile:undo", args=[event.pk])
    [message] = get_messages(answer.wsgi_request)
    assert str(message) == f'Your details were saved. <a href="{undo}">Undo</a>'
    as_alice.post("/profile/", general(as_alice, company_name="EasyCall & Sons"))
    page = as_alice.get(undo)
    assert {step.label: (step.now, step.then) for step in page.context["plan"].steps}["city"] == ("Oslo", "")
    assert "EasyCall &amp; Sons" in page.content.decode()
    version = page.context["plan"].version
    assert as_alice.post(undo, {"version": version}).status_code == 302
    easycall.refresh_from_db()
    assert (easycall.city, easycall.phone, easycall.company_name) == ("", "", "EasyCall & Sons")
    undone = AuditEvent.objects.of(easycall).latest("pk")
    assert undone.undoes == event
    assert undone.changes["City"] == ["Oslo", ""]
    assert "Undid: Changed" in as_alice.get(ACTIVITY).content.decode()


def test_the_profile_saved_meanwhile_is_told(as_alice, bob, easycall):
    as_alice.post("/profile/", general(as_alice, city="Oslo"))
    event = AuditEvent.objects.of(easycall).get()
    undo = reverse("profile:undo", args=[event.pk])
    version = as_alice.get(undo).context["plan"].version
    as_alice.post("/profile/", general(as_alice, city="Bergen"))
    answer = as_alice.post(undo, {"version": version})
    assert answer.status_code == 200
    assert "changed City: “Oslo” → “Bergen”" in answer.content.decode()
    assert "changed again since" in answer.content.decode()
    assert Customer.objects.get(pk=easycall.pk).city == "Bergen"
    assert as_alice.post(undo, {"version": answer.context["plan"].version}).status_code == 302
    assert Customer.objects.get(pk=easycall.pk).city == ""


def test_an_email_does_not_come_back_by_a_click(as_alice, easycall):
    easycall.email = "old@example.com"
    easycall.save()
    as_alice.post("/profile/", general(as_alice, country=easycall.country.code, email="new@example.com"))
    event = AuditEvent.objects.of(easycall).latest("pk")
    undo = reverse("profile:undo", args=[event.pk])
    assert "must be confirmed again" in as_alice.get(undo).content.decode()
    as_alice.post(undo, {"version": ""})
    easycall.refresh_from_db()
    assert (easycall.email, easycall.pending_email) == ("old@example.com", "new@example.com")


def test_a_field_that_the_company_fixed_stays(as_alice, easycall):
    as_alice.post("/profile/", general(as_alice, city="Oslo", province="Viken"))
    event = AuditEvent.objects.of(easycall).get()
    fixed = CustomerClass.objects.create(name="Fixed", read_only_fields=["profile:general.city"])
    Customer.objects.filter(pk=easycall.pk).update(customer_class=fixed)
    undo = reverse("profile:undo", args=[event.pk])
    as_alice.post(undo, {"version": as_alice.get(undo).context["plan"].version})
    easycall.refresh_from_db()
    assert (easycall.city, easycall.province) == ("Oslo", "")


def test_who_may_undo_the_profile(as_alice, as_bob, as_charlie, as_dora, easycall):
    as_alice.post("/profile/", general(as_alice, city="Oslo"))
    undo = reverse("profile:undo", args=[AuditEvent.objects.of(easycall).get().pk])
    for ask in ("get", "post"):
        assert getattr(as_bob, ask)(undo).status_code == 403
        assert getattr(as_charlie, ask)(undo).status_code == 404
        assert getattr(as_dora, ask)(undo).status_code == 302
    as_dora.post(reverse("view-as", args=[easycall.pk]))
    assert as_dora.post(undo).status_code == 403
    assert as_dora.get(undo).status_code == 403
    assert undo not in as_dora.get(ACTIVITY).content.decode()
    assert CustomerFactory(main_office=easycall) is not None
