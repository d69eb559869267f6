"""Programs and libraries that some tests need: a named skip, or a failure where all must be there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cffi import FFI

from centrex.sounds.convert import find_ffmpeg
from selfcare.embedded import BASE_DIR, redis


def chromium() -> str | None:
    """Debian's name, Ubuntu's and Google's, and macOS."""
    found = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
    on_macos = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return next(filter(None, found), str(on_macos) if on_macos.is_file() else None)


def pango() -> str | None:
    """The library that WeasyPrint draws text with."""
    for name in ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "/opt/homebrew/lib/libpango-1.0.0.dylib"):
        try:
            FFI().dlopen(name)
        except OSError:
            continue
        return name
    return None


def assets() -> str | None:
    """The front-end parts, as `make test` installs them."""
    folder = BASE_DIR / "node_modules"
    return str(folder) if (folder / "bootstrap").is_dir() else None


TOOLS: dict[str, tuple[Callable[[], str | None], str]] = {
    "assets": (assets, "make test"),
    "chromium": (chromium, "apt-get install chromium"),
    "ffmpeg": (find_ffmpeg, "apt-get install ffmpeg"),
    "pango": (pango, "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
    "pdftoppm": (lambda: shutil.which("pdftoppm"), "apt-get install poppler-utils"),
    "redis": (redis.find_program, "apt-get install redis-server"),
}


def require(tool: str) -> str:
    """Where `tool` of `TOOLS` is; without it skip the test, or fail it under SELFCARE_REQUIRE_TOOLS=1."""
    find, command = TOOLS[tool]
    if found := find():
        return found
    reason = f"{tool} is not here; to install it: {command}"
    if os.environ.get("SELFCARE_REQUIRE_TOOLS") == "1":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
