"""The HTTP server, and the starter that tests and the portal use."""

import logging
import os
import re
import socket
import struct
import sys
import threading
from collections.abc import Iterable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from .api import Api
from .checkout import Checkout
from .control import Control
from .desk import press
from .due import catch_up
from .elements import Elements
from .faults import Faults
from .interference import Interference
from .pages import frame, home
from .paynearme.api import Api as PayNearMe
from .paynearme.pages import Pages
from .paynearme.settings import Settings
from .paynearme.till import Till
from .replies import RESET, Reply, Request, not_found
from .state import BANK_DAYS, Object, State
from .webhooks import DEFAULT_SECRET, DELAYS, Sender

log = logging.getLogger(__name__)

MAX_BODY = 1_000_000
TICK = 0.5
SHOWN = 20
PRINTABLE = "".join(map(chr, range(0x20, 0x7F)))
LONG_NUMBER = re.compile(r"\d{12,19}")
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Server(ThreadingHTTPServer):
    """Knows its open connections, so that stopping ends them too: a stopped sandbox answers nobody."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], sandbox: "Sandbox") -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if isinstance(sys.exc_info()[1], OSError):
            log.debug("connection from %s ended early", client_address)
        else:
            log.exception("a request from %s failed", client_address)

    def close_connections(self) -> None:
        """Cut every connection that is still open."""
        with self._lock:
            for connection in self._open:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    log.debug("connection was closed already")


class Handler(BaseHTTPRequestHandler):
    """Reads a request, has it answered, writes the reply in one piece."""

    protocol_version = "HTTP/1.1"
    server_version = "PaymentSandbox"
    sys_version = ""
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def _serve(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if "Transfer-Encoding" in self.headers:
            length = ""  # bodies in chunks are not read
        if not length.isdecimal() or int(length) > MAX_BODY:
            self.close_connection = True
            self._write(Reply(413, b"too large", "text/plain"))
            return
        body = self.rfile.read(int(length)).decode("utf-8", errors="replace")
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, body)
        reply = self.server.sandbox.answer(request)
        if reply is None:
            self.close_connection = True
        elif reply is RESET:
            self._tear_down()
        else:
            self._write(reply)

    do_GET = do_POST = do_DELETE = do_HEAD = _serve

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(reply.body)))
        for name, value in reply.headers.items():
            # An address that came in may hold line breaks or letters that no header takes.
            self.send_header(name, quote(value, safe=PRINTABLE))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    def _tear_down(self) -> None:
        """End the connection by a TCP reset, not by a goodbye."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())

    def log_message(self, format: str, *args: Any) -> None:
        log.info("%s", LONG_NUMBER.sub("[number]", format % args))


class Sandbox:
    """A running sandbox: `url`, `state`, `faults`, `sender`, and `stop()`."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        public_url: str,
        merchant: str,
        data: Path | None,
        sender_secret: str,
        delays: Sequence[float],
        bank_days: float,
        paynearme: Settings,
    ) -> None:
        self.stopping = threading.Event()
        self.faults = Faults()
        self.sender = Sender(self.faults, secret=sender_secret, delays=delays)
        self.state = State(file=data)
        self.state.bank_days = bank_days
        self.state.listeners.append(self.sender.send)
        self.state.endpoint_count = lambda: len(self.sender.endpoints)
        self.interference = Interference(self.faults, self.stopping)
        self.api = Api(self.state)
        self.till = Till(self.state, paynearme, self.sender)
        self.paynearme = PayNearMe(self.till)
        self.slips = Pages(self.till, merchant=merchant)
        self.control = Control(self.state, self.faults, self.sender, self.till)
        self.checkout = Checkout(self.state, merchant=merchant)
        self.elements = Elements(self.state, merchant=merchant)
        self.server = Server((host, port), self)
        self.port: int = self.server.server_address[1]
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self.port}"
        self.state.public_url = (public_url or self.url).rstrip("/")
        self._threads = [
            threading.Thread(target=self.server.serve_forever, args=(0.05,), name="payment sandbox", daemon=True),
            threading.Thread(target=self._tick, name="payment sandbox clock", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def answer(self, request: Request) -> Reply | None:
        """The reply to any request; None closes the connection without one."""
        if request.path.startswith("/v1/"):
            return self.interference.around(request, lambda fault: self.api.answer(request, fault))
        if request.path.startswith("/paynearme/json-api/"):
            return self.interference.around(request, lambda fault: self.paynearme.answer(request, fault))
        if request.path.startswith("/_sandbox/"):
            return self.control.answer(request)
        reply = self._page(request)
        reply.headers = {**PAGE_HEADERS, **reply.headers}
        return reply

    def _page(self, request: Request) -> Reply:
        if request.path == "/sandbox.css":
            return Reply(200, frame.STYLE, "text/css; charset=utf-8")
        if request.path == "/":
            return self._index()
        if request.path == "/do" and request.method == "POST":
            return press(self.control, request, dict(parse_qsl(request.body, keep_blank_values=True)))
        if request.path.startswith("/v3/"):
            with self.state.lock:
                return self.elements.answer(request)
        if request.path.startswith("/paynearme/"):
            return self.slips.answer(request)
        if request.path.startswith("/c/"):
            form = dict(parse_qsl(request.body, keep_blank_values=True))
            with self.state.lock:
                catch_up(self.state)
                return self.checkout.answer(request.method, request.path, request.query, form)
        return not_found()

    def _index(self) -> Reply:
        with self.state.lock:
            seen = home.Seen(
                now=self.state.now(),
                payments=self._latest("payment_intent"),
                charges=self.state.objects["charge"],
                stored=[m for m in self._latest("payment_method", most=200) if m["customer"]][:SHOWN],
                mandates=self._latest("mandate"),
                disputes=self._latest("dispute"),
                orders=self._latest("pnm_order"),
                cash=self._latest("pnm_payment"),
                events=self._latest("event"),
                faults=self.faults.shown(),
                endpoints=list(self.sender.endpoints),
            )
            return Reply(200, home.index(seen))

    def _latest(self, kind: str, most: int = SHOWN) -> list[Object]:
        return list(islice(self.state.newest(kind), most))

    def _tick(self) -> None:
        while not self.stopping.wait(TICK):
            with self.state.lock:
                catch_up(self.state)
            self.state.keys.prune(now=self.state.now())
            try:
                self.state.save()
            except OSError:
                self.state.changed = True
                log.exception("could not write %s; trying again", self.state.file)

    def stop(self) -> None:
        """End at once: no new connection, the open ones cut, the file written."""
        self.stopping.set()
        self.server.shutdown()
        self.server.server_close()
        self.server.close_connections()
        self.sender.stop()
        self.till.queue.stop()
        for thread in self._threads:
            thread.join(timeout=5)
        self.state.save()


def start(
    *,
    port: int = 0,
    host: str = "127.0.0.1",
    webhooks: Iterable[str] = (),
    webhook_secret: str = DEFAULT_SECRET,
    delays: Sequence[float] = DELAYS,
    public_url: str = "",
    merchant: str = "Test merchant",
    data: Path | None = None,
    bank_days: float = BANK_DAYS,
    paynearme: Settings | None = None,
) -> Sandbox:
    """A sandbox serving from threads of this process; port 0 takes a free one; OSError if taken."""
    sandbox = Sandbox(
        host=host,
        port=port,
        public_url=public_url,
        merchant=merchant,
        data=data,
        sender_secret=webhook_secret,
        delays=delays,
        bank_days=bank_days,
        paynearme=paynearme or Settings(),
    )
    for url in webhooks:
        sandbox.sender.register(url)
    return sandbox
