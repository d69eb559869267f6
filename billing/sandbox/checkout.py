"""The hosted pages: the payment page of a session and the 3-D Secure challenge."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import cards, pages, payment_intents, setup_intents
from .customers import EMAIL
from .errors import ApiError, card_error, invalid
from .payment_methods import from_data
from .sessions import attempt, complete_after, intent_of
from .state import Object, State

EXPIRY = re.compile(r"\s*(\d{1,2})\s*[/ -]?\s*(\d{4}|\d{2})\s*")
# which field of the form a refused parameter stands in
FORM_FIELDS = {"exp_month": "expiry", "exp_year": "expiry", "number": "number", "cvc": "cvc"}


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
    return Reply(404, pages.message("Not found", "There is nothing at this address."))


class Checkout:
    """Answers `/c/...`; the caller holds the state's lock."""

    def __init__(self, state: State, *, merchant: str) -> None:
        self.state = state
        self.merchant = merchant

    def answer(self, method: str, path: str, form: Mapping[str, str]) -> Reply:
        """GET shows a page, POST is a pressed button."""
        kind, _, object_id = path.removeprefix("/c/").partition("/")
        found = self.state.find(object_id)
        if found is None:
            return not_found()
        if kind == "pay" and found["object"] == "checkout.session":
            return self._pay(method, found, form)
        if kind == "challenge" and found["object"] in ("payment_intent", "setup_intent"):
            return self._challenge(method, found, form)
        return not_found()

    def _pay(self, method: str, session: Object, form: Mapping[str, str]) -> Reply:
        if session["status"] == "complete":
            return self._completed(method, session)
        if session["status"] == "expired":
            link = session["cancel_url"]
            body = pages.message(
                "This page has expired", "Nothing was charged.", link=link, link_text="Go back to the shop"
            )
            return Reply(410, body)
        if method != "POST":
            return self._form(session, {}, error=self._last_error(session))
        if form.get("fill") in cards.BY_SLUG:
            return self._form(session, self._filled(form, cards.BY_SLUG[form["fill"]]))
        if form.get("attempt") != str(session["_attempts"]):
            return self._already_sent(session)
        return self._submit(session, form)

    def _completed(self, method: str, session: Object) -> Reply:
        """A second press of Pay goes on as the first did; a look at the page only says so."""
        url = success_url(session)
        if method == "POST":
            return redirect(url)
        text = "This payment was made. Nothing more will be charged."
        if session["mode"] == "setup":
            text = "The card was stored."
        return Reply(200, pages.message("All done", text, link=url, link_text="Continue"))

    def _already_sent(self, session: Object) -> Reply:
        """The same form came twice, or late: show where its first sending led, charge nothing."""
        intent = intent_of(self.state, session)
        if intent is not None and intent["status"] == "requires_action":
            return redirect(f"/c/challenge/{intent['id']}")
        return self._form(session, {}, error=self._last_error(session), status=409)

    def _submit(self, session: Object, form: Mapping[str, str]) -> Reply:
        values = {name: form.get(name, "").strip() for name in ("name", "email")}
        try:
            method = from_data(self.state, self._card(session, form, values))
            attempt(self.state, session, method)
        except ApiError as refusal:
            param = refusal.error.get("param", "")
            return self._form(
                session,
                values,
                error=refusal.error["message"],
                fault=FORM_FIELDS.get(param, param),
                status=refusal.status,
            )
        if session["status"] == "complete":
            return redirect(success_url(session))
        intent = intent_of(self.state, session) or {}
        return redirect(f"/c/challenge/{intent['id']}")

    def _card(self, session: Object, form: Mapping[str, str], values: dict[str, str]) -> Object:
        email = session["_known_email"] or values["email"]
        if not EMAIL.fullmatch(email):
            raise invalid("Enter your e-mail address.", param="email")
        date = EXPIRY.fullmatch(form.get("expiry", ""))
        if date is None:
            raise card_error("Enter the expiry date as MM / YY.", code="invalid_expiry_year", param="exp_year")
        if not values["name"]:
            raise invalid("Enter the name on the card.", param="name")
        card = {
            "number": form.get("number", "").strip(),
            "exp_month": int(date[1]),
            "exp_year": int(date[2]),
            "cvc": form.get("cvc", "").strip(),
        }
        person = {"name": values["name"], "email": email}
        return {"type": "card", "card": card, "billing_details": person}

    def _filled(self, form: Mapping[str, str], card: cards.Card) -> dict[str, str]:
        return {
            "number": card.spaced,
            "expiry": f"12 / {self.year():02}",
            "cvc": card.cvc,
            "name": form.get("name", "").strip() or "Test Customer",
            "email": form.get("email", "").strip() or "customer@example.com",
        }

    def year(self) -> int:
        """The last two digits of a year well ahead."""
        return (self.state.now() // 31_556_952 + 1970 + 3) % 100

    def _form(
        self, session: Object, values: dict[str, str], *, error: str = "", fault: str = "", status: int = 200
    ) -> Reply:
        merchant = session["_merchant"] or self.merchant
        body = pages.payment(
            session,
            merchant=merchant,
            values=values,
            error=error,
            fault=fault,
            attempts=session["_attempts"],
        )
        return Reply(status, body)

    def _last_error(self, session: Object) -> str:
        intent = intent_of(self.state, session) or {}
        problem = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
        return str(problem.get("message", ""))

    def _challenge(self, method: str, intent: Object, form: Mapping[str, str]) -> Reply:
        if method == "POST" and form.get("outcome") in ("complete", "fail"):
            module = payment_intents if intent["object"] == "payment_intent" else setup_intents
            module.answer_challenge(self.state, intent, passed=form["outcome"] == "complete")
            complete_after(self.state, intent)
        if intent["status"] != "requires_action":
            return self._onward(intent)
        session = self.state.find(intent.get("_session") or "") or {}
        merchant = session.get("_merchant") or self.merchant
        return Reply(200, pages.challenge(intent, merchant=merchant))

    def _onward(self, intent: Object) -> Reply:
        session = self.state.find(intent.get("_session") or "")
        if session is not None:
            done = session["status"] == "complete"
            return redirect(success_url(session) if done else f"/c/pay/{session['id']}")
        if not intent["_return_url"]:
            return Reply(200, pages.message("Thank you", "You can close this page and go back to the shop."))
        outcome = {
            intent["object"]: intent["id"],
            f"{intent['object']}_client_secret": intent["client_secret"],
            "redirect_status": "succeeded" if intent["status"] == "succeeded" else "failed",
        }
        parts = urlsplit(intent["_return_url"])
        query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *outcome.items()])
        return redirect(parts._replace(query=query).geturl())


def success_url(session: Object) -> str:
    """Where a paid customer goes on, with the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
