"""What rows were: PostgreSQL's own triggers keep every state of a tracked record (django-pghistory).

They see what Django does not: `update()`, bulk acts, plain SQL. Who did it and in which words is `AuditEvent`'s.
A record's event model is found as its reverse relation `states`; a row of it is the record as it was from
`pgh_created_at` on, or, when `pgh_label` is "delete", as it was at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import pghistory
import pghistory.core
from django.db import models
from django.db.models.functions import Now

Record = TypeVar("Record", bound=models.Model)
Given, Made = ParamSpec("Given"), TypeVar("Made")
END = "delete"
BATCH = 10_000


def tracked(*, exclude: Iterable[str] = (), only: Iterable[str] = ()) -> Callable[[type[Record]], type[Record]]:
    """Decorator of a model: keep each state of its rows.

    A change of nothing but fields in `exclude`, or of fields not in `only`, makes no state.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        fields=list(only) or None,
        exclude=list(exclude) or None,
        obj_field=pghistory.ObjForeignKey(related_name="states"),
        context_field=pghistory.ContextJSONField(),
        meta={"default_permissions": ()},
    )


def one_act(act: Callable[Given, Made]) -> Callable[Given, Made]:
    """Decorator of an operation: the states that it makes share `pgh_context_id`, so that an undo finds them all.

    Inside of a request they share the request's.
    """

    @wraps(act)
    def done(*args: Given.args, **kwargs: Given.kwargs) -> Made:
        with pghistory.context():
            return act(*args, **kwargs)

    return done


def is_tracked(model: type[models.Model]) -> bool:
    return any(relation.name == "states" for relation in model._meta.related_objects)


def is_history(model: Any) -> bool:
    """Whether the model keeps the states of another one."""
    return hasattr(model, "pgh_tracked_model")


def states(model: type[models.Model]) -> models.QuerySet[Any]:
    """All kept states of the model's rows, oldest first."""
    kept: Any = model._meta.get_field("states").related_model
    return kept._base_manager.order_by("pgh_id")


def as_record(model: type[Record], state: Any) -> Record:
    """The record as it was; not saved, and without what the history leaves out."""
    names = [field.attname for field in model._meta.concrete_fields if hasattr(state, field.attname)]
    return model(**{name: getattr(state, name) for name in names})


def around(model: type[models.Model], pk: Any, version: int | None) -> tuple[Any, Any]:
    """The states just before and just after the record got `version`; None for one that is not kept."""
    of_record = states(model).filter(pgh_obj=pk)
    after = of_record.filter(version=version).exclude(pgh_label=END).first()
    before = of_record.filter(pgh_id__lt=after.pgh_id).last() if after else None
    return before, after


def ending(model: type[models.Model], pk: Any, version: int | None) -> Any:
    """The state in which the record was deleted at `version`; None when it is not kept."""
    return states(model).filter(pgh_obj=pk, version=version, pgh_label=END).last()


def as_of(rows: models.QuerySet[Any], at: datetime) -> list[Any]:
    """Of the states `rows` the one of each record that held at `at`; ended records are left out."""
    latest = rows.filter(pgh_created_at__lte=at).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    return [state for state in latest if state.pgh_label != END]


def forget(*, before: datetime) -> int:
    """Drop the states that were over before that moment; returns how many.

    The last one of a record that still exists stays, however old: it is what the next change began from.
    """
    return sum(_forget_of(kept, before) for kept in pghistory.core.event_models())


def _forget_of(kept: Any, before: datetime) -> int:
    old = kept._base_manager.filter(pgh_created_at__lt=before)
    later = old.filter(pgh_obj=models.OuterRef("pgh_obj"), pgh_id__gt=models.OuterRef("pgh_id"))
    over = old.filter(models.Q(models.Exists(later)) | models.Q(pgh_label=END)).order_by("pgh_id")
    count = 0
    while batch := list(over.values_list("pgh_id", flat=True)[:BATCH]):  # no statement that runs for minutes
        count += kept._base_manager.filter(pgh_id__in=batch).delete()[0]
    return count


def begin(app: str) -> Callable[[Any, Any], None]:
    """For a migration: the first kept state of every row that was there before the history of its app began."""

    def keep(apps: Any, schema_editor: Any) -> None:
        for event in apps.get_app_config(app).get_models():
            names = {field.name for field in event._meta.concrete_fields}
            if "pgh_obj" not in names:
                continue
            columns = [field.attname for field in event._meta.concrete_fields if not field.name.startswith("pgh_")]
            rows = event._meta.get_field("pgh_obj").related_model._base_manager.order_by("pk")
            event._base_manager.bulk_create(
                (
                    event(pgh_obj_id=row["id"], pgh_label="insert", pgh_created_at=Now(), **row)
                    for row in rows.values(*columns).iterator()
                ),
                batch_size=1000,
            )

    return keep
