"""Books a file of calls: `manage.py import_xdrs FILE --format asterisk|freeswitch|portal [--customer ID]`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from billing.management.reports import DONE, REJECTED, RejectFile
from billing.operations.imports import READERS, import_calls
from selfcare.errors import Refused
from selfcare.models import Customer


class Command(BaseCommand):
    help = (
        "Book the calls of a file; those without a price are rated. Calls that are booked already stay as they are, so"
        " a file may be "
        f"given again. Exit code {DONE}: all booked; {REJECTED}: some lines were rejected; 1: not begun."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--format", choices=sorted(READERS), required=True)
        parser.add_argument(
            "--customer",
            type=int,
            help="the customer's number in the portal; not needed for a file in the portal's format that has a column"
            " customer",
        )
        parser.add_argument("--zone", help="time zone of the switch, such as Europe/Berlin; else the customer's")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, tell what would happen")
        parser.add_argument("--rejects", type=Path, help="where rejected lines go; else FILE.rejects.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        customer = self._customer(options["customer"])
        rejects = RejectFile(options["rejects"] or path.with_name(f"{path.name}.rejects.csv"))
        try:
            inserted, known = self._import(path, customer, rejects, options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"cannot read {path}: {error}") from error
        finally:
            rejects.close()
        verb = "would be booked" if options["dry_run"] else "booked"
        self.stdout.write(
            f"{inserted} calls {verb}, {known} were booked already, {rejects.count} lines or calls rejected."
        )
        if rejects.count:
            self.stderr.write(f"Rejected lines with their reasons: {rejects.path}")
            sys.exit(REJECTED)

    def _customer(self, number: int | None) -> Customer | None:
        if number is None:
            return None
        customer: Customer | None = Customer.objects.filter(pk=number).first()
        if customer is None:
            raise CommandError(f"there is no customer {number}")
        return customer

    def _import(
        self, path: Path, customer: Customer | None, rejects: RejectFile, options: dict[str, Any]
    ) -> tuple[int, int]:
        with path.open("rb") as file:
            total = sum(1 for _line in file)
        inserted = known = 0
        with path.open("rb") as file, click.progressbar(length=total, label=path.name, file=sys.stderr) as bar:
            for step in import_calls(
                file,
                format=options["format"],
                customer=customer,
                zone=self._zone(options["zone"], customer),
                now=timezone.now(),
                dry_run=options["dry_run"],
            ):
                inserted, known = inserted + step.inserted, known + step.known
                rejects.add(step.rejects)
                bar.update(step.lines)
            bar.update(total)
        return inserted, known

    def _zone(self, name: str | None, customer: Customer | None) -> ZoneInfo:
        try:
            if name:
                return ZoneInfo(name)
            return customer.zone if customer else ZoneInfo("UTC")
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise CommandError(f"there is no time zone {name}; an example is Europe/Berlin") from error
