"""A small SMS centre: speaks SMPP 3.4 over TCP, by its own reading of the standard (SMPP Protocol Specification 3.4).

Independent of the library that the portal uses, so that both must agree on the bytes.
"""

from __future__ import annotations

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

HEADER = struct.Struct(">IIII")  # length, command, status, sequence
BIND_TRANSMITTER, SUBMIT_SM, UNBIND, ENQUIRE_LINK, RESPONSE = 0x02, 0x04, 0x06, 0x15, 0x80000000
WRONG_PASSWORD = 0x0E


@dataclass(frozen=True)
class Submitted:
    """A submit_sm as it came over the wire."""

    source: str
    source_ton: int
    destination: str
    destination_ton: int
    esm_class: int
    coding: int
    text: bytes


@dataclass
class Centre:
    """What the centre was told, and how it behaves: `statuses` are its next answers, `silent` gives none at all."""

    name: str = "selfcare"
    password: str = "s3cret"
    port: int = 0
    binds: list[tuple[str, str]] = field(default_factory=list)
    submitted: list[Submitted] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    silent: bool = False
    asks_first: bool = False  # whether it asks if we are still there before it answers
    asked_back: int = 0
    unbinds: int = 0


def texts(body: bytes, places: str) -> list[str | int | bytes]:
    """The fields of a body: s is a C string, b a byte."""
    found: list[str | int | bytes] = []
    at = 0
    for place in places:
        if place == "b":
            found.append(body[at])
            at += 1
        else:
            end = body.index(b"\0", at)
            found.append(body[at:end].decode("latin-1"))
            at = end + 1
    return [*found, body[at:]]


def submitted(body: bytes) -> Submitted:
    """Section 4.4.1 of the specification."""
    (_type, ton, _npi, source, dest_ton, _dest_npi, dest, esm, _pid, _priority, _when, _until, _receipt, _replace,
     coding, _default, length, rest) = texts(body, "sbbsbbsbbbssbbbbb")  # fmt: skip
    return Submitted(str(source), int(ton), str(dest), int(dest_ton), int(esm), int(coding), bytes(rest)[: int(length)])


class Session(socketserver.BaseRequestHandler):
    """One connection."""

    def handle(self) -> None:
        centre: Centre = self.server.centre  # type: ignore[attr-defined]
        while (head := self.exactly(HEADER.size)) is not None:
            length, command, _status, sequence = HEADER.unpack(head)
            body = self.exactly(length - HEADER.size) or b""
            if command == BIND_TRANSMITTER:
                name, password, *_rest = texts(body, "ss")
                centre.binds.append((str(name), str(password)))
                right = (name, password) == (centre.name, centre.password)
                self.answer(command, 0 if right else WRONG_PASSWORD, sequence, b"centre\0" if right else b"")
            elif command == SUBMIT_SM:
                centre.submitted.append(submitted(body))
                if centre.silent:
                    return
                if centre.asks_first:
                    self.request.sendall(HEADER.pack(HEADER.size, ENQUIRE_LINK, 0, 4711))
                status = centre.statuses.pop(0) if centre.statuses else 0
                self.answer(command, status, sequence, b"" if status else b"id-1\0")
            elif command == ENQUIRE_LINK | RESPONSE:
                centre.asked_back += 1
            elif command == UNBIND:
                centre.unbinds += 1
                self.answer(command, 0, sequence, b"")
                return

    def answer(self, command: int, status: int, sequence: int, body: bytes) -> None:
        self.request.sendall(HEADER.pack(HEADER.size + len(body), command | RESPONSE, status, sequence) + body)

    def exactly(self, size: int) -> bytes | None:
        data = b""
        while len(data) < size:
            part = self.request.recv(size - len(data))
            if not part:
                return None
            data += part
        return data


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False
    block_on_close = True


@contextmanager
def running() -> Iterator[Centre]:
    """A centre that listens on a port of its own."""
    centre = Centre()
    with Server(("127.0.0.1", 0), Session) as server:
        server.centre = centre  # type: ignore[attr-defined]
        centre.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield centre
        finally:
            server.shutdown()
            thread.join()
