"""The form of one menu: the menu itself, and a row for each event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import Huntgroup, Menu, MenuChoice, Sound
from centrex.models.attendant import ROOT, Act
from centrex.operations.attendant import PROMPTS, Wanted
from centrex.pages.line.forwarding_numbers import to_type
from centrex.pages.sounds import SoundField
from centrex.queries.attendant_words import event_name
from centrex.queries.attendants import choices_of, groups_to_choose, menus_of, prompts_of
from centrex.routing.menus import EVENTS, FAX_TONE, KEYS, NOT_ACTIVE, TIMEOUT, WRONG
from selfcare.crud.forms import ActForm
from selfcare.crud.password import PasswordAgain
from selfcare.errors import Refused

LONGEST = _("5 minutes")
SLUGS = {"*": "star", "#": "hash"}  # for ids of HTML
NOTHING = {FAX_TONE: _("Take no notice"), **dict.fromkeys(KEYS, _("Not a choice"))}
# What is set for these happens when nothing else was chosen, so playing the menu again is no answer.
ENDINGS = (TIMEOUT, WRONG, FAX_TONE, NOT_ACTIVE)
HELP = {
    TIMEOUT: _("After the menu was played as often as set below."),
    WRONG: _("The same, for keys that are not a choice."),
    FAX_TONE: _("A fax machine calls."),
    NOT_ACTIVE: _("While it is not the time of the menu."),
}


@dataclass(frozen=True, slots=True)
class Targets:
    """Everything that the rows of one form offer, by its id as text."""

    groups: Mapping[str, Huntgroup]
    queued: frozenset[str]
    menus: Mapping[str, Menu]
    prompts: Mapping[str, Sound]


def targets_of(menu: Menu) -> Targets:
    """What the choices of `menu` may lead to; one query for each kind."""
    groups, queued = groups_to_choose(menu.customer.office)
    return Targets(
        groups={str(each.pk): each for each in groups},
        queued=frozenset(map(str, queued)),
        menus={str(each.pk): each for each in menus_of(menu.line)},
        prompts={str(each.pk): each for each in prompts_of(menu.customer)},
    )


class EventRow(forms.Form):
    """One event: its action, and beside it the field that the action needs."""

    act = forms.ChoiceField(label=_("Action"), required=False)
    number = forms.CharField(label=_("Number"), max_length=64, required=False)
    huntgroup = forms.ChoiceField(label=_("Huntgroup"), required=False)
    next_menu = forms.ChoiceField(label=_("Menu"), required=False)
    play = forms.ChoiceField(label=_("Prompt before"), required=False)
    file = SoundField(label=_("Upload a prompt"), required=False, longest=LONGEST)

    def __init__(self, *args: Any, event: str, kept: MenuChoice | None, targets: Targets, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"on-{SLUGS.get(event, event)}", initial=initial_of(kept, event), **kwargs)
        self.event, self.targets, self.name = event, targets, event_name(event)
        self.help = HELP.get(event, "")
        self.heard = kept.play if kept else None
        self.fields["act"].choices = acts_of(event)
        self.fields["huntgroup"].choices = [("", gettext("Choose one")), *named(targets.groups)]
        self.fields["next_menu"].choices = [("", gettext("Choose one")), *named(targets.menus)]
        self.fields["play"].choices = [("", gettext("Nothing")), *named(targets.prompts)]
        for name, field in self.fields.items():
            is_select = isinstance(field.widget, forms.Select)
            field.widget.attrs |= {
                "class": f"form-{'select' if is_select else 'control'} form-control-sm",
                "aria-label": f"{self.name}: {field.label}",
                "data-field": name,
            }
        self.fields["number"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off", "placeholder": "201"}

    @property
    def is_key(self) -> bool:
        return self.event in KEYS

    @property
    def has_prompt(self) -> bool:
        """Whether something is played before, or was sent to be."""
        return bool(self["play"].value()) or bool(self.errors.get("file")) or bool(self.errors.get("play"))

    def wanted(self) -> Wanted | None:
        """The row as the act takes it; None when nothing shall happen."""
        values, targets = self.cleaned_data, self.targets
        if not values["act"]:
            return None
        return Wanted(
            act=values["act"],
            number=values["number"],
            huntgroup=targets.groups.get(values["huntgroup"]),
            next_menu=targets.menus.get(values["next_menu"]),
            play=targets.prompts.get(values["play"]),
            file=values["file"],
        )


def named(records: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Choices of a select."""
    return [(key, str(record)) for key, record in records.items()]


def acts_of(event: str) -> list[tuple[str, str]]:
    """The actions that an event can have, with what it does without one."""
    nothing = [("", str(NOTHING[event]))] if event in NOTHING else []
    acts = [(value, str(label)) for value, label in Act.choices if value != Act.REPEAT or event not in ENDINGS]
    return nothing + acts


