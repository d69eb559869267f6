"""Text messages over a provider's web service."""

from __future__ import annotations

import re
from types import TracebackType
from typing import Any, Self

import requests
from requests.auth import AuthBase

from selfcare.models import OutgoingSms
from selfcare.sms.ways import TIMEOUT, NotTaken, Unsure
from selfcare.sms_provider import Provider

# A gateway that lost sight of the service behind it cannot tell what became of the message.
LOST_SIGHT = {502, 504}
MOST_READ = 64 * 1024  # of an answer, in bytes
# Before anything was sent.
NEVER_SENT = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.InvalidURL)


class Bearer(AuthBase):
    """Signs a request with the token; as the session's own way to sign in it goes before a .netrc file."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class ByHttp:
    """One POST for each message; the provider sees the same `id` when a message is sent again."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def __enter__(self) -> Self:
        self.session = requests.Session()
        if self.provider.token:
            self.session.auth = Bearer(self.provider.token)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.session.close()

    def send(self, message: OutgoingSms) -> None:
        body = filled_in(self.provider.request, places(message, self.provider))
        sent = {"data" if self.provider.as_form else "json": body}
        try:
            answer = self.session.post(self.provider.url, timeout=TIMEOUT, allow_redirects=False, stream=True, **sent)
            with answer:
                self._check(answer)
        except NEVER_SENT as error:
            raise NotTaken(type(error).__name__) from error  # its text may name the address with the password in it
        except requests.ConnectionError as error:
            raise (NotTaken if is_refused(error) else Unsure)(type(error).__name__) from error
        except requests.RequestException as error:
            raise Unsure(type(error).__name__) from error

    def _check(self, answer: requests.Response) -> None:
        if answer.status_code in LOST_SIGHT:
            raise Unsure(f"HTTP {answer.status_code}")
        if not 200 <= answer.status_code < 300:
            raise NotTaken(f"HTTP {answer.status_code}")
        if not self.provider.expect:
            return
        begin = next(answer.iter_content(MOST_READ), b"").decode("utf-8", "replace")
        if not re.search(self.provider.expect, begin):
            raise NotTaken("unexpected answer")


def is_refused(error: requests.ConnectionError) -> bool:
    """Whether no connection came about, so that nothing was sent."""
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)


def places(message: OutgoingSms, provider: Provider) -> dict[str, str]:
    """What stands in place of {to}, {text}, {id} and {sender}."""
    return {
        "{to}": message.to.as_e164,
        "{text}": message.body,
        "{id}": str(message.pk),
        "{sender}": provider.sender,
    }


def filled_in(part: Any, values: dict[str, str]) -> Any:
    """The request with its places filled in; done on the values, so that no text can change its shape."""
    if isinstance(part, dict):
        return {key: filled_in(each, values) for key, each in part.items()}
    if isinstance(part, list):
        return [filled_in(each, values) for each in part]
    if not isinstance(part, str):
        return part
    return re.sub(r"\{(to|text|id|sender)\}", lambda found: values[found[0]], part)
