"""What a phone needs to sign in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from centrex.models import Line, PhoneModel, SipCredential

TRANSPORTS = {"udp": "UDP", "tcp": "TCP", "tls": "TLS"}


@dataclass(frozen=True, slots=True)
class Account:
    """The values to type into a phone, but the password; `credential` is None before the first one was made."""

    user: str
    server: str
    realm: str
    transport: str
    credential: SipCredential | None

    @property
    def has_password(self) -> bool:
        """Whether a phone can sign in; a password for another user or realm does not count any more."""
        kept = self.credential
        return kept is not None and (kept.user, kept.realm) == (self.user, self.realm)


def sip_account(line: Line) -> Account:
    """The SIP account of a line."""
    return Account(
        user=line.account_id,
        server=settings.SIP_SERVER,
        realm=settings.SIP_REALM,
        transport=TRANSPORTS[settings.SIP_TRANSPORT],
        credential=SipCredential.objects.filter(line=line).first(),
    )


def phone_models() -> list[str]:
    """The phones that the ITSP suggests."""
    return list(PhoneModel.objects.values_list("name", flat=True))
