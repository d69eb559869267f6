"""Rows that belong to a row, read in the same query as it: as a column of JSON, made into records again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, Model, QuerySet
from django.db.models.functions import JSONObject

AnyModel = TypeVar("AnyModel", bound=Model)


def inner(rows: QuerySet[AnyModel], **more: str) -> ArraySubquery:
    """A column with all columns of `rows`, and `more` from records that they name; no dates, which JSON has none of."""
    columns = {field.attname: F(field.attname) for field in rows.model._meta.concrete_fields}
    return ArraySubquery(rows.values(json=JSONObject(**columns, **{name: F(path) for name, path in more.items()})))


def revived(model: type[AnyModel], values: Iterable[Mapping[str, Any]]) -> list[AnyModel]:
    """The records that such a column holds, without what was `more`."""
    known = {field.attname for field in model._meta.concrete_fields}
    return [model(**{name: value for name, value in each.items() if name in known}) for each in values]
