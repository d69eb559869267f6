"""A recording is played by its customer only, in any part, under a name that nobody typed."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile

from centrex.models import CallRecording
from tests.factories import LineFactory, UserFactory
from tests.people import signed_in

SOUND = bytes(range(256)) * 40
pytestmark = pytest.mark.django_db


@pytest.fixture
def recording(easycall, settings, tmp_path) -> CallRecording:
    settings.MEDIA_ROOT = tmp_path
    found = CallRecording(
        customer=easycall,
        call_id="c-1",
        line=LineFactory(customer=easycall, account_id='12125550100"; x'),
        started_at=datetime(2026, 11, 15, 17, 30, 5, tzinfo=UTC),
        status="ready",
    )
    found.file.save("whatever.wav", ContentFile(SOUND))
    return found


def get(client, recording, *, query="", **headers):
    return client.get(f"/centrex/recordings/{recording.pk}/{query}", headers=headers)


def body(answer) -> bytes:
    found = b"".join(answer.streaming_content)
    answer.close()
    return found


def test_the_whole_sound_comes_with_its_type(as_alice, recording):
    answer = get(as_alice, recording)
    assert (answer.status_code, body(answer)) == (200, SOUND)
    assert answer["Content-Type"] in ("audio/x-wav", "audio/wav", "audio/vnd.wave")
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("inline")


def test_a_download_is_named_by_time_and_line(as_alice, recording):
    answer = get(as_alice, recording, query="?download=1")
    assert answer["Content-Disposition"] == 'attachment; filename="2026-11-15-123005-12125550100-x.wav"'
    assert body(answer) == SOUND


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=5000-", 5000, 10240),
        ("bytes=-10", 10230, 10240),
        ("bytes=10239-99999", 10239, 10240),
    ],
)
def test_a_part_is_exactly_that_part(as_alice, recording, asked, start, end):
    answer = get(as_alice, recording, Range=asked)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {start}-{end - 1}/10240"
    assert answer["Content-Length"] == str(end - start)
    assert body(answer) == SOUND[start:end]


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=9-3", "bytes=-0"])
def test_a_part_outside_is_refused(as_alice, recording, asked):
    answer = get(as_alice, recording, Range=asked)
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */10240")


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=x"])
def test_a_range_that_is_none_gives_the_whole(as_alice, recording, asked):
    answer = get(as_alice, recording, Range=asked)
    assert (answer.status_code, body(answer)) == (200, SOUND)


def test_nobody_else_hears_it(as_charlie, client, easycall, recording):
    assert get(as_charlie, recording).status_code == 404
    assert get(client, recording).status_code == 302
    clerk = signed_in(UserFactory(customer=easycall, role="billing_manager"))
    assert get(clerk, recording).status_code == 403


def test_one_that_is_not_ready_or_has_lost_its_file_is_not_there(as_alice, recording):
    recording.file.storage.delete(recording.file.name)
    assert get(as_alice, recording).status_code == 404
    CallRecording.objects.update(status="converting")
    assert get(as_alice, recording).status_code == 404


def test_a_file_that_is_no_sound_is_never_run(as_alice, recording):
    recording.file.save("page.html", ContentFile(b"<script>"))
    answer = get(as_alice, recording)
    assert answer["Content-Type"] == "application/octet-stream"
    body(answer)
