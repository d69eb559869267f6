"""What becomes of a confirmed payment: taken, waiting for the customer or the bank, refused."""

from . import accounts, cards, charges, disputes, kinds, mandates
from .bank import APPROVED, CHALLENGE, NEVER_OFF_SESSION, PENDING, VERIFY, account_of, after_challenge, verdict
from .errors import ApiError, invalid, payment_error
from .intents import authentication_failed, back_to_start, microdeposits_wanted, next_action, verification
from .payment_methods import keep_with
from .state import Object, State, public

# Ways of asking for a method to be kept for later payments.
LATER = ("off_session", "on_session")


def confirm(state: State, intent: Object, method: Object, params: Object) -> None:
    """Ask the bank. Ends in succeeded, processing or requires_action; a refusal is raised with the intent inside."""
    intent["_return_url"] = params.get("return_url", intent["_return_url"])
    _compatible(intent, method)
    off_session = bool(params.get("off_session"))
    answer = verdict(method, off_session=off_session, microdeposits=microdeposits_wanted(intent, method))
    if answer in (PENDING, VERIFY):
        once = {"amount": intent["amount"], "currency": intent["currency"]}
        reuse = reused(intent, method) is not None
        intent["_mandate"] = mandates.needed(state, method, params, reuse=reuse, once=once)["id"]
    if answer in (CHALLENGE, VERIFY) and params.get("error_on_requires_action"):
        answer = NEVER_OFF_SESSION
    if answer == APPROVED:
        _settle(state, intent, method)
    elif answer == PENDING:
        _process(state, intent, method)
    elif answer in (CHALLENGE, VERIFY):
        intent.update(status="requires_action", last_payment_error=None)
        intent["next_action"] = verification(state, intent) if answer == VERIFY else next_action(state, intent)
        state.emit("payment_intent.requires_action", intent)
    else:
        raise _decline(state, intent, method, answer)


def _compatible(intent: Object, method: Object) -> None:
    kind = kinds.of(method)
    if kind.name not in intent["payment_method_types"]:
        raise invalid(
            f"The PaymentMethod provided ({kind.name}) is not allowed for this PaymentIntent, which takes "
            f"{', '.join(intent['payment_method_types'])}.",
            param="payment_method",
            code="payment_intent_incompatible_payment_method",
        )
    if kind.redirects and not intent["_return_url"] and not method["_authenticated"]:
        raise invalid(f"A {kind.name} payment needs a `return_url`.", param="return_url", code="parameter_missing")


def reused(intent: Object, method: Object) -> str | None:
    """How the method is to be used later: what the intent says, or its options for this kind of method."""
    own = (intent["payment_method_options"].get(method["type"]) or {}).get("setup_future_usage")
    wanted = own or intent["setup_future_usage"]
    return wanted if wanted in LATER else None


def _settle(state: State, intent: Object, method: Object, *, authenticated: bool = False) -> None:
    if method["type"] == "paypal":
        method["paypal"].update(country="DE", payer_email="buyer@example.com", payer_id="PAYERSANDBOX1")
    charge = charges.make(state, intent, method, authenticated=authenticated)
    _keep(state, intent, method, authenticated=authenticated)
    _succeeded(state, intent)
    if method["type"] == "card" and cards.of(method).dispute:
        disputes.open_on(state, charge, reason=cards.of(method).dispute, inquiry=cards.of(method).inquiry)


def _process(state: State, intent: Object, method: Object) -> None:
    account = account_of(method)
    intent.update(
        status="processing",
        next_action=None,
        last_payment_error=None,
        _due_at=None if account.stuck else state.bank_answers_at(slow=account.slow),
    )
    charges.make(state, intent, method, pending=True, mandate=state.find(intent["_mandate"]))
    _keep(state, intent, method)
    state.emit("payment_intent.processing", intent)


def _keep(state: State, intent: Object, method: Object, *, authenticated: bool = False) -> None:
    """Store the method with the customer if that was asked for; what was used without is used up."""
    if intent["customer"] and reused(intent, method) and kinds.of(method).direct:
        keep_with(state, method, intent["customer"])
        if method["type"] == "paypal" and mandates.newest(state, method) is None:
            mandates.give(state, method, mandates.ON_PAGE, reuse=True)
        method["_authenticated"] = method["_authenticated"] or authenticated
    elif method["customer"] is None:
        method["_spent"] = True


def _succeeded(state: State, intent: Object) -> None:
    intent.update(
        status="succeeded",
        amount_received=intent["amount"],
        next_action=None,
        last_payment_error=None,
        _due_at=None,
    )
    state.emit("payment_intent.succeeded", intent)


def bank_answers(state: State, intent: Object, *, failure: str | None = None) -> None:
    """The bank's answer to a debit: `failure` as given, or as the test account has it when None."""
    if intent["status"] != "processing":
        return
    method = state.get("payment_method", intent["payment_method"])
    account = account_of(method)
    charge = state.get("charge", intent["latest_charge"])
    code = account.failure if failure is None else failure
    code = method["_decline"] or code if failure is None else code
    if code:
        _returned(state, intent, method, charge, code)
        return
    charges.succeed(state, charge)
    _succeeded(state, intent)
    if account.dispute and failure is None:
        charge["_return_at"] = state.now() + account.late * accounts.DAY
        charge["_return_reason"] = account.dispute


def _returned(state: State, intent: Object, method: Object, charge: Object, code: str) -> None:
    charges.fail(state, charge, code)
    if code == "debit_not_authorized":
        mandates.end_all(state, method)
    refusal = payment_error(accounts.FAILURES[code], code=code, payment_method=public(method), charge=charge["id"])
    intent["_due_at"] = None
    back_to_start(state, intent, refusal)


def _decline(state: State, intent: Object, method: Object, decline_code: str) -> ApiError:
    failed = charges.make(state, intent, method, decline_code=decline_code)
    refusal = cards.declined(decline_code, charge=failed["id"], payment_method=public(method))
    back_to_start(state, intent, refusal)
    refusal.error["payment_intent"] = public(intent)
    return refusal


def answer_challenge(state: State, intent: Object, *, passed: bool) -> None:
    """The customer proved who he is, or did not; a repeated answer changes nothing."""
    if intent["status"] != "requires_action" or intent["next_action"]["type"] == "verify_with_microdeposits":
        return
    method = state.get("payment_method", intent["payment_method"])
    decline_code = after_challenge(method) if passed else ""
    if decline_code:
        _decline(state, intent, method, decline_code)
    elif passed:
        _settle(state, intent, method, authenticated=True)
    elif method["type"] == "card":
        back_to_start(state, intent, authentication_failed(intent, method))
    else:
        words = "The customer did not approve the payment."
        back_to_start(
            state, intent, payment_error(words, code="payment_method_customer_decline", payment_method=public(method))
        )


def verified(state: State, intent: Object) -> None:
    """The small deposits were right: the debit is sent to the bank."""
    method = state.get("payment_method", intent["payment_method"])
    method["_verified"] = True
    _process(state, intent, method)
