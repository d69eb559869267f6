"""What a browser may load and where it may send forms (Content Security Policy, W3C CSP Level 3)."""

from typing import Any

from csp.constants import NONCE, NONE, SELF


def content_security_policy(*, form_goes_to: str) -> dict[str, dict[str, list[Any]]]:
    """Everything from ourselves only, nothing inline; forms go to us and to the payment provider's page."""
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF, NONCE],
            "style-src": [SELF, NONCE],
            "img-src": [SELF, "data:"],  # Bootstrap's own stylesheet carries its icons as data: images
            "font-src": [SELF],
            "connect-src": [SELF],
            "media-src": [SELF, "blob:"],  # what was just recorded is heard before it is sent
            "manifest-src": [SELF],
            "form-action": [SELF, form_goes_to],
            "base-uri": [NONE],
            "object-src": [NONE],
            "frame-ancestors": [NONE],
        }
    }


def payment_form(api_base: str) -> dict[str, list[str]]:
    """What the one page with the payment provider's own form may load beyond that, by the address of its API."""
    if api_base.startswith("https://api.stripe"):
        form = "https://js.stripe.com"
        return {"script-src": [form], "frame-src": [form, "https://hooks.stripe.com"], "connect-src": [api_base]}
    return {"script-src": [api_base], "frame-src": [api_base], "connect-src": [api_base]}
