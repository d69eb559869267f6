"""What billing does by the clock: load by id, one operation, nothing else."""

from __future__ import annotations

from functools import partial

import structlog
from celery import Task, shared_task
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from billing.operations import (
    autopay,
    billing_run,
    dunning,
    invoice_mails,
    ledger,
    methods,
    papers,
    payments,
    provider_events,
    reconciliation,
    refunds,
    reports,
    spending,
    statistics,
    subscriptions,
)

log = structlog.get_logger(__name__)


@shared_task
def make_partitions() -> None:
    """Months of the ledger are made ahead of time."""
    ledger.make_months(now=timezone.now())


@shared_task
def charge_subscriptions() -> None:
    """Fees that are due."""
    subscriptions.charge_due(now=timezone.now())


@shared_task
def run_billing() -> None:
    """Invoices of billing periods that are over."""
    for invoice in billing_run.run(now=timezone.now()).issued:
        make_paper_soon(invoice.pk)


@shared_task
def mail_invoices() -> None:
    """Mails of invoices that have none yet."""
    invoice_mails.mail_waiting(now=timezone.now())


@shared_task
def remind_and_block() -> None:
    """Steps of dunning that are due, and the end of those whose invoice is paid."""
    dunning.remind_and_block(now=timezone.now())


@shared_task
def send_statistics() -> None:
    """Mails about billing periods that have closed."""
    statistics.send_due_statistics(now=timezone.now())


@shared_task
def watch_spending() -> None:
    """Limits that are nearly used up, and money that is low."""
    spending.watch(now=timezone.now())


@shared_task
def process_webhook(event_id: int) -> None:
    """A stored event of the payment provider, right after it came."""
    provider_events.process_event(event_id=event_id, now=timezone.now())


@shared_task
def process_webhooks() -> None:
    """Stored events that nobody has processed yet."""
    provider_events.process_waiting(now=timezone.now())


@shared_task
def settle_payments() -> None:
    """Payments that are open for too long are asked about."""
    payments.settle_due(now=timezone.now())


@shared_task
def settle_refunds() -> None:
    """Refunds of which the provider has not told the end."""
    refunds.settle_refunds(now=timezone.now())


@shared_task
def compare_payments() -> None:
    """The nightly comparison of providers, payments and ledger."""
    reconciliation.compare_payments(now=timezone.now())


@shared_task
def settle_methods() -> None:
    """Visits to the page for storing that nobody told us the end of, and what was removed here but not there yet."""
    methods.settle_setups(now=timezone.now())
    methods.detach_removed(now=timezone.now())


@shared_task
def cancel_orphans() -> None:
    """Charges at the provider that a crash left unconfirmed."""
    payments.cancel_orphans(now=timezone.now())


@shared_task
def pay_automatically() -> None:
    """Invoices and thresholds whose time has come, and tries that are to be gone on with."""
    now = timezone.now()
    autopay.find_due(now=now)
    autopay.resume_replaced(now=now)
    autopay.try_due(now=now)


@shared_task
def tell_of_expiring_cards() -> None:
    """Stored cards that end soon."""
    autopay.tell_of_expiring(now=timezone.now())


@shared_task
def make_report(report_id: int) -> None:
    """A report, right after somebody asked for it."""
    reports.make_report(report_id=report_id, clock=timezone.now)


@shared_task
def make_reports() -> None:
    """Reports that nobody has made yet, or whose worker died."""
    reports.make_waiting(clock=timezone.now)


@shared_task
def open_period_reports() -> None:
    """The reports of periods that have ended."""
    reports.open_automatic(now=timezone.now())


@shared_task
def remove_old_reports() -> None:
    """Reports that were kept long enough."""
    reports.remove_old(now=timezone.now())


@shared_task
def make_paper(invoice_id: int) -> None:
    """The PDF of an invoice, right after the invoice was made."""
    papers.make_paper(invoice_id=invoice_id)


@shared_task
def make_papers() -> None:
    """The PDFs of invoices that have none yet."""
    papers.make_waiting()
    papers.tidy(now=timezone.now())


def make_report_soon(report_id: int) -> None:
    """Have it made as soon as it is stored; without the broker the clockwork finds it within seconds."""
    transaction.on_commit(partial(_hand_on, make_report, report_id))


def make_paper_soon(invoice_id: int) -> None:
    """The same for the PDF of an invoice."""
    transaction.on_commit(partial(_hand_on, make_paper, invoice_id))


def _hand_on(task: Task, record: int) -> None:
    try:
        task.delay(record)
    except OperationalError as trouble:
        log.warning("task_waits_for_clockwork", task=task.name, record=record, error=str(trouble))
