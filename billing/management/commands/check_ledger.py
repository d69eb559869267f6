"""Proves that balances, daily totals and external ids agree with the ledger's rows."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from billing.queries.checks import differences


class Command(BaseCommand):
    help = "Compare every balance, daily total and external id with the ledger; exit code 1 if any differs."

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for sentence in differences():
            found += 1
            self.stdout.write(sentence)
        if found:
            self.stderr.write(f"{found} differences.")
            sys.exit(1)
        self.stdout.write("The ledger agrees with all balances, daily totals and external ids.")
