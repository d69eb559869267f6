"""`make shots`: a picture of every page, wide and narrow, light and dark, into shots/.

Walks the running portal by its own links, one page for each address of the URLconf, so that a new page is in the
pictures without being named here. Says which pages are wider than the screen or complain in the console.
Without --url it starts a trial of its own under var/shots.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import django
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, Page, sync_playwright

from selfcare.embedded import BASE_DIR

OUT = BASE_DIR / "shots"
PEOPLE = {"alice": "/", "charlie": "/billing/pay/", "dora": "/admin/"}
# A prepaid customer's pages differ from alice's here only.
DIFFERENT = {"charlie": {"billing-pay", "dashboard"}}
SIZES = {"wide": {"width": 1280, "height": 900}, "narrow": {"width": 360, "height": 780}}
SKIP = ("logout", "download", "pdf", "recording", "attachment", "jsi18n", "csv")
# What tests.settings puts into the environment is not for a trial.
SET_BY_TESTS = (
    "ALLOWED_HOSTS", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "EMAIL_URL", "HTTPS", "LOG_LEVEL", "PAYMENT_SANDBOX",
    "REDIS_URL", "SECRET_KEY", "SELFCARE_ENV_FILE",
)  # fmt: skip
PORT = 8790
PASSWORD = "selfcare-demo"


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--url", help="a running trial, such as http://127.0.0.1:8000")
    arguments.add_argument("--only", default="", help="pages whose name contains this")
    wanted = arguments.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    OUT.mkdir(exist_ok=True)
    with trial(wanted.url) as address, sync_playwright() as playwright:
        from_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=from_root)
        complaints = [c for person, start in PEOPLE.items() for c in walk(browser, address, person, start, wanted.only)]
    print(f"{len(list(OUT.glob('*.png')))} pictures in {OUT}")  # noqa: T201
    print("\n".join(complaints) or "No page is too wide, none complains.")  # noqa: T201
    return 1 if complaints else 0


@contextmanager
def trial(address: str | None) -> Iterator[str]:
    """The portal at `address`, or one started for the pictures."""
    if address:
        yield address.rstrip("/")
        return
    place = os.environ | {"SELFCARE_VAR": str(BASE_DIR / "var" / "shots"), "DEBUG": "1"}
    for name in SET_BY_TESTS:
        place.pop(name, None)
    portal = subprocess.Popen(  # noqa: S603  # our own program
        [sys.executable, "-m", "selfcare.supervisor", "--port", str(PORT)], cwd=BASE_DIR, env=place
    )
    try:
        wait_for(f"http://127.0.0.1:{PORT}/health/ready")
        yield f"http://127.0.0.1:{PORT}"
    finally:
        portal.send_signal(signal.SIGINT)
        portal.wait(30)


def wait_for(address: str) -> None:
    for _try in range(240):
        try:
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310  # our own address
        except (OSError, urllib.error.URLError):
            time.sleep(1)
        else:
            return
    raise RuntimeError(f"nothing answers at {address}")


def walk(browser: Browser, address: str, person: str, start: str, only: str) -> Iterator[str]:
    """Take pictures of what `person` reaches from `start`; complaints are yielded."""
    paths = find_pages(browser, address, person, start)
    for theme in ("light", "dark"):
        for size, viewport in SIZES.items():
            context = browser.new_context(viewport=viewport, color_scheme=theme)
            page = context.new_page()
            said: list[str] = []
            page.on("console", lambda m, said=said: said.append(m.text) if m.type in {"error", "warning"} else None)
            page.goto(f"{address}/accounts/login/")
            page.screenshot(path=OUT / f"login-{size}-{theme}.png")
            sign_in(page, address, person)
            for name, path in paths.items():
                if only not in name or name not in DIFFERENT.get(person, paths):
                    continue
                said.clear()
                page.goto(address + path)
                page.screenshot(path=OUT / f"{person}-{name}-{size}-{theme}.png", full_page=True)
                if page.evaluate("document.documentElement.scrollWidth") > viewport["width"]:
                    yield f"{person} {name} {size}: wider than the screen"
                yield from (f"{person} {name} {size} {theme}: {text}" for text in said)
            context.close()


def sign_in(page: Page, address: str, person: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.fill("[name=login]", person)
    page.fill("[name=password]", PASSWORD)
    page.click("button[type=submit], form button")
    page.wait_for_load_state()


def find_pages(browser: Browser, address: str, person: str, start: str) -> dict[str, str]:
    """One path for each named address that `person` reaches by following links."""
    page = browser.new_page()
    sign_in(page, address, person)
    found: dict[str, str] = {}
    waiting = [start]
    while waiting and len(found) < 150:
        path = waiting.pop(0)
        name = name_of(path)
        if not name or name in found or any(word in name for word in SKIP):
            continue
        if found.keys() >= DIFFERENT.get(person, {"all"}):
            break
        if page.goto(address + path).headers.get("content-type", "").startswith("text/html"):
            found[name] = path
            links = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
            waiting += [urlsplit(link).path for link in links if link.startswith(address) and "format=" not in link]
    page.context.close()
    return found


def name_of(path: str) -> str | None:
    try:
        return resolve(path).view_name.replace(":", "-")
    except Resolver404:
        return None


if __name__ == "__main__":
    sys.exit(main())
