"""Records for tests; each factory makes one that is valid by itself."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from billing.models import (
    Account,
    AutoCharge,
    AutoPay,
    CustomerDiscount,
    DestinationGroup,
    Difference,
    DiscountPlan,
    Invoice,
    LineLimit,
    MethodSetup,
    OfferedMethod,
    Payment,
    ProviderCustomer,
    Rate,
    Refund,
    Service,
    SpendLimits,
    SpendNotice,
    StatisticSent,
    StoredMethod,
    Subscription,
    SubscriptionPlan,
    Tariff,
    WebhookEvent,
    Xdr,
    XdrReport,
)
from centrex.models import (
    AbbreviatedNumber,
    Batch,
    BlockedCaller,
    BoxMessage,
    CallQueue,
    CallRecording,
    DialCode,
    DialingRules,
    Did,
    DisaGuard,
    EmergencyAddress,
    Extension,
    ForwardNumber,
    HealthDismissal,
    Huntgroup,
    HuntgroupMember,
    Line,
    LineLogin,
    Menu,
    NewDestination,
    NumberFilter,
    PhoneModel,
    PlannedChange,
    Schedule,
    ScheduleDay,
    ScreeningRule,
    SheetUpload,
    SipCredential,
    SipProxy,
    Site,
    Sound,
)
from selfcare.models import Customer, OutgoingSms, Role, User
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


class PhoneModelFactory(DjangoModelFactory):
    class Meta:
        model = PhoneModel

    name = factory.Sequence(lambda n: f"Yealink T{n}")


class LineFactory(DjangoModelFactory):
    class Meta:
        model = Line

    customer = factory.SubFactory(CustomerFactory)
    account_id = factory.Sequence(lambda n: f"1646555{n:04}")


class EmergencyAddressFactory(DjangoModelFactory):
    """The active address of a company, or of the line or site that is given."""

    class Meta:
        model = EmergencyAddress

    customer = factory.SubFactory(CustomerFactory)
    state = EmergencyAddress.State.ACTIVE
    caller_name = "EasyCall Ltd"
    country = "US"
    province = "WA"
    city = "SEATTLE"
    postal_code = "98101"
    street = "Pine Street"
    house_number = "1520"


class NewDestinationFactory(DjangoModelFactory):
    """A number in a line's simple forwarding, not in use yet."""

    class Meta:
        model = NewDestination

    customer = factory.SubFactory(CustomerFactory)
    line = factory.SubFactory(LineFactory, customer=factory.SelfAttribute("..customer"))
    place = NewDestination.Place.FORWARDING
    number = "442079460000"
    made_at = factory.LazyFunction(timezone.now)
    counts_from = factory.LazyAttribute(lambda row: row.made_at + timedelta(minutes=30))


class DisaGuardFactory(DjangoModelFactory):
    class Meta:
        model = DisaGuard

    customer = factory.SubFactory(CustomerFactory)
    line = factory.SubFactory(LineFactory, customer=factory.SelfAttribute("..customer"))


class OutgoingSmsFactory(DjangoModelFactory):
    class Meta:
        model = OutgoingSms

    key = factory.Sequence(lambda n: f"sms {n}")
    to = "+12125550199"
    body = "Hello"
    created_at = factory.LazyFunction(timezone.now)


class LineLoginFactory(DjangoModelFactory):
    class Meta:
        model = LineLogin

    line = factory.SubFactory(LineFactory)
    customer = factory.SelfAttribute("line.customer")
    user = factory.SubFactory(UserFactory, customer=factory.SelfAttribute("..customer"), role=Role.LINE_USER)


class SipCredentialFactory(DjangoModelFactory):
    class Meta:
        model = SipCredential

    line = factory.SubFactory(LineFactory)
    customer = factory.SelfAttribute("line.customer")
    user = factory.SelfAttribute("line.account_id")
    realm = "sip.example.net"
    ha1_md5, ha1_sha256 = "0" * 32, "0" * 64
    set_at = factory.LazyFunction(timezone.now)


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


