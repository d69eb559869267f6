"""A line's Call Recording: which calls are kept, who is told, and for how long; the ITSP has to allow it first."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.routing.features import Recording as RecordingFeature


class RecordingForm(FeatureForm):
    feature = RecordingFeature
    outgoing = forms.BooleanField(label=_("Outgoing calls"), required=False)
    incoming = forms.BooleanField(
        label=_("Incoming calls"),
        required=False,
        help_text=_("Messages that callers leave in the voicemail box are not recorded a second time."),
    )
    redirected = forms.BooleanField(
        label=_("Forwarded calls"),
        required=False,
        help_text=_("Calls to this line that somebody answers at a number on the page Forwarding, such as a mobile."),
    )
    start_stop = forms.BooleanField(
        label=_("Start and stop by code"),
        required=False,
        help_text=_("During a call, dial *44 to begin a recording and *45 to end it."),
    )
    announce = forms.BooleanField(
        label=_("Tell everybody in the call"),
        required=False,
        help_text=_("A voice says that the call is recorded. In many countries the law wants it."),
    )
    keep_days = forms.IntegerField(
        label=_("Keep for, days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("After that a recording is deleted, such as 90. Empty: until somebody deletes it."),
    )


class Recording(FeaturePage):
    section = "centrex:line-recording"
    intro = _("Which calls of this line are recorded. The recordings are on the page Call Logs / Call Recording.")
    form_class = RecordingForm
