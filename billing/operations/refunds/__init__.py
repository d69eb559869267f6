"""Refunds by staff: written down first, asked of the provider once, booked by what it then says of the payment."""

from billing.operations.refunds.approval import approve_refund, decline_refund
from billing.operations.refunds.asking import ask_refund
from billing.operations.refunds.begin import begin_refund, refundable
from billing.operations.refunds.settle import check_refund, give_up_refund, settle_refunds, settle_refunds_of

__all__ = [
    "approve_refund",
    "ask_refund",
    "begin_refund",
    "check_refund",
    "decline_refund",
    "give_up_refund",
    "refundable",
    "settle_refunds",
    "settle_refunds_of",
]
