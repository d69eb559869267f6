"""A payment sandbox of its own for each test, the real SDK on it, and a receiver for its webhooks."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import stripe

from billing.sandbox.server import Sandbox, start

SECRET = "whsec_of_the_test"


@pytest.fixture
def payment_sandbox() -> Iterator[Sandbox]:
    sandbox = start(port=0, webhook_secret=SECRET, delays=(0.05,))
    yield sandbox
    sandbox.stop()


@pytest.fixture
def client(payment_sandbox: Sandbox) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_x", base_addresses={"api": payment_sandbox.url}, max_network_retries=0)


class Receiver:
    """A merchant's webhook address: verifies with the SDK, keeps event ids and types, answers as told."""

    def __init__(self) -> None:
        self.events: list[stripe.Event] = []
        self.bodies: list[bytes] = []
        self.refuse_first = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.refuse_first > 0:
                    receiver.refuse_first -= 1
                    self.send_response(500)
                else:
                    header = self.headers["Stripe-Signature"]
                    receiver.bodies.append(body)
                    receiver.events.append(stripe.Webhook.construct_event(body, header, SECRET))
                    self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def receiver(payment_sandbox: Sandbox) -> Iterator[Receiver]:
    receiver = Receiver()
    payment_sandbox.sender.register(receiver.url)
    yield receiver
    receiver.stop()


@pytest.fixture
def until() -> Callable[[Callable[[], bool]], None]:
    """Wait for something to become true; the test fails if it does not within five seconds."""

    def wait(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not condition():
            assert time.monotonic() < deadline, "did not happen in time"
            time.sleep(0.01)

    return wait
