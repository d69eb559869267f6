"""Text messages over a web service: what is asked, and what each answer means; the service is a real one."""

import json
import socket
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from selfcare.sms.http import ByHttp
from selfcare.sms.ways import NotTaken, Unsure
from selfcare.sms_provider import Provider
from tests.factories import OutgoingSmsFactory

pytestmark = pytest.mark.django_db


class Service(BaseHTTPRequestHandler):
    """Answers each POST with `answer`; None hangs up in place of an answer."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.seen.append((self.path, dict(self.headers), body))
        if self.server.answer is None:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        status, text = self.server.answer
        self.send_response(status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        """Not into the output of the tests."""


@pytest.fixture
def service():
    with HTTPServer(("127.0.0.1", 0), Service) as server:
        server.seen, server.answer = [], (200, "OK: 1")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def send(service, row=None, **more):
    provider = Provider(url=f"http://127.0.0.1:{service.server_port}/send", **({"token": "s3cret"} | more))
    with ByHttp(provider) as way:
        way.send(row or OutgoingSmsFactory())


def test_it_is_posted_as_json_with_the_token(service):
    row = OutgoingSmsFactory()
    send(service, row)
    ((path, headers, body),) = service.seen
    assert path == "/send"
    assert headers["Authorization"] == "Bearer s3cret"
    assert json.loads(body) == {"to": "+12125550199", "text": "Hello", "id": str(row.pk)}


def test_the_request_has_the_shape_that_the_provider_wants(service):
    wanted = {
        "message": {"recipients": ["{to}"], "content": "{text}"},
        "from": "{sender}",
        "ref": "sc-{id}",
        "flash": 0,
    }
    row = OutgoingSmsFactory(body='Say "{id}", {to} \\')
    send(service, row, request=wanted, sender="Northwind")
    assert json.loads(service.seen[0][2]) == {
        "message": {"recipients": ["+12125550199"], "content": 'Say "{id}", {to} \\'},
        "from": "Northwind",
        "ref": f"sc-{row.pk}",
        "flash": 0,
    }


def test_it_may_be_a_form(service):
    send(service, request={"dest": "{to}", "msg": "{text}"}, as_form=True)
    assert parse_qs(service.seen[0][2]) == {"dest": ["+12125550199"], "msg": ["Hello"]}


@pytest.mark.parametrize(
    ("answer", "expect", "error"),
    [
        ((201, ""), "", None),
        ((200, "OK: 1"), "^OK", None),
        ((200, "ERR 17 no credit"), "^OK", NotTaken),
        ((302, ""), "", NotTaken),
        ((401, ""), "", NotTaken),
        ((503, ""), "", NotTaken),
        ((502, ""), "", Unsure),
        ((504, ""), "", Unsure),
        (None, "", Unsure),
    ],
)
def test_what_each_answer_means(service, answer, expect, error):
    service.answer = answer
    if error is None:
        send(service, expect=expect)
    else:
        with pytest.raises(error) as raised:
            send(service, expect=expect)
        assert "s3cret" not in str(raised.value)
    assert len(service.seen) == 1


def test_a_service_that_does_not_listen_has_nothing():
    with closing(socket.create_server(("127.0.0.1", 0))) as place:
        port = place.getsockname()[1]
    with ByHttp(Provider(url=f"http://user:s3cret@127.0.0.1:{port}/")) as way, pytest.raises(NotTaken) as raised:
        way.send(OutgoingSmsFactory())
    assert "s3cret" not in str(raised.value)


def test_of_one_that_never_answers_nobody_knows(monkeypatch):
    monkeypatch.setattr("selfcare.sms.http.TIMEOUT", 0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as place:
        provider = Provider(url=f"http://127.0.0.1:{place.getsockname()[1]}/")
        with ByHttp(provider) as way, pytest.raises(Unsure):
            way.send(OutgoingSmsFactory())
