"""The hosted pages: the payment page of a session, the pages in between, a mandate to read."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from . import checkout_form, payment_intents, payments, setup_intents
from .errors import ApiError, invalid
from .method_data import from_data
from .pages import frame, hosted
from .pages.payment import View, payment
from .replies import Reply, not_found, redirect
from .session_payments import attempt, complete_after, intent_of
from .state import Object, State


class Checkout:
    """Answers `/c/...`; the caller holds the state's lock."""

    def __init__(self, state: State, *, merchant: str) -> None:
        self.state = state
        self.merchant = merchant

    def answer(self, method: str, path: str, query: str, form: Mapping[str, str]) -> Reply:
        """GET shows a page, POST is a pressed button."""
        kind, _, object_id = path.removeprefix("/c/").partition("/")
        found = self.state.find(object_id)
        if found is None:
            return not_found()
        is_intent = found["object"] in ("payment_intent", "setup_intent")
        if kind == "pay" and found["object"] == "checkout.session":
            return self._pay(method, found, dict(parse_qsl(query)).get("method", ""), form)
        if kind == "challenge" and is_intent:
            return self._challenge(method, found, form)
        if kind == "verify" and is_intent:
            return self._verify(method, found, form)
        if kind == "mandate" and found["object"] == "mandate" and "sepa_debit" in found["payment_method_details"]:
            owner = self.state.get("payment_method", found["payment_method"])
            return Reply(200, hosted.mandate(found, owner, merchant=self.merchant))
        return not_found()

    def _pay(self, method: str, session: Object, wanted: str, form: Mapping[str, str]) -> Reply:
        types = session["payment_method_types"]
        kind = next((name for name in (form.get("kind", ""), wanted) if name in types), str(types[0]))
        if session["status"] == "complete":
            return self._completed(method, session)
        if session["status"] == "expired":
            link = session["cancel_url"]
            body = frame.message(
                "This page has expired", "Nothing was charged.", link=link, link_text="Go back to the shop"
            )
            return Reply(410, body)
        if method != "POST":
            return self._form(session, View(kind, error=self._last_error(session)))
        if checkout_form.known(form.get("fill", "")):
            return self._form(session, View(kind, checkout_form.filled(self.state, form, form["fill"])))
        if form.get("attempt") != str(session["_attempts"]):
            return self._already_sent(session, kind)
        return self._submit(session, kind, form)

    def _completed(self, method: str, session: Object) -> Reply:
        """A second press of Pay goes on as the first did; a look at the page only says so."""
        url = success_url(session)
        if method == "POST":
            return redirect(url)
        text = "This payment was made. Nothing more will be charged."
        if session["mode"] == "setup":
            text = "Your way to pay was stored."
        elif session["payment_status"] == "unpaid":
            text = "The bank has been asked and will answer in some days. Nothing more will be charged."
        return Reply(200, frame.message("All done", text, link=url, link_text="Continue"))

    def _already_sent(self, session: Object, kind: str) -> Reply:
        """The same form came twice, or late: show where its first sending led, charge nothing."""
        intent = intent_of(self.state, session)
        if intent is not None and intent["status"] == "requires_action":
            return redirect(f"/c/challenge/{intent['id']}")
        return self._form(session, View(kind, error=self._last_error(session)), status=409)

    def _submit(self, session: Object, kind: str, form: Mapping[str, str]) -> Reply:
        try:
            method = self._method(session, kind, form)
            attempt(self.state, session, method, save=bool(form.get("save")))
        except ApiError as refusal:
            param = refusal.error.get("param", "")
            values = {name: form.get(name, "").strip() for name in checkout_form.KEPT}
            fault = checkout_form.FIELDS.get(param, param)
            view = View(kind, values, error=refusal.error["message"], fault=fault)
            return self._form(session, view, status=refusal.status)
        if session["status"] == "complete":
            return redirect(success_url(session))
        intent = intent_of(self.state, session) or {}
        return redirect(f"/c/challenge/{intent['id']}")

    def _method(self, session: Object, kind: str, form: Mapping[str, str]) -> Object:
        if "stored" not in form:
            return from_data(self.state, checkout_form.method_data(session, form, kind))
        for method in self._stored(session):
            if method["id"] == form["stored"]:
                return method
        raise invalid("This way to pay is no longer stored.", param="stored")

    def _stored(self, session: Object) -> list[Object]:
        """The customer's stored methods that the session offers again."""
        options = session["saved_payment_method_options"]
        if options is None or session["mode"] == "setup":
            return []
        return [
            method
            for method in self.state.newest("payment_method", customer=session["customer"])
            if method["allow_redisplay"] in options["allow_redisplay_filters"]
            and method["type"] in session["payment_method_types"]
        ]

    def _form(self, session: Object, view: View, *, status: int = 200) -> Reply:
        merchant = session["_merchant"] or self.merchant
        shown = View(view.kind, view.values, view.error, view.fault, self._stored(session))
        return Reply(status, payment(session, shown, merchant=merchant))

    def _last_error(self, session: Object) -> str:
        intent = intent_of(self.state, session) or {}
        problem = intent.get("last_payment_error") or intent.get("last_setup_error") or {}
        return str(problem.get("message", ""))

    def _challenge(self, method: str, intent: Object, form: Mapping[str, str]) -> Reply:
        if method == "POST" and form.get("outcome") in ("complete", "fail"):
            module = payments if intent["object"] == "payment_intent" else setup_intents
            module.answer_challenge(self.state, intent, passed=form["outcome"] == "complete")
            complete_after(self.state, intent)
        if intent["status"] != "requires_action":
            return self._onward(intent)
        session = self.state.find(intent.get("_session") or "") or {}
        merchant = session.get("_merchant") or self.merchant
        kind = self.state.get("payment_method", intent["payment_method"])["type"]
        if kind not in hosted.WORDS:
            return redirect(f"/c/verify/{intent['id']}")
        return Reply(200, hosted.challenge(intent, kind, merchant=merchant))

    def _verify(self, method: str, intent: Object, form: Mapping[str, str]) -> Reply:
        if intent["status"] != "requires_action":
            return Reply(200, frame.message("All done", "There is nothing to verify here any more."))
        if method != "POST":
            return Reply(200, hosted.verification(intent))
        module = payment_intents if intent["object"] == "payment_intent" else setup_intents
        try:
            module.verify_microdeposits(
                self.state, {"descriptor_code": form.get("code", "").strip().upper()}, intent["id"]
            )
        except ApiError as refusal:
            if intent["status"] != "requires_action":
                return Reply(refusal.status, frame.message("Not verified", refusal.error["message"]))
            return Reply(refusal.status, hosted.verification(intent, error=refusal.error["message"]))
        return Reply(200, frame.message("Thank you", "The account is verified. You can close this page."))

    def _onward(self, intent: Object) -> Reply:
        session = self.state.find(intent.get("_session") or "")
        if session is not None:
            done = session["status"] == "complete"
            return redirect(success_url(session) if done else f"/c/pay/{session['id']}")
        if not intent["_return_url"]:
            return Reply(200, frame.message("Thank you", "You can close this page and go back to the shop."))
        return redirect(return_url(intent))


def return_url(intent: Object) -> str:
    """Where the customer comes back to, with what Stripe tells there."""
    outcome = {
        intent["object"]: intent["id"],
        f"{intent['object']}_client_secret": intent["client_secret"],
        "redirect_status": "succeeded" if intent["status"] in ("succeeded", "processing") else "failed",
    }
    parts = urlsplit(intent["_return_url"])
    query = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *outcome.items()])
    return parts._replace(query=query).geturl()


def success_url(session: Object) -> str:
    """Where a paid customer goes on, with the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])
