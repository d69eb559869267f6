"""The servers of a trial: reachable from any folder, shared by processes, gone with the last of them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from selfcare.embedded import BASE_DIR
from selfcare.embedded.places import LONGEST, make_private, socket_dir

HOLD = "from selfcare import embedded; print(embedded.database_url(fsync='off'), flush=True); input()"
EMPTY = "from selfcare import embedded; embedded.database_url(); embedded.empty_database()"


def run(code: str, var: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  # the code above
        [sys.executable, "-c", code],
        cwd=BASE_DIR,
        env={**os.environ, "SELFCARE_VAR": str(var)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def is_up(var: Path) -> bool:
    return (var / "postgres" / "postmaster.pid").exists()


def test_a_short_plain_folder_keeps_its_socket() -> None:
    home = Path("/tmp") / f"sc-{os.getpid()}"  # noqa: S108  # short, and removed below
    assert socket_dir(home) == home
    home.rmdir()


@pytest.mark.parametrize("name", ["x" * LONGEST, "with space", "naïve", "100%"])
def test_other_folders_get_a_short_private_one(tmp_path: Path, name: str) -> None:
    folder = socket_dir(tmp_path / name)
    assert folder != tmp_path / name
    assert len(str(folder)) < 60
    assert folder.stat().st_mode & 0o777 == 0o700
    assert socket_dir(tmp_path / name) == folder
    folder.rmdir()


def test_a_folder_put_there_by_someone_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(RuntimeError, match="belongs to another user"):
        make_private(tmp_path / "link", owner=os.geteuid())


def test_the_last_one_out_stops_the_server(tmp_path: Path) -> None:
    var = tmp_path / "a var with spaces"
    var.mkdir()
    first, second = run(HOLD, var), run(HOLD, var)
    assert first.stdout
    assert second.stdout
    assert first.stdout.readline() == second.stdout.readline() != ""
    first.communicate("\n", timeout=30)
    assert is_up(var)
    reset = run(EMPTY, var)
    assert "the portal is running" in reset.communicate(timeout=30)[1]
    second.communicate("\n", timeout=30)
    assert not is_up(var)
    alone = run(EMPTY, var)
    assert "Error" not in alone.communicate(timeout=30)[1]
    assert alone.returncode == 0
    assert not is_up(var)
    shutil.rmtree((var / "postgres").resolve())  # as root it lies outside of tmp_path
