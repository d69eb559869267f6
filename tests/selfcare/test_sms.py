"""The outbox of text messages: once for each key, not too many to a number, and tried again."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from selfcare import sms
from selfcare.models import OutgoingSms
from tests.factories import OutgoingSmsFactory

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TO = "+12125550177"
CONTEXT = {"line": {"account_id": "12125550101"}, "numbers": [{"number": "+44 20", "undo": "https://x.example/1"}]}


def post(key, *, to=TO, now=NOW):
    sms.post(template="forwarding_abroad", context=CONTEXT, to=to, key=key, customer=None, now=now)


@pytest.fixture
def provider(settings, monkeypatch):
    """What was sent to the provider, and how it answers."""
    settings.SMS_URL, settings.SMS_TOKEN = "https://sms.example.net/send", "secret"
    seen = []

    def answer(url, **sent):
        seen.append((url, sent))
        response = requests.Response()
        response.status_code = seen_status[0]
        return response

    seen_status = [200]
    monkeypatch.setattr(sms.requests, "post", answer)
    return seen, seen_status


@pytest.mark.django_db
def test_a_message_is_a_row_once(db):
    post("a")
    post("a")
    row = OutgoingSms.objects.get()
    assert row.body.startswith("Calls to 12125550101 now go to +44 20 Not you? Take it back: https://x.example/1")
    assert "\n" not in row.body


@pytest.mark.django_db
def test_nobody_has_us_send_too_many():
    for number in range(5):
        post(f"hour {number}")
    assert OutgoingSms.objects.count() == 3
    for number in range(12):
        post(f"day {number}", now=NOW + timedelta(hours=1 + number, minutes=1))
    assert OutgoingSms.objects.count() == 10
    post("another number", to="+12125550188")
    post("tomorrow", now=NOW + timedelta(days=2))
    assert OutgoingSms.objects.count() == 12


@pytest.mark.django_db
def test_it_is_posted_to_the_provider(provider):
    row = OutgoingSmsFactory()
    assert sms.send_due(now=NOW, limit=10) == 1
    ((url, sent),) = provider[0]
    assert url == "https://sms.example.net/send"
    assert sent["json"] == {"to": "+12125550199", "text": "Hello", "id": str(row.pk)}
    assert sent["headers"] == {"Authorization": "Bearer secret"}
    assert sms.send_due(now=NOW, limit=10) == 0


@pytest.mark.django_db
def test_it_is_tried_again_and_given_up(provider):
    seen, status = provider
    status[0] = 503
    row = OutgoingSmsFactory()
    assert sms.send_due(now=NOW, limit=10) == 0
    assert sms.send_due(now=NOW, limit=10) == 0  # not yet
    assert len(seen) == 1
    for number in range(1, 6):
        sms.send_due(now=NOW + timedelta(minutes=3 * number), limit=10)
    assert len(seen) == sms.MAX_TRIES
    row.refresh_from_db()
    assert (row.sent_at, row.last_error) == (None, "HTTPError")


@pytest.mark.django_db
def test_without_a_provider_it_is_written_to_the_log():
    row = OutgoingSmsFactory()
    assert sms.send_due(now=NOW, limit=10) == 1
    row.refresh_from_db()
    assert row.sent_at == NOW
