"""How many requests a second a server answers: a process of its own, so that it takes nothing from who measures.

Called as `load.py HOST PORT PATH COOKIES CONNECTIONS SECONDS`; prints the rate. Uses no more than the standard
library, and little of that: what it does itself would count as the server's.
"""

from __future__ import annotations

import re
import selectors
import socket
import sys
from contextlib import ExitStack
from time import perf_counter

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


def rate(host: str, port: int, request: bytes, connections: int, lasting: float) -> float:
    """Keep so many connections busy for so many seconds; raises on any answer but 200."""
    with ExitStack() as doors, selectors.DefaultSelector() as waiting:
        for _number in range(connections):
            door = doors.enter_context(socket.create_connection((host, port), timeout=30))
            door.sendall(request)
            waiting.register(door, selectors.EVENT_READ, bytearray())
        done, begun = 0, perf_counter()
        while (now := perf_counter()) - begun < lasting:
            for key, _events in waiting.select(timeout=1):
                heard = key.data
                heard += key.fileobj.recv(65536)
                if is_whole(heard):
                    done += 1
                    heard.clear()
                    key.fileobj.sendall(request)
        return done / (now - begun)


def is_whole(heard: bytearray) -> bool:
    """Whether an answer has arrived with all its body."""
    head = heard.find(b"\r\n\r\n")
    if head < 0:
        return False
    length = LENGTH.search(heard, 0, head + 2)
    if not heard.startswith(b"HTTP/1.1 200") or length is None:
        raise SystemExit(heard[:200].decode(errors="replace"))
    return len(heard) - head - 4 >= int(length[1])


if __name__ == "__main__":
    host, port, path, cookies, connections, lasting = sys.argv[1:]
    who = f"Cookie: {cookies}\r\n" if cookies else ""
    asked = f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{who}\r\n"
    print(rate(host, int(port), asked.encode(), int(connections), float(lasting)))  # noqa: T201
