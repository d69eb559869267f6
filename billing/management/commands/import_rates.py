"""Brings a tariff to the prices of a rate deck: `manage.py import_rates FILE --tariff NAME`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from billing.management.reports import DONE, REJECTED, RejectFile
from billing.operations.rates import RateChanges, find_or_make_tariff, replace_rates
from billing.rating.deck import read_csv, read_rows
from billing.rating.deck_cells import DeckReject, RateRow
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
        parser.add_argument("--effective", type=self._day, help="day (UTC) for rows without a date; else now")
        parser.add_argument("--dry-run", action="store_true", help="change nothing, tell what would change")
        parser.add_argument("--rejects", type=Path, help="where rejected lines go; else FILE.rejects.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        effective: datetime = options["effective"] or timezone.now()
        try:
            rows = list(self._read(path))  # before the transaction, which must not wait for a slow disk
            with transaction.atomic():
                tariff = find_or_make_tariff(options["tariff"], currency=options["currency"])
                changes = replace_rates(rows, tariff=tariff, effective=effective, dry_run=options["dry_run"])
                transaction.set_rollback(options["dry_run"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        except (OSError, BadZipFile, InvalidFileException) as error:
            raise CommandError(f"cannot read {path}: {error}") from error
        self._tell(changes, dry_run=options["dry_run"])
        rejects = RejectFile(options["rejects"] or path.with_name(f"{path.name}.rejects.csv"))
        rejects.add(changes.rejects)
        rejects.close()
        if rejects.count:
            self.stderr.write(f"{rejects.count} lines rejected; the reasons are in {rejects.path}")
            sys.exit(REJECTED)

    def _day(self, text: str) -> datetime:
        return datetime.combine(date.fromisoformat(text), time(), tzinfo=UTC)

    def _read(self, path: Path) -> Iterator[RateRow | DeckReject]:
        if path.suffix.lower() == ".xlsx":
            book = load_workbook(path, read_only=True, data_only=True)
            yield from read_rows(book.worksheets[0].iter_rows(values_only=True), zone=UTC)
            book.close()
        else:
            with path.open("rb") as file:
                yield from read_csv(file, zone=UTC)

    def _tell(self, changes: RateChanges, *, dry_run: bool) -> None:
        if dry_run:
            self.stdout.write("Nothing is changed. This would happen:")
        for word in ("added", "changed", "removed", "unchanged"):
            self.stdout.write(f"{word:>10} {getattr(changes, word):>8}")
        if changes.kept:
            self.stdout.write(
                f"{changes.kept} prefixes that the file does not name stay as they are, because lines were rejected."
            )
