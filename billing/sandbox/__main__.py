"""`python -m billing.sandbox --port 8090`: run the payment sandbox until it is told to end."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path

from .errors import ApiError
from .paynearme.orders import Refused
from .paynearme.settings import Settings
from .paynearme.till import callback_address
from .server import start
from .state import BANK_DAYS
from .webhooks import DEFAULT_SECRET


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m billing.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--public-url", default="", help="how browsers reach it, if not by host and port")
    parser.add_argument("--merchant", default="Test merchant", help="the name on the payment page")
    parser.add_argument("--data", type=Path, metavar="FILE", help="JSON file that keeps objects over a restart")
    parser.add_argument("--webhook", action="append", default=[], metavar="URL", help="send events there; repeatable")
    parser.add_argument("--webhook-secret", default=DEFAULT_SECRET, help="signing secret (default: %(default)s)")
    parser.add_argument(
        "--bank-days",
        type=float,
        default=BANK_DAYS,
        metavar="DAYS",
        help="how long a bank takes to answer a debit, on the sandbox's clock; 0.0005 are 43 s (default: %(default)s)",
    )
    usual = Settings()
    parser.add_argument("--paynearme-site", default=usual.site, help="site_identifier (default: %(default)s)")
    parser.add_argument("--paynearme-secret", default=usual.secret, help="secret key (default: %(default)s)")
    parser.add_argument(
        "--paynearme-callback",
        default="",
        metavar="URL",
        help="send callbacks to URL/authorization/, URL/confirmation/ and URL/reverse/",
    )
    parser.add_argument("--quiet", action="store_true", help="do not log requests")
    return parser.parse_args()


def main() -> int:
    """Serve until SIGTERM or Ctrl-C."""
    given = arguments()
    level = logging.WARNING if given.quiet else logging.INFO
    logging.basicConfig(level=level, format="%(asctime)s %(message)s", stream=sys.stderr)
    told_to_end = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told_to_end.set())
    try:
        sandbox = start(
            host=given.host,
            port=given.port,
            public_url=given.public_url,
            merchant=given.merchant,
            data=given.data,
            webhooks=given.webhook,
            webhook_secret=given.webhook_secret,
            bank_days=given.bank_days,
            paynearme=Settings(
                site=given.paynearme_site,
                secret=given.paynearme_secret,
                callback_url=callback_address(given.paynearme_callback),
            ),
        )
    except (OSError, ValueError, ApiError, Refused) as error:
        sys.stderr.write(f"payment sandbox: {error}\n")
        return 1
    sys.stdout.write(f"payment sandbox at {sandbox.url} (webhook secret {given.webhook_secret})\n")
    sys.stdout.flush()
    told_to_end.wait()
    sandbox.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