def initial_of(kept: MenuChoice | None, event: str) -> dict[str, Any]:
    """A kept choice as the form shows it; what must happen in any case begins with hanging up."""
    if kept is None:
        return {"act": "" if event in NOTHING else Act.HANG_UP.value}
    return {
        "act": kept.act if kept.act != Act.REPEAT or event not in ENDINGS else ("" if event in NOTHING else "hang_up"),
        "number": to_type(kept.number),
        "huntgroup": str(kept.huntgroup_id or ""),
        "next_menu": str(kept.next_menu_id or ""),
        "play": str(kept.play_id or ""),
    }


class MenuForm(ActForm):
    """A menu; `rows` are its events."""

    intro_file = SoundField(label=_("Upload"), required=False, longest=LONGEST)
    prompt_file = SoundField(label=_("Upload"), required=False, longest=LONGEST)
    on_timeout_file = SoundField(label=_("Upload"), required=False, longest=LONGEST)
    on_unavailable_file = SoundField(label=_("Upload"), required=False, longest=LONGEST)
    password = PasswordAgain()

    class Meta:
        model = Menu
        fields = (
            "name", "schedule", *PROMPTS, "first_digit_seconds", "next_digit_seconds", "max_loops", "dial_extensions",
            "max_extension_digits", "language",
        )  # fmt: skip
        help_texts = {
            "name": _("For your own list, such as “Sales” or “Night”."),
            "schedule": _("When callers hear this menu. At other times happens what “Not active” below says."),
            "intro": _("Heard once, when a caller comes here, such as “Welcome to EasyCall”."),
            "prompt": _("Heard each time, such as “For Sales, press 1”."),
            "on_timeout": _("Heard when nothing was pressed."),
            "on_unavailable": _("Heard when a key was pressed that is not a choice."),
            "first_digit_seconds": _("Seconds to wait for the first key, such as 10."),
            "next_digit_seconds": _("Seconds to wait for a further key, such as 3."),
            "max_loops": _("How often the menu is played to somebody who presses nothing or a wrong key, such as 3."),
            "dial_extensions": _("Callers who know an extension key it, and it rings, whatever the choices are."),
            "max_extension_digits": _("How many digits your longest extension has, such as 3."),
            "language": _(
                "In which the built-in voice speaks here and in Dial by name. Your own prompts stay as they are."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        menu: Menu = self.instance
        self.fields["schedule"].empty_label = _("Always")
        for name in PROMPTS:
            self.fields[name].queryset = prompts_of(self.request.customer)
            self.fields[name].empty_label = _("Nothing") if name == "intro" else _("The built-in text")
        if menu.name == ROOT:
            self.fields["name"].disabled = True
        kept, targets = choices_of(menu), targets_of(menu)
        data, files = (self.data, self.files) if self.is_bound else (None, None)
        self.rows = [
            EventRow(data, files, event=event, kept=kept.get(event), targets=targets, use_required_attribute=False)
            for event in EVENTS
        ]
        for field in self.fields.values():
            if isinstance(field.widget, forms.NumberInput):
                field.widget.attrs |= {"class": "numberinput form-control"}

    @property
    def prompts(self) -> list[tuple[Any, Any, Sound | None]]:
        """Each prompt of the menu: the choice, the upload, and what is kept now."""
        return [(self[name], self[f"{name}_file"], getattr(self.instance, name)) for name in PROMPTS]

    @property
    def queued(self) -> frozenset[str]:
        """The huntgroups with a call queue, by their ids as text."""
        return self.rows[0].targets.queued

    def is_valid(self) -> bool:
        rows_valid = [row.is_valid() for row in self.rows]
        if not all(rows_valid):
            self.say_row_errors()
        return super().is_valid() and all(rows_valid)

    def say_row_errors(self) -> None:
        """The errors of the rows at the top as well."""
        for row in self.rows:
            for errors in row.errors.values():
                self.add_error(None, f"{row.name}: {errors[0]}")

    def choices(self) -> dict[str, Wanted]:
        """What each event shall lead to."""
        wanted = {row.event: row.wanted() for row in self.rows}
        return {event: each for event, each in wanted.items() if each is not None}

    def uploads(self) -> dict[str, Any]:
        """The prompts of the menu that were uploaded."""
        files = {name: self.cleaned_data.get(f"{name}_file") for name in PROMPTS}
        return {name: file for name, file in files.items() if file}

    def refuse(self, refusal: Refused) -> None:
        """A refusal about an event stands in its row, and at the top."""
        event, dot, field = (refusal.field or "").partition(".")
        row = next((row for row in self.rows if dot and row.event == event and field in row.fields), None)
        if row is None:
            super().refuse(refusal)
            return
        row.add_error(field, str(refusal.message))
        self.add_error(None, f"{row.name}: {refusal.message}")
