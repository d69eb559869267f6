"""Measures the speed of what must be fast: `manage.py bench`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from bench.data import throw_away
from bench.measure import report
from bench.subjects import SUBJECTS


class Command(BaseCommand):
    help = "Measure in a database of its own, print a table and write bench.json; exit code 1 if a target is missed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rows", type=int, default=300_000, help="rows in the ledger; a fifth is one customer's")

    def handle(self, *args: Any, **options: Any) -> None:
        with throw_away(options["rows"]) as world:
            figures = [figure for subject in SUBJECTS for figure in subject(world)]
        self.stdout.write(report(figures, Path(settings.BASE_DIR) / "bench.json"))
        if not all(figure.ok for figure in figures):
            sys.exit(1)
