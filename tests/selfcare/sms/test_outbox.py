"""The outbox of text messages: once for each key, not too many to a number, never handed over twice."""

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from selfcare import sms
from selfcare.models import OutgoingSms
from selfcare.sms import outbox
from selfcare.sms.ways import ByLog, NotTaken, Unsure
from selfcare.sms_provider import Provider
from tests.factories import OutgoingSmsFactory
from tests.parallel import parallel

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
TO = "+12125550177"
CONTEXT = {"line": {"account_id": "12125550101"}, "numbers": [{"number": "+44 20", "undo": "https://x.example/1"}]}
State = OutgoingSms.State


@pytest.fixture(autouse=True)
def countries(settings):
    settings.SMS = Provider(countries=("US", "GB"))


def post(key, *, to=TO, now=NOW, customer=None):
    sms.post(template="forwarding_abroad", context=CONTEXT, to=to, key=key, customer=customer, now=now)


class Way(ByLog):
    """A provider that answers as it was told, and remembers whom it was given."""

    def __init__(self, *answers):
        self.answers, self.given = list(answers), []

    def send(self, message):
        self.given.append(message.pk)
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer


@pytest.fixture
def provider(monkeypatch):
    way = Way()
    monkeypatch.setattr(outbox, "way", lambda: way)
    return way


@pytest.mark.django_db
def test_a_message_is_a_row_once():
    post("a")
    post("a")
    row = OutgoingSms.objects.get()
    assert row.body.startswith("Calls to 12125550101 now go to +44 20 Not you? Take it back: https://x.example/1")
    assert "\n" not in row.body


@pytest.mark.django_db
def test_nobody_has_us_send_too_many_to_a_number():
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
def test_nor_to_the_numbers_beside_it():
    for number in range(40):
        post(f"neighbour {number}", to=f"+1212555{number:04}")
    assert OutgoingSms.objects.count() == 20
    post("elsewhere", to="+12125560001")
    post("later", to="+12125550041", now=NOW + timedelta(hours=1, minutes=1))
    assert OutgoingSms.objects.count() == 22


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("listed", "to", "sent"),
    [
        (("US", "GB"), "+442079460000", 1),
        (("US", "GB"), "+4930123456", 0),
        (("US",), "+18765550123", 0),  # Jamaica shares the code 1
        ((), TO, 1),  # the customer's own country
        ((), "+442079460000", 0),
    ],
)
def test_it_goes_to_allowed_countries_only(settings, easycall, listed, to, sent):
    settings.SMS = Provider(countries=listed)
    post("a", to=to, customer=easycall)
    assert OutgoingSms.objects.count() == sent


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_moment_have_no_more_sent(provider):
    """The count in `post` is made without a lock; what is one too many is put aside before it is sent."""
    parallel([lambda n=n: post(f"at once {n}") for n in range(8)])
    OutgoingSmsFactory.create_batch(3, to=TO, created_at=NOW)  # as if all eight had found room
    sms.send_due(now=NOW, limit=20)
    states = sorted(OutgoingSms.objects.values_list("state", flat=True))
    assert len(provider.given) == states.count("sent") == 3
    assert set(states) == {"sent", "withheld"}


@pytest.mark.django_db
def test_what_surely_was_not_taken_is_tried_again_and_given_up(provider):
    provider.answers = [NotTaken("HTTP 503")] * 9
    row = OutgoingSmsFactory()
    assert sms.send_due(now=NOW, limit=10) == 0
    assert sms.send_due(now=NOW, limit=10) == 0  # not yet
    assert len(provider.given) == 1
    for number in range(1, 9):
        sms.send_due(now=NOW + timedelta(minutes=16 * number), limit=10)
    assert len(provider.given) == sms.MAX_TRIES
    row.refresh_from_db()
    assert (row.state, row.sent_at, row.last_error) == (State.GIVEN_UP, None, "HTTP 503")


@pytest.mark.django_db
def test_what_may_have_been_taken_is_never_sent_again(provider):
    provider.answers = [Unsure("ReadTimeout")]
    row = OutgoingSmsFactory()
    for number in range(3):
        assert sms.send_due(now=NOW + timedelta(days=number), limit=10) == 0
    row.refresh_from_db()
    assert (row.state, len(provider.given)) == (State.UNSURE, 1)


@pytest.mark.django_db
def test_nor_is_what_a_worker_had_in_hand_when_it_died(provider):
    provider.answers = [KeyboardInterrupt()]
    OutgoingSmsFactory()
    with pytest.raises(KeyboardInterrupt):
        sms.send_due(now=NOW, limit=10)
    assert OutgoingSms.objects.get().state == State.SENDING
    assert sms.send_due(now=NOW + timedelta(days=1), limit=10) == 0
    assert len(provider.given) == 1


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_moment_send_each_message_once(provider):
    OutgoingSmsFactory.create_batch(3, created_at=NOW)
    sent = parallel([lambda: sms.send_due(now=NOW, limit=10)] * 4)
    assert sum(sent) == 3
    assert sorted(provider.given) == sorted(set(provider.given))


@pytest.mark.django_db(transaction=True)
def test_without_the_mark_they_would_send_it_twice(provider, monkeypatch):
    """The twin: the same workers, each of which reads what is due and locks nothing."""
    row = OutgoingSmsFactory(created_at=NOW)
    monkeypatch.setattr(outbox, "take", lambda now: None if provider.given.count(row.pk) > 1 else row)
    sms.send_due(now=NOW, limit=10)
    assert len(provider.given) == 2


@pytest.mark.django_db
@pytest.mark.parametrize("is_trial", [True, False])
def test_without_a_provider_only_a_trial_writes_the_text_to_its_log(settings, is_trial):
    settings.TRIAL = is_trial
    row = OutgoingSmsFactory(body="Take it back: https://x.example/secret")
    with capture_logs() as written:
        assert sms.send_due(now=NOW, limit=10) == 1
    row.refresh_from_db()
    assert row.sent_at == NOW
    (entry,) = [each for each in written if each["event"] == "sms"]
    assert ("secret" in str(entry)) is is_trial
    assert "+12125550199" not in str(entry)
