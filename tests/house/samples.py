"""One record of EasyCall's for each address with an id: how to make it, and what a stranger gets.

A new page with an id in its address adds its line here; `tests/house/test_urls.py` fails until it does.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from billing.models import Invoice, Service
from centrex.models import CompanySettings, FeatureSetting, Huntgroup, Line, PlannedChange, SheetUpload
from centrex.operations.extensions import edit_extension
from centrex.operations.new_destinations import token_of
from selfcare.models import AuditEvent, Customer, User
from tests.factories import (
    AbbreviatedNumberFactory,
    AttachmentFactory,
    BatchFactory,
    BlockedCallerFactory,
    BoxMessageFactory,
    CallQueueFactory,
    CallRecordingFactory,
    CustomerDiscountFactory,
    DidFactory,
    ExtensionFactory,
    FreeDidFactory,
    HuntgroupFactory,
    InvoiceFactory,
    LineFactory,
    LineLimitFactory,
    MenuFactory,
    MethodSetupFactory,
    NewDestinationFactory,
    NumberFilterFactory,
    PaymentFactory,
    PlannedChangeFactory,
    ScheduleDayFactory,
    ScheduleFactory,
    ScreeningRuleFactory,
    SheetUploadFactory,
    SiteFactory,
    SoundFactory,
    StoredMethodFactory,
    SubscriptionFactory,
    TicketFactory,
    XdrFactory,
    XdrReportFactory,
)

NOT_FOUND = (404,)
Sample = tuple[Callable[[Customer, User], list[Any]], tuple[int, ...]]


def line(easycall: Customer, alice: User) -> list[Any]:
    return [LineFactory(customer=easycall).pk]


def extension(easycall: Customer, alice: User) -> list[Any]:
    return [ExtensionFactory(customer=easycall).pk]


def line_limit(easycall: Customer, alice: User) -> list[Any]:
    return [LineLimitFactory(line=LineFactory(customer=easycall)).pk]


def did(easycall: Customer, alice: User) -> list[Any]:
    return [DidFactory(line=LineFactory(customer=easycall)).pk]


def line_number(easycall: Customer, alice: User) -> list[Any]:
    """A line and its external number."""
    number = DidFactory(line=LineFactory(customer=easycall))
    return [number.line_id, number.pk]


def line_beside_a_number(easycall: Customer, alice: User) -> list[Any]:
    """A line, and an external number that it could have."""
    DidFactory(line=None, customer=easycall)
    return line(easycall, alice)


def new_destination(easycall: Customer, alice: User) -> list[Any]:
    """What the link in a notice names."""
    row = NewDestinationFactory(customer=easycall, made_by=alice, line__forwarding="simple")
    FeatureSetting.objects.create(
        customer=easycall, line=row.line, name="forwarding", enabled=True, values={"to": row.number}
    )
    return [token_of(row)]


def recorded_line(easycall: Customer, alice: User) -> list[Any]:
    """A line of a customer whose calls the ITSP records."""
    CompanySettings.for_customer(easycall).update(call_recording=True)
    return line(easycall, alice)


def message(easycall: Customer, alice: User) -> list[Any]:
    """A message in a line's box."""
    return [BoxMessageFactory(line__customer=easycall).pk]


def line_with_box(easycall: Customer, alice: User) -> list[Any]:
    """A line with a message and a fax."""
    box = BoxMessageFactory(line__customer=easycall).line
    BoxMessageFactory(line=box, kind="fax", seconds=None, pages=2, content_type="application/pdf")
    return [box.pk]


def reserved_did(easycall: Customer, alice: User) -> list[Any]:
    until = timezone.now() + timedelta(minutes=10)
    return [FreeDidFactory(reserved_for=easycall, reserved_until=until).pk]


def huntgroup(easycall: Customer, alice: User) -> list[Any]:
    return [HuntgroupFactory(customer=easycall).pk]


def abbreviated(easycall: Customer, alice: User) -> list[Any]:
    return [AbbreviatedNumberFactory(customer=easycall).pk]


def site(easycall: Customer, alice: User) -> list[Any]:
    return [SiteFactory(customer=easycall).pk]


