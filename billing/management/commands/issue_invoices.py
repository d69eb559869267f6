"""`manage.py issue_invoices`: makes the invoices of all billing periods that are over."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.operations.billing_run import run
from billing.tasks import make_paper_soon


class Command(BaseCommand):
    help = "Make the invoices of all billing periods that are over and have none yet. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--until",
            type=date.fromisoformat,
            metavar="DATE",
            help="Only periods that end at the beginning of this day (YYYY-MM-DD) or before, at once; the default is"
            " all that ended an hour ago or earlier.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = run(now=timezone.now(), until=options["until"])
        for invoice in outcome.issued:
            make_paper_soon(invoice.pk)
            self.stdout.write(f"{invoice.number}  {invoice.customer}  {invoice.total} {invoice.currency}")
        if outcome.failed:
            raise CommandError("\n".join(f"{customer}: {words}" for customer, words in outcome.failed))
