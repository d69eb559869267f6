"""What several endpoints share: metadata, lists, expansion, addresses, what the sandbox does not play."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from .errors import invalid, missing, unsupported
from .state import Object, State

MAX_METADATA = 50
MAX_KEY = 40
MAX_VALUE = 500
USUAL_LIMIT = 10
MAX_LIMIT = 100
EXPANDABLE = {
    "charge",
    "customer",
    "data",
    "dispute",
    "generated_sepa_debit",
    "generated_sepa_debit_mandate",
    "ideal",
    "latest_attempt",
    "mandate",
    "payment_method_details",
    "refunds",
    "sepa_debit",
    "us_bank_account",
    "default_payment_method",
    "invoice_settings",
    "latest_charge",
    "line_items",
    "payment_intent",
    "payment_method",
    "setup_intent",
}
COMPARISONS = {
    "gt": lambda created, bound: created > bound,
    "gte": lambda created, bound: created >= bound,
    "lt": lambda created, bound: created < bound,
    "lte": lambda created, bound: created <= bound,
}


def merge_metadata(present: dict[str, str], given: dict[str, str] | str | None) -> dict[str, str]:
    """Metadata after an update: an empty value unsets its key, an empty string unsets all."""
    if given is None:
        return present
    if isinstance(given, str):
        return {}
    merged = {key: value for key, value in {**present, **given}.items() if value != ""}
    if len(merged) > MAX_METADATA:
        raise invalid(f"Metadata can have up to {MAX_METADATA} keys.", param="metadata")
    for key, value in merged.items():
        if len(key) > MAX_KEY or len(value) > MAX_VALUE:
            raise invalid(
                f"Metadata keys have up to {MAX_KEY} characters and values up to {MAX_VALUE}.",
                param=f"metadata[{key}]",
            )
    return merged


def web_address(value: str, *, param: str) -> str:
    """An absolute http(s) address; 400 otherwise."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise invalid("Not a valid URL", param=param, code="url_invalid")
    return value


def refuse(params: Object, names: Iterable[str]) -> None:
    """400 for parameters that would change what happens and that the sandbox does not play."""
    for name in names:
        if name in params:
            raise unsupported(name)


def listing(things: Iterator[Object], params: Object, *, url: str) -> Object:
    """A page of a list, newest first: `limit`, `starting_after`, `ending_before`, `created`."""
    limit = params.get("limit", USUAL_LIMIT)
    if not 1 <= limit <= MAX_LIMIT:
        raise invalid(f"Invalid limit: must be between 1 and {MAX_LIMIT}", param="limit")
    matching = [thing for thing in things if _created_within(thing, params.get("created"))]
    if "ending_before" in params:
        before = matching[: _position(matching, params["ending_before"], "ending_before")]
        page, more = before[-limit:], len(before) > limit
    else:
        start = 0
        if "starting_after" in params:
            start = _position(matching, params["starting_after"], "starting_after") + 1
        page = list(islice(matching, start, start + limit))
        more = len(matching) > start + limit
    return {"object": "list", "data": page, "has_more": more, "url": url}


def _created_within(thing: Object, bounds: dict[str, int] | int | None) -> bool:
    if bounds is None:
        return True
    if isinstance(bounds, int):
        return bool(thing["created"] == bounds)
    return all(COMPARISONS[name](thing["created"], bound) for name, bound in bounds.items())


def _position(things: list[Object], object_id: str, param: str) -> int:
    for index, thing in enumerate(things):
        if thing["id"] == object_id:
            return index
    raise invalid(f"No such object: '{object_id}'", param=param, code="resource_missing")


def expandable(paths: Iterable[str]) -> list[str]:
    """The paths to expand; 400, before anything is done, for what never can be."""
    for path in paths:
        if not set(path.split(".")) <= EXPANDABLE:
            raise invalid(f"This property cannot be expanded ({path}).", param="expand")
    return list(paths)


def expand(state: State, answer: Any, path: str) -> Any:
    """The answer with the id at this path (`latest_charge`, `data.payment_method`) replaced by its object."""
    return _expanded(state, answer, path.split("."))


def _expanded(state: State, thing: Any, steps: list[str]) -> Any:
    if isinstance(thing, list):
        return [_expanded(state, part, steps) for part in thing]
    if not isinstance(thing, dict):
        return thing
    name, rest = steps[0], steps[1:]
    if name == "refunds" and thing.get("object") == "charge":
        refunds = state.newest("refund", charge=thing["id"])
        return {**thing, name: listing(refunds, {"limit": MAX_LIMIT}, url=f"/v1/charges/{thing['id']}/refunds")}
    value = thing.get(name, thing.get(f"_{name}"))
    if isinstance(value, str):
        value = state.find(value) or value
    return {**thing, name: _expanded(state, value, rest) if rest else value}


def pick(params: Object, *names: str) -> Object:
    """Those of the named parameters that were sent; an empty string means none."""
    return {name: params[name] or None for name in names if name in params}


def living_customer(state: State, customer_id: str, *, param: str = "customer") -> Object:
    """The customer of that id, unless deleted."""
    customer = state.get("customer", customer_id, param=param)
    if customer.get("deleted"):
        raise missing("customer", customer_id, param=param)
    return customer
