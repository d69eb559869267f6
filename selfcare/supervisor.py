"""`make run`: the whole portal in the foreground, with servers of its own where none is configured.

Runs what deploy/Procfile names, so that a trial and production run the same processes; beside them the
payment sandbox where no payment provider is configured. Ctrl-C stops all of it.
"""

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Printer

from selfcare import embedded, environment
from selfcare.embedded import redis

BASE_DIR = embedded.BASE_DIR
READY_SECONDS = 120
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOPPED_BY_US = {130, 143}  # honcho's codes for SIGINT and SIGTERM
SANDBOX = (
    'python -m billing.sandbox --port "$SANDBOX_PORT" --data "$SANDBOX_DATA"'
    ' --webhook "http://127.0.0.1:$PORT/payments/webhooks/stripe/" --webhook-secret "$STRIPE_WEBHOOK_SECRET"'
    ' --paynearme-callback "http://127.0.0.1:$PORT/payments/webhooks/paynearme/"'
    ' --merchant "Northwind Telecom"'
)
DEMO_LOGINS = """
  alice    owner of EasyCall Ltd, pays by invoice in USD
  bob      the same customer, may only look
  berta    owner of its branch, EasyCall Berlin, in EUR
  lena     user of one phone line of EasyCall
  charlie  owner of Lotus Clinic, prepaid
  dora     your own staff, also at {address}admin/
  The password of each is selfcare-demo

Press Ctrl-C to stop."""
PANGO_HELP = {
    "darwin": "brew install pango",
    "linux": "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core",
}


