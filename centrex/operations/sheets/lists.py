"""The included extensions and huntgroups of a group, each list in one cell: "201; 203 (after 5 sec, for 20 sec)"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from centrex.models import HuntgroupMember, IncludedHuntgroup
from centrex.operations.membership import Inclusion, Member, refuse_odd_times
from centrex.sheets.difference import Value
from centrex.sheets.members import Entry, NotUnderstood, entries, written
from selfcare.errors import Refused

DELAY, TIME, FORWARDING = "delay", "time", "forwarding"


def member_words() -> dict[str, list[str]]:
    """How the notes of an extension are written: the page's language first."""
    return {
        DELAY: [_("after %(seconds)s sec") % {"seconds": "{}"}, "after {} sec"],
        TIME: [_("for %(seconds)s sec") % {"seconds": "{}"}, "for {} sec"],
        **group_words(),
    }


def group_words() -> dict[str, list[str]]:
    """How the notes of a huntgroup are written."""
    return {FORWARDING: [_("with follow-me and voicemail"), "with follow-me and voicemail"]}


def members_value(rows: Iterable[HuntgroupMember]) -> Value:
    members, listed = [], []
    for row in rows:
        members.append(Member(row.extension_id, row.ring_delay, row.ring_time, row.ignore_forwarding))
        notes: dict[str, int | None] = {DELAY: row.ring_delay} if row.ring_delay else {}
        notes |= {TIME: row.ring_time} if row.ring_time else {}
        listed.append(Entry(row.extension.number, notes | forwarding(row.ignore_forwarding)))
    return Value(tuple(members), written(listed, member_words()))


def groups_value(rows: Iterable[IncludedHuntgroup]) -> Value:
    kept = [*rows]
    listed = [Entry(row.included.number, forwarding(row.ignore_forwarding)) for row in kept]
    meaning = tuple(Inclusion(row.included_id, row.ignore_forwarding) for row in kept)
    return Value(meaning, written(listed, group_words()))


def forwarding(is_ignored: bool) -> dict[str, int | None]:
    return {} if is_ignored else {FORWARDING: None}


def read_members(text: str, extensions: Mapping[str, int]) -> Value:
    """The extensions (number -> id) of a cell; Refused for what is not understood, unknown, or there twice."""
    found: list[Member] = []
    for entry in understood(text, member_words(), _("Write extensions like this: 201; 203 (after 5 sec, for 20 sec).")):
        if entry.number not in extensions:
            raise Refused(_("There is no extension “%(number)s”.") % {"number": entry.number})
        member = Member(
            extension=extensions[entry.number],
            ring_delay=entry.notes.get(DELAY) or 0,
            ring_time=entry.notes.get(TIME),
            ignore_forwarding=FORWARDING not in entry.notes,
        )
        refuse_odd_times([member])
        refuse_again(member.extension, [each.extension for each in found], entry.number)
        found.append(member)
    return Value(tuple(found), text)


def read_groups(text: str, huntgroups: Mapping[str, int]) -> Value:
    """The huntgroups (number -> id) of a cell; Refused as for extensions."""
    found: list[Inclusion] = []
    for entry in understood(text, group_words(), _("Write huntgroups like this: 88; 89.")):
        if entry.number not in huntgroups:
            raise Refused(_("There is no huntgroup “%(number)s” in this file.") % {"number": entry.number})
        inclusion = Inclusion(huntgroups[entry.number], FORWARDING not in entry.notes)
        refuse_again(inclusion.huntgroup, [each.huntgroup for each in found], entry.number)
        found.append(inclusion)
    return Value(tuple(found), text)


def understood(text: str, words: Mapping[str, list[str]], advice: str) -> Iterable[Entry]:
    try:
        return list(entries(text, words))
    except NotUnderstood as trouble:
        message = _("“%(part)s” is not understood.") % {"part": trouble.part}
        raise Refused(f"{message} {advice}") from trouble


def refuse_again(key: int, before: list[int], number: str) -> None:
    if key in before:
        raise Refused(_("%(number)s stands in the list twice.") % {"number": number})