class NumberFilterFactory(DjangoModelFactory):
    class Meta:
        model = NumberFilter

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Filter {n}")
    patterns = "4420%"


class ScheduleFactory(DjangoModelFactory):
    class Meta:
        model = Schedule

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Hours {n}")
    period = "wd{mo-fr} hr{8-16}"


class ScheduleDayFactory(DjangoModelFactory):
    class Meta:
        model = ScheduleDay

    schedule = factory.SubFactory(ScheduleFactory)
    day = factory.Sequence(lambda n: date(2026, 1, 1) + timedelta(days=n))
    name = "Outing"


class ScreeningRuleFactory(DjangoModelFactory):
    class Meta:
        model = ScreeningRule

    line = factory.SubFactory(LineFactory)
    position = factory.LazyAttribute(lambda rule: rule.line.screening_rules.count() + 1)
    name = factory.Sequence(lambda n: f"Rule {n}")
    action = ScreeningRule.Action.VOICEMAIL


class MenuFactory(DjangoModelFactory):
    class Meta:
        model = Menu

    line = factory.SubFactory(LineFactory)
    customer = factory.SelfAttribute("line.customer")
    name = factory.Sequence(lambda n: f"Menu {n}")


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
        django_get_or_create = ("name",)

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


class BatchFactory(DjangoModelFactory):
    class Meta:
        model = Batch

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Batch {n}")


class DidFactory(DjangoModelFactory):
    class Meta:
        model = Did

    number = factory.Sequence(lambda n: f"1347555{n:04}")
    country = "US"
    city = "New York"
    currency = "USD"
    line = factory.SubFactory(LineFactory)
    customer = factory.SelfAttribute("line.customer")


class FreeDidFactory(DidFactory):
    """A number in the stock."""

    line = customer = None
    activation_fee = Decimal(5)
    monthly_fee = Decimal(3)


class SubscriptionPlanFactory(DjangoModelFactory):
    class Meta:
        model = SubscriptionPlan

    name = factory.Sequence(lambda n: f"Plan {n}")
    currency = "USD"
    fee = Decimal("3.10")


class StatisticSentFactory(DjangoModelFactory):
    class Meta:
        model = StatisticSent

    customer = factory.SubFactory(CustomerFactory)
    period_start = datetime(2026, 1, 1, 5, tzinfo=UTC)
    period_end = datetime(2026, 2, 1, 5, tzinfo=UTC)
    kind = "full"
    made_at = datetime(2026, 2, 1, 12, tzinfo=UTC)


class SubscriptionFactory(DjangoModelFactory):
    class Meta:
        model = Subscription

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Subscription {n}")
    did = factory.SubFactory(
        DidFactory, line=factory.SubFactory(LineFactory, customer=factory.SelfAttribute("...customer"))
    )
    default_fee = Decimal(3)
    started_at = datetime(2026, 1, 1, 5, tzinfo=UTC)
    charged_until = next_charge_at = datetime(2026, 2, 1, 5, tzinfo=UTC)


class HuntgroupMemberFactory(DjangoModelFactory):
    class Meta:
        model = HuntgroupMember

    huntgroup = factory.SubFactory(HuntgroupFactory)
    extension = factory.SubFactory(ExtensionFactory, customer=factory.SelfAttribute("..huntgroup.customer"))
    position = factory.Sequence(int)


class DialCodeFactory(DjangoModelFactory):
    class Meta:
        model = DialCode

    customer = factory.SubFactory(CustomerFactory)
    code = factory.Sequence(lambda n: str(1000 + n))
    kind = DialCode.Kind.SERVICE


class ForwardNumberFactory(DjangoModelFactory):
    class Meta:
        model = ForwardNumber

    line = factory.SubFactory(LineFactory)
    position = factory.Sequence(lambda n: n + 1)
    number = "12125550102"


