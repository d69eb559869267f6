"""Bank debits: delayed answers, mandates, returns, small deposits, and what is offered for which currency."""

import pytest
import requests
import stripe

from billing.sandbox.accounts import IBANS, US_ACCOUNTS, Account
from billing.sandbox.server import Sandbox

DAY = 24 * 3600
YES = {"customer_acceptance": {"type": "online", "online": {"ip_address": "203.0.113.7", "user_agent": "test"}}}
PERSON = {"name": "Alice Example", "email": "alice@example.com"}


def control(sandbox: Sandbox, call: str, **given: object) -> requests.Response:
    return requests.post(f"{sandbox.url}/_sandbox/{call}", json=given, timeout=5)


def days(sandbox: Sandbox, number: int) -> None:
    assert control(sandbox, "clock", advance=number * DAY).status_code == 200


def pay(client: stripe.StripeClient, method: str, **more: object) -> stripe.PaymentIntent:
    currency = "eur" if method.endswith("_de") else "usd"
    return client.v1.payment_intents.create(
        {
            "amount": 2500,
            "currency": currency,
            "payment_method": method,
            "confirm": True,
            "mandate_data": YES,
            "return_url": "https://shop.example/back",
            **more,
        }
    )


def types(client: stripe.StripeClient) -> list[str]:
    return [event.type for event in client.v1.events.list({"limit": 100}).data][::-1]


def stored(client: stripe.StripeClient, method: str) -> tuple[str, str]:
    """A customer with this test account stored by a setup intent."""
    customer = client.v1.customers.create({**PERSON})
    done = client.v1.setup_intents.create(
        {
            "customer": customer.id,
            "payment_method": method,
            "confirm": True,
            "mandate_data": YES,
            "return_url": "https://shop.example/back",
        }
    )
    assert done.status == "succeeded"
    return customer.id, done.payment_method


@pytest.mark.parametrize("account", [*US_ACCOUNTS, *IBANS], ids=lambda account: account.slug)
def test_each_test_account(client: stripe.StripeClient, payment_sandbox: Sandbox, account: Account) -> None:
    intent = pay(client, account.test_ids[0])
    assert intent.status == "processing"
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (charge.status, charge.paid, charge.amount_captured) == ("pending", False, 0)
    days(payment_sandbox, 9)
    after = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    charge = after.latest_charge
    if account.stuck:
        assert after.status == "processing"
    elif account.failure:
        assert (after.status, charge.status) == ("requires_payment_method", "failed")
        assert after.last_payment_error.code == charge.failure_code == account.failure
        ended = ["mandate.updated"] if account.failure == "debit_not_authorized" else []
        expected = ["charge.failed", *ended, "payment_intent.payment_failed"]
        assert types(client)[-len(expected) :] == expected
    else:
        assert (after.status, charge.status, after.amount_received) == ("succeeded", "succeeded", 2500)
        assert charge.disputed is bool(account.dispute and not account.late)
    if account.late:
        assert not client.v1.disputes.list({"charge": charge.id}).data
        days(payment_sandbox, account.late)
        (dispute,) = client.v1.disputes.list({"charge": charge.id}).data
        assert (dispute.status, dispute.reason, dispute.amount) == ("lost", account.dispute, 2500)
        assert types(client)[-3:] == [
            "charge.dispute.created",
            "charge.dispute.funds_withdrawn",
            "charge.dispute.closed",
        ]


def test_the_bank_takes_its_time(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = pay(client, "pm_usBankAccount_success")
    assert types(client) == ["payment_intent.created", "charge.pending", "payment_intent.processing"]
    days(payment_sandbox, 3)
    assert client.v1.payment_intents.retrieve(intent.id).status == "processing"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.cancel(intent.id)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"charge": intent.latest_charge})
    days(payment_sandbox, 1)
    assert types(client)[-2:] == ["charge.succeeded", "payment_intent.succeeded"]


@pytest.mark.parametrize(("outcome", "status"), [("succeeded", "succeeded"), ("no_account", "requires_payment_method")])
def test_the_bank_answers_on_demand(
    client: stripe.StripeClient, payment_sandbox: Sandbox, outcome: str, status: str
) -> None:
    intent = pay(client, "pm_failed_de")
    assert control(payment_sandbox, f"payment_intents/{intent.id}/answer", outcome=outcome).status_code == 200
    assert client.v1.payment_intents.retrieve(intent.id).status == status
    assert control(payment_sandbox, f"payment_intents/{intent.id}/answer", outcome=outcome).status_code == 400


