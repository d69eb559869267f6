"""What happens to a ticket, and who hears of it."""

import errno
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from selfcare.errors import Refused
from selfcare.models import AuditEvent, Brand, OutgoingMail, Role
from tests.factories import CategoryFactory, TicketFactory, UserFactory
from tests.tickets.files import GOOD, upload
from tickets import operations, queries
from tickets.models import Attachment, Message, Ticket, attachment_path
from tickets.uploads import checked

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
Status = Ticket.Status


@pytest.fixture
def brand(db) -> Brand:
    return Brand.objects.create(name="Northwind Telecom", support_email="support@northwind.example")


@pytest.fixture
def ticket(brand, alice) -> Ticket:
    return TicketFactory(customer=alice.customer, requestor=alice, subject="No <dial> tone & noise")


def mails() -> dict[str, OutgoingMail]:
    """The waiting mails by their only recipient."""
    return {mail.to[0]: mail for mail in OutgoingMail.objects.all()}


def test_opening_tells_both_sides_in_plain_text(brand, alice):
    alice.customer.bcc = "archive@easycall.example"
    alice.customer.save()
    ticket = operations.open_ticket(
        customer=alice.customer,
        user=alice,
        subject="No <dial> tone\r\nBcc: x@example.com",
        category=CategoryFactory(),
        text="Since <Monday> & before.",
        about="1212555",
        now=NOW,
    )
    assert (ticket.status, ticket.created_at, ticket.updated_at) == (Status.NEW, NOW, NOW)
    assert ticket.subject == "No <dial> tone Bcc: x@example.com"
    customer, staff = mails()[alice.email], mails()["support@northwind.example"]
    assert f"[#{ticket.pk}]" in customer.subject
    assert "<dial>" in customer.subject
    assert "Since <Monday> & before." in customer.body
    assert f"/tickets/{ticket.pk}/" in customer.body
    assert f"/admin/tickets/ticket/{ticket.pk}/change/" in staff.body
    assert "/admin/" not in customer.body
    assert customer.bcc == ["archive@easycall.example"]
    assert staff.bcc == []
    assert AuditEvent.objects.filter(customer=alice.customer, action="add", record_id=str(ticket.pk)).exists()


def test_the_requestor_reads_mails_even_when_a_colleague_writes(ticket, bob):
    operations.reply(ticket=ticket, user=bob, text="Me too", now=LATER)
    assert set(mails()) == {ticket.requestor.email, "support@northwind.example"}
    assert "Me too" in mails()[ticket.requestor.email].body


def test_a_requestor_who_left_gets_no_mail_his_company_does(ticket, bob):
    ticket.requestor.is_active = False
    ticket.requestor.save()
    operations.reply(ticket=ticket, user=bob, text="Me too", now=LATER)
    assert set(mails()) == {ticket.customer.email, "support@northwind.example"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.NEW, Status.NEW),
        (Status.OPEN, Status.OPEN),
        (Status.STALLED, Status.OPEN),
        (Status.RESOLVED, Status.OPEN),
        (Status.REJECTED, Status.OPEN),
    ],
)
def test_a_reply_of_the_customer_opens_what_was_closed(ticket, alice, before, after):
    Ticket.objects.filter(pk=ticket.pk).update(status=before)
    operations.reply(ticket=ticket, user=alice, text="Still silent", now=LATER)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.updated_at) == (after, LATER)


@pytest.mark.parametrize("status", [Status.OPEN, Status.STALLED, Status.RESOLVED, Status.REJECTED])
def test_staff_answer_and_say_how_the_ticket_stands(ticket, dora, status):
    operations.staff_reply(ticket=ticket, staff=dora, text="Try again", status=status, now=LATER)
    ticket.refresh_from_db()
    assert (ticket.status, ticket.updated_at) == (status, LATER)
    assert "Try again" in mails()[ticket.requestor.email].body
    assert set(mails()) == {ticket.requestor.email, "support@northwind.example"}
    assert [m.from_staff for m in queries.visible_messages()] == [True]


def test_an_answer_leaves_the_ticket_waiting_for_the_customer(ticket, dora):
    operations.staff_reply(ticket=ticket, staff=dora, text="Try again", now=LATER)
    ticket.refresh_from_db()
    assert ticket.status == Status.STALLED


