"""What billing does by the clock: load by id, one operation, nothing else."""

from celery import shared_task
from django.utils import timezone

from billing.operations import ledger


@shared_task
def make_partitions() -> None:
    """Months of the ledger are made ahead of time."""
    ledger.make_months(now=timezone.now())
