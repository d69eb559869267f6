"""A line's DISA: the PIN, the password before it becomes easier, the lock, and who hears of it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.urls import reverse

from centrex.models import DisaGuard, FeatureSetting
from centrex.operations.disa import failed, succeeded, tried, used
from centrex.queries.features import effective_of
from centrex.queries.plans import plan_of
from centrex.routing.engine import Call, decide
from centrex.routing.features import Disa
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import PASSWORD, DidFactory, ExtensionFactory, LineFactory

NOW = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
PIN = "740961"
OWN = {
    "own": "own", "enabled": "on", "version": 1, "tone": "dialtone", "retries": 3, "lock_after": 5, "digit_seconds": 5,
    "max_digits": 15, "daily_cap": "20.00", "obey_barring": "on",
}  # fmt: skip


@pytest.fixture
def address(line):
    return reverse("centrex:line-disa", args=[line.pk])


@pytest.fixture
def switched_on(as_alice, address, line):
    as_alice.post(address, OWN | {"pin": PIN, "password": PASSWORD})
    assert effective_of(line, Disa).enabled
    OutgoingMail.objects.all().delete()
    line.refresh_from_db()
    return OWN | {"version": line.version}


def test_switching_it_on_asks_for_the_password_and_tells_the_owner(as_alice, address, line):
    assert 'name="password"' not in as_alice.get(address).content.decode()
    asked = as_alice.post(address, OWN | {"pin": PIN})
    assert "Type your password to allow this." in asked.content.decode()
    assert 'name="password"' in asked.content.decode()
    assert PIN not in asked.content.decode()
    assert (
        "This is not your password." in as_alice.post(address, OWN | {"pin": PIN, "password": "wrong"}).content.decode()
    )
    assert not FeatureSetting.objects.exists()
    assert as_alice.post(address, OWN | {"pin": PIN, "password": PASSWORD}).status_code == 302
    values = effective_of(line, Disa).values
    assert check_password(PIN, values.pin_hash)
    notice = OutgoingMail.objects.get()
    assert (notice.to, address in notice.body) == (["alice@example.com"], True)
    assert "alice switched DISA of phone line 12125550101 (Desk 1) on" in notice.body


def test_the_pin_is_never_shown_again(as_alice, address, switched_on):
    page = as_alice.get(address).content.decode()
    assert "A PIN is set." in page
    assert PIN not in page
    assert effective_hash() not in page
    assert all(PIN not in str(event.changes) and "$" not in str(event.changes) for event in AuditEvent.objects.all())


def effective_hash() -> str:
    return str(FeatureSetting.objects.get(name="disa").values["pin_hash"])


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("", "Enter a PIN"),
        ("12345", "six digits"),
        ("7409612", "at most 6"),
        ("٣٤٥٦٧٨", "six digits"),
        ("777777", "repeats itself"),
        ("121212", "repeats itself"),
        ("456789", "in a row"),
        ("987654", "in a row"),
        ("550101", "own number"),
        ("212555", "own number"),
    ],
)
def test_a_weak_pin_is_refused(as_alice, address, pin, words):
    answer = as_alice.post(address, OWN | {"pin": pin, "password": PASSWORD})
    assert words in answer.content.decode()
    assert not FeatureSetting.objects.exists()


LOOSER = [{"pin": "830172"}, {"obey_barring": ""}, {"daily_cap": "21"}, {"daily_cap": ""}, {"retries": 4},
          {"lock_after": 6}]  # fmt: skip
TIGHTER = [{"retries": 2}, {"lock_after": 4}, {"daily_cap": "5"}, {"callers": "+1 917 555 0123"}, {"tone": "ringing"},
           {"digit_seconds": 9}, {"enabled": ""}, {"own": "inherit"}]  # fmt: skip


@pytest.mark.parametrize("change", LOOSER, ids=str)
def test_what_makes_it_easier_asks_again(as_alice, address, switched_on, change):
    assert "password" in as_alice.post(address, switched_on | change).context["form"].errors
    assert as_alice.post(address, switched_on | change | {"password": PASSWORD}).status_code == 302
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize("change", TIGHTER, ids=str)
def test_what_makes_it_safer_does_not(as_alice, address, switched_on, change):
    assert as_alice.post(address, switched_on | change).status_code == 302
    assert not OutgoingMail.objects.exists()


def test_a_longer_list_of_callers_asks_again(as_alice, address, switched_on, line):
    as_alice.post(address, switched_on | {"callers": "+1 917 555 0123"})
    assert effective_of(line, Disa).values.callers == ("19175550123",)
    more = switched_on | {"version": switched_on["version"] + 1, "callers": "(917) 555-0123, +44 20 7946 0000"}
    assert "password" in as_alice.post(address, more).context["form"].errors
    as_alice.post(address, more | {"password": PASSWORD})
    assert effective_of(line, Disa).values.callers == ("19175550123", "442079460000")
    assert "+44 20 7946 0000" in as_alice.get(address).content.decode()


def test_the_engine_obeys_what_was_saved(as_alice, address, line):
    DidFactory(number="12125550199", line=line, customer=line.customer)
    colleague = LineFactory(customer=line.customer, account_id="12125550102")
    ExtensionFactory(customer=line.customer, number="202", line=colleague)
    own = OWN | {
        "pin": PIN,
        "password": PASSWORD,
        "numbers": ["12125550199"],
        "fallback": "202",
        "callers": "+44 20 7946 0000",
    }
    assert as_alice.post(address, own).status_code == 302
    plan = plan_of(line.customer, now=NOW)
    taken = decide(plan, Call("12125550199", caller="442079460000"), NOW)
    assert taken.steps[0].targets[0].address == "disa"
    assert decide(plan, Call("12125550199", caller="4930123456"), NOW).account == colleague.pk
    assert decide(plan, Call("12125550101", caller="442079460000"), NOW).steps[0].targets[0].kind == "line"
    for _try in range(5):
        failed(line=line, caller="442079460000", now=NOW)
    locked = decide(plan_of(line.customer, now=NOW), Call("12125550199", caller="442079460000"), NOW)
    assert "disa.fallback" in [step.code for step in locked.trace]


@pytest.mark.parametrize("fallback", ["+44 20 7946 0000", "299", "911", "201"])
def test_the_fallback_is_a_colleague(as_alice, address, line, fallback):
    ExtensionFactory(customer=line.customer, number="201", line=line)
    answer = as_alice.post(address, OWN | {"pin": PIN, "password": PASSWORD, "fallback": fallback})
    assert "fallback" in answer.context["form"].errors
    assert not FeatureSetting.objects.exists()


def test_wrong_pins_lock_it_and_an_owner_unlocks_it(as_alice, as_bob, as_charlie, address, line, switched_on):
    assert tried(line=line, pin=PIN, caller="19175550123", now=NOW)
    for number in range(4):
        assert not tried(line=line, pin="000000", caller="19175550123", now=NOW + timedelta(minutes=number))
    assert tried(line=line, pin=PIN, caller="19175550123", now=NOW)  # the right one begins anew
    for _try in range(5):
        assert not tried(line=line, pin="000000", caller="", now=NOW)
    assert not tried(line=line, pin=PIN, caller="19175550123", now=NOW)
    notice = OutgoingMail.objects.get()
    assert "5 wrong PINs in a row" in notice.body
    page = as_alice.get(address).content.decode()
    assert "DISA is locked" in page
    assert "Hidden number" in page
    assert "+1 917-555-0123" in page
    assert as_bob.post(address, {"unlock": 1}).status_code == 403
    assert as_charlie.post(address, {"unlock": 1}).status_code == 404
    assert DisaGuard.objects.get().failures == 5
    assert as_alice.post(address, {"unlock": 1}).status_code == 302
    assert "DISA is locked" not in as_alice.get(address).content.decode()
    assert AuditEvent.objects.latest("id").changes == {"Wrong PINs in a row": ["5", "0"]}
    assert tried(line=line, pin=PIN, caller="19175550123", now=NOW)


def test_what_is_off_opens_for_nobody(line):
    assert not tried(line=line, pin="", caller="19175550123", now=NOW)


def test_only_the_last_wrong_pins_are_kept(line):
    for number in range(25):
        failed(line=line, caller=str(number), now=NOW)
    guard = succeeded(line=line, now=NOW)
    assert (guard.failures, len(guard.recent), guard.recent[0]["caller"]) == (0, 20, "24")


def test_use_is_told_once_a_day(alice, line):
    for hours in (0, 1, 6):  # 12:00, 13:00 and 18:00 in New York
        used(line=line, caller="19175550123", number="442079460000", now=NOW + timedelta(hours=hours))
    notice = OutgoingMail.objects.get()
    assert "+1 917-555-0123 entered the PIN" in notice.body
    assert "+44 20 7946 0000" in notice.body
    used(line=line, caller="", number="442079460000", now=NOW + timedelta(hours=12))
    assert OutgoingMail.objects.count() == 2
