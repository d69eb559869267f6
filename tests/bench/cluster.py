"""A PostgreSQL of its own, with data that survives a power failure as in production; it is thrown away afterwards."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from selfcare.embedded.postgres import Cluster

NAME, EMPTY = "bench", "bench_empty"
# Nothing but the bench itself shall be at work while it measures.
SETTINGS = {
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "1h",
    "max_parallel_workers_per_gather": "1",
}


@contextmanager
def throw_away() -> Iterator[Cluster]:
    """A running cluster without databases of ours."""
    home = Path(tempfile.mkdtemp(prefix="selfcare-bench-"))
    cluster = Cluster(home / "postgres")
    try:
        cluster.start(**SETTINGS)
        yield cluster
    finally:
        cluster.release()
        shutil.rmtree(cluster.data, ignore_errors=True)
        shutil.rmtree(home)


def address(cluster: Cluster, database: str = NAME) -> str:
    return f"postgres://postgres@/{database}?host={quote(str(cluster.socket_dir))}"


def create(cluster: Cluster, database: str, *, like: str = "template1") -> None:
    run(cluster, "createdb", "--template", like, database, database="")


def run(cluster: Cluster, program: str, *arguments: str, database: str = NAME) -> str:
    """What one of PostgreSQL's client programs writes; CalledProcessError if it fails."""
    where = ["--host", str(cluster.socket_dir), "--username", "postgres"]
    command = [cluster.programs / program, *where, *arguments, *filter(None, [database])]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603
