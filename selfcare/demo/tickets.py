"""The demo's trouble tickets, by the same acts as in the portal and the administration."""

from __future__ import annotations

from datetime import datetime, timedelta

from selfcare.demo.people import People
from selfcare.models import OutgoingMail, User
from tickets import operations
from tickets.models import Category, Ticket


def make_tickets(people: People, *, now: datetime) -> None:
    """A handful in every state, some with an internal comment that customers never see."""
    technical, _made = Category.objects.get_or_create(name="Phone service", defaults={"position": 1})
    billing, _made = Category.objects.get_or_create(name="Bills and payments", defaults={"position": 2})
    choppy = ask(
        people.alice, technical, "Choppy sound on the 4th floor", now - timedelta(days=9, hours=4),
        about="Extension 204",
        text="Since Monday calls on extensions 204 and 205 break up for a second or two, mostly after lunch.",
    )  # fmt: skip
    operations.comment_internally(
        ticket=choppy, staff=people.dora, now=now - timedelta(days=9, hours=2),
        text="Loss of 3 % on their uplink between 13:00 and 15:00, our side is clean.",
    )  # fmt: skip
    operations.staff_reply(
        ticket=choppy, staff=people.dora, now=now - timedelta(days=9, hours=1),
        text="We see lost packets on your internet line early in the afternoon. Does a backup run at that time?",
    )  # fmt: skip
    operations.reply(
        ticket=choppy, user=people.alice, now=now - timedelta(days=8, hours=20),
        text="You are right, the file server copies itself at 13:00. We have moved that to the night.",
    )  # fmt: skip
    refund = ask(
        people.alice, billing, "Charged for a call that did not connect", now - timedelta(days=31),
        priority=Ticket.Priority.HIGH,
        text="There is a call of 4 minutes to Tokyo that nobody here has made. Can you have a look?",
    )  # fmt: skip
    operations.staff_reply(
        ticket=refund, staff=people.dora, status=Ticket.Status.RESOLVED, now=now - timedelta(days=30, hours=20),
        text="The call came from your mobile line 3 while it was abroad. We have sent you the details.",
    )  # fmt: skip
    ask(
        people.alice, technical, "New colleague needs an extension", now - timedelta(hours=5),
        priority=Ticket.Priority.LOW,
        text="Kim starts on Monday and gets the desk beside Erin. Which telephone do you recommend?",
    )  # fmt: skip
    late = ask(
        people.berta, billing, "Rechnung mit falscher Anschrift", now - timedelta(days=3),
        text="Unsere Straße ist auf der letzten Rechnung noch die alte. Bitte korrigieren.",
    )  # fmt: skip
    operations.staff_reply(
        ticket=late, staff=people.dora, now=now - timedelta(days=2, hours=22),
        text="You can change the address under My Profile; the next invoice will carry it.",
    )  # fmt: skip
    ask(
        people.charlie, technical, "Evening announcement", now - timedelta(days=1),
        text="Could callers hear our opening hours after 6 pm?",
    )  # fmt: skip
    OutgoingMail.objects.filter(sent_at=None).update(sent_at=now)  # the past needs no mail today


def ask(user: User, category: Category, subject: str, at: datetime, *, text: str, **more: object) -> Ticket:
    """A user reports something at the time `at`."""
    return operations.open_ticket(
        customer=user.customer, user=user, subject=subject, category=category, text=text, now=at, **more
    )
