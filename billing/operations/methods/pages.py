"""Asking the provider for its page on which a way to pay is stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.gateways.base import NotDone, SetupOrder, Unanswered
from billing.gateways.registry import storing_gateway
from billing.gateways.stripe import NAME as STRIPE
from billing.models import MethodSetup
from billing.operations.guards import AlreadyStarted
from billing.operations.methods.payers import payer_ref
from billing.operations.methods.setups import apply_setup, end_setup, next_setup_check
from billing.queries.offered import offer_of
from selfcare.errors import Refused
from selfcare.models import Customer, User

log = structlog.get_logger(__name__)

State = MethodSetup.State


def open_method_page(*, customer: Customer, user: User, kind: str, setup_id: UUID, now: datetime) -> MethodSetup:
    """Write the visit down, then ask for the page; outside any transaction. The same id again is the same visit.

    The result is OPEN with `session_url`, or CREATED when no answer came: the same form may be sent again, and takes
    nothing. Raises AlreadyStarted when that id is in use for something else; Refused when the provider is too busy.
    """
    if offer_of(customer, kind) is None:
        raise Refused(_("You cannot pay in this way. Please choose another one."), field="kind")
    setup = _begin(customer, user, kind, setup_id, now)
    if setup.state != State.CREATED:
        return setup
    try:
        found = storing_gateway(setup.provider).open_setup(_order(setup))
    except Unanswered as trouble:
        log.warning("setup_unanswered", setup=str(setup.pk), error=str(trouble))
        return setup
    except NotDone as trouble:
        log.error("setup_refused_by_provider", setup=str(setup.pk), error=str(trouble))
        if trouble.later:
            raise Refused(_("The payment service is busy. Please try again in a minute.")) from None
        return end_setup(setup_id=setup.pk, state=State.FAILED, failure="provider_refused", now=now)
    return apply_setup(setup_id=setup.pk, found=found, now=now)


def _begin(customer: Customer, user: User, kind: str, setup_id: UUID, now: datetime) -> MethodSetup:
    setup = MethodSetup(
        id=setup_id,
        customer=customer,
        user=user,
        provider=STRIPE,
        kind=kind,
        created_at=now,
        changed_at=now,
        next_check_at=next_setup_check(State.CREATED, checks=0, now=now),
    )
    with transaction.atomic(durable=True):
        MethodSetup.objects.bulk_create([setup], ignore_conflicts=True)
        kept: MethodSetup | None = MethodSetup.for_customer(customer).filter(pk=setup_id).first()
    if kept is None or kept.kind != kind:
        raise AlreadyStarted
    return kept


def _order(setup: MethodSetup) -> SetupOrder:
    page = settings.PORTAL_URL + reverse("billing:method-setup", args=[setup.pk])
    return SetupOrder(
        setup_id=setup.pk,
        kind=setup.kind,
        currency=setup.customer.currency,
        customer_ref=payer_ref(setup.customer, provider=setup.provider),
        created_at=setup.created_at,
        success_url=page,
        cancel_url=page,
    )