class SipProxyFactory(DjangoModelFactory):
    class Meta:
        model = SipProxy

    name = factory.Sequence(lambda n: f"Proxy {n}")
    address = "sbc.itsp.example:5060"


class CallRecordingFactory(DjangoModelFactory):
    class Meta:
        model = CallRecording

    customer = factory.SubFactory(CustomerFactory)
    line = factory.SubFactory(LineFactory, customer=factory.SelfAttribute("..customer"))
    call_id = factory.Sequence(lambda n: f"call-{n}@example.com")
    started_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class BoxMessageFactory(DjangoModelFactory):
    class Meta:
        model = BoxMessage

    line = factory.SubFactory(LineFactory)
    customer = factory.SelfAttribute("line.customer")
    kind = BoxMessage.Kind.VOICE
    uid = factory.Sequence(lambda n: f"message-{n}")
    received_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    caller = "442079460018"
    seconds = 7
    bytes = 100_000
    file = factory.django.FileField(data=b"RIFF")
    content_type = "audio/wav"


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Site {n}")


class DialingRulesFactory(DjangoModelFactory):
    class Meta:
        model = DialingRules

    customer = factory.SubFactory(CustomerFactory)


class SoundFactory(DjangoModelFactory):
    class Meta:
        model = Sound

    customer = factory.SubFactory(CustomerFactory)
    name = factory.Sequence(lambda n: f"Tune {n}")
    purpose = Sound.Purpose.MUSIC
    uploaded_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class AbbreviatedNumberFactory(DjangoModelFactory):
    class Meta:
        model = AbbreviatedNumber
        skip_postgeneration_save = True

    customer = factory.SubFactory(CustomerFactory)
    number = factory.Sequence(lambda n: f"8{n % 100:02}")

    @factory.post_generation
    def code(self, create, extracted, **kwargs):
        """Its number stands in the office's number space, as the operations see to."""
        if create:
            DialCode.objects.create(customer=self.customer, code=self.number, kind=DialCode.Kind.ABBREVIATED)


class CallQueueFactory(DjangoModelFactory):
    class Meta:
        model = CallQueue

    huntgroup = factory.SubFactory(HuntgroupFactory)
    customer = factory.SelfAttribute("huntgroup.customer")


class SheetUploadFactory(DjangoModelFactory):
    """The latest of its user: a file that adds one row."""

    class Meta:
        model = SheetUpload
        django_get_or_create = ("user", "kind")

    kind = SheetUpload.Kind.EXTENSIONS
    user = factory.SubFactory(UserFactory)
    customer = factory.SelfAttribute("user.customer")
    uploaded_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    @factory.lazy_attribute
    def table(self):
        number, name = {
            SheetUpload.Kind.EXTENSIONS: ("Extension Number", "Extension Name"),
            SheetUpload.Kind.HUNTGROUPS: ("Huntgroup Number", "Huntgroup Name"),
            SheetUpload.Kind.ABBREVIATED: ("Abbreviated #", "Description"),
        }[self.kind]
        return {"heads": ["Key (leave as it is)", number, name], "lines": [[2, ["", "999", "New"]]]}


class BlockedCallerFactory(DjangoModelFactory):
    class Meta:
        model = BlockedCaller

    customer = factory.SubFactory(CustomerFactory)
    number = factory.Sequence(lambda n: f"1917555{n:04}")
    blocked_at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class HealthDismissalFactory(DjangoModelFactory):
    class Meta:
        model = HealthDismissal

    customer = factory.SubFactory(CustomerFactory)
    key = factory.Sequence(lambda n: f"idle:{n}")
    words = "Line 12125550100 was never used."
    dismissed_at = datetime(2026, 1, 1, tzinfo=UTC)


class TariffFactory(DjangoModelFactory):
    class Meta:
        model = Tariff

    name = factory.Sequence(lambda n: f"Tariff {n}")
    currency = "USD"


