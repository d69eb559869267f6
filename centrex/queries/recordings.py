"""Recordings: who may listen to which."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import QuerySet

from centrex.models import CallRecording, FeatureSetting, Line
from centrex.queries.features import Place, customer_of, nearest_first, rows_about
from centrex.routing.features import Recording, effective
from selfcare.models import Customer, Role, User


def heard_by(user: User, customer: Customer | None) -> QuerySet[CallRecording]:
    """The recordings of `customer` that `user` may know of: lines can keep theirs for the owner of the account.

    Staff who view as the customer are no owners.
    """
    recordings: QuerySet[CallRecording] = CallRecording.for_customer(customer)
    if customer is None or is_owner(user, customer):
        return recordings
    private = private_lines(customer)
    return recordings.exclude(line__in=private) if private else recordings


def is_owner(user: User, customer: Customer) -> bool:
    """Whether the user owns the account of this customer."""
    return user.role == Role.OWNER and user.customer_id == customer.pk


def private_lines(customer: Customer) -> list[int]:
    """The ids of the lines whose recordings are the owner's alone; one query where no place says so, else two.

    What the places say counts also while nothing is recorded: the old recordings stay private.
    """
    said: dict[tuple[str, int | None], list[FeatureSetting]] = defaultdict(list)
    for row in FeatureSetting.objects.filter(customer=customer, name=Recording.NAME).select_related("site"):
        said[place_of(row)].append(row)
    rows = [row for found in said.values() for row in found]
    if not any(row.values.get("owner_only") for row in rows):
        return []
    lines = Line.for_customer(customer).values_list("pk", "site_id")
    return [pk for pk, site in lines if is_private([*said["company", None], *said["site", site], *said["line", pk]])]


def place_of(row: FeatureSetting) -> tuple[str, int | None]:
    """Which lines a row is about: one, those of a site (None: the Default site, of lines without one), or all."""
    if row.line_id is not None:
        return "line", row.line_id
    if row.site is not None:
        return "site", None if row.site.is_default else row.site_id
    return "company", None


def is_private(rows: list[FeatureSetting]) -> bool:
    """Whether the place that counts keeps recordings for the owner."""
    return effective(Recording, nearest_first(rows, None)).values.owner_only


def is_kept_private(place: Place) -> bool:
    """Whether the recordings of a line, or of the lines of a site or company without a word of their own, are the
    owner's alone.
    """
    rows = FeatureSetting.objects.filter(rows_about(place), customer=customer_of(place), name=Recording.NAME)
    return is_private(list(rows))
