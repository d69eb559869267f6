"""Who takes money, as the environment says; see .env.example for each name with its meaning."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured

from selfcare import embedded, environment

STRIPE_API = "https://api.stripe.com"
STRIPE_PAGE = "https://checkout.stripe.com"


@dataclass(frozen=True, slots=True)
class Stripe:
    """Stripe's keys; `api` is our own sandbox where no key is given, which is possible in a trial only.

    `page` is where Pay Now leads to: a form that is answered by a redirect there must be allowed to.
    """

    secret_key: str
    webhook_secret: str
    publishable_key: str
    api: str
    page: str


@dataclass(frozen=True, slots=True)
class PayNearMe:
    """Cash at a till: off without a `site`."""

    site: str
    secret: str
    url: str


def stripe_from_environment(*, trial: bool) -> Stripe:
    """Raises ImproperlyConfigured for keys that cannot work together."""
    secret, webhook = environment.secret("STRIPE_SECRET_KEY"), environment.secret("STRIPE_WEBHOOK_SECRET")
    publishable = environment.text("STRIPE_PUBLISHABLE_KEY", "")
    if not secret:
        return _stripe_sandbox(webhook, trial=trial)
    if not webhook:
        raise ImproperlyConfigured("STRIPE_WEBHOOK_SECRET is empty; without it no payment is ever booked.")
    if environment.flag("PAYMENT_ELEMENT") and not publishable:
        raise ImproperlyConfigured("STRIPE_PUBLISHABLE_KEY is empty; the form of PAYMENT_ELEMENT needs it.")
    return Stripe(secret, webhook, publishable, STRIPE_API, STRIPE_PAGE)


def paynearme_from_environment(*, stripe_api: str) -> PayNearMe:
    """Beside our own sandbox the sandbox plays PayNearMe as well, under the site and secret that it starts with."""
    site, secret = environment.text("PAYNEARME_SITE"), environment.secret("PAYNEARME_SECRET")
    url = environment.text("PAYNEARME_URL", "https://api.paynearme.com").rstrip("/")
    if not site and stripe_api != STRIPE_API:
        return PayNearMe(*embedded.SANDBOX_PAYNEARME, f"{stripe_api}/paynearme")
    if site and not secret:
        raise ImproperlyConfigured("PAYNEARME_SECRET is empty; without it no cash payment is ever booked.")
    return PayNearMe(site, secret, url)


def _stripe_sandbox(webhook: str, *, trial: bool) -> Stripe:
    if not trial and not environment.flag("PAYMENT_SANDBOX"):
        raise ImproperlyConfigured("STRIPE_SECRET_KEY is empty. Set it, or PAYMENT_SANDBOX=1 for a rehearsal.")
    api = environment.text("PAYMENT_SANDBOX_URL", "http://127.0.0.1:8090")
    # The sandbox accepts any key; it holds no money.
    return Stripe("sk_test_selfcare", webhook or embedded.SANDBOX_SECRET, "pk_test_selfcare", api, api)