class RateFactory(DjangoModelFactory):
    class Meta:
        model = Rate

    tariff = factory.SubFactory(TariffFactory)
    prefix = factory.Sequence(lambda n: str(1 + n))
    destination = "Somewhere"
    price_first = price_next = Decimal("0.05")


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = Service
        django_get_or_create = ("id",)

    id = Service.CALLS
    name = factory.Sequence(lambda n: f"Service {n}")
    unit = Service.Unit.SECONDS


class DestinationGroupFactory(DjangoModelFactory):
    class Meta:
        model = DestinationGroup

    name = factory.Sequence(lambda n: f"Group {n}")
    prefixes = factory.Sequence(lambda n: [str(1 + n)])


class DiscountPlanFactory(DjangoModelFactory):
    class Meta:
        model = DiscountPlan

    name = factory.Sequence(lambda n: f"Plan {n}")
    service = factory.SubFactory(ServiceFactory)


class CustomerDiscountFactory(DjangoModelFactory):
    class Meta:
        model = CustomerDiscount

    customer = factory.SubFactory(CustomerFactory)
    plan = factory.SubFactory(DiscountPlanFactory)
    starts_at = datetime(2026, 1, 1, tzinfo=UTC)


class InvoiceFactory(DjangoModelFactory):
    class Meta:
        model = Invoice

    customer = factory.SubFactory(CustomerFactory)
    number = factory.Sequence(lambda n: f"2026-{n:05}")
    issued_at = period_end = datetime(2026, 2, 1, tzinfo=UTC)
    period_start = datetime(2026, 1, 1, tzinfo=UTC)
    due_date = date(2026, 2, 15)
    time_zone = "UTC"
    currency = "USD"
    net, tax, total = Decimal(100), Decimal(20), Decimal(120)
    seller = buyer = factory.Dict({})


class XdrReportFactory(DjangoModelFactory):
    """One on request of a March, that waits."""

    class Meta:
        model = XdrReport

    customer = factory.SubFactory(CustomerFactory)
    kind = XdrReport.Kind.REQUESTED
    period_start = datetime(2026, 3, 1, tzinfo=UTC)
    period_end = datetime(2026, 4, 1, tzinfo=UTC)
    time_zone = "UTC"
    requested_at = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)


class PaymentFactory(DjangoModelFactory):
    class Meta:
        model = Payment

    customer = factory.SubFactory(CustomerFactory)
    user = factory.SubFactory(UserFactory, customer=factory.SelfAttribute("..customer"))
    provider = "stripe"
    amount = Decimal(50)
    currency = "USD"
    created_at = changed_at = datetime(2026, 2, 2, tzinfo=UTC)


class StoredMethodFactory(DjangoModelFactory):
    """The Visa card 4242, good until the end of 2040."""

    class Meta:
        model = StoredMethod

    customer = factory.SubFactory(CustomerFactory)
    provider = "stripe"
    ref = factory.Sequence(lambda n: f"pm_{n}")
    kind = StoredMethod.Kind.CARD
    brand = "Visa"
    last4 = "4242"
    exp_month = 12
    exp_year = 2040
    added_at = datetime(2026, 2, 2, tzinfo=UTC)


class MethodSetupFactory(DjangoModelFactory):
    class Meta:
        model = MethodSetup

    customer = factory.SubFactory(CustomerFactory)
    user = factory.SubFactory(UserFactory, customer=factory.SelfAttribute("..customer"))
    provider = "stripe"
    kind = StoredMethod.Kind.CARD
    created_at = changed_at = datetime(2026, 2, 2, tzinfo=UTC)


class ProviderCustomerFactory(DjangoModelFactory):
    class Meta:
        model = ProviderCustomer

    customer = factory.SubFactory(CustomerFactory)
    provider = "stripe"
    ref = factory.Sequence(lambda n: f"cus_{n}")


