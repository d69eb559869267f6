"""A deck that staff have uploaded: kept for a day, compared with the tariff, and applied as it was seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from billing.models import RateDeck, Tariff
from billing.operations.rates.files import read_deck
from billing.operations.rates.replacing import RateChanges, replace_rates
from billing.rating.deck_cells import DeckReject, RateRow
from selfcare.errors import Refused
from selfcare.models import AuditEvent, User

KEPT_FOR = timedelta(days=1)


class Overtaken(Refused):
    """The tariff has changed since the difference was shown."""

    def __init__(self) -> None:
        super().__init__(
            _("The prices of the tariff have changed meanwhile. Nothing was applied; below is the difference now.")
        )


def keep_deck(
    *, tariff: Tariff, user: User, file_name: str, content: bytes, effective: datetime, now: datetime
) -> RateDeck:
    """Keep a deck in place of the user's former one; Refused for a file without a single price."""
    rows = read_deck(content, zone=tariff.zone)
    if all(isinstance(row, DeckReject) for row in rows):
        first = next((row.reason for row in rows if isinstance(row, DeckReject)), _("It is empty."))
        raise Refused(_("No price was found in the file. %(reason)s") % {"reason": first}, field="file")
    with transaction.atomic():
        RateDeck.objects.filter(uploaded_at__lt=now - KEPT_FOR).delete()
        RateDeck.objects.filter(user=user).delete()
        return RateDeck.objects.create(
            tariff=tariff, user=user, file_name=file_name[:200], content=content, effective=effective, uploaded_at=now
        )


def difference_of(deck: RateDeck) -> RateChanges:
    """What applying the deck would change now."""
    return replace_rates(_rows(deck), tariff=deck.tariff, effective=deck.effective, dry_run=True)


def apply_deck(*, deck: RateDeck, staff: User, seen: str, without_rejected: bool) -> RateChanges:
    """Bring the tariff to the deck, all or nothing, and forget the deck.

    `seen` is the digest of the difference that was looked at: Overtaken when it is another by now. Refused when rows
    were rejected and nobody has said that the others are wanted `without_rejected`.
    """
    rows = _rows(deck)  # before the transaction: a large file takes seconds to read
    with transaction.atomic():
        changes = replace_rates(rows, tariff=deck.tariff, effective=deck.effective, seen=seen)
        if changes.digest != seen:
            raise Overtaken
        if changes.rejects and not without_rejected:
            raise Refused(_("Some rows were rejected. Nothing was applied."), field="without_rejected")
        said = {_("File"): ["", deck.file_name], _("Effective from"): ["", f"{deck.effective:%Y-%m-%d %H:%M} UTC"]}
        AuditEvent.write(
            user=staff, action="import rates", record=deck.tariff, customer=None, changes=said | _counts(changes)
        )
        deck.delete()
    return changes


def _rows(deck: RateDeck) -> list[RateRow | DeckReject]:
    return read_deck(bytes(deck.content), zone=deck.tariff.zone)


def _counts(changes: RateChanges) -> dict[str, list[str]]:
    counts = {
        _("New"): changes.added,
        _("Changed"): changes.changed,
        _("Ended"): changes.removed,
        _("Rejected"): len(changes.rejects),
    }
    return {label: ["", str(count)] for label, count in counts.items() if count}
