"""The portal served by gunicorn as in production, and how the bench speaks to it."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from django.conf import settings
from django.test import Client

from selfcare.embedded import BASE_DIR
from selfcare.models import User

HOST = "127.0.0.1"
READY_SECONDS = 60
PART = 256 * 1024


@dataclass(frozen=True, slots=True)
class Site:
    """A running portal; `cookies` are those of a signed-in user."""

    port: int
    master: int
    cookies: str

    @property
    def workers(self) -> list[int]:
        return [child.pid for child in psutil.Process(self.master).children()]

    def get(self, path: str) -> bytes:
        """The body of the page; `RuntimeError` for any answer but 200."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        connection.request("GET", path, headers={"Cookie": self.cookies})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status}")
        return body

    def asked(self, path: str) -> socket.socket:
        """The connection on which the answer to a request comes; the server closes it at the end."""
        door = socket.create_connection((HOST, self.port), timeout=300)
        head = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nCookie: {self.cookies}\r\nConnection: close\r\n\r\n"
        door.sendall(head.encode())
        return door

    def drain(self, path: str) -> int:
        """Fetch the page and keep nothing of it but its size."""
        size, part = 0, bytearray(PART)
        with self.asked(path) as door:
            while count := door.recv_into(part):
                size += count
        return size

    def rate(self, path: str, *, connections: int, seconds: float, signed_in: bool = True) -> float:
        """Requests a second."""
        words = (HOST, self.port, path, self.cookies if signed_in else "", connections, seconds)
        command = [sys.executable, str(Path(__file__).with_name("load.py")), *map(str, words)]
        return float(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)  # noqa: S603


def cookies_of(user: User) -> str:
    client = Client()
    client.force_login(user, backend="selfcare.backends.WithCustomer")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


@contextmanager
def served(user: User, *, workers: int) -> Iterator[Site]:
    """The portal with so many processes of four threads each; it is stopped afterwards."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    environment = os.environ | {"PORT": str(port), "HOST": HOST, "WEB_CONCURRENCY": str(workers)}
    # A process that ends after so many requests, as in production, would do so within one measurement.
    command = ["-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--max-requests", "0", "selfcare.wsgi"]
    process = subprocess.Popen([sys.executable, *command], cwd=BASE_DIR, env=environment)  # noqa: S603
    site = Site(port, process.pid, cookies_of(user))
    try:
        wait_for(site, process)
        yield site
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(site: Site, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            site.get("/bench/hello/")
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
