"""Recordings are deleted once they are older than their line keeps them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from centrex.models import CallRecording, CompanySettings, FeatureSetting
from centrex.operations.recordings import delete_expired, delete_recordings
from centrex.tasks import delete_old_recordings
from selfcare.models import AuditEvent
from tests.factories import CallRecordingFactory, LineFactory

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture
def line(easycall):
    CompanySettings.for_customer(easycall).update(call_recording=True)
    return LineFactory(customer=easycall)


def recording(line, days, **values):
    return CallRecordingFactory(customer=line.customer, line=line, started_at=NOW - timedelta(days=days), **values)


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


def test_a_recording_that_is_chosen_twice_is_deleted_once(alice, line):
    chosen = recording(line, 5, status="ready")
    assert delete_recordings(user=alice, customer=line.customer, ids=[chosen.pk, chosen.pk]) == 1
    assert AuditEvent.objects.filter(action="delete").count() == 1
