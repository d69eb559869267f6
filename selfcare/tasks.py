"""What runs by the clock on the ground floor."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from selfcare import mail, sms
from selfcare.models import history

MAILS_A_ROUND = 200


@shared_task
def send_mail() -> None:
    """Sends what waits in the outbox."""
    mail.send_due(now=timezone.now(), limit=MAILS_A_ROUND)


@shared_task
def send_sms() -> None:
    """Sends the text messages that wait."""
    sms.send_due(now=timezone.now(), limit=MAILS_A_ROUND)


@shared_task
def forget_states() -> None:
    """Drops what rows were longer ago than an undo reaches."""
    history.forget(before=timezone.now() - timedelta(days=settings.HISTORY_DAYS))


@shared_task
def tidy() -> None:
    """Drops sessions that are over and cached values that have expired."""
    call_command("clearsessions")
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    table = connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])
    with connection.cursor() as cursor:  # Django's database cache drops rows only when it is full
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [timezone.now()])  # noqa: S608  # our own setting