def queue(easycall: Customer, alice: User) -> list[Any]:
    return [CallQueueFactory(huntgroup__customer=easycall).pk]


def next_invoice(easycall: Customer) -> Invoice:
    """An invoice of a month that has none yet."""
    month = Invoice.for_customer(easycall).count() + 1
    start, end = datetime(2026, month, 1, tzinfo=UTC), datetime(2026, month + 1, 1, tzinfo=UTC)
    return InvoiceFactory(customer=easycall, period_start=start, period_end=end)


def invoice(easycall: Customer, alice: User) -> list[Any]:
    return [next_invoice(easycall).pk]


def payment(easycall: Customer, alice: User) -> list[Any]:
    return [PaymentFactory(customer=easycall, user=alice).pk]


def slip(easycall: Customer, alice: User) -> list[Any]:
    """A payment that can be made in cash, and so has a slip."""
    cash = {"method": "paynearme", "provider": "paynearme", "state": "pending", "slip_code": "612345678901234567"}
    return [PaymentFactory(customer=easycall, user=alice, **cash).pk]


def stored_method(easycall: Customer, alice: User) -> list[Any]:
    return [StoredMethodFactory(customer=easycall).pk]


def method_setup(easycall: Customer, alice: User) -> list[Any]:
    return [MethodSetupFactory(customer=easycall, user=alice).pk]


def paid_payment(easycall: Customer, alice: User) -> list[Any]:
    """A payment that came, and so has a receipt."""
    return [PaymentFactory(customer=easycall, user=alice, state="succeeded", paid_at=timezone.now()).pk]


def recording(easycall: Customer, alice: User) -> list[Any]:
    return [CallRecordingFactory(customer=easycall).pk]


def sound(easycall: Customer, alice: User) -> list[Any]:
    return [SoundFactory(customer=easycall).pk]


def music(easycall: Customer, alice: User) -> list[Any]:
    """What the company plays."""
    settings = easycall.company_settings
    settings.music = SoundFactory(customer=easycall)
    settings.save()
    return [settings.music.pk]


def transaction(easycall: Customer, alice: User) -> list[Any]:
    row = XdrFactory(customer=easycall)
    return [row.pk, f"{row.started_at:%Y-%m-%d}"]


def report(easycall: Customer, alice: User) -> list[Any]:
    return [XdrReportFactory(customer=easycall, requested_by=alice).pk]


def failed_report(easycall: Customer, alice: User) -> list[Any]:
    return [XdrReportFactory(customer=easycall, requested_by=alice, state="failed").pk]


def made_report(easycall: Customer, alice: User) -> list[Any]:
    """A report with its files."""
    made = XdrReportFactory(customer=easycall, requested_by=alice, state="done", rows=0)
    made.csv_file = default_storage.save("reports/sample.csv", ContentFile(b"xdr_id"))
    made.pdf_file = default_storage.save("reports/sample.pdf", ContentFile(b"%PDF-"))
    made.save()
    return [made.pk]


def blocked(easycall: Customer, alice: User) -> list[Any]:
    return [BlockedCallerFactory(customer=easycall).pk]


def ticket(easycall: Customer, alice: User) -> list[Any]:
    return [TicketFactory(customer=easycall, requestor=alice).pk]


def attachment(easycall: Customer, alice: User) -> list[Any]:
    return [AttachmentFactory(message__ticket__customer=easycall, message__ticket__requestor=alice).pk]


def renamed_extension(easycall: Customer, alice: User) -> list[Any]:
    made = ExtensionFactory(customer=easycall)
    made.name = "Hanna"
    edit_extension(user=alice, extension=made, version=None)
    return [AuditEvent.objects.of(made).latest("pk").pk]


def changed_profile(easycall: Customer, alice: User) -> list[Any]:
    customer = Customer.objects.get(pk=easycall.pk)
    customer.city, customer.version = f"Town {customer.version}", customer.version + 1
    customer.save()
    return [AuditEvent.write(user=alice, action="edit", record=customer, customer=customer).pk]


def rule(easycall: Customer, alice: User) -> list[Any]:
    return [ScreeningRuleFactory(line__customer=easycall).pk]


