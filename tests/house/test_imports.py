"""Which way imports point: the contracts of pyproject.toml."""

import subprocess
import sys

from selfcare.embedded import BASE_DIR


def test_import_contracts_hold():
    check = "from importlinter.cli import lint_imports; import sys; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(  # noqa: S603  # our own interpreter and words
        [sys.executable, "-c", check], cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
