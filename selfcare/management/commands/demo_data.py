"""`manage.py demo_data`: fill an empty database with the demo; refused where real customers could be."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from selfcare.demo.everything import make_everything
from selfcare.models import Customer


class Command(BaseCommand):
    help = "Fill an empty database with the demo: Northwind Telecom, three customers, 13 months of calls."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are customers")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.TRIAL:
            raise CommandError("Demo data has known passwords. It is made in a trial only: set DEBUG=1.")
        if Customer.objects.exists():
            if options["if_empty"]:
                return
            raise CommandError("There are customers already. To begin anew: make demo-reset.")
        make_everything(now=timezone.now(), say=self.stdout.write)
