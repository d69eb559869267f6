"""What billing does by the clock: load by id, one operation, nothing else."""

from celery import shared_task
from django.utils import timezone

from billing.operations import ledger, payments, provider_events, statistics, subscriptions


@shared_task
def make_partitions() -> None:
    """Months of the ledger are made ahead of time."""
    ledger.make_months(now=timezone.now())


@shared_task
def charge_subscriptions() -> None:
    """Fees that are due."""
    subscriptions.charge_due(now=timezone.now())


@shared_task
def send_statistics() -> None:
    """Mails about billing periods that have closed."""
    statistics.send_due_statistics(now=timezone.now())


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
