"""`make bench`: measures the speed of what must be fast, in a database of its own, as ratios within one run."""

from __future__ import annotations

import argparse
import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()

from selfcare.embedded import BASE_DIR  # noqa: E402  # Django must be set up before its models are imported
from tests.bench.data import throw_away  # noqa: E402
from tests.bench.measure import report  # noqa: E402
from tests.bench.subjects import SUBJECTS  # noqa: E402


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=300_000, help="rows in the ledger; a fifth is one customer's")
    wanted = arguments.parse_args()
    with throw_away(wanted.rows) as world:
        figures = [figure for subject in SUBJECTS for figure in subject(world)]
    print(report(figures, BASE_DIR / "bench.json"))  # noqa: T201
    return 0 if all(figure.ok for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
