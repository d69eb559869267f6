"""Proves that balances, daily totals and external ids agree with the ledger's rows."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from billing.queries.checks import differences

SHOWN = 100


class Command(BaseCommand):
    help = (
        "Compare the balances, daily and monthly totals and external ids of all customers with the rows of the ledger;"
        f" names the first {SHOWN} differences. Exit code 1 if there is any."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for sentence in differences():
            found += 1
            if found <= SHOWN:
                self.stdout.write(sentence)
        if found:
            self.stderr.write(f"{found} differences.")
            sys.exit(1)
        self.stdout.write("The ledger agrees with all balances, daily and monthly totals and external ids.")
