"""The list of sites, and deleting one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from centrex.models import Site
from centrex.operations.sites import delete_site
from centrex.queries.sites import (
    consequences_of_deleting_site,
    default_site,
    limits_in_words,
    named,
    with_line_counts,
)
from selfcare import formats
from selfcare.crud.tables import ActionsColumn, BaseTable, ChoiceColumn, Column, LinkColumn, NumberColumn
from selfcare.crud.views import DeletePage, ListPage


def edit(site: Site) -> str:
    return reverse("centrex:site-edit", args=[site.pk])


def change(site: Site) -> list[tuple[str, str, Any]]:
    kept = [
        (reverse("centrex:site-lines", args=[site.pk]), "telephone-plus", _("Choose phone lines")),
        (edit(site), "pencil", _("Edit")),
        (reverse("centrex:site-defaults", args=[site.pk]), "sliders", _("Defaults for lines")),
    ]
    return kept if site.is_default else [*kept, (reverse("centrex:site-delete", args=[site.pk]), "trash", _("Delete"))]


class NameColumn(LinkColumn):
    """The name, leading to the form for who may change it."""

    def draw(self, value: Any, record: Site) -> SafeString:
        return super().draw(value, record) if self.may_change else Column.draw(self, value, record)

    def plain(self, value: Any, record: Site) -> str:
        return str(record)


class CountColumn(NumberColumn):
    """How many lines are in the site, leading to them."""

    def draw(self, value: Any, record: Site) -> SafeString:
        address = f"{reverse('centrex:lines')}?site={record.pk}"
        return format_html('<a href="{}">{}</a>', address, formats.number(value)) if value else super().draw(0, record)


class LimitsColumn(Column):
    def plain(self, value: Any, record: Site) -> str:
        return limits_in_words(record)


class CountryColumn(Column):
    def plain(self, value: Any, record: Site) -> str:
        return str(value.name) if value else __("Not known")


class SitesTable(BaseTable):
    name = NameColumn(to=edit, verbose_name=_("Site Name"))
    line_count = CountColumn(verbose_name=_("Phone Lines"))
    limits = LimitsColumn(verbose_name=_("Limits at a time"), accessor="pk", orderable=False)
    codecs = ChoiceColumn(choices=Site.Codecs.choices, verbose_name=_("Codec Connectivity Profile"))
    country = CountryColumn(verbose_name=_("Current Location"))
    mobility = ChoiceColumn(choices=Site.Mobility.choices, verbose_name=_("Allowed Mobility"))
    actions = ActionsColumn(changes=change)

    class Meta(BaseTable.Meta):
        model = Site
        fields = ("name", "line_count", "limits", "codecs", "country", "mobility")


class List(ListPage):
    page = "centrex:sites"
    title = _("Sites")
    intro = _("The places where your phones are, and how many calls each place can carry at a time.")
    model = Site
    table_class = SitesTable
    add_url, add_label = "centrex:site-add", _("Add Site")

    def get_queryset(self) -> QuerySet[Site]:
        return with_line_counts(super().get_queryset())


class Delete(DeletePage):
    page = "centrex:sites"
    title = _("Delete Site")
    model = Site
    consequences = staticmethod(consequences_of_deleting_site)

    def get_queryset(self) -> QuerySet[Site]:
        """There is no page to delete the Default site with."""
        return super().get_queryset().filter(is_default=False)

    def save(self, form: Any) -> None:
        moved = delete_site(user=self.request.user, site=self.object)
        if moved:
            said = ngettext(
                "%(number)s phone line moved to the site %(default)s: %(list)s.",
                "%(number)s phone lines moved to the site %(default)s: %(list)s.",
                len(moved),
            )
            default = default_site(self.request.customer)
            facts = {"number": formats.number(len(moved)), "default": default, "list": named(moved)}
            messages.info(self.request, said % facts)
