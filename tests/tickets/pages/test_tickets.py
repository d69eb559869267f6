"""The pages of tickets as people use them."""

import errno

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from selfcare.models import OutgoingMail
from tests.factories import AttachmentFactory, CategoryFactory, MessageFactory, TicketFactory
from tests.people import signed_in
from tests.tickets.files import BAD, GOOD, upload
from tickets.models import Attachment, Message, Ticket

LIST, ADD = "/tickets/", "/tickets/add/"
Status = Ticket.Status


@pytest.fixture
def ticket(alice) -> Ticket:
    ticket = TicketFactory(customer=alice.customer, requestor=alice, subject="No dial tone")
    MessageFactory(ticket=ticket, text="Silent since Monday.")
    return ticket


def address(name: str, ticket: Ticket) -> str:
    return reverse(f"tickets:{name}", args=[ticket.pk])


def words(response) -> str:
    return response.content.decode()


def fields(**changes: object) -> dict[str, object]:
    given = {"subject": "No dial tone", "category": CategoryFactory().pk, "priority": 2, "text": "Since Monday."}
    return given | changes


def test_the_list_has_the_columns_of_the_manual(as_alice, ticket):
    page = words(as_alice.get(LIST))
    for head in ("#", "Subject", "Status", "Created", "Last Updated", "Requestors", "Create Ticket"):
        assert head in page
    assert "No dial tone" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=new", True),
        ("status=resolved", False),
        ("status=not_closed", True),
        ("text=DIAL", True),
        ("text=monday", True),
        ("text=secret", False),
        ("text=%23{pk}", True),
        ("text={pk}&status=new", True),
        ("text=99999999999999999999999999", False),
        ("status=nonsense", True),
    ],
)
def test_filters(as_alice, ticket, query, found):
    MessageFactory(ticket=ticket, text="secret", from_staff=True, internal=True)
    page = words(as_alice.get(f"{LIST}?{query.format(pk=ticket.pk)}"))
    assert (f'href="{address("ticket", ticket)}"' in page) is found


@pytest.mark.parametrize("column", ["number", "subject", "status", "created_at", "updated_at", "requestor"])
def test_every_column_sorts(as_alice, ticket, column):
    assert as_alice.get(f"{LIST}?sort=-{column}").status_code == 200


def test_the_list_asks_the_database_as_often_for_three_as_for_one(as_alice, ticket, alice):
    as_alice.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as one:
        as_alice.get(LIST)
    for _ in range(2):
        TicketFactory(customer=alice.customer)
    with CaptureQueriesContext(connection) as three:
        as_alice.get(LIST)
    assert len(one) == len(three)


def test_the_page_asks_as_often_for_three_messages_as_for_one(as_alice, ticket):
    AttachmentFactory(message=ticket.messages.get())
    as_alice.get(address("ticket", ticket))
    with CaptureQueriesContext(connection) as one:
        as_alice.get(address("ticket", ticket))
    for _ in range(2):
        AttachmentFactory(message=MessageFactory(ticket=ticket))
    with CaptureQueriesContext(connection) as three:
        as_alice.get(address("ticket", ticket))
    assert len(one) == len(three)


def test_a_ticket_is_opened_with_files_and_answered(as_alice, alice):
    page = words(as_alice.get(f"{ADD}?about=Invoice+2026-0007"))
    assert "Invoice 2026-0007" in page
    files = [upload(name, GOOD[name]) for name in ("photo.png", "notes.txt")]
    response = as_alice.post(ADD, fields(about="Invoice 2026-0007", files=files), follow=True)
    ticket = Ticket.objects.get()
    assert response.redirect_chain[-1][0] == address("ticket", ticket)
    assert (ticket.customer, ticket.requestor, ticket.about) == (alice.customer, alice, "Invoice 2026-0007")
    page = words(response)
    assert "photo.png" in page
    assert "Since Monday." in page
    response = as_alice.post(
        address("ticket", ticket), {"text": "And noise", "files": [upload("more.txt", b"x")]}, follow=True
    )
    assert words(response).index("Since Monday.") < words(response).index("And noise")
    assert Attachment.objects.count() == 3


def test_forged_fields_are_ignored(as_alice, alice, charlie):
    as_alice.post(ADD, fields(customer=charlie.customer_id, requestor=charlie.pk, status="resolved"))
    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.requestor, ticket.status) == (alice.customer, alice, Status.NEW)


@pytest.mark.parametrize("name", [name for name in BAD if name.partition(".")[0]])
def test_a_bad_file_is_named_and_the_text_kept(as_alice, name):
    response = as_alice.post(ADD, fields(text="My long story", files=[upload(name, BAD[name])]))
    assert response.status_code == 200
    assert name in words(response)
    assert "My long story" in words(response)
    assert "choose your files again" in words(response)
    assert not Ticket.objects.exists()


def test_five_files_are_enough(as_alice):
    response = as_alice.post(ADD, fields(files=[upload(f"{n}.txt", b"x") for n in range(6)]))
    assert "At most 5 files" in words(response)
    as_alice.post(ADD, fields(files=[upload(f"{n}.txt", b"x") for n in range(5)]))
    assert Attachment.objects.count() == 5


def test_other_errors_remind_of_the_files(as_alice, ticket):
    response = as_alice.post(address("ticket", ticket), {"text": " ", "files": [upload("notes.txt", b"x")]})
    assert "choose your files again" in words(response)
    assert Message.objects.count() == 1