class Foreground(Manager):
    """honcho's manager, which also tells when it has started everything, and can be stopped at any moment."""

    def __init__(self, *, after_start: threading.Thread) -> None:
        super().__init__(Printer(sys.stdout))
        self.after_start = after_start

    def _start(self) -> None:
        super()._start()
        self.after_start.start()  # not earlier: a process with threads should not fork

    def terminate(self) -> None:
        if self._all_started():
            super().terminate()
        else:  # honcho can only stop a process that has told its id already
            threading.Timer(0.1, self.terminate).start()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8000, help="where the portal listens on 127.0.0.1")
    arguments.add_argument("--reset", action="store_true", help="throw the trial's data away, make it anew")
    wanted = arguments.parse_args()
    for number in STOP_SIGNALS:  # SIGINT too: a script may have started us deaf to it
        signal.signal(number, interrupt)
    try:
        environment.read_file(BASE_DIR / ".env")
        os.environ.setdefault("DEBUG", "1")
        if wanted.reset:
            return reset()
        with ExitStack() as servers:
            try:
                return run(wanted.port, servers)
            finally:
                stay_deaf()
    except KeyboardInterrupt:
        return 0
    except subprocess.CalledProcessError as error:
        say(f"\nSelfcare cannot start: {' '.join(error.cmd[1:])} failed; its own words are above.")
        return 1
    except RuntimeError as error:
        print(f"\nSelfcare cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 1


def interrupt(signum: int, frame: FrameType | None) -> None:
    """End of session or a closed terminal: as if Ctrl-C had been pressed."""
    stay_deaf()
    raise KeyboardInterrupt


def stay_deaf() -> None:
    """From here on we tidy up: a second, impatient Ctrl-C must not leave a server behind."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def run(port: int, servers: ExitStack) -> int:
    """Start everything on `port` and stay until asked to stop; the exit code."""
    if not 1024 <= port <= 65000:
        raise RuntimeError(f"PORT must be a number from 1024 to 65000, not {port}.")
    if not is_free(port):
        raise RuntimeError(f"port {port} is taken by another program; try: make run PORT={port + 100}")
    can_print = subprocess.Popen(  # beside the rest: the import takes most of a second
        [sys.executable, "-c", "import weasyprint"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    servers.callback(can_print.wait)
    settings = addresses(port, servers)
    os.environ.update(settings)
    prepare_data()
    return supervise(port, can_print)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def addresses(port: int, servers: ExitStack) -> dict[str, str]:
    """The environment that all processes share; what is configured stays, the rest is started."""
    found = {
        "PORT": str(port),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONUNBUFFERED": "1",
        # Celery warns root in nine lines; in a trial, root runs no one else's code.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "PORTAL_URL": environment.text("PORTAL_URL") or f"http://127.0.0.1:{port}",
    }
    if not environment.secret("STRIPE_SECRET_KEY") and not environment.text("PAYMENT_SANDBOX_URL"):
        sandbox_port = next(free for free in range(port + 1, port + 100) if is_free(free))
        found["PAYMENT_SANDBOX_URL"] = f"http://127.0.0.1:{sandbox_port}"
        found["SANDBOX_PORT"] = str(sandbox_port)
        found["SANDBOX_DATA"] = str(embedded.sandbox_file())
        found["STRIPE_WEBHOOK_SECRET"] = environment.secret("STRIPE_WEBHOOK_SECRET") or embedded.SANDBOX_SECRET
    if not environment.secret("DATABASE_URL"):
        found["DATABASE_URL"] = embedded.database_url()
    if not environment.secret("REDIS_URL"):
        found["REDIS_URL"] = servers.enter_context(redis.running(embedded.var_dir() / "redis"))
    return found


def prepare_data() -> None:
    manage("migrate", "--verbosity", "0")
    if environment.flag("DEBUG"):
        manage("demo_data", "--if-empty")


def reset() -> int:
    """Empty the embedded database and what lies beside it, then make the demo data anew."""
    if environment.secret("DATABASE_URL"):
        raise RuntimeError("DATABASE_URL is set: only the embedded database of a trial is ever thrown away.")
    os.environ["DATABASE_URL"] = embedded.database_url()
    embedded.empty_database()
    for leftover in ("media", "mail"):
        shutil.rmtree(embedded.var_dir() / leftover, ignore_errors=True)
    embedded.sandbox_file().unlink(missing_ok=True)
    prepare_data()
    return 0


def manage(*command: str) -> None:
    # In a session of its own: Ctrl-C reaches us alone, and we end it.
    subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *command], cwd=BASE_DIR, check=True, start_new_session=True
    )


def processes() -> dict[str, str]:
    """What runs: name and command line, as a shell reads it."""
    commands = dict(parse_procfile((BASE_DIR / "deploy" / "Procfile").read_text()).processes)
    if "SANDBOX_PORT" in os.environ:
        commands["sandbox"] = SANDBOX
    return commands


def supervise(port: int, can_print: "subprocess.Popen[bytes]") -> int:
    address = f"http://127.0.0.1:{port}/"
    manager = Foreground(after_start=threading.Thread(target=announce, args=(address, can_print), daemon=True))
    for name, command in processes().items():
        manager.add_process(name, f"exec {command}", cwd=str(BASE_DIR))
    with hang_up_stops():
        manager.loop()
    return 0 if manager.returncode in STOPPED_BY_US else 1


@contextmanager
def hang_up_stops() -> Iterator[None]:
    """honcho listens to SIGINT and SIGTERM; a closed terminal must not leave processes behind either."""
    before = signal.signal(signal.SIGHUP, lambda signum, frame: os.kill(os.getpid(), signal.SIGTERM))
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def announce(address: str, can_print: "subprocess.Popen[bytes]") -> None:
    """Say where the portal is, once it answers."""
    if not wait_until_ready(f"{address}health/ready"):
        say(f"Selfcare has not become ready within {READY_SECONDS} seconds; the lines above say why.")
        return
    if can_print.wait():
        command = PANGO_HELP.get(sys.platform, PANGO_HELP["linux"])
        say(f"Invoices cannot be made as PDF: the Pango library is missing. To install it: {command}")
    say(f"Selfcare is ready at {address}")
    if environment.flag("DEBUG"):
        say(DEMO_LOGINS.format(address=address))


def wait_until_ready(url: str) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  # our own http address
                return json.load(answer)["status"] != "down"
        except (OSError, urllib.error.URLError, ValueError):
            time.sleep(0.2)
    return False


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
