"""Sounds that customers gave us: the field that takes one, the button that plays one, and the listening itself."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.generic.detail import SingleObjectMixin

from centrex.models import Sound
from centrex.pages.ranges import answer_in_ranges, answer_stored
from centrex.queries.sounds import audible
from centrex.sounds.kinds import Kind
from centrex.sounds.tune import default_tune
from selfcare.crud.views import OwnRows, Page

ENDINGS = ",".join([*(f".{kind}" for kind in Kind), ".oga", ".opus"])
TYPE = "audio/wav"
RATE = 16000


class SoundField(forms.FileField):
    """Takes any file; whether it is a sound is for the act to say, by its bytes. `longest`: its limit in words."""

    def __init__(self, *, longest: str | Promise, **kwargs: Any) -> None:
        self.longest = longest
        super().__init__(widget=forms.FileInput(attrs={"accept": ENDINGS}), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """With the limits of this installation under it."""
        limits = {"size": filesizeformat(settings.SOUND_MAX_BYTES), "longest": self.longest}
        self.help_text = _("A WAV, MP3, OGG or M4A file of up to %(size)s and %(longest)s.") % limits
        return super().get_bound_field(form, field_name)


def play_button(sound: Sound, label: str) -> SafeString:
    """A link that plays `sound` where it stands; without JavaScript the browser's own player opens."""
    button = (
        '<a class="icon-button" href="{}" data-play title="{}" aria-label="{}: {}">'
        '<i class="bi bi-play-circle" aria-hidden="true"></i></a>'
    )
    return format_html(button, reverse("centrex:sound", args=[sound.pk]), _("Play"), _("Play"), label)


class Listen(OwnRows, SingleObjectMixin, Page):
    """A sound as phones play it; what was uploaded is never given out."""

    page = "centrex:sound"
    model = Sound

    def get_queryset(self) -> QuerySet[Sound]:
        return audible(self.request.customer).filter(state=Sound.State.READY).exclude(wav_16k="")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        sound = self.get_object()
        return answer_stored(request, sound.wav_16k, filename=f"sound-{sound.pk}.wav", content_type=TYPE)


class DefaultTune(Page):
    """The built-in music on hold, the same for everybody."""

    page = "centrex:sound"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        tune = default_tune(RATE)
        return answer_in_ranges(request, BytesIO(tune), len(tune), filename="default-tune.wav", content_type=TYPE)
