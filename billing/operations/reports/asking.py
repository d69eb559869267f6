"""A person asks for a report, stops it, has it tried again, or deletes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from billing.models import XdrReport
from billing.models.report import NAME_LENGTH
from billing.operations.reports.storing import KEPT, files_of, remove
from centrex.models import Line
from selfcare.errors import Refused
from selfcare.models import AuditEvent, Customer, User

MOST_OPEN = 10  # of one customer; whoever presses again and again fills no disk
State = XdrReport.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: [start, end), of whom, of which services (none named: of all), in which formats."""

    start: datetime
    end: datetime
    line: Line | None = None
    customer_only: bool = False
    services: tuple[int, ...] = ()
    failed_too: bool = False
    csv: bool = True
    pdf: bool = True
    byte_order_mark: bool = True
    tell_by_mail: bool = False

    @property
    def whose(self) -> XdrReport.Whose:
        if self.line is not None:
            return XdrReport.Whose.LINE
        return XdrReport.Whose.CUSTOMER if self.customer_only else XdrReport.Whose.ALL


@transaction.atomic
def request_report(*, user: User, customer: Customer, wish: Wish, now: datetime) -> XdrReport:
    """Have a report made, in the words and the time zone of `user`; Refused while too many are open."""
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)
    if XdrReport.for_customer(customer).filter(state__in=XdrReport.OPEN).count() >= MOST_OPEN:
        raise Refused(_("%(most)s of your reports are being made already. Wait for one of them.") % {"most": MOST_OPEN})
    report = XdrReport.objects.create(
        customer=customer,
        kind=XdrReport.Kind.REQUESTED,
        period_start=wish.start,
        period_end=wish.end,
        whose=wish.whose,
        line=wish.line,
        line_name=str(wish.line or "")[:NAME_LENGTH],
        services=sorted(wish.services),
        failed_too=wish.failed_too,
        wants_csv=wish.csv,
        wants_pdf=wish.pdf,
        byte_order_mark=wish.byte_order_mark,
        time_zone=timezone.get_current_timezone_name(),
        language=translation.get_language() or "en",
        date_format=user.date_format,
        requested_by=user,
        requested_at=now,
        tell_by_mail=wish.tell_by_mail,
    )
    AuditEvent.write(user=user, action="add", record=report)
    return report


@transaction.atomic
def cancel_report(*, user: User, report: XdrReport, now: datetime) -> None:
    """Stop it; a worker who is at it notices with his next word about the progress. Refused when it has ended."""
    current = locked(report)
    if not current.is_open:
        raise Refused(_("This report is not being made any more."))
    current.state, current.taken_until, current.not_before = State.CANCELLED, None, None
    current.kept_until = now + KEPT
    current.save(update_fields=["state", "taken_until", "not_before", "kept_until"])
    AuditEvent.write(user=user, action="cancel", record=current)


@transaction.atomic
def retry_report(*, user: User, report: XdrReport) -> None:
    """Have one that failed or was stopped made from the beginning; Refused for any other."""
    current = locked(report)
    if current.state not in (State.FAILED, State.CANCELLED):
        raise Refused(_("Only a report that failed or was cancelled can be made again."))
    current.state, current.reason = State.WAITING, ""
    current.tries, current.rows_done, current.rows_total = 0, 0, 0
    current.save(update_fields=["state", "reason", "tries", "rows_done", "rows_total"])
    AuditEvent.write(user=user, action="retry", record=current)


@transaction.atomic
def delete_report(*, user: User, report: XdrReport) -> None:
    """Let it and its files go; Refused for the report of a period, which is kept, and for one that is being made."""
    current = locked(report)
    if current.kind == XdrReport.Kind.AUTOMATIC:
        raise Refused(_("The report of a period is kept for 13 months; it cannot be deleted before."))
    if current.is_open:
        raise Refused(_("This report is being made. Cancel it first."))
    AuditEvent.write(user=user, action="delete", record=current)
    names = files_of(current)
    current.delete()
    transaction.on_commit(partial(remove, names))


def locked(report: XdrReport) -> XdrReport:
    """The report as it is now, for this transaction alone."""
    current = XdrReport.objects.select_for_update(of=("self",)).filter(pk=report.pk).first()
    if current is None:
        raise Refused(_("Somebody deleted this meanwhile."))
    return current
