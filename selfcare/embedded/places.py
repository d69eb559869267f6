"""Where a server's socket can lie: the operating system limits its path to about 100 bytes."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

LONGEST = 103  # bytes, sun_path of macOS without the closing zero; Linux has 107
PLAIN = re.compile(r"[\w./-]+", re.ASCII)  # other characters would need escaping, differently for each reader


def socket_dir(home: Path, *, owner: int | None = None) -> Path:
    """`home` itself when a socket in it has a usable address, else a private folder elsewhere.

    The folder is made, readable by `owner` (default: us) alone. `RuntimeError`: someone else's lies there.
    """
    owner = os.geteuid() if owner is None else owner
    if usable(home):
        folder = home
    else:
        mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"selfcare-{owner}-{mark}"
        if not usable(folder):  # macOS gives each user a long temp folder
            folder = Path("/tmp") / folder.name  # noqa: S108  # private: made below, and refused if not ours
    make_private(folder, owner=owner)
    return folder


def usable(folder: Path) -> bool:
    """Whether sockets in `folder` have a short and plain address."""
    path = str(folder / ".s.PGSQL.5432")
    return len(os.fsencode(path)) <= LONGEST and PLAIN.fullmatch(path) is not None


def make_private(folder: Path, *, owner: int) -> None:
    """Make `folder`, if need be, for `owner` alone; `RuntimeError` when it is a link or someone else's."""
    try:
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        pass
    else:
        if owner != os.geteuid():
            os.chown(folder, owner, -1)
    found = folder.lstat()
    if folder.is_symlink() or found.st_uid != owner:
        raise RuntimeError(f"{folder} belongs to another user; remove it.")
    if found.st_mode & 0o077:
        folder.chmod(0o700)
