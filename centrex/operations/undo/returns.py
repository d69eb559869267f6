"""What comes back together with a deleted record: the huntgroups it was in, and who was in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from centrex.models import (
    CallQueue,
    Extension,
    Huntgroup,
    HuntgroupMember,
    IncludedHuntgroup,
    Line,
    Menu,
    MenuChoice,
    Schedule,
    ScheduleDay,
    Site,
)
from centrex.operations.attendant import put_back_menu
from centrex.operations.membership import Inclusion, Member, set_contents
from centrex.operations.queues import add_queue
from centrex.operations.schedules import in_words as day_in_words
from centrex.operations.schedules import save_day
from centrex.operations.sites import move_lines
from centrex.operations.undo.choices import Choices, from_states, lines_of
from centrex.operations.undo.contents import (
    Contents,
    contents_now,
    in_order,
    inclusion,
    member,
    without_the_gone,
    words_of,
)
from centrex.operations.undo.undoing import Undoing
from selfcare.models import User, Versioned
from selfcare.models.history import END, as_record, states
from selfcare.reversal import let_go_of_the_gone

Place = tuple[Huntgroup, int, Member | Inclusion]


@dataclass(frozen=True, slots=True)
class Return:
    """`places`: where in which groups the record stood; `contents`: what it included, if it is a group.

    `queue` is the group's call queue, `lines` are the ids of a site's phone lines, `choices` those of a menu, `days`
    the special days of hours.
    """

    places: list[Place] = field(default_factory=list)
    contents: Contents = field(default_factory=Contents)
    sentences: list[str] = field(default_factory=list)
    queue: CallQueue | None = None
    lines: list[int] = field(default_factory=list)
    choices: Choices = field(default_factory=dict)
    days: list[ScheduleDay] = field(default_factory=list)

    def follow(self, *, by: Undoing, record: Versioned) -> None:
        """After the record is back: fill it, and put it into its groups again."""
        if isinstance(record, Huntgroup) and self.contents != Contents():
            fill(by.user, record, self.contents)
        if isinstance(record, Menu) and self.choices:
            put_back_menu(
                user=by.user,
                menu=record,
                version=None,
                choices=self.choices,
                confirmed=by.confirmed,
                now=by.now,
            )
        if self.queue is not None:
            add_queue(user=by.user, queue=self.queue)
        if isinstance(record, Site) and self.lines:
            move_lines(user=by.user, site=record, lines=self.lines)
        for day in self.days:
            save_day(user=by.user, day=day)
        for group, place, row in self.places:
            now = contents_now(group)
            if isinstance(row, Member):
                fill(by.user, group, Contents(inserted(now.members, place, row), now.included))
            else:
                fill(by.user, group, Contents(now.members, inserted(now.included, place, row)))


def inserted(rows: tuple[Any, ...], place: int, row: Any) -> tuple[Any, ...]:
    """The rows with `row` at `place`, counted from 1, or at the end when there are fewer."""
    return (*rows[: place - 1], row, *rows[place - 1 :])


def fill(user: User, group: Huntgroup, contents: Contents) -> None:
    set_contents(user=user, huntgroup=group, version=None, members=contents.members, included=contents.included)


def return_of(record: Versioned, ended: Any) -> Return:
    """What comes back with `record`, whose last state is `ended`; the record itself is made ready to be added."""
    record.version += 1
    make = RETURNS.get(type(record))
    back = make(record, ended) if make else Return()
    back.sentences.extend(let_go_of_the_gone(record))
    return back


def ended_with(model: type[Any], ended: Any, **which: Any) -> list[Any]:
    """The rows of `model` that were deleted by the same act as `ended`."""
    if ended.pgh_context_id is None:
        return []
    return in_order(states(model).filter(pgh_label=END, pgh_context_id=ended.pgh_context_id, **which))


def extension_back(extension: Extension, ended: Any) -> Return:
    """An extension is put into its huntgroups again, and its primary group with them."""
    rows = ended_with(HuntgroupMember, ended, extension_id=extension.pk)
    groups = Huntgroup.objects.in_bulk([row.huntgroup_id for row in rows])
    primary, extension.primary_group = extension.primary_group_id, None
    places: list[Place] = [
        (groups[row.huntgroup_id], row.position, member(row, primary=row.huntgroup_id == primary))
        for row in rows
        if row.huntgroup_id in groups
    ]
    return Return(places, sentences=joins(places))


def huntgroup_back(group: Huntgroup, ended: Any) -> Return:
    """A huntgroup is filled again, and put into the groups that included it."""
    members = ended_with(HuntgroupMember, ended, huntgroup_id=group.pk)
    primary = lost_primary(group, ended)
    contents, _gone = without_the_gone(
        Contents(
            members=tuple(member(row, primary=row.extension_id in primary) for row in members),
            included=tuple(inclusion(row) for row in ended_with(IncludedHuntgroup, ended, huntgroup_id=group.pk)),
        )
    )
    rows = ended_with(IncludedHuntgroup, ended, included_id=group.pk)
    outer = Huntgroup.objects.in_bulk([row.huntgroup_id for row in rows])
    places: list[Place] = [
        (outer[row.huntgroup_id], row.position, inclusion(row)) for row in rows if row.huntgroup_id in outer
    ]
    words = [f"{label}: {text}" for label, text in words_of(group, contents).items() if text]
    queue = queue_back(group, ended)
    again = [_("Its call queue comes back.")] if queue else []
    return Return(places, contents, [*words, *joins(places), *again], queue=queue)


def queue_back(group: Huntgroup, ended: Any) -> CallQueue | None:
    """The call queue that went with the group."""
    for state in states(CallQueue).filter(pgh_label=END, pgh_context_id=ended.pgh_context_id, huntgroup=group.pk):
        queue = as_record(CallQueue, state)
        queue.version += 1
        return queue
    return None


def site_back(site: Site, ended: Any) -> Return:
    """A site gets those lines again that are at no other site since."""
    had = states(Line).filter(site=site.pk).values("pgh_obj_id")
    left = states(Line).filter(pgh_obj__in=had, pgh_context_id=ended.pgh_context_id, site=None)
    lines = Line.objects.filter(site=None, customer=site.customer, pk__in=left.values("pgh_obj_id"))
    words = [_("Phone line %(line)s moves to it again.") % {"line": line} for line in lines]
    return Return(lines=[line.pk for line in lines], sentences=words)


def menu_back(menu: Menu, ended: Any) -> Return:
    """A menu gets its choices again, but for those that led to what is gone."""
    kept = states(MenuChoice).filter(pgh_label=END, pgh_context_id=ended.pgh_context_id, menu=menu.pk)
    choices = from_states(kept) if ended.pgh_context_id else {}
    return Return(choices=choices, sentences=lines_of(menu, choices))


def schedule_back(schedule: Schedule, ended: Any) -> Return:
    """Hours get their special days again."""
    if ended.pgh_context_id is None:
        return Return()
    gone = states(ScheduleDay).filter(pgh_label=END, pgh_context_id=ended.pgh_context_id, schedule=schedule.pk)
    days = [as_record(ScheduleDay, state) for state in gone.order_by("day")]
    for day in days:
        day.pk = None
    words = [_("Special day: %(day)s") % {"day": day_in_words(day)} for day in days]
    return Return(days=days, sentences=words)


def lost_primary(group: Huntgroup, ended: Any) -> set[int]:
    """The extensions whose primary group it was, and who have none now."""
    had = states(Extension).filter(primary_group=group.pk).values("pgh_obj_id")
    touched = states(Extension).filter(pgh_obj__in=had, pgh_context_id=ended.pgh_context_id, primary_group=None)
    free = Extension.objects.filter(primary_group=None, pk__in=touched.values("pgh_obj_id"))
    before = {
        pk: states(Extension).filter(pgh_obj=pk, pgh_id__lt=pgh_id).last()
        for pk, pgh_id in touched.filter(pgh_obj__in=free).values_list("pgh_obj_id", "pgh_id")
    }
    return {pk for pk, state in before.items() if state and state.primary_group_id == group.pk}


def joins(places: list[Place]) -> list[str]:
    groups = sorted((group for group, _place, _row in places), key=lambda group: group.number)
    return [_("Huntgroup %(group)s includes it again.") % {"group": group} for group in groups]


RETURNS: dict[type[Versioned], Callable[[Any, Any], Return]] = {
    Extension: extension_back,
    Huntgroup: huntgroup_back,
    Site: site_back,
    Menu: menu_back,
    Schedule: schedule_back,
}
