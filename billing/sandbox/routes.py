"""The API's endpoints: method, path, the SDK's parameters for it, and the function that does it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params
from stripe.params import checkout

from . import customers, disputes, mandates, payment_intents, payment_methods, refunds, sessions, setup_intents
from .parts import listing
from .state import Object, State

Act = Callable[..., Object]


@dataclass(frozen=True)
class Route:
    """One endpoint. `:id` in the path stands for an id, handed to the act."""

    method: str
    path: str
    expected: Any
    act: Act

    @property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(self.path.replace(":id", "([A-Za-z0-9_]+)"))


def _reader(kind: str) -> Act:
    def retrieve(state: State, _params: Object, object_id: str) -> Object:
        return state.get(kind, object_id)

    return retrieve


def _lister(kind: str, url: str, *filters: str) -> Act:
    def list_all(state: State, given: Object) -> Object:
        where = {name: given[name] for name in filters if name in given}
        return listing(state.newest(kind, **where), given, url=url)

    return list_all


def _list_events(state: State, given: Object) -> Object:
    types = given.get("types") or ([given["type"]] if "type" in given else None)
    things = (event for event in state.newest("event") if types is None or event["type"] in types)
    return listing(things, given, url="/v1/events")


ROUTES = (
    Route("POST", "/v1/customers", params.CustomerCreateParams, customers.create),
    Route("GET", "/v1/customers", params.CustomerListParams, customers.list_all),
    Route("GET", "/v1/customers/:id", params.CustomerRetrieveParams, customers.retrieve),
    Route("POST", "/v1/customers/:id", params.CustomerUpdateParams, customers.update),
    Route("DELETE", "/v1/customers/:id", params.CustomerDeleteParams, customers.delete),
    Route(
        "GET",
        "/v1/customers/:id/payment_methods",
        params.CustomerPaymentMethodListParams,
        payment_methods.list_of_customer,
    ),
    Route("POST", "/v1/payment_methods", params.PaymentMethodCreateParams, payment_methods.create),
    Route("GET", "/v1/payment_methods", params.PaymentMethodListParams, payment_methods.list_all),
    Route("GET", "/v1/payment_methods/:id", params.PaymentMethodRetrieveParams, payment_methods.retrieve),
    Route("POST", "/v1/payment_methods/:id", params.PaymentMethodUpdateParams, payment_methods.update),
    Route("POST", "/v1/payment_methods/:id/attach", params.PaymentMethodAttachParams, payment_methods.attach),
    Route("POST", "/v1/payment_methods/:id/detach", params.PaymentMethodDetachParams, payment_methods.detach),
    Route("POST", "/v1/payment_intents", params.PaymentIntentCreateParams, payment_intents.create),
    Route("GET", "/v1/payment_intents", params.PaymentIntentListParams, payment_intents.list_all),
    Route("GET", "/v1/payment_intents/:id", params.PaymentIntentRetrieveParams, payment_intents.retrieve),
    Route("POST", "/v1/payment_intents/:id", params.PaymentIntentUpdateParams, payment_intents.update),
    Route("POST", "/v1/payment_intents/:id/confirm", params.PaymentIntentConfirmParams, payment_intents.confirm),
    Route("POST", "/v1/payment_intents/:id/cancel", params.PaymentIntentCancelParams, payment_intents.cancel),
    Route(
        "POST",
        "/v1/payment_intents/:id/verify_microdeposits",
        params.PaymentIntentVerifyMicrodepositsParams,
        payment_intents.verify_microdeposits,
    ),
    Route("POST", "/v1/setup_intents", params.SetupIntentCreateParams, setup_intents.create),
    Route("GET", "/v1/setup_intents", params.SetupIntentListParams, setup_intents.list_all),
    Route("GET", "/v1/setup_intents/:id", params.SetupIntentRetrieveParams, setup_intents.retrieve),
    Route("POST", "/v1/setup_intents/:id/confirm", params.SetupIntentConfirmParams, setup_intents.confirm),
    Route("POST", "/v1/setup_intents/:id/cancel", params.SetupIntentCancelParams, setup_intents.cancel),
    Route(
        "POST",
        "/v1/setup_intents/:id/verify_microdeposits",
        params.SetupIntentVerifyMicrodepositsParams,
        setup_intents.verify_microdeposits,
    ),
    Route("GET", "/v1/setup_attempts", params.SetupAttemptListParams, setup_intents.attempts),
    Route("GET", "/v1/mandates/:id", params.MandateRetrieveParams, mandates.retrieve),
    Route("POST", "/v1/checkout/sessions", checkout.SessionCreateParams, sessions.create),
    Route("GET", "/v1/checkout/sessions", checkout.SessionListParams, sessions.list_all),
    Route("GET", "/v1/checkout/sessions/:id", checkout.SessionRetrieveParams, sessions.retrieve),
    Route("POST", "/v1/checkout/sessions/:id/expire", checkout.SessionExpireParams, sessions.expire),
    Route(
        "GET",
        "/v1/checkout/sessions/:id/line_items",
        checkout.SessionListLineItemsParams,
        sessions.line_items,
    ),
    Route("POST", "/v1/refunds", params.RefundCreateParams, refunds.create),
    Route("GET", "/v1/refunds", params.RefundListParams, refunds.list_all),
    Route("GET", "/v1/refunds/:id", params.RefundRetrieveParams, refunds.retrieve),
    Route("GET", "/v1/disputes", params.DisputeListParams, disputes.list_all),
    Route("GET", "/v1/disputes/:id", params.DisputeRetrieveParams, disputes.retrieve),
    Route("POST", "/v1/disputes/:id", params.DisputeUpdateParams, disputes.update),
    Route("POST", "/v1/disputes/:id/close", params.DisputeCloseParams, disputes.close),
    Route("GET", "/v1/charges/:id", params.ChargeRetrieveParams, _reader("charge")),
    Route(
        "GET",
        "/v1/charges",
        params.ChargeListParams,
        _lister("charge", "/v1/charges", "customer", "payment_intent"),
    ),
    Route("GET", "/v1/events/:id", params.EventRetrieveParams, _reader("event")),
    Route("GET", "/v1/events", params.EventListParams, _list_events),
)
PATTERNS = tuple((route, route.pattern) for route in ROUTES)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The endpoint of this request and the ids in its path."""
    for route, pattern in PATTERNS:
        match = pattern.fullmatch(path)
        if match and route.method == method:
            return route, match.groups()
    return None
