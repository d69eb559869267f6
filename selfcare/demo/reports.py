"""The demo's reports: those of the last period, one that EasyCall asked for, and one that failed."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from billing.models import Service, XdrReport
from billing.operations.reports import Wish, make_waiting, open_automatic, request_report
from selfcare.demo.people import People


def make_reports(people: People, *, now: datetime) -> None:
    """Asked for by the acts of the portal; made when the demo is stored, since COPY sees only what is stored."""
    open_automatic(now=now)
    week = Wish(start=now - timedelta(days=7), end=now, services=(Service.CALLS,))
    request_report(user=people.alice, customer=people.easycall, wish=week, now=now)
    failed_report(people, now=now)
    transaction.on_commit(partial(make_waiting, clock=timezone.now))


def failed_report(people: People, *, now: datetime) -> None:
    """One that met a full disk yesterday."""
    at = now - timedelta(days=1)
    XdrReport.objects.create(
        customer=people.easycall,
        kind=XdrReport.Kind.REQUESTED,
        state=XdrReport.State.FAILED,
        reason=XdrReport.Reason.DISK_FULL,
        period_start=at - timedelta(days=90),
        period_end=at,
        time_zone=people.easycall.time_zone,
        requested_by=people.alice,
        requested_at=at,
        made_at=at,
        kept_until=at + timedelta(days=395),
        tries=1,
        turn=1,
    )