def test_a_full_disk_is_explained_and_the_text_kept(as_alice, ticket, monkeypatch):
    def full(name: str, content: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    response = as_alice.post(address("ticket", ticket), {"text": "My long story", "files": [upload("a.txt", b"x")]})
    assert response.status_code == 200
    assert "could not be stored" in words(response)
    assert "My long story" in words(response)
    assert Message.objects.count() == 1
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 20_001, "nul\0byte"])
def test_bad_text_is_refused(as_alice, ticket, text):
    response = as_alice.post(address("ticket", ticket), {"text": text})
    assert response.status_code == 200
    assert "There is a problem" in words(response)
    assert Message.objects.count() == 1


def test_the_text_is_shown_as_text(as_alice, ticket):
    MessageFactory(ticket=ticket, text="<script>alert(1)</script>")
    ticket.about = "javascript:alert(1)"
    ticket.save()
    page = words(as_alice.get(address("ticket", ticket)))
    assert "<script>alert(1)" not in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize(("about", "linked"), [("/billing/", True), ("//evil.example/", False), ("/\\evil", False)])
def test_the_pointer_is_a_link_only_inside_the_portal(as_alice, ticket, about, linked):
    Ticket.objects.filter(pk=ticket.pk).update(about=about)
    assert (f'<a href="{about}"' in words(as_alice.get(address("ticket", ticket)))) is linked


def test_closing_and_reopening(as_alice, ticket):
    page = words(as_alice.post(address("close", ticket), follow=True))
    assert "was closed" in page
    assert "closed already" in words(as_alice.post(address("close", ticket), follow=True))
    assert "open again" in words(as_alice.post(address("reopen", ticket), follow=True))
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN


def test_looking_at_the_address_of_a_button_changes_nothing(as_alice, ticket):
    for name in ("close", "reopen"):
        assert as_alice.get(address(name, ticket))["Location"] == address("ticket", ticket)
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW


def test_internal_comments_are_nowhere(as_alice, ticket):
    comment = MessageFactory(ticket=ticket, text="He never pays", from_staff=True, internal=True)
    attachment = AttachmentFactory(message=comment)
    assert "never pays" not in words(as_alice.get(address("ticket", ticket)))
    assert as_alice.get(reverse("tickets:attachment", args=[attachment.pk])).status_code == 404


def test_an_attachment_is_a_download_that_can_do_nothing(as_alice, ticket):
    attachment = AttachmentFactory(message=ticket.messages.get(), name='Über "uns".csv')
    response = as_alice.get(reverse("tickets:attachment", args=[attachment.pk]))
    assert b"".join(response.streaming_content) == b"a,b\n1,2\n"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%9Cber")
    assert response["Content-Type"] == "text/csv"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert "no-store" in response["Cache-Control"]


def test_a_file_that_is_gone_from_the_disk_is_not_found(as_alice, ticket):
    attachment = AttachmentFactory(message=ticket.messages.get())
    attachment.file.storage.delete(attachment.file.name)
    assert as_alice.get(reverse("tickets:attachment", args=[attachment.pk])).status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "head", "options", "put"])
def test_a_stranger_finds_nothing(as_charlie, ticket, method):
    attachment = AttachmentFactory(message=ticket.messages.get())
    for name in ("ticket", "close", "reopen"):
        assert getattr(as_charlie, method)(address(name, ticket)).status_code == 404
    assert getattr(as_charlie, method)(reverse("tickets:attachment", args=[attachment.pk])).status_code == 404
    ticket.refresh_from_db()
    assert ticket.status == Status.NEW
    assert "No dial tone" not in words(as_charlie.get(LIST))


def test_bob_looks_and_does_not_touch(as_bob, ticket):
    attachment = AttachmentFactory(message=ticket.messages.get())
    page = words(as_bob.get(address("ticket", ticket)))
    assert "Silent since Monday." in page
    assert "Send reply" not in page
    assert "Create Ticket" not in words(as_bob.get(LIST))
    file = as_bob.get(reverse("tickets:attachment", args=[attachment.pk]))
    assert b"".join(file.streaming_content) == b"a,b\n1,2\n"
    assert as_bob.get(ADD).status_code == 403
    for path in (ADD, address("ticket", ticket), address("close", ticket), address("reopen", ticket)):
        assert as_bob.post(path, {"text": "x"}).status_code == 403
    assert Message.objects.count() == 1


def test_nobody_is_sent_to_the_login(client, ticket):
    for path in (LIST, ADD, address("ticket", ticket), address("close", ticket), "/tickets/attachments/1/"):
        assert client.get(path)["Location"].startswith("/accounts/login/")


def test_the_tab_leads_here_and_help_is_there(as_alice):
    page = words(as_alice.get(LIST))
    assert 'href="/tickets/" aria-current="true"' in page
    assert "A good ticket" in page


def test_the_download_of_the_list(as_alice, ticket):
    text = b"".join(as_alice.get(f"{LIST}?format=csv").streaming_content).decode()
    assert "No dial tone" in text


def test_a_hidden_page_is_not_found(alice, ticket, as_alice):
    from_class = alice.customer.customer_class
    assert from_class is None
    hide(alice.customer)
    assert signed_in(alice).get(LIST).status_code == 404
    assert signed_in(alice).get(address("ticket", ticket)).status_code == 404


def hide(customer) -> None:
    customer.customer_class = (
        type(customer)
        ._meta.get_field("customer_class")
        .related_model.objects.create(name="No tickets", hidden_pages=["tickets:list"])
    )
    customer.save()
