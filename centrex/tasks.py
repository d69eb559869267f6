"""What the telephone system does by the clock: load by id, one operation, nothing else."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from centrex.operations.sheets import uploads


@shared_task
def drop_old_sheets() -> None:
    """Spreadsheets that somebody uploaded and never applied."""
    uploads.drop_old_uploads(now=timezone.now())
