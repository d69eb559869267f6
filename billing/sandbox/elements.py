"""The Payment Element: the script that a shop's page loads, the frame with the fields, and what the frame sends."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from . import checkout_form, kinds, payment_intents, setup_intents
from .checkout import return_url
from .customers import EMAIL
from .errors import ApiError, invalid
from .mandates import ON_PAGE
from .method_data import from_data
from .pages import element, frame
from .replies import Reply, Request, not_found
from .state import Object, State, public

FILES = Path(__file__).parent / "browser"
SCRIPTS = {"/v3/": "stripe.js", "/v3/stripe.js": "stripe.js", "/v3/element.js": "element.js"}
# The frame stands in any shop's page; its own script and nothing else runs in it.
FRAME_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors http: https:"
)


class Elements:
    """Answers `/v3/...`; the caller holds the state's lock."""

    def __init__(self, state: State, *, merchant: str) -> None:
        self.state = state
        self.merchant = merchant

    def answer(self, request: Request) -> Reply:
        """A script, the frame, or JSON."""
        if request.path in SCRIPTS:
            script = (FILES / SCRIPTS[request.path]).read_bytes()
            return Reply(200, script, "text/javascript; charset=utf-8")
        query = dict(parse_qsl(request.query))
        try:
            if request.path == "/v3/element":
                return self._frame(self._intent(query), query.get("method", ""))
            if request.path == "/v3/intent":
                return _json(200, public(self._intent(query)), **{"Access-Control-Allow-Origin": "*"})
            if request.path == "/v3/confirm" and request.method == "POST":
                return _json(200, self._confirm(_object(request.body)))
        except ApiError as refusal:
            if request.path == "/v3/element":
                return Reply(refusal.status, frame.message("No payment", refusal.error["message"]))
            return _json(refusal.status, refusal.body())
        return not_found()

    def _intent(self, given: Mapping[str, Any]) -> Object:
        """The intent of a client secret, which whoever knows it may confirm."""
        secret = str(given.get("client_secret", ""))
        intent = self.state.find(secret.partition("_secret_")[0])
        if intent is None or intent.get("client_secret") != secret:
            raise invalid("The client_secret does not belong to an intent.", param="client_secret")
        return intent

    def _frame(self, intent: Object, wanted: str) -> Reply:
        types = intent["payment_method_types"]
        kind = wanted if wanted in types else str(types[0])
        body = element.frame(self.state, intent, kind, email=self._email(intent), merchant=self.merchant)
        return Reply(200, body, headers={"Content-Security-Policy": FRAME_POLICY})

    def _email(self, intent: Object) -> str:
        customer = self.state.find(intent["customer"] or "") or {}
        return str(customer.get("email") or "")

    def _confirm(self, given: Object) -> Object:
        intent = self._intent(given)
        form = {name: str(value) for name, value in given.items()}
        kind = form.get("kind", "")
        if kind not in intent["payment_method_types"]:
            raise invalid("This way to pay is not offered.", param="kind")
        email = self._email(intent) or form.get("email", "").strip()
        if not EMAIL.fullmatch(email):
            raise invalid("Enter your e-mail address.", param="email")
        method = from_data(self.state, checkout_form.method_data({"_known_email": email}, form, kind))
        params = {"payment_method": method["id"], "return_url": form.get("return_url", "")}
        if kinds.KINDS[kind].debit:
            params["mandate_data"] = ON_PAGE
        module = payment_intents if intent["object"] == "payment_intent" else setup_intents
        self.state.changed = True
        return _outcome(module.confirm(self.state, params, intent["id"]))


def _outcome(intent: Object) -> Object:
    """What the script does next: go to the bank's page, or back to the shop's."""
    redirect = (intent["next_action"] or {}).get("redirect_to_url")
    if redirect:
        return {"intent": public(intent), "goTo": redirect["url"], "mustGo": True}
    return {"intent": public(intent), "goTo": return_url(intent), "mustGo": False}


def _object(body: str) -> Object:
    try:
        given = json.loads(body)
    except ValueError as error:
        raise invalid("Not JSON") from error
    if not isinstance(given, dict):
        raise invalid("Send a JSON object.")
    return given


def _json(status: int, body: Object, **headers: str) -> Reply:
    return Reply(status, json.dumps(body).encode(), "application/json", headers)
