"""Saving one record of a form: version checked, change written down, all or nothing."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from selfcare.models import AuditEvent, Versioned


@transaction.atomic
def save_form(form: Any, *, user: Any, customer: Any) -> models.Model:
    """Save the form's record and write down what changed; Outdated when somebody saved it meanwhile."""
    record = form.instance
    action = "add" if record.pk is None else "edit"
    if action == "edit" and isinstance(record, Versioned):
        current = type(record).locked(record.pk, form.cleaned_data.get("version"))
        record.version = current.version + 1
    form.save()
    AuditEvent.write(user=user, customer=customer, action=action, record=record, changes=differences(form))
    return record


def differences(form: Any) -> dict[str, list[str]]:
    """The changed fields of a bound form as label -> [old, new], in words."""
    changed = (name for name in form.changed_data if name != "version")
    return {
        str(form.fields[name].label or name): [
            in_words(form.fields[name], form.get_initial_for_field(form.fields[name], name)),
            in_words(form.fields[name], form.cleaned_data.get(name)),
        ]
        for name in changed
    }


def in_words(field: Any, value: Any) -> str:
    """A field's value as the person saw it on the form."""
    choices = dict(getattr(field, "choices", None) or {}) if not hasattr(field, "queryset") else {}
    if hasattr(field, "queryset") and value and not isinstance(value, models.Model):
        value = field.queryset.filter(pk=value).first() or value
    return str(choices.get(value, "" if value is None else value))
