"""A line's Incoming Calls: what happens to a call that no screening rule is about."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.routing.features import Answering


class IncomingForm(FeatureForm):
    feature = Answering
    switchable = False
    ring = forms.BooleanField(label=_("Ring the phone"), required=False)
    ring_seconds = forms.IntegerField(
        label=_("Ring for, sec"),
        min_value=5,
        max_value=600,
        help_text=_("How long the phone rings before the call goes on. A ring takes about 5 seconds."),
    )
    forward = forms.BooleanField(
        label=_("Then forward"),
        required=False,
        help_text=_("To the numbers on the page Forwarding, when nobody answers or the phone is switched off."),
    )
    voicemail = forms.BooleanField(
        label=_("Then voicemail"), required=False, help_text=_("The caller can leave a message, if nobody answered.")
    )
    call_waiting = forms.BooleanField(
        label=_("Call waiting"), required=False, help_text=_("A second call knocks while you are talking.")
    )


class Incoming(FeaturePage):
    section = "centrex:line-incoming"
    intro = _("Ring the phone, forward, take a message: always in this order, each step as you like.")
    form_class = IncomingForm
