"""Customers: create, retrieve, update, delete, list."""

import re

from .errors import invalid
from .parts import listing, living_customer, merge_metadata, pick, refuse
from .payment_methods import attach_to, owned
from .state import Object, State

FIELDS = ("address", "description", "email", "name", "phone", "shipping", "preferred_locales", "tax_exempt")
NOT_PLAYED = ("balance", "cash_balance", "coupon", "source", "tax_id_data", "test_clock", "validate")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def blank() -> Object:
    """A customer of whom nothing is known."""
    return {
        "address": None,
        "balance": 0,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": None,
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "metadata": {},
        "name": None,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def create(state: State, params: Object) -> Object:
    """POST /v1/customers."""
    refuse(params, NOT_PLAYED)
    fields = {**blank(), **_changes(params)}
    fields["metadata"] = merge_metadata({}, params.get("metadata"))
    customer = state.add("customer", fields)
    try:
        if "payment_method" in params:
            attach_to(state, params["payment_method"], customer)
        _set_invoice_settings(state, customer, params)
    except Exception:
        del state.objects["customer"][customer["id"]]
        raise
    state.emit("customer.created", customer)
    return customer


def retrieve(state: State, _params: Object, customer_id: str) -> Object:
    """GET /v1/customers/:id; a deleted one answers `deleted: true`."""
    return state.get("customer", customer_id)


def update(state: State, params: Object, customer_id: str) -> Object:
    """POST /v1/customers/:id."""
    refuse(params, NOT_PLAYED)
    customer = living_customer(state, customer_id, param="id")
    changes = _changes(params)
    metadata = merge_metadata(customer["metadata"], params.get("metadata"))
    _set_invoice_settings(state, customer, params)
    customer.update(changes, metadata=metadata)
    state.emit("customer.updated", customer)
    return customer


def delete(state: State, _params: Object, customer_id: str) -> Object:
    """DELETE /v1/customers/:id: forgets the person and lets go of the stored methods."""
    customer = living_customer(state, customer_id, param="id")
    state.emit("customer.deleted", customer)
    for method in state.newest("payment_method", customer=customer_id):
        method["customer"] = None
    kept = {name: customer[name] for name in ("id", "object", "created", "livemode")}
    customer.clear()
    customer.update(kept, deleted=True)
    return {"id": customer_id, "object": "customer", "deleted": True}


def list_all(state: State, params: Object) -> Object:
    """GET /v1/customers, narrowed by `email`."""
    where = {"email": params["email"]} if "email" in params else {}
    things = (c for c in state.newest("customer", **where) if not c.get("deleted"))
    return listing(things, params, url="/v1/customers")


def _changes(params: Object) -> Object:
    if params.get("email") and not EMAIL.fullmatch(params["email"]):
        raise invalid(f"Invalid email address: {params['email']}", param="email", code="email_invalid")
    return pick(params, *FIELDS)


def _set_invoice_settings(state: State, customer: Object, params: Object) -> None:
    settings = params.get("invoice_settings") or {}
    refuse(settings, [name for name in settings if name != "default_payment_method"])
    if "default_payment_method" not in settings:
        return
    method_id = settings["default_payment_method"]
    if method_id:
        owned(state, method_id, customer["id"], param="invoice_settings[default_payment_method]")
    customer["invoice_settings"]["default_payment_method"] = method_id or None
