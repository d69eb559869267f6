"""Brings a tariff to the prices of a rate deck: `manage.py import_rates FILE --tariff NAME`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from billing.management.reports import DONE, REJECTED, RejectFile
from billing.models import Tariff
from billing.operations.rates import RateChanges, find_or_make_tariff, read_deck, replace_rates
from selfcare.errors import Refused


class Command(BaseCommand):
    help = (
        "Read a rate deck (CSV or XLSX; docs/rate-decks.md) into a tariff and print what changed. "
        f"Exit code {DONE}: all read; {REJECTED}: some lines were rejected; 1: not begun."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--tariff", required=True, help="name of the tariff; a new one is made")
        parser.add_argument("--currency", help="of a new tariff, such as EUR")
        parser.add_argument(
            "--effective",
            type=date.fromisoformat,
            help="day (in the tariff's time zone) for rows without a date; else now",
        )
        parser.add_argument("--dry-run", action="store_true", help="change nothing, tell what would change")
        parser.add_argument("--rejects", type=Path, help="where rejected lines go; else FILE.rejects.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        known = Tariff.objects.filter(name=options["tariff"]).first()
        zone = known.zone if known else UTC
        day: date | None = options["effective"]
        effective = datetime.combine(day, time(), tzinfo=zone) if day else timezone.now()
        try:
            rows = read_deck(path.read_bytes(), zone=zone)  # before the transaction, which must not wait for it
            with transaction.atomic():
                tariff = find_or_make_tariff(options["tariff"], currency=options["currency"])
                changes = replace_rates(rows, tariff=tariff, effective=effective, dry_run=options["dry_run"])
                transaction.set_rollback(options["dry_run"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except OSError as error:
            raise CommandError(f"cannot read {path}: {error}") from error
        self._tell(changes, dry_run=options["dry_run"])
        rejects = RejectFile(options["rejects"] or path.with_name(f"{path.name}.rejects.csv"))
        rejects.add(changes.rejects)
        rejects.close()
        if rejects.count:
            self.stderr.write(f"{rejects.count} lines rejected; the reasons are in {rejects.path}")
            sys.exit(REJECTED)

    def _tell(self, changes: RateChanges, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Nothing is changed. This would happen:")
        for word in ("added", "changed", "removed", "unchanged"):
            self.stdout.write(f"{word:>10} {getattr(changes, word):>8}")
        if changes.kept:
            self.stdout.write(
                f"{changes.kept} prefixes that the file does not name stay as they are, because lines were rejected."
            )
