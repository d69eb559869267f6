"""A line's Call Recording: which calls are kept, who is told, and for how long; the ITSP has to allow it first."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.operations.line_recording import set_recording
from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.queries.codes import record_codes
from centrex.queries.features import customer_of
from centrex.queries.recordings import heard_by, is_kept_private, is_owner
from centrex.routing.features import Recording as RecordingFeature

SHOWN = 10


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
        help_text=_("Calls that somebody answers at a number on the page Forwarding, such as a mobile."),
    )
    start_stop = forms.BooleanField(
        label=_("Start and stop by code"),
        required=False,
    )
    announce = forms.BooleanField(
        label=_("Tell everybody in the call"),
        required=False,
        help_text=_("A voice says that the call is recorded. In many countries the law wants it."),
    )
    send_by_email = forms.BooleanField(
        label=_("Tell by e-mail"),
        required=False,
        help_text=_("A mail with a link comes for each recording; listening needs a login."),
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Where the mail goes, such as desk@example.com.")
    )
    owner_only = forms.BooleanField(
        label=_("For owners only"),
        required=False,
        help_text=_(
            "Only owners of the account listen to these recordings, in Call Logs as well. Other logins, and the "
            "people at your telephone company, do not see that there are any. Only owners can change it."
        ),
    )
    keep_days = forms.IntegerField(
        label=_("Keep for, days"),
        required=False,
        min_value=1,
        max_value=3650,
        help_text=_("After that a recording is deleted, such as 90. Empty: until somebody deletes it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = record_codes(customer_of(self.instance))
        self.fields["start_stop"].help_text = (
            _("During a call, dial %(start)s to begin a recording and %(stop)s to end it.")
            % {"start": codes[0], "stop": codes[1]}
            if codes
            else _("Your company has no codes for it yet: see Recording by code on its page Incoming Calls.")
        )
        if not is_owner(self.request.user, self.request.customer):
            private = [self.fields["owner_only"]]
            for field in self.fields.values() if is_kept_private(self.instance) else private:
                field.disabled = True


class Recording(FeaturePage):
    section = "centrex:line-recording"
    intro = _("Which calls of this line are recorded, and who may listen.")
    form_class = RecordingForm
    template_name = "centrex/line/recording.html"

    def save(self, form: RecordingForm) -> Line:
        values = None if form.inherits else form.values()
        return set_recording(**self.act(form), values=values, enabled=form.cleaned_data["enabled"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        recordings = heard_by(self.request.user, self.request.customer).filter(line=self.object)
        facts = {
            "recordings": recordings.order_by("-started_at")[:SHOWN],
            "log": f"{reverse('centrex:calls')}?{urlencode({'line': self.object.account_id, 'recorded': 'on'})}",
        }
        return super().get_context_data(**(facts | kwargs))
