"""The SIP servers that the ITSP lets customers forward to."""

from __future__ import annotations

from centrex.models import SipProxy


def proxies_by_id() -> dict[str, SipProxy]:
    """All of them, by name; the key is the id as a form sends it."""
    return {str(proxy.pk): proxy for proxy in SipProxy.objects.all()}
