"""`manage.py issue_invoices`: makes the invoices of all months that are over."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.operations.billing_run import close_months
from billing.tasks import make_paper_soon
from selfcare.errors import Refused
from selfcare.models import Customer


class Command(BaseCommand):
    help = "Make the invoices of all months that are over and have none yet. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="Only months that end on this day (YYYY-MM-DD) or before; the default is today.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        failed = []
        for customer in Customer.objects.order_by("pk").iterator():
            until = options["until"] or now.astimezone(customer.zone).date()
            try:
                invoices = close_months(customer=customer, until=until, now=now)
            except Refused as refusal:  # one customer's trouble must not keep the others from their invoices
                failed.append(f"{customer}: {refusal.message}")
                continue
            for invoice in invoices:
                make_paper_soon(invoice.pk)
                self.stdout.write(f"{invoice.number}  {customer}  {invoice.total} {invoice.currency}")
        if failed:
            raise CommandError("\n".join(failed))
