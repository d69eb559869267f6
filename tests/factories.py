"""Records for tests; each factory makes one that is valid by itself."""

from datetime import UTC, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from billing.models import Account
from centrex.models import DialCode, Extension, Huntgroup, Line
from selfcare.models import Customer, Role, User
from tickets.models import Attachment, Category, Message, Ticket

PASSWORD = "selfcare-demo"


class CustomerFactory(DjangoModelFactory):
    class Meta:
        model = Customer

    company_name = factory.Sequence(lambda n: f"Company {n}")
    currency = "USD"
    credit_limit = Decimal(500)
    time_zone = "America/New_York"
    country = "US"
    email = factory.Sequence(lambda n: f"office{n}@example.com")


class AccountFactory(DjangoModelFactory):
    class Meta:
        model = Account

    customer = factory.SubFactory(CustomerFactory)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    customer = factory.SubFactory(CustomerFactory)
    role = Role.OWNER
    password = factory.django.Password(PASSWORD)


class LineFactory(DjangoModelFactory):
    class Meta:
        model = Line

    customer = factory.SubFactory(CustomerFactory)
    account_id = factory.Sequence(lambda n: f"1212555{n:04}")


class ExtensionFactory(DjangoModelFactory):
    class Meta:
        model = Extension
        skip_postgeneration_save = True

    customer = factory.SubFactory(CustomerFactory)
    number = factory.Sequence(lambda n: str(100 + n % 600))  # none begins with a huntgroup's number
    name = factory.Sequence(lambda n: f"Desk {n}")

    @factory.post_generation
    def code(self, create, extracted, **kwargs):
        """Its number stands in the office's number space, as the operations see to."""
        if create:
            DialCode.objects.create(customer=self.customer, code=self.number, kind=DialCode.Kind.EXTENSION)


class HuntgroupFactory(DjangoModelFactory):
    class Meta:
        model = Huntgroup
        skip_postgeneration_save = True

    customer = factory.SubFactory(CustomerFactory)
    number = factory.Sequence(lambda n: str(70 + n % 30))
    name = factory.Sequence(lambda n: f"Group {n}")

    @factory.post_generation
    def code(self, create, extracted, **kwargs):
        if create:
            DialCode.objects.create(customer=self.customer, code=self.number, kind=DialCode.Kind.HUNTGROUP)


class CategoryFactory(DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Category {n}")


class TicketFactory(DjangoModelFactory):
    class Meta:
        model = Ticket

    customer = factory.SubFactory(CustomerFactory)
    requestor = factory.SubFactory(UserFactory, customer=factory.SelfAttribute("..customer"))
    category = factory.SubFactory(CategoryFactory)
    subject = factory.Sequence(lambda n: f"Question {n}")
    created_at = updated_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    ticket = factory.SubFactory(TicketFactory)
    author = factory.SelfAttribute("ticket.requestor")
    author_name = factory.LazyAttribute(lambda message: str(message.author))
    text = "The phone is silent."
    created_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class AttachmentFactory(DjangoModelFactory):
    class Meta:
        model = Attachment

    message = factory.SubFactory(MessageFactory)
    file = factory.django.FileField(data=b"a,b\n1,2\n")
    name = "calls.csv"
    content_type = "text/csv"
    size = 8
