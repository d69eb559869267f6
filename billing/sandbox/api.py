"""One API request from key to answer: authentication, validation, idempotency, the act itself."""

import base64
import binascii
import json
import logging
from typing import Any

from . import forms, routes
from .errors import ApiError
from .idempotency import Answer, fingerprint
from .parts import expand, expandable
from .replies import Reply, Request
from .state import API_VERSION, Object, State, new_token, public
from .validation import check

log = logging.getLogger(__name__)


class Api:
    """Answers `/v1/...`."""

    def __init__(self, state: State) -> None:
        self.state = state

    def answer(self, request: Request, fault: str) -> Reply:
        """The reply, with Stripe's headers; `fault` is the kind of fault that meets this request, or empty."""
        request_id = f"req_{new_token(14)}"
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
        try:
            authenticate(request.headers.get("authorization", ""))
            if fault == "rate_limit":
                raise ApiError(429, "Too many requests hit the API too quickly.", code="rate_limit")
            answer, replayed = self._keyed(request, fault, request_id)
        except ApiError as refusal:
            answer, replayed = _refused(refusal), False
        if replayed:
            headers["Idempotent-Replayed"] = "true"
        return Reply(answer.status, answer.body, "application/json", headers)

    def _keyed(self, request: Request, fault: str, request_id: str) -> tuple[Answer, bool]:
        """The answer under the request's idempotency key, and whether it is an old one."""
        found = routes.find(request.method, request.path)
        if found is None:
            raise ApiError(404, f"Unrecognized request URL ({request.method}: {request.path}).")
        route, ids = found
        sent = forms.decode(request.query if request.method == "GET" else request.body)
        params = check(sent, route.expected)
        paths = expandable(params.get("expand", []))
        key = request.headers.get("idempotency-key", "") if request.method == "POST" else ""
        marks = {"id": request_id, "idempotency_key": key or None}
        if not key:
            return self._execute(route, params, ids, paths, fault, marks), False
        mark = fingerprint(request.method, request.path, sent)
        stored = self.state.keys.begin(key, mark, now=self.state.now())
        if stored is not None:
            return stored, True
        kept: Answer | None = None
        try:
            answer = kept = self._execute(route, params, ids, paths, fault, marks)
        except ApiError as refusal:
            answer = _refused(refusal)
            kept = answer if refusal.executed else None
        finally:
            self.state.keys.finish(key, kept)
        return answer, False

    def _execute(
        self,
        route: routes.Route,
        params: Object,
        ids: tuple[str, ...],
        paths: list[str],
        fault: str,
        marks: Object,
    ) -> Answer:
        if fault == "error_before":
            return _refused(_broken())
        with self.state.lock:
            self.state.request = marks
            try:
                result: Any = route.act(self.state, params, *ids)
            except ApiError:
                raise
            except Exception:
                log.exception("%s %s failed", route.method, route.path)
                return _refused(_broken())
            finally:
                self.state.request = {"id": None, "idempotency_key": None}
                self.state.changed = self.state.changed or route.method != "GET"
            for path in paths:
                result = expand(self.state, result, path)
            body = _json(public(result))
        return _refused(_broken()) if fault == "error_after" else Answer(200, body)


def authenticate(header: str) -> None:
    """401 unless the header carries a test key, as bearer or as the user name of basic."""
    scheme, _, value = header.partition(" ")
    key = value.strip()
    if scheme.lower() == "basic":
        try:
            key = base64.b64decode(key, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            key = ""
    if not key:
        raise ApiError(401, "You did not provide an API key.")
    if not key.startswith("sk_test_") or len(key) <= len("sk_test_"):
        shown = f"{key[:8]}****" if len(key) > 12 else "****"
        raise ApiError(401, f"Invalid API Key provided: {shown}. The payment sandbox takes sk_test_ keys only.")


def _broken() -> ApiError:
    return ApiError(500, "Something went wrong on our end.", kind="api_error", executed=True)


def _refused(refusal: ApiError) -> Answer:
    return Answer(refusal.status, _json(refusal.body()))


def _json(value: Any) -> bytes:
    return json.dumps(value, indent=2).encode()
