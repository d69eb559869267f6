"""Abbreviated numbers as a sheet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from centrex.models import AbbreviatedNumber, CompanySettings, DialCode
from centrex.operations import abbreviated as single
from centrex.operations.new_destinations import begin_for_codes
from centrex.operations.sheets.columns import Column, field_of, number_column, put_as, show_as, text_column
from centrex.operations.sheets.sheet import Draft, Sheet
from centrex.queries.lines import lines_of_office
from centrex.sheets.difference import Value
from selfcare.errors import Link
from selfcare.models import User


class AbbreviatedSheet(Sheet[AbbreviatedNumber]):
    """Number, what it dials, description; all of the main office's, which its branch offices see as well."""

    kind = "abbreviated"
    code_kind = DialCode.Kind.ABBREVIATED
    fields = single.FIELDS

    @classmethod
    def model(cls) -> type[AbbreviatedNumber]:
        return AbbreviatedNumber

    def rows(self) -> QuerySet[AbbreviatedNumber]:
        rows: QuerySet[AbbreviatedNumber] = AbbreviatedNumber.for_customer(self.office)
        return rows

    def blank(self) -> AbbreviatedNumber:
        return AbbreviatedNumber(customer=self.office)

    def refuse_unusable(self) -> None:
        single.length_of(self.office)

    def make_columns(self) -> list[Column]:
        self.length = CompanySettings.for_customer(self.office).get().abbreviated_length
        self.lines = set(lines_of_office(self.office).values_list("account_id", flat=True))
        self.targets = single.Targets(self.office)
        field = partial(field_of, AbbreviatedNumber)
        length = self.length or 0
        advice = ngettext("%(length)s digit, no number twice.", "%(length)s digits, no number twice.", length)
        return [
            number_column(
                field("number"),
                label=_("Abbreviated #"),
                length=self.length,
                advice=advice % {"length": length} if length else gettext("Set the length on the list's page first."),
                example="87654321"[:length],
            ),
            Column(
                name="target",
                label=_("# To Dial"),
                advice=_("The ID of a phone line, or a full phone number. Empty: the number is dialled as it is."),
                example="442079460018",
                show=show_as("target"),
                read=self.read_target,
                put=put_as("target"),
                default=Value("", ""),
                digits=True,
            ),
            text_column(
                field("description"),
                label=_("Description"),
                advice=_("Whose number it is."),
                example=gettext("Taxi"),
                default=Value("", ""),
            ),
        ]

    def read_target(self, text: str) -> Value:
        digits = single.e164(text, str(self.office.country))
        target = self.targets.allowed(single.target_meant(text, digits, self.lines))
        return Value(target, target)

    def ask_password(self, drafts: Sequence[Draft[AbbreviatedNumber]], *, confirmed: bool) -> None:
        changed = [draft.new for draft in drafts if "target" in draft.changed]
        self.costly = single.asked_about(self.office, changed, confirmed=confirmed)

    def tell(self, user: User, *, now: datetime) -> None:
        begin_for_codes(user=user, found=self.costly, now=now)

    def begin_check(self, drafts: Sequence[Draft[AbbreviatedNumber]], gone: Collection[int]) -> None:
        touched = {draft.old.pk for draft in drafts if draft.old} | {*gone}
        after = [record for pk, record in self.records.items() if pk not in touched]
        after += [draft.new for draft in drafts]
        self.by_number = {number.number: number for number in after}
        self.by_target = {number.target: number for number in after}

    def rules(self, draft: Draft[AbbreviatedNumber]) -> Iterator[Callable[[], None]]:
        number = draft.new
        if "number" in draft.changed:
            yield partial(single.refuse_other_length, number.number, self.length or 0)
        yield partial(single.refuse_target_inside, number, self.by_number.get(number.target))
        outer = self.by_target.get(number.number)
        if outer is not None and outer is not number:
            link = Link(outer.description or gettext("an abbreviated number"), single.PAGE, single.PAGE)
            yield partial(single.refuse_target_of, number, outer, link)
