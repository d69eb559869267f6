"""Music On Hold: the customer chooses what callers hear while they wait."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centrex import tasks
from centrex.models import CompanySettings, Sound
from centrex.operations.sounds import set_music, use_default_tune
from centrex.pages.sounds import SoundField
from centrex.queries.sounds import music_playing
from selfcare.crud.forms import ActForm
from selfcare.crud.views import DeletePage, SettingsPage


class MusicForm(ActForm):
    file = SoundField(label=_("Upload a new file"), required=False, longest=_("10 minutes"))
    music_name = forms.CharField(
        label=_("Music Name"),
        max_length=100,
        required=False,
        help_text=_("Such as “Piano”. Empty: the name of the file. A name without a file renames your present music."),
    )

    class Meta:
        model = CompanySettings
        fields = ("music_enabled",)
        labels = {"music_enabled": _("Music On Hold")}
        help_texts = {"music_enabled": _("Off: callers on hold hear nothing.")}


class Music(SettingsPage):
    page = "centrex:music"
    title = _("Music On Hold")
    intro = _("What callers hear while they wait.")
    model = CompanySettings
    form_class = MusicForm
    template_name = "centrex/music.html"

    def get_queryset(self) -> QuerySet[CompanySettings]:
        return super().get_queryset().select_related("music")

    def save(self, form: MusicForm) -> CompanySettings:
        given = form.cleaned_data
        settings = set_music(
            user=self.request.user,
            customer=self.request.customer,
            version=given.get("version"),
            enabled=given["music_enabled"],
            name=given["music_name"],
            file=given["file"],
            now=timezone.now(),
        )
        if given["file"]:
            tasks.convert_soon(settings.music_id)
        return settings

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = self.get_object()  # not the form's, which has what was typed
        return super().get_context_data(**({"kept": kept, "playing": music_playing(kept)} | kwargs))


def consequences(music: Sound) -> list[Any]:
    return [_("Callers on hold hear the default tune instead.")]


class UseDefault(DeletePage):
    """Takes the company's own music away."""

    page = "centrex:music"
    title = _("Use the default tune")
    model = Sound
    saved = _("Callers on hold hear the default tune now.")
    consequences = staticmethod(consequences)

    def get_queryset(self) -> QuerySet[Sound]:
        return super().get_queryset().filter(purpose=Sound.Purpose.MUSIC)

    def save(self, form: Any) -> None:
        use_default_tune(user=self.request.user, customer=self.request.customer, music=self.object)
