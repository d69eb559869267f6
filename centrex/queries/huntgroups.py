"""Who depends on an extension or a huntgroup: what its deletion would change, in sentences."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from centrex.models import CallQueue, Extension, Huntgroup, MenuChoice


def consequences_of_deleting_extension(extension: Extension) -> list[str]:
    """What else changes when `extension` is deleted."""
    groups = Huntgroup.objects.filter(members__extension=extension)
    sizes = Huntgroup.objects.filter(pk__in=groups).annotate(members_left=Count("members") - 1)
    sentences = [
        _("Huntgroup %(group)s loses a member.") % {"group": group}
        if group.members_left
        else _("Huntgroup %(group)s loses its only extension.") % {"group": group}
        for group in sizes.order_by("number")
    ]
    sentences += closed_to(Huntgroup.objects.filter(closed_extension=extension))
    if extension.line:
        sentences.append(_("Phone line %(line)s no longer has an extension.") % {"line": extension.line})
    sentences.append(_("The number %(number)s is free again.") % {"number": extension.number})
    return sentences


def consequences_of_deleting_huntgroup(huntgroup: Huntgroup) -> list[str]:
    """What else changes when `huntgroup` is deleted."""
    sentences = []
    primary = ", ".join(str(extension) for extension in huntgroup.primary_extensions.order_by("number"))
    if primary:
        sentences.append(_("These extensions no longer have a primary group: %(list)s.") % {"list": primary})
    sentences += closed_to(Huntgroup.objects.filter(closed_group=huntgroup))
    outer = Huntgroup.objects.filter(included_groups__included=huntgroup).order_by("number")
    sentences += [_("Huntgroup %(group)s no longer includes it.") % {"group": group} for group in outer]
    if CallQueue.objects.filter(huntgroup=huntgroup).exists():
        sentences.append(_("Its call queue is deleted as well."))
    sentences.append(_("The number %(number)s is free again.") % {"number": huntgroup.number})
    return sentences


def menus_leading_to(huntgroup: Huntgroup) -> list[MenuChoice]:
    """The choices of auto attendants that hand calls to `huntgroup`, with menu and line."""
    return list(MenuChoice.objects.filter(huntgroup=huntgroup).select_related("menu__line").order_by("menu__name"))


def closed_to(groups: QuerySet[Huntgroup]) -> list[str]:
    """What becomes of calls to these groups outside their opening hours when their target goes."""
    words = _("Outside its opening hours, calls to huntgroup %(group)s end.")
    return [words % {"group": group} for group in groups.order_by("number")]
