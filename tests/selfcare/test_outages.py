"""A neighbour that fails: the portal says so in its own look, loses nothing, and goes on when the neighbour is back."""

import errno
import hmac
import json
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import OperationalError, close_old_connections, connection
from django.db.backends.utils import CursorWrapper
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse
from django.utils import timezone

from billing import tasks
from billing.gateways.base import Progress, ProviderPayment
from billing.gateways.stripe import Stripe
from billing.models import WebhookEvent
from selfcare import mail
from selfcare.celery import app
from selfcare.models import OutgoingMail
from selfcare.pages import errors
from selfcare.pages.dashboard import Dashboard
from tests.factories import PASSWORD, AttachmentFactory, CategoryFactory, XdrFactory
from tests.house.samples import next_invoice
from tests.house.test_urls import assert_fenced
from tests.people import signed_in
from tests.rows import contents
from tests.tools import require
from tickets.models import Ticket

LOGIN, NOTICES = "/accounts/login/", "/payments/webhooks/stripe/"
SECRETS = ("Traceback", "OperationalError", "psycopg", "SELECT", "selfcare/", ".py")
# Pages that a customer looks at every day.
DAILY = ["dashboard", "profile:general", "centrex:extensions", "centrex:huntgroups", "centrex:lines",
         "billing:transactions", "billing:invoices", "billing:pay", "tickets:list", "tickets:add"]  # fmt: skip
PATIENCE = 3  # seconds


def unraised(user=None) -> Client:
    """A browser: it gets the page of an error, not the exception."""
    client = signed_in(user) if user else Client()
    client.raise_request_exception = False
    return client


def assert_own_page(answer, status: int, words: str) -> None:
    """An error page in the portal's own look that tells nothing of what is behind it."""
    page = answer.content.decode()
    assert answer.status_code == status, page[:500]
    assert words in page
    assert "plain-page" in page
    assert not [secret for secret in SECRETS if secret in page]
    assert_fenced(answer)


def assert_unavailable(answer) -> None:
    assert_own_page(answer, 503, "catching its breath")
    assert int(answer["Retry-After"]) > 0


