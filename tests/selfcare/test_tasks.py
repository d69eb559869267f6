"""Tasks of the ground floor."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from selfcare import mail, tasks
from selfcare.celery import app


def cached_rows() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM selfcare_cache")
        return cursor.fetchone()[0]


def test_the_schedule_names_tasks_that_exist():
    app.loader.import_default_modules()
    ours = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"].startswith("selfcare.")}
    assert ours == {
        "selfcare.tasks.forget_states",
        "selfcare.tasks.send_mail",
        "selfcare.tasks.send_sms",
        "selfcare.tasks.tidy",
    }
    assert ours <= set(app.tasks)


@pytest.mark.django_db
def test_the_task_sends_what_waits(mailoutbox):
    mail.put(to=["alice@example.com"], subject="Hello", body="Text", key="one")
    tasks.send_mail()
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_tidy_drops_what_is_over_and_keeps_the_rest(as_alice, alice, bob):
    past, future = timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1)
    Session.objects.create(session_key="over", session_data="", expire_date=past)
    Session.objects.create(session_key="valid", session_data="", expire_date=future)
    for key in ("over", "valid"):
        UserSession.objects.create(user=bob, session_key=key, ip="127.0.0.1", data={})
    cache.clear()  # browser tests leave rows behind, some of which are over by now
    cache.set("kept", 1, 600)
    cache.set("gone", 1, 600)
    before = cached_rows()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE selfcare_cache SET expires = %s WHERE cache_key LIKE %s", [past, "%gone"])
    tasks.tidy()
    assert not Session.objects.filter(session_key="over").exists()
    assert list(bob.usersession_set.values_list("session_key", flat=True)) == ["valid"]
    assert cached_rows() == before - 1
    assert cache.get("kept") == 1
    assert as_alice.get("/").status_code == 200
