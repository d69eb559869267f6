"""The page behind a mailed link: a payer confirms one automatic payment with his bank, without signing in."""

from __future__ import annotations

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from billing.gateways.base import NotDone, Unanswered
from billing.models import Payment
from billing.operations.autopay import confirm_charge, look_again, payment_of_link
from selfcare.errors import Refused

log = structlog.get_logger(__name__)

TEMPLATE = "billing/pay/confirm.html"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Looking asks the provider how it stands; pressing the button leads to the bank. It opens nothing else."""
    now = timezone.now()
    payment = payment_of_link(token, now=now)
    if payment is None:
        return render(request, TEMPLATE, {"invalid": True}, status=404)
    refusal = ""
    try:
        if request.method == "POST":
            payment = confirm_charge(payment=payment, return_url=request.build_absolute_uri(), now=now)
        else:
            payment = look_again(payment=payment, now=now)
    except Refused as trouble:
        refusal = str(trouble.message)
    except (Unanswered, NotDone) as trouble:
        log.warning("payment_check_unanswered", payment=str(payment.pk), error=str(trouble))
    return render(request, TEMPLATE, facts_of(payment) | {"refusal": refusal})


def facts_of(payment: Payment) -> dict[str, object]:
    """What the page says; `bank` is where it is confirmed, once the button was pressed."""
    waits = payment.state == Payment.State.REQUIRES_ACTION
    ours = payment.action_url.startswith(settings.PORTAL_URL)
    return {
        "payment": payment,
        "waits": waits,
        "bank": payment.action_url if waits and not ours else "",
        "is_paid": payment.paid_at is not None,
        "is_under_way": payment.state in (Payment.State.PENDING, Payment.State.UNKNOWN),
    }
