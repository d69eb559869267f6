"""Columns: `draw` makes a cell's HTML, `plain` what goes into a download."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

import django_tables2 as tables2
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from selfcare import formats

EMPTY = mark_safe('<span class="text-body-tertiary" aria-hidden="true">–</span>')  # a constant


def as_html(text: object) -> SafeString:
    """The text of a cell as HTML. Django's own way takes five times as long, as it asks first what is no plain text."""
    return _escaped(text) if type(text) is str else conditional_escape(text)


@lru_cache(maxsize=20_000)
def _escaped(text: str) -> SafeString:
    """Many cells say what others said before: numbers, places, lengths, amounts."""
    return SafeString(escape(text))


class Column(tables2.Column):
    """A column of text. `draw` makes the cell's HTML, `plain` what goes into a download; `hint` explains the head."""

    css = ""
    may_change = False  # set by the table: whether this user may change what the page shows

    def __init__(
        self, *args: Any, hidden: bool = False, always: bool = False, hint: object = "", **kwargs: Any
    ) -> None:
        self.hidden_at_first, self.always, self.hint = hidden, always, hint
        super().__init__(*args, **kwargs)

    def draw(self, value: Any, record: Any) -> SafeString:
        text = self.plain(value, record)
        return EMPTY if text in ("", None) else as_html(text)

    def plain(self, value: Any, record: Any) -> Any:
        return "" if value is None else str(value)


class NumberColumn(Column):
    """A number, right-aligned."""

    css = "num"

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else as_html(formats.number(value))

    def plain(self, value: Any, record: Any) -> Any:
        return value


class MoneyColumn(Column):
    """An amount in the currency that `currency` (an attribute path of the record) names."""

    css = "num"
    write = staticmethod(formats.money)

    def __init__(self, *args: Any, currency: str = "currency", **kwargs: Any) -> None:
        self.currency = tables2.A(currency)
        super().__init__(*args, **kwargs)

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else as_html(self.write(value, self.currency.resolve(record)))

    def plain(self, value: Decimal | None, record: Any) -> Any:
        return value


class ChargeColumn(MoneyColumn):
    """An xDR's amount with 5 decimals."""

    write = staticmethod(formats.charge)


class TimeColumn(Column):
    """Date and time in the reader's zone and format."""

    css = "text-nowrap"

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else as_html(formats.moment(value))

    def plain(self, value: Any, record: Any) -> Any:
        return value


class SecondsColumn(TimeColumn):
    """Date and time to the second."""

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else as_html(formats.moment(value, seconds=True))


class DayColumn(TimeColumn):
    """A date."""

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if value is None else as_html(formats.day(value))


class FlagColumn(Column):
    """Yes or no."""

    def plain(self, value: Any, record: Any) -> str:
        return _("Yes") if value else _("No")


class ChoiceColumn(Column):
    """The words of a field with `choices`; `badges` maps a value to the class of a badge around them."""

    def __init__(self, *args: Any, choices: Any, badges: dict[str, str] | None = None, **kwargs: Any) -> None:
        self.words, self.badges = dict(choices), badges or {}
        super().__init__(*args, **kwargs)

    def plain(self, value: Any, record: Any) -> str:
        return str(self.words.get(value, value or ""))

    def draw(self, value: Any, record: Any) -> SafeString:
        words, badge = as_html(self.plain(value, record)), self.badges.get(value)
        return format_html('<span class="badge {}">{}</span>', badge, words) if badge else words


class PhoneColumn(Column):
    """A telephone number grouped as its country writes it; downloads carry E.164 without the plus."""

    css = "text-nowrap"

    def draw(self, value: Any, record: Any) -> SafeString:
        return EMPTY if not value else as_html(formats.phone(str(value)))


class LinkColumn(Column):
    """Text that leads to `record.get_absolute_url()` or to what `to(record)` gives."""

    def __init__(self, *args: Any, to: Any = None, **kwargs: Any) -> None:
        self.to = to or (lambda record: record.get_absolute_url())
        super().__init__(*args, **kwargs)

    def draw(self, value: Any, record: Any) -> SafeString:
        address = self.to(record)
        if not address:
            return super().draw(value, record)
        return format_html('<a href="{}">{}</a>', address, self.plain(value, record) or "–")


class ActionsColumn(Column):
    """Buttons at the end of a row: `actions(record)` gives (address, icon, label) for each.

    Those of `changes(record)` are offered only to a user who may change what the page shows. `named` says to a screen
    reader which record a button is for.
    """

    css = "actions"

    def __init__(self, actions: Any = lambda record: [], *, changes: Any = lambda record: [], named: Any = str) -> None:
        self.actions, self.changes, self.named = actions, changes, named
        super().__init__(verbose_name="", orderable=False, always=True, empty_values=(), accessor="pk")

    def draw(self, value: Any, record: Any) -> SafeString:
        offered = [*self.actions(record), *(self.changes(record) if self.may_change else [])]
        if not offered:
            return SafeString("")
        name = escape(str(self.named(record)))
        return SafeString("".join(button(str(label), icon, escape(to), name) for to, icon, label in offered))


def button(label: str, icon: str, address: str, name: str) -> str:
    """A button that is an icon; `address` and the record's `name` are escaped."""
    before, after = _button(label, icon)
    return f'<a class="icon-button" href="{address}"{before}{name}{after}'


@lru_cache(maxsize=500)
def _button(label: str, icon: str) -> tuple[str, str]:
    """What is the same in all rows: the part between address and name, and the rest."""
    label = escape(label)
    return (
        f' title="{label}" aria-label="{label}: ',
        f'"><i class="bi bi-{icon}" aria-hidden="true"></i></a>',
    )
