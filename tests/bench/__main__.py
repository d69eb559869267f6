"""`make bench`: measures the speed of what must be fast, in a database server of its own, as ratios within one run."""

from __future__ import annotations

import argparse
import os
import signal
import sys

import django
from django.utils.module_loading import import_string

from tests.bench import cluster as server  # needs no Django

ROWS = 2_000_000


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    rows = int(os.environ.get("ROWS") or ROWS)
    arguments.add_argument("--rows", type=int, default=rows, help="calls in the ledger; a tenth is one customer's")
    arguments.add_argument("--only", help="these subjects alone, with commas between")
    arguments.add_argument("--strict", action="store_true", help="exit with 1 if a goal is missed")
    wanted = arguments.parse_args()
    signal.signal(signal.SIGTERM, lambda *_given: sys.exit(1))  # the server is thrown away then too
    with server.throw_away() as cluster:
        server.create(cluster, server.NAME)
        # Django must know the address before it is set up, and so must the portal that is served.
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
            "SELFCARE_TEST_DATABASE_URL": server.address(cluster),
        }
        django.setup()
        run = import_string("tests.bench.subjects.run")
        return int(run(cluster, rows=wanted.rows, only=wanted.only, strict=wanted.strict))


if __name__ == "__main__":
    sys.exit(main())
