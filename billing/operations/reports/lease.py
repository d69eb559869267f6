"""Who makes a report: taking it, saying how far one is, and giving it back or ending it.

A worker has a report under a lease that each word about the progress extends. One that dies leaves it to the next,
which begins anew; one that was taken for dead, or whose report was cancelled, notices by its next word and stops.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet

from billing.models import XdrReport
from billing.operations.reports.storing import KEPT
from billing.operations.reports.telling import tell
from selfcare.models import Customer

log = structlog.get_logger(__name__)

Clock = Callable[[], datetime]
State = XdrReport.State
LEASE = timedelta(minutes=3)
WORD_EVERY = timedelta(seconds=1)
MOST_TRIES = 5
DELAYS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
MOST_AT_ONCE = 2  # of one customer, so that the others have their turn


class Stopped(Exception):
    """The report was cancelled or deleted, or another worker has it."""


class Progress:
    """How far a worker is, written down once a second; every such word extends the lease. Raises Stopped."""

    def __init__(self, report: XdrReport, total: int, *, clock: Clock) -> None:
        self.report, self.total, self.clock = report, total, clock
        self.before = self.done = 0
        self.say()

    def at(self, done: int) -> None:
        """So many rows of the file in hand are done."""
        self.done = done
        if self.clock() - self.said_at >= WORD_EVERY:
            self.say()

    def add(self, rows: int) -> None:
        self.at(self.done + rows)

    def next_file(self, rows: int) -> None:
        """The file in hand, which has so many rows, is whole."""
        self.before, self.done = self.before + rows, 0
        self.say()

    def say(self) -> None:
        self.said_at = self.clock()
        ours = mine(self.report).update(
            rows_done=min(self.before + self.done, self.total),
            rows_total=self.total,
            taken_until=self.said_at + LEASE,
        )
        if not ours:
            raise Stopped


def mine(report: XdrReport) -> QuerySet[XdrReport]:
    """The report, while it is still this worker's."""
    return XdrReport.objects.filter(pk=report.pk, state=State.RUNNING, turn=report.turn)


def due(now: datetime) -> QuerySet[XdrReport]:
    """What waits for its first or next try, and what a worker has had for longer than his lease."""
    waiting = Q(state=State.WAITING) & (Q(not_before=None) | Q(not_before__lte=now))
    left = Q(state=State.RUNNING, taken_until__lte=now)
    return XdrReport.objects.filter(waiting | left)


@transaction.atomic
def take(report_id: int, *, now: datetime) -> XdrReport | None:
    """The report, for this worker alone; None when it is not to be had, was tried too often, or others go before.

    Tried too often are reports that kill the worker: their making never comes to an end that could be written down.
    """
    owner = XdrReport.objects.filter(pk=report_id).values_list("customer", flat=True).first()
    if owner is None:
        return None
    Customer.objects.select_for_update(no_key=True).get(pk=owner)  # two workers must not count at the same time
    rows = due(now).select_related("customer", "line", "requested_by")
    report: XdrReport | None = rows.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None:
        return None
    if report.tries >= MOST_TRIES:
        give_up(report, now=now)
        return None
    running = XdrReport.objects.filter(customer=owner, state=State.RUNNING, taken_until__gt=now)
    if running.count() >= MOST_AT_ONCE:
        return None
    report.state, report.taken_until = State.RUNNING, now + LEASE
    report.tries, report.turn = report.tries + 1, report.turn + 1
    report.rows_done = report.rows_total = 0
    report.save(update_fields=["state", "taken_until", "tries", "turn", "rows_done", "rows_total"])
    return report


@transaction.atomic
def end(report: XdrReport, state: XdrReport.State, *, now: datetime, **found: object) -> bool:
    """Write the result down and tell whoever asked; False when the report is not this worker's any more."""
    values = {"state": state, "taken_until": None, "not_before": None, "made_at": now, "kept_until": now + KEPT}
    if not mine(report).update(**values | found):
        return False
    report.refresh_from_db()
    tell(report)
    return True


def give_up(report: XdrReport, *, now: datetime) -> None:
    """Write down that it cannot be made; inside the caller's transaction, with the row locked."""
    report.state, report.reason = State.FAILED, XdrReport.Reason.GAVE_UP
    report.taken_until, report.not_before = None, None
    report.made_at, report.kept_until = now, now + KEPT
    report.save()
    tell(report)


@transaction.atomic
def put_back(report: XdrReport, trouble: Exception, *, now: datetime) -> None:
    """Try again later, each time after a longer while; after MOST_TRIES it has failed."""
    log.warning("report_put_back", report=report.pk, tries=report.tries, error=f"{type(trouble).__name__}: {trouble}")
    current = mine(report).select_for_update().first()
    if current is None:
        return
    if current.tries >= MOST_TRIES:
        give_up(current, now=now)
        return
    delay = DELAYS[min(current.tries, len(DELAYS)) - 1]
    current.state, current.taken_until, current.not_before = State.WAITING, None, now + delay
    current.save(update_fields=["state", "taken_until", "not_before"])