def menu(easycall: Customer, alice: User) -> list[Any]:
    """One that can be deleted."""
    return [MenuFactory(line__customer=easycall, name="Night").pk]


def planned(easycall: Customer, alice: User) -> list[Any]:
    return [PlannedChangeFactory(line__customer=easycall, planned_by=alice).pk]


def planned_in_force(easycall: Customer, alice: User) -> list[Any]:
    """One that has begun, so that it can be ended early."""
    begun = {"state": PlannedChange.State.ACTIVE, "starts_at": timezone.now() - timedelta(hours=1)}
    return [PlannedChangeFactory(line__customer=easycall, planned_by=alice, before={}, after={}, **begun).pk]


def company_default(easycall: Customer, alice: User) -> list[Any]:
    FeatureSetting.objects.create(customer=easycall, name="answering", enabled=True, values={"ring_seconds": 20})
    return ["answering"]


def site_default(easycall: Customer, alice: User) -> list[Any]:
    (pk,) = site(easycall, alice)
    FeatureSetting.objects.create(
        customer=easycall, site_id=pk, name="answering", enabled=True, values={"ring_seconds": 20}
    )
    return [pk, "answering"]


def number_filter(easycall: Customer, alice: User) -> list[Any]:
    return [NumberFilterFactory(customer=easycall).pk]


def schedule(easycall: Customer, alice: User) -> list[Any]:
    return [ScheduleFactory(customer=easycall).pk]


def special_day(easycall: Customer, alice: User) -> list[Any]:
    return [ScheduleDayFactory(schedule__customer=easycall).pk]


def sheet(kind: SheetUpload.Kind) -> Callable[[Customer, User], list[Any]]:
    """An upload of alice's that adds a row."""
    return lambda easycall, alice: [SheetUploadFactory(customer=easycall, user=alice, kind=kind).pk]


