"""The way out for every text message: a row in the outbox, and a provider that takes it over HTTP or SMPP."""

from selfcare.sms.outbox import MAX_TRIES, post, send_due

__all__ = ["MAX_TRIES", "post", "send_due"]
