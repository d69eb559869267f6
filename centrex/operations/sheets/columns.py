"""The columns of a sheet: how a value is written into a cell, and how what somebody wrote there is understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from centrex.sheets.difference import Value
from centrex.sheets.mangling import is_shortened, undone
from centrex.sheets.reading import DATE_MARK, tidy
from selfcare.errors import Refused

Record = TypeVar("Record", bound=models.Model)
EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}
YES, NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `name` is the record's field. `read` raises Refused; `default` is what an empty cell of a new row is.

    `digits`: whether it holds digits that a spreadsheet program may take for a number; `length`: how many, if certain.
    """

    name: str
    label: str | Promise
    advice: str | Promise
    example: str | Promise
    show: Callable[[Any], Value]
    read: Callable[[str], Value]
    put: Callable[[Any, Value], None]
    default: Value | None = None
    digits: bool = False
    length: int | None = None
    same_text_same_meaning: bool = True

    def understood(self, text: str, current: Value | None) -> Value:
        """What the cell `text` means, in a row whose record has the value `current`; Refused when nothing."""
        if self.same_text_same_meaning and current is not None and text == current.text:
            return current
        if current is None and not text and self.default is not None:
            return self.default
        if text.startswith(DATE_MARK):
            raise Refused(
                _("The spreadsheet program took this for a date. Format the cell as text and write it again.")
            )
        if text in EXCEL_ERRORS:
            raise Refused(_("The spreadsheet program could not calculate this cell. Write the value itself."))
        if self.digits:
            text = undone(text, current.text if current else "", length=self.length)
            if is_shortened(text):
                raise Refused(
                    _("The spreadsheet program shortened this number. Format the cell as text and write it again.")
                )
        return self.read(text)


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """The model's own field of this name."""
    return next(field for field in model._meta.fields if field.name == name)


def put_as(name: str) -> Callable[[Any, Value], None]:
    """Sets the field `name` of a record to what the value means."""
    return lambda record, value: setattr(record, name, value.meaning)


def show_as(name: str) -> Callable[[Any], Value]:
    """The field `name` of a record, which is text."""
    return lambda record: Value(getattr(record, name), tidy(getattr(record, name)))


def text_column(field: models.Field[Any, Any], *, label: str | Promise, **words: Any) -> Column:
    """Text in one line, with the field's own checks."""

    def read(text: str) -> Value:
        line = " ".join(text.split("\n"))
        return Value(checked(field, line), line)

    return Column(name=field.name, label=label, show=show_as(field.name), read=read, put=put_as(field.name), **words)


def number_column(field: models.Field[Any, Any], *, label: str | Promise, length: int | None, **words: Any) -> Column:
    """A short number, which keeps the zeros that it begins with."""

    def read(text: str) -> Value:
        number = re.sub(r"\s", "", text)
        return Value(checked(field, number), number)

    return Column(
        name=field.name,
        label=label,
        show=show_as(field.name),
        read=read,
        put=put_as(field.name),
        digits=True,
        length=length,
        **words,
    )


def checked(field: models.Field[Any, Any], text: str) -> Any:
    """`text` as the field takes it; Refused with the words of its checks."""
    try:
        return field.clean(text, None)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error


def flag_column(field: models.Field[Any, Any], *, label: str | Promise, **words: Any) -> Column:
    """Yes or No."""

    def value(meaning: bool) -> Value:
        return Value(meaning, _("Yes") if meaning else _("No"))

    def read(text: str) -> Value:
        said = text.casefold()
        if said in {*YES, _("Yes").casefold()}:
            return value(True)
        if said in {*NO, _("No").casefold()}:
            return value(False)
        raise Refused(_("Write Yes or No."))

    return Column(
        name=field.name,
        label=label,
        show=lambda record: value(getattr(record, field.name)),
        read=read,
        put=put_as(field.name),
        default=value(bool(field.get_default())),
        **words,
    )


def choice_column(field: models.Field[Any, Any], *, label: str | Promise, **words: Any) -> Column:
    """One of the field's choices, by its label."""
    labels = {str(key): str(words_of_it) for key, words_of_it in field.flatchoices}
    meant = {said.casefold(): key for key, words_of_it in labels.items() for said in (key, words_of_it)}

    def read(text: str) -> Value:
        key = meant.get(text.casefold())
        if key is None:
            raise Refused(_("Write one of these: %(choices)s.") % {"choices": "; ".join(labels.values())})
        return Value(key, labels[key])

    def show(record: Any) -> Value:
        key = str(getattr(record, field.name))
        return Value(key, labels[key])

    default = str(field.get_default())
    return Column(
        name=field.name,
        label=label,
        show=show,
        read=read,
        put=put_as(field.name),
        default=Value(default, labels[default]),
        **words,
    )


class Directory(Generic[Record]):
    """Records, and the words by which a person may name them; the first of the words is how they are written."""

    def __init__(self, records: Iterable[Record], words: Callable[[Record], Sequence[str]], *, unknown: str) -> None:
        self.unknown = unknown
        self.records = {record.pk: record for record in records}
        self.named: dict[str, set[int]] = {}
        for record in self.records.values():
            for word in words(record):
                self.named.setdefault(plain(word), set()).add(record.pk)

    def find(self, text: str) -> Record:
        """The one record of this name; Refused when there is none, or more than one."""
        found = self.named.get(plain(text)) or self.named.get(bare(text)) or set()
        if len(found) > 1:
            raise Refused(_("There are several of this name. Write one of them as it stands in the download."))
        if not found:
            raise Refused(self.unknown % {"text": text})
        return self.records[next(iter(found))]


def plain(word: str) -> str:
    return " ".join(tidy(word).casefold().split())


def bare(text: str) -> str:
    """A phone number without what people put between its digits."""
    return re.sub(r"[\s()+./-]", "", text)


def link_column(
    directory: Directory[Any], *, name: str, label: str | Promise, words: Callable[[Any], str], **more: Any
) -> Column:
    """A record of another kind, or none when empty; `words` is how one is written."""

    def show(record: Any) -> Value:
        linked = getattr(record, name)
        return Value(None, "") if linked is None else Value(linked.pk, tidy(words(linked)))

    def read(text: str) -> Value:
        if not text:
            return Value(None, "")
        found = directory.find(text)
        return Value(found.pk, tidy(words(found)))

    def put(record: Any, value: Value) -> None:
        meaning = value.meaning
        setattr(record, name, directory.records[meaning] if isinstance(meaning, int) else None)

    return Column(name=name, label=label, show=show, read=read, put=put, **more)