@pytest.mark.parametrize("status", [Status.NEW, "deleted"])
def test_a_ticket_cannot_become_new_again(ticket, dora, status):
    with pytest.raises(Refused):
        operations.staff_reply(ticket=ticket, staff=dora, text="x", status=status, now=LATER)
    with pytest.raises(Refused):
        operations.set_status(ticket=ticket, staff=dora, status=status, now=LATER)
    assert not Message.objects.exists()


def test_an_internal_comment_leaves_no_trace_for_the_customer(ticket, dora):
    before = ticket.updated_at
    operations.comment_internally(ticket=ticket, staff=dora, text="He never pays", now=LATER)
    ticket.refresh_from_db()
    assert ticket.updated_at == before
    assert not OutgoingMail.objects.exists()
    assert not AuditEvent.objects.exists()
    assert not queries.visible_messages().exists()
    assert not queries.matching(Ticket.for_customer(ticket.customer), "never pays").exists()


def test_closing_and_reopening_are_refused_twice_and_told_once(ticket, alice):
    operations.close(ticket=ticket, user=alice, now=NOW)
    with pytest.raises(Refused):
        operations.close(ticket=ticket, user=alice, now=LATER)
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert OutgoingMail.objects.count() == 2
    operations.reopen(ticket=ticket, user=alice, now=LATER)
    with pytest.raises(Refused):
        operations.reopen(ticket=ticket, user=alice, now=LATER)
    ticket.refresh_from_db()
    assert ticket.status == Status.OPEN
    assert OutgoingMail.objects.count() == 4
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == ["close", "reopen"]


def test_staff_tell_of_closing_without_a_word_but_not_of_every_move(ticket, dora):
    operations.set_status(ticket=ticket, staff=dora, status=Status.OPEN, now=NOW)
    assert not OutgoingMail.objects.exists()
    operations.set_status(ticket=ticket, staff=dora, status=Status.REJECTED, now=LATER)
    assert OutgoingMail.objects.count() == 2
    operations.set_status(ticket=ticket, staff=dora, status=Status.REJECTED, now=LATER)
    assert OutgoingMail.objects.count() == 2


def test_files_lie_under_generated_names(ticket, alice):
    files = [checked(upload(name, content)) for name, content in list(GOOD.items())[:5]]
    message = operations.reply(ticket=ticket, user=alice, text="See", files=files, now=LATER)
    attachments = list(message.attachments.all())
    assert [a.name for a in attachments] == [f.name for f in files]
    assert all(a.name not in a.file.name for a in attachments)
    with attachments[0].file.open() as kept:
        assert kept.read() == GOOD["photo.png"]


@pytest.fixture
def full_disk(monkeypatch) -> list[str]:
    """The second file meets a full disk after half of it is written."""
    saved: list[str] = []
    save = default_storage.save

    def failing(name: str, content: object) -> str:
        saved.append(save(name, content))
        if len(saved) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return saved[-1]

    monkeypatch.setattr(default_storage, "save", failing)
    return saved


def test_a_full_disk_refuses_the_act_and_leaves_nothing_behind(ticket, alice, full_disk):
    files = [checked(upload(name, GOOD[name])) for name in ("photo.png", "notes.txt")]
    with pytest.raises(Refused) as refusal:
        operations.reply(ticket=ticket, user=alice, text="See", files=files, now=LATER)
    assert refusal.value.field == "files"
    assert len(full_disk) == 2
    assert not any(default_storage.exists(path) for path in full_disk)
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()
    assert not OutgoingMail.objects.exists()


def test_every_path_is_a_new_one(ticket):
    attachment = Attachment(message=Message(ticket=ticket))
    paths = {attachment_path(attachment, "../../x.html") for _ in range(100)}
    assert len(paths) == 100
    assert all(path.startswith(f"tickets/{ticket.pk}/") and ".." not in path for path in paths)


def test_the_user_of_a_line_sees_his_own_tickets_only(ticket, alice):
    line_user = UserFactory(customer=alice.customer, role=Role.LINE_USER)
    own = TicketFactory(customer=alice.customer, requestor=line_user)
    assert list(queries.visible_tickets(alice.customer, line_user)) == [own]
    assert queries.visible_tickets(alice.customer, alice).count() == 2
    assert not queries.visible_tickets(None, alice).exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_closing_at_once_close_once(alice):
    ticket = TicketFactory(customer=alice.customer, requestor=alice)
    start, refused = threading.Barrier(2, timeout=10), []

    def work() -> None:
        start.wait()
        try:
            operations.close(ticket=ticket, user=alice, now=NOW)
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(refused) == 1
    assert AuditEvent.objects.filter(action="close").count() == 1