@pytest.fixture
def no_database(db) -> Iterator[None]:
    """Every statement fails, as it does when the server is gone."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with pytest.MonkeyPatch.context() as patched:  # undone before the test's transaction is
        patched.setattr(CursorWrapper, "execute", refuse)
        patched.setattr(CursorWrapper, "executemany", refuse)
        yield


@pytest.mark.django_db(transaction=True)
def test_terminated_connections_cost_one_request_each(alice):
    client = unraised(alice)
    assert client.get("/").status_code == 200
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.close()
    assert_unavailable(client.get("/"))
    close_old_connections()  # what the server does between two requests; the test client leaves it out
    assert client.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_breaks_inside_a_view(alice, monkeypatch):
    client = unraised(alice)

    def breaks(page, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with monkeypatch.context() as patched:
        patched.setattr(Dashboard, "get_context_data", breaks)
        assert_unavailable(client.get("/"))
    close_old_connections()
    assert client.get("/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_server_that_cannot_be_reached(alice, monkeypatch):
    client = unraised(alice)
    connection.close()
    with monkeypatch.context() as patched:
        patched.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patched.setitem(connection.settings_dict, "PORT", "1")
        for answer in (client.get("/"), unraised().post(LOGIN, {"login": "alice", "password": PASSWORD})):
            assert_unavailable(answer)
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("no_database")
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/", "/tickets/add/", "/no/such/page/", "/admin/", LOGIN])
def test_no_page_needs_the_database_to_say_that_it_is_away(path, method):
    client = unraised()
    client.cookies["sid"] = "a" * 32
    answer = getattr(client, method)(path, {"login": "alice", "password": PASSWORD})
    assert_unavailable(answer)


@pytest.mark.django_db
def test_a_query_that_takes_too_long(alice, monkeypatch):
    def slow(page, **kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(Dashboard, "get_context_data", slow)
    assert_unavailable(unraised(alice).get("/"))


def test_live_asks_no_one_even_with_a_cookie():
    """No database mark: a query would fail this test."""
    client = Client()
    client.cookies["sid"] = "a" * 32
    assert client.get("/health/live").json() == {"status": "ok"}


@pytest.mark.usefixtures("no_database")
def test_ready_says_in_its_own_words_that_the_database_is_away():
    client = unraised()
    client.cookies["sid"] = "a" * 32
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] == "down"


def test_the_pages_of_500_and_503_are_drawn_without_a_database():
    """No database mark: a query would fail this test."""
    request = RequestFactory().get("/")
    assert errors.server_error(request).status_code == 500
    try:
        raise OperationalError
    except OperationalError:
        assert errors.server_error(request).status_code == 503


@pytest.mark.django_db
def test_a_bug_shows_our_page(alice, monkeypatch):
    monkeypatch.setattr(Dashboard, "template_name", "no/such/template.html")
    assert_own_page(unraised(alice).get("/"), 500, "Something went wrong on our side")


@pytest.mark.django_db
def test_bad_requests_show_our_page(alice):
    client = unraised(alice)
    assert_own_page(client.get("/", headers={"host": "evil.example"}), 400, "did not arrive as it should")
    many = {f"field{n}": "" for n in range(2001)}
    assert_own_page(client.post("/tickets/add/", many), 400, "did not arrive as it should")


@pytest.mark.django_db
def test_refusals_show_our_page(bob, alice):
    assert_own_page(unraised(bob).get("/tickets/add/"), 403, "You may not do this")
    assert_own_page(unraised(alice).get("/tickets/999999/"), 404, "does not exist")
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice, backend="selfcare.backends.WithCustomer")
    assert_own_page(client.post("/tickets/add/", {"subject": "x"}), 403, "open for too long")


# --- Redis --------------------------------------------------------------------------------------------


@pytest.fixture(params=["refuses", "hangs"])
def no_broker(request, monkeypatch) -> Iterator[None]:
    """Redis is not there, or it takes the call and says nothing."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if request.param == "hangs":
            server.listen(50)
        for name in ("broker_url", "broker_write_url", "broker_read_url"):
            monkeypatch.setattr(app.conf, name, f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        monkeypatch.setattr(app.amqp, "_producer_pool", None)  # or what is open already would be used
        yield


@pytest.fixture
def provider(monkeypatch) -> str:
    """A payment provider that opens its page at once; its address."""
    page = "https://provider.example/pay"

    def opened(_provider, order):
        amount = sum(amount for _words, amount in order.items)
        return ProviderPayment(
            reference=str(order.payment_id), session_id="cs_1", session_url=page, provider_id="",
            progress=Progress.OPEN, amount=amount, currency=order.currency, label="", failure="",
            refunded=Decimal(0), disputed=Decimal(0),
        )  # fmt: skip

    monkeypatch.setattr(Stripe, "open_page", opened)
    return page


def timed(act: Callable[[], Any]) -> Any:
    """What `act` gives; fails when a person would have lost patience."""
    began = time.monotonic()
    result = act()
    assert time.monotonic() - began < PATIENCE
    return result


@pytest.mark.usefixtures("no_broker")
def test_without_redis_customers_notice_nothing(alice, provider):
    client = Client()
    assert timed(lambda: client.post(LOGIN, {"login": "alice", "password": PASSWORD})).status_code == 302
    for page in DAILY:
        assert timed(lambda page=page: client.get(reverse(page))).status_code == 200
    assert timed(lambda: client.post("/tickets/add/", ticket())).status_code == 302
    assert Ticket.objects.get().subject == "Silent phone"
    paid = timed(lambda: client.post("/billing/pay/", {"payment_id": uuid4(), "method": "card", "amount": "20"}))
    assert paid.url == provider
    ready = timed(lambda: client.get("/health/ready"))
    assert ready.status_code == 200
    assert ready.json() == {"status": "degraded", "database": "ok", "broker": "down"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_broker")
def test_without_redis_a_notice_is_kept_and_found_by_the_clock(settings, monkeypatch):
    notice = {"id": "evt_1", "type": "charge.updated", "data": {"object": {"id": "ch_1", "object": "charge"}}}
    body = json.dumps(notice)
    now = int(time.time())
    secret = settings.STRIPE_WEBHOOK_SECRET = "whsec_of_the_test"
    digest = hmac.new(secret.encode(), f"{now}.{body}".encode(), "sha256").hexdigest()
    signed = {"Stripe-Signature": f"t={now},v1={digest}"}
    answer = timed(lambda: Client().post(NOTICES, body, content_type="application/json", headers=signed))
    assert answer.status_code == 200
    assert WebhookEvent.objects.get().processed_at is None
    later = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: later)
    tasks.process_webhooks()
    assert WebhookEvent.objects.get().processed_at is not None


# --- Mail ---------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_mail_server_resetting_a_password_looks_as_ever_and_the_mail_comes_later(alice, settings, mailoutbox):
    pages = [Client().post("/accounts/password/reset/", {"email": email}) for email in (alice.email, "x@example.com")]
    assert [page.status_code for page in pages] == [302, 302]
    assert pages[0].url == pages[1].url
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_HOST, settings.EMAIL_PORT = nobody.getsockname()
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend"):
            assert timed(lambda: mail.send_due(now=timezone.now(), limit=10)) == 0
    waiting = OutgoingMail.objects.get()
    assert (waiting.to, waiting.sent_at, waiting.tries) == ([alice.email], None, 1)
    assert mail.send_due(now=waiting.next_try_at, limit=10) == 1
    assert [sent.to for sent in mailoutbox] == [[alice.email]]


# --- Disk ---------------------------------------------------------------------------------------------


def ticket(**more: object) -> dict[str, object]:
    """The form of a new ticket, filled in."""
    category = CategoryFactory(name="Fault").pk
    return {"subject": "Silent phone", "category": category, "priority": 2, "text": "Nothing rings.", **more}


def full(*args: object, **kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def full_disk(monkeypatch) -> None:
    monkeypatch.setattr(FileSystemStorage, "_save", full)
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", full)


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_keeps_the_text_and_says_so_at_the_files(as_alice):
    before = contents()
    answer = as_alice.post("/tickets/add/", ticket(files=SimpleUploadedFile("log.txt", b"silence")))
    assert answer.status_code == 200
    assert "could not be stored just now" in str(answer.context["form"].errors["files"])
    assert "Nothing rings." in answer.content.decode()
    assert contents(but=frozenset({"tickets_category"})) == {
        name: state for name, state in before.items() if name != "tickets_category"
    }
    assert as_alice.post("/tickets/add/", ticket()).status_code == 302


@pytest.mark.django_db
def test_a_large_upload_onto_a_full_disk_is_told_to_come_later(alice, monkeypatch):
    """A file over 2 MB goes to the disk before any page of ours is asked."""
    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", full)
    client = unraised(alice)
    assert_unavailable(client.post("/tickets/add/", ticket(files=SimpleUploadedFile("log.txt", b"x" * 3_000_000))))
    assert not Ticket.objects.exists()


@pytest.mark.usefixtures("full_disk")
def test_a_full_disk_hinders_no_document(as_alice, easycall):
    require("pango")
    pdf = as_alice.get(reverse("billing:invoice-pdf", args=[next_invoice(easycall).pk]))
    assert pdf.content.startswith(b"%PDF")
    XdrFactory(customer=easycall)
    for page in ("billing:invoices", "billing:transactions", "centrex:lines", "tickets:list"):
        answer = as_alice.get(reverse(page), {"format": "csv"})
        assert b"".join(answer.streaming_content).count(b"\n") >= 1


@pytest.mark.django_db
def test_a_workbook_that_finds_no_room_is_told_to_come_later(alice, monkeypatch):
    monkeypatch.setattr("selfcare.export.xlsx", full)
    assert_unavailable(unraised(alice).get("/centrex/lines/", {"format": "xlsx"}))


@pytest.mark.django_db
def test_a_file_that_cannot_be_read(alice, easycall, monkeypatch):
    attachment = AttachmentFactory(message__ticket__customer=easycall, message__ticket__requestor=alice)

    def broken(*args: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(FileSystemStorage, "_open", broken)
    assert_unavailable(unraised(alice).get(reverse("tickets:attachment", args=[attachment.pk])))