class AutoPayFactory(DjangoModelFactory):
    """Auto-pay of invoices, at once."""

    class Meta:
        model = AutoPay

    customer = factory.SubFactory(CustomerFactory)
    pay_invoices = True
    since = datetime(2026, 1, 1, tzinfo=UTC)


class AutoChargeFactory(DjangoModelFactory):
    class Meta:
        model = AutoCharge

    invoice = factory.SubFactory(InvoiceFactory)
    customer = factory.SelfAttribute("invoice.customer")
    amount = Decimal(10)
    created_at = datetime(2026, 2, 2, tzinfo=UTC)


class RefundFactory(DjangoModelFactory):
    class Meta:
        model = Refund

    payment = factory.SubFactory(PaymentFactory)
    amount = Decimal(10)
    reason = "Paid twice"
    created_at = changed_at = datetime(2026, 2, 2, tzinfo=UTC)


class DifferenceFactory(DjangoModelFactory):
    class Meta:
        model = Difference

    kind = Difference.Kind.AMOUNT
    provider = "stripe"
    payment = factory.SubFactory(PaymentFactory)
    ours = Decimal(50)
    theirs = Decimal(49)
    currency = "USD"
    key = factory.Sequence(lambda n: f"difference {n}")
    found_at = datetime(2026, 2, 3, tzinfo=UTC)


class PlannedChangeFactory(DjangoModelFactory):
    """A line that will forward to nobody from tomorrow until the day after."""

    class Meta:
        model = PlannedChange

    class Params:
        line = factory.SubFactory(LineFactory)

    customer = factory.SelfAttribute("line.customer")
    part = "answering"
    record_type = "centrex.line"
    record_id = factory.SelfAttribute("line.pk")
    record_name = factory.LazyAttribute(lambda made: str(made.line))
    planned_on = 1
    new = factory.LazyFunction(lambda: {"own": True, "enabled": True, "ring_seconds": 15})
    changes = factory.LazyFunction(lambda: {"Ring for, sec": ["30", "15"]})
    starts_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=2))


class WebhookEventFactory(DjangoModelFactory):
    class Meta:
        model = WebhookEvent

    provider = "stripe"
    event_id = factory.Sequence(lambda n: f"evt_{n}")
    type = "checkout.session.completed"
    object_id = factory.Sequence(lambda n: f"cs_{n}")
    received_at = datetime(2026, 2, 2, tzinfo=UTC)


class XdrFactory(DjangoModelFactory):
    """A row of the ledger, an hour old."""

    class Meta:
        model = Xdr

    customer = factory.SubFactory(CustomerFactory)
    line = factory.SubFactory(LineFactory, customer=factory.SelfAttribute("..customer"))
    service = factory.SubFactory(ServiceFactory)
    started_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    cli, cld = "12125550100", "442071234567"
    amount = Decimal("0.12345")
    external_id = factory.Sequence(lambda n: f"xdr-{n}")


class SpendLimitsFactory(DjangoModelFactory):
    class Meta:
        model = SpendLimits

    customer = factory.SubFactory(CustomerFactory)


class LineLimitFactory(DjangoModelFactory):
    class Meta:
        model = LineLimit

    line = factory.SubFactory(LineFactory)
    customer = factory.SelfAttribute("line.customer")
    daily_limit = Decimal(10)


class SpendNoticeFactory(DjangoModelFactory):
    """Half of a limit of 20 for a day is used."""

    class Meta:
        model = SpendNotice

    customer = factory.SubFactory(CustomerFactory)
    key = factory.Sequence(lambda n: f"notice {n}")
    kind = SpendNotice.Kind.DAY_LIMIT
    at = factory.LazyFunction(timezone.now)
    percent = 50
    amount, threshold = Decimal(10), Decimal(20)
    readers = "Alice Morgan"


class OfferedMethodFactory(DjangoModelFactory):
    """PayPal for everybody."""

    class Meta:
        model = OfferedMethod

    method = Payment.Method.PAYPAL
