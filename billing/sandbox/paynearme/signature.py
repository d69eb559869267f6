"""The signature of calls and callbacks (https://apidocs.paynearme.com/devdocs/reference/hmac-signature-authentication)."""

import hashlib
import hmac
from collections.abc import Mapping

# Sent along, but not signed.
UNSIGNED = ("signature", "format")


def text(value: object) -> str:
    """A value as it is signed and compared: JSON's true is `true`, nothing is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def sign(params: Mapping[str, object], secret: str) -> str:
    """HMAC-SHA256, in hex, of names and values run together in the order of the names."""
    joined = "".join(f"{name}{text(params[name])}" for name in sorted(params) if name not in UNSIGNED)
    return hmac.new(secret.encode(), joined.encode(), hashlib.sha256).hexdigest()


def is_signed(params: Mapping[str, object], secret: str) -> bool:
    """Whether `signature` is the one of the other parameters."""
    return hmac.compare_digest(text(params.get("signature")), sign(params, secret))
