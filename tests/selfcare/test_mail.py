"""The outbox: nothing is lost, nothing is sent twice, nothing gets into the headers."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction

from selfcare import mail
from selfcare.models import MailAttachment, OutgoingMail

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def put(key: str = "one", **changes: object) -> OutgoingMail:
    mail.put(**({"to": ["alice@example.com"], "subject": "Hello", "body": "Text\n", "key": key} | changes))
    return OutgoingMail.objects.get(key=key)


@pytest.fixture
def refused_port(settings) -> None:
    """A mail server's address at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = probe.getsockname()[1]
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"


class SlowBackend(EmailBackend):
    """Takes mails like the test backend, but long enough for two workers to meet."""

    meeting = threading.Barrier(2, timeout=10)

    def open(self) -> None:
        self.meeting.wait()


@pytest.mark.django_db
def test_a_due_mail_is_sent_once(mailoutbox):
    row = put()
    assert mail.send_due(now=NOW, limit=10) == 1
    assert mail.send_due(now=NOW + timedelta(days=2), limit=10) == 0
    row.refresh_from_db()
    assert row.sent_at == NOW
    assert [message.subject for message in mailoutbox] == ["Hello"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_the_same_moment_send_each_mail_once(settings):
    settings.EMAIL_BACKEND = "tests.selfcare.test_mail.SlowBackend"
    put("one")
    put("two")
    django_mail.outbox = []
    counts: list[int] = []

    def work() -> None:
        try:
            counts.append(mail.send_due(now=NOW, limit=1))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert counts == [1, 1]
    assert len({message.extra_headers["Message-ID"] for message in django_mail.outbox}) == 2
    assert not OutgoingMail.objects.filter(sent_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_another_worker_is_taking_is_left_to_it():
    row = put()
    seen: list[object] = []

    def look() -> None:
        try:
            seen.append(mail.take(now=NOW))
        finally:
            connection.close()

    with transaction.atomic():
        OutgoingMail.objects.select_for_update().get(pk=row.pk)
        other = threading.Thread(target=look)
        other.start()
        other.join(timeout=10)
    assert seen == [None]


@pytest.mark.django_db
def test_a_refused_connection_loses_nothing_and_is_tried_again_ever_later(refused_port, settings, mailoutbox):
    first, second = put("one"), put("two")
    waits, now = [], NOW
    for _attempt in range(mail.MAX_TRIES):
        assert mail.send_due(now=now, limit=1) == 0
        OutgoingMail.objects.filter(pk=second.pk).update(next_try_at=NOW + timedelta(days=365))
        first.refresh_from_db()
        waits.append(first.next_try_at - now)
        now = first.next_try_at
    minutes = [int(wait.total_seconds() // 60) for wait in waits]
    assert minutes == [1, 5, 30, 120, 360, 1440, 1440, 1440, 1440, 1440]
    assert "ConnectionRefusedError" in first.last_error
    assert mail.send_due(now=now, limit=1) == 0
    first.refresh_from_db()
    assert first.tries == mail.MAX_TRIES
    assert first.sent_at is None

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail.send_due(now=NOW + timedelta(days=366), limit=10) == 1, "the second mail still has tries left"
    second.refresh_from_db()
    assert second.last_error == ""


@pytest.mark.django_db
def test_a_server_that_is_away_costs_one_try_a_round_not_one_a_mail(refused_port):
    rows = [put(f"mail {number}") for number in range(3)]
    mail.send_due(now=NOW, limit=10)
    assert sorted(OutgoingMail.objects.filter(pk__in=[r.pk for r in rows]).values_list("tries", flat=True)) == [0, 0, 1]


@pytest.mark.django_db
def test_one_bad_address_does_not_hold_up_the_mails_behind_it(mailoutbox):
    bad = put("bad", to=["alice@example.com\nBcc: everybody@example.com"])
    put("good")
    assert mail.send_due(now=NOW, limit=10) == 1
    bad.refresh_from_db()
    assert bad.sent_at is None
    assert bad.last_error
    assert [message.to for message in mailoutbox] == [["alice@example.com"]]


@pytest.mark.django_db
def test_a_crash_after_sending_repeats_the_same_message_id(mailoutbox, monkeypatch):
    put()
    with monkeypatch.context() as crash:
        crash.setattr(OutgoingMail, "save", died_after_sending(OutgoingMail.save))
        with pytest.raises(KeyboardInterrupt):
            mail.send_due(now=NOW, limit=10)
    assert mail.send_due(now=NOW + timedelta(minutes=1), limit=10) == 0, "it is still the dead worker's"
    assert mail.send_due(now=NOW + mail.LEASE, limit=10) == 1
    assert len(mailoutbox) == 2
    assert len({message.message()["Message-ID"] for message in mailoutbox}) == 1


def died_after_sending(save):
    def saving(row: OutgoingMail, **kwargs: object) -> None:
        if row.sent_at:
            raise KeyboardInterrupt
        save(row, **kwargs)

    return saving


@pytest.mark.django_db
@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r", "\u2028", "\x0b"])
def test_line_ends_in_a_subject_never_become_headers(ends, mailoutbox):
    put(subject=f"Hello{ends}Bcc: everybody@example.com{ends}{ends}text")
    assert mail.send_due(now=NOW, limit=10) == 1
    message = mailoutbox[0].message()
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: everybody@example.com text"
    assert mailoutbox[0].recipients() == ["alice@example.com"]


@pytest.mark.django_db
def test_the_same_key_is_one_mail():
    put("invoice 7", subject="First")
    put("invoice 7", subject="Second")
    assert OutgoingMail.objects.values_list("subject", flat=True).get() == "First"


@pytest.mark.django_db
def test_the_customers_copy_goes_out_unseen(easycall, mailoutbox):
    easycall.bcc = "archive@example.com"
    put(customer=easycall)
    mail.send_due(now=NOW, limit=10)
    assert set(mailoutbox[0].recipients()) == {"alice@example.com", "archive@example.com"}
    assert "archive@example.com" not in mailoutbox[0].message().as_string()


# Attachments


@pytest.mark.django_db
def test_a_file_goes_with_its_mail_and_its_copy_goes_afterwards(
    mailoutbox, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    attached = [mail.Attached("fax.pdf", "application/pdf", b"%PDF-1.7")]
    row = put(attached=attached)
    put(attached=attached)  # once for each key
    kept = MailAttachment.objects.get()
    assert kept.file.name.startswith("mail/")
    with django_capture_on_commit_callbacks(execute=True):
        assert mail.send_due(now=NOW, limit=10) == 1
    assert [tuple(each) for each in mailoutbox[0].attachments] == [("fax.pdf", b"%PDF-1.7", "application/pdf")]
    assert not MailAttachment.objects.exists()
    assert not kept.file.storage.exists(kept.file.name)
    put(attached=attached)
    row.refresh_from_db()
    assert row.sent_at == NOW
    assert not MailAttachment.objects.exists()


@pytest.mark.django_db
def test_a_mail_whose_file_is_lost_waits_instead_of_going_without_it(mailoutbox, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    row = put(attached=[mail.Attached("fax.pdf", "application/pdf", b"%PDF-1.7")])
    kept = MailAttachment.objects.get()
    kept.file.storage.delete(kept.file.name)
    assert mail.send_due(now=NOW, limit=10) == 0
    row.refresh_from_db()
    assert "FileNotFoundError" in row.last_error
    assert mailoutbox == []