SAMPLES: dict[str, Sample] = {
    "billing:discount": (lambda easycall, alice: [CustomerDiscountFactory(customer=easycall).pk], NOT_FOUND),
    "billing:invoice": (invoice, NOT_FOUND),
    "billing:invoice-pdf": (invoice, NOT_FOUND),
    "billing:method-prefer": (stored_method, NOT_FOUND),
    "billing:method-remove": (stored_method, NOT_FOUND),
    "billing:method-setup": (method_setup, NOT_FOUND),
    "billing:invoice-why": (invoice, NOT_FOUND),
    "billing:payment": (payment, NOT_FOUND),
    "billing:payment-confirm-here": (payment, NOT_FOUND),
    "billing:payment-element": (payment, NOT_FOUND),
    "billing:payment-receipt": (paid_payment, NOT_FOUND),
    "billing:slip": (slip, NOT_FOUND),
    "billing:report-cancel": (report, NOT_FOUND),
    "billing:report-csv": (made_report, NOT_FOUND),
    "billing:report-delete": (made_report, NOT_FOUND),
    "billing:report-pdf": (made_report, NOT_FOUND),
    "billing:report-retry": (failed_report, NOT_FOUND),
    "billing:report-state": (report, NOT_FOUND),
    "billing:transaction": (transaction, NOT_FOUND),
    # A service is everybody's; whose rows it shows is the customer's own.
    "billing:transactions-of": (lambda easycall, alice: [Service.CALLS], (200, 405)),
    "centrex:blocked-delete": (blocked, NOT_FOUND),
    "centrex:call": (transaction, NOT_FOUND),
    "centrex:recording": (recording, NOT_FOUND),
    "tickets:ticket": (ticket, NOT_FOUND),
    "tickets:close": (ticket, NOT_FOUND),
    "tickets:reopen": (ticket, NOT_FOUND),
    "tickets:attachment": (attachment, NOT_FOUND),
    "centrex:did-assign": (did, NOT_FOUND),
    "centrex:did-release": (did, NOT_FOUND),
    # The stock is everybody's: who has not reserved the number is sent to choose one (200: OPTIONS).
    "centrex:did-buy": (reserved_did, (200, 302, 405)),
    "centrex:did-cancel": (reserved_did, (200, 302, 405)),
    "centrex:extension-edit": (extension, NOT_FOUND),
    "centrex:extension-rename": (extension, NOT_FOUND),
    "centrex:extension-delete": (extension, NOT_FOUND),
    "centrex:extension-name": (extension, NOT_FOUND),
    "centrex:extension-name-remove": (extension, NOT_FOUND),
    "centrex:abbreviated-edit": (abbreviated, NOT_FOUND),
    "centrex:abbreviated-delete": (abbreviated, NOT_FOUND),
    "centrex:huntgroup-edit": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-members": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-delete": (huntgroup, NOT_FOUND),
    "centrex:huntgroup-hours": (huntgroup, NOT_FOUND),
    "centrex:extensions-sheet-check": (sheet(SheetUpload.Kind.EXTENSIONS), NOT_FOUND),
    "centrex:huntgroups-sheet-check": (sheet(SheetUpload.Kind.HUNTGROUPS), NOT_FOUND),
    "centrex:abbreviated-sheet-check": (sheet(SheetUpload.Kind.ABBREVIATED), NOT_FOUND),
    "centrex:line": (line, NOT_FOUND),
    "centrex:undo": (renamed_extension, NOT_FOUND),
    "profile:undo": (changed_profile, NOT_FOUND),
    "centrex:music-remove": (music, NOT_FOUND),
    "centrex:sound": (sound, NOT_FOUND),
    "centrex:line-attendant": (line, NOT_FOUND),
    "centrex:menu-add": (line, NOT_FOUND),
    "centrex:menu-edit": (menu, NOT_FOUND),
    "centrex:menu-delete": (menu, NOT_FOUND),
    "centrex:line-barring": (line, NOT_FOUND),
    "centrex:line-disa": (line, NOT_FOUND),
    "centrex:line-emergency": (line, NOT_FOUND),
    "centrex:destination-undo": (new_destination, NOT_FOUND),
    "centrex:line-dialing": (line, NOT_FOUND),
    "centrex:line-identity": (line, NOT_FOUND),
    "centrex:line-incoming": (line, NOT_FOUND),
    "centrex:line-forwarding": (line, NOT_FOUND),
    "centrex:line-screening": (line, NOT_FOUND),
    "centrex:rule-add": (line, NOT_FOUND),
    "centrex:rule-edit": (rule, NOT_FOUND),
    "centrex:rule-delete": (rule, NOT_FOUND),
    "centrex:filter-edit": (number_filter, NOT_FOUND),
    "centrex:filter-delete": (number_filter, NOT_FOUND),
    "centrex:schedule": (schedule, NOT_FOUND),
    "centrex:schedule-edit": (schedule, NOT_FOUND),
    "centrex:schedule-delete": (schedule, NOT_FOUND),
    "centrex:day-add": (schedule, NOT_FOUND),
    "centrex:day-import": (schedule, NOT_FOUND),
    "centrex:day-edit": (special_day, NOT_FOUND),
    "centrex:day-delete": (special_day, NOT_FOUND),
    "centrex:planned-change": (planned, NOT_FOUND),
    "centrex:planned-cancel": (planned, NOT_FOUND),
    "centrex:planned-end": (planned_in_force, NOT_FOUND),
    "centrex:line-limits": (line, NOT_FOUND),
    "centrex:line-device": (line, NOT_FOUND),
    "centrex:line-sip-password": (line, NOT_FOUND),
    "centrex:line-music": (line, NOT_FOUND),
    "centrex:line-number-remove": (line_number, NOT_FOUND),
    "billing:line-limit": (line_limit, NOT_FOUND),
    "billing:line-limit-remove": (line_limit, NOT_FOUND),
    "centrex:line-numbers": (line_beside_a_number, NOT_FOUND),
    "centrex:line-recording": (recorded_line, NOT_FOUND),
    "centrex:line-site": (line, NOT_FOUND),
    "centrex:line-voicemail": (line_with_box, NOT_FOUND),
    "centrex:line-faxes": (line_with_box, NOT_FOUND),
    "centrex:messages-mark": (line_with_box, NOT_FOUND),
    "centrex:messages-delete": (line_with_box, NOT_FOUND),
    "centrex:message": (message, NOT_FOUND),
    "centrex:message-file": (message, NOT_FOUND),
    "centrex:site-edit": (site, NOT_FOUND),
    "centrex:site-lines": (site, NOT_FOUND),
    "centrex:site-delete": (site, NOT_FOUND),
    "centrex:site-defaults": (site, NOT_FOUND),
    "centrex:site-default": (site_default, NOT_FOUND),
    # A feature is everybody's; whose setting it shows is the customer's own.
    "centrex:default": (company_default, (200, 405)),
    "centrex:queue-edit": (queue, NOT_FOUND),
    "centrex:queue-delete": (queue, NOT_FOUND),
    # Staff only.
    "view-as": (lambda easycall, alice: [easycall.pk], (404, 405)),
    # A name, not a record: it is kept for the user who asks.
    "table-preference": (lambda easycall, alice: ["lines"], (302, 405)),
}


