"""What the import commands share: the file of rejects."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

from billing.ingest.records import Reject
from selfcare.export import csv_cell

DONE, REJECTED = 0, 3


class RejectFile:
    """A CSV file of rejected lines that comes into being with the first of them."""

    def __init__(self, path: Path | str) -> None:
        self.path, self.count = Path(path), 0
        self._file: IO[str] | None = None

    def add(self, rejects: Iterable[Reject]) -> None:
        """Write the rejects down; CommandError when the file cannot be written."""
        for reject in rejects:
            if self._file is None:
                self._file = self._open()
            csv.writer(self._file).writerow([reject.line, csv_cell(reject.reason), csv_cell(reject.text)])
            self.count += 1

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _open(self) -> IO[str]:
        try:
            file = self.path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"cannot write the rejects to {self.path}: {error}") from error
        csv.writer(file).writerow(["line", "reason", "text"])
        return file
