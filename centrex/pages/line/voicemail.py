"""A line's Voicemail: the messages that callers left, what the box says to callers, and who is written to."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import HTML, Div, Fieldset
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex import tasks
from centrex.models import BoxMessage, Line
from centrex.operations.boxes import set_voicemail
from centrex.pages.line.messages import WithMessages
from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.pages.sounds import SoundField
from centrex.queries.sounds import GREETINGS, greetings_of
from centrex.routing.features import Voicemail as VoicemailFeature

LONGEST = 300  # seconds, as for every prompt
FIVE_MINUTES = _("5 minutes")
GREETING_CHOICES = [
    ("standard", _("Standard: a voice asks for a message")),
    ("personal", _("Personal: a greeting of your own")),
    ("name", _("Name: your name in the standard greeting")),
    ("absence", _("Extended absence: when you are away for long")),
]
MAIL_CHOICES = [
    ("none", _("No mail")),
    ("notify", _("A notice only")),
    ("copy", _("A copy: the message is attached, and stays in the box")),
    ("forward", _("Forward: the message is attached, and leaves the box")),
]
FORMAT_CHOICES = [("wav", _("WAV: best sound")), ("mp3", _("MP3: a fifth of the size"))]


class VoicemailForm(FeatureForm):
    feature = VoicemailFeature
    greeting = forms.ChoiceField(
        label=_("Greeting"), choices=GREETING_CHOICES, help_text=_("What callers hear before they leave a message.")
    )
    personal_file = SoundField(label=_("Upload a personal greeting"), required=False, longest=FIVE_MINUTES)
    name_file = SoundField(label=_("Upload your name"), required=False, longest=FIVE_MINUTES)
    absence_file = SoundField(label=_("Upload an absence greeting"), required=False, longest=FIVE_MINUTES)
    needs_pin = forms.BooleanField(
        label=_("Require PIN"),
        required=False,
        help_text=_("With a PIN you listen from any phone. Without one, only the line's own phone plays its messages."),
    )
    pin = forms.CharField(
        label=_("PIN"),
        required=False,
        max_length=6,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "new-password"}),
        help_text=_(
            "Six digits that nobody guesses: no row such as 123456, no repetition. It is never shown. Empty: it stays."
        ),
    )
    auto_play = forms.BooleanField(
        label=_("Auto Play"),
        required=False,
        help_text=_("New messages play at once when you call the box; else you press a key first."),
    )
    announce_time = forms.BooleanField(
        label=_("Announce date and time"),
        required=False,
        help_text=_("Before each message a voice says when it came, such as Monday, half past nine."),
    )
    email_option = forms.ChoiceField(
        label=_("E-mail option"), choices=MAIL_CHOICES, help_text=_("What happens by e-mail when a message came.")
    )
    email = forms.EmailField(
        label=_("E-mail address"), required=False, help_text=_("Where the mail goes, such as desk@example.com.")
    )
    file_format = forms.ChoiceField(
        label=_("File format"),
        choices=FORMAT_CHOICES,
        help_text=_("For new messages, here and in mails. MP3 leaves room for more of them."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["needs_pin"].initial = bool(self.counts.values.pin_hash)
        self.sounds = greetings_of(self.instance, self.counts.values)

    def own_fields(self) -> list[Any]:
        return [
            Fieldset(_("Greeting"), "greeting", *(greeting_part(kind) for kind in GREETINGS)),
            Fieldset(
                _("Listening"),
                "needs_pin",
                Div("pin", css_class="switched", data_shown_with="needs_pin", data_shown_if="on"),
                "auto_play",
                "announce_time",
            ),
            Fieldset(_("By e-mail"), "email_option", "email", "file_format"),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.inherits:
            for name in ("pin", *map(file_field, GREETINGS)):
                self._errors.pop(name, None)
        return cleaned

    def uploads(self) -> dict[str, Any]:
        """The given greetings by their kind."""
        given = {kind: self.cleaned_data.get(file_field(kind)) for kind in GREETINGS}
        return {kind: file for kind, file in given.items() if file}

    def labels(self) -> dict[str, str]:
        kinds = {kind: str(words).partition(":")[0] for kind, words in GREETING_CHOICES}
        return super().labels() | {kind: kinds[kind] for kind in GREETINGS} | {"pin_hash": str(_("PIN"))}


class Voicemail(WithMessages, FeaturePage):
    section = "centrex:line-voicemail"
    intro = _("Messages that callers leave when nobody answers, and what callers hear.")
    kind = BoxMessage.Kind.VOICE
    form_class = VoicemailForm
    template_name = "centrex/line/voicemail.html"

    def save(self, form: VoicemailForm) -> Line:
        given = form.cleaned_data
        line, sounds = set_voicemail(
            **self.act(form),
            values=None if form.inherits else form.values(),
            enabled=given["enabled"],
            pin=given.get("pin", ""),
            needs_pin=given["needs_pin"],
            greetings={} if form.inherits else form.uploads(),
            now=timezone.now(),
        )
        for sound in sounds:
            tasks.convert_soon(sound)
        return line


def file_field(kind: str) -> str:
    """The form's field that takes the sound of a greeting."""
    return f"{kind}_file"


def greeting_part(kind: str) -> Div:
    """What there is of a greeting, and the ways to give another; shown while that kind is chosen."""
    with_kind = f"with kind='{kind}' field=form.{file_field(kind)} longest={LONGEST}"
    return Div(
        HTML("{% include 'centrex/line/greeting.html' " + f"with sound=form.sounds.{kind}" + " %}"),
        file_field(kind),
        HTML("{% include 'components/recorder.html' " + with_kind + " %}"),
        css_class="switched",
        data_shown_with="greeting",
        data_shown_if=kind,
    )
