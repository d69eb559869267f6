"""A line's Music On Hold: the company's, another one of the customer's sounds, the default tune, or silence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centrex.models import Line
from centrex.operations.sounds import set_line_music
from centrex.pages.line.section import FeatureForm, FeaturePage
from centrex.queries.sounds import music_ready
from centrex.routing.features import Music as MusicFeature


class MusicForm(FeatureForm):
    feature = MusicFeature
    sound = forms.TypedChoiceField(
        label=_("Music"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Upload another one on your company's page Music On Hold."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ready = music_ready(self.request.customer)
        self.fields["sound"].choices = [("", gettext("Default tune")), *((music.pk, music.name) for music in ready)]


class Music(FeaturePage):
    section = "centrex:line-music"
    intro = _("What people hear while this line keeps them on hold. Off: nothing.")
    form_class = MusicForm
    template_name = "centrex/line/music.html"

    def save(self, form: MusicForm) -> Line:
        values = None if form.inherits else form.values()
        return set_line_music(**self.act(form), values=values, enabled=form.cleaned_data["enabled"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**({"tunes": music_ready(self.request.customer)} | kwargs))