def placed_line(easycall: Customer) -> Line:
    """A line with an extension, in a batch and on a site of its own."""
    line = LineFactory(customer=easycall, batch=BatchFactory(customer=easycall), site=SiteFactory(customer=easycall))
    ExtensionFactory(customer=easycall, line=line)
    return line


def filled_huntgroup(easycall: Customer) -> Huntgroup:
    """A group with two members, so that a look-up for each member would be counted."""
    group = HuntgroupFactory(customer=easycall)
    for position in (1, 2):
        extension = ExtensionFactory(customer=easycall, line=LineFactory(customer=easycall))
        group.members.create(extension=extension, position=position)
    return group


def recorded_call(easycall: Customer) -> None:
    """A call between a colleague and somebody who is blocked, with its recording."""
    line = LineFactory(customer=easycall)
    ExtensionFactory(customer=easycall, line=line)
    caller = BlockedCallerFactory(customer=easycall)
    call = CallRecordingFactory(customer=easycall, line=line, status="ready", file="recordings/x.wav").call_id
    XdrFactory(customer=easycall, line=line, cli=caller.number, cld=line.account_id, call_id=call)


# One row more on each list.
ROWS: dict[str, Callable[[Customer, User], object]] = {
    "billing:subscriptions": lambda easycall, alice: SubscriptionFactory(customer=easycall),
    "billing:reports": lambda easycall, alice: made_report(easycall, alice),
    "billing:invoices": lambda easycall, alice: next_invoice(easycall),
    "billing:payments": lambda easycall, alice: payment(easycall, alice),
    "centrex:abbreviated": lambda easycall, alice: AbbreviatedNumberFactory(
        customer=easycall, target=LineFactory(customer=easycall).account_id
    ),
    "centrex:blocked": lambda easycall, alice: BlockedCallerFactory(customer=easycall),
    "centrex:calls": lambda easycall, alice: recorded_call(easycall),
    "centrex:dids": lambda easycall, alice: DidFactory(line=LineFactory(customer=easycall)),
    "centrex:did-numbers": lambda easycall, alice: FreeDidFactory(),
    "centrex:extensions": lambda easycall, alice: ExtensionFactory(
        customer=easycall,
        line=LineFactory(customer=easycall),
        primary_group=HuntgroupFactory(customer=easycall),
        recorded_name=SoundFactory(customer=easycall, purpose="name", state="ready"),
    ),
    "centrex:filters": lambda easycall, alice: ScreeningRuleFactory(
        line__customer=easycall, callers=NumberFilterFactory(customer=easycall)
    ),
    "centrex:schedules": lambda easycall, alice: ScheduleDayFactory(schedule__customer=easycall),
    "centrex:huntgroups": lambda easycall, alice: filled_huntgroup(easycall),
    "centrex:planned": lambda easycall, alice: planned(easycall, alice),
    "profile:activity": lambda easycall, alice: renamed_extension(easycall, alice),
    "centrex:lines": lambda easycall, alice: placed_line(easycall),
    "centrex:queues": lambda easycall, alice: CallQueueFactory(huntgroup=filled_huntgroup(easycall)),
    "centrex:sites": lambda easycall, alice: placed_line(easycall),
    "tickets:list": lambda easycall, alice: TicketFactory(customer=easycall, requestor=alice),
}
