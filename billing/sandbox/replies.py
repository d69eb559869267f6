"""HTTP requests as they come in, answers as they go out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from .pages import frame


@dataclass(frozen=True)
class Request:
    """What came in. Header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: str


@dataclass
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


def redirect(url: str) -> Reply:
    return Reply(HTTPStatus.SEE_OTHER, headers={"Location": url})


def not_found() -> Reply:
    return Reply(404, frame.message("Not found", "There is nothing at this address."))


# In place of an answer: the connection is torn down.
RESET = Reply(0)
