"""The refusals of the API, each in the shape Stripe gives them."""

from typing import Any


class ApiError(Exception):
    """An answer that is not a success: status, Stripe's error type and code, the parameter at fault.

    `executed` tells whether the work had begun: only such answers are kept under an idempotency key.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        executed: bool = False,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.executed = executed
        fields = {"code": code, "message": message, "param": param, "type": kind, **extra}
        self.error = {name: value for name, value in fields.items() if value is not None}

    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {"error": self.error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A parameter that was refused before anything was done."""
    return ApiError(400, message, param=param, code=code)


def unexpected_state(message: str, *, code: str, **extra: Any) -> ApiError:
    """An act that the object's present state does not allow."""
    return ApiError(400, message, code=code, executed=True, **extra)


def missing(what: str, object_id: str, *, param: str = "id") -> ApiError:
    """An id that names nothing here."""
    return ApiError(404, f"No such {what}: '{object_id}'", code="resource_missing", param=param)


def unsupported(param: str, message: str = "") -> ApiError:
    """A parameter that the provider knows and the sandbox does not play; better refused than ignored."""
    return invalid(message or f"The payment sandbox does not play '{param}'.", param=param, code="sandbox_unsupported")


def card_error(
    message: str, *, code: str, decline_code: str | None = None, param: str | None = None, **extra: Any
) -> ApiError:
    """A card that the bank refused: 402."""
    return ApiError(
        402,
        message,
        kind="card_error",
        code=code,
        param=param,
        executed=True,
        decline_code=decline_code,
        **extra,
    )


def payment_error(message: str, *, code: str, **extra: Any) -> ApiError:
    """A payment that a bank or wallet refused, other than by card: 402."""
    return ApiError(402, message, code=code, executed=True, **extra)
