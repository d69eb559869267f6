"""Recordings are deleted once they are older than their line keeps them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from centrex.models import CallRecording, CompanySettings, FeatureSetting
from centrex.operations.line_recording import tell_of_recordings
from centrex.operations.recordings import delete_expired, delete_recordings
from centrex.tasks import delete_old_recordings
from centrex.tasks import tell_of_recordings as tell_of_recordings_task
from selfcare.models import AuditEvent, OutgoingMail
from tests.factories import CallRecordingFactory, LineFactory

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def line(easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)
    return LineFactory(customer=easycall)


def recording(line, days, **values):
    usual = {"customer": line.customer, "line": line, "started_at": NOW - timedelta(days=days)}
    return CallRecordingFactory(**(usual | values))


def test_without_a_limit_nothing_goes(line):
    recording(line, 5000, status="ready")
    delete_old_recordings()
    assert CallRecording.objects.count() == 1


def test_only_what_is_too_old_of_lines_with_a_limit(line, easycall, django_capture_on_commit_callbacks):
    FeatureSetting.objects.create(customer=easycall, line=line, name="recording", values={"keep_days": 30})
    other = LineFactory(customer=easycall)
    old, young = recording(line, 31, status="ready"), recording(line, 29, status="ready")
    waiting, of_other = recording(line, 31), recording(other, 31, status="ready")
    old.file.save("x.wav", ContentFile(b"x"))
    with django_capture_on_commit_callbacks(execute=True):
        assert delete_expired(now=NOW) == 1
    assert set(CallRecording.objects.all()) == {young, waiting, of_other}
    assert not old.file.storage.exists(old.file.name)
    assert AuditEvent.objects.latest("id").changes == {"Recordings": ["1", "too old"]}


# Telling that one is ready


def wants_mail(line, **values):
    told = {"send_by_email": True, "email": "desk@example.com"} | values
    return FeatureSetting.objects.create(customer=line.customer, line=line, name="recording", values=told)


def test_a_recording_that_is_ready_is_told_once(line):
    wants_mail(line)
    fresh = recording(line, 0.1, status="ready", seconds=65)
    waiting = recording(line, 0.1)
    assert tell_of_recordings(now=NOW) == 1
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.subject) == (["desk@example.com"], "Recording of the call of 2026-05-31 17:36")
    assert f"/centrex/lines/{line.pk}/recording/" in mail.body
    assert tell_of_recordings(now=NOW) == 0
    CallRecording.objects.filter(pk=waiting.pk).update(status="ready")
    tell_of_recordings_task()
    fresh.refresh_from_db()
    assert fresh.told_at == NOW


@pytest.mark.parametrize("values", [{"send_by_email": False}, {"email": ""}])
def test_nobody_is_told_who_did_not_ask(line, values):
    wants_mail(line, **values)
    told = recording(line, 0.1, status="ready")
    assert tell_of_recordings(now=NOW) == 0
    told.refresh_from_db()
    assert told.told_at == NOW, "it is not looked at again"
    assert not OutgoingMail.objects.exists()


def test_old_recordings_are_not_told_when_somebody_begins_to_ask(line):
    wants_mail(line)
    recording(line, 3, status="ready")
    recording(line, 0.1, status="ready", customer=line.customer)
    CallRecording.objects.filter(started_at__gt=NOW - timedelta(days=1)).update(line=None)
    assert tell_of_recordings(now=NOW) == 0


def test_a_recording_that_is_chosen_twice_is_deleted_once(alice, line):
    chosen = recording(line, 5, status="ready")
    assert delete_recordings(user=alice, customer=line.customer, ids=[chosen.pk, chosen.pk]) == 1
    assert AuditEvent.objects.filter(action="delete").count() == 1
