"""Who is told about a customer's money: those whom he chose, else his owners."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from billing.models import SpendReader
from selfcare.models import Customer, Role, User, owners_of


@dataclass(frozen=True, slots=True)
class Readers:
    """Users who get mails, and users who get text messages."""

    by_mail: tuple[User, ...]
    by_sms: tuple[User, ...]

    def are_all_in(self, others: Readers) -> bool:
        """Whether each of these is told in the same way by `others`."""
        return set(self.by_mail) <= set(others.by_mail) and set(self.by_sms) <= set(others.by_sms)

    def differences(self, others: Readers) -> dict[str, list[str]]:
        """What differs in `others`, as the history of changes has it."""
        pairs = {
            _("Who gets e-mails"): [names(self.by_mail), names(others.by_mail)],
            _("Who gets text messages"): [names(self.by_sms), names(others.by_sms)],
        }
        return {label: pair for label, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def names(self) -> str:
        return names(dict.fromkeys((*self.by_mail, *self.by_sms)))


def names(users: Iterable[User]) -> str:
    """The users' names, separated by commas."""
    return ", ".join(map(str, users))


def readers_of(customer: Customer) -> Readers:
    """Who is told now; without a choice, or when nobody of those chosen is active any more, the owners."""
    rows = SpendReader.objects.filter(limits__customer=customer, user__is_active=True, user__customer=customer)
    chosen = list(rows.select_related("user").order_by("user__username"))
    by_mail = tuple(row.user for row in chosen if row.by_mail and row.user.email)
    if by_mail:
        return Readers(by_mail, tuple(row.user for row in chosen if row.by_sms and row.user.mobile))
    owners = list(owners_of(customer).order_by("username"))
    return Readers(tuple(user for user in owners if user.email), tuple(user for user in owners if user.mobile))


def users_of(customer: Customer) -> dict[int, User]:
    """The active users of the customer who can be told, by id; not those of a single line."""
    users = User.objects.filter(customer=customer, is_active=True).exclude(role=Role.LINE_USER)
    return {user.pk: user for user in users.order_by("username")}
