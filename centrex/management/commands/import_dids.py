"""Puts numbers into the stock: `manage.py import_dids FILE.csv --currency USD`."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from centrex.operations.did_stock import import_stock
from selfcare.errors import Refused
from selfcare.models.customer import validate_currency


class Command(BaseCommand):
    help = (
        "Put new external numbers into the stock, from a CSV file with the columns number,country,city,activation,"
        "monthly and perhaps currency. One wrong line, and none is taken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--currency", default="", help="of lines that name none, such as USD")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if options["currency"]:
                validate_currency(options["currency"])
            with path.open(encoding="utf-8-sig", newline="") as file:
                done = import_stock(file, currency=options["currency"])
        except (Refused, OSError, UnicodeDecodeError, csv.Error) as error:
            raise CommandError(f"{path}: {error}") from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        for trouble in done.errors:
            self.stderr.write(str(trouble))
        if done.errors:
            raise CommandError("Because of these errors nothing was taken into the stock.")
        self.stdout.write(f"Taken into the stock: {done.added}")
