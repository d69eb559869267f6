"""Staff answer tickets in the administration, and the customer hears of it."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from selfcare.models import Brand, OutgoingMail
from tests.factories import AttachmentFactory, CategoryFactory, MessageFactory, TicketFactory, UserFactory
from tests.people import signed_in
from tickets.models import Ticket

Status = Ticket.Status


@pytest.fixture
def ticket(alice) -> Ticket:
    Brand.objects.create(name="Northwind Telecom", support_email="support@northwind.example")
    ticket = TicketFactory(customer=alice.customer, requestor=alice)
    MessageFactory(ticket=ticket, text="Silent since Monday.")
    return ticket


def address(ticket: Ticket) -> str:
    return reverse("admin:tickets_ticket_change", args=[ticket.pk])


def form(ticket: Ticket, **changes: object) -> dict[str, object]:
    conversation = {"messages-TOTAL_FORMS": 0, "messages-INITIAL_FORMS": 0}
    return {"category": ticket.category_id, "priority": ticket.priority} | conversation | changes


def test_a_reply_reaches_the_customer(as_dora, as_alice, dora, ticket):
    page = as_dora.get(address(ticket)).content.decode()
    assert "Silent since Monday." in page
    assert as_dora.post(address(ticket), form(ticket, reply="Try another cable.")).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.STALLED
    message = ticket.messages.last()
    assert (message.author, message.from_staff, message.internal) == (dora, True, False)
    mail = OutgoingMail.objects.get(to=[ticket.requestor.email])
    assert "Try another cable." in mail.body
    assert "Try another cable." in as_alice.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()


def test_an_internal_comment_reaches_nobody_outside(as_dora, as_alice, ticket):
    before = ticket.updated_at
    as_dora.post(address(ticket), form(ticket, comment="He never pays."))
    ticket.refresh_from_db()
    assert (ticket.updated_at, ticket.status) == (before, Status.NEW)
    assert not OutgoingMail.objects.exists()
    assert "He never pays." in as_dora.get(address(ticket)).content.decode()
    assert "never pays" not in as_alice.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()


def test_a_reply_can_close_and_a_status_alone_too(as_dora, ticket):
    as_dora.post(address(ticket), form(ticket, reply="Done.", move_to=Status.RESOLVED))
    ticket.refresh_from_db()
    assert ticket.status == Status.RESOLVED
    as_dora.post(address(ticket), form(ticket, move_to=Status.OPEN))
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert ticket.messages.count() == 2


def test_queue_and_priority_change_nothing_else(as_dora, ticket):
    other = CategoryFactory()
    before = ticket.updated_at
    forged = {"subject": "Forged", "status": Status.REJECTED, "customer": 1}
    as_dora.post(address(ticket), form(ticket, category=other.pk, priority=3, **forged))
    ticket.refresh_from_db()
    assert (ticket.category, ticket.priority, ticket.updated_at) == (other, 3, before)
    assert (ticket.subject == "Forged", ticket.status) == (False, Status.NEW)
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("move_to", ["new", "deleted"])
def test_a_status_that_cannot_be_set_keeps_the_text(as_dora, ticket, move_to):
    response = as_dora.post(address(ticket), form(ticket, reply="My long answer", move_to=move_to))
    assert response.status_code == 200
    assert "My long answer" in response.content.decode()
    assert ticket.messages.count() == 1


def test_a_reply_brings_its_files_to_the_customer(as_dora, as_alice, ticket):
    page = as_dora.get(address(ticket)).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert "Up to 5 files" in page
    files = [SimpleUploadedFile("manual.txt", b"Press 1."), SimpleUploadedFile("trace.log", b"INVITE")]
    as_dora.post(address(ticket), form(ticket, reply="See the files.", files=files))
    sent = ticket.messages.last().attachments.order_by("pk")
    assert [(file.name, file.content_type) for file in sent] == [
        ("manual.txt", "text/plain"),
        ("trace.log", "text/plain"),
    ]
    assert "manual.txt" in as_alice.get(reverse("tickets:ticket", args=[ticket.pk])).content.decode()


@pytest.mark.parametrize(
    ("name", "content", "reply", "field"),
    [("virus.exe", b"MZ", "Look", "files"), ("fake.png", b"no picture", "Look", "files"), ("a.txt", b"x", "", "reply")],
)
def test_what_cannot_be_attached_is_refused_at_its_field(as_dora, ticket, name, content, reply, field):
    files = [SimpleUploadedFile(name, content)]
    page = as_dora.post(address(ticket), form(ticket, reply=reply, files=files))
    errors = page.context["adminform"].form.errors
    assert errors[field]
    assert "choose your files again" in str(errors["files"])
    assert ticket.messages.count() == 1


def test_when_files_cannot_be_stored_nothing_is_sent_and_the_text_is_kept(as_dora, ticket, monkeypatch):
    def full(*_args: object, **_more: object) -> str:
        raise OSError("No space left on device")

    monkeypatch.setattr("tickets.operations.default_storage.save", full)
    files = [SimpleUploadedFile("a.txt", b"x")]
    page = as_dora.post(address(ticket), form(ticket, reply="My long answer", comment="Not yet", files=files))
    assert page.status_code == 200
    assert "could not be stored" in str(page.context["adminform"].form.errors["files"])
    assert "My long answer" in page.content.decode()
    assert (ticket.messages.count(), OutgoingMail.objects.count()) == (1, 0)


def test_staff_open_every_file_and_others_none(as_dora, as_alice, ticket, client):
    comment = MessageFactory(ticket=ticket, internal=True, from_staff=True)
    file = reverse("admin:tickets_attachment", args=[AttachmentFactory(message=comment).pk])
    response = as_dora.get(file)
    assert b"".join(response.streaming_content) == b"a,b\n1,2\n"
    assert "sandbox" in response["Content-Security-Policy"]
    assert as_alice.get(file).status_code == 302
    assert client.get(file).status_code == 302


def test_staff_without_the_right_see_no_tickets(ticket):
    clerk = UserFactory(customer=None, is_staff=True)
    file = reverse("admin:tickets_attachment", args=[AttachmentFactory(message=ticket.messages.get()).pk])
    as_clerk = signed_in(clerk)
    assert as_clerk.get(address(ticket)).status_code == 403
    assert as_clerk.get(file).status_code == 403
    clerk.user_permissions.add(Permission.objects.get(codename="view_ticket"))
    assert as_clerk.get(address(ticket)).status_code == 200
    assert as_clerk.post(address(ticket), form(ticket, reply="x")).status_code == 403
