"""The demo's telephone systems: lines in batches, extensions, huntgroups."""

from __future__ import annotations

from django.utils import timezone

from centrex.models import Batch, Extension, Huntgroup, Line, PhoneModel
from centrex.operations import extensions, huntgroups, membership
from centrex.operations.lines import edit_line, give_login
from centrex.operations.sip import renew_password
from selfcare.demo.people import People
from selfcare.models import Customer

# Extension, name, whether the line exists in the Berlin branch.
COLLEAGUES = (
    ("201", "Alice Morgan", False), ("202", "Bob Fields", False), ("203", "Carla Mendez", False),
    ("204", "Dan O'Neill", False), ("205", "Erin Walsh", False), ("206", "Frank Osei", False),
    ("207", "Grace Kim", False), ("208", "Hugo Laurent", False), ("209", "Lena Fischer", False),
    ("210", "Reception", False), ("211", "Meeting room", False), ("301", "Berta Hoffmann", True),
    ("302", "Jonas Weber", True), ("303", "Empfang Berlin", True),
)  # fmt: skip
GROUPS = (
    ("88", "Sales", Huntgroup.Sequence.SIMULTANEOUS, True, ("201", "203", "204")),
    ("89", "Support", Huntgroup.Sequence.LEAST_USED, True, ("205", "206", "207", "208")),
    ("90", "Reception", Huntgroup.Sequence.ORDER, False, ("210", "209")),
    ("92", "Berlin office", Huntgroup.Sequence.ORDER, True, ("301", "302")),
)
PHONES = ("Yealink T46U", "Yealink T31P", "Snom D735", "Poly VVX 250", "Softphone")


def make_telephony(people: People) -> None:
    """Lines first, then the extensions and groups that stand on them, by the same acts as in the portal."""
    desks = make_lines(people.easycall, "HQ desk phones", "121255502{:02}", 14, "Office line")
    make_lines(people.easycall, "Field team mobiles", "191755503{:02}", 8, "Mobile line")
    branch = make_lines(people.berlin, "Berlin desk phones", "4930231250{:02}", 5, "Office line EU")
    make_lines(people.lotus, "Clinic phones", "120655504{:02}", 4, "Prepaid line")
    make_extensions(people, desks, branch)
    give_lena_her_phone(people, desks[8])
    make_huntgroups(people)


def give_lena_her_phone(people: People, line: Line) -> None:
    """Lena signs in for one line; its phone has a password, which nobody saw."""
    now = timezone.now()
    line.name, line.phone_model, line.mac, line.note = "Lena Fischer", PHONES[0], "00:15:65:4a:2e:90", "Second floor"
    edit_line(user=people.alice, line=line, version=None)
    renew_password(user=people.alice, line=line, version=None, confirmed=True, now=now)
    give_login(user=people.dora, line=line, login=people.lena)
    for name in PHONES:
        PhoneModel.objects.create(name=name)


def make_lines(customer: Customer, batch: str, pattern: str, count: int, product: str) -> list[Line]:
    """`count` lines in one batch; `pattern` makes their numbers."""
    group = Batch.objects.create(customer=customer, name=batch)
    kind = Line.Kind.DEBIT if customer.is_prepaid else Line.Kind.CREDIT
    return [
        Line.objects.create(
            customer=customer,
            account_id=pattern.format(10 + index),
            name=f"{batch.split()[0]} {index + 1}",
            kind=kind,
            product=product,
            batch=group,
            phone_model=PHONES[index % len(PHONES)],
        )
        for index in range(count)
    ]


def make_extensions(people: People, desks: list[Line], branch: list[Line]) -> None:
    """Each colleague's short number on a line; the last one of the main office has none yet."""
    here, there = iter(desks), iter(branch)
    for number, name, in_berlin in COLLEAGUES:
        line = next(there) if in_berlin else next(here)
        extension = Extension(
            customer=people.easycall,
            branch_office=people.berlin if in_berlin else None,
            number=number,
            name=name,
            line=None if name == "Meeting room" else line,
            published=name != "Meeting room",
        )
        extensions.add_extension(user=people.alice, extension=extension)


def make_huntgroups(people: People) -> None:
    """Four groups; Reception also rings Support when nobody there answers."""
    ids = dict(Extension.for_customer(people.easycall).values_list("number", "pk"))
    for number, name, sequence, pickup, numbers in GROUPS:
        group = Huntgroup(
            customer=people.easycall,
            branch_office=people.berlin if name.startswith("Berlin") else None,
            number=number,
            name=name,
            sequence=sequence,
            pickup_allowed=pickup,
        )
        huntgroups.add_huntgroup(user=people.alice, huntgroup=group)
        members = [
            membership.Member(extension=ids[each], ring_delay=5 * place, ring_time=20, primary=True)
            for place, each in enumerate(numbers)
        ]
        membership.set_contents(user=people.alice, huntgroup=group, version=None, members=members, included=[])
    support = Huntgroup.for_customer(people.easycall).get(name="Support")
    reception = Huntgroup.for_customer(people.easycall).get(name="Reception")
    kept = [
        membership.Member(extension=row.extension_id, ring_delay=row.ring_delay, ring_time=row.ring_time, primary=True)
        for row in reception.members.all()
    ]
    inclusion = membership.Inclusion(huntgroup=support.pk)
    membership.set_contents(user=people.alice, huntgroup=reception, version=None, members=kept, included=[inclusion])