def test_a_debit_needs_a_mandate(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        pay(client, "pm_success_de", mandate_data="")
    assert refused.value.code == "payment_intent_mandate_invalid"
    assert not payment_sandbox.state.objects["charge"]


def test_a_stored_account_is_debited_off_session_until_its_mandate_ends(
    client: stripe.StripeClient, payment_sandbox: Sandbox
) -> None:
    customer, method = stored(client, "pm_success_de")
    with pytest.raises(stripe.InvalidRequestError):
        pay(client, method, currency="usd", customer=customer, off_session=True)
    intent = client.v1.payment_intents.create({"amount": 2500, "currency": "eur", "customer": customer})
    done = client.v1.payment_intents.confirm(intent.id, {"payment_method": method, "off_session": True})
    assert done.status == "processing"
    charge = client.v1.charges.retrieve(done.latest_charge)
    mandate = client.v1.mandates.retrieve(charge.payment_method_details.sepa_debit.mandate)
    assert (mandate.status, mandate.type, mandate.payment_method) == ("active", "multi_use", method)
    page = requests.get(mandate.payment_method_details.sepa_debit.url, timeout=5).text
    assert mandate.payment_method_details.sepa_debit.reference in page
    control(payment_sandbox, f"mandates/{mandate.id}/revoke")
    assert types(client)[-1] == "mandate.updated"
    assert client.v1.mandates.retrieve(mandate.id).status == "inactive"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        pay(client, method, currency="eur", customer=customer, off_session=True, mandate_data="")
    assert refused.value.code == "payment_intent_mandate_invalid"


def test_detaching_ends_the_mandate(client: stripe.StripeClient) -> None:
    _, method = stored(client, "pm_usBankAccount_success")
    client.v1.payment_methods.detach(method)
    assert types(client)[-2:] == ["mandate.updated", "payment_method.detached"]


def test_a_stored_account_can_turn_bad_and_good_again(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    customer, method = stored(client, "pm_usBankAccount_success")
    for code in ("insufficient_funds", ""):
        control(payment_sandbox, f"payment_methods/{method}/decline", code=code)
        intent = pay(client, method, customer=customer, off_session=True, mandate_data="")
        days(payment_sandbox, 4)
        after = client.v1.payment_intents.retrieve(intent.id)
        assert after.status == ("requires_payment_method" if code else "succeeded")
    assert control(payment_sandbox, f"payment_methods/{method}/decline", code="do_not_honor").status_code == 400


def test_accounts_are_looked_at_and_not_kept(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    made = client.v1.payment_methods.create(
        {
            "type": "us_bank_account",
            "us_bank_account": {"routing_number": "110000000", "account_number": "000222222227"},
            "billing_details": PERSON,
        }
    )
    assert (made.us_bank_account.last4, made.us_bank_account.routing_number) == ("2227", "110000000")
    assert "000222222227" not in str(payment_sandbox.state.objects)


WRONG = [
    (
        {"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013001"}, "billing_details": PERSON},
        "sepa_debit[iban]",
    ),
    (
        {"type": "sepa_debit", "sepa_debit": {"iban": "GB29NWBK60161331926819"}, "billing_details": PERSON},
        "sepa_debit[iban]",
    ),
    ({"type": "sepa_debit", "sepa_debit": {"iban": "DE89370400440532013000"}}, "billing_details[name]"),
    (
        {
            "type": "us_bank_account",
            "us_bank_account": {"routing_number": "021000021", "account_number": "000123456789"},
            "billing_details": PERSON,
        },
        "us_bank_account[routing_number]",
    ),
    (
        {
            "type": "us_bank_account",
            "us_bank_account": {"routing_number": "110000000", "account_number": "12345678"},
            "billing_details": PERSON,
        },
        "us_bank_account[account_number]",
    ),
    ({"type": "klarna"}, "type"),
    ({"type": "card", "sepa_debit": {"iban": "DE89370400440532013000"}}, "sepa_debit"),
]


@pytest.mark.parametrize(("data", "param"), WRONG)
def test_refused_accounts(client: stripe.StripeClient, data: dict[str, object], param: str) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_methods.create(data)  # type: ignore[arg-type]
    assert refused.value.param == param


OFFERED = [
    ({"currency": "usd"}, ["card", "us_bank_account", "paypal"]),
    ({"currency": "eur"}, ["card", "sepa_debit", "ideal", "paypal"]),
    ({"currency": "jpy"}, ["card"]),
    ({"currency": "eur", "allowed_payment_method_types": ["us_bank_account", "card"]}, ["card"]),
    ({"currency": "usd", "excluded_payment_method_types": ["paypal", "card"]}, ["us_bank_account"]),
    (
        {"currency": "eur", "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}},
        ["card", "sepa_debit"],
    ),
]


@pytest.mark.parametrize(("params", "expected"), OFFERED)
def test_what_is_offered(client: stripe.StripeClient, params: dict[str, object], expected: list[str]) -> None:
    made = client.v1.payment_intents.create({"amount": 1000, **params})  # type: ignore[misc]
    assert made.payment_method_types == expected


@pytest.mark.parametrize(
    "params",
    [
        {"currency": "jpy", "allowed_payment_method_types": ["sepa_debit"]},
        {"currency": "eur", "allowed_payment_method_types": ["card"], "automatic_payment_methods": {"enabled": True}},
        {"currency": "eur", "allowed_payment_method_types": ["card"], "excluded_payment_method_types": ["ideal"]},
    ],
)
def test_filters_that_leave_nothing_or_contradict(client: stripe.StripeClient, params: dict[str, object]) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create({"amount": 1000, **params})  # type: ignore[misc]
    assert refused.value.param == "allowed_payment_method_types"


def unverified(client: stripe.StripeClient, act: str, **more: object) -> stripe.PaymentIntent | stripe.SetupIntent:
    data = {
        "type": "us_bank_account",
        "us_bank_account": {"routing_number": "110000000", "account_number": "000123456789"},
        "billing_details": PERSON,
    }
    params = {
        "payment_method_data": data,
        "confirm": True,
        "mandate_data": YES,
        "return_url": "https://shop.example/back",
        **more,
    }
    made: stripe.PaymentIntent | stripe.SetupIntent = getattr(client.v1, act).create(params)
    return made


@pytest.mark.parametrize("right", [{"descriptor_code": "SM11AA"}, {"amounts": [32, 45]}])
def test_small_deposits(client: stripe.StripeClient, right: dict[str, object]) -> None:
    intent = unverified(client, "payment_intents", amount=2500, currency="usd")
    assert intent.next_action.type == "verify_with_microdeposits"
    assert (
        "Verify your bank account"
        in requests.get(intent.next_action.verify_with_microdeposits.hosted_verification_url, timeout=5).text
    )
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.verify_microdeposits(intent.id, {"amounts": [10, 11]})
    assert refused.value.code == "payment_method_microdeposit_verification_amounts_mismatch"
    assert client.v1.payment_intents.verify_microdeposits(intent.id, right).status == "processing"  # type: ignore[arg-type]


def test_too_many_wrong_deposits(client: stripe.StripeClient) -> None:
    intent = unverified(client, "setup_intents")
    for _ in range(5):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.setup_intents.verify_microdeposits(intent.id, {"descriptor_code": "SM33CC"})
    assert refused.value.code == "payment_method_microdeposit_verification_attempts_exceeded"
    assert client.v1.setup_intents.retrieve(intent.id).status == "requires_payment_method"
    assert types(client)[-1] == "setup_intent.setup_failed"


def test_small_deposits_on_the_page(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({**PERSON})
    intent = unverified(client, "setup_intents", customer=customer.id)
    url = intent.next_action.verify_with_microdeposits.hosted_verification_url
    assert requests.post(url, {"code": "WRONG1"}, timeout=5).status_code == 400
    assert requests.post(url, {"code": "sm11aa"}, timeout=5).status_code == 200
    assert client.v1.setup_intents.retrieve(intent.id).status == "succeeded"
    assert len(client.v1.payment_methods.list({"customer": customer.id}).data) == 1


def test_refunds_to_a_bank_account_take_days(client: stripe.StripeClient, payment_sandbox: Sandbox) -> None:
    intent = pay(client, "pm_success_de")
    days(payment_sandbox, 5)
    refund = client.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    assert refund.status == "pending"
    days(payment_sandbox, 5)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert types(client)[-2:] == ["refund.updated", "charge.refund.updated"]
    control(payment_sandbox, f"refunds/{refund.id}/fail")
    charge = client.v1.charges.retrieve(intent.latest_charge)
    assert (client.v1.refunds.retrieve(refund.id).status, charge.amount_refunded) == ("failed", 0)
