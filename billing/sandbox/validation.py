"""Parameters held against the SDK's own typed dictionaries, so that what Stripe would refuse is refused here.

The SDK writes `Literal[...] | str` where its list of values may grow; the service knows its list, so the
literals are the law here and the `str` beside them is not.
"""

import sys
import typing
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType, SimpleNamespace, UnionType
from typing import Any

from stripe._request_options import RequestOptions
from stripe._stripe_object import UntypedStripeObject

from .errors import ApiError, invalid

WITHDRAWN = {
    "payment_method_types": (
        "payment_method_types_no_longer_supported",
        "The `payment_method_types` parameter is no longer supported. "
        "Use `allowed_payment_method_types` or leave it out.",
    ),
}
BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


@cache
def shape(params: Any) -> dict[str, Any]:
    """The parameters a typed dictionary of the SDK takes, with their types; request options left out."""
    own = {k: v for k, v in params.__annotations__.items() if k not in RequestOptions.__annotations__}
    scope = vars(sys.modules[params.__module__])
    return typing.get_type_hints(SimpleNamespace(__annotations__=own), globalns=scope)


def check(params: Mapping[str, Any], expected: Any, *, path: str = "") -> dict[str, Any]:
    """Typed values of `params`; raises the 400 that Stripe would give for the first one at fault."""
    known = shape(expected)
    for name in params:
        if name not in known:
            raise _unknown(_under(path, name), name)
    for name in sorted(expected.__required_keys__ & known.keys()):
        if name not in params:
            where = _under(path, name)
            raise invalid(f"Missing required param: {where}.", param=where, code="parameter_missing")
    return {name: convert(value, known[name], _under(path, name)) for name, value in params.items()}


def _under(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _unknown(where: str, name: str) -> ApiError:
    if name in WITHDRAWN:
        code, message = WITHDRAWN[name]
        return invalid(message, param=where, code=code)
    return invalid(f"Received unknown parameter: {where}", param=where, code="parameter_unknown")


def convert(value: Any, annotation: Any, where: str) -> Any:
    """One value in the type that the annotation asks for."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, UnionType):
        return _one_of(value, typing.get_args(annotation), where)
    if origin is typing.Literal:
        return _literal(value, typing.get_args(annotation), where)
    if origin in (list, typing.List):  # noqa: UP006 - the SDK's own spelling
        return _list(value, typing.get_args(annotation)[0], where)
    if origin is UntypedStripeObject or origin is dict:
        return _dictionary(value, typing.get_args(annotation)[-1], where)
    if hasattr(annotation, "__required_keys__"):  # a TypedDict, whichever module made it
        return _nested(value, annotation, where)
    return _scalar(value, annotation, where)


def _one_of(value: Any, choices: tuple[Any, ...], where: str) -> Any:
    literals = [v for c in choices if typing.get_origin(c) is typing.Literal for v in typing.get_args(c)]
    if value in literals:
        return value
    others = [c for c in choices if typing.get_origin(c) is not typing.Literal and c is not NoneType]
    if any(literal != "" for literal in literals):
        others = [c for c in others if c is not str]
    refusal = _literal_refusal(value, literals, where)
    for choice in others:
        try:
            return convert(value, choice, where)
        except ApiError as error:
            refusal = error if not isinstance(value, str) or not literals else refusal
    raise refusal


def _literal_refusal(value: Any, allowed: list[Any], where: str) -> ApiError:
    names = ", ".join(str(choice) for choice in allowed if choice != "")
    return invalid(f"Invalid {where}: must be one of {names}; got {value!r}", param=where)


def _literal(value: Any, allowed: tuple[Any, ...], where: str) -> Any:
    if value in allowed:
        return value
    raise _literal_refusal(value, list(allowed), where)


def _list(value: Any, item: Any, where: str) -> list[Any]:
    if not isinstance(value, list):
        raise invalid(f"Invalid array: {where}", param=where, code="parameter_invalid_array")
    return [convert(part, item, f"{where}[{index}]") for index, part in enumerate(value)]


def _dictionary(value: Any, item: Any, where: str) -> dict[str, Any]:
    if isinstance(value, list):  # keys that were all digits
        value = {str(index): part for index, part in enumerate(value)}
    if not isinstance(value, dict):
        raise invalid(f"Invalid object: {where}", param=where, code="parameter_invalid_object")
    return {key: convert(part, item, f"{where}[{key}]") for key, part in value.items()}


def _nested(value: Any, expected: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise invalid(f"Invalid object: {where}", param=where, code="parameter_invalid_object")
    return check(value, expected, path=where)


def _scalar(value: Any, annotation: Any, where: str) -> Any:
    if isinstance(value, dict | list):
        raise invalid(f"Invalid string: {where}", param=where, code="parameter_invalid_string_blank")
    if annotation is bool:
        return _boolean(value, where)
    if annotation is int:
        return _integer(value, where)
    if annotation in (Decimal, float):
        return _decimal(value, where)
    return value


def _boolean(value: str, where: str) -> bool:
    if value in BOOLEANS:
        return BOOLEANS[value]
    raise invalid(f"Invalid boolean: {value}", param=where, code="parameter_invalid_boolean")


def _integer(value: str, where: str) -> int:
    digits = value.removeprefix("-")
    if digits.isascii() and digits.isdecimal() and len(digits) < 19:
        return int(value)
    raise invalid(f"Invalid integer: {value}", param=where, code="parameter_invalid_integer")


def _decimal(value: str, where: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_finite():
        return number
    raise invalid(f"Invalid decimal: {value}", param=where, code="parameter_invalid_decimal")
