"""One HTTP POST to a merchant: no redirects, no retries, no surprises."""

import http.client
from urllib.parse import urlsplit

TIMEOUT = 5.0
LONGEST = 100_000


def exchange(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
    """The status and body of the answer; status 0 when nobody answered."""
    parts = urlsplit(url)
    connect = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = connect(parts.hostname or "", parts.port, timeout=TIMEOUT)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(LONGEST)
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
