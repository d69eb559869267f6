"""The machine's own Chromium for pytest-playwright; none is downloaded."""

import os
from typing import Any

import pytest

from tests.tools import require

ARGUMENTS = [  # most of them, or Chromium calls home at every start
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a microphone that beeps, for a context that may use one
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium has no sandbox of its own for root, nor in a container."""
    require("assets")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": require("chromium"), "args": [*ARGUMENTS, *sandbox]}


@pytest.fixture(scope="session", autouse=True)
def _database_beside_playwright() -> None:
    """Playwright's loop runs in the test's thread, where Django then takes every query for asynchronous."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
